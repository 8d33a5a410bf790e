"""The problem codes of an export as a whole."""

from exporter.codes_model import CodeEntry
from exporter.problems import Severity

CODES = (
    CodeEntry(
        "EXPORT-STALE",
        "An exported file is not what would be written today",
        Severity.ERROR,
        "`owltype export --check` compares the file on disk with what an export gives. The location is the first line that differs.",
        "owltype export content/ -o graph.ttl --check\n",
        "owltype export content/ -o graph.ttl\n",
    ),
)
