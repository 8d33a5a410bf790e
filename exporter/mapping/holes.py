"""Holes: the values of one property of one subject that have to be looked up among all records, which one record alone can't do.

In a block a hole is a blank node of its own kind, in the place of the property's values; what belongs there is a `Hole` beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from pyoxigraph import BlankNode, NamedNode

from exporter.digests import short_digest
from exporter.mapping.model import Held, Hole, Made, MappedRecord, Origin, Sought
from exporter.rdf.terms import Block, Term, hole_node, make_list, read_hole

Settle: TypeAlias = Callable[[Sought], str | None]
"""Gives the IRI of the record that a value names, None where none can be told."""


def fold_holes(blocks: Iterable[Block], holes: list[Hole], origins_of: Callable[[Block], list[Origin]] | None) -> None:
    """Let each hole be its whole property: what else a block says with the predicate, but for lists, moves into the first of its holes.

    `origins_of` gives the origins of a block's statements, which move too; None where there are none.
    """
    for block in blocks:
        for predicate in dict.fromkeys(predicate for predicate, value in block.pairs if read_hole(value)):
            _fold(block, predicate, holes, origins_of(block) if origins_of else [])


def _fold(block: Block, predicate: NamedNode, holes: list[Hole], origins: list[Origin]) -> None:
    positions = [position for position, (said, value) in enumerate(block.pairs) if said == predicate and not _is_list(value)]
    numbers = [hole[0] for position in positions if (hole := read_hole(block.pairs[position][1]))]
    if len(positions) < 2 or not numbers:
        return
    held = tuple([value for position in positions for value in _held(block, position, holes, origins)])
    for number in numbers:
        holes[number] = holes[number]._replace(values=held if number == numbers[0] else ())
    block.pairs[positions[0]] = (predicate, hole_node(numbers[0], ordered=False))
    for position in reversed(positions[1:]):
        del block.pairs[position]
        del origins[position : position + 1]


def _is_list(value: Term) -> bool:
    hole = read_hole(value)
    return hole[1] if hole else isinstance(value, BlankNode)


def _held(block: Block, position: int, holes: Sequence[Hole], origins: Sequence[Origin]) -> Sequence[Held]:
    value = block.pairs[position][1]
    hole = read_hole(value)
    if hole is not None:
        return holes[hole[0]].values
    return (Held(value, *(origins[position] if origins else Origin(()))),)


def without_holes(blocks: Sequence[Block]) -> Sequence[Block]:
    """Give the blocks without what has to be looked up: the same where there is nothing of this kind."""
    if not any(read_hole(value) for block in blocks for _, value in block.pairs):
        return blocks
    return [Block(block.subject, [pair for pair in block.pairs if not read_hole(pair[1])]) for block in blocks]


def settled_values(hole: Hole, settle: Settle) -> list[tuple[Term, Held]]:
    """Settle the values of a hole; two that come to one term are one, but in a list."""
    settled = [(_term(held.value, settle) if isinstance(held.value, Sought) else held.value, held) for held in hole.values]
    if hole.ordered:
        return settled
    first: dict[Term, Held] = {}
    for term, held in settled:
        first.setdefault(term, held)
    return list(first.items())


def _term(sought: Sought, settle: Settle) -> Term:
    iri = settle(sought)
    return sought.otherwise if iri is None else NamedNode(iri)


def made_instead(holes: Sequence[Hole], settle: Settle) -> Iterator[tuple[Held, Made]]:
    """Yield the resources that are made of values to which no record answers, with their holes filled, each with its value."""
    for held in (held for hole in holes for held in hole.values):
        sought = held.value
        if isinstance(sought, Sought) and sought.made is not None and settle(sought) is None:
            blocks, shared, inner = sought.made
            own, others = (tuple(_settle_blocks(each, (), inner, settle)[0]) for each in (blocks, shared))
            yield held, Made(own, others, inner)
            yield from made_instead(inner, settle)


def settle_mapped(mapped: MappedRecord, settle: Settle) -> MappedRecord:
    """Give a mapped record with the values of its holes, and the origins of these where it is traced."""
    if not mapped.holes:
        return mapped
    blocks, origins = _settle_blocks(mapped.blocks, mapped.origins, mapped.holes, settle)
    shared, shared_origins = _settle_blocks(mapped.shared, mapped.shared_origins, mapped.holes, settle)
    for held, made in made_instead(mapped.holes, settle):
        blocks += made.blocks
        shared += made.shared
        if mapped.origins:
            origin = Origin(held.key_path, held.span)
            origins += [[origin] * len(block.pairs) for block in made.blocks]
            shared_origins += [[origin] * len(block.pairs) for block in made.shared]
    return replace(mapped, blocks=blocks, origins=origins, shared=shared, shared_origins=shared_origins, holes=[])


def _settle_blocks(
    blocks: Sequence[Block], origins: Sequence[list[Origin]], holes: Sequence[Hole], settle: Settle
) -> tuple[list[Block], list[list[Origin]]]:
    """Settle blocks; the cells of a list follow the block that it is used in."""
    settled: list[Block] = []
    traced: list[list[Origin]] = []
    for number, block in enumerate(blocks):
        pairs: list[tuple[NamedNode, Term]] = []
        sources: list[Origin] = []
        cells: list[Block] = []
        of_cells: list[list[Origin]] = []
        for at, (predicate, value) in enumerate(block.pairs):
            hole = read_hole(value)
            if hole is None:
                pairs.append((predicate, value))
                sources += origins[number][at : at + 1] if origins else ()
                continue
            values = settled_values(holes[hole[0]], settle)
            found = [Origin(held.key_path, held.span) for _, held in values]
            if hole[1]:
                name = short_digest(f"{block.subject} {predicate} {hole[0]}").hex()
                head, made = make_list([term for term, _ in values], name)
                pairs.append((predicate, head))
                sources += found[:1]
                cells += made
                of_cells += [[origin, origin] for origin in found]
            else:
                pairs += [(predicate, term) for term, _ in values]
                sources += found
        settled += [Block(block.subject, pairs), *cells]
        traced += [sources, *of_cells]
    return settled, traced if origins else []
