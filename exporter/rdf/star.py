"""Where a text of the Turtle family quotes a triple: RDF-star's `<< s p o >>`, and what RDF 1.2 made of it. Nothing here can hold one."""

from __future__ import annotations

import re

from exporter.problems import Location

REFUSAL = "a triple about a triple (RDF-star, RDF 1.2) is not supported"
ADVICE = "say it of a node that stands for the statement"

# Comments, strings and IRIs, in which the marks mean nothing; possessive, so that a text is walked once.
_TOKEN = re.compile(
    r"""(?P<mark><<|\{\|)|\#[^\r\n]*+|\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:\"{3})?|'{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3})?"""
    r"""|"(?:[^"\\\r\n]|\\.)*+"?|'(?:[^'\\\r\n]|\\.)*+'?|<[^<>\s]*+>?|[^<{\#"']++|.""",
    re.DOTALL,
)


def quoted_triple(path: str, text: str) -> Location | None:
    r"""Give the place of the first mark of a quoted triple or an annotation; None where there is none.

    >>> str(quoted_triple("d.ttl", ":a :p '<<' . # <<\n<< :a :p 1 >> :q 2 ."))
    'd.ttl:2:1'
    """
    found = next((match for match in _TOKEN.finditer(text) if match["mark"]), None)
    if found is None:
        return None
    line = text.count("\n", 0, found.start()) + 1
    column = found.start() - (text.rfind("\n", 0, found.start()) + 1) + 1
    return Location(path, line, column, line, column + 2)
