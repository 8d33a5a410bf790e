"""Files that come with the package, and the files of a folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

from exporter.errors import UsageError

_PACKAGE = Path(__file__).parent


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


def files_below(folder: Path, suffix: str = "") -> list[Path]:
    """List the files of a folder and of those in it, in order; raises OSError for one that can't be read, over which `Path.rglob` passes.

    >>> [path.name for path in files_below(bundled("ontology"), ".ttl")][:1]
    ['map.ttl']
    """
    found = [Path(path, name) for path, _, names in os.walk(folder, onerror=_refuse) for name in names if name.endswith(suffix)]
    return sorted(path for path in found if path.is_file())


def _refuse(error: OSError) -> NoReturn:
    raise error
