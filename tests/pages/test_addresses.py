"""Where pages are: the same path below the site's address, one file for each IRI, and never a way out of the site."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.pages.addresses import Addresses, anchor_of, page_iri, relative

SITE = "https://e.org/"
TABLE = [
    ("https://e.org/news/x/", "news/x/index.html"),
    ("https://e.org/news/x", "news/x/index.html"),
    ("https://e.org/news/x.html", "news/x.html"),
    ("https://e.org/news/x.pdf", "news/x.pdf/index.html"),
    ("https://e.org/", "index.html"),
    ("https://e.org", "index.html"),
    ("https://o.org/a/b#c", "_/o.org/a/b/index.html"),
    ("https://o.org", "_/o.org/index.html"),
    ("https://O.org:8080/a", "_/o.org%3A8080/a/index.html"),
    ("https://e.org/a%20b/", "a%20b/index.html"),
    ("https://e.org/سعدی/", "%D8%B3%D8%B9%D8%AF%DB%8C/index.html"),
    ("https://e.org/x?q=1&r=2", "x%3Fq%3D1%26r%3D2/index.html"),
    ("urn:isbn:123", "_/urn/isbn%3A123/index.html"),
    ("mailto:a@b.org", "_/mailto/a%40b.org/index.html"),
]


@pytest.mark.parametrize(("iri", "file"), TABLE, ids=[iri for iri, _ in TABLE])
def test_the_page_of_an_iri_alone(iri: str, file: str) -> None:
    found = Addresses(SITE, [iri]).of(iri)
    assert found is not None
    assert found.file == file


AWAY = [
    "https://e.org/../../etc/passwd",
    "https://e.org/%2e%2e/%2E%2E/x",
    "https://e.org/a/%2F..%2F/x",
    "https://e.org/a\\..\\b",
    "https://e.org//x//",
    "https://e.org/./x",
    "https://../x",
    "https://e.org/_/about.html",
    "https://e.org/_/data/graph-0.js",
    "https://e.org/404.html",
    "https://e.org/.htaccess",
    "https://e.org/.git/config",
    "https://e.org/sitemap.xml",
    "https://data/names.js",
    "https://class/x",
    "https://e.org/con",
    "https://e.org/aux.txt",
    "https://e.org/x.",
    "https://e.org/%00",
    "https://e.org/" + "a" * 300 + "/",
    "https://e.org/" + "سعدی" * 80 + "/",
]
OWN = {"_/about.html", "_/index.html", "_/data/graph-0.js", "_/data/names.js", "404.html", "sitemap.xml", ".nojekyll"}


@pytest.mark.parametrize("iri", AWAY)
def test_no_iri_leads_out_of_the_site_or_onto_a_page_of_its_own(iri: str) -> None:
    file = Addresses(SITE, [iri]).pages[page_iri(iri)]
    _is_sound(file)
    assert file not in OWN
    assert not file.startswith((".", "_/data/", "_/class/", "_/assets/"))


def _is_sound(file: str) -> None:
    names = file.split("/")
    assert not {"", ".", ".."} & set(names)
    assert re.fullmatch("[A-Za-z0-9._~%/-]+", file)
    assert all(len(name) <= 120 and not name.endswith(".") for name in names)
    assert not any(re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", name) for name in names)


def test_names_that_are_equal_but_for_case_are_two_files() -> None:
    iris = ["https://e.org/news/Straße/", "https://e.org/news/a/", "https://e.org/News/A/", "https://e.org/news/A"]
    files = Addresses(SITE, iris).pages
    assert len({file.casefold() for file in files.values()}) == len(iris)
    assert all(re.search("-[0-9a-f]{8}", files[iri]) for iri in iris[1:])


def test_a_page_keeps_its_name_beside_the_same_without_the_slash() -> None:
    files = Addresses(SITE, ["https://e.org/a/", "https://e.org/a"]).pages
    assert files["https://e.org/a/"] == "a/index.html"
    assert re.fullmatch("a-[0-9a-f]{8}/index.html", files["https://e.org/a"])


def test_a_page_is_not_the_folder_of_another() -> None:
    files = Addresses(SITE, ["https://e.org/a.html", "https://e.org/a.html/b/"]).pages
    assert files["https://e.org/a.html/b/"] == "a.html/b/index.html"
    assert re.fullmatch(r"a-[0-9a-f]{8}\.html", files["https://e.org/a.html"])


def test_the_order_in_which_resources_come_decides_nothing() -> None:
    iris = [iri for iri, _ in TABLE] + AWAY
    assert Addresses(SITE, iris).pages == Addresses(SITE, reversed(iris)).pages


PIECES = st.sampled_from(
    ["a", "A", "b", "..", ".", "", "%2e", "%2F", "x.html", "_", "é", "e\u0301", "#", "?", "con", "index.html", "data", "a-b"]
)
IRIS = st.builds(
    lambda host, parts, end: f"{host}/{'/'.join(parts)}{end}",
    st.sampled_from(["https://e.org", "http://e.org", "https://o.org", "https://O.org", "https://data", "urn:x"]),
    st.lists(PIECES, max_size=4),
    st.sampled_from(["", "/", "#x", "?y"]),
)


@given(st.lists(IRIS, max_size=30))
def test_every_page_has_a_file_of_its_own_on_every_file_system(iris: list[str]) -> None:
    files = Addresses(SITE, iris).pages
    folded = [file.casefold() for file in files.values()]
    assert len(set(folded)) == len(folded)
    folders = {file.rsplit("/", depth)[0] for file in folded for depth in range(1, file.count("/") + 1)}
    assert not folders & set(folded)
    for file in files.values():
        _is_sound(file)
    for iri in iris:
        assert anchor_of(iri) == "" or "#" in iri


@pytest.mark.parametrize(
    ("file", "here", "expected"),
    [
        ("a/index.html", "a/index.html", "index.html"),
        ("a/b/index.html", "a/index.html", "b/index.html"),
        ("index.html", "a/b/index.html", "../../index.html"),
        ("_/o.org%3A80/x/index.html", "index.html", "_/o.org%253A80/x/index.html"),
    ],
)
def test_links_between_pages_are_relative_with_the_whole_name(file: str, here: str, expected: str) -> None:
    assert relative(file, here) == expected
