"""What the files of a run looked like, and the folders that they were found in: by it the next run knows which files have changed.

Nothing is opened for it, and where the folders are as they were, no glob and no `.gitignore` is asked again: what discovery gives follows
from the names and kinds of what is in the folders, from the files that say what git ignores, and from what a run is asked. A name comes
or goes only with a new time of its folder (https://pubs.opengroup.org/onlinepubs/9799919799/functions/open.html, and so for `rename`,
`unlink` and `mkdir`). A folder with another time is listed again, and is as it was where the same names of the same kinds are in it.
"""

from __future__ import annotations

import os
import stat
import time
from array import array
from collections.abc import Iterable, Mapping, Sequence
from operator import ne
from typing import NamedTuple

from exporter.cache import stamps
from exporter.cache.columns import ByteColumn, Column
from exporter.cache.stamps import UNTIMED, Look, look_of
from exporter.digests import checksum, content_digest
from exporter.discovery import Discovered, Entered, Selection
from exporter.errors import CacheError
from exporter.gitignore import REPOSITORY, Repository, deciding_files
from exporter.tree import Tree

_GONE = Look(-1, UNTIMED, 0, 0)
_LOOK = len(Look._fields)
_MTIME = Look._fields.index("mtime_ns")
_BLOCK = 1024 * _LOOK


class Listed(NamedTuple):
    """What a run found: where its files are, and how each of them, and each folder, looked, number by number.

    `left_out` is the digest of the files that are not records, with the reasons. `folders` is empty where the walk can't be known to be
    the same without being done again. `names` are digests of what is in the folders, `deciding` the files that say what is ignored, and
    `contents` digests of these.
    """

    left_out: bytes = b""
    places: bytes = b""
    looks: array[int] = array("q")
    folders: tuple[bytes, ...] = ()
    folder_looks: array[int] = array("q")
    names: tuple[bytes, ...] = ()
    deciding: tuple[bytes, ...] = ()
    contents: tuple[bytes, ...] = ()

    @property
    def files(self) -> int:
        """How many files with records there are."""
        return len(self.looks) // _LOOK

    def look_again(self) -> Listed | None:
        """Give what is there now, if the walk would find the same files; None where that can't be told."""
        began_ns = time.time_ns()
        if not self.folders or any(map(ne, map(_content, self.deciding), self.contents)):
            return None
        looks = _looks_of_folders(self.folders, self.folder_looks, self.names, began_ns)
        return None if looks is None else self._replace(looks=_looks(self.places.split(b"\0"), began_ns), folder_looks=looks)

    def changes(self, now: Listed) -> list[int] | None:
        """Give the numbers of the files that look otherwise now, None where other files are there."""
        if self.places != now.places or self.left_out != now.left_out or len(self.looks) != len(now.looks):
            return None
        rows = [row for row, mtime in enumerate(times) if mtime == UNTIMED] if UNTIMED in (times := now.looks[_MTIME::_LOOK]) else []
        if self.looks == now.looks:
            return rows
        for block in range(0, len(self.looks), _BLOCK):
            if self.looks[block : block + _BLOCK] != now.looks[block : block + _BLOCK]:
                starts = range(block, min(block + _BLOCK, len(self.looks)), _LOOK)
                rows += [at // _LOOK for at in starts if self.looks[at : at + _LOOK] != now.looks[at : at + _LOOK]]
        return sorted(set(rows))

    def look(self, row: int) -> Look:
        """Say how a file looked."""
        return Look(*self.looks[row * _LOOK : (row + 1) * _LOOK])

    def columns(self) -> dict[str, array[int] | Sequence[bytes]]:
        """Give it as columns of a table."""
        return {name: [value] if isinstance(value, bytes) else value for name, value in self._asdict().items()}

    @classmethod
    def of_columns(cls, columns: Mapping[str, Column]) -> Listed:
        """Take it from the columns of a table; raises CacheError for what is not one."""
        looks, folder_looks = columns.get("looks"), columns.get("folder_looks")
        texts = [tuple(column) for name in cls._fields if isinstance(column := columns.get(name), ByteColumn)]
        if (
            not (isinstance(looks, array) and isinstance(folder_looks, array))
            or list(map(len, texts[:2])) != [1, 1]
            or len(texts) != _TEXTS
        ):
            raise CacheError("not what a run listed")
        (left_out,), (places,), folders, names, deciding, contents = texts
        files = places.count(b"\0") + 1 if places else 0
        fit = (len(looks), len(folder_looks), len(folders), len(deciding))
        if fit != (files * _LOOK, len(folders) * _LOOK, len(names), len(contents)):
            raise CacheError("columns of a listing that differ in length")
        return cls(left_out, places, looks, folders, folder_looks, names, deciding, contents)


_TEXTS = 6


class Listing:
    """Takes what discovery finds, in its order: the folders, and the files, and looks at each record before it is read."""

    def __init__(self, tree: Tree, paths: Sequence[str], selection: Selection) -> None:
        self._tree = tree
        self._selection = selection
        self._left = checksum()
        self._places = bytearray()
        self._looks = array("q")
        self._folders: list[bytes] = []
        self._folder_looks = array("q")
        self._names: list[bytes] = []
        self._contents: dict[str, bytes] = {}
        self._repositories: dict[int, Repository] = {}
        self._within: set[str] = set()
        self._began_ns = time.time_ns()  # before all looks: what had rested then has rested when it is looked at
        # Of several PATHs a file is read once, by its inode, and so it is where links are followed; a mount may hide what is in another.
        self._repeats = len(paths) == 1 and not (selection.follow_symlinks or tree.mount(paths).mounts or tree.overlays)
        if self._repeats and selection.gitignore:
            start = os.path.normpath(os.path.join(tree.here, *paths))  # noqa: PTH118 - texts
            self._read_deciding(start)
            while (above := os.path.dirname(start)) != start:  # noqa: PTH120 - as above
                start = above
                self._read_deciding(start)

    def _read_deciding(self, folder: str) -> None:
        """Read what says what is ignored, before the walk reads it: where it changes meanwhile, the next run sees another content."""
        for file in deciding_files(folder):
            self._contents.setdefault(file, _content(os.fsencode(file)))

    def enter(self, folder: Entered) -> None:
        """Enter a folder that is walked."""
        names = _names_in(folder.entries) if self._repeats else None
        if names is None:
            self._repeats = False
            return
        self._names.append(names)
        self._folders.append(os.fsencode(folder.place))
        self._folder_looks.extend(_rested(look_of(folder.status), self._began_ns))
        within = {entry.name for entry in folder.entries if entry.name.startswith(".git")}
        if self._selection.gitignore and within:
            self._read_deciding(folder.place)
        repository = Repository(folder.place) if REPOSITORY in within else folder.around.repository if folder.around else None
        if repository is not None:
            self._repositories[id(repository)] = repository
        if REPOSITORY in within:  # its own object is not this one, and may have been asked
            self._within.add(folder.place)

    def add(self, found: Discovered) -> None:
        """Enter a file, or the reason why it is left out."""
        if not found.is_record:
            problems = "".join(f"\0{problem.code}\0{problem.message}" for problem in found.problems)
            self._left.update(f"{found.path}\0{found.skipped}{problems}\n".encode("utf-8", "surrogateescape"))
            return
        place = os.fsencode(self._tree.place(found.path))
        self._places += b"\0" + place if self._looks else place
        self._looks.extend(_look(place, self._began_ns))

    def listed(self) -> Listed:
        """Give what was found."""
        files = Listed(self._left.digest(), bytes(self._places), self._looks)
        if not self._repeats or not self._folders or not all(map(self._read_index, self._repositories.values())):
            return files
        return files._replace(
            folders=tuple(self._folders),
            folder_looks=self._folder_looks,
            names=tuple(self._names),
            deciding=tuple(map(os.fsencode, self._contents)),
            contents=tuple(self._contents.values()),
        )

    def _read_index(self, repository: Repository) -> bool:
        """Read what git tracks, where that mattered; False where it may have changed since the walk read it."""
        if not (repository.was_asked or repository.top in self._within):
            return True
        index = os.fsencode(repository.index)
        self._contents[str(repository.index)] = _content(index)
        return _look(index, self._began_ns).mtime_ns != UNTIMED or not os.path.lexists(index)


def _look(place: bytes | str, began_ns: int) -> Look:
    try:
        found = os.stat(place)  # noqa: PTH116 - for every file, and pathlib is slow
        return _rested(look_of(found), began_ns)
    except OSError:
        return _GONE


def _looks(places: Iterable[bytes], began_ns: int) -> array[int]:
    """Look at files: as `_look` does, and faster, because all of them are looked at in every run."""
    looks, look, is_file = array("q"), os.stat, stat.S_ISREG
    add = looks.extend
    late: list[int] = []
    rested_ns = began_ns - stamps.GRANULARITY_NS
    for place in places:
        try:
            found = look(place)
        except OSError:
            add(_GONE)
            continue
        mtime, ctime = found.st_mtime_ns, found.st_ctime_ns
        if not is_file(found.st_mode):
            add(_GONE)
            continue
        if mtime >= rested_ns or ctime >= rested_ns:
            late.append(len(looks) // _LOOK)
        add((found.st_size, mtime, ctime, found.st_ino & stamps.SIGNED))
    for row in late:
        looks[row * _LOOK + _MTIME] = UNTIMED
    return looks


def _rested(look: Look, began_ns: int) -> Look:
    """Give a look without a time where a change after it might not show."""
    return look if stamps.rested(look, began_ns) else look._replace(mtime_ns=UNTIMED)


def _looks_of_folders(folders: Sequence[bytes], looks: array[int], names: Sequence[bytes], began_ns: int) -> array[int] | None:
    """Look at folders, and list those again that look otherwise; None where one has not the same in it."""
    now = array("q")
    for at, (folder, inside) in enumerate(zip(folders, names, strict=True)):
        look = _look(folder, began_ns)
        now.extend(look)
        if look.mtime_ns == UNTIMED or looks[at * _LOOK : (at + 1) * _LOOK] != now[-_LOOK:]:
            try:
                with os.scandir(os.fsdecode(folder)) as found:
                    entries = sorted(found, key=lambda entry: entry.name)
            except OSError:
                return None
            if _names_in(entries) != inside:
                return None
    return now


def _names_in(entries: Iterable[os.DirEntry[str]]) -> bytes | None:
    """Give a digest of the names in a folder and of what each is; None where one is a link: what that leads to is found elsewhere."""
    kinds = []
    for entry in entries:
        if entry.is_symlink():
            return None
        kinds.append(entry.name + ("/" if entry.is_dir() else "" if entry.is_file() else "|"))
    return content_digest("\0".join(kinds).encode("utf-8", "surrogatepass"))


def _content(file: bytes) -> bytes:
    """Give the digest of a small file; nothing where there is none, or something else."""
    try:
        found = os.stat(file)  # noqa: PTH116 - for a dozen in each run
        if not stat.S_ISREG(found.st_mode):
            return b"/"
        with open(file, "rb") as opened:  # noqa: PTH123 - as above
            return content_digest(opened.read())
    except OSError:
        return b""
