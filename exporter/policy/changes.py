"""What a branch changed, by git: the state that it left, which `--changed-since` compares with."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from exporter.errors import UsageError
from exporter.records.decoding import MAX_FILE_BYTES
from exporter.system.processes import Git
from exporter.text import quote

_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Base:
    """The merge base of the current branch with a revision: its commit, the work tree's folder, and what differs from it now."""

    git: Git
    top: Path
    commit: str
    changed: frozenset[str]

    def write(self, folder: Path) -> None:
        """Write the files of the base from git's objects, as they are there: no filter, no hook, and no other work tree is touched."""
        listed = _ask(self.git, "-C", str(self.top), "ls-tree", "-r", "-l", "-z", "--full-tree", self.commit)
        rows = [(*head.split(), name) for head, _, name in (row.partition("\t") for row in listed.split("\0") if row)]
        files = [(mode, number, name) for mode, kind, number, size, name in rows if kind == "blob" and int(size) <= MAX_FILE_BYTES]
        for start in range(0, len(files), _BATCH):
            self._write_some(files[start : start + _BATCH], folder)

    def _write_some(self, files: Sequence[tuple[str, str, str]], folder: Path) -> None:
        done = self.git.run("-C", str(self.top), "cat-file", "--batch", data="".join(f"{number}\n" for _, number, _ in files).encode())
        stream = io.BytesIO(done.stdout)
        for mode, _, name in files:
            head = stream.readline().split()
            if len(head) != 3:
                raise UsageError("git has no content for a file of the commit; in CI, fetch the whole history")
            data = stream.read(int(head[2]) + 1)[:-1]
            place = folder / name
            if not place.parent.resolve().is_relative_to(folder.resolve()) or place.name == "..":
                raise UsageError(f"the commit has a file {quote(name)}, which would lie outside of its folder")
            place.parent.mkdir(parents=True, exist_ok=True)
            if mode == _LINK:
                place.symlink_to(os.fsdecode(data))
            else:
                place.write_bytes(data)


_BATCH = 1_000
_LINK = "120000"


def find_revision(ref: str, folder: str | Path = ".") -> Base:
    """Find a commit, to compare with; nothing is said of what changed since. Raises UsageError as `find_base` does."""
    try:
        git = Git(folder, _SECONDS)
        top = Path(_ask(git, "rev-parse", "--show-toplevel").rstrip("\n"))
        done = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    except FileNotFoundError:
        raise UsageError(f"there is no file {quote(ref)}, and no git on the path that could know it as a revision") from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"git took longer than {_SECONDS} s") from None
    if done.returncode:
        raise UsageError(f"{quote(ref)} is not a file, and git knows no such revision; in CI, fetch the whole history")
    return Base(git, top, done.stdout.decode().strip(), frozenset())


def find_base(ref: str, folder: str | Path = ".") -> Base:
    """Find where the current branch left `ref`, and which files differ: committed, staged, edited and new ones, by absolute paths.

    `folder` is in the work tree that is asked. Raises UsageError without git, a work tree or such a commit.
    """
    try:
        return _find_base(ref, folder)
    except FileNotFoundError:
        raise UsageError("--changed-since needs git, and there is none on the path") from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"git took longer than {_SECONDS} s") from None


def committed_changes(folder: str | Path = ".", between: tuple[str, str] | None = None) -> tuple[frozenset[str], frozenset[str]]:
    """Give the absolute paths of files that the next commit deletes, and of those that git does not know; nothing without git.

    With `between`, two revisions, the files that the second has no longer since it left the first.
    """
    try:
        git = Git(folder, _SECONDS)
        top = Path(_ask(git, "rev-parse", "--show-toplevel").rstrip("\n"))
        head = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}")
        listing = ("--name-only", "--no-ext-diff", "--no-renames", "--diff-filter=D", "--ignore-submodules", "-z")
        if between is not None:
            first, last = (_commit(git, ref) for ref in between)
            deleted = _ask(git, "-C", str(top), "diff", *listing, f"{first}...{last}", "--")
        else:
            deleted = "" if head.returncode else _ask(git, "-C", str(top), "diff", "--cached", *listing, "HEAD", "--")
        unknown = _ask(git, "-C", str(top), "ls-files", "--others", "-z")
    except FileNotFoundError:
        return frozenset(), frozenset()
    except subprocess.TimeoutExpired:
        raise UsageError(f"git took longer than {_SECONDS} s") from None
    return _real(top, deleted), _real(top, unknown)


def _real(top: Path, names: str) -> frozenset[str]:
    return frozenset(str((top / name).resolve()) for name in names.split("\0") if name)


def _commit(git: Git, ref: str) -> str:
    return _ask(git, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}", wrong=ref).strip()


def _find_base(ref: str, folder: str | Path) -> Base:
    git = Git(folder, _SECONDS)
    top = Path(_ask(git, "rev-parse", "--show-toplevel").rstrip("\n"))
    commit = _commit(git, ref)
    base = _ask(git, "merge-base", commit, "HEAD", wrong=ref).strip()
    # Submodules are work trees of their own, with settings of their own; no record of this one lies there.
    names = _ask(git, "-C", str(top), "diff", "--name-only", "--no-ext-diff", "--no-renames", "--ignore-submodules", "-z", base, "--")
    names += _ask(git, "-C", str(top), "ls-files", "--others", "--exclude-standard", "-z")
    return Base(git, top, base, _real(top, names))


def _ask(git: Git, *arguments: str, wrong: str | None = None) -> str:
    done = git.run(*arguments)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ").splitlines()
        if wrong is not None:
            raise UsageError(f"git knows no commit {quote(wrong)} that this branch comes from; in CI, fetch the whole history")
        raise UsageError(f"--changed-since: git says: {said[0] if said else 'nothing'}")
    return done.stdout.decode(errors="surrogateescape")
