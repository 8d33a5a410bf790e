"""What is in a site, and what is not: in sentences, with numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from exporter.pages.view import View
from exporter.pipeline.account import Export
from exporter.pipeline.looking import list_skipped
from exporter.project import Project
from exporter.records.rules import ReadingRules
from exporter.text import plural


@dataclass(frozen=True, slots=True)
class PublishOptions:
    """What a site shows, and where it will be.

    Without `with_problems` it has no problems, without `with_sources` (an address with `{path}` and perhaps `{line}`) no path of a file,
    and without `with_unmapped` no key that the ontology does not know. `address` is where the site's own addresses begin, by default scheme
    and host of most records; `queries` is the folder of saved queries, `templates` one of templates that come before ours; `images` are
    hosts whose images are shown; `endpoint` is the address of a SPARQL endpoint with the same graph.
    """

    address: str = ""
    title: str = ""
    with_problems: bool = False
    with_sources: str | None = None
    with_unmapped: bool = False
    images: frozenset[str] = frozenset()
    queries: str = ""
    templates: str = ""
    endpoint: str = ""


def published_project(project: Project, options: PublishOptions) -> Project:
    """Give the project without what a site leaves out: drafts, and, unless they are asked for, keys that the ontology does not know."""
    reading = replace(project.reading or ReadingRules(), drafts="skip")
    unmapped = project.unmapped if options.with_unmapped else "drop"
    return replace(project, reading=reading, unmapped=unmapped)


def describe_held(account: Export, view: View) -> list[str]:
    """Say what is in the site."""
    records, resources = view.graph.counts
    return [
        f"{plural(records, 'record')} of {plural(account.files, 'file')}",
        f"{plural(resources, 'resource')} with {plural(account.triples, 'triple')}, on {plural(len(view.addresses.pages), 'page')}",
    ]


def describe_left_out(account: Export, options: PublishOptions, project: Project) -> list[str]:
    """Say what is not in the site, and with which option it would be."""
    lines = []
    skipped: Mapping[str, int] = account.skipped
    if skipped:
        lines.append(f"{plural(sum(skipped.values()), 'file or record', 'files and records')} without a page: {list_skipped(skipped)}")
    if account.rejected:
        lines.append(f"{plural(account.rejected, 'record')} that could not be read or mapped; `owltype validate` says why")
    if account.unmapped and project.unmapped == "drop":
        keys, records = plural(len(account.unmapped), "key"), plural(max(key.count for key in account.unmapped), "record")
        lines.append(f"{keys} that the ontology does not know, in up to {records} each (--with-unmapped)")
    if not options.with_problems:
        number = len(account.problems)
        found = f"; reading and mapping found {plural(number, 'problem')}" if number else ""
        lines.append(f"the validation report{found} (--with-problems)")
    if not options.with_sources:
        lines.append("the paths of the files that records come from (--with-sources URL)")
    return lines
