"""Values: one value of the front matter becomes one term."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from exporter.language.datatypes import Datatype, core_literal, fits, json_text, lexical_form, xsd_spelling
from exporter.language.dates import is_timestamp, or_forms, read_date
from exporter.language.filters import VariableError
from exporter.language.patterns import STEPS_OF_LONG_VALUES, Pattern
from exporter.language.tags import is_language_tag, near_language_tag
from exporter.language.templates import Template, Variable
from exporter.mapping.lookups import place_of
from exporter.mapping.model import REMEMBERED, Finding, Home, Name, RecordMapping, Reference, Source, Unfit
from exporter.mapping.resources import (
    MissingVariableError,
    UnfitVariableError,
    checked_iri,
    complete_template,
    fill_iri,
    fill_text,
    nested_iri,
    path_of,
    read_map,
    unfit_variable,
    variable_text,
)
from exporter.plan.model import ClassPlan, Step, ValuePlan
from exporter.problems import KeyPath, key_names
from exporter.rdf.terms import RDFS, Block, Term
from exporter.records.values import Plain, Value, look_up
from exporter.text import quote

Make = Callable[[Value, KeyPath, Source, RecordMapping], Term]
MakeResource = Callable[[ClassPlan, Source, NamedNode, RecordMapping], None]


class Kept(NamedTuple):
    """What was made of some texts: the resource, its blocks with their subjects' texts, its name, and those of what is made with it.

    These have a place where it is not the resource's own.
    """

    node: NamedNode
    blocks: Sequence[tuple[str, Block]]
    name: Name | None
    inner: Sequence[tuple[Name, KeyPath | None]]


KeptByTexts = dict[tuple[str | None, ...], Kept]
"""The resources of a class by the texts that they are made of: the scalar that names them, then what they borrow from the record."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_WHOLE_ADDRESS = "write it with its scheme, such as https://example.org/page"


def as_text(value: Value) -> str:
    """The characters of any value, maps and lists as JSON: what is exported where nothing better fits."""
    return json_text(value) if isinstance(value, (dict, list)) or value is None else lexical_form(value)


def literal_maker(plan: ValuePlan) -> Make:
    """Make what makes the literals of a range."""
    range_ = plan.datatype
    assert range_ is not None
    node, check = range_.node, range_.check
    if plan.languages:
        return partial(_in_a_language, plan)
    if range_.is_json or node is None or plan.language is not None:
        return partial(literal, plan)

    def typed(value: Value, path: KeyPath, source: Source, run: RecordMapping) -> Literal:
        """Make a literal of what fits as it is, which takes a third of the time that asking for everything else does."""
        text = value if type(value) is str else str(value) if type(value) is int else None
        if text is not None and (check is None or check(text)):
            return Literal(text, datatype=node)
        return literal(plan, value, path, source, run)

    return typed


def literal(plan: ValuePlan, value: Value, path: KeyPath, source: Source, run: RecordMapping) -> Literal:  # noqa: ARG001 - as all makers
    """Make a literal; a value outside the lexical space is a finding and stays a plain string."""
    range_ = plan.datatype
    assert range_ is not None
    if range_.is_json:
        return Literal(json_text(value), datatype=range_.node)
    if isinstance(value, (dict, list)):
        kind = "a map" if isinstance(value, dict) else "a list in a list"
        message = f"{kind} stands where {range_.expected} is expected"
        run.findings.append(Finding("MAP-VALUE", path, message, help="write one value, or map the nested keys"))
        return Literal(json_text(value))
    assert value is not None
    text = value if type(value) is str else lexical_form(value)
    if type(value) is Unfit:
        return Literal(text)  # it may look like a value of the range all the same, as 12.5 where a comma is expected
    if range_.check is not None and not range_.check(text):
        spelled = xsd_spelling(value) if type(value) is Plain else text
        if plan.date_forms and not range_.check(spelled):
            spelled = read_date(text, plan.date_forms)[0] or text
        if spelled == text or not range_.check(spelled):
            run.findings.append(_misfit(range_, text, path, plan.date_forms))
            return Literal(text)
        text = spelled
    if plan.language is not None:
        return Literal(text, language=plan.language)
    if range_.node is None:
        return core_literal(value) if range_.iri == RDFS + "Literal" else Literal(text)
    return Literal(text, datatype=range_.node)


def _in_a_language(plan: ValuePlan, value: Value, path: KeyPath, source: Source, run: RecordMapping) -> Literal:
    """Make a literal in the first language that is complete; where that is not a language it is a finding, and the literal stays plain."""
    made = literal(plan, value, path, source, run)
    if isinstance(value, (dict, list)) or type(value) is Unfit:
        return made
    for template in plan.languages:
        variable = next(iter(template.variables), None)
        try:
            tag = fill_text(template, source, run).strip()
        except MissingVariableError:
            continue
        except UnfitVariableError as error:
            run.once.append(unfit_variable("MAP-LANGUAGE", error.variable, error.reason, source, run))
            return made
        if is_language_tag(tag):
            return Literal(made.value, language=tag)
        run.once.append(_no_language(tag, path, variable, source))
        return made
    return made


def _no_language(tag: str, path: KeyPath, variable: Variable | None, source: Source) -> Finding:
    on_key = variable is not None and variable.name == "@key"
    place = path if on_key else path_of(variable, source) if variable else ()
    near = near_language_tag(tag)
    message = f"{quote(tag)} is not a language tag (BCP 47)" + (f"; did you mean {near}?" if near else "")
    return Finding("MAP-LANGUAGE", place, message, help="the text is exported without a language until it is fixed", on_key=on_key)


def of_entry(step: Step, make: Make, value: Value, path: KeyPath, source: Source, run: RecordMapping) -> Term:
    """Make what an entry of a map with open keys says: `@key` and `@value` are of the entry."""
    names = key_names(path)
    above = sum(isinstance(part, str) for part in place_of(step.sources[0], source))
    return make(value, path, source.at_entry(names[above] if len(names) > above else None, value), run)


def _misfit(range_: Datatype, text: str, path: KeyPath, forms: Sequence[str] = ()) -> Finding:
    name = range_.iri.rpartition("#")[2]
    message = f"{quote(text)} is not a valid {name}: expected {range_.expected}{or_forms(forms)}"
    if any(text.startswith(opening) and text.endswith(closing) for opening, closing in _PLACEHOLDERS):
        help_ = "this is a template placeholder: fill it in, or exclude the file"
    else:
        help_ = _date_help(name, text) or "it is exported as a plain string until it is fixed"
    return Finding("MAP-DATATYPE", path, message, help=help_)


_PLACEHOLDERS = (("{{", "}}"), ("{%", "%}"), ("<%", "%>"), ("${", "}"))
"""What programs fill in; in YAML it is often a text like any other."""


def _date_help(name: str, text: str) -> str | None:
    """Name the conversion that reads a date and time where a day is expected, and what is expected where there is only a day."""
    if name == "date" and fits("dateTime", text.replace(" ", "T", 1).upper()):
        return "give the property map:convert map:day, which takes the day of it, or the range xsd:dateTime"
    if name == "date" and is_timestamp(text):
        return "give the property map:convert map:day, which takes the day of it"
    if name.startswith("dateTime") and fits("date", text):
        return "add the time, or give the property the range xsd:date"
    if name.startswith("dateTime") and is_timestamp(text):
        return "give the property map:convert map:timestamp, which writes it as 2026-08-16T12:05:34Z"
    return None


def iri(value: Value, path: KeyPath, source: Source, run: RecordMapping) -> Term:  # noqa: ARG001 - as all makers
    """Take a value as an absolute IRI; anything else is a finding and stays a plain string."""
    if type(value) is str:
        try:
            return NamedNode(value)
        except ValueError:
            pass  # below it is said what is wrong, or repaired
    if not isinstance(value, str):
        kind = "a map" if isinstance(value, dict) else "a list in a list" if isinstance(value, list) else "a number or a boolean"
        run.findings.append(Finding("MAP-IRI", path, f"{kind} stands where an address is expected", help=_WHOLE_ADDRESS))
        return Literal(as_text(value))
    text = value.strip()
    if not _SCHEME.match(text):
        message = f"{quote(text)} is not an absolute address"
        if type(value) is not Unfit:
            run.findings.append(Finding("MAP-IRI", path, message, help=_WHOLE_ADDRESS))
        return Literal(value)
    return checked_iri(text, path, run) or Literal(value)


def reference(of: ClassPlan, value: Value, path: KeyPath, source: Source, run: RecordMapping) -> Term:
    """Name another record: the value fills the template of its class, or is its whole address."""
    target = checked_iri(value.strip(), path, run) if isinstance(value, str) and "://" in value else referred(of, value, path, source, run)
    if target is None:
        return Literal(as_text(value))
    run.references.append(Reference(target.value, path))
    return target


def referred(of: ClassPlan, value: Value, path: KeyPath, source: Source, run: RecordMapping) -> NamedNode | None:
    """Fill the template of another record's class; None, with a finding, where that can't be done."""
    template = of.template
    assert template is not None
    variable = template.single_variable
    if variable is not None and variable.is_of_its_place and not isinstance(value, (dict, list)):
        text = as_text(value)
        spelled = _spelled_out(template.single or template, variable, captured(of, text).get(str(variable.path[-1])) or text, path, run)
        if spelled is not None and of.merges:
            _note_name(of, None, spelled, value, path, run)
        return spelled
    made = read_map(of, value, path, source)
    if made is None:
        _unreadable(of, value, path, run)
        return None
    of_file = of.pattern is not None and any(part.scope == "file" for part in template.variables)
    groups = captured(of, as_text(value)) if of_file else {}
    node = fill_iri(template.by_value, made, _called(run, groups) if groups else run)
    if node is not None and (of.merges or run.typed):
        _note_name(of, made, node, value, path, run)
    return node


def captured(of: ClassPlan, text: str) -> Mapping[str, str]:
    """Give what the pattern of another record's class captures of a text, which stands for names of that record's file, too."""
    match = of.pattern.match(text) if of.pattern is not None else None
    return {name: group for name, group in match.groupdict().items() if group} if match else {}


def _called(run: RecordMapping, groups: Mapping[str, str]) -> RecordMapping:
    """Give a run in which parts of the file's path are called as a reference says; findings go to the same place."""
    other = run.apart()
    other.groups = {**run.groups, **groups}
    return other


def _spelled_out(template: Template, variable: Variable, text: str, path: KeyPath, run: RecordMapping) -> NamedNode | None:
    """The template's one variable is what the other record is called where it stands, which this record spells out."""
    try:
        encoded = variable.expand(text)
    except VariableError as error:
        run.findings.append(Finding("MAP-IRI-VARIABLE", path, f"{quote(text)} {error}"))
        return None
    return checked_iri("".join(part if isinstance(part, str) else encoded for part in template.parts), path, run)


def first_that_fits(makers: Sequence[Make], value: Value, path: KeyPath, source: Source, run: RecordMapping) -> Term:
    """Take the first of several ranges that a value fits; where it fits none, the first one's findings stand."""
    known = len(run.findings)
    unfit: list[tuple[Term, list[Finding]]] = []
    for make in makers:
        term = make(value, path, source, run)
        if len(run.findings) == known:
            return term
        unfit.append((term, run.findings[known:]))
        del run.findings[known:]
    term, findings = unfit[0]
    run.findings += findings
    return term


def _unreadable(of: ClassPlan, value: Value, path: KeyPath, run: RecordMapping) -> None:
    if type(value) is Unfit:
        return
    if of.pattern is not None and not isinstance(value, (dict, list)):
        text = as_text(value)
        if not of.pattern.reads(text):
            run.findings.append(_too_long(of, of.pattern, text, path))
            return
        message = f"{quote(text)} can't be read as {of.name}: it does not match {of.pattern.text}"
    else:
        kind = "a list in a list" if isinstance(value, list) else quote(as_text(value))
        message = f"{kind} can't be read as {of.name}: expected a map with its keys"
    run.findings.append(Finding("MAP-VALUE", path, message, help="it is exported as a plain string until it is fixed"))


def _too_long(of: ClassPlan, pattern: Pattern, text: str, path: KeyPath) -> Finding:
    length = f"it has {len(text):,} characters, and {pattern.text} takes more than {STEPS_OF_LONG_VALUES:,} steps"
    help_ = "shorten it, or let the parts of the pattern end where they must, as [^,]+ does before a comma"
    return Finding("MAP-PATTERN-LENGTH", path, f"{quote(text)} can't be read as {of.name}: {length}", help=help_)


def _note_name(of: ClassPlan, made: Source | None, node: NamedNode, value: Value, path: KeyPath, run: RecordMapping) -> None:
    """Note what was typed for a shared resource: the scalar before any conversion, or the texts that make a map's IRI."""
    if of.spells and not run.typed and "%" not in node.value:
        return
    typed = run.typed.get((path, value)) if isinstance(value, str) else None
    if typed:
        text = typed.pop(0)
    elif isinstance(value, (str, int)):
        text = lexical_form(value)
    elif made is not None and of.template is not None and of.pattern is None:
        filled = complete_template(of.template, made, run) or of.template
        variables = (part for part in filled.parts if isinstance(part, Variable) and part.scope == "map")
        text = " / ".join(variable_text(variable, made, run) for variable in variables)
    else:
        return
    if of.merges or typed is not None:
        run.named.append((Name(node.value, _name_read(of, text), text), path))


def _name_read(of: ClassPlan, text: str) -> str:
    """Give what a resource reads of a text: what a pattern leaves out, or captures for nobody, is left out on purpose."""
    match = of.pattern.match(text) if of.pattern is not None else None
    return text if match is None else " / ".join(match[group] or "" for group in of.groups)


class ResourceMaker:
    """Makes embedded resources; those that depend on a scalar, and perhaps on some keys of the record, are made once and kept."""

    def __init__(self, make: MakeResource) -> None:
        self._make = make
        self._kept: dict[int, KeptByTexts] = {}
        self._names: dict[tuple[int, str], tuple[Kept, Name]] = {}

    def maker(self, of: ClassPlan) -> Make:
        """Make what makes the resource that a value describes, and gives its IRI; a value that can't be read stays a plain string."""
        if not of.kept:
            return partial(self._made, of)
        return partial(self._made_once, of, self._kept.setdefault(id(of), {}))

    def _made_once(self, of: ClassPlan, kept: KeptByTexts, value: Value, path: KeyPath, source: Source, run: RecordMapping) -> Term:
        if run.traced or not isinstance(value, (str, int)):
            return self._made(of, value, path, source, run)
        key: tuple[str | None, ...] = (value if type(value) is str else lexical_form(value),)
        if of.borrows:
            front_matter = run.record.front_matter
            borrowed = [look_up(front_matter, variable.path) for variable in of.borrows]
            if any(isinstance(text, (dict, list)) for text in borrowed):
                return self._made(of, value, path, source, run)
            key += tuple([None if text is None else lexical_form(text) for text in borrowed])  # type: ignore[arg-type]  # scalars
        known = kept.get(key)
        if known is None:
            made = self._make_kept(of, kept, key, value, path, source, run)
            if not isinstance(made, Kept):
                return made
            known = made
        if run.typed:
            self._note_typed(of, known, value, path, run)
        elif known.name is not None:
            run.named.append((known.name, path))
        if known.inner:
            run.named += [(name, at or path) for name, at in known.inner]
        run.add_shared(known.blocks)
        return known.node

    def _make_kept(
        self, of: ClassPlan, kept: KeptByTexts, key: tuple[str | None, ...], value: Value, path: KeyPath, source: Source, run: RecordMapping
    ) -> Kept | Term:
        """Make a resource, and keep it where nothing but its blocks and names came of it; a value that can't be read is a literal."""
        apart, remarks = run.apart(), run.remarks
        term = self._made(of, value, path, source, apart)
        if not isinstance(term, NamedNode):
            return term
        first = apart.named[0][0] if of.merges and apart.named else None
        outer = apart.named.pop(0)[0] if first is not None and (first.iri, first.text) == (term.value, key[0]) else None
        inner = tuple([(name, None if at == path else at) for name, at in apart.named])
        known = Kept(term, [(str(block.subject), block) for block in apart.shared], outer, inner)
        if run.remarks == remarks and not any(at for _, at in inner):
            if len(kept) >= REMEMBERED:
                kept.clear()
            kept[key] = known
        return known

    def _note_typed(self, of: ClassPlan, known: Kept, value: str | int, path: KeyPath, run: RecordMapping) -> None:
        """Note the name of a resource in a record where conversions have made texts of others; this one may be such."""
        typed = run.typed.get((path, value)) if isinstance(value, str) else None
        if typed is None and not of.merges:
            return
        key = (id(known), typed.pop(0) if typed else lexical_form(value))
        name = self._names.get(key)
        if name is None:
            if len(self._names) >= REMEMBERED:
                self._names.clear()
            name = self._names[key] = (known, Name(known.node.value, _name_read(of, key[1]), key[1]))
        run.named.append((name[1], path))

    def _made(self, of: ClassPlan, value: Value, path: KeyPath, source: Source, run: RecordMapping) -> Term:
        made = read_map(of, value, path, source)
        if made is None:
            _unreadable(of, value, path, run)
            return Literal(as_text(value))
        if path:
            made.index = path[-1] + 1 if isinstance(path[-1], int) else None
            made.key = source.entry
        return self.from_source(of, made, value, path, run)

    def from_source(self, of: ClassPlan, made: Source, value: Value, path: KeyPath, run: RecordMapping) -> Term:
        """Make the resource of a map that is read already."""
        if of.template is None:
            node: NamedNode | None = nested_iri(made, path)
        else:
            node = fill_iri(of.template, made, run)
            if node is None:
                return Literal(as_text(value))
            made.anchor, made.depth, made.shared = node.value, len(path), True
            if of.merges or run.typed:
                _note_name(of, made, node, value, path, run)
        assert node is not None
        if run.unmapped and made.scalar is None and made.paths is None:  # most records have none, and need no homes
            run.homes[path] = Home(of, node, made.shared)
        self._make(of, made, node, run)
        return node
