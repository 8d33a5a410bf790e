"""The prefixes and terms that a query names, held against those of the ontology and the graph."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from exporter.problems import Problem, Severity
from exporter.rdf.lexer import Token
from exporter.rdf.prefixes import Prefixes
from exporter.sparql.queries.text import QueryText, refuse
from exporter.text import enumerate_names, nearest, quote


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What queries may take as known: the ontology's prefixes, and every IRI that the ontology speaks of."""

    prefixes: Mapping[str, str] = field(default_factory=dict)
    terms: frozenset[str] = frozenset()

    def fold(self, iri: str) -> str:
        """Write an IRI with its prefix where one fits, as a query may have it.

        >>> KnownNames({"schema": "https://schema.org/"}).fold("https://schema.org/about")
        'schema:about'
        """
        return Prefixes(self.prefixes).show(iri)


class NamedTerm(NamedTuple):
    """An IRI that a pattern of the query names, and the token that does."""

    iri: str
    token: Token


def declared_prefixes(query: QueryText) -> dict[str, str]:
    """Give the prefixes that the query itself declares, up to where it first says something else."""
    words = query.tokens
    return {
        words[index + 1].text[:-1]: words[index + 2].text[1:-1]
        for index, token in enumerate(words[:-2])
        if token.upper == "PREFIX" and words[index + 1].kind == "pname" and words[index + 2].kind == "iri"
    }


def check_prefixes(query: QueryText, vocabulary: KnownNames) -> None:
    """Raise `RefusedError` for the first name whose prefix nobody declared.

    >>> check_prefixes(QueryText("ASK { ?s ex:a ?o }"), KnownNames({"ex": "http://e.org/"}))
    """
    known = {**vocabulary.prefixes, **declared_prefixes(query)}
    words = query.tokens
    for index, token in enumerate(words):
        if token.kind != "pname" or (index and words[index - 1].upper == "PREFIX"):
            continue
        prefix = token.text.partition(":")[0]
        if prefix not in known:
            near = nearest(prefix, known)
            advice = f"did you mean {near}:?" if near else f"declare it with PREFIX, or use {enumerate_names(f'{name}:' for name in known)}"
            marked = Token(token.kind, token.text[: len(prefix) + 1], token.start)
            message = f"the prefix {quote(prefix + ':')} is known neither to the query nor to the ontology"
            raise refuse("QUERY-PREFIX", query.location(marked), message, advice)


def named_terms(query: QueryText, vocabulary: KnownNames) -> Iterator[NamedTerm]:
    """Yield the IRIs that the query looks for: not those that it declares, calls, or makes in a template."""
    prefixes = {**vocabulary.prefixes, **declared_prefixes(query)}
    words = query.tokens
    template = _template(words)
    by_datatype = any(token.upper in {"DATATYPE", "STRDT"} for token in words)
    seen: set[str] = set()
    for index, token in enumerate(words):
        if token.kind not in {"iri", "pname"} or index in template or _is_no_pattern(words, index):
            continue
        iri = _expand(token, prefixes)
        if iri and iri not in seen and not iri.startswith(_DATATYPES) and not (by_datatype and _in_expression(words, index)):
            seen.add(iri)
            yield NamedTerm(iri, token)


def named_graphs(query: QueryText, vocabulary: KnownNames) -> Iterator[NamedTerm]:
    """Yield the graphs that FROM and FROM NAMED ask for."""
    prefixes = {**vocabulary.prefixes, **declared_prefixes(query)}
    for index, token in enumerate(query.tokens):
        before = [word.upper for word in query.tokens[max(0, index - 2) : index]]
        if before[-1:] == ["FROM"] or before == ["FROM", "NAMED"]:
            iri = _expand(token, prefixes) if token.kind in {"iri", "pname"} else None
            if iri:
                yield NamedTerm(iri, token)


def _expand(token: Token, prefixes: Mapping[str, str]) -> str | None:
    if token.kind == "pname":
        prefix, _, local = token.text.partition(":")
        return prefixes.get(prefix, "") + local.replace("\\", "")
    iri = token.text[1:-1]
    return iri if ":" in iri else None


def _is_no_pattern(words: tuple[Token, ...], index: int) -> bool:
    before = words[index - 1].upper if index else ""
    earlier = words[index - 2].upper if index > 1 else ""
    follows = words[index + 1].text if index + 1 < len(words) else ""
    return before in {"PREFIX", "BASE", "FROM", "NAMED", "GRAPH", "SERVICE", "SILENT", "^^"} or earlier == "PREFIX" or follows == "("


_DATATYPES = (
    "http://www.w3.org/2001/XMLSchema#",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML",
)
"""IRIs that stand in literals: a graph can be full of them and have none as a node."""


def _in_expression(words: tuple[Token, ...], index: int) -> bool:
    """Tell an operand of a comparison."""
    around = [word.text for word in words[max(0, index - 1) : index + 2]]
    return bool({"=", "!=", "(", ","} & {around[0], around[-1]})


def _template(words: tuple[Token, ...]) -> range:
    """Give the tokens of a CONSTRUCT template, whose terms are made and not looked for."""
    for index, token in enumerate(words):
        if token.upper == "CONSTRUCT" and index + 1 < len(words) and words[index + 1].text == "{":
            depth = 0
            for end in range(index + 1, len(words)):
                depth += {"{": 1, "}": -1}.get(words[end].text, 0)
                if depth == 0:
                    return range(index + 1, end)
    return range(0)


def unknown_terms(query: QueryText, vocabulary: KnownNames, in_graph: Callable[[str], bool], *, empty: bool) -> list[Problem]:
    """Tell the terms that match nothing: a warning for one that the ontology lacks, a note for others if the result is `empty`."""
    namespaces = tuple(namespace for namespace in vocabulary.prefixes.values() if namespace)
    problems = []
    for iri, token in named_terms(query, vocabulary):
        absent = bool(vocabulary.terms) and iri not in vocabulary.terms and iri.startswith(namespaces)
        if not (absent or empty) or in_graph(iri):
            continue
        name = vocabulary.fold(iri)
        if absent:
            near = _nearest_term(iri, vocabulary)
            message = f"neither the ontology nor the graph has {name}"
            advice = f"did you mean {near}?" if near else None
            problems.append(Problem("QUERY-TERM", query.location(token), message, Severity.WARNING, advice))
        else:
            message = f"{name} is nowhere in the graph, so nothing matches it"
            problems.append(Problem("QUERY-EMPTY", query.location(token), message, Severity.INFO))
    return problems


def _nearest_term(iri: str, vocabulary: KnownNames) -> str | None:
    """Look for the name in its own namespace first, then by its last part in the others."""
    namespace = max((space for space in vocabulary.prefixes.values() if space and iri.startswith(space)), key=len, default="")
    siblings = {term.removeprefix(namespace): term for term in vocabulary.terms if term.startswith(namespace)}
    local = iri.removeprefix(namespace)
    if near := nearest(local, siblings):
        return vocabulary.fold(siblings[near])
    others = {re.split(r"[#/]", term)[-1]: term for term in sorted(vocabulary.terms)}
    near = nearest(local, others)
    return vocabulary.fold(others[near]) if near else None
