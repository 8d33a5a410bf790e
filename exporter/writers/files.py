"""Files that are written whole or not at all: a temporary file beside the target, fsync, rename.

A kill at any moment leaves the old file or the new one.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, NoReturn, Self

from exporter.errors import ExporterError, OutputError
from exporter.rdf.compression import Sink, check_compression, compress
from exporter.rdf.syntaxes import Compression
from exporter.system.undoing import forget, undo_with, uninterrupted
from exporter.text import quote
from exporter.writers.temporaries import is_same, lock, remove_strays, sync_folder, temporary_name

PATH_SHOWN = 1_000  # characters of a path in a message: all of it, unless someone plays tricks
_BUFFER = 1 << 20
_NAME_LIMIT = 200  # of 255 bytes that a name may have; the rest is for the process id, a number and the suffix


class PipeClosed(ExporterError):  # noqa: N818  # a quiet end, not an error: `owltype export -o - | head`
    """The reader of standard output has gone. The command line ends quietly."""


class AtomicFile:
    r"""A file that takes its target's place when the `with` block ends well, and leaves no trace when it does not.

    The temporary file is made at once, so a folder that can't be written to is found before the work starts. A symbolic
    link stays, and what it points to is replaced; the old file's mode bits are kept. Raises OutputError, and the old file stands.
    A `private` file is for its owner's eyes, and can be made again: a link in its place is replaced, and nothing waits for the disk.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with AtomicFile(Path(folder, "graph.nt")) as file:
    ...         file.write(b"whole\n")
    ...     os.listdir(folder), Path(folder, "graph.nt").read_bytes()
    (['graph.nt'], b'whole\n')
    """

    def __init__(self, path: str | os.PathLike[str], *, private: bool = False) -> None:
        self._shown = os.fspath(path)
        self._private = private
        self._target = Path(path) if private else Path(os.path.realpath(path))
        self._old = self._stat_target()
        if not private:  # a folder of many such files is cleaned once
            remove_strays(self._target.parent)
        with uninterrupted():
            self._temporary, descriptor = self._create()
            self._undo = undo_with(self._temporary.unlink)
        self._file: IO[bytes] = os.fdopen(descriptor, "wb", _BUFFER)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self.commit()
        else:
            self.discard()

    def write(self, data: bytes | memoryview, /) -> None:
        """Take some bytes."""
        try:
            self._file.write(data)
        except OSError as error:
            self.discard()
            self._fail(error)

    def copy(self, source: IO[bytes], start: int, length: int) -> None:
        """Take a span of another file, without reading it where the system can do that; raises OutputError where it is too short."""
        try:
            self._file.flush()
            while length and (count := _copy(source.fileno(), self._file.fileno(), length, start)):
                start, length = start + count, length - count
        except OSError as error:
            self.discard()
            self._fail(error)
        if length:
            self.discard()
            self._fail(OSError(errno.EIO, "the file that is copied from is shorter than it was"))

    def commit(self) -> None:
        """Put the new file in the old one's place."""
        try:
            self._file.flush()
            if not self._private:
                self._keep_owner_and_mode()
                os.fsync(self._file.fileno())
            self._temporary.replace(self._target)
            forget(self._undo)
            self._file.close()
        except OSError as error:
            self.discard()
            self._fail(error)
        if self._private:
            return
        try:
            sync_folder(self._target.parent)
        except OSError as error:
            fail_to_write(self._shown, error, stands=False)

    def discard(self) -> None:
        """Remove the temporary file; the old file stands."""
        with contextlib.suppress(OSError):
            self._temporary.unlink(missing_ok=True)
        forget(self._undo)
        with contextlib.suppress(OSError):
            self._file.close()

    def _stat_target(self) -> os.stat_result | None:
        try:
            found = self._target.lstat() if self._private else self._target.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            self._fail(error)
        if stat.S_ISDIR(found.st_mode):
            raise OutputError(f"can't write {quote(self._shown, PATH_SHOWN)}: it is a folder; name a file")
        return found

    def _create(self) -> tuple[Path, int]:
        name = self._target.name.encode()[:_NAME_LIMIT].decode(errors="ignore")
        mode = 0o600 if self._private else 0o666
        while True:
            path = self._target.with_name(temporary_name(name))
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
            except FileExistsError:
                continue  # a stray of a run that had our process id
            except OSError as error:
                self._fail(error)
            lock(descriptor, wait=True)  # a run that looks for strays may hold it for a moment
            if is_same(path, descriptor):
                return path, descriptor
            os.close(descriptor)  # another run took it for a stray between its making and its locking

    def _keep_owner_and_mode(self) -> None:
        if self._old is None:
            return
        descriptor = self._file.fileno()
        if hasattr(os, "fchown"):
            with contextlib.suppress(PermissionError):
                os.fchown(descriptor, self._old.st_uid, self._old.st_gid)
            os.fchmod(descriptor, stat.S_IMODE(self._old.st_mode))

    def _fail(self, error: OSError) -> NoReturn:
        fail_to_write(self._shown, error, stands=not self._private)


class DirectFile:
    """Standard output, a device or a named pipe: written as it comes. Raises PipeClosed when its reader has gone."""

    def __init__(self, shown: str, file: IO[bytes], *, stands: bool = False) -> None:
        self._shown = shown
        self._file = file
        self._stands = stands

    def write(self, data: bytes, /) -> None:
        """Take some bytes."""
        with self._guarded():
            view = memoryview(data)
            while view:
                view = view[self._file.write(view) or 0 :]

    def flush(self) -> None:
        """Pass on what is held back."""
        with self._guarded():
            self._file.flush()

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            # Python flushes standard output once more when it ends, and would complain then.
            with contextlib.suppress(OSError, ValueError):
                descriptor = os.open(os.devnull, os.O_WRONLY)
                os.dup2(descriptor, self._file.fileno())
                os.close(descriptor)
            raise PipeClosed(f"the reader of {self._shown} has gone") from None
        except OSError as error:
            fail_to_write(self._shown, error, stands=self._stands)


@contextlib.contextmanager
def open_output(path: str | os.PathLike[str], compression: Compression | None = None) -> Iterator[Sink]:
    """Open what an export writes to: a file that is written whole or not at all, or standard output for `-`.

    Raises OutputError where it can't be written, at once if that can be known, PipeClosed when the reader of a pipe has gone.
    """
    check_compression(compression)
    if os.fspath(path) == "-":
        with write_direct("standard output", sys.stdout.buffer, compression) as sink:
            yield sink
    elif _is_special(path):
        with _open_device(path) as device, write_direct(os.fspath(path), device, compression) as sink:
            yield sink
    else:
        with AtomicFile(path) as file, _compressed(file, compression) as sink:
            yield sink


def _copy(source: int, target: int, length: int, start: int) -> int:
    """Copy up to `length` bytes from `start` of a file to where another one stands, and say how many."""
    if hasattr(os, "copy_file_range"):
        try:
            return os.copy_file_range(source, target, length, offset_src=start)
        except OSError as error:
            if error.errno not in {errno.EXDEV, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}:  # file systems that can't say so
                raise
    os.lseek(source, start, os.SEEK_SET)
    data = memoryview(os.read(source, min(length, _BUFFER)))
    written = 0
    while written < len(data):
        written += os.write(target, data[written:])
    return written


def check_writable(path: str | os.PathLike[str]) -> None:
    """Raise OutputError where a file can't be written, before the work starts."""
    if os.fspath(path) != "-" and not _is_special(path):
        AtomicFile(path).discard()


def fail_to_write(path: str | os.PathLike[str], error: OSError, *, stands: bool = True) -> NoReturn:
    """Raise OutputError for an error of the operating system, in a sentence."""
    folder = Path(path).parent
    if isinstance(error, FileNotFoundError) and not folder.is_dir():
        reason = f"the folder {quote(folder, PATH_SHOWN)} does not exist; make it first"
    else:
        reason = (error.strerror or str(error)).lower()
    kept = "; the old file is unchanged" if stands and Path(path).is_file() else ""
    raise OutputError(f"can't write {quote(os.fspath(path), PATH_SHOWN)}: {reason}{kept}") from error


def _open_device(path: str | os.PathLike[str]) -> IO[bytes]:
    try:
        return Path(path).open("wb")
    except OSError as error:
        fail_to_write(path, error, stands=False)


@contextlib.contextmanager
def write_direct(shown: str, file: IO[bytes], compression: Compression | None, *, stands: bool = False) -> Iterator[Sink]:
    """Write into an open file as it comes. `stands` tells that the file of that name is another one, which a failure leaves as it was."""
    direct = DirectFile(shown, file, stands=stands)
    with _compressed(direct, compression) as sink:
        yield sink
    direct.flush()


@contextlib.contextmanager
def _compressed(sink: Sink, compression: Compression | None) -> Iterator[Sink]:
    if compression is None:
        yield sink
        return
    compressor = compress(sink, compression)
    yield compressor
    compressor.close()


def _is_special(path: str | os.PathLike[str]) -> bool:
    """Devices and named pipes can't be renamed over: `-o /dev/stdout`, `-o >(less)`."""
    try:
        mode = Path(path).stat().st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)
