"""Files that come with the package, and the ontology and shapes that a run takes: named, or those of the project's own folders."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NoReturn

from exporter.errors import UsageError
from exporter.paths import Paths, path_names
from exporter.rdf.syntaxes import is_rdf
from exporter.tree import ONTOLOGY_FOLDER, Tree

_PACKAGE = Path(__file__).parent

Kind = Literal["ontology", "shapes"]
"""What a run takes, and the folder of a project that it is in."""

OWN_FOLDERS: tuple[Kind, ...] = ("ontology", "shapes")
"""The folders of a project that are taken where nothing else is named."""

BUNDLED = "medigy"
"""The name of the ontology and the shapes that come with owltype. It is never a path: a folder of that name is `./medigy`."""


def bundled(name: str) -> Path:
    """Give the folder `ontology` or `shapes`, or a file below one, that came with owltype.

    A wheel carries them as package data in `exporter/_data/`; in a work tree and an editable install they
    stand beside the package, where a team edits them.

    >>> bundled("ontology").name
    'ontology'
    """
    for home in (_PACKAGE / "_data", _PACKAGE.parent):
        path = home / name
        if path.exists():
            return path
    raise UsageError(f"owltype was installed without {name!r}; install it again with `pip install --force-reinstall owltype`")


def resolve_names(paths: Paths, kind: Kind) -> tuple[str, ...]:
    """Give paths as texts, the bundled file for its name; raises UsageError for what is not a path.

    >>> resolve_names(["own.ttl", "./medigy", Path("medigy")], "ontology")
    ('own.ttl', './medigy', 'medigy')
    >>> Path(*resolve_names("medigy", "shapes")).name
    'medigy.ttl'
    """
    texts = path_names(paths)
    given = (paths,) if isinstance(paths, (str, os.PathLike)) else paths
    # a Path is a path whatever it is called
    return tuple(str(bundled(f"{kind}/{text}.ttl")) if path == BUNDLED else text for path, text in zip(given, texts, strict=True))


def own_folder(tree: Tree, kind: Kind) -> tuple[str, ...]:
    """Give the folder `ontology/` or `shapes/` of the project, as it is seen from where the user stands, if it has an RDF file."""
    folder = Path(tree.place(kind))
    return (tree.shown(kind),) if folder.is_dir() and any(map(is_rdf, files_below(folder))) else ()


def missing_folder(tree: Tree, kind: str) -> str:
    """Write the folder of the project that could be made, as it is seen from where the user stands."""
    return f"{Path(os.path.relpath(tree.place(kind), tree.here)).as_posix()}/"


def require_ontology(names: Sequence[str], tree: Tree) -> Sequence[str]:
    """Give what the ontology is in; raises UsageError where there is none."""
    if names:
        return names
    raise UsageError(
        f"there is no ontology to read records with: `owltype init` makes a first one from the records; or name one with --ontology, "
        f"set `ontology` in the settings, or put it into {missing_folder(tree, ONTOLOGY_FOLDER)}"
    )


def files_below(folder: Path, suffix: str = "") -> list[Path]:
    """List the files of a folder and of those in it, in order; raises OSError for one that can't be read, over which `Path.rglob` passes.

    >>> [path.name for path in files_below(bundled("ontology"), ".ttl")][:1]
    ['map.ttl']
    """
    found = [Path(path, name) for path, _, names in os.walk(folder, onerror=_refuse) for name in names if name.endswith(suffix)]
    return sorted(path for path in found if path.is_file())


def _refuse(error: OSError) -> NoReturn:
    raise error
