"""File globs: `*` within a name, `**` across folders, beginning at any folder of the path."""

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
