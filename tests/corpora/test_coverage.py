"""Coverage lists what a minimal ontology leaves: keys, how often, and where."""

from __future__ import annotations

import pytest

from tests.corpora.running import ontology_of
from tests.data import CORPORA, find, needs
from tests.running import owltype

LEFT = {
    "digitalgov/content": ("summary", "expirydate", "registration_url", "github", "featured_resources"),
    "obofoundry/ontology": ("repository", "usages", "contact.orcid", "is_obsolete"),
}


@needs(*CORPORA)
@pytest.mark.parametrize("folder", LEFT)
def test_coverage_lists_the_keys_that_the_ontology_leaves(folder: str) -> None:
    finished = owltype("coverage", find("corpora", *folder.split("/")), "--ontology", ontology_of(folder.partition("/")[0]))
    assert finished.status in {0, 1}, finished.stderr
    for key in LEFT[folder]:
        assert key in finished.stdout
