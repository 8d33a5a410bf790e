"""What a site's generator fills in: Hugo's shortcodes, and the tags of Liquid, Nunjucks and Jinja.

They are masked before Markdown is parsed, character for character, because they hold what Markdown would take for its own
(`[text]({{< ref "x" >}})`); where one of them is a link's target, it says where the link leads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MASK = "\ue000"
"""A character of private use, which means nothing to Markdown and stands in no file that was typed."""

_FAR = 2_000  # characters of one tag
_OPENING = re.compile(r"\{[{%]|%%")
_CODE = re.compile(r"\{[{%][<%-]?\s*+(?P<name>highlight|raw|verbatim)\b")
_ENDING = {
    "highlight": re.compile(r"\{[{%][<%-]?\s*+(?:end|/\s*+)highlight\s*+[>%-]?[}%]\}"),
    "raw": re.compile(r"\{[{%][<%-]?\s*+(?:end|/\s*+)raw\s*+[>%-]?[}%]\}"),
    "verbatim": re.compile(r"\{[{%][<%-]?\s*+(?:end|/\s*+)verbatim\s*+[>%-]?[}%]\}"),
}
_CLOSING = {"{{": "}}", "{%": "%}", "%%": "%%"}
_REFERENCE = re.compile(
    r"\{\{[<%]\s*+(?:rel)?ref\s++(?:path\s*+=\s*+)?(?:\"(?P<double>[^\"]*+)\"|`(?P<tick>[^`]*+)`|(?P<bare>[^\s\"`>%]++))[^}]*+\}\}"
    r"|\{%-?\s*+post_(?:link|path)\s++(?:\"(?P<quoted>[^\"]*+)\"|'(?P<hexo>[^']*+)'|(?P<slug>[^\s%'\"]++))[^%]*+%\}"
    r"|\{%-?\s*+(?:link|post_url)\s++(?P<jekyll>[^\s%]++)\s*+-?%\}"
    r"|\{\{-?\s*+(?:\"(?P<liquid>[^\"]*+)\"|'(?P<single>[^']*+)')\s*+\|\s*+(?:relative_url|absolute_url|url)\b[^}]*+\}\}"
)
_LANGUAGE = re.compile(r"\{\{[<%]\s*+(?:rel)?ref\b[^}]*?\slang\s*+=\s*+[\"`]?+(?P<language>[A-Za-z][\w-]*+)")
_SHORTCODE = re.compile(
    r"\{\{[<%]\s*+(?P<name>[A-Za-z_][\w/.-]*+)\s++(?:[A-Za-z_][\w-]*+\s*+=\s*+)?+"
    r"(?:\"(?P<double>[^\"\n]*+)\"|`(?P<tick>[^`]*+)`|(?P<bare>[^\s\"`<>%/][^\s\"`<>%]*+))"
)
_SITE = re.compile(r"\{\{-?\s*+(?:site\.(?:baseurl|url|base_url|baseURL)|\.Site\.BaseURL|base_url|config\.base_url)\b[^}]*+\}\}")


def mask(body: str) -> str:
    r"""Mask what a generator fills in, and Obsidian's comments (`%%…%%`); lines and columns stay.

    >>> mask('a {{< ref "b" >}} c').replace(MASK, "_")
    'a _______________ c'
    """
    pieces: list[str] = []
    at = done = 0
    missing: set[str] = set()
    while (opening := _OPENING.search(body, at)) is not None:
        start = opening.start()
        end, is_code = _end(body, start, opening[0], missing)
        if end < 0:
            at = opening.end()
            continue
        pieces += [body[done:start], _masked(body[start:end], " " if is_code or opening[0] == "%%" else MASK)]
        at = done = end
    return "".join((*pieces, body[done:])) if pieces else body


def _end(body: str, start: int, opening: str, missing: set[str]) -> tuple[int, bool]:
    """Say where what is opened ends, -1 where it does not, and whether it is code."""
    code = _CODE.match(body, start)
    if code is not None and code["name"] not in missing:
        ending = _ENDING[code["name"]].search(body, code.end())
        if ending is not None:
            return ending.end(), True
        missing.add(code["name"])
    end = body.find(_CLOSING[opening], start + 2, start + _FAR)
    return (end + 2 if end >= 0 else -1), False


def _masked(text: str, mark: str) -> str:
    return "".join(character if character in "\r\n" else mark for character in text)


def find_generated(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each of the pieces stands that a generator fills in."""
    at = 0
    missing: set[str] = set()
    while (opening := _OPENING.search(text, at)) is not None:
        closing = _CLOSING[opening[0]]
        end = -1 if opening[0] == "%%" or closing in missing else text.find(closing, opening.end())
        if end < 0:
            missing.add(closing)
            at = opening.end()
        else:
            at = end + 2
            yield opening.start(), at


_PELICAN = re.compile(r"(?:\{(?P<kind>filename|static|attach|author|category|tag|index)\}|\|(?P<old>filename)\|)(?P<path>.*+)", re.DOTALL)


def page_of_pelican(typed: str) -> tuple[str, bool] | None:
    """Read a target as Pelican writes them: the path of a page, or with True that of another file; None for other targets.

    >>> page_of_pelican("{filename}../a.md"), page_of_pelican("{static}/b.pdf"), page_of_pelican("c.md")
    (('../a.md', False), ('/b.pdf', True), None)
    """
    found = _PELICAN.match(typed)
    if found is None:
        return None
    kind = found["kind"] or found["old"]
    return found["path"], kind != "filename"


def find_shortcodes(body: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield where the names of Hugo's shortcodes stand, with their first arguments; those that make links are links.

    >>> body = '{{< recipe "zurek" >}} {{% note id=7 %}} {{< ref "x" >}} {{< /note >}} {{</* recipe "no" */>}}'
    >>> [(body[slice(*name)], body[slice(*argument)]) for name, argument in find_shortcodes(body)]
    [('recipe', 'zurek'), ('note', '7')]
    """
    for found in _SHORTCODE.finditer(body):
        group = next(name for name in ("double", "tick", "bare") if found[name] is not None)
        if found["name"] not in ("ref", "relref") and found[group].strip():
            yield found.span("name"), found.span(group)


def language_of(typed: str) -> str:
    """Say which language a reference of Hugo's asks for; empty where it asks for none.

    >>> language_of('{{< ref path="posts/a.md" lang="de" >}}'), language_of('{{< ref "posts/a.md" >}}')
    ('de', '')
    """
    found = _LANGUAGE.match(typed)
    return found["language"].lower() if found else ""


def lead_of(typed: str) -> str | None:
    """Say where a target leads that a generator fills in, as far as it can be told: the page that is named, or None.

    >>> lead_of('{{< ref "posts/a.md" >}}'), lead_of("{{ site.baseurl }}/about/"), lead_of("{% link _posts/2020-01-02-b.md %}#c")
    ('posts/a.md', '/about/', '_posts/2020-01-02-b.md#c')
    """
    at = 0
    lead = ""
    for start, end in find_generated(typed):
        lead += typed[at:start]
        at = end
        reference = _REFERENCE.fullmatch(typed, start, end)
        if reference is not None:
            lead += next(text for text in reference.groups() if text is not None)
        elif _SITE.fullmatch(typed, start, end) is None:
            return None
    lead = (lead + typed[at:]).strip()
    return lead if lead and "{{" not in lead and "{%" not in lead else None
