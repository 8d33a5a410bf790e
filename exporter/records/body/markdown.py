"""Markdown's structure (CommonMark 0.31 with tables), by markdown-it-py: the one module that knows it.

The parser says which lines a piece of text comes from, and no columns. So its inline rules note where they matched in that piece, and
a piece is found again in its lines: what a container (a quote, a list) puts before it is all that was taken away.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_inline import StateInline, autolink, backtick, html_inline, image, link
from markdown_it.token import Token

from exporter.records.body.templates import MASK
from exporter.records.nodes import Range

MAX_STEPS = 20_000_000
"""What pairing brackets may take in all pieces of a body, which the parser does in the square of their number in the worst case."""

MAX_TOKENS = 100_000
"""With more tokens no further table is read: each of its rows is filled up to the columns of its header."""

_INLINE = re.compile(r"[\[\]<`!*_\\&~]")
MAX_NESTING = 100
"""Quotes and lists inside each other; what is deeper is not looked at."""


class Mark(NamedTuple):
    """Something that an inline rule recognised in a piece of text: a link, an image, code, a tag.

    `target` is where it leads, `target_at` where that is typed, as far as it is there; `text` is what a reader sees.
    """

    kind: str
    start: int
    end: int
    target: str = ""
    target_at: Range | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text with inline markup, the content of a heading, a paragraph or a cell; or a block of HTML.

    Its lines begin at `begins` of the content, and at `starts` of the body. With `escaped` each `|` has a backslash before it there, as
    in a cell.
    """

    kind: str
    content: str
    begins: tuple[int, ...]
    starts: tuple[int, ...]
    marks: tuple[Mark, ...] = ()
    text: str = ""
    escaped: bool = False

    def place(self, start: int, end: int) -> Range:
        """Say where characters `[start, end)` of the content stand in the body."""
        return self._offset(start), self._offset(end - 1) + 1 if end > start else self._offset(start)

    def _offset(self, at: int) -> int:
        line = bisect_right(self.begins, at) - 1
        begin = self.begins[line]
        return self.starts[line] + at - begin + (self.content.count("|", begin, at + 1) if self.escaped else 0)


def read_pieces(body: str, lines: Sequence[Range], *, is_jsx: bool = False) -> Iterator[Piece]:
    """Yield the pieces of a body, whose `lines` are given by their ranges, in their order."""
    markdown = _parser(is_jsx=is_jsx)
    env: dict[str, object] = {}
    cursors: dict[int, int] = {}
    is_heading = False
    steps = 0
    for token in markdown.parse(body, env):
        if token.map is None or token.type not in ("inline", "html_block"):
            is_heading = token.type == "heading_open"
            continue
        first = token.map[0]
        if token.type == "html_block":
            last = min(token.map[1], len(lines)) - 1
            start, end = lines[first][0], lines[last][1]
            yield Piece("html", body[start:end], (0,), (start,))
            continue
        if not token.content:
            continue
        steps += (token.content.count("[") + token.content.count("<") + token.content.count("|")) ** 2
        if steps > MAX_STEPS:
            yield Piece("unread", "", (0,), (lines[first][0],))
            continue
        typed = token.content.replace("|", "\\|") if "|" in token.content and _is_cell(body, lines, first, token.content) else token.content
        starts = tuple(_find(body, lines, first + i, line, cursors) for i, line in enumerate(typed.split("\n")))
        begins = (0, *(at + 1 for at, character in enumerate(token.content) if character == "\n"))
        kind, escaped = "heading" if is_heading else "text", typed is not token.content
        if _INLINE.search(token.content) is None:
            yield Piece(kind, token.content, begins, starts, (), _folded(token.content), escaped)
            continue
        marks, children = _inline(markdown, token.content, env)
        yield Piece(kind, token.content, begins, starts, marks, _plain(children), escaped)


def _is_cell(body: str, lines: Sequence[Range], number: int, content: str) -> bool:
    """Say whether a text with `|` is a cell of a table, in whose line each of them is escaped."""
    return body.find(content.replace("|", "\\|"), *lines[min(number, len(lines) - 1)]) >= 0


def _find(body: str, lines: Sequence[Range], number: int, content: str, cursors: dict[int, int]) -> int:
    """Find a line of a piece in the line that it comes from; the cells of a row come from one line, each behind the one before."""
    start, end = lines[min(number, len(lines) - 1)]
    begin = max(cursors.get(number, start), start)
    at = body.find(content, begin, end)
    if at < 0:  # a tab that a container has taken a part of, or `\\|` in a cell
        at = begin + len(body[begin:end]) - len(body[begin:end].lstrip())
    cursors[number] = min(at + len(content), end)
    return at


def _inline(markdown: MarkdownIt, content: str, env: dict[str, object]) -> tuple[tuple[Mark, ...], list[Token]]:
    marks: list[Mark] = []
    children: list[Token] = []
    env["marks"], env["content"] = marks, content
    markdown.inline.parse(content, markdown, env, children)
    return tuple(marks), children


class _Markdown(MarkdownIt):
    """Takes targets as they are typed: what they mean is decided later, and nothing is ever shown."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the name that the base class has
        """Take a target as it is typed."""
        return url

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - as above
        """Take every target."""
        return True


Rule = Callable[[StateInline, bool], bool]


@cache
def _parser(*, is_jsx: bool) -> MarkdownIt:
    """Make a parser; in MDX, tags begin no block and indented lines are no code (https://mdxjs.com/docs/what-is-mdx/#markdown)."""
    markdown = _Markdown("commonmark", {"maxNesting": MAX_NESTING}).enable(["table", "strikethrough"])
    markdown.core.ruler.disable("inline")
    markdown.block.ruler.at("table", _small_table)
    for name, rule in (("link", link), ("image", image), ("autolink", autolink), ("html_inline", html_inline), ("backticks", backtick)):
        markdown.inline.ruler.at(name, _noting(name, rule))
    markdown.inline.ruler.before("link", "wiki", _wiki)
    return markdown.disable(["html_block", "code"]) if is_jsx else markdown


def _small_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    return len(state.tokens) < MAX_TOKENS and table(state, start, end, silent)


def _noting(kind: str, rule: Rule) -> Rule:
    def note(state: StateInline, silent: bool) -> bool:
        start, known = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        # an image's text is parsed as a piece of its own, whose places are not ours
        if not silent and state.src is state.env["content"]:
            state.env["marks"].append(_mark(kind, state, start, state.tokens[known:]))
        return True

    return note


def _mark(kind: str, state: StateInline, start: int, tokens: Sequence[Token]) -> Mark:
    end = state.pos
    if kind == "backticks":
        return Mark("code", start, end)
    if kind == "html_inline":
        return Mark("html", start, end)
    first = next(i for i, token in enumerate(tokens) if token.type in ("link_open", "image"))  # before it stands the text that waited
    opening = tokens[first]
    target = str(opening.attrs.get("href") or opening.attrs.get("src") or "")
    label_end = start + 1 if kind == "autolink" else _label_end(state, start + (kind == "image"))
    at = state.src.find(target, label_end, end) if target else -1
    text = _plain(opening.children or ()) if kind == "image" else _plain(tokens[first + 1 :])
    return Mark(kind, start, end, target, (at, at + len(target)) if at >= 0 else None, text)


def _label_end(state: StateInline, start: int) -> int:
    position = state.pos
    end = state.md.helpers.parseLinkLabel(state, start, True)
    state.pos = position
    return end if end >= 0 else start


def _wiki(state: StateInline, silent: bool) -> bool:
    """Read `[[Target#part|text]]`, and with `!` before it an embedded file; `[[1]](url)` is a link whose text is in brackets."""
    start = state.pos
    embedded = state.src.startswith("![[", start)
    if not embedded and not state.src.startswith("[[", start):
        return False
    inner = start + 2 + embedded
    end = state.src.find("]]", inner, state.posMax)
    content = state.src[inner:end]
    if end < 0 or not content.strip() or "\n" in content or "[" in content or state.src.startswith("(", end + 2):
        return False
    state.pos = end + 2
    if not silent:
        target, bar, text = content.partition("|")
        token = state.push("text", "", 0)
        token.content = (text if bar else target).strip()
        if state.src is state.env["content"]:
            first = inner + len(target) - len(target.lstrip())
            at = (first, first + len(target.strip()))
            state.env["marks"].append(Mark("wiki-image" if embedded else "wiki", start, end + 2, target.strip(), at, text.strip()))
    return True


def _plain(tokens: Sequence[Token]) -> str:
    """Give the text that a reader sees, without what a generator fills in; white space is folded."""
    return _folded("".join(_words(tokens)))


def _folded(text: str) -> str:
    return " ".join(text.replace(MASK, "").split())


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline", "text_special"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.type == "image":
            yield from _words(token.children or ())
