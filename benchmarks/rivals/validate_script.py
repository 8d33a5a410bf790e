"""The script a user would write today to check records: python-frontmatter reads, rdflib holds the graph, pySHACL checks it.

    python -m benchmarks.rivals.validate_script FOLDER SHAPES

It makes the graph that `script.py` makes, and goes on where a value is missing or of another kind: it says so, and leaves the value out.
pySHACL's text is what the user gets; it names nodes, not files and lines.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

import frontmatter
import pyshacl
from rdflib import RDF, XSD, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, PROV, SKOS

from benchmarks.rivals.script import (
    MEDIGY,
    PROJECTS,
    SCHEMA,
    SITE,
    add,
    add_breadcrumbs,
    add_community,
    add_person,
    add_topic,
    add_work_package,
    as_list,
    slug,
)

Make = Callable[[], Any]


def add_values(graph: Graph, subject: str, values: Mapping[URIRef, Make], path: Path) -> URIRef:
    """Add what can be made of a resource's values, and say what can't."""
    node = URIRef(subject)
    for property_, make in values.items():
        try:
            add(graph, subject, [], {property_: make()})
        except (KeyError, IndexError, ValueError, TypeError, AttributeError) as error:
            print(f"{path}: no {property_.rpartition('/')[2]}: {type(error).__name__}: {error}")
    return node


def moment(value: object) -> Literal:
    """A date with time; what is none stays text, because pySHACL ends with a traceback where it compares an ill-typed literal."""
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        return Literal(value)
    return Literal(value, datatype=XSD.dateTime)


def add_source(graph: Graph, page: str, link: Mapping[str, str], path: Path) -> URIRef:
    """The outside page that a page is about."""
    values: dict[URIRef, Make] = {
        RDF.type: lambda: SCHEMA.WebPage,
        SCHEMA.isPartOf: lambda: add(graph, f"https://{link['brand']}/", [SCHEMA.WebSite], {MEDIGY.domainName: link["brand"]}),
        SCHEMA.url: lambda: URIRef(link["href"]),
        MEDIGY.originalUrl: lambda: URIRef(link["original"]),
    }
    return add_values(graph, f"{page}#link", values, path)


def add_image(graph: Graph, page: str, image: dict[str, Any], path: Path) -> URIRef:
    """The image of a page, and the attachment that it comes from."""
    values: dict[URIRef, Make] = {
        RDF.type: lambda: SCHEMA.ImageObject,
        PROV.wasDerivedFrom: lambda: add_attachment(graph, image["wpAttachment"]),
        MEDIGY.workPackage: lambda: add_work_package(graph, image["workPackage"]),
        SCHEMA.contentUrl: lambda: URIRef(urljoin(page, image["href"])),
        SCHEMA.caption: lambda: image["alt"],
        SCHEMA.encodingFormat: lambda: image["format"],
        SCHEMA.width: lambda: image["size"][0],
        SCHEMA.height: lambda: image["size"][1],
        MEDIGY.validImage: lambda: image["valid"],
    }
    return add_values(graph, f"{page}#featuredImage", values, path)


def add_attachment(graph: Graph, file: Mapping[str, str]) -> URIRef:
    """The file that an image was made from."""
    return add(graph, PROJECTS + file["link"], [MEDIGY.Attachment, PROV.Entity], {SCHEMA.name: file["fileName"]})


def add_record(graph: Graph, path: Path) -> None:
    """Add all that a page's front matter says and that can be read."""
    file = frontmatter.load(str(path))
    post: dict[str, Any] = file.metadata
    page = SITE + post["basePath"] + quote(post["slug"]) + "/"
    fields = post["openProjectCustomFields"]
    name = post["type"].removeprefix("communities/medigy-")
    kind = post["contentCategories"].removeprefix(f"medigy-{name}-")
    values: dict[URIRef, Make] = {
        RDF.type: lambda: [MEDIGY.CuratedContent, SCHEMA.Article],
        SCHEMA.headline: lambda: post["title"],
        SCHEMA.description: lambda: post["description"],
        DCTERMS.identifier: lambda: post["mdName"],
        DCTERMS.type: lambda: add(graph, MEDIGY[kind], [MEDIGY.ContentKind, SKOS.Concept], {SKOS.notation: kind}),
        SCHEMA.isPartOf: lambda: add_community(graph, post, name),
        SCHEMA.author: lambda: [add_person(graph, text) for text in as_list(post["author"])],
        SCHEMA.datePublished: lambda: moment(post["date"]),
        SCHEMA.dateModified: lambda: moment(post["lastMod"]),
        SCHEMA.about: lambda: [add_topic(graph, text) for text in post["communityTopics"]],
        MEDIGY.workPackageTopic: lambda: [add_topic(graph, text) for text in json.loads(fields["medigyTopics"])],
        SCHEMA.keywords: lambda: post["tags"],
        SCHEMA.articleSection: lambda: post["categories"],
        MEDIGY.searchCategory: lambda: post["searchCategory"],
        SCHEMA.creativeWorkStatus: lambda: post["status"],
        MEDIGY.alias: lambda: [URIRef(urljoin(SITE, alias)) for alias in as_list(post["aliases"])],
        SCHEMA.isBasedOn: lambda: add_source(graph, page, post["link"], path),
        DCTERMS.source: lambda: URIRef(fields["cleanUrl"]),
        PROV.hadPrimarySource: lambda: URIRef(fields["sourceUrl"]),
        MEDIGY.workPackage: lambda: add_work_package(graph, post["id"]),
        MEDIGY.workPackageType: lambda: MEDIGY[kind],
        PROV.wasDerivedFrom: lambda: add(graph, f"{SITE}/datasets/{slug(post['source'])}/", [DCAT.Dataset], {SCHEMA.name: post["source"]}),
        SCHEMA.image: lambda: add_image(graph, page, post["featuredImage"], path),
        SCHEMA.breadcrumb: lambda: add_breadcrumbs(graph, page, post["breadcrumbs"], post["breadcrumbLinks"]),
        SCHEMA.articleBody: lambda: file.content,
    }
    add_values(graph, page, values, path)


def main(folder: str, shapes: str) -> int:
    """Check a folder of pages, print what is found, and give the exit status."""
    graph = Graph()
    for path in sorted(Path(folder).rglob("*.md")):
        try:
            add_record(graph, path)
        except (OSError, ValueError, KeyError) as error:
            print(f"{path}: {type(error).__name__}: {error}")
    conforms, _, text = pyshacl.validate(graph, shacl_graph=shapes)
    print(text)
    return int(not conforms)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
