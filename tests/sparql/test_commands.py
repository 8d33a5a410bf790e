"""`owltype query` and `owltype test` as users run them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.running import OWLTYPE, ROOT, clean_environment, owltype

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

MEDIGY = ROOT / "examples" / "medigy"
PAGES = "SELECT ?page { ?page schema:headline ?headline } ORDER BY ?page"
RULE = """# title: Pages without an image
# expect: empty
# message: {headline} has no image
# help: add featuredImage
# severity: warning
SELECT ?page ?headline ?key { ?page schema:headline ?headline FILTER NOT EXISTS { ?page schema:image ?image } BIND("title" AS ?key) }
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(MEDIGY, tmp_path / "medigy")
    (tmp_path / "medigy" / "owltype.toml").write_text('paths = ["content"]\nontology = "medigy"\n')
    return tmp_path / "medigy"


def test_query_of_the_settings_paths_is_a_table(project: Path) -> None:
    done = owltype("query", PAGES, cwd=project)
    assert done.status == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "page"
    assert len(lines) > 10
    assert not done.stderr


@pytest.mark.parametrize("results_format", ["csv", "tsv", "json", "xml", "markdown", "spreadsheet"])
def test_every_results_format(project: Path, results_format: str) -> None:
    done = owltype("query", PAGES, "--results-format", results_format, cwd=project)
    assert done.status == 0
    assert done.stdout.count("https://www.medigy.com/communities/") > 10


@pytest.mark.parametrize("graph_format", ["turtle", "ntriples", "trig", "nquads", "jsonld", "rdfxml"])
def test_every_graph_format(project: Path, graph_format: str) -> None:
    done = owltype("query", "CONSTRUCT WHERE { ?page schema:author ?author }", "--results-format", graph_format, cwd=project)
    assert done.status == 0
    assert "https://www.medigy.com/authors/maxinovip.com/vinit/" in done.stdout


def test_saved_query_with_a_parameter(project: Path) -> None:
    telehealth = owltype("query", "records-by-topic", "--results-format", "tsv", cwd=project)
    assert telehealth.stdout == (project / "queries" / "01-records-by-topic.expected.tsv").read_text()
    topic = "topic=https://www.medigy.com/topics/symplur/diabetes/"
    diabetes = owltype("query", "records-by-topic", "--param", topic, "--results-format", "tsv", cwd=project)
    assert diabetes.stdout.count("\n") == 2


def test_saved_queries_are_listed(project: Path) -> None:
    done = owltype("query", "--list", cwd=project)
    assert "01-records-by-topic: Records by topic" in done.stdout
    assert "--param topic: iri = <https://www.medigy.com/topics/symplur/telehealth/>" in done.stdout


def test_query_from_standard_input_to_a_file(project: Path) -> None:
    command = [*OWLTYPE, "query", "-", "--results-format", "json", "-o", "answer.json"]
    done = subprocess.run(command, input=PAGES, text=True, capture_output=True, cwd=project, check=True, env=clean_environment({}))
    assert not done.stdout
    assert len(json.loads((project / "answer.json").read_text())["results"]["bindings"]) > 10


def test_source_stands_beside_each_iri(project: Path) -> None:
    done = owltype(
        "query", "SELECT ?page ?topic { ?page schema:about ?topic } LIMIT 3", "--with-source", "--results-format", "json", cwd=project
    )
    answer = json.loads(done.stdout)
    assert answer["head"]["vars"] == ["page", "page_source", "topic"]
    for row in answer["results"]["bindings"]:
        path, _, line = row["page_source"]["value"].rpartition(":")
        assert (project / path).is_file()
        assert int(line) >= 1


def test_source_of_a_nested_resource_is_the_line_of_its_key(project: Path) -> None:
    query = "SELECT ?image { ?page schema:image ?image FILTER(CONTAINS(STR(?image), '#')) } LIMIT 1"
    done = owltype("query", query, "--with-source", "--results-format", "json", cwd=project)
    [row] = json.loads(done.stdout)["results"]["bindings"]
    path, _, line = row["image_source"]["value"].rpartition(":")
    around = (project / path).read_text().splitlines()[int(line) - 2 : int(line)]
    assert any("featuredImage" in text for text in around)


@pytest.mark.parametrize(("pattern", "answer"), [("?page a schema:Article", "true"), ("?page a schema:Dataset", "false")])
def test_yes_and_no_are_answers(project: Path, pattern: str, answer: str) -> None:
    done = owltype("query", f"ASK {{ {pattern} }}", cwd=project)
    assert (done.status, done.stdout.strip()) == (0, answer)
    assert "nothing in the graph" not in done.stderr


def test_nothing_found_is_said(project: Path) -> None:
    done = owltype("query", "SELECT ?page { ?page schema:abuot ?topic }", cwd=project)
    assert done.status == 0
    assert "did you mean schema:about?" in done.stderr
    assert "nothing in the graph matches" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["SELECT * { ?s ?p"], "never closed"),
        (["ASK { ?s shcema:a ?o }"], "did you mean schema:?"),
        (["records-by-topics"], "did you mean records-by-topic?"),
        (["records-by-topic", "--param", "topc=x"], "did you mean topic?"),
        (["records-by-topic", "--param", "topic=not an iri"], "is not an IRI"),
        (["records-by-topic", "--param", "topic"], "NAME=VALUE"),
        (["ASK {}", "--results-format", "jsn"], 'did you mean "json"?'),
        (["ASK {}", "--query-file", "a.rq"], "not both"),
        (["--query-file", "nowhere.rq"], "No such file"),
        (["-d", "nowhere", "ASK {}"], "nowhere"),
        (["-d", "nowhere.ttl", "ASK {}"], "No such file"),
        (["--timeout", "0.2", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"], "its time limit"),
        (["--max-memory", "100", "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c"], "its memory limit"),
    ],
    ids=lambda value: value[0][:20] if isinstance(value, list) else "",
)
def test_question_that_gets_no_answer_ends_with_a_sentence(project: Path, arguments: list[str], text: str) -> None:
    done = owltype("query", *arguments, cwd=project)
    assert done.status == 2
    assert text in done.stderr
    assert not done.stdout


def test_cut_answer_is_said_to_be(project: Path) -> None:
    done = owltype("query", "SELECT * { ?s ?p ?o }", "--max-rows", "3", "--results-format", "csv", "-q", cwd=project)
    assert done.status == 0
    assert len(done.stdout.splitlines()) == 4
    assert "cut after 3 rows" in done.stderr


def test_store_of_the_settings_is_made_once_and_said_to_be_stale(project: Path) -> None:
    (project / "owltype.toml").write_text('paths = ["content"]\nontology = "medigy"\nstore = "store"\n')
    assert owltype("query", PAGES, cwd=project).status == 0
    assert (project / "store" / "graph").is_dir()
    page = min((project / "content").rglob("*.md"))
    page.write_text(page.read_text() + "\nmore\n")
    done = owltype("query", PAGES, cwd=project)
    assert done.status == 0
    assert "QUERY-STALE" in done.stderr
    assert not owltype("query", PAGES, "--refresh", cwd=project).stderr


def test_export_makes_a_store(project: Path) -> None:
    done = owltype("export", "content", "--store", "store", cwd=project)
    assert done.status == 0
    assert "-> store" in done.stderr
    assert owltype("query", "--store", "store", PAGES, cwd=project).stdout == owltype("query", PAGES, cwd=project).stdout


def test_questions_have_their_expected_rows(project: Path) -> None:
    done = owltype("test", cwd=project)
    assert done.status == 0, done.stdout
    assert "asked 10 questions: 10 as expected, 0 not" in done.stderr


def test_changed_rows_fail_and_update_writes_them(project: Path) -> None:
    expected = project / "queries" / "05-most-cited-sites.expected.tsv"
    before = expected.read_text()
    expected.write_text(before.replace("blog.burnsmcd.com", "blog.example"))
    done = owltype("test", "--output-format", "concise", cwd=project)
    assert done.status == 1
    assert "05-most-cited-sites.expected.tsv:4:1: error QUERY-EXPECTED" in done.stdout
    assert owltype("test", "--update", cwd=project).status == 0
    assert expected.read_text() == before


def test_broken_rule_points_into_the_record(project: Path) -> None:
    rule = project / "queries" / "rules" / "image.rq"
    rule.parent.mkdir()
    rule.write_text(RULE)
    done = owltype("test", rule, "--output-format", "json", "--fail-on", "warning", cwd=project)
    assert done.status == 1
    problems = json.loads(done.stdout)["problems"]
    assert problems
    for problem in problems:
        assert problem["code"] == "QUERY-RULE"
        assert problem["message"].endswith("has no image")
        assert (project / problem["file"]).read_text().splitlines()[problem["line"] - 1].startswith("title:")
    assert owltype("test", rule, cwd=project).status == 0


def test_misspelt_rule_fails_although_nothing_breaks_it(project: Path) -> None:
    (project / "queries" / "rule.rq").write_text("# expect: empty\nSELECT ?page { ?page schema:hedline ?h }\n")
    done = owltype("test", "queries/rule.rq", cwd=project)
    assert done.status == 1
    assert "did you mean schema:headline?" in done.stdout


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("# expect: at least 1 row\nASK { ?p schema:headline ?h }", 0, ""),
        ("# expect: at least 1000 rows\nSELECT * { ?p schema:headline ?h }", 1, "QUERY-MINIMUM"),
        ("# expect: empty\nASK { ?p schema:headline ?h }", 1, "QUERY-RULE"),
        ("# expect: rows\nSELECT * { ?p schema:headline ?h }", 1, "QUERY-EXPECTED"),
        ("# expect: rows\nASK {}", 1, "QUERY-EXPECTED"),
        ("# expect: empty\nASK {", 1, "QUERY-SYNTAX"),
        ("ASK {}", 2, ""),
    ],
)
def test_expectations(project: Path, text: str, status: int, code: str) -> None:
    (project / "queries" / "new.rq").write_text(text)
    done = owltype("test", "queries/new.rq", cwd=project)
    assert done.status == status
    assert code in done.stdout


def test_junit_has_a_suite_for_every_question(project: Path) -> None:
    owltype("test", "--report", "junit:questions.xml", cwd=project)
    root = ET.parse(project / "questions.xml").getroot()  # noqa: S314 - our own file
    assert len({suite.get("name") for suite in root}) == 10
    assert root.get("failures") == "0"


def test_folder_without_questions_is_a_mistake(project: Path) -> None:
    done = owltype("test", "content", cwd=project)
    assert done.status == 2
    assert "no questions" in done.stderr


def test_interrupted_query_leaves_no_process(project: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("looks at /proc")
    import signal
    import time

    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    with subprocess.Popen([*OWLTYPE, "query", query], cwd=project, env=clean_environment({}), stderr=subprocess.PIPE, text=True) as asked:
        children = Path(f"/proc/{asked.pid}/task/{asked.pid}/children")
        started: list[str] = []
        while not started:
            time.sleep(0.05)
            started = [
                worker
                for keeper in children.read_text().split()
                for worker in Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()
            ]
        asked.send_signal(signal.SIGINT)
        _, errors = asked.communicate(timeout=20)
    assert asked.returncode == 130
    assert errors.strip() == "owltype: interrupted"
    deadline = time.monotonic() + 20
    while (left := [process for process in started if _runs(process)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left


def _runs(process: str) -> bool:
    """Say whether a process still runs: one that was killed stays in the table until the system's first process asks for its status."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        return False
