"""The script a user would write today: python-frontmatter reads, rdflib holds the graph and writes it, and the mapping is code.

    python benchmarks/rivals/script.py FOLDER OUTPUT

It makes the graph that ontology/medigy.ttl makes of a record without faults, and checks nothing.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

import frontmatter
from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, PROV, SKOS

SCHEMA = Namespace("https://schema.org/")
MEDIGY = Namespace("https://www.medigy.com/ontology#")
SITE = "https://www.medigy.com"
PROJECTS = "https://openproject.example.org"


def as_list(value: object) -> list[Any]:
    """Take one value for a list of one."""
    return value if isinstance(value, list) else [value]


def slug(text: str) -> str:
    """Make a slug for an address."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def add(graph: Graph, subject: str, types: list[URIRef], values: dict[URIRef, Any]) -> URIRef:
    """Add a resource to the graph and return its IRI."""
    node = URIRef(subject)
    for type_ in types:
        graph.add((node, RDF.type, type_))
    for property_, value in values.items():
        for item in as_list(value):
            if item not in (None, ""):
                graph.add((node, property_, item if isinstance(item, URIRef | Literal) else Literal(item)))
    return node


def add_topic(graph: Graph, text: str) -> URIRef:
    """`Symplur: Telehealth` is a concept in a scheme."""
    scheme, label = text.split(": ", 1)
    home = add(graph, f"{SITE}/topics/{slug(scheme)}/", [SKOS.ConceptScheme], {SKOS.prefLabel: scheme})
    return add(graph, f"{home}{slug(label)}/", [MEDIGY.Topic, SKOS.Concept], {SKOS.prefLabel: label, SKOS.inScheme: home})


def add_person(graph: Graph, text: str) -> URIRef:
    """`Vinit @maxinovip.com` is a person."""
    name, domain = text.split(" @")
    return add(graph, f"{SITE}/authors/{domain}/{slug(name)}/", [SCHEMA.Person], {SCHEMA.name: name, MEDIGY.domainName: domain})


def add_work_package(graph: Graph, number: int) -> URIRef:
    """A work package is known by its number."""
    return add(graph, f"{PROJECTS}/work_packages/{number}", [MEDIGY.WorkPackage, PROV.Entity], {DCTERMS.identifier: str(number)})


def add_community(graph: Graph, post: dict[str, Any], name: str) -> URIRef:
    """The community that a page belongs to."""
    values = {DCTERMS.identifier: name, SCHEMA.name: post["identifier"], SCHEMA.alternateName: post["mastHead"]}
    return add(graph, f"{SITE}/communities/{name}/", [MEDIGY.Community, FOAF.Group], values)


def add_source(graph: Graph, page: str, link: dict[str, str]) -> URIRef:
    """The outside page that a page is about."""
    site = add(graph, f"https://{link['brand']}/", [SCHEMA.WebSite], {MEDIGY.domainName: link["brand"]})
    values = {SCHEMA.isPartOf: site, SCHEMA.url: URIRef(link["href"]), MEDIGY.originalUrl: URIRef(link["original"])}
    return add(graph, f"{page}#link", [SCHEMA.WebPage], values)


def add_image(graph: Graph, page: str, image: dict[str, Any]) -> URIRef:
    """The image of a page, and the attachment that it comes from."""
    file = image["wpAttachment"]
    values = {
        PROV.wasDerivedFrom: add(graph, PROJECTS + file["link"], [MEDIGY.Attachment, PROV.Entity], {SCHEMA.name: file["fileName"]}),
        MEDIGY.workPackage: add_work_package(graph, image["workPackage"]),
        SCHEMA.contentUrl: URIRef(urljoin(page, image["href"])),
        SCHEMA.caption: image["alt"],
        SCHEMA.encodingFormat: image["format"],
        SCHEMA.width: image["size"][0],
        SCHEMA.height: image["size"][1],
        MEDIGY.validImage: image["valid"],
    }
    return add(graph, f"{page}#featuredImage", [SCHEMA.ImageObject], values)


def add_breadcrumbs(graph: Graph, page: str, labels: list[str], targets: list[str]) -> list[URIRef]:
    """The trail to a page, one item for each step."""
    items = []
    for number, (label, target) in enumerate(zip(labels, targets, strict=True), start=1):
        address = URIRef(page if target == "#" else urljoin(SITE, target))
        values = {SCHEMA.name: label, SCHEMA.position: number, SCHEMA.item: address}
        items.append(add(graph, f"{page}#breadcrumbs" + (f"/{number}" if number > 1 else ""), [SCHEMA.ListItem], values))
    return items


def add_record(graph: Graph, path: Path) -> None:
    """Add all that a page's front matter says."""
    file = frontmatter.load(str(path))
    post: dict[str, Any] = file.metadata
    page = SITE + post["basePath"] + quote(post["slug"]) + "/"
    fields = post["openProjectCustomFields"]
    name = post["type"].removeprefix("communities/medigy-")
    kind = post["contentCategories"].removeprefix(f"medigy-{name}-")
    values = {
        SCHEMA.headline: post["title"],
        SCHEMA.description: post["description"],
        DCTERMS.identifier: post["mdName"],
        DCTERMS.type: add(graph, MEDIGY[kind], [MEDIGY.ContentKind, SKOS.Concept], {SKOS.notation: kind}),
        SCHEMA.isPartOf: add_community(graph, post, name),
        SCHEMA.author: [add_person(graph, text) for text in as_list(post["author"])],
        SCHEMA.datePublished: Literal(post["date"], datatype=XSD.dateTime),
        SCHEMA.dateModified: Literal(post["lastMod"], datatype=XSD.dateTime),
        SCHEMA.about: [add_topic(graph, text) for text in post["communityTopics"]],
        MEDIGY.workPackageTopic: [add_topic(graph, text) for text in json.loads(fields["medigyTopics"])],
        SCHEMA.keywords: post["tags"],
        SCHEMA.articleSection: post["categories"],
        MEDIGY.searchCategory: post["searchCategory"],
        SCHEMA.creativeWorkStatus: post["status"],
        MEDIGY.alias: [URIRef(urljoin(SITE, alias)) for alias in as_list(post["aliases"])],
        SCHEMA.isBasedOn: add_source(graph, page, post["link"]),
        DCTERMS.source: URIRef(fields["cleanUrl"]),
        PROV.hadPrimarySource: URIRef(fields["sourceUrl"]),
        MEDIGY.workPackage: add_work_package(graph, post["id"]),
        MEDIGY.workPackageType: MEDIGY[kind],
        PROV.wasDerivedFrom: add(graph, f"{SITE}/datasets/{slug(post['source'])}/", [DCAT.Dataset], {SCHEMA.name: post["source"]}),
        SCHEMA.image: add_image(graph, page, post["featuredImage"]),
        SCHEMA.breadcrumb: add_breadcrumbs(graph, page, post["breadcrumbs"], post["breadcrumbLinks"]),
        SCHEMA.articleBody: file.content,
    }
    add(graph, page, [MEDIGY.CuratedContent, SCHEMA.Article], values)


def main(folder: str, output: str) -> None:
    """Export a folder of pages to a file."""
    graph = Graph()
    graph.bind("schema", SCHEMA)
    graph.bind("medigy", MEDIGY)
    for path in sorted(Path(folder).rglob("*.md")):
        add_record(graph, path)
    graph.serialize(output, format="nt" if output.endswith(".nt") else "turtle", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
