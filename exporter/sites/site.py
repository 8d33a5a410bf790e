"""A site: the tool that makes it, recognised by its configuration, and what follows for its records."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path, PurePath
from typing import Any

from exporter.globs import escape_glob
from exporter.problems import Problem
from exporter.project import Project
from exporter.records.rules import ReadingRules
from exporter.settings.model import ENTRIES
from exporter.sites.addressing import SITE, ClassAddress, SeenKeys, address_class, below
from exporter.sites.configuration import SiteConfiguration, read_configuration
from exporter.sites.docusaurus import docusaurus_content, docusaurus_data, docusaurus_entries, docusaurus_rules
from exporter.sites.eleventy import REPLACED, eleventy_entries, eleventy_rules
from exporter.sites.generators import (
    AstroCollection,
    astro_collections,
    astro_content,
    astro_rules,
    material_authors,
    mkdocs_rules,
    pelican_rules,
    zola_languages,
    zola_rules,
)
from exporter.sites.hexo import hexo_replaced, hexo_rules, hexo_unrendered
from exporter.sites.hugo import hugo_content, hugo_ignored, hugo_languages, hugo_rules
from exporter.sites.jekyll import jekyll_collections, jekyll_endings, jekyll_excluded, jekyll_rules
from exporter.sites.other_files import media_below
from exporter.sites.profile import AUTO, PLAIN, AddressRule, Profile, find_profile, load_profiles

UNKNOWN_SITE = "https://example.org"
"""Where pages stand as long as nobody says where."""

_UPWARD = 3  # folders above a PATH in which a site's configuration is looked for
_MARK_AT_MOST = 200_000  # bytes of a file that is looked through for a word
DATA_SUFFIXES = frozenset({".yml", ".yaml", ".json", ".toml", ".csv", ".tsv"})
DATA_FILES_AT_MOST = 500
_GENERIC = frozenset(
    {
        "content",
        "contents",
        "src",
        "source",
        "docs",
        "doc",
        "pages",
        "posts",
        "_posts",
        "data",
        "site",
        "ontology",
        "blog",
        "notes",
        "vault",
    }
)


@dataclass(frozen=True, slots=True)
class Grouping:
    """What a site's tool says of kinds: which decisions to try in their order, and how to read folders.

    `kinds` are names for folders, by the last part of their name, and `apart` for files, by their names; `languages` are folders that are
    not kinds but languages, and `roots` are where kinds begin, if there are several.
    """

    tries: tuple[str, ...] = ("key", "folder")
    languages: frozenset[str] = frozenset()
    kinds: Mapping[str, str] = field(default_factory=dict)
    roots: tuple[str, ...] = ()
    apart: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Site:
    """A site's folder and the profile of its tool: `prefix` is the folder's project path, `content` those of its content folders.

    `endings` are further ones that its pages have.
    """

    profile: Profile
    place: str
    prefix: str
    configuration: SiteConfiguration
    paths: tuple[str, ...]
    content: tuple[str, ...]
    endings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the site is called in file names: its folder's name."""
        places = PurePath(self.place), PurePath(self.place).parent
        return next((place.name for place in places if place.name.lower() not in _GENERIC), places[0].name)

    @property
    def title(self) -> str:
        """What the site calls itself, or else its folder's name."""
        return self.configuration.text(*self.profile.title_setting) or self.name

    @property
    def is_known(self) -> bool:
        """Whether the configuration says where the site stands."""
        return self._base.startswith(("http://", "https://"))

    @property
    def _base(self) -> str:
        return self.configuration.text(*self.profile.base_setting).rstrip("/")

    @property
    def address(self) -> str:
        """Where the site stands, without a slash at the end."""
        path = self.configuration.text(*self.profile.path_setting).strip("/")
        base = self._base if self.is_known else UNKNOWN_SITE
        return f"{base}/{path}" if path else base

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the configuration."""
        return self.configuration.problems

    @property
    def excluded(self) -> tuple[str, ...]:
        """Globs for what looks like records and is none: by the tool, and by what its configuration leaves out."""
        said: Sequence[str] = jekyll_excluded(self.configuration) if self.profile.engine == "jekyll" else ()
        if self.profile.engine == "hexo":
            said = [f"{below(folder)}{glob}" for folder in self.content for glob in hexo_unrendered(self.configuration)]
        unbuilt = {"mkdocs": _double_pages, "hugo": _fragments}.get(self.profile.engine)
        if unbuilt is not None:
            said = [escape_glob(path) for path in self._content_files(unbuilt)]
        if self.profile.engine == "hugo" and self.configuration.find("ignoreFiles"):
            is_ignored = hugo_ignored(self.configuration)
            said = [*said, *(escape_glob(path) for path in self._content_files(lambda _, names: sorted(names)) if is_ignored(path))]
        return tuple(dict.fromkeys((*self.profile.exclude, *said)))

    def _content_files(self, choose: Callable[[str, Sequence[str]], Iterable[str]]) -> Iterator[str]:
        """Yield the project paths of files that are chosen, folder by folder, by the folder's place and the names in it."""
        for content in self.content:
            start = self._place_of(content)
            for folder, _, names in sorted(os.walk(start)):
                for name in choose(folder, names):
                    yield PurePath(content, os.path.relpath(folder, start), name).as_posix()

    def project(self, project: Project) -> Project:
        """Give the project with the site's content, without what is not a record of it, and with the rules by which its tool reads."""
        data = self.data_files(project)
        changed = project.with_paths([path for path in self.paths if project.tree.project_path(path) not in data])
        said = {name.replace("-", "_"): value for name, value in self._profile_settings.items()}
        excluded = tuple(dict.fromkeys((*project.selection.exclude, *self.excluded, *map(escape_glob, data))))
        endings = tuple(dict.fromkeys((*project.selection.endings, *said.get("endings", ()))))
        rules: dict[str, Any] = {item.name: said[item.name] for item in fields(ReadingRules) if item.name in said}
        return replace(
            changed,
            selection=replace(changed.selection, exclude=excluded, endings=endings),
            reading=replace(project.reading or ReadingRules(), **rules),
            handlers=tuple(dict.fromkeys((*project.handlers, *said.get("handlers", ())))),
        )

    @property
    def _collections(self) -> Mapping[str, AstroCollection]:
        return astro_collections(self.place) if self.profile.engine == "astro" else {}

    @property
    def references(self) -> Mapping[str, str]:
        """Give the keys that the site declares as references, each with the project path of the folder or file of what it names."""
        collections = self._collections
        named = [pair for each in collections.values() for pair in each.references.items()]
        return {key: below(self.prefix) + collections[of].place for key, of in named if of in collections}

    def data_files(self, project: Project) -> tuple[str, ...]:
        """Give the project paths of the files in which the tool looks for data."""
        said = [*self.profile.data, *(each.place for each in self._collections.values() if each.is_file)]
        more = {"mkdocs": material_authors, "docusaurus": docusaurus_data}.get(self.profile.engine)
        said += more(self.configuration) if more else ()
        contents = [os.path.join(project.tree.root, folder) for folder in self.content]  # noqa: PTH118 - as texts
        starts = [Path(start, name) for start in dict.fromkeys((self.place, *contents)) for name in said]
        found = [file for start in starts for file in ([start] if start.is_file() else sorted(start.rglob("*")))]
        data = [file for file in found if file.is_file() and file.suffix.lower() in DATA_SUFFIXES]
        return tuple(dict.fromkeys(project.tree.project_path(str(file)) for file in data[:DATA_FILES_AT_MOST]))

    def settings(self, project: Project, data: Sequence[str] = ()) -> dict[str, object]:
        """Give the settings to write; `data` are the data files that hold records."""
        tree = project.tree
        places = [*(os.path.join(tree.here, path) for path in self.paths), *map(tree.place, data)]  # noqa: PTH118 - as texts
        paths = [PurePath(os.path.relpath(place, tree.root)).as_posix() for place in places]
        said: dict[str, object] = {"paths": list(dict.fromkeys(paths))}  # what is named is read, though a glob leaves it out
        if self.excluded:
            said["exclude"] = list(self.excluded)
        if self.other_files():
            said["file-addresses"] = self._file_addresses()
        known = {entry.name for entry in ENTRIES}
        return said | {name: value for name, value in self._profile_settings.items() if name in known}

    @property
    def _profile_settings(self) -> Mapping[str, Any]:
        return {**self.profile.settings, "endings": list(self.endings)} if self.endings else self.profile.settings

    def _file_addresses(self) -> dict[str, str]:
        """Give the addresses of folders with files that are not records, by their project paths; `content` stands for where pages are."""
        found: dict[str, str] = {}
        for name, address in self.profile.files.items():
            said = self.configuration.text("staticDir") if self.profile.engine == "hugo" and name == "static" else ""
            places = self.content if name == "content" else (posixpath.normpath(posixpath.join(self.prefix, said or name)),)
            found |= {place or ".": address for place in places}
        return found

    def other_files(self) -> frozenset[str]:
        """Give the names of images and the like, where the tool looks for them: below its content, and in served folders."""
        served = [str(PurePath(self.place, os.path.relpath(path, self.prefix or "."))) for path in self._file_addresses()]
        return media_below([*map(self._place_of, self.content), *served])

    def _place_of(self, content: str) -> str:
        return os.path.join(self.place, os.path.relpath(content or ".", self.prefix or "."))  # noqa: PTH118 - as texts

    @property
    def grouping(self) -> Grouping:
        """How the folders are read."""
        kinds = dict(self.profile.kinds)
        languages: Iterable[str] = ()
        if self.profile.engine == "jekyll":
            kinds |= {f"_{name}": name for name in jekyll_collections(self.configuration)}
        kinds |= {each.place.rpartition("/")[2]: name for name, each in self._collections.items() if not each.is_file}
        if self.profile.engine == "docusaurus":
            kinds |= {folder.rpartition("/")[2]: kind for folder, kind in docusaurus_content(self.configuration).items()}
        if self.profile.engine == "hugo":
            found = hugo_languages(self.configuration)
            languages = (*found.prefixed, *found.plain)
        return Grouping(self.profile.tries, frozenset(languages), kinds, self.content if len(self.content) > 1 else (), self.profile.apart)

    @property
    def language(self) -> str:
        """The language of what names none, on a site with several; empty on others."""
        if self.profile.engine == "zola" and zola_languages(self.configuration):
            return self.configuration.text("default_language") or "en"
        if self.profile.engine != "hugo" or not self.configuration.find("languages"):
            return ""
        return self.configuration.text("defaultContentLanguage") or "en"

    def address_of(self, base: str, paths: Sequence[str], keys: SeenKeys) -> ClassAddress:
        """Say how pages with these paths and keys are addressed; `base` is the deepest folder that all records are in."""
        return self.written_out(address_class(list(self._rules(base, keys)), paths, keys))

    def written_out(self, found: ClassAddress) -> ClassAddress:
        """Give an address with what the site's tool writes out before it makes slugs."""
        is_slug = self.profile.engine == "eleventy" and any("|slug}" in template for template in found.templates)
        if self.profile.engine == "hexo" and any("|dashes" in template for template in found.templates):
            return replace(found, replaced=hexo_replaced(self.configuration))
        return replace(found, replaced=REPLACED) if is_slug else found

    def entry_address(self, path: str, keys: Iterable[str]) -> tuple[str, ...]:
        """Say where the pages of a data file's entries stand, which have these keys; nothing where they have none."""
        entries: Mapping[str, Callable[[], Iterable[str]]] = {
            "docusaurus": lambda: docusaurus_entries(self.configuration, path.removeprefix(below(self.prefix)), keys),
            "eleventy": lambda: eleventy_entries(self.place, path),
        }
        return tuple(SITE + each for each in entries[self.profile.engine]()) if self.profile.engine in entries else ()

    def _rules(self, base: str, keys: SeenKeys) -> Iterator[AddressRule]:
        config, content = self.configuration, self.content
        engines: Mapping[str, Callable[[], Iterable[AddressRule]]] = {
            "hugo": lambda: hugo_rules(config, content, self.prefix, self.place, keys),
            "jekyll": lambda: jekyll_rules(config, content, keys, self.endings),
            "mkdocs": lambda: mkdocs_rules(config, content),
            "docusaurus": lambda: docusaurus_rules(config, self.prefix),
            "eleventy": lambda: eleventy_rules(content, self.prefix, self.place, keys),
            "astro": lambda: astro_rules(config, self.prefix, self.place),
            "hexo": lambda: hexo_rules(config, content, keys),
            "zola": lambda: zola_rules(config, content),
            "pelican": lambda: pelican_rules(config, content, keys),
        }
        if self.profile.engine:
            yield from engines[self.profile.engine]()
        for folder in content if self.profile.name != PLAIN else [base]:
            yield from (AddressRule(_below_folder(folder, rule.files), rule.templates, rule.shared) for rule in self.profile.rules)


def _double_pages(_folder: str, names: Sequence[str]) -> Iterable[str]:
    """Choose the pages that MkDocs leaves out: a `README.md` beside an `index.md`."""
    return ["README.md"] if "README.md" in names and "index.md" in names else []


def _fragments(folder: str, names: Sequence[str]) -> Iterable[str]:
    """Choose what Hugo copies as it is: HTML that begins with a tag has no front matter, and is not a page."""
    return [name for name in sorted(names) if name.lower().endswith((".html", ".htm")) and _begins_with_tag(Path(folder, name))]


def _begins_with_tag(place: Path) -> bool:
    try:
        with place.open("rb") as file:
            return file.read(_MARK_AT_MOST).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    except OSError:
        return False


def _below_folder(folder: str, files: str) -> str:
    return f"{below(folder)}{files}" if "|" not in files or files.startswith("(?:") else f"{below(folder)}(?:{files})"


def recognise_site(project: Project, profile: str = AUTO) -> Site:
    """Find the site that the project's PATHs belong to; raises UsageError for a profile that there is not."""
    places = [os.path.normpath(os.path.join(project.tree.here, path)) for path in project.paths or (".",)]  # noqa: PTH118 - as texts
    found, place = _recognise(places, project.root) if profile == AUTO else (find_profile(profile), None)
    if place is None:
        place = next((folder for start in places for folder in _upward(start, project.root) if _is_marked(found, folder)), None)
    return _site(project, found, place or _folder(places[0]), places, is_found=place is not None)


def _folder(place: str) -> str:
    return place if Path(place).is_dir() else str(Path(place).parent)


def _upward(place: str, root: str) -> Iterator[str]:
    """Yield a folder and those above it, as far as the project's root, or a few."""
    here = Path(_folder(place))
    for number, folder in enumerate((here, *here.parents)):
        if number > _UPWARD:
            return
        yield str(folder)
        if str(folder) == root:
            return


def _recognise(places: Sequence[str], root: str) -> tuple[Profile, str | None]:
    profiles = sorted(load_profiles().values(), key=lambda each: (each.rank, each.name))
    for profile in profiles:
        for place in places:
            for folder in _upward(place, root):
                if _is_marked(profile, folder):
                    return profile, folder
    return find_profile(PLAIN), None


def _is_marked(profile: Profile, folder: str) -> bool:
    return any(_has_mark(folder, *mark.partition(":")[::2]) for mark in profile.marks)


def _spelled(name: str) -> list[str]:
    return [f"{name}.{ending}" for ending in ("toml", "yaml", "yml", "json")]


def _has_mark(folder: str, name: str, word: str) -> bool:
    path = Path(folder, name)
    if not word:
        return path.exists()
    try:
        with path.open("rb") as file:
            return word.encode() in file.read(_MARK_AT_MOST)
    except OSError:
        return False


def _site(project: Project, profile: Profile, place: str, places: Sequence[str], *, is_found: bool) -> Site:
    tree = project.tree.mount([place])
    prefix = tree.project_path(place)
    config = read_configuration(place, profile.configuration, tree.shown(prefix))
    parts = {part.rpartition("/")[2]: read_configuration(place, _spelled(part), tree.shown(prefix)) for part in profile.parts}
    config = replace(config, values={**config.values, **{name: dict(part.values) for name, part in parts.items() if part.values}})
    if profile.base_files:
        told = read_configuration(place, profile.base_files, tree.shown(prefix))
        config = replace(config, values={**told.values, **config.values})
    said = config.text(*profile.content_setting).strip("/") if profile.content_setting else ""
    is_there = said and (not config.is_partial or Path(place, said).is_dir())
    names = [said.removeprefix("./") or "."] if is_there else list(profile.content)
    names = list(docusaurus_content(config)) if profile.engine == "docusaurus" else names
    names = hugo_content(config, names[0]) if profile.engine == "hugo" else names
    names = astro_content(place, names) if profile.engine == "astro" else names
    folders = [os.path.normpath(os.path.join(place, name)) for name in names]  # noqa: PTH118 - as texts
    here = [folder for folder in folders if Path(folder).is_dir()]
    if is_found and here and (not project.paths or all(Path(folder) == Path(place) for folder in places)):
        paths = tuple(os.path.relpath(folder, tree.here) for folder in here)
    else:
        paths = project.paths or (".",)
    if not here or not is_found:
        here = list(places)
    mounted = project.tree.mount(paths)
    return Site(
        profile,
        place,
        mounted.project_path(place) if is_found else "",
        config,
        paths,
        tuple(mounted.project_path(path) for path in here),
        jekyll_endings(config, place) if is_found and profile.engine == "jekyll" else (),
    )
