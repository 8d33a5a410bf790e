"""What `export --verify` says: how much of the front matter the graph would give back, and why it would not the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from exporter.text import enumerate_names, plural

if TYPE_CHECKING:
    from exporter.cli.session import Session
    from exporter.project import Project
    from exporter.recovery.verifying import Verification
    from exporter.tree import Tree

_KEYS = 4


def verify_export(session: Session, project: Project) -> Verification:
    """Make the front matter again from the triples of an export, and compare it with what was read."""
    from exporter.recovery.verifying import verify  # engines are imported when a command needs them

    with session.progress("records read") as progress:
        return verify(project, progress.update)


def describe_verification(found: Verification | None, tree: Tree) -> Iterator[str]:
    """Say how many values come back, and of the others for each reason how many, under which keys, and where the first one stands."""
    if found is None:
        return
    yield (
        f"verified {plural(found.values, 'value')} of {plural(found.records, 'record')}: {found.returned:,} come back as they were typed, "
        f"{found.count('order'):,} without their order, {found.count('otherwise'):,} written otherwise, {found.count('lost'):,} not; "
        f"{found.count('on purpose'):,} left out on purpose"
    )
    yield f"  the front matter that is made again of {plural(found.same, 'record')} makes the same statements"
    for each in found.lost:
        keys = enumerate_names(each.keys, "and", limit=_KEYS)
        yield f"  {plural(each.count, 'value')}, {_KINDS[each.reason.kind]}: {each.reason.text}: {keys} ({tree.shown_place(each.example)})"


_KINDS = {"lost": "lost", "order": "without their order", "otherwise": "written otherwise", "on purpose": "on purpose"}
