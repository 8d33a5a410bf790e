"""Where the ontology and the shapes that come with owltype are, in a wheel and in a work tree."""

from __future__ import annotations

from pathlib import Path

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
