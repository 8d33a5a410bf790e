"""A browser without a window, for tests of pages; skipped by name where there is none."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")


def read_in_browser(address: str, profile: Path, *options: str) -> str:
    """Open a page, and give its tree after the scripts ran."""
    browser = next(filter(None, map(shutil.which, _NAMES)), None)
    if browser is None:
        pytest.skip("no Chromium on this machine")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}", *options, "--dump-dom", address]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def read_package(name: str, file: str, folder: Path) -> str:
    """Fetch a package from npm, and give one of its files; skip where that can't be."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"no npm on this machine, which {name} comes from")
    done = subprocess.run([npm, "pack", "--silent", name], cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        pytest.skip(f"{name} can't be fetched from npm")
    subprocess.run(["tar", "-xzf", done.stdout.split()[-1], f"package/{file}"], cwd=folder, check=True)
    return (folder / "package" / file).read_text("utf-8")


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Give a browser that tests drive; skip where there is none."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()
