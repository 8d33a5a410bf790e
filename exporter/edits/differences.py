"""Edits as people look at them: unified diffs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import unified_diff

from exporter.edits.editing import EditedFile


def difference(file: EditedFile, *, is_new: bool = False) -> Iterator[str]:
    r"""Yield the lines of a unified diff, as git writes them.

    >>> list(difference(EditedFile("a.md", b"a\nb\n", b"a\nc\n")))
    ['--- a/a.md', '+++ b/a.md', '@@ -1,2 +1,2 @@', ' a', '-b', '+c']
    """
    old, new = (re.split("\r?\n", data.decode("utf-8", "replace")) for data in (file.before, file.after))
    for lines in (old, new):
        if lines and not lines[-1]:
            lines.pop()
    yield from unified_diff(old, new, "/dev/null" if is_new else f"a/{file.path}", f"b/{file.path}", lineterm="")
