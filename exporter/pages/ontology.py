"""The pages of the ontology and of the shapes: what `gen docs` and `gen diagram` write, as a part of a site, and the files themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exporter.generate.diagrams.drawing import draw
from exporter.generate.diagrams.svg import svg
from exporter.generate.pages.documentation import PageFrame, describe_ontology, write_documentation
from exporter.generate.pages.html import read_part
from exporter.generate.pages.samples import Samples
from exporter.generate.typed_keys import TypedClasses
from exporter.pages.addresses import relative
from exporter.pages.layout import HOME, ONTOLOGY, SHAPES, SiteLayout, SitePage, policy
from exporter.plan.model import Plan
from exporter.project import Project
from exporter.validation.shapes.constraints import read_constraints
from exporter.validation.shapes.loading import load_shapes

_STYLE, _SCRIPT, _DIAGRAM = "_/assets/ontology.css", "_/assets/ontology.js", "_/ontology.svg"


def describe_classes(project: Project, plan: Plan) -> TypedClasses:
    """Describe the classes of the ontology, with what the project's shapes say of them."""
    files = project.shapes_files()
    return TypedClasses(plan, read_constraints(load_shapes(files, dict(project.imports))) if files else None)


def ontology_pages(layout: SiteLayout, classes: TypedClasses, samples: Samples | None = None) -> Iterator[SitePage]:
    """Make the page of the ontology, with what it needs."""
    options = layout.options
    here = {
        name: relative(file, ONTOLOGY) for name, file in (("style", _STYLE), ("script", _SCRIPT), ("home", HOME), ("diagram", _DIAGRAM))
    }
    frame = PageFrame(policy(options.images), home_name=options.title, **here)
    yield SitePage(ONTOLOGY, write_documentation(classes, samples, frame).encode())
    yield SitePage(_STYLE, read_part("page.css").encode())
    yield SitePage(_SCRIPT, read_part("page.js").encode())
    title, _ = describe_ontology(classes.plan.ontology)
    yield SitePage(_DIAGRAM, svg(draw(classes), title or "Classes").encode())


def shapes_page(layout: SiteLayout, files: Sequence[tuple[str, str]]) -> SitePage:
    """Make the page of the shapes: each file by its project path, with its lines, which reports lead to."""
    shown = [{"path": path, "id": f"f{number}", "lines": text.splitlines()} for number, (path, text) in enumerate(files)]
    return layout.page("shapes.html.jinja", SHAPES, "Shapes", {"files": shown})
