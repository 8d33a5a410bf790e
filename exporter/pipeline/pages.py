"""`--context schema.org`: a document for each record, beside its file's name, for the page that a site makes of it.

A document names other records that it refers to, which may come later. So documents wait in a temporary file until all are made.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby, islice
from operator import itemgetter

from exporter.outcomes.outcome import RecordOutcome
from exporter.pipeline.splitting import Folder
from exporter.schema_org.documents import Node, count_statements, nested, page_text, says_nothing, summary
from exporter.writers.formats import FileFormat
from exporter.writers.split import safe_file_name


@dataclass(frozen=True, slots=True)
class PageAccount:
    """What became of the pages: how many statements were written; which records have no page, and which terms schema.org does not know.

    `left_out` counts, for each term (an IRI), the records that have it; `untyped` are the classes among them.
    """

    triples: int
    without_page: int
    left_out: tuple[tuple[str, int], ...]
    untyped: tuple[str, ...]


def write_pages(
    records: Iterable[tuple[str, RecordOutcome]], referred: Collection[str], folder: Folder, written: FileFormat
) -> PageAccount:
    """Write a file for each record that schema.org has words for, and give the account.

    `referred` are the names of the classes whose records others refer to: what identifies these is written into the others.
    """
    left_out: Counter[str] = Counter()
    untyped: set[str] = set()
    summaries: dict[str, Node] = {}
    triples = without_page = 0
    with tempfile.TemporaryFile("w+", encoding="utf-8", prefix="owltype-", newline="\n") as spool:
        for path, record in records:
            document, unknown, without_type = json.loads(record.written.record)
            left_out.update([*unknown, *without_type])
            untyped.update(without_type)
            if says_nothing(document):
                without_page += 1
                continue
            if record.class_name in referred and record.iri is not None:
                summaries[record.iri] = summary(document)
            spool.write(json.dumps([path, record.iri, document], ensure_ascii=False) + "\n")
        spool.seek(0)
        for name, document in _named(map(json.loads, spool), written.extension):
            page = nested(document, summaries)
            with folder.file(name, written.compression) as sink:
                sink.write(page_text(page).encode())
            triples += count_statements(page)
    counted = sorted(left_out.items(), key=lambda item: (-item[1], item[0]))
    return PageAccount(triples, without_page, tuple(counted), tuple(sorted(untyped)))


def _named(pages: Iterable[tuple[str, str, Node]], extension: str) -> Iterator[tuple[str, Node]]:
    """Name each page as its file, and those of a file that holds several by their IRIs below that name."""
    for path, of_file in groupby(pages, key=itemgetter(0)):
        first = list(islice(of_file, 2))
        alone = len(first) == 1
        for _, iri, document in chain(first, of_file):
            yield (path if alone else f"{path}/{safe_file_name(iri)}") + extension, document
