"""A folder of parts that many processes write, on any machine, and that takes its place whole: a hidden folder beside it, a rename.

Each part is written under a name of its own attempt, and then takes its name: of two attempts at one part either may win, because both
have the same bytes; of one that was ended nothing is left. What is not listed when the folder is finished goes.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from exporter.errors import OutputError
from exporter.rdf.compression import Sink
from exporter.rdf.syntaxes import Compression
from exporter.system.undoing import forget, undo_with, uninterrupted
from exporter.text import quote
from exporter.writers.files import PATH_SHOWN, fail_to_write, write_direct
from exporter.writers.temporaries import lock, remove_stray_folders, sync_folder, temporary_name

SUCCESS = "_SUCCESS"
"""The list of the parts, which is there when all of them are."""
_MARK = ".run"


class PartsFolder:
    """The folder that the parts are for; until it is finished the old one stands, and after a failure, too.

    An earlier export's folder is replaced, and one with anything else in it is not touched. Raises OutputError.

    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp(), "graph")
    >>> with PartsFolder(target) as folder:
    ...     with write_part(folder.staging, "a.nt~1") as sink:
    ...         _ = sink.write(b"text")
    ...     folder.finish({"a.nt~1": "a.nt"}, b"{}")
    >>> sorted(file.name for file in target.iterdir())
    ['_SUCCESS', 'a.nt']
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._shown = os.fspath(path)
        self._target = Path(os.path.realpath(path))
        self._check_target()
        try:
            self._target.parent.mkdir(parents=True, exist_ok=True)
            remove_stray_folders(self._target.parent)
            self._staging = self._target.with_name(temporary_name(self._target.name))
            with uninterrupted():
                self._staging.mkdir()
                self._undo = undo_with(self._remove)
            self._lock = os.open(self._staging, os.O_RDONLY) if os.name == "posix" else None
            (self._staging / _MARK).write_text(self._staging.name, "utf-8")
        except OSError as error:
            fail_to_write(self._shown, error, stands=False)
        if self._lock is not None:
            lock(self._lock)

    @property
    def staging(self) -> str:
        """Where parts are written."""
        return str(self._staging)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._remove()
        forget(self._undo)
        if self._lock is not None:
            os.close(self._lock)

    def finish(self, parts: Mapping[str, str], success: bytes) -> None:
        """Give the parts that were written their names, write what says so, and put the folder in its place."""
        try:
            for written, name in parts.items():
                (self._staging / written).replace(self._staging / name)
            for other in [path for path in self._staging.iterdir() if path.name not in set(parts.values())]:
                other.unlink()
            with (self._staging / SUCCESS).open("wb") as file:
                file.write(success)
                file.flush()
                os.fsync(file.fileno())
            sync_folder(self._staging)
            self._replace()
        except OSError as error:
            fail_to_write(self._shown, error, stands=False)

    def _replace(self) -> None:
        """Two renames where there is an old folder: no system has one for two folders."""
        old = self._target.with_name(temporary_name(self._target.name))
        with uninterrupted():
            if had_old := self._target.is_dir():
                self._target.replace(old)
            try:
                self._staging.replace(self._target)
            except OSError:
                if had_old:
                    old.replace(self._target)
                raise
        sync_folder(self._target.parent)
        if had_old:
            shutil.rmtree(old, ignore_errors=True)

    def _check_target(self) -> None:
        shown = quote(self._shown, PATH_SHOWN)
        try:
            names = sorted(os.listdir(self._target)) if os.path.lexists(self._target) else []  # noqa: PTH208 - names alone
        except NotADirectoryError:
            raise OutputError(f"can't write {shown}: it is a file, and parts go into a folder; name another") from None
        except OSError as error:
            fail_to_write(self._shown, error, stands=False)
        listed = {SUCCESS, *list_parts(self._target)} if names else set()
        others = [name for name in names if name not in listed]
        if others:
            raise OutputError(
                f"can't replace the folder {shown}: {quote(others[0])} in it is not part of an earlier export; "
                "name a new folder, or remove it"
            )

    def _remove(self) -> None:
        shutil.rmtree(self._staging, ignore_errors=True)


def list_parts(folder: Path) -> list[str]:
    """List the parts that an earlier export wrote into a folder; nothing where it has not."""
    import json

    try:
        return [str(part["name"]) for part in json.loads((folder / SUCCESS).read_bytes())["parts"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []


def sees_folder(staging: str) -> bool:
    """Say whether this process sees the folder that parts go to, and not another one with its path on another machine."""
    try:
        return Path(staging, _MARK).read_text("utf-8") == Path(staging).name
    except OSError:
        return False


@contextlib.contextmanager
def write_part(staging: str, name: str, compression: Compression | None = None) -> Iterator[Sink]:
    """Open a part; it takes its name when the block has ended well. Raises OutputError."""
    temporary = Path(staging, temporary_name(f"{name}.{os.uname().nodename if hasattr(os, 'uname') else ''}"))
    try:
        file = temporary.open("xb")
    except OSError as error:
        fail_to_write(str(temporary), error, stands=False)
    try:
        with file:
            with write_direct(str(Path(staging, name)), file, compression) as sink:
                yield sink
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(Path(staging, name))
    except OSError as error:
        fail_to_write(str(Path(staging, name)), error, stands=False)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
