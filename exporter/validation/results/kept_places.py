"""Problems that earlier runs made of results, kept by all that their places and words depend on, so that no record is read again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from exporter.cache.answers import KeptAnswers
from exporter.cache.coding import decode_problems, encode_problems
from exporter.digests import checksum, content_digest
from exporter.errors import CacheError
from exporter.problems import Problem
from exporter.tree import Tree
from exporter.validation.results.model import ValidationResult

AboutRecord = tuple[str, int]
"""The project path of a file, and which of its records it is; without a path another number that counts."""


class KeptPlaces:
    """The problems of a record's results, by these, the shapes with their places, the plan, and the contents of the records they are about.

    `said` is what is the same for all results of a run. Not for a plan that looks values up, nor for RDF files: there the place and the
    words of a result may follow from files that it does not name.
    """

    def __init__(self, kept: KeptAnswers, tree: Tree, *said: object) -> None:
        self._kept, self._tree = kept, tree
        self._said = checksum(repr(said).encode("utf-8", "surrogatepass")).digest()
        self._contents: dict[str, bytes] = {}

    def key(self, results: Iterable[tuple[ValidationResult, Sequence[AboutRecord]]]) -> bytes | None:
        """Give the digest of all that the problems of one record depend on, with each result the records that it is made from.

        None where a file can't be read.
        """
        digest = checksum(self._said)
        for result, files in results:
            digest.update(repr((result, files)).encode("utf-8", "surrogatepass"))
            for path in (path for path, _ in files if path):
                content = self._content(path)
                if not content:
                    return None
                digest.update(content)
        return digest.digest()

    def _content(self, path: str) -> bytes:
        if path not in self._contents:
            data = self._tree.data(path)
            try:
                self._contents[path] = content_digest(_read(self._tree.place(path)) if data is None else data)
            except OSError:
                return b""
        return self._contents[path]

    def find(self, key: bytes | None) -> list[Problem] | None:
        """Give the problems that a run before made."""
        answer = None if key is None else self._kept.find(key)
        try:
            return None if answer is None else list(decode_problems(answer))
        except CacheError:
            return None

    def keep(self, key: bytes | None, problems: Sequence[Problem]) -> None:
        """Keep the problems that this run made."""
        if key is not None:
            self._kept.add(key, encode_problems(problems))

    def save(self) -> None:
        """Write what is worth keeping."""
        self._kept.save()


def _read(place: str) -> bytes:
    with open(place, "rb") as file:  # noqa: PTH123 - for each of hundreds
        return file.read()
