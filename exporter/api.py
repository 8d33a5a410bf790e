"""The one public name that stands on several parts: a question put to records, files or an open dataset."""

from __future__ import annotations

from collections.abc import Mapping

from exporter.paths import Paths
from exporter.project import Project
from exporter.rdf.terms import Term
from exporter.sparql.asking import Dataset
from exporter.sparql.limits import Limits
from exporter.sparql.opening import open_dataset
from exporter.sparql.results.model import Result


def query(
    source: Dataset | Paths,
    query: str,
    bindings: Mapping[str, Term] | None = None,
    *,
    project: Project | None = None,
    ontology: Paths = (),
    limits: Limits | None = None,
) -> Result:
    """Answer one SPARQL query on records, RDF files, or a dataset that is open already.

    `bindings` are terms for variables, bound and never pasted; `ontology` maps the records, by default the project's `ontology/`,
    or `project` says everything about them.
    For several queries open the dataset once. Raises QueryError for a query that is refused, fails or reaches a limit.

    >>> from exporter import query
    >>> result = query("examples/medigy/content", "SELECT (COUNT(*) AS ?pages) { ?page schema:headline ?headline }")
    >>> int(result.rows[0][0].value) > 10
    True
    """
    if isinstance(source, Dataset):
        return source.query(query, bindings, limits=limits)
    with open_dataset(source, project=project, ontology=ontology) as dataset:
        return dataset.query(query, bindings, limits=limits)
