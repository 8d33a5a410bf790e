"""The site's own pages: home, search, questions with their answers, the report, what is left out, and what is shown for no page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from exporter.pages.addresses import relative
from exporter.pages.assets import are_built
from exporter.pages.classes import class_file
from exporter.pages.layout import ABOUT, NOT_FOUND, QUERY, REPORT, SEARCH, SHAPES, SiteLayout, SitePage
from exporter.pages.resources import source_address
from exporter.pages.values import Presenter, Shown
from exporter.problems import Location, Problem
from exporter.sparql.queries.saved import SavedQuery
from exporter.sparql.results.model import Result
from exporter.text import plural
from exporter.writers.split import safe_file_name

_NEWEST = 10
_ROWS = 1_000
"""How many rows of an answer a page shows."""
_PROBLEMS = 10_000


@dataclass(frozen=True, slots=True)
class Download:
    """The whole graph in one syntax: its file, what it is called, its media type, and its size as people write it."""

    file: str
    name: str
    media_type: str
    size: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A saved query with what it answers without further words: nothing where a parameter has no default, or where it fails (`failure`)."""

    query: SavedQuery
    result: Result | None = None
    failure: str = ""


def query_file(name: str) -> str:
    """Give the file of the page of a saved query."""
    return f"_/queries/{safe_file_name(name)}.html"


def home_page(
    layout: SiteLayout, file: str, questions: Sequence[Answered], downloads: Sequence[Download], problems: str | None
) -> SitePage:
    """Make the home page. `problems` says how many there are, where they are shown."""
    view, presenter = layout.view, layout.presenter(file)
    records, resources = view.graph.counts
    newest = [(presenter.link(iri), day) for iri, day in view.graph.newest(_NEWEST)]
    values = {
        "about": layout.options.about,
        "counts": f"{plural(records, 'record')} and what they name: {plural(resources, 'resource')}.",
        "classes": _cards(layout, file, of_records=True),
        "others": _cards(layout, file, of_records=False),
        "newest": [{"href": link.href, "label": link.text, "date": day, "day": presenter.day(day)} for link, day in newest],
        "queries": [
            {
                "href": relative(query_file(of.query.name), file),
                "title": of.query.title or of.query.name,
                "description": of.query.description,
            }
            for of in questions
        ],
        "downloads": downloads,
        "problems": problems,
    }
    return layout.page("home.html.jinja", file, layout.options.title, values)


def _cards(layout: SiteLayout, file: str, *, of_records: bool) -> list[dict[str, object]]:
    """Give the classes that records are of, or the others."""
    view = layout.view
    records = view.graph.record_classes()
    chosen = [of for of in view.classes() if (of.iri in records) == of_records]
    return [{"href": relative(class_file(of.iri), file), "label": of.label, "instances": of.instances} for of in chosen]


def search_page(layout: SiteLayout, *, indexed: bool) -> SitePage:
    """Make the page that finds resources by name; without an index it leads to the lists of classes."""
    classes = [*_cards(layout, SEARCH, of_records=True), *_cards(layout, SEARCH, of_records=False)]
    return layout.page("search.html.jinja", SEARCH, "Search", {"classes": classes, "indexed": indexed})


def query_page(layout: SiteLayout, questions: Sequence[Answered], data: object, note: str, endpoint: str = "") -> SitePage:
    """Make the page on which the graph is asked; `data` says to its script what to load, and `note` says to people what that is.

    `endpoint` is an address at which programs can ask the same graph.
    """
    listed = [{"href": relative(query_file(of.query.name), QUERY), "title": of.query.title or of.query.name} for of in questions]
    return layout.page(
        "query.html.jinja", QUERY, "Query", {"queries": listed, "data": data, "note": note, "endpoint": endpoint, "scripted": are_built()}
    )


def question_page(layout: SiteLayout, answered: Answered) -> SitePage:
    """Make the page of a saved query: what it asks, its parameters as a form, and its answer."""
    query, result = answered.query, answered.result
    file = query_file(query.name)
    presenter = layout.presenter(file)
    rows = result.rows[:_ROWS] if result is not None and result.kind == "solutions" else []
    values = {
        "description": query.description,
        "text": query.text,
        "parameters": query.parameters,
        "name": query.name,
        "variables": result.variables if result is not None else (),
        "rows": [[None if cell is None else presenter.cell(cell) for cell in row] for row in rows],
        "total": len(result.rows) if result is not None and result.kind == "solutions" else 0,
        "truth": result.value if result is not None and result.kind == "boolean" else None,
        "failure": answered.failure,
    }
    return layout.page("question.html.jinja", file, query.title or query.name, values)


def about_page(layout: SiteLayout, held: Sequence[str], left_out: Sequence[str]) -> SitePage:
    """Make the page that says what is in the site, and what is not, with numbers."""
    return layout.page("about.html.jinja", ABOUT, "What is in it", {"held": held, "left_out": left_out})


def not_found_page(layout: SiteLayout, base: str) -> SitePage:
    """Make the page that a host shows for an address without one; it may stand for any address, so its links begin at the site's root."""
    return layout.page("not_found.html.jinja", NOT_FOUND, "There is no such page", {"own": lambda name: base + name})


def report_page(layout: SiteLayout, problems: Sequence[Problem], record_of: dict[str, str], shapes: Sequence[str]) -> SitePage:
    """Make the validation report: every problem with its place, and how many there are by severity, rule and folder.

    `record_of` gives the IRI of a record by the path of its file, and `shapes` the project paths of the shapes' files.
    """
    presenter = layout.presenter(REPORT)
    rows = [_problem_row(problem, layout, presenter, record_of, shapes) for problem in problems[:_PROBLEMS]]
    counted = {
        "severity": Counter(problem.severity.value for problem in problems),
        "rule": Counter(problem.code for problem in problems),
        "folder": Counter(_folder(problem.location) for problem in problems),
    }
    values = {"rows": rows, "total": len(problems), "counts": {name: sorted(of.items()) for name, of in counted.items()}}
    return layout.page("report.html.jinja", REPORT, "Validation report", values)


def _problem_row(
    problem: Problem, layout: SiteLayout, presenter: Presenter, record_of: dict[str, str], shapes: Sequence[str]
) -> dict[str, object]:
    place, pattern = problem.location, layout.options.sources
    iri = record_of.get(place.path)
    page = presenter.link(iri) if iri is not None else Shown("text", "")
    rule = ""
    shape = problem.shacl.shape_location if problem.shacl is not None else None
    if shape is not None and shape.path in shapes:
        rule = f"{relative(SHAPES, REPORT)}#f{shapes.index(shape.path)}-{shape.line}"
    return {
        "severity": problem.severity.value,
        "code": problem.code,
        "path": place.path,
        "name": PurePosixPath(place.path).name,
        "line": place.line,
        "folder": _folder(place),
        "source": source_address(pattern, place.path, place.line) if pattern else "",
        "page": page,
        "rule": rule,
        "message": problem.message,
        "help": problem.help or "",
    }


def _folder(place: Location) -> str:
    return str(PurePosixPath(place.path).parent)


def is_home_free(layout: SiteLayout) -> bool:
    """Say whether no resource has the page at the site's root, so that the home page stands there too."""
    return "index.html" not in set(layout.view.addresses.pages.values())
