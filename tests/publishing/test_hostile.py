"""Records that try to be markup, scripts, addresses, templates and paths are text on every kind of page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from exporter import make_project, publish
from tests.publishing.sites import SHAPES, Markup, make_site, note

SCRIPT = "<script>alert(1)</script>"
ATTRIBUTE = '\\"><img src=x onerror=alert(2)>'
TEMPLATE = "{{ 7 * 191 }}{% include '/etc/passwd' %}${7*191}"
HOSTILE = {
    "script.md": note("one", f"'{SCRIPT}'", f"topics: ['{SCRIPT}']", 'url: "javascript:alert(3)"'),
    "attribute.md": note("two", f'"{ATTRIBUTE}"', f'topics: ["{ATTRIBUTE}"]', 'url: "data:text/html,<script>alert(4)</script>"'),
    "template.md": note("three", f'"{TEMPLATE}"', f'topics: ["{TEMPLATE}"]', 'image: "https://evil.example/track.png"'),
    "bidi.md": note("four", '"safe\\u202egnp.exe\\u2028\\u0007"', 'topics: ["a\\u202eb"]', 'image: "https://e.org/x.svg"'),
    "comment.md": note("five", "'--></script></title></textarea><!--'", "topics: [']]>', '</pre>']"),
    "<img src=x onerror=alert(5)>.md": note(
        "six", "'x'", "topics: ['__proto__', 'constructor']", "author: {name: '<svg onload=alert(6)>'}"
    ),
    "long.md": note("seven", "x" * 50),
}
ALLOWED = {"application/ld+json", "application/json"}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """All pages of the site of these records."""
    site = make_site(tmp_path_factory.mktemp("hostile") / "site", HOSTILE)
    (site / "shapes").mkdir()
    (site / "shapes/s.ttl").write_text(SHAPES + f"# {SCRIPT}\n", "utf-8")
    (site / "queries").mkdir()
    query = f"# title: {SCRIPT}\n# param x: string = {SCRIPT}\nSELECT ?n {{ ?s <https://schema.org/name> ?n }}\n"
    (site / "queries/q.rq").write_text(query, "utf-8")
    project = make_project(str(site / "content"), ontology=str(site / "ontology"), shapes=str(site / "shapes"))
    done = publish(
        (),
        site / "out",
        project=project,
        title=SCRIPT,
        with_problems=True,
        with_sources="https://git.e.org/{path}#L{line}",
        queries=str(site / "queries"),
    )
    assert done.export.exported == len(HOSTILE)
    return {path.relative_to(site / "out").as_posix(): path.read_text("utf-8") for path in (site / "out").rglob("*.html")}


KINDS = (
    "index.html",
    "_/search.html",
    "_/query.html",
    "_/queries/q.html",
    "_/about.html",
    "404.html",
    "_/shapes.html",
    "_/report.html",
    "_/ontology.html",
)


def test_every_kind_of_page_is_there(pages: dict[str, str]) -> None:
    assert set(KINDS) <= pages.keys()
    assert [name for name in pages if name.startswith("_/class/")]
    assert [name for name in pages if name.startswith("notes/")]
    assert [name for name in pages if name.startswith("topics/")]


def test_no_text_of_a_record_is_markup(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        markup = Markup(text)
        for tag, attributes in markup.elements:
            assert not [key for key in attributes if key.startswith("on") or key == "style"], (name, tag, attributes)
            assert tag not in {"iframe", "object", "embed", "base", "style", "svg", "math"}, (name, tag)
        for script in markup.of("script"):
            assert script.get("type") in ALLOWED or str(script.get("src")).endswith(".js"), (name, script)
        assert "alert(5)" not in [image.get("src") for image in markup.of("img")]


def test_every_page_has_the_policy(pages: dict[str, str]) -> None:
    expected = (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self'; "
        "img-src 'self' data:; style-src 'self'; form-action 'self'; base-uri 'none'"
    )
    for name, text in pages.items():
        policies = [meta.get("content") for meta in Markup(text).of("meta") if meta.get("http-equiv")]
        assert policies == [expected], name


def test_nothing_is_asked_of_another_host(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        for tag, attributes in Markup(text).elements:
            for key in ("src", "href", "action", "data", "srcset", "poster"):
                value = attributes.get(key) or ""
                leads = tag == "a" or (tag == "link" and attributes.get("rel") == "canonical")
                assert leads or "//" not in value, (name, tag, value)
                assert not value.lower().startswith(("javascript:", "vbscript:")), (name, tag, value)
                assert not value.lower().startswith("data:") or value == "data:,", (name, tag, value)


def test_templates_in_records_are_text(pages: dict[str, str]) -> None:
    page = Markup(pages["notes/three/index.html"])
    assert TEMPLATE in page.text
    assert not [name for name, text in pages.items() if "1337" in text or "root:" in text]


def test_what_turns_the_direction_of_writing_does_not_get_into_a_page(pages: dict[str, str]) -> None:
    assert not [name for name, text in pages.items() if "\u202e" in Markup(text).text or "\u0007" in text]


def test_what_machines_read_stays_json(pages: dict[str, str]) -> None:
    found = 0
    for text in pages.values():
        parts = text.split('<script type="application/ld+json">')[1:]
        for part in parts:
            document = json.loads(part.partition("</script>")[0])
            assert document["@context"] == "https://schema.org"
            found += 1
    assert found >= len(HOSTILE)


def test_a_file_name_is_text_in_the_report(pages: dict[str, str]) -> None:
    assert "long.md:4" in Markup(pages["_/report.html"]).text
    sources = [link.get("href") for text in pages.values() for link in Markup(text).of("a")]
    assert "https://git.e.org/content/%3Cimg%20src%3Dx%20onerror%3Dalert%285%29%3E.md#L1" in sources


TRICKS = [
    "{% autoescape false %}{{ title }}{% endautoescape %}",
    "{{ title | safe }}",
    "{{ own.__globals__ }}",
    "{{ ''.__class__.__mro__ }}",
]


@pytest.mark.parametrize("trick", TRICKS)
def test_a_template_of_the_site_can_not_leave_its_sandbox(trick: str, tmp_path: Path) -> None:
    from exporter.errors import UsageError

    site = make_site(tmp_path / "site", {"a.md": note("a", SCRIPT)})
    (site / "templates").mkdir()
    (site / "templates/not_found.html.jinja").write_text(f"<p>{trick}</p>", "utf-8")
    project = make_project(str(site / "content"), ontology=str(site / "ontology"))
    with pytest.raises(UsageError, match="template"):
        publish((), site / "out", project=project, title=SCRIPT, templates=str(site / "templates"))
    assert not (site / "out").exists()


def test_a_template_of_the_site_takes_the_place_of_ours(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site", {"a.md": note("a", "A")})
    (site / "templates").mkdir()
    (site / "templates/not_found.html.jinja").write_text(
        '{% extends "base.html.jinja" %}{% block content %}Gone: {{ title }}{% endblock %}', "utf-8"
    )
    project = make_project(str(site / "content"), ontology=str(site / "ontology"))
    publish((), site / "out", project=project, title=SCRIPT, templates=str(site / "templates"))
    text = (site / "out/404.html").read_text("utf-8")
    assert "Gone: There is no such page" in text
    assert SCRIPT not in text
