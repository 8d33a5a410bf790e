"""Files that are not records, as values name them: whether they are there, and the addresses that a site gives them.

What is there is part of what settles a run's references, as the records are: `looked_at` says which folders were asked, and their names.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from unicodedata import normalize
from urllib.parse import quote, unquote, urljoin, urlsplit

from exporter.discovery import PRUNED, Discovered
from exporter.plan.model import BESIDE_PAGE, Plan
from exporter.project import Project
from exporter.references.known_records import INDEX_NAMES, Occurrence
from exporter.references.targets import LinkTarget
from exporter.tree import is_below

PAGE_SUFFIXES = (
    *(".md", ".markdown", ".mdx", ".mkd", ".mkdn", ".mdown", ".mdwn", ".qmd", ".rmd", ".rst", ".adoc", ".asciidoc", ".org"),
    *(".njk", ".liquid", ".textile"),
)
"""What files end in that are nothing but pages: where one is not a record, that is worth a word."""
_USUAL = ("static", "public")
"""Folders that tools serve at the root of a site, where the settings name none."""
_SAFE = "/!$&'()*+,;=:@-._~"
_LISTED_AT_MOST = 100_000
_WIKI = re.compile(r"!?\[\[")


class OtherFiles:
    """Looks files up by what was typed, never outside of the project, and in folders as they are listed: case counts everywhere."""

    def __init__(self, project: Project, plan: Plan) -> None:
        self._project = project
        self._plan = plan
        self._tree = project.tree
        self._site = plan.ontology.constants.get("site", "").rstrip("/")
        self._served = sorted(plan.policies.file_addresses, key=lambda pair: (-len(pair[0]), pair[0]))
        self._anywhere = plan.policies.ambiguous == "nearest"
        self.pages: dict[str, str] = {}
        """The address of the page that stands for a folder, where the settings say that files stand beside it."""
        self._folders: dict[str, Mapping[str, bool]] = {}

    @property
    def looked_at(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Give the folders that were listed so far with the names in them: another list may settle references in another way."""
        return tuple((folder, tuple(sorted(names))) for folder, names in sorted(self._folders.items()))

    def looks_the_same(self) -> bool:
        """Say whether these folders have the same names still."""
        return all(dict(self._look(folder)) == names for folder, names in self._folders.items() if names)

    @property
    def needs_pages(self) -> bool:
        """Whether the address of a file may depend on that of a page."""
        return any(address == BESIDE_PAGE for _, address in self._served)

    def find(self, text: str, targets: Sequence[LinkTarget], place: Occurrence) -> str | None:
        """Give the project path of the file that a text names in a record's file; None where there is none."""
        for target in targets:
            for path in self._candidates(target.text, place):
                if self.exists(path):
                    return path
        if self._anywhere or _WIKI.match(text.strip()):
            return self._found_by_end(targets, place)
        return self._matched(text, place) if "*" in text else None

    def find_page(self, targets: Sequence[LinkTarget], place: Occurrence) -> str | None:
        """Give the project path of a page that is there, though no record: with the ending that links leave out, or in its folder."""
        for target in targets:
            for path in self._candidates(target.text, place):
                forms = (path, *(f"{path}{suffix}" for suffix in PAGE_SUFFIXES[:3]), *(f"{path}/{name}.md" for name in INDEX_NAMES))
                found = next((form for form in forms if self.exists(form)), None)
                if found is not None:
                    return found
        return None

    def address(self, path: str, place: Occurrence) -> str | None:
        """Give the address of a file on the site, None where nobody knows it, and for a glob that several files match."""
        for folder, address in self._served:
            if is_below(path, folder) and "*" not in path:
                below = posixpath.relpath(path, folder) if folder else path
                return self._beside_page(path, place) if address == BESIDE_PAGE else self._base(address, place) + quote(below, safe=_SAFE)
        return None

    def is_page(self, path: str) -> bool:
        """Say whether a file is a record, or was to be one."""
        return path.lower().endswith((*PAGE_SUFFIXES, *self._project.selection.endings)) or path in self._read

    def why_not(self, path: str) -> str:
        """Say why a file that is there gave no record that a value could name, as far as its path tells."""
        if path in self._read:
            return "is a record, but not of this class"
        if path in self._left_out:
            why = self._left_out[path]
            return f"is left out: it is {why}" if not why.startswith(".") else f"has the ending {why}, which is not read"
        below = any(is_below(path, self._tree.project_path(start)) for start in self._project.paths)
        return "is left out by the settings include or exclude" if below else "is not below the paths that are read"

    def exists(self, path: str) -> bool:
        """Say whether there is such a file in the project."""
        path = normalize("NFC", path)
        folder, name = posixpath.split(path)
        if not name or path.startswith(("/", "../")) or path == ".." or "\0" in path:
            return False
        return self._tree.data(path) is not None or self._names(folder).get(name) is False

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the project path of each file that is not a page, below the paths that are read and in served folders."""
        yield from ((name, path) for found in self._listed.values() for path in found for name in [posixpath.basename(path)])

    def _candidates(self, text: str, place: Occurrence) -> Iterator[str]:
        """Yield the project paths that a text may mean, the most likely first; none of them leads out of the project."""
        here, base = posixpath.dirname(place.path), urlsplit(self._site).path
        if "://" in text:
            addresses = [text]
        elif text.startswith("/"):
            addresses = [f"{self._origin(place)}{text}", *([f"{self._site}{text}"] if base else [])]
        else:
            yield from _joined(here, text)
            addresses = [urljoin(place.iri, quote(text, safe=_SAFE + "%"))] if place.iri.startswith("http") else []
        for address in reversed(addresses):
            for folder, served in self._served:
                start = "" if served == BESIDE_PAGE else self._base(served, place)
                if start and address.startswith(start):
                    yield from _joined(folder, unquote(address[len(start) :]))
        if "://" not in text:
            for folder in self._starts:
                yield from _joined(folder, text.lstrip("/"))

    @cached_property
    def _starts(self) -> tuple[str, ...]:
        """The folders that a path may count from beside the one of its file."""
        served = [folder for folder, _ in self._served] or list(_USUAL)
        return tuple(dict.fromkeys(("", *self._read_folders, *served)))

    @cached_property
    def _read_folders(self) -> tuple[str, ...]:
        paths = [self._tree.project_path(path) for path in self._project.paths if path != "-"]
        return tuple(path if self._names(path) or not self.exists(path) else posixpath.dirname(path) for path in paths)

    def _origin(self, place: Occurrence) -> str:
        parts = urlsplit(self._site or place.iri)
        return f"{parts.scheme}://{parts.netloc}"

    def _base(self, address: str, place: Occurrence) -> str:
        """Give an address of the settings as a whole one, with a slash at its end."""
        whole = address if "://" in address else (self._site or self._origin(place)) + address
        return whole.rstrip("/") + "/"

    def _beside_page(self, path: str, place: Occurrence) -> str | None:
        folder = posixpath.dirname(path)
        while folder:
            own = posixpath.dirname(place.path) == folder and posixpath.basename(place.path).partition(".")[0] in INDEX_NAMES
            page = place.iri if own else self.pages.get(folder)
            if page:
                return page + quote(posixpath.relpath(path, folder), safe=_SAFE) if page.endswith("/") else None
            folder = posixpath.dirname(folder)
        return None

    def _found_by_end(self, targets: Sequence[LinkTarget], place: Occurrence) -> str | None:
        """Find a file by the end of its path, wherever it lies, as Obsidian finds attachments: the nearest of several."""
        here = posixpath.dirname(place.path)
        for target in targets:
            wanted = f"/{target.text.strip('/')}".casefold()
            found = [path for path in self._listed.get(posixpath.basename(wanted), ()) if f"/{path}".casefold().endswith(wanted)]
            if found and wanted != "/":
                return min(found, key=lambda path: (posixpath.dirname(path) != here, path.count("/"), len(path), path))
        return None

    def _matched(self, text: str, place: Occurrence) -> str | None:
        """Find a file in the folder of the record by a glob, as Hugo's page resources are named."""
        here = posixpath.dirname(place.path)
        below = sorted(path for path in self._walk(here, 3) if fnmatchcase(posixpath.relpath(path, here or "."), text.removeprefix("./")))
        return below[0] if len(below) == 1 else posixpath.join(here, text) if below else None

    @cached_property
    def _listed(self) -> Mapping[str, Sequence[str]]:
        """The files that are not pages, by their names without case."""
        found: dict[str, list[str]] = {}
        paths: dict[str, None] = {}
        for start in (*self._read_folders, *(folder for folder, _ in self._served)):
            for path in self._walk(start, 20):
                if len(paths) >= _LISTED_AT_MOST:
                    break
                paths[path] = None
        for path in sorted(paths):
            if not path.lower().endswith(PAGE_SUFFIXES):
                found.setdefault(posixpath.basename(path).casefold(), []).append(path)
        return found

    def _walk(self, folder: str, depth: int) -> Iterator[str]:
        for name, is_folder in sorted(self._names(folder).items()):
            path = posixpath.join(folder, name)
            if not is_folder:
                yield path
            elif depth and name not in PRUNED and not name.startswith("."):
                yield from self._walk(path, depth - 1)

    def _names(self, folder: str) -> Mapping[str, bool]:
        """Give what is in a folder of the project: for each name whether it is a folder, too. A link out of the project is not there."""
        known = self._folders.get(folder)
        if known is None:
            known = self._folders[folder] = dict(self._look(folder)) if self._is_folder(folder) else {}
        return known

    def _is_folder(self, folder: str) -> bool:
        parent, name = posixpath.split(folder)
        return not name or self._names(parent).get(name) is True or any(mount.path == folder for mount in self._tree.mounts)

    def _look(self, folder: str) -> Iterator[tuple[str, bool]]:
        try:
            with os.scandir(self._tree.place(folder)) as entries:
                for entry in entries:
                    if not entry.is_symlink() or self._leads_inside(entry.path):
                        yield normalize("NFC", entry.name), entry.is_dir()
        except (OSError, ValueError):
            return

    def _leads_inside(self, link: str) -> bool:
        if self._project.selection.follow_symlinks:
            return True
        real = os.path.realpath(link)
        starts = (self._tree.root, *(mount.place for mount in self._tree.mounts))
        return any(os.path.commonpath([real, start]) == start for start in map(os.path.realpath, starts))

    @cached_property
    def _discovered(self) -> tuple[frozenset[str], Mapping[str, str]]:
        left_out: dict[str, str] = {}

        def leave(found: Discovered) -> None:
            left_out[found.path] = found.skipped or ""

        found = [*self._project.discover(leave, self._plan)]
        left_out |= {each.path: each.skipped for each in found if each.skipped}
        return frozenset(each.path for each in found if each.is_record), left_out

    @property
    def _read(self) -> frozenset[str]:
        return self._discovered[0]

    @property
    def _left_out(self) -> Mapping[str, str]:
        return self._discovered[1]


def _joined(folder: str, text: str) -> Iterator[str]:
    """Yield the path of a text that counts from a folder, unless it leads out of the project."""
    path = posixpath.normpath(posixpath.join(folder, text)) if text else ""
    if path and path != "." and not path.startswith(("/", "../")) and path != "..":
        yield path
