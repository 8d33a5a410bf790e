"""Imports go one way, and each third-party package has one home."""

from __future__ import annotations

import sys

from tests.modules import modules

LAYERS = (
    "text",
    "digests",
    "problems",
    "keypaths",
    "globs",
    "width",
    "errors",
    "system",
    "paths",
    "tree",
    "records",
    "explanations",
    "rdf",
    "resources",
    "gitignore",
    "discovery",
    "language",
    "ontology",
    "plan",
    "mapping",
    "settings",
    "project",
    "writers",
    "edits",
    "sites",
    "schema_org",
    "generate",
    "outcomes",
    "references",
    "cache",
    "watching",
    "pipeline",
    "recovery",
    "wide",
    "inference",
    "dataset",
    "sparql",
    "validation",
    "tracing",
    "policy",
    "fixes",
    "comparing",
    "drift",
    "reports",
    "pages",
    "publishing",
    "server",
    "assistants",
    "language_server",
    "api",
    "rdflib_plugin",
    "cli",
    "__main__",
)
"""The parts of the package; each imports only from those above it."""

HOMES = {
    "click": ("exporter.cli",),
    "frontmatter": ("exporter.records",),
    "markdown_it": ("exporter.records.body.markdown",),
    "jinja2": ("exporter.generate.templating",),
    "markupsafe": ("exporter.generate.templating",),
    "yaml": ("exporter.records",),
    "yaml12": ("exporter.records",),
    # The terms are pyoxigraph's (exporter.rdf.terms), so it is at home wherever terms are made or read.
    "pyoxigraph": (
        "exporter.rdf",
        "exporter.language",
        "exporter.ontology",
        "exporter.plan",
        "exporter.mapping",
        "exporter.writers",
        "exporter.schema_org",
        "exporter.outcomes",
        "exporter.references",
        "exporter.cache.coding",
        "exporter.cache.plan_inputs",
        "exporter.pipeline",
        "exporter.recovery",
        "exporter.drift",
        "exporter.generate",
        "exporter.pages",
        "exporter.publishing",
        "exporter.server",
        "exporter.assistants",
        "exporter.language_server",
        "exporter.tracing",
        "exporter.comparing",
        "exporter.fixes",
        "exporter.validation",
        "exporter.dataset",
        "exporter.sparql",
    ),
    # The interchange model stands at the edges: API, parser plugin, and what pySHACL runs on.
    "rdflib": (
        "exporter.rdf.interchange",
        "exporter.rdflib_plugin",
        "exporter.validation.engines.reference",
        "exporter.validation.engines.corrections",
    ),
    "pyshacl": ("exporter.validation.engines.reference", "exporter.validation.engines.corrections"),
    "shacl": ("exporter.validation.engines.shacl",),
    "msgspec": ("exporter.cache.coding",),
    "pathspec": ("exporter.gitignore",),
    "watchfiles": ("exporter.watching.notices",),
    "starlette": ("exporter.server.application", "exporter.server.guarding", "exporter.server.repeating"),
    "uvicorn": ("exporter.server.running",),
    "sse_starlette": ("exporter.server.application",),
    "anyio": ("exporter.server.application",),
    "mcp": ("exporter.assistants.running",),
    "pygls": ("exporter.language_server.server", "exporter.language_server.features"),
    "lsprotocol": ("exporter.language_server.server", "exporter.language_server.features"),
    "wcwidth": ("exporter.width",),
    "pyspark": ("exporter.wide.spark",),
    "zstandard": ("exporter.rdf.compression",),
}
"""Each third-party package and the modules (with what is below them) that wrap it."""


def test_every_part_has_a_layer() -> None:
    assert {module.unit for module in modules()} - {""} <= set(LAYERS)


def test_imports_go_down_only() -> None:
    rank = {unit: number for number, unit in enumerate(LAYERS)}
    wrong = [
        f"{module.file}:{line}: exporter.{module.unit} imports {imported}"
        for module in modules()
        if module.unit  # the package itself gives its names lazily
        for imported, line in module.imports()
        if imported.startswith("exporter.") and rank[imported.split(".")[1]] > rank[module.unit]
    ]
    assert not wrong, "\n".join(wrong)


def test_third_party_packages_are_imported_by_their_wrappers_only() -> None:
    wrong = [
        f"{module.file}:{line}: {imported} belongs in {HOMES.get(imported.split('.')[0], 'pyproject.toml and HOMES first')}"
        for module in modules()
        for imported, line in module.imports()
        if (package := imported.split(".")[0]) not in sys.stdlib_module_names
        and package != "exporter"
        and not any(f"{module.name}.".startswith(f"{home}.") for home in HOMES.get(package, ()))
    ]
    assert not wrong, "\n".join(wrong)


def test_no_module_imports_itself_in_a_circle() -> None:
    graph = {module.name: {imported for imported, _ in module.imports() if imported.startswith("exporter")} for module in modules()}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join([*path[path.index(name) :], name])
        if name not in done:
            for imported in sorted(graph.get(name, set()) - {name}):
                visit(imported, (*path, name))
            done.add(name)

    for name in graph:
        if name != "exporter":
            visit(name, ())
