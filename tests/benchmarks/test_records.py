"""The benchmarks' records: the same bytes every time, and of the seed's kind."""

from __future__ import annotations

import hashlib

import frontmatter
import pytest
import yaml

from benchmarks.records import FAULTS, make_records
from tests.data import SEED, needs


def test_records_are_the_same_bytes_every_time() -> None:
    first, second = (hashlib.sha256("".join(made.text for made in make_records(200, faults=0.1)).encode()) for _ in range(2))
    assert first.hexdigest() == second.hexdigest()


def test_a_small_folder_is_the_beginning_of_a_large_one() -> None:
    assert list(make_records(20)) == list(make_records(40))[:20]


def test_every_record_has_its_own_file() -> None:
    assert len({made.path for made in make_records(2000)}) == 2000


@pytest.mark.slow
def test_faults_come_at_the_asked_rate_and_of_every_kind() -> None:
    planted = [made.fault for made in make_records(2000, faults=0.1) if made.fault]
    assert 150 < len(planted) < 250
    assert set(planted) == set(FAULTS)


@needs(SEED)
def test_records_have_the_keys_of_the_seed() -> None:
    seed = frontmatter.load(str(SEED)).metadata
    made = frontmatter.loads(next(make_records(1)).text).metadata
    assert _shape(seed) == _shape(made)


@needs(SEED)
def test_records_are_written_as_the_seed_is() -> None:
    text = SEED.read_text(encoding="utf-8").split("---\n")[1]
    assert yaml.dump(yaml.load(text, Loader=yaml.CSafeLoader), Dumper=yaml.CSafeDumper, allow_unicode=True) == text


def _shape(value: object) -> object:
    return {key: _shape(inner) for key, inner in value.items()} if isinstance(value, dict) else None
