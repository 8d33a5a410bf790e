"""Solutions for people: a table for the terminal, a Markdown table, and a spreadsheet's CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.rdf.prefixes import Prefixes, prefixes_for_people
from exporter.rdf.terms import XSD
from exporter.sparql.results.model import Cell, Result
from exporter.width import columns

_GAP = "  "
_NARROWEST = 8
_NUMBERS = frozenset(XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"))
_FORMULA = re.compile(r"[=+\-@\t\r]")


def display(cell: Cell, names: Prefixes) -> str:
    """Write a term as a person reads it: IRIs with their prefix, literals without quotes, with their language.

    >>> names = Prefixes({"e": "https://e.org/"})
    >>> display(Literal("chat", language="fr"), names), display(NamedNode("https://e.org/a"), names)
    ('chat @fr', 'e:a')
    """
    if cell is None:
        return ""
    if isinstance(cell, NamedNode):
        return names.short(cell.value) or cell.value
    if isinstance(cell, Literal):
        text = "".join(character if character.isprintable() else _escape(character) for character in cell.value)
        return f"{text} @{cell.language}" if cell.language else text
    if isinstance(cell, BlankNode):
        return f"_:{cell.value[:8]}"
    return str(cell)


def _escape(character: str) -> str:
    return {"\n": "⏎", "\t": " ", "\r": ""}.get(character, "�")


def table(result: Result, prefixes: Mapping[str, str], width: int | None) -> str:
    """Lay solutions out in columns, numbers to the right; `width` in columns of the terminal cuts the widest cells, None cuts nothing.

    >>> rows = ((NamedNode("https://e.org/a"), Literal(12)), (NamedNode("https://e.org/b"), Literal(3)))
    >>> print(table(Result("solutions", ("page", "hits"), rows), {"e": "https://e.org/"}, 80))
    page  hits
    ----  ----
    e:a     12
    e:b      3
    """
    names = prefixes_for_people(prefixes)
    cells = [[display(cell, names) for cell in row] for row in result.rows]
    if not result.variables:
        return f"({len(cells)} solutions without variables)"
    right = [_is_numeric([row[column] for row in result.rows]) for column in range(len(result.variables))]
    widths = [max(map(columns, column)) for column in zip(result.variables, *cells, strict=True)]
    if width is not None:
        widths = _fit(widths, width)
    lines = [list(result.variables), ["-" * size for size in widths], *cells]
    return "\n".join(
        _GAP.join(pad(cell, size, to_right=side) for cell, size, side in zip(line, widths, right, strict=True)).rstrip() for line in lines
    )


def _is_numeric(cells: Sequence[Cell]) -> bool:
    bound = [cell for cell in cells if cell is not None]
    return bool(bound) and all(isinstance(cell, Literal) and cell.datatype.value in _NUMBERS for cell in bound)


def _fit(widths: Sequence[int], total: int) -> list[int]:
    """Narrow the widest columns to one width at which the line fits."""
    space = total - len(_GAP) * (len(widths) - 1)
    low, high = _NARROWEST, max(widths)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(min(size, middle) for size in widths) <= space:
            low = middle
        else:
            high = middle - 1
    return [min(size, low) for size in widths]


def pad(text: str, size: int, *, to_right: bool = False) -> str:
    """Bring a text to a width in columns, cut with `…` where it is too long: IRIs in the middle, because they differ at the end.

    >>> pad("Telehealth", 6), pad("医療記録", 6), pad("https://e.org/topics/telehealth", 16), pad("7", 3, to_right=True)
    ('Teleh…', '医療… ', 'https:/…lehealth', '  7')
    """
    if columns(text) > size:
        kept = size // 2 if "://" in text else 0
        text = _cut(text, size - kept) + text[len(text) - kept :]
    missing = " " * (size - columns(text))
    return missing + text if to_right else text + missing


def _cut(text: str, size: int) -> str:
    used = end = 0
    while used + columns(text[end]) < size:
        used += columns(text[end])
        end += 1
    return text[:end] + "…"


def markdown(result: Result, prefixes: Mapping[str, str]) -> str:
    r"""Write solutions as a Markdown table, with nothing in a cell that Markdown or HTML would act on.

    >>> print(markdown(Result("solutions", ("a",), ((Literal("x|<b>"),),)), {}))
    | a |
    | --- |
    | x\|&lt;b&gt; |
    """
    names = prefixes_for_people(prefixes)
    lines = [result.variables, ["---"] * len(result.variables)]
    lines += [[_markdown_cell(display(cell, names)) for cell in row] for row in result.rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _markdown_cell(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\|`*_\[\]])", r"\\\1", text)


def spreadsheet(result: Result) -> str:
    r"""Write solutions as CSV for a spreadsheet: with a byte order mark, and `'` before what it would run as a formula.

    The W3C's `csv` keeps every character, as programs need it. A cell that starts with `=`, `+`, `-`, `@`, a tab or a carriage
    return can make a spreadsheet call out (<https://owasp.org/www-community/attacks/CSV_Injection>), so text for people gets the quote.

    >>> spreadsheet(Result("solutions", ("a",), ((Literal("=1+1"),), (Literal(-1),))))
    "\ufeffa\r\n'=1+1\r\n-1\r\n"
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(result.variables)
    for row in result.rows:
        writer.writerow([_guard(cell) for cell in row])
    return "\ufeff" + file.getvalue()


def _guard(cell: Cell) -> str:
    text = "" if cell is None else cell.value if isinstance(cell, NamedNode | Literal) else str(cell)
    harmless = isinstance(cell, Literal) and cell.datatype.value in _NUMBERS
    return "'" + text if _FORMULA.match(text) and not harmless else text
