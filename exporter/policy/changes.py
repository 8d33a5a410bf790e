"""The files that a branch touched, by git: what `--changed-since` checks."""

from __future__ import annotations

import subprocess
from pathlib import Path

from exporter.errors import UsageError
from exporter.processes import Git
from exporter.text import quote

_SECONDS = 60


def changed_files(ref: str, folder: str | Path = ".") -> frozenset[str]:
    """Give the absolute paths of files that differ from where the current branch left `ref`: committed, staged, edited and new ones.

    `folder` is in the work tree that is asked. Raises UsageError where there is no git, no work tree or no such commit.
    """
    try:
        return _changed(ref, folder)
    except FileNotFoundError:
        raise UsageError("--changed-since needs git, and there is none on the path") from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"git took longer than {_SECONDS} s") from None


def committed_changes(folder: str | Path = ".") -> tuple[frozenset[str], frozenset[str]]:
    """Give the absolute paths of files that the next commit deletes, and of those that git does not know; nothing without git."""
    try:
        git = Git(folder, _SECONDS)
        top = Path(_ask(git, "rev-parse", "--show-toplevel").rstrip("\n"))
        head = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}")
        listing = ("diff", "--cached", "--name-only", "--no-ext-diff", "--no-renames", "--diff-filter=D", "--ignore-submodules", "-z")
        deleted = "" if head.returncode else _ask(git, "-C", str(top), *listing, "HEAD", "--")
        unknown = _ask(git, "-C", str(top), "ls-files", "--others", "-z")
    except FileNotFoundError:
        return frozenset(), frozenset()
    except subprocess.TimeoutExpired:
        raise UsageError(f"git took longer than {_SECONDS} s") from None
    return _real(top, deleted), _real(top, unknown)


def _real(top: Path, names: str) -> frozenset[str]:
    return frozenset(str((top / name).resolve()) for name in names.split("\0") if name)


def _changed(ref: str, folder: str | Path) -> frozenset[str]:
    git = Git(folder, _SECONDS)
    top = Path(_ask(git, "rev-parse", "--show-toplevel").rstrip("\n"))
    commit = _ask(git, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}", wrong=ref).strip()
    base = _ask(git, "merge-base", commit, "HEAD", wrong=ref).strip()
    # Submodules are work trees of their own, with settings of their own; no record of this one lies there.
    names = _ask(git, "-C", str(top), "diff", "--name-only", "--no-ext-diff", "--no-renames", "--ignore-submodules", "-z", base, "--")
    names += _ask(git, "-C", str(top), "ls-files", "--others", "--exclude-standard", "-z")
    return _real(top, names)


def _ask(git: Git, *arguments: str, wrong: str | None = None) -> str:
    done = git.run(*arguments)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ").splitlines()
        if wrong is not None:
            raise UsageError(f"git knows no commit {quote(wrong)} that this branch comes from; in CI, fetch the whole history")
        raise UsageError(f"--changed-since: git says: {said[0] if said else 'nothing'}")
    return done.stdout.decode(errors="surrogateescape")
