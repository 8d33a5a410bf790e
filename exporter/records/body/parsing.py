"""From a body to what it says; a page of HTML and one of Markdown say the same things in two ways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from exporter.records.body.content import MAX_BODY, BodyContent, Link, Passage
from exporter.records.body.inline import find_addresses, find_fields, find_tags, without
from exporter.records.body.markup import Tag, attribute, tags_of, text_of
from exporter.records.body.templates import MASK, find_generated, find_shortcodes, language_of, lead_of, mask, page_of_pelican
from exporter.records.nodes import Range

if TYPE_CHECKING:
    from exporter.records.body.markdown import Mark, Piece

JSX_SUFFIX = ".mdx"
_JSX_COMMENT = re.compile(r"\{\s*+/\*(?:[^*]++|\*(?!/))*+\*/\s*+\}")
_CHARACTER = re.compile(r"[^\r\n]")
_ADDRESSES = ("/", "./", "../", "http://", "https://")
HTML_SUFFIXES = (".html", ".htm")
_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\n|\r|\Z)")
_ATTRIBUTES = re.compile(r"(?<![ \t])[ \t]*+\{[:#.][^{}]*+\}\Z")
_MASKED = re.compile(f"{MASK}++")
_LABEL = 1_000  # characters behind a tag that may be the text of a link
_NEAR = 50  # tags that may be in it
_FILES = {"img": "src", "video": "src", "audio": "src", "source": "src", "embed": "src", "iframe": "src", "object": "data"}


def parse_body(path: str, body: str) -> BodyContent:
    r"""Say what a body says, with places at its offsets; `path` tells HTML from Markdown.

    >>> content = parse_body("a.md", "# A *page*\n\nSee [[Other#part|that]] and [more](x.md). #tag\n\nrating:: 5\n")
    >>> content.title.text, [tag.text for tag in content.tags], content.field_values
    ('A page', ['tag'], {'rating': '5'})
    >>> [link.value for link in content.links]
    [{'target': 'Other', 'part': 'part', 'text': 'that'}, {'target': 'x.md', 'text': 'more'}]
    """
    if len(body) > MAX_BODY:
        return BodyContent(unread=f"is longer than {MAX_BODY:,} characters")
    masked = mask(body)
    codes = tuple(_shortcodes(body)) if "{{" in body else ()
    if path.lower().endswith(HTML_SUFFIXES):
        return BodyContent(_title_of_html(masked, 0), links=tuple(_links_of_html(body, masked, 0)), shortcodes=codes)
    is_jsx = path.lower().endswith(JSX_SUFFIX)
    if is_jsx and "/*" in masked:
        masked = _JSX_COMMENT.sub(lambda comment: _CHARACTER.sub(" ", comment[0]), masked)
    found = _Scan(body, masked, is_jsx=is_jsx).content()
    return replace(found, shortcodes=codes) if codes else found


def _shortcodes(body: str) -> Iterator[tuple[Passage, tuple[Passage, ...]]]:
    for name, argument in find_shortcodes(body):
        yield Passage(body[slice(*name)], name), (Passage(body[slice(*argument)], argument),)


class _Scan:
    """One pass over a body in Markdown."""

    def __init__(self, body: str, masked: str, *, is_jsx: bool) -> None:
        self._is_jsx = is_jsx
        self._body = body
        self._masked = masked
        self._title: Passage | None = None
        self._tags: list[Passage] = []
        self._fields: list[tuple[Passage, tuple[Passage, ...]]] = []
        self._links: list[Link] = []
        self._is_cut = False

    def content(self) -> BodyContent:
        """Look at each piece of the body."""
        from exporter.records.body.markdown import MAX_STEPS, read_pieces  # takes 60 ms to import, and few classes read bodies

        lines = [(line.start(), line.start() + len(line[0].rstrip("\r\n"))) for line in _LINE.finditer(self._masked)]
        for piece in read_pieces(self._masked, lines, is_jsx=self._is_jsx):
            self._is_cut = self._is_cut or piece.kind == "unread"
            if piece.kind == "html":
                start = piece.starts[0]
                self._title = self._title or _title_of_html(piece.content, start)
                self._links += _links_of_html(self._body, piece.content, start, is_jsx=self._is_jsx)
                continue
            if piece.kind == "heading" and self._title is None and piece.text:
                title = _ATTRIBUTES.sub("", piece.content).rstrip()
                self._title = Passage(_ATTRIBUTES.sub("", piece.text).rstrip(), piece.place(0, len(title)))
            self._look(piece)
        unread = f"has a paragraph with more brackets than {MAX_STEPS:,} steps can pair" if self._is_cut else None
        return BodyContent(self._title, tuple(self._tags), tuple(self._fields), tuple(self._links), unread=unread)

    def _look(self, piece: Piece) -> None:
        content = piece.content
        code = without(content, [(mark.start, mark.end) for mark in piece.marks if mark.kind in ("code", "html")])
        for key, values in find_fields(content, code) if "::" in content else ():
            self._fields.append((self._passage(piece, key), tuple(self._passage(piece, value) for value in values)))
        text = without(content, [(mark.start, mark.end) for mark in piece.marks])
        if "#" in content:
            self._tags += [self._passage(piece, tag) for tag in find_tags(text.replace(MASK, " "))]
        found = [link for mark in piece.marks for link in self._links_of(piece, mark)]
        bare = [piece.place(*at) for at in find_addresses(text.replace(MASK, " "))] if "http" in text else []
        for run in _MASKED.finditer(text) if MASK in text else ():
            start, end = piece.place(*run.span())
            bare += [(start + first, start + last) for first, last in find_generated(self._body[start:end])]
        found += [link for at in bare if (link := self._link(at, at, "", ""))]
        self._links += sorted(found, key=lambda link: link.place)

    def _links_of(self, piece: Piece, mark: Mark) -> Iterator[Link]:
        """Give the link that a mark is, if it is one; a tag may have one for each of its attributes."""
        place = piece.place(mark.start, mark.end)
        if mark.kind == "html":
            behind = self._masked[place[1] : place[1] + _LABEL]
            yield from _links_of_html(self._body, self._masked[slice(*place)], place[0], behind, is_jsx=self._is_jsx)
        elif mark.kind != "code":
            at = piece.place(*mark.target_at) if mark.target_at else place
            embedded = mark.kind in ("image", "wiki-image")
            if link := self._link(place, at, mark.target if mark.target_at is None else "", mark.text, embedded=embedded):
                yield link

    def _link(self, place: Range, at: Range, target: str, text: str, *, embedded: bool = False) -> Link | None:
        return _make_link(target or self._body[slice(*at)], text.replace(MASK, ""), place, at, embedded=embedded)

    def _passage(self, piece: Piece, place: Range) -> Passage:
        at = piece.place(*place)
        return Passage(self._body[slice(*at)], at)


def _make_link(typed: str, text: str, place: Range, at: Range, *, embedded: bool) -> Link | None:
    """Make a link of a target as it is typed; None for one that only names a part of its own page, or that nobody can know."""
    page = page_of_pelican(typed)
    typed, embedded = (page[0], embedded or page[1]) if page else (typed, embedded)
    lead = lead_of(typed)
    if lead is None or MASK in lead:
        return None
    target, _, part = lead.partition("#")
    code = typed if language_of(typed) else ""
    return Link(target.strip(), part.strip(), text, place, at, embedded, code) if target.strip() else None


def _title_of_html(markup: str, offset: int) -> Passage | None:
    """Give the first `<h1>`."""
    opening: Tag | None = None
    for tag in tags_of(markup):
        if tag.name == "h1" and not tag.closes and opening is None:
            opening = tag
        elif opening is not None and tag.closes and tag.name == "h1":
            text = text_of(markup[opening.end : tag.start]).replace(MASK, "").strip()
            if text:
                return Passage(text, (offset + opening.end, offset + tag.start))
            opening = None
    return None


def _links_of_html(body: str, markup: str, offset: int, behind: str = "", *, is_jsx: bool = False) -> Iterator[Link]:
    """Yield the links of a piece of HTML that stands at an offset of the body; `behind` is what may hold the text of the last.

    Of MDX components are links, too, where they say an address: `<Link to="/a">`, `<Card href="./b">`.
    """
    tags = list(tags_of(markup))
    inside_code = 0
    for number, tag in enumerate(tags):
        if tag.name in ("pre", "code"):
            inside_code = max(inside_code + (-1 if tag.closes else 1), 0)
        is_component = is_jsx and markup[tag.start + 1 : tag.start + 2].isupper()
        names = ("to", "href") if is_component else ("href",) if tag.name == "a" else (_FILES.get(tag.name, ""),)
        if not names[0] or tag.closes or inside_code:
            continue
        found = next((each for name in names if (each := attribute(markup, tag, name))), None)
        if found is None or (is_jsx and found[0].startswith("{")) or (is_component and not found[0].startswith(_ADDRESSES)):
            continue
        value, start, end = found
        at, place = (offset + start, offset + end), (offset + tag.start, offset + tag.end)
        typed = body[slice(*at)] if MASK in value else value
        is_link = is_component or tag.name == "a"
        text = _label(markup, tags, number, behind) if is_link else (attribute(markup, tag, "alt") or ("",))[0]
        if link := _make_link(typed, text.replace(MASK, ""), place, at, embedded=not is_link):
            yield link


def _label(markup: str, tags: list[Tag], number: int, behind: str) -> str:
    """Give the text between `<a>`, or a component, and what closes it."""
    name = tags[number].name
    if name != "a" and markup.endswith("/>", 0, tags[number].end):  # of `<a href=/x/>` the slash is the address's
        return ""
    closing = next((tag for tag in tags[number + 1 : number + _NEAR] if tag.name == name), None)
    if closing is not None:
        return text_of(markup[tags[number].end : closing.start])
    end = behind.lower().find(f"</{name}")
    return text_of(behind[:end]) if end >= 0 else ""
