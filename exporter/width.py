"""How wide a text is in a terminal, which is not how many characters it has."""

from __future__ import annotations


def columns(text: str) -> int:
    r"""Count the terminal's columns that a text takes: wide characters take two, combining ones none.

    >>> columns("abc"), columns("医療"), columns("e\u0301")
    (3, 4, 1)
    """
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth  # most texts are ASCII and need no table of widths

    return max(0, wcswidth(text))
