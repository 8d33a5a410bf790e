"""What machines want to know of a site: its addresses (sitemap), and what the graph is (VoID, DCAT)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote
from xml.sax.saxutils import escape

from pyoxigraph import Literal, NamedNode

from exporter.pages.addresses import INDEX
from exporter.pages.layout import SiteOptions, SitePage
from exporter.pages.own import Download
from exporter.pages.view import ClassCount
from exporter.rdf.terms import RDF_TYPE, XSD, Block, Term
from exporter.writers.formats import find_format, make_writer
from exporter.writers.model import Vocabulary

_URLS = 50_000
"""How many addresses a sitemap may have (https://www.sitemaps.org/protocol.html)."""
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
VOID, DCAT, TERMS = "http://rdfs.org/ns/void#", "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"
DESCRIPTION = "_/data/void.ttl"


def sitemaps(address: str, files: Sequence[str]) -> Iterator[SitePage]:
    """Make the sitemap of some pages; of more than 50,000 an index of several."""
    urls = [f"{address}{quote(file.removesuffix(INDEX))}" for file in files]
    parts = [urls[at : at + _URLS] for at in range(0, len(urls), _URLS)] or [[]]
    if len(parts) == 1:
        yield SitePage("sitemap.xml", _urls("urlset", "url", parts[0]))
        return
    names = [f"_/data/sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        yield SitePage(name, _urls("urlset", "url", part))
    yield SitePage("sitemap.xml", _urls("sitemapindex", "sitemap", [f"{address}{name}" for name in names]))


def _urls(root: str, item: str, urls: Iterable[str]) -> bytes:
    lines = "".join(f"<{item}><loc>{escape(url)}</loc></{item}>\n" for url in urls)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_SITEMAP}">\n{lines}</{root}>\n'.encode()


def describe_dataset(
    about: SiteOptions, counts: tuple[int, int], classes: Sequence[ClassCount], downloads: Sequence[Download], endpoint: str
) -> SitePage:
    """Describe the graph in VoID and DCAT: its `counts` of triples and of resources, its classes, and where it can be had.

    https://www.w3.org/TR/void/, https://www.w3.org/TR/vocab-dcat-3/.
    """
    me = NamedNode(f"{about.address or 'urn:owltype:'}{DESCRIPTION}#dataset")
    triples, entities = counts
    pairs: list[tuple[NamedNode, Term]] = [
        (RDF_TYPE, NamedNode(VOID + "Dataset")),
        (RDF_TYPE, NamedNode(DCAT + "Dataset")),
        (NamedNode(TERMS + "title"), Literal(about.title)),
    ]
    if about.about:
        pairs.append((NamedNode(TERMS + "description"), Literal(about.about)))
    if endpoint:
        pairs.append((NamedNode(VOID + "sparqlEndpoint"), NamedNode(quote(endpoint, safe=":/?#[]@!$&'()*+,;=%~-._"))))
    pairs += [(NamedNode(VOID + "triples"), _number(triples)), (NamedNode(VOID + "entities"), _number(entities))]
    blocks = [Block(me, pairs)]
    for number, of in enumerate(classes, 1):
        part = NamedNode(f"{me.value.partition('#')[0]}#class-{number}")
        pairs.append((NamedNode(VOID + "classPartition"), part))
        blocks.append(Block(part, [(NamedNode(VOID + "class"), NamedNode(of.iri)), (NamedNode(VOID + "entities"), _number(of.instances))]))
    for number, download in enumerate(downloads, 1):
        place = NamedNode(f"{me.value.partition('#')[0]}#distribution-{number}")
        pairs.append((NamedNode(DCAT + "distribution"), place))
        said: list[tuple[NamedNode, Term]] = [
            (RDF_TYPE, NamedNode(DCAT + "Distribution")),
            (NamedNode(DCAT + "mediaType"), Literal(download.media_type)),
        ]
        if about.address:
            said.append((NamedNode(DCAT + "downloadURL"), NamedNode(about.address + quote(download.file))))
            pairs.append((NamedNode(VOID + "dataDump"), NamedNode(about.address + quote(download.file))))
        blocks.append(Block(place, said))
    writer = make_writer(find_format("turtle").format, Vocabulary({"void": VOID, "dcat": DCAT, "dcterms": TERMS, "xsd": XSD}))
    return SitePage(DESCRIPTION, writer.head() + writer.record(blocks) + writer.tail())


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))
