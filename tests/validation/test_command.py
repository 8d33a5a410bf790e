"""`owltype validate` as people and CI run it: exit statuses, baselines, changed files, suppressions, the report graph."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from exporter.rdf.terms import SH

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

ROOT = Path(__file__).parents[2]
FAULTS = Path(__file__).parent / "faults"
BAD = "---\nlayout: Page\nid: {id}\ntitle: A title\nlink:\n  href: {href}\n{more}---\ntext\n"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "exporter", "validate", "-s", str(FAULTS / "shapes.ttl"), "--ontology", str(FAULTS / "ontology.ttl")]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    return subprocess.run([*command, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120)


def write(folder: Path, name: str, href: str = "burnsmcd", more: str = "") -> Path:
    path = folder / "content" / f"{name}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(BAD.format(id=name, href=href, more=more), "utf-8")
    return path


def lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The problems of a concise report, without those about shapes that have no focus node here."""
    return [line for line in done.stdout.splitlines() if line.startswith("content/")]


def test_clean_records_exit_0_and_bad_ones_1(tmp_path: Path) -> None:
    write(tmp_path, "a", "https://example.org/")
    assert run(tmp_path, "content").returncode == 0
    write(tmp_path, "b")
    done = run(tmp_path, "content", "--output-format", "concise")
    assert (done.returncode, lines(done)) == (1, ['content/b.md:6:9: error SH-PATTERN link.href: "burnsmcd" does not match "^https?://"'])
    assert run(tmp_path, "content", "--exit-zero").returncode == 0


def test_what_can_not_run_exits_2_with_a_sentence(tmp_path: Path) -> None:
    write(tmp_path, "a")
    empty = tmp_path / "empty.ttl"
    empty.write_text("", "utf-8")
    for arguments in (
        ("-s", str(empty)),
        ("-s", "nowhere.ttl"),
        ("--changed-since", "HEAD"),
        ("--baseline", "none.json"),
        ("--update-baseline",),
    ):
        done = run(tmp_path, "content", *arguments)
        assert (done.returncode, "Traceback" in done.stderr, done.stderr.strip() != "") == (2, False, True), arguments


def test_baseline_knows_old_problems_wherever_their_lines_are(tmp_path: Path) -> None:
    old = write(tmp_path, "old")
    assert run(tmp_path, "content", "--baseline", "known.json", "--update-baseline").returncode == 0
    assert [
        entry["path"] for entry in json.loads((tmp_path / "known.json").read_text("utf-8"))["problems"] if entry["code"] == "SH-PATTERN"
    ]
    old.write_text("---\n# moved\n# down\n" + old.read_text("utf-8").removeprefix("---\n"), "utf-8")
    assert run(tmp_path, "content", "--baseline", "known.json").returncode == 0
    write(tmp_path, "new")
    done = run(tmp_path, "content", "--baseline", "known.json", "--output-format", "concise")
    assert (done.returncode, [line.split(":")[0] for line in lines(done)]) == (1, ["content/new.md"])


def test_baseline_is_the_same_whenever_it_is_written(tmp_path: Path) -> None:
    for name in "cab":
        write(tmp_path, name)
    written = []
    for jobs in ("1", "2"):
        run(tmp_path, "content", "--baseline", "known.json", "--update-baseline", "-j", jobs)
        written.append((tmp_path / "known.json").read_bytes())
    assert written[0] == written[1]


def _git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_changed_since_reports_what_the_branch_brought(tmp_path: Path) -> None:
    write(tmp_path, "old")
    write(tmp_path, "edited")
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-qm", "old")
    write(tmp_path, "edited", "edited")
    write(tmp_path, "new one")
    done = run(tmp_path, "content", "--changed-since", "HEAD", "--output-format", "concise")
    assert [line.split(":")[0] for line in lines(done)] == ["content/edited.md", "content/new one.md"]
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-qm", "new")
    done = run(tmp_path, "content", "--changed-since", "HEAD", "--output-format", "concise")
    assert (done.returncode, lines(done), "nothing was changed since" in done.stderr) == (2, [], True)
    done = run(tmp_path / "content", ".", "--changed-since", "HEAD~1", "--output-format", "concise")
    assert [line.split(":")[0] for line in done.stdout.splitlines() if ".md:" in line] == ["edited.md", "new one.md"]
    done = run(tmp_path, "content", "--changed-since", "--output=/tmp/x")
    assert (done.returncode, "git knows no commit" in done.stderr) == (2, True)


def test_record_says_what_to_ignore_and_why(tmp_path: Path) -> None:
    write(tmp_path, "a", more="owltypeIgnore:\n  SH-PATTERN link.href: the old site has no address\n")
    done = run(tmp_path, "content", "--output-format", "concise")
    assert (done.returncode, lines(done)) == (0, [])
    assert "1 problem suppressed" in done.stdout
    write(tmp_path, "a", more="owltypeIgnore:\n  SH-PATTERN other: elsewhere\n")
    found = lines(run(tmp_path, "content", "--output-format", "concise"))
    assert [line.split(" ")[2] for line in found] == ["SH-PATTERN", "IGNORE-STALE"]
    write(tmp_path, "a", more="owltypeIgnore: [SH-PATTERN]\n")
    found = lines(run(tmp_path, "content", "--output-format", "concise"))
    assert [line.split(" ")[2] for line in found] == ["SH-PATTERN", "IGNORE-REASON"]
    assert found[1].startswith("content/a.md:7:16:")


def test_settings_say_what_to_ignore_and_why(tmp_path: Path) -> None:
    write(tmp_path, "a")
    rule = '[[suppressions]]\ncode = "SH-PATTERN"\npath = "content/**"\nkey = "link.href"\nreason = "the old site has no address"\n'
    (tmp_path / "owltype.toml").write_text(rule, "utf-8")
    assert run(tmp_path, "content").returncode == 0
    (tmp_path / "owltype.toml").write_text(rule.replace("link.href", "title"), "utf-8")
    assert run(tmp_path, "content").returncode == 1


def test_suppression_that_meets_nothing_is_named(tmp_path: Path) -> None:
    write(tmp_path, "a", "https://example.org/", more="owltypeIgnore:\n  SH-PATTERN link.href: the old site has no address\n")
    done = run(tmp_path, "content", "--output-format", "concise")
    message = "content/a.md:8:3: info IGNORE-STALE SH-PATTERN at link.href is suppressed, and the run has no such problem"
    assert (done.returncode, lines(done)) == (0, [message])


def test_suppression_of_the_settings_that_meets_nothing_is_named_where_its_files_were_checked(tmp_path: Path) -> None:
    write(tmp_path, "a")
    rule = '[[suppressions]]\ncode = "{}"\npath = "{}"\nreason = "none"\n'
    rules = rule.format("SH-PATTERN", "content/**"), rule.format("SH-IN", "content/**"), rule.format("SH-IN", "elsewhere/**")
    (tmp_path / "owltype.toml").write_text("\n".join(rules), "utf-8")
    done = run(tmp_path, "content", "--output-format", "concise")
    message = "owltype.toml:6:1: info IGNORE-STALE SH-IN is suppressed in content/**, and the run has no such problem"
    assert [line for line in done.stdout.splitlines() if "IGNORE" in line] == [message]
    assert "IGNORE" not in run(tmp_path, "content/a.md", "--output-format", "concise").stdout


SYNTAXES = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
RESULTS = """PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?focus ?component {
    ?report a sh:ValidationReport ; sh:conforms false ; sh:result ?result .
    ?result sh:focusNode ?focus ; sh:sourceConstraintComponent ?component
}"""


@pytest.mark.parametrize("name", SYNTAXES)
def test_report_graph_is_a_validation_report_in_any_syntax(tmp_path: Path, name: str) -> None:
    write(tmp_path, "a")
    done = run(tmp_path, "content", "--output-format", name)
    store = ox.Store()
    store.load(done.stdout.encode(), format=SYNTAXES[name])
    found = store.query(RESULTS)
    assert isinstance(found, ox.QuerySolutions)
    rows = [(str(row["focus"]), str(row["component"])) for row in found]
    assert rows == [("<https://example.org/page/a>", f"<{SH}NodeConstraintComponent>")]
    assert done.stdout == run(tmp_path, "content", "--output-format", name).stdout


def test_report_of_clean_records_conforms(tmp_path: Path) -> None:
    write(tmp_path, "a", "https://example.org/")
    assert "sh:conforms true" in run(tmp_path, "content", "--output-format", "turtle").stdout


def test_rdf_file_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "graph.ttl").write_text(
        '@prefix : <https://example.org/ont#> .\n\n<https://e.org/x> a :Page ;\n    :title "Ab" .\n', "utf-8"
    )
    done = run(tmp_path, "graph.ttl", "--output-format", "concise")
    assert done.returncode == 1
    sentence = '"Ab" has 2 characters, at least 3 are required (:title of <https://e.org/x>)'
    assert f"graph.ttl:4:12: error SH-MIN-LENGTH {sentence}" in done.stdout.splitlines()


def test_several_reports_are_written_at_once(tmp_path: Path) -> None:
    write(tmp_path, "a")
    done = run(tmp_path, "content", "--report", "sarif:out.sarif", "--report", "turtle:out.ttl", "--report", "junit:out.xml")
    assert done.returncode == 1
    results = json.loads((tmp_path / "out.sarif").read_text("utf-8"))["runs"][0]["results"]
    assert [result["ruleId"] for result in results if result["level"] == "error"] == ["SH-PATTERN"]
    assert b"sh:ValidationReport" in (tmp_path / "out.ttl").read_bytes()
    assert (tmp_path / "out.xml").stat().st_size > 0


@pytest.mark.slow
def test_engines_give_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path, "a")
    reports = {run(tmp_path, "content", "--engine", engine, "--output-format", "json").stdout for engine in ("shacl", "pyshacl")}
    assert len(reports) == 1


@pytest.mark.slow
def test_catastrophic_pattern_ends_with_the_shape_named(tmp_path: Path) -> None:
    write(tmp_path, "a", "a" * 60 + "!")
    slow = tmp_path / "slow.ttl"
    slow.write_text(
        "@prefix : <https://example.org/ont#> .\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        ':Slow a sh:NodeShape ; sh:targetClass :Link ;\n  sh:property [ sh:path :href ; sh:pattern "^(a+)+b" ] .\n',
        "utf-8",
    )
    fast = run(tmp_path, "content", "-s", str(slow), "--output-format", "concise")
    assert (fast.returncode, "SH-PATTERN link.href" in fast.stdout) == (1, True)
    done = run(tmp_path, "content", "-s", str(slow), "--engine", "pyshacl")
    assert done.returncode == 2
    assert "slow.ttl:4:44: error SHAPES-PATTERN-SLOW" in done.stderr
    assert '"^(a+)+b" takes unbounded time' in done.stderr


def test_run_of_pyshacl_is_ended_after_its_time(tmp_path: Path) -> None:
    write(tmp_path, "a")
    done = run(tmp_path, "content", "--engine", "pyshacl", "--timeout", "0.1")
    assert done.returncode == 2
    assert "pyshacl can't run the shapes: it was ended after 0.1 seconds" in done.stderr


def test_what_a_record_says_to_owltype_is_no_data(tmp_path: Path) -> None:
    write(tmp_path, "a", "https://example.org/", more="owltypeIgnore:\n  SH-PATTERN: none\n")
    done = run(tmp_path, "content", "--unmapped", "fail", "--output-format", "concise")
    assert (done.returncode, [line.split(" ")[2] for line in lines(done)]) == (0, ["IGNORE-STALE"])


def test_recursive_shape_ends_and_is_reported(tmp_path: Path) -> None:
    record = "---\nlayout: Person\nid: {id}\nname: A\n---\n"
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "a.md").write_text(record.format(id="a"), "utf-8")
    shapes = tmp_path / "recursive.ttl"
    shapes.write_text(
        "@prefix : <https://example.org/ont#> .\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        ":R a sh:NodeShape ; sh:targetClass :Page ;\n  sh:property [ sh:path :author ; sh:node :R ] .\n",
        "utf-8",
    )
    (tmp_path / "content" / "b.md").write_text(BAD.format(id="b", href="https://example.org/", more="author: a\n"), "utf-8")
    done = run(tmp_path, "content", "-s", str(shapes), "--output-format", "concise")
    assert done.returncode == 1
    assert f"{shapes.name}:3:1: error SHAPES-RECURSION" in done.stdout
