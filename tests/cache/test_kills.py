"""A run that is killed at any moment, and one that can't write, leave the next run nothing wrong to begin with."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exporter.errors import ExporterError
from tests.cache.test_kept import project_of, run
from tests.references.sites import ONTOLOGY, make_site
from tests.running import OWLTYPE, clean_environment, owltype

_TIMES = 12

SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/ns#> .
ex:PostShape a sh:NodeShape ; sh:targetClass ex:Post ; sh:property [ sh:path ex:title ; sh:maxLength 8 ] .
"""


def _edit(site: Path, chance: random.Random, number: int) -> None:
    """Change, add or remove a record, or change the ontology."""
    file = site / f"content/posts/p{chance.randrange(40):03}.md"
    kind = chance.randrange(6)
    if kind == 0:
        file.unlink(missing_ok=True)
    elif kind == 1:
        (site / "ontology.ttl").write_text(ONTOLOGY.replace("/people/", f"/people{chance.randrange(2)}/"))
    else:
        file.write_text(f"---\nowlType: Post\ntitle: Edit {number}\nauthor: Bob\nteam: {{name: T{chance.randrange(3)}, head: Eve}}\n---\n")


def _same_as_cold(site: Path) -> None:
    warm = owltype("export", "-o", "warm.ttl", "--output-format", "concise", cwd=site)
    checked = owltype("validate", "--output-format", "concise", cwd=site)
    cold = owltype("export", "-o", "cold.ttl", "--output-format", "concise", "--no-cache", cwd=site)
    expected = owltype("validate", "--output-format", "concise", "--no-cache", cwd=site)
    assert (site / "warm.ttl").read_bytes() == (site / "cold.ttl").read_bytes()
    assert warm.stderr.replace("warm.ttl", "cold.ttl") == cold.stderr
    assert (checked.stdout, checked.stderr, checked.status) == (expected.stdout, expected.stderr, expected.status)
    assert not list(site.rglob("*.owltype-tmp"))


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL on Windows")
def test_a_killed_run_leaves_nothing_wrong(tmp_path: Path) -> None:
    chance = random.Random(5)
    site = make_site(tmp_path, posts=400)
    (site / "owltype.toml").write_text('paths = ["content"]\nontology = ["ontology.ttl"]\nshapes = ["shapes.ttl"]\n')
    (site / "shapes.ttl").write_text(SHAPES)
    began = time.monotonic()
    _same_as_cold(site)
    longest = (time.monotonic() - began) / 3
    for number in range(_TIMES):
        _edit(site, chance, number)
        command = ["export", "-o", "warm.ttl"] if number % 3 else ["validate"]
        with subprocess.Popen(
            [*OWLTYPE, *command], cwd=site, env=clean_environment({}), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(chance.uniform(0.1, longest))
            process.send_signal(signal.SIGKILL)
        if number % 2:
            _edit(site, chance, number + 100)
        _same_as_cold(site)


@pytest.mark.slow
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO], ids=errno.errorcode.get)
@pytest.mark.parametrize("call", [name for name in ("fsync", "copy_file_range", "replace", "utime") if hasattr(os, name)])
def test_a_call_that_fails_leaves_nothing_wrong(call: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)
    site = make_site(tmp_path, posts=12)
    run(site)
    real: Callable[..., Any] = getattr(os, call)
    for number in range(4):
        _edit(site, chance, number)
        count = 0

        def failing(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the call itself
            nonlocal count
            count += 1
            if count == number + 1:  # noqa: B023 - it is called in this round only
                raise OSError(code, os.strerror(code))
            return real(*args, **kwargs)

        with monkeypatch.context() as patch:
            patch.setattr(os, call, failing)
            with contextlib.suppress(ExporterError):
                run(site)
        assert run(site) == run(site, "cold.ttl", cache=False)
    assert project_of(site).cache is not None
