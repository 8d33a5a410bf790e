"""docs/generating.md is true: its files and commands run in order, and give what it shows."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import OWLTYPE, ROOT, clean_environment

PAGE = (ROOT / "docs" / "generating.md").read_text("utf-8")
PARTS = re.findall(r"<!-- (file|run)(?:: (\S+))? -->\n```\w*\n(.*?)```", PAGE, re.DOTALL)
PROGRAMS = {"owltype": list(OWLTYPE), "check-jsonschema": [sys.executable, "-m", "check_jsonschema"], "cat": ["cat"], "grep": ["grep"]}


@pytest.mark.slow
def test_files_and_commands_of_the_page_run(tmp_path: Path) -> None:
    assert PARTS
    for kind, name, text in PARTS:
        if kind == "file":
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            continue
        for step in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, _, expected = step.partition("\n")
            program, *arguments = shlex.split(command)
            done = subprocess.run(
                [*PROGRAMS[program], *arguments], cwd=tmp_path, env=clean_environment({}), capture_output=True, text=True, check=False
            )
            said = "".join(line.rstrip() + "\n" for line in (done.stdout + done.stderr).splitlines())
            assert (said, done.returncode) == (expected, int(name or 0)), command


def test_every_command_is_on_the_page() -> None:
    from exporter.cli.commands.gen import command

    assert {f"| `owltype gen {name}` |" for name in command.commands} <= set(re.findall(r"^\| `owltype gen [\w-]+` \|", PAGE, re.MULTILINE))
