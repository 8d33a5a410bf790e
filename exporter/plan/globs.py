"""File globs (`map:files`): `*` within a name, `**` across folders, matched against the end of a path."""

from __future__ import annotations

import re


def glob_pattern(glob: str) -> re.Pattern[str]:
    """Compile a glob; it may begin at any folder of the path.

    >>> bool(glob_pattern("content/news/**").fullmatch("site/content/news/2020/a.md"))
    True
    """
    meanings = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    tokens = re.split(r"(\*\*/?|\*|\?)", glob.strip("/"))
    return re.compile("(?:.*/)?" + "".join(meanings.get(token, re.escape(token)) for token in tokens), re.DOTALL)
