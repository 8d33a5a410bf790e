"""Where settings come from, what they win over, and how wrong ones are named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from exporter.errors import UsageError
from exporter.settings import Settings, Suppression, load_settings
from exporter.settings.model import ENTRIES
from tests.running import owltype

WRONG = {
    'unmaped = "keep"\n': ('1:1: SETTING-UNKNOWN "unmaped" is not a setting', 'did you mean "unmapped"?'),
    "\n\n[nonsense]\n": ('3:2: SETTING-UNKNOWN "nonsense" is not a setting', None),
    'unmapped = "kep"\n': ('1:1: SETTING-VALUE expected keep, drop or fail, found "kep", did you mean "keep"?', None),
    "jobs = -1\n": ('1:1: SETTING-VALUE expected a whole number from 0 up, found "-1"', None),
    "jobs = true\n": ('1:1: SETTING-VALUE expected a whole number from 0 up, found "True"', None),
    "max-problems = 0\n": ('1:1: SETTING-VALUE expected a whole number from 1 up, found "0"', None),
    'follow-symlinks = "yes"\n': ('1:1: SETTING-VALUE expected true or false, found "yes"', None),
    "paths = [1]\n": ('1:1: SETTING-VALUE expected a text or a list of texts, found "[1]"', None),
    "output = 3\n": ('1:1: SETTING-VALUE expected a path, found "3"', None),
    "format = []\n": ('1:1: SETTING-VALUE expected a text, found "[]"', None),
    "[constants]\nbase = 1\n": ("1:2: SETTING-VALUE expected a table of texts, found \"{'base': 1}\"", None),
    'suppressions = "all"\n': ('1:1: SETTING-VALUE expected a list of tables with `code` and `reason`, found "all"', None),
    "suppressions = [1]\n": ('1:1: SETTING-VALUE expected a table with `code` and `reason`, found "1"', None),
    '[[suppressions]]\ncode = "A"\n': ("1:3: SETTING-VALUE a suppression needs reason", None),
    '[[suppressions]]\ncode = "A"\nreason = " "\n': ('1:3: SETTING-VALUE expected a text as "reason", found " "', None),
    '[[suppressions]]\ncodes = "A"\n': ('1:3: SETTING-VALUE no key "codes" in a suppression, did you mean "code"?', None),
    "unmapped = keep\n": ("1:12: SETTING-SYNTAX invalid value", None),
    'unmapped = "keep\n': ("1:17: SETTING-SYNTAX illegal character '\\n'", None),
}


def write(folder: Path, text: str, name: str = "owltype.toml") -> Path:
    """Write a settings file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(start=tmp_path, environment={}) == Settings()


def test_pyproject_is_found_upward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, '[tool.owltype]\nunmapped = "drop"\npaths = ["content"]\n', "pyproject.toml")
    inner = tmp_path / "content" / "ccm"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    settings = load_settings(environment={})
    assert (settings.unmapped, settings.paths, settings.file) == ("drop", ("..",), (tmp_path / "pyproject.toml").as_posix())


def test_pyproject_without_our_table_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, 'unmapped = "drop"\n')
    write(tmp_path / "inner", "[tool.other]\nx = 1\n", "pyproject.toml")
    assert load_settings(start=tmp_path / "inner", environment={}).unmapped == "drop"


def test_owltype_toml_wins_over_pyproject_beside_it(tmp_path: Path) -> None:
    write(tmp_path, 'unmapped = "drop"\n')
    write(tmp_path, '[tool.owltype]\nunmapped = "fail"\n', "pyproject.toml")
    assert load_settings(start=tmp_path, environment={}).unmapped == "drop"


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    write(tmp_path, 'unmapped = "drop"\njobs = 3\n')
    settings = load_settings(start=tmp_path, environment={"OWLTYPE_UNMAPPED": "fail"})
    assert (settings.unmapped, settings.jobs) == ("fail", 3)


def test_a_named_file_wins_over_the_nearest(tmp_path: Path) -> None:
    write(tmp_path, "jobs = 3\n")
    other = write(tmp_path / "other", "jobs = 4\n", "ours.toml")
    assert load_settings(other, start=tmp_path, environment={}).jobs == 4
    assert load_settings(start=tmp_path, environment={"OWLTYPE_CONFIG": str(other)}).jobs == 4


def test_every_kind_is_read_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = """
        ontology = "ontology"
        output = "-"
        follow-symlinks = true
        constants.base = "https://example.org/"
        exclude = ["**/_*"]
        suppressions = [{ code = "SH-IN", reason = "old", path = "x/**", key = "a.b" }]
    """
    write(tmp_path / "site", text)
    monkeypatch.chdir(tmp_path)
    settings = load_settings(start="site", environment={})
    assert settings.ontology == ("site/ontology",)
    assert settings.output == "-"
    assert settings.follow_symlinks
    assert settings.constant_map == {"base": "https://example.org/"}
    assert settings.exclude == ("**/_*",)
    assert settings.suppressions == (Suppression("SH-IN", "old", "x/**", "a.b"),)


def test_every_kind_is_read_from_the_environment() -> None:
    variables = {
        "OWLTYPE_ONTOLOGY": f"a.ttl{os.pathsep}b",
        "OWLTYPE_EXCLUDE": f"x/**{os.pathsep}y",
        "OWLTYPE_STORE": "store",
        "OWLTYPE_FOLLOW_SYMLINKS": "1",
        "OWLTYPE_CONSTANTS": "b=2 a=1=1",
        "OWLTYPE_JOBS": "2",
        "PATH": "unrelated",
    }
    settings = load_settings(start=os.sep, environment=variables)
    assert settings.ontology == ("a.ttl", "b")
    assert settings.exclude == ("x/**", "y")
    assert (settings.store, settings.follow_symlinks, settings.jobs) == ("store", True, 2)
    assert settings.constants == (("a", "1=1"), ("b", "2"))


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_setting_is_named_with_its_place(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, text)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        load_settings(environment={})
    (problem,) = caught.value.problems
    expected, advice = WRONG[text]
    assert f"{problem.location}: {problem.code} {problem.message}" == f"owltype.toml:{expected}"
    assert advice is None or problem.help == advice


def test_all_wrong_settings_are_named_at_once(tmp_path: Path) -> None:
    write(tmp_path, "[tool.owltype]\nx1 = 1\n[tool.other]\nx2 = 1\n[tool.owltype.x3]\n", "pyproject.toml")
    with pytest.raises(UsageError, match=r"^3 settings can't be used$") as caught:
        load_settings(start=tmp_path, environment={"OWLTYPE_JOBS": "many"})
    assert [(Path(problem.location.path).name, problem.location.line) for problem in caught.value.problems] == [
        ("pyproject.toml", 2),
        ("pyproject.toml", 5),
        ("environment", 1),
    ]


def test_a_variable_that_is_not_a_setting_is_a_warning() -> None:
    """A job that installs owltype may well have an `OWLTYPE_VERSION`."""
    settings = load_settings(start=os.sep, environment={"OWLTYPE_JOB": "2", "OWLTYPE_VERSION": "1.0", "OWLTYPE_UNMAPPED": "drop"})
    assert settings.unmapped == "drop"
    assert [(problem.severity.value, problem.message) for problem in settings.warnings] == [
        ("warning", '"OWLTYPE_JOB" is not a setting'),
        ("warning", '"OWLTYPE_VERSION" is not a setting'),
    ]
    assert settings.warnings[0].help == 'did you mean "OWLTYPE_JOBS"?'


def test_a_command_says_in_a_line_that_a_variable_is_ignored() -> None:
    advice = "see docs/settings.md for the settings that there are"
    line = f'owltype: warning: "OWLTYPE_VERSION" is not a setting, and the variable is ignored; {advice}\n'
    done = owltype("coverage", "examples/medigy/content", environment={"OWLTYPE_VERSION": "1.0"})
    assert done.stderr.startswith(line)
    assert done.status == 0
    assert line not in owltype("coverage", "-q", "examples/medigy/content", environment={"OWLTYPE_VERSION": "1.0"}).stderr


ELSEWHERE = ("../graph.ttl", "/tmp/graph.ttl", "~/.bashrc", "link/graph.ttl", "a/../../graph.ttl")  # noqa: S108 - never written
AMONG_PROGRAMS = (
    ".git/hooks/pre-commit",
    "inner/.git/config",
    "env/lib/python3.11/a.pth",
    "lib/python3.11/site-packages/a.pth",
    "node_modules/a/index.js",
)


@pytest.mark.parametrize("value", ["~nobody-has-this-name", "a\\u0000b"])
@pytest.mark.parametrize("name", ["queries", "output", "store"])
def test_a_path_that_can_not_be_one_is_a_problem(name: str, value: str, tmp_path: Path) -> None:
    write(tmp_path, f'{name} = "{value}"\n')
    with pytest.raises(UsageError) as caught:
        load_settings(tmp_path / "owltype.toml", environment={})
    assert "expected a path" in caught.value.problems[0].message


def test_a_path_of_any_length_is_read(tmp_path: Path) -> None:
    write(tmp_path, f'output = "{"a" * 300}/graph.ttl"\n')
    assert load_settings(tmp_path / "owltype.toml", environment={}).output


@pytest.mark.parametrize("report", ["", "markdown:"])
@pytest.mark.parametrize("file", [*ELSEWHERE, *AMONG_PROGRAMS])
def test_a_settings_file_can_not_let_us_write_elsewhere_or_over_programs(
    file: str, report: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    write(site / "env", "", "pyvenv.cfg")
    (site / "link").symlink_to(tmp_path)
    expected = "below the folder of the settings file" if file in ELSEWHERE else "not among programs"
    file = file.replace("~", str(Path.home()))
    name, value = ("reports", f'["{report}{file}"]') if report else ("output", f'"{file}"')
    write(site, f"{name} = {value}\n")
    monkeypatch.chdir(site)
    with pytest.raises(UsageError) as caught:
        load_settings(environment={})
    assert expected in caught.value.problems[0].message
    variable = {"OWLTYPE_OUTPUT": file} if not report else {"OWLTYPE_REPORTS": report + file}
    write(site, "")
    assert load_settings(environment=variable).warnings == ()


@pytest.mark.parametrize("file", ["graph.ttl", "output/graph.ttl", "./public/.well-known/void.ttl", ".reports/out.json", "/dev/stdout"])
def test_a_settings_file_names_files_of_its_own_folder(file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, f'output = "{file}"\nreports = ["json:{file}"]\n')
    monkeypatch.chdir(tmp_path)
    assert os.path.normpath(Path(load_settings(environment={}).output).absolute()) == os.path.normpath(Path(file).absolute())


def test_a_settings_file_of_a_folder_below_names_files_where_the_user_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path / "ci", 'output = "../output/graph.ttl"\nreports = ["sarif:out.sarif"]\n')
    monkeypatch.chdir(tmp_path)
    assert load_settings(file, environment={}).output == "output/graph.ttl"


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_an_unreadable_file_is_a_sentence(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "owltype.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError, match=r"^can't read the settings file "):
        load_settings(file, environment={})


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_defaults_are_values_that_the_setting_may_have(entry: object) -> None:
    """A default that its own kind refuses could not be written into a settings file."""
    assert isinstance(entry, type(ENTRIES[0]))
    if isinstance(entry.default, str | bool | int) and entry.name not in {"output", "queries"}:
        assert entry.kind.from_toml(entry.default, ".") == entry.default


def test_misspelt_code_in_a_suppression_is_an_error_at_its_table(tmp_path: Path) -> None:
    file = tmp_path / "owltype.toml"
    file.write_text(
        '[[suppressions]]\ncode = "SH-PATTERN"\nreason = "r"\n\n[[suppressions]]\ncode = "SH-PATERN"\nreason = "r"\n', encoding="utf-8"
    )
    with pytest.raises(UsageError) as caught:
        load_settings(file, environment={})
    (problem,) = caught.value.problems
    assert problem.message == '"SH-PATERN" is not a problem code, did you mean SH-PATTERN?'
    assert (problem.location.line, problem.code) == (5, "SETTING-VALUE")


@pytest.mark.parametrize(
    "text",
    [
        "[ tool . owltype ]\njobs = 3\n",
        "[tool]\nowltype = {jobs = 3}\n",
        '[tool."owltype"]\njobs = 3\n',
        "tool.owltype.jobs = 3\n",
    ],
)
def test_a_table_is_found_however_it_is_written(text: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    assert load_settings(start=tmp_path, environment={}).jobs == 3


@pytest.mark.parametrize("text", ["# [tool.owltype]\n", 'name = """\n[tool.owltype]\n"""\n', "tool = 3\n", "not TOML\n"])
def test_a_file_that_only_speaks_of_the_table_has_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "owltype.toml").write_text("jobs = 2\n")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "pyproject.toml").write_text(text)
    assert load_settings(start=tmp_path / "inner", environment={}).jobs == 2


def test_a_fault_of_a_file_that_names_the_table_is_told(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.owltype]\njobs = \n")
    with pytest.raises(UsageError, match="is not valid TOML"):
        load_settings(start=tmp_path, environment={})
