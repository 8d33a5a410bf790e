"""What can stop a run. Findings about records are values (`Problem`); these are raised.

ExporterError
├── UsageError        the call itself is wrong: options, settings, paths
├── OntologyError     an ontology can't be loaded or compiled; carries its problems
├── ShapesError       shapes can't be loaded or run; carries its problems
├── OutputError       a file can't be written; the old one stands
├── QueryError        a query can't be parsed, or ran out of time or memory
└── CacheError        what was kept between runs can't be believed; never leaves the package: it is made again
"""

from __future__ import annotations

from collections.abc import Sequence

from exporter.problems import Problem


class ExporterError(Exception):
    """Anything that ends a run with exit status 2; its text is a sentence for the user, and `problems` say where.

    >>> from exporter import ExporterError, load_plan
    >>> try:
    ...     load_plan("no-such.ttl")
    ... except ExporterError as error:
    ...     print(error)
    no-such.ttl: no such ontology file
    """

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class UsageError(ExporterError):
    """The call itself is wrong: an option, a setting or a path."""


class OntologyError(ExporterError):
    """An ontology can't be loaded or compiled."""


class ShapesError(ExporterError):
    """A shapes graph can't be loaded or run."""


class OutputError(ExporterError):
    """A file can't be written; what stood there still stands."""


class QueryError(ExporterError):
    """A query can't be parsed, is refused, or ran out of time or memory."""


class CacheError(ExporterError):
    """What was kept between runs is not what it should be: torn, foreign, or of another version. Whoever reads it makes it again."""
