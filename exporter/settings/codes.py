"""The problem codes of settings."""

from exporter.codes_model import CodeEntry
from exporter.problems import Severity

CODES = (
    CodeEntry(
        code="SETTING-SYNTAX",
        title="The settings file is not valid TOML",
        severity=Severity.ERROR,
        explanation="The file with the settings can't be parsed, so nothing in it counts. The location is where TOML ends to make sense.",
        bad="[tool.owltype]\nunmapped = keep\n",
        good='[tool.owltype]\nunmapped = "keep"\n',
    ),
    CodeEntry(
        code="SETTING-UNKNOWN",
        title="There is no such setting",
        severity=Severity.ERROR,
        explanation=(
            "A name that owltype doesn't know stands in a settings file. It is an error, because a misspelt setting that is passed over "
            "would change what is exported without a word. An `OWLTYPE_…` variable that is not a setting is a warning: it may be another's."
        ),
        bad='[tool.owltype]\nontolgy = ["ontology/"]\n',
        good='[tool.owltype]\nontology = ["ontology/"]\n',
    ),
    CodeEntry(
        code="SETTING-VALUE",
        title="A setting has a value that it can't have",
        severity=Severity.ERROR,
        explanation=(
            "The setting exists, and its value is of another kind, or none of those to choose from. `docs/settings.md` lists them. "
            "A file to write may be elsewhere than a settings file may say: `docs/security.md` says why."
        ),
        bad='[tool.owltype]\nunmapped = "skip"\n',
        good='[tool.owltype]\nunmapped = "drop"\n',
    ),
)
