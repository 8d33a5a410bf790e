"""How the command starts, what it says of wrong calls, and how it ends."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from exporter.cli.app import COMMANDS
from exporter.explanations import explanations
from tests.running import OWLTYPE, ROOT, clean_environment, owltype

SLEEPY = "import sys, time; from exporter.cli import app, main; app.LazyGroup.get_command = lambda *_: time.sleep(60); main(['explain'])"
BROKEN = "from exporter.cli import app, main; app.LazyGroup.get_command = lambda *_: {}['\\x1b[31m']; import sys; main(sys.argv[1:])"


def run_code(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python code that stands for a defect of ours."""
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, env=clean_environment({}), capture_output=True, text=True, check=False, timeout=60)


def test_version_is_one_line() -> None:
    assert re.fullmatch(r"owltype (\d+\.\d+\.\d+\S*|not installed)\n", owltype("--version").stdout)


def test_help_names_every_command() -> None:
    done = owltype("--help")
    assert done.status == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command} ", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_and_the_common_options(command: str) -> None:
    done = owltype(command, "--help")
    assert done.status == 0
    assert done.stdout.startswith(f"Usage: owltype {command} ")


def test_misspelt_command_names_the_near_one() -> None:
    done = owltype("explian")
    assert done.status == 2
    assert done.stderr.endswith("Error: No such command 'explian'. Did you mean 'explain'?\n")


def test_misspelt_option_names_the_near_one() -> None:
    done = owltype("explain", "--quite")
    assert done.status == 2
    assert re.search(r"Did you mean '?--quiet'?\?", done.stderr)


def test_wrong_settings_are_shown_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "owltype.toml").write_text('ontolgy = "x"\n')
    done = owltype("explain", cwd=tmp_path)
    assert done.status == 2
    assert done.stdout == ""
    assert done.stderr == (
        'owltype.toml:1:1: error SETTING-UNKNOWN "ontolgy" is not a setting\n'
        '    1 | ontolgy = "x"\n'
        '      | ^^^^^^^ did you mean "ontology"?\n\n'
        "owltype: 1 setting can't be used\n"
    )


@pytest.mark.parametrize("code", explanations())
def test_explain_shows_what_a_code_means(code: str) -> None:
    from click.testing import CliRunner

    from exporter.cli.commands.explain import command

    entry = explanations()[code]
    result = CliRunner(env={"OWLTYPE_CONFIG": None}).invoke(command, [code.lower()], standalone_mode=False)
    assert result.output.startswith(f"{code} ({entry.severity}): {entry.title}\n\n")
    assert "\n\nBad:\n\n" in result.output
    assert "\n\nGood:\n\n" in result.output


def test_explain_lists_every_code() -> None:
    listed = [line.split()[0] for line in owltype("explain").stdout.splitlines()]
    assert listed == list(explanations())


def test_explain_names_the_near_code() -> None:
    done = owltype("explain", "setting-unknwon")
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr == 'owltype: "setting-unknwon" is not a problem code, did you mean SETTING-UNKNOWN?\n'


def test_a_closed_pipe_ends_quietly() -> None:
    with subprocess.Popen(
        [*OWLTYPE, "explain"], cwd=ROOT, env=clean_environment({}), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_behind_standard_output_is_a_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*OWLTYPE, "explain"], cwd=ROOT, env=clean_environment({}), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert done.stderr == "owltype: can't write standard output: no space left on device\n"


def test_an_interrupt_is_one_line() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SLEEPY], cwd=ROOT, env=clean_environment({}), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    time.sleep(1)  # to be inside the command; a signal before would end Python itself
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.strip()) == (130, "", "owltype: interrupted")


def test_a_defect_is_one_line_without_control_characters() -> None:
    done = run_code(BROKEN, "explain")
    assert done.returncode == 2
    assert done.stderr == r"""owltype: internal error (KeyError: '\x1b[31m'); please report it, with what `-v` shows""" + "\n"


def test_a_defect_shows_where_it_was_when_asked() -> None:
    assert "Traceback" in run_code(BROKEN, "explain", "-v").stderr


@pytest.mark.parametrize(("variables", "colored"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_colours_are_for_terminals(variables: dict[str, str], colored: bool, tmp_path: Path) -> None:
    (tmp_path / "owltype.toml").write_text("x = 1\n")
    environment = clean_environment({"TERM": "xterm", **variables})
    if "NO_COLOR" not in variables:
        del environment["NO_COLOR"]
    leader, follower = pty.openpty()
    subprocess.run([*OWLTYPE, "explain"], cwd=tmp_path, env=environment, stdout=follower, stderr=follower, check=False, timeout=60)
    os.close(follower)
    shown = os.read(leader, 10_000).decode()
    os.close(leader)
    assert "SETTING-UNKNOWN" in shown
    assert ("\x1b[" in shown) is colored


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_there_for(shell: str) -> None:
    done = owltype(environment={"_OWLTYPE_COMPLETE": f"{shell}_source"})
    if shell == "bash" and done.status:
        pytest.skip("no bash on this machine to ask for its version")
    assert "_OWLTYPE_COMPLETE=" in done.stdout


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("owltype validate --output-format ju", ["junit"]),
        ("owltype validate --output-format tur", ["turtle"]),
        ("owltype validate --report sar", ["sarif:"]),
        ("owltype explain SHAPES-IM", ["SHAPES-IMPORT"]),
        ("owltype explain sh-patt", ["SH-PATTERN"]),
        ("owltype export -f ntr", ["ntriples"]),
        ("owltype query --results-format mark", ["markdown"]),
        ("owltype query topics", ["topics-of-pages"]),
        ("owltype query broken", ["broken"]),
        ("owltype validate --engine py", ["pyshacl"]),
    ],
)
def test_completion_offers(line: str, expected: list[str], tmp_path: Path) -> None:
    queries = tmp_path / "queries"
    queries.mkdir()
    (queries / "topics-of-pages.rq").write_text("# title: Topics\nSELECT * {}\n", "utf-8")
    (queries / "broken.rq").write_text("# expects: nothing at all\nSELECT\n", "utf-8")
    words = {"_OWLTYPE_COMPLETE": "zsh_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1)}
    done = owltype(cwd=tmp_path, environment=words)
    offered = done.stdout.replace("\\:", ":").split("\n")[1::3]
    assert offered == expected, done.stderr
