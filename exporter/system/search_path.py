"""Where Python looks for modules: never in the folder that the user stands in, whose files may be a stranger's (docs/security.md).

Only `os` and `sys` are imported here, which every Python has loaded before it looks at a folder; `from __future__` would be looked for.
"""

import os
import sys


def search_path() -> list[str]:
    """Give the entries of `sys.path` as absolute paths, without the current folder.

    The current folder stays if the user named it in `PYTHONPATH`, if this package lies in it, or if it belongs to Python itself.
    """
    unwanted = _unwanted()
    return [folder for entry in sys.path if (folder := _absolute(entry)) and folder not in unwanted]


def leave_current_folder() -> None:
    """Take the current folder off `sys.path`: `python -m` and an empty entry in `PYTHONPATH` put it there."""
    unwanted = _unwanted()
    sys.path[:] = [entry for entry in sys.path if (folder := _absolute(entry)) and folder not in unwanted]


def _absolute(entry: str) -> str:
    """Give an entry as an absolute path; nothing where it counts from a current folder that is gone."""
    try:
        return os.path.abspath(entry or os.curdir)  # noqa: PTH100 - see above
    except OSError:
        return ""


def _unwanted() -> set[str]:
    """Give the current folder, as Python would write it; nothing where it may be searched, or is gone."""
    try:
        here = os.getcwd()  # noqa: PTH109 - see above
    except OSError:
        return set()
    named = {os.path.abspath(entry) for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry}  # noqa: PTH100 - see above
    package = os.path.abspath(os.path.join(__file__, *[os.pardir] * 3))  # noqa: PTH100, PTH118 - see above
    standard = os.path.dirname(os.path.abspath(os.__file__))  # noqa: PTH100, PTH120 - see above
    return {here} - {*named, package, standard}
