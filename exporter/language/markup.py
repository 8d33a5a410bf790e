"""Markup: the text of a piece of HTML."""

from __future__ import annotations

from html.parser import HTMLParser


class _TextOf(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - html.parser's signature
        if tag in ("p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"):
            self.texts.append(" ")


def text_of(markup: str) -> str:
    """Drop HTML tags and read character references; white space is folded.

    >>> text_of("<p>Barriers &amp; <b>more</b></p>")
    'Barriers & more'
    """
    parser = _TextOf()
    parser.feed(markup)
    parser.close()
    return " ".join("".join(parser.texts).split())
