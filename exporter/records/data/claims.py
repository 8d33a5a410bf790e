"""Which files hold many records, and where in them: what classes say with `map:records`.

Files are listed by it before any is read, so it imports nothing that reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exporter.globs import Glob
from exporter.problems import KeyPath

EMPTY_FILE, EMPTY_ITEM = "empty data file", "empty item"
"""Why a data file without records, and an item that says nothing, are skipped."""

DRAFT, UNCLAIMED = "draft", "no class claims it"
"""Why a draft is skipped, and a record that answers to no class, by `drafts` and `unclaimed`: a run says it without reading."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Records of a data file: where they stand in it, and the class that they are of."""

    key_path: KeyPath
    class_iri: str


@dataclass(frozen=True, slots=True)
class ClaimedFiles:
    """What a class's glob says of the files that fit it: they are data files with these records, or where there are none, ordinary ones."""

    glob: Glob
    claims: tuple[Claim, ...] = ()


def find_claims(files: Sequence[ClaimedFiles], path: str) -> tuple[Claim, ...]:
    """Give the records that a file holds by the first glob that fits it; none for a file that is a record itself."""
    return next((claimed.claims for claimed in files if claimed.glob.fullmatch(path)), ())
