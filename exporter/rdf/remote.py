"""Which words of a SPARQL text ask another machine, or a file, for triples."""

from __future__ import annotations

from collections.abc import Sequence

from exporter.rdf.lexer import Token


def is_service(words: Sequence[Token], index: int) -> bool:
    """Tell the keyword, in any disguise that Oxigraph's parser sees through.

    It asks for no space around a keyword: `trueSERVICE` is a literal and a keyword, and with `PREFIX : <…>` so is `SERVICE:x {`.

    >>> from exporter.rdf.lexer import tokens
    >>> words = tuple(tokens("ASK { ?service ex:service 'SERVICE' . trueSERVICE <http://e/> {} }"))
    >>> [words[index].text for index in range(len(words)) if is_service(words, index)]
    ['trueSERVICE']
    """
    token = words[index]
    if token.kind == "word":
        return "SERVICE" in token.upper
    if token.kind != "pname" or not token.upper.partition(":")[0].endswith("SERVICE"):
        return False
    follows = words[index + 1].text if index + 1 < len(words) else ""
    return follows == "{" and (index == 0 or words[index - 1].upper != "GRAPH")
