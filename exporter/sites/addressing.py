"""Address rules put together for one class: one pattern over its records' paths, and the templates of the rules that these follow."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from exporter.language.filters import NO_OPTIONS, VariableError, apply_filters
from exporter.sites.profile import AddressRule

SITE = "{+const.site}"
_EXPRESSION = re.compile(r"\{([/+]?)([^{}|*]+)(\*?)((?:\|[^{}|]+)*)\}")
_OR = " ?? "
_NAMES_AT_MOST = 100_000
_GROUP = re.compile(r"\(\?P<(\w+)>")
LAST_RESORT = AddressRule(r"(?P<where>.+)\.[^./]+", ("/{+file.where}/",))
"""What a page is addressed by that no rule of its tool is about."""

SeenKeys = Mapping[str, Collection[str]]
"""The keys of a class's records, each with its different values."""


@dataclass(frozen=True, slots=True)
class ClassAddress:
    """How the records of a class get their IRIs: the templates in their order, and the pattern that gives their `{file.…}`.

    `replaced` is what is written out before slugs are made, and `names` are templates of what the records are called.
    """

    templates: tuple[str, ...]
    pattern: str | None = None
    replaced: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()

    def called(self, paths: Iterable[str], keys: SeenKeys) -> dict[str, set[str]]:
        """Give what records with these paths and keys may be called by each of the `names`: a key's value is taken with every path."""
        found: dict[str, set[str]] = {name: set() for name in self.names}
        pattern = re.compile(self.pattern or "(?!)")
        for match in filter(None, map(pattern.fullmatch, paths)):
            for name, texts in found.items():
                choices = [list(_choices(part, match, keys)) for part in _EXPRESSION.finditer(name)]
                if prod(map(len, choices)) + len(texts) <= _NAMES_AT_MOST:
                    texts.update(map("".join, product(*choices)))
        return found


def _choices(part: re.Match[str], match: re.Match[str], keys: SeenKeys) -> Iterator[str]:
    """Yield what a variable of a name may be, filtered."""
    filters = part[4].split("|")[1:]
    for name in _names_of(part[2]):
        group = name.removeprefix("file.")
        texts = [match[group] or ""] if group != name else keys.get(name, ())
        for text in filter(None, texts):
            try:
                yield apply_filters(filters, text, NO_OPTIONS)
            except VariableError:
                continue


def address_class(rules: Sequence[AddressRule], paths: Iterable[str], keys: SeenKeys) -> ClassAddress:
    """Put together what the rules say of these paths: of each path the first rule that it matches counts.

    >>> rule = AddressRule("content/(?P<where>.+)[.]md", ("/{slug}/", "/{+file.where}/"))
    >>> address_class([rule], ["content/a.md"], {"title": ["A"]}).templates
    ('{+const.site}/{+file.where}/',)
    """
    paths = list(paths)
    compiled = [(_told_apart(rule, paths), re.compile(rule.files)) for rule in (*rules, LAST_RESORT)]
    used: dict[AddressRule, None] = {}
    for path in paths:
        used.setdefault(next((rule for rule, pattern in compiled if pattern.fullmatch(path)), LAST_RESORT))
    chosen = [rule for rule, _ in compiled if rule in used]
    known = [AddressRule(rule.files, tuple(_said(rule.templates, keys)), names=tuple(_said(rule.names, keys))) for rule in chosen]
    if len(known) > 1:
        shared: list[str] = []
        for together in zip(*(rule.templates for rule in known), strict=False):  # what all begin with; the order of the rest decides
            if len(set(together)) > 1 or "file." in together[0]:
                break
            shared.append(together[0])
        numbered = [_numbered(rule, number, shared) for number, rule in enumerate(known, 1)]
        names = tuple(name for rule in numbered for name in rule.names)
        templates = (*shared, *(template for rule in numbered for template in rule.templates))
        known = [AddressRule("|".join(rule.files for rule in numbered), templates, names=names)]
    (rule,) = known
    whole = tuple(SITE + template for template in rule.templates)
    return ClassAddress(whole, rule.files if "file." in "".join((*whole, *rule.names)) else None, names=rule.names)


def _told_apart(rule: AddressRule, paths: Iterable[str]) -> AddressRule:
    """Give a rule with its templates for paths that share their names, where some do."""
    if not rule.shared:
        return rule
    used = [name for name in _GROUP.findall(rule.files) if f"{{file.{name}}}" in "".join(rule.templates)]
    named = [match.group(0, *used)[1:] for path in paths if (match := re.fullmatch(rule.files, path))]
    return replace(rule, templates=rule.shared if len(set(named)) < len(named) else rule.templates)


def _said(templates: Iterable[str], keys: SeenKeys) -> Iterator[str]:
    """Yield templates without what no record has; what is none without it is left out."""
    yield from dict.fromkeys(known for template in templates if (known := known_template(template, keys)) is not None)


def _numbered(rule: AddressRule, number: int, shared: Sequence[str]) -> AddressRule:
    """Give the groups of one of several rules names of their own, so that its templates are complete for its paths alone."""
    names = _GROUP.findall(rule.files)
    files = f"(?P<rule{number}>{_GROUP.sub(lambda match: f'(?P<{match[1]}{number}>', rule.files)})"
    files = re.sub(r"\(\?P=(\w+)\)", rf"(?P=\g<1>{number})", files)
    own = {f"file.{name}": f"file.{name}{number}" for name in names}

    def renamed(template: str) -> str:
        return _EXPRESSION.sub(
            lambda match: match[0].replace(match[2], _OR.join(own.get(name, name) for name in _names_of(match[2])), 1), template
        )

    templates = []
    for template in rule.templates:
        if template in shared:
            continue
        said = [_names_of(match[2]) for match in _EXPRESSION.finditer(template) if match[1] != "/"]
        text = renamed(template)
        is_its_own = any(own.keys() >= set(each) for each in said)
        templates.append(text if is_its_own else f"{{file.rule{number}|when}}{text}")
    return AddressRule(files, tuple(templates), names=tuple(map(renamed, rule.names)))


def known_template(template: str, keys: SeenKeys) -> str | None:
    """Give a template without what no record has; None where it could never be complete."""
    known = template
    for match in _EXPRESSION.finditer(template):
        operator, said, _, _ = match.groups()
        names = [name for name in _names_of(said) if name.startswith(("file.", "const.", "@")) or name in keys]
        if not names and operator != "/":
            return None
        known = known.replace(match[0], match[0].replace(said, _OR.join(names), 1) if names else "")
    return known


def _names_of(said: str) -> list[str]:
    return said.split(_OR)


def expand_tokens(pattern: str, tokens: Mapping[str, Sequence[str]]) -> Iterator[str] | None:
    """Write a pattern such as `/:year/:title/` as templates, one for each choice; None where it has a token that is none of these.

    >>> list(expand_tokens("/:year/:title/", {":year": ["{date|year}"], ":title": ["{slug}", "{file.base}"]}))
    ['/{date|year}/{slug}/', '/{date|year}/{file.base}/']
    """
    names = sorted(tokens, key=len, reverse=True)
    parts = re.split(f"({'|'.join(map(re.escape, names))})" if names else "(?!)", pattern)
    if any(re.search(r":[a-zA-Z_]", part) for part in parts[::2]):
        return None
    choices = [tokens[part] if number % 2 else [part] for number, part in enumerate(parts)]
    return map("".join, product(*choices))


def below(prefix: str) -> str:
    """Write a folder as the beginning of a pattern."""
    return re.escape(prefix).replace(r"\-", "-") + "/" if prefix else ""


def one_of(names: Iterable[str]) -> str:
    """Write a choice of names as a pattern."""
    return "|".join(re.escape(name).replace(r"\-", "-") for name in sorted(names, key=lambda name: (-len(name), name)))
