"""What other programs run: the GitHub action's script, the pre-commit hook by pre-commit itself, the GitLab job in the docs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from exporter.cli.app import app

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

ROOT = Path(__file__).parents[2]
FAULTS = Path(__file__).parent / "faults"
SETTINGS = f'paths = ["content"]\nshapes = ["{FAULTS}/shapes.ttl"]\nontology = ["{FAULTS}/ontology.ttl"]\n'
RECORD = "---\nlayout: Page\nid: {id}\ntitle: A title\nlink:\n  href: {href}\n---\ntext\n"


def _project(folder: Path) -> None:
    """A team's repository: settings and one record with a fault; `owltype` is on the path."""
    (folder / "content").mkdir()
    (folder / "content" / "a.md").write_text(RECORD.format(id="a", href="burnsmcd"), "utf-8")
    (folder / "owltype.toml").write_text(SETTINGS, "utf-8")
    (folder / "bin").mkdir()
    command = folder / "bin" / "owltype"
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m exporter "$@"\n', "utf-8")
    command.chmod(0o755)


def _environment(folder: Path, **more: str) -> dict[str, str]:
    path = os.pathsep.join([str(folder / "bin"), str(Path(sys.executable).parent), "/usr/bin", "/bin"])
    return {"PATH": path, "HOME": str(folder), "LC_ALL": "C.UTF-8", **more}


def _action() -> dict[str, Any]:
    found = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def _step(name: str) -> dict[str, Any]:
    (step,) = [step for step in _action()["runs"]["steps"] if step["name"] == name]
    assert isinstance(step, dict)
    return step


def _run_action(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the action's main step as a runner does: its script in bash, every input in the variable that the step names."""
    action = _action()
    step = _step("Validate")
    defaults = {name: spec["default"] for name, spec in action["inputs"].items()}
    values = {**defaults, **{name.replace("_", "-"): value for name, value in inputs.items()}}
    variables = {name: values[re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", text)[1]] for name, text in step["env"].items()}  # type: ignore[index]
    files = {
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "GITHUB_OUTPUT": str(folder / "output"),
        "RUNNER_TEMP": str(folder / "temp"),
    }
    environment = _environment(folder, **files, **variables)
    where = folder / values["working-directory"]
    return subprocess.run([*BASH, step["run"]], cwd=where, env=environment, capture_output=True, text=True, check=False, timeout=120)


BASH = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]


def test_action_annotates_the_line_and_fails_the_job(tmp_path: Path) -> None:
    _project(tmp_path)
    done = _run_action(tmp_path, sarif="out.sarif", junit="out.xml")
    assert done.returncode == 1, done.stderr
    assert re.search(r"^::error file=content/a\.md,line=6,.*SH-PATTERN", done.stdout, re.MULTILINE)
    assert (tmp_path / "out.sarif").exists()
    assert (tmp_path / "out.xml").exists()
    assert "SH-PATTERN" in (tmp_path / "summary.md").read_text("utf-8")


@pytest.mark.slow
def test_action_takes_lines_and_runs_nothing_of_them(tmp_path: Path) -> None:
    _project(tmp_path)
    (tmp_path / "two words").mkdir()
    (tmp_path / "two words" / "b.md").write_text(RECORD.format(id="b", href="https://example.org/"), "utf-8")
    assert _run_action(tmp_path, paths="two words\n", summary="false").returncode == 0
    assert _run_action(tmp_path, paths="content\ntwo words").returncode == 1
    done = _run_action(tmp_path, paths="$(touch harmed); touch harmed")
    assert (done.returncode, (tmp_path / "harmed").exists()) == (2, False)
    assert _run_action(tmp_path, fail_on="never").returncode == 0


def _outputs(folder: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in (folder / "output").read_text("utf-8").splitlines())


def test_action_says_how_it_ended_and_what_it_wrote(tmp_path: Path) -> None:
    _project(tmp_path)
    _run_action(tmp_path, sarif="out.sarif")
    assert {"exit-code": "1", "sarif": "./out.sarif", "junit": ""}.items() <= _outputs(tmp_path).items()
    (tmp_path / "output").unlink()
    _run_action(tmp_path, paths="nowhere", sarif="none.sarif\njunit=x", junit=f"{tmp_path}/out.xml")
    said = {"exit-code": "2", "sarif": "./none.sarifjunit=x", "junit": f"{tmp_path}/out.xml"}
    assert said.items() <= _outputs(tmp_path).items()


def test_action_runs_where_it_is_told_with_the_settings_that_it_is_told(tmp_path: Path) -> None:
    site = tmp_path / "a site"
    site.mkdir()
    _project(site)
    (site / "bin").rename(tmp_path / "bin")
    (site / "owltype.toml").rename(site / "ours.toml")
    done = _run_action(tmp_path, working_directory="a site", config="ours.toml", junit="out.xml")
    assert done.returncode == 1, done.stderr
    assert re.search(r"^::error file=content/a\.md,line=6,.*::content/a\.md:6:9: ", done.stdout, re.MULTILINE)
    assert _outputs(tmp_path)["junit"] == "a site/out.xml"


def _uses(text: str) -> list[tuple[str, str, str]]:
    return re.findall(r"uses: ([\w/-]+)@(\S+)(?: # (\S+))?", text)


def test_actions_of_others_are_named_by_commit() -> None:
    """A tag can be moved; which one it was stands beside the commit. The examples name ours by its version."""
    texts = [(ROOT / "action.yml").read_text("utf-8"), *(file.read_text("utf-8") for file in (ROOT / "docs").glob("*.md"))]
    others = [use for text in texts for use in _uses(text) if use[0] != "medigy/owltype"]
    assert len(others) == 8
    for name, commit, tag in others:
        assert re.fullmatch(r"[0-9a-f]{40}", commit), name
        assert re.fullmatch(r"v\d+\.\d+\.\d+", tag), name


@pytest.mark.slow
def test_action_installs_what_the_lock_says_into_an_environment_of_its_own(tmp_path: Path) -> None:
    step = _step("Install owltype")
    python = {"PYTHON": sys.executable, "WHEELS": str(tmp_path / "wheels"), "RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": str(ROOT)}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    subprocess.run([*BASH, step["run"]], cwd=tmp_path, env={**inherited, **python}, check=True, timeout=600)
    owltype = tmp_path / "owltype-venv" / "bin" / "owltype"
    done = subprocess.run([owltype, "explain", "SH-PATTERN"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "SH-PATTERN" in done.stdout
    listed = subprocess.run([owltype.parent / "python", "-m", "pip", "freeze"], capture_output=True, text=True, check=True).stdout
    locked = re.findall(r"^(pyoxigraph==\S+)", (ROOT / "requirements" / "run.txt").read_text("utf-8"), re.MULTILINE)
    assert locked[0] in listed.splitlines()


def _plan_key(folder: Path, **inputs: str) -> str:
    step = _step("Name what was kept")
    files = {"GITHUB_OUTPUT": str(folder / "output"), "RUNNER_TEMP": str(folder / "temp")}
    variables = {"INPUT_ONTOLOGY": "", "INPUT_CONFIG": "", **inputs}
    (folder / "output").unlink(missing_ok=True)
    subprocess.run([*BASH, step["run"]], cwd=folder, env=_environment(folder, **files, **variables), check=True, timeout=60)
    assert _outputs(folder)["folder"] == str(folder / "temp" / "owltype-cache")
    assert re.fullmatch(r"[0-9a-f]{64}", _outputs(folder)["plan"])
    return _outputs(folder)["plan"]


def test_action_names_what_it_keeps_by_the_files_of_the_plan(tmp_path: Path) -> None:
    keys = [_plan_key(tmp_path)]
    _project(tmp_path)
    keys.append(_plan_key(tmp_path))
    (tmp_path / "ontology" / "more files").mkdir(parents=True)
    for name in ("ontology/a.ttl", "ontology/more files/b.ttl", "pyproject.toml"):
        (tmp_path / name).write_text("# one")
        keys.append(_plan_key(tmp_path))
    (tmp_path / "ontology/more files/b.ttl").write_text("# two")
    keys.append(_plan_key(tmp_path))
    keys.append(_plan_key(tmp_path, INPUT_ONTOLOGY="ontology/a.ttl\n-delete\n$(touch harmed)"))
    keys.append(_plan_key(tmp_path, INPUT_ONTOLOGY="ontology/a.ttl", INPUT_CONFIG="other.toml"))
    assert len(set(keys)) == len(keys)
    assert not (tmp_path / "harmed").exists()
    (tmp_path / "content" / "a.md").write_text("changed")
    assert _plan_key(tmp_path) == keys[-3]


def test_action_keeps_nothing_in_the_folder_that_it_reads(tmp_path: Path) -> None:
    _project(tmp_path)
    for cache in ("true", "false"):
        done = _run_action(tmp_path, cache=cache)
        assert done.returncode == 1, done.stderr
        assert not (tmp_path / ".owltype_cache").exists()
        if cache == "false":
            assert _outputs(tmp_path)["kept"] == ""
        shutil.rmtree(tmp_path / "temp", ignore_errors=True)


def test_action_saves_what_the_default_branch_holds_and_restores_it_everywhere() -> None:
    """Others may have written what a pull request, or what runs in its name, has checked out."""
    restore, save = _step("Restore what was kept"), _step("Save what is kept")
    assert restore["uses"].partition("@")[0] == "actions/cache/restore"
    assert save["uses"].partition("@")[0] == "actions/cache/save"
    assert save["with"] == {name: restore["with"][name] for name in ("path", "key")}
    assert all(restore["with"]["key"].startswith(prefix) for prefix in restore["with"]["restore-keys"].splitlines())
    conditions = save["if"].removeprefix("${{ ").removesuffix(" }}").split(" && ")
    branch = "github.ref == format('refs/heads/{0}', github.event.repository.default_branch)"
    assert {"github.event_name == 'push'", branch, "inputs.cache == 'true'"} <= set(conditions)
    assert "||" not in save["if"]
    assert restore["if"] == "${{ inputs.cache == 'true' }}"


def _workflow() -> dict[str, Any]:
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "validation.md").read_text("utf-8"), re.DOTALL)
    (workflow,) = [block for block in map(yaml.safe_load, blocks) if isinstance(block, dict) and "jobs" in block]
    assert isinstance(workflow, dict)
    return workflow


def test_workflow_in_the_docs_uploads_what_it_writes_and_may(tmp_path: Path) -> None:
    workflow = _workflow()
    (job,) = workflow["jobs"].values()
    ours = next(step for step in job["steps"] if step["uses"].startswith("medigy/owltype@"))
    upload = next(step for step in job["steps"] if step["uses"].startswith("github/codeql-action/upload-sarif@"))
    assert set(ours["with"]) <= set(_action()["inputs"])
    assert set(re.findall(r"steps\.owltype\.outputs\.([\w-]+)", str(upload))) <= set(_action()["outputs"])
    assert ours["id"] == "owltype"
    assert workflow["permissions"] == {"contents": "read", "security-events": "write"}
    _project(tmp_path)
    _run_action(tmp_path, sarif=ours["with"]["sarif"])
    assert (tmp_path / _outputs(tmp_path)["sarif"]).exists()


def test_action_uses_every_input() -> None:
    text = (ROOT / "action.yml").read_text("utf-8")
    for name in _action()["inputs"]:
        assert f"${{{{ inputs.{name} }}}}" in text


def _hooks() -> list[dict[str, Any]]:
    found = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert isinstance(found, list)
    return found


def test_hook_is_a_command_with_its_options() -> None:
    for hook in _hooks():
        program, name, *options = hook["entry"].split()
        assert program == "owltype"
        command = app.get_command(app.make_context("owltype", [], resilient_parsing=True), name)
        assert command is not None
        known = {option for parameter in command.params for option in parameter.opts}
        assert {option for option in options if option.startswith("-")} <= known


def _git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def _hook_repository(folder: Path) -> Path:
    """A repository with our hooks, which run the `owltype` on the path: to build their own environment would need a package index."""
    folder.mkdir()
    hooks = [{**hook, "language": "system"} for hook in _hooks()]
    (folder / ".pre-commit-hooks.yaml").write_text(yaml.safe_dump(hooks), "utf-8")
    _git(folder, "init", "-q")
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "hooks")
    return folder


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pre-commit", path=str(Path(sys.executable).parent)) is None, reason="pre-commit is not installed")
def test_pre_commit_runs_the_hook_on_what_is_committed(tmp_path: Path) -> None:
    hooks = _hook_repository(tmp_path / "hooks")
    team = tmp_path / "team"
    team.mkdir()
    _project(team)
    (team / ".gitignore").write_text("bin\n.cache\n", "utf-8")
    (team / "shapes.ttl").write_bytes((FAULTS / "shapes.ttl").read_bytes())
    (team / "owltype.toml").write_text(SETTINGS.replace(f"{FAULTS}/shapes.ttl", "shapes.ttl"), "utf-8")
    _git(team, "init", "-q")
    good = RECORD.format(id="good", href="https://example.org/")

    def run(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "pre_commit", "try-repo", str(hooks), "owltype-validate", "--color=never", *arguments]
        done = subprocess.run(command, cwd=team, env=_environment(team), capture_output=True, text=True, check=False, timeout=300)
        return done.returncode, done.stdout + done.stderr

    def add(name: str, text: str) -> None:
        (team / name).write_text(text, "utf-8")
        _git(team, "add", name)

    add("content/good.md", good)
    status, said = run()
    assert (status, "Passed" in said) == (0, True), f"the first commit, with an untracked draft beside it: {said}"
    _git(team, "add", ".")
    _git(team, "commit", "-qm", "old records with old faults")
    status, said = run("--all-files")
    assert (status, "content/a.md:6:9: error SH-PATTERN" in said) == (1, True), said
    add("content/other.md", good.replace("id: good", "id: other"))
    status, said = run()
    assert (status, "Passed" in said) == (0, True), said
    add("content/bad.md", RECORD.format(id="bad", href="here"))
    status, said = run()
    assert (status, "content/bad.md:6:9: error SH-PATTERN" in said, "content/a.md" in said) == (1, True, False), said
    _git(team, "commit", "-qm", "past the hook")
    status, said = run("--from-ref", "HEAD~1", "--to-ref", "HEAD")
    assert (status, "content/bad.md:6:9: error SH-PATTERN" in said) == (1, True), said
    _git(team, "rm", "-q", "content/good.md")
    _git(team, "commit", "-qm", "a record goes, past the hook")
    status, said = run("--from-ref", "HEAD~1", "--to-ref", "HEAD")
    assert (status, "content/a.md:6:9: error SH-PATTERN" in said) == (1, True), f"whatever names it may be wrong: {said}"
    add("owltype.toml", (team / "owltype.toml").read_text("utf-8") + "# changed\n")
    assert run()[0] == 1, "settings hold for all records"


def _gitlab_job() -> dict[str, Any]:
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "validation.md").read_text("utf-8"), re.DOTALL)
    (job,) = [block for block in map(yaml.safe_load, blocks) if isinstance(block, dict) and "owltype" in block]
    found = job["owltype"]
    assert isinstance(found, dict)
    return found


def test_gitlab_job_in_the_docs_writes_the_report_that_it_names(tmp_path: Path) -> None:
    _project(tmp_path)
    job = _gitlab_job()
    (line,) = [line for line in job["script"] if line.startswith("owltype ")]
    done = subprocess.run(
        ["bash", "-c", line], cwd=tmp_path, env=_environment(tmp_path), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 1, done.stderr
    assert (tmp_path / job["artifacts"]["reports"]["codequality"]).exists()
    assert (tmp_path / job["artifacts"]["reports"]["junit"]).exists()
