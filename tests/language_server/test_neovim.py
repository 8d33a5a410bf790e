"""A real editor with the settings that we offer: Neovim, without a screen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.language_server.sites import SITE
from tests.modules import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed: nvim")]
HERE = Path(__file__).parent


def test_it_shows_a_problem_completes_and_applies_a_fix(tmp_path: Path) -> None:
    shutil.copytree(SITE, tmp_path / "site")
    record, answer = tmp_path / "site/notes/four-beds.md", tmp_path / "answer.json"
    record.write_text(record.read_text("utf-8").replace("stage: budding", "stage: Budding"), "utf-8")
    said = {
        "EDITOR_CONFIG": str(ROOT / "editors/neovim/owltype.lua"),
        "EDITOR_RECORD": str(record),
        "EDITOR_ANSWER": str(answer),
        "EDITOR_COMMAND": json.dumps([sys.executable, "-m", "exporter", "lsp"]),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "PYTHONPATH": str(ROOT),
    }
    command = ["nvim", "--headless", "--clean", "-n", "-c", f"luafile {HERE / 'neovim.lua'}"]
    done = subprocess.run(command, env={**os.environ, **said}, capture_output=True, text=True, timeout=90, cwd=tmp_path, check=False)
    assert answer.exists(), done.stderr
    shown = json.loads(answer.read_text("utf-8"))
    assert "failed" not in shown
    assert [(code, line) for code, line, _ in shown["diagnostics"]] == [("SH-IN", 3)]
    assert shown["completion"] == ["Jon Bell", "Mira Sand"]
    assert shown["title"] == 'Write "budding"'
    assert "stage: budding" in shown["text"]
