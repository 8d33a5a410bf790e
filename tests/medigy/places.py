"""Where the ontology, the examples and the seed record are."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
ONTOLOGY = ROOT / "ontology" / "medigy.ttl"
VOCABULARY = ROOT / "ontology" / "map.ttl"
EXAMPLES = ROOT / "examples" / "medigy"
CONTENT = EXAMPLES / "content"
QUERIES = EXAMPLES / "queries"
OUTPUT = ROOT / "output"
SEED_NAME = "overcoming-challenges-for-the-future-of-telehealth.md"
SEED = next(CONTENT.rglob(SEED_NAME))


def example_files() -> list[Path]:
    """The example records, in path order."""
    return sorted(path for path in CONTENT.rglob("*") if path.is_file())
