"""What a record's file is called, for templates (`{file.stem}`) and keys (`@file.stem`)."""

from __future__ import annotations

from pathlib import PurePosixPath

FILE_NAMES = ("path", "name", "stem", "page", "folder", "parent")
"""The names that every file has; no group of a `map:filePattern` may have one of them."""

_INDEXES = frozenset({"index", "_index"})


def file_names(path: str) -> dict[str, str]:
    """Give the names of a file by its project path; a page is called after its folder where the file is that folder's index.

    >>> file_names("content/news/a/index.md")["page"], file_names("content/news/b.md")["page"], file_names("content/news/b.md")["folder"]
    ('a', 'b', 'content/news')
    """
    file = PurePosixPath(path)
    folder = file.parent
    return {
        "path": file.as_posix(),
        "name": file.name,
        "stem": file.stem,
        "page": folder.name if file.stem in _INDEXES and folder.name else file.stem,
        "folder": "" if folder.as_posix() == "." else folder.as_posix(),
        "parent": folder.name,
    }
