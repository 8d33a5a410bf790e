"""What is wrong with the shapes themselves, before an engine runs: a misspelt constraint must never end as "conforms".

Fatal findings stop the run (exit 2), because what the author meant to check would not be checked. The others go into the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from exporter.errors import ShapesError
from exporter.language.backtracking import cost
from exporter.language.regex import parse
from exporter.problems import Location, Problem
from exporter.problems.codes import CODES
from exporter.rdf.terms import OWL, SH, Term
from exporter.text import nearest, plural, quote
from exporter.validation.engines import choose, make_engine
from exporter.validation.shapes.graph import PlacedTriple, ShapesGraph
from exporter.validation.shapes.metashapes import check_form
from exporter.validation.shapes.paths import path_predicates
from exporter.validation.shapes.patterns import python_pattern
from exporter.validation.shapes.queries import check_queries
from exporter.validation.shapes.targets import untargeted
from exporter.validation.shapes.vocabulary import ADVANCED, KNOWN, SHAPE_LISTS, SHAPE_VALUES


@dataclass(frozen=True, slots=True)
class KnownTerms:
    """What data can hold: the classes and properties that the ontology makes, and the ontologies that are loaded."""

    classes: frozenset[str] = frozenset()
    properties: frozenset[str] = frozenset()
    ontologies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What a check needs to know beside the shapes: `known` is None where the data is not mapped records."""

    known: KnownTerms | None = None
    engine: str = "auto"
    advanced: bool = False


def check_shapes(shapes: ShapesGraph, options: CheckOptions) -> tuple[Problem, ...]:
    """Check shapes and give what is worth a mention; raise `ShapesError` for what makes a run pointless or unsafe."""
    found = [problem for check in CHECKS for problem in check(shapes, options)]
    fatal = [problem for problem in found if CODES[problem.code].fatal]
    if fatal:
        first = min(fatal, key=lambda problem: problem.sort_key)
        more = f" (and {plural(len(fatal) - 1, 'more problem')})" if len(fatal) > 1 else ""
        raise ShapesError(f"{first.location}: {first.message}{more}", sorted(fatal, key=lambda problem: problem.sort_key))
    return tuple(sorted(found, key=lambda problem: problem.sort_key))


GENERATED = "generated-shapes.ttl"
"""What shapes that follow from an ontology are read as; no file has them, and so no problem names a place in them."""


def finding(code: str, place: Location, message: str, advice: str | None = None, related: Sequence[Location] = ()) -> Problem:
    """Make a problem of the shapes with its code's severity."""
    return Problem(code, place, message, CODES[code].severity, advice, related=tuple(related))


def _empty(shapes: ShapesGraph, _options: CheckOptions) -> Iterator[Problem]:
    """A file without any word of SHACL is a mistake even beside others, unless it only imports, or is imported."""
    speaking = {triple.subject_at.path for triple in shapes.triples if _says_shacl(triple)}
    importing = {triple.subject_at.path for triple in shapes.triples if triple.predicate.value == OWL + "imports"}
    missing = {triple.subject_at.path: triple for triple in reversed(shapes.missing_imports)}
    for file in shapes.files or ("shapes",):
        if file == GENERATED:  # of an ontology without classes no shape follows
            continue
        if shapes.shapes and (file in speaking or file in importing or file in shapes.imported):
            continue
        message, advice = "the file has no shapes, so it checks nothing", "write one, or give another file with -s"
        if file in missing:
            message = f"the file has no shapes, and {missing[file].object}, which it imports, is not loaded: nothing is ever fetched"
            advice = _LOAD_IT
        yield finding("SHAPES-EMPTY", missing[file].object_at if file in missing else Location(file), message, advice)


def _says_shacl(triple: PlacedTriple) -> bool:
    return any(isinstance(term, NamedNode) and term.value.startswith(SH) for term in (triple.predicate, triple.object))


def _unknown_terms(shapes: ShapesGraph, _options: CheckOptions) -> Iterator[Problem]:
    for triple in shapes.triples:
        for term, place in ((triple.predicate, triple.predicate_at), (triple.object, triple.object_at)):
            if isinstance(term, NamedNode) and term.value.startswith(SH) and "-" not in term.value.removeprefix(SH):
                name = term.value.removeprefix(SH)
                if name and name not in KNOWN:
                    near = nearest(name, KNOWN)
                    advice = f"did you mean sh:{near}?" if near else "see https://www.w3.org/TR/shacl/ for the terms"
                    yield finding("SHAPES-UNKNOWN-TERM", place, f"SHACL has no term sh:{name}, so nothing would be checked here", advice)


def _javascript(shapes: ShapesGraph, _options: CheckOptions) -> Iterator[Problem]:
    """Refuse JavaScript that would run; what a library declares and no shape uses does not."""
    used = {t.object for t in shapes.triples if t.predicate.value in {SH + "js", SH + "rule", SH + "target"}}
    names = ("validator", "nodeValidator", "propertyValidator")
    for component in (component for component, users in shapes.components.items() if users):
        validators = [validator for name in names for validator in shapes.values(component, name)]
        if not any(shapes.values(validator, "ask") or shapes.values(validator, "select") for validator in validators):
            used.update(validators)
    for triple in shapes.triples:
        name = triple.predicate.value.removeprefix(SH)
        if triple.predicate.value.startswith(SH) and (name == "js" or (name == "jsFunctionName" and triple.subject in used)):
            message = f"sh:{name} asks for JavaScript, which is never run"
            yield finding("SHAPES-JAVASCRIPT", triple.predicate_at, message, "write it as sh:sparql")
            return


def _imports(shapes: ShapesGraph, options: CheckOptions) -> Iterator[Problem]:
    known = options.known.ontologies if options.known else frozenset()
    for triple in shapes.missing_imports:
        assert isinstance(triple.object, NamedNode)
        if triple.object.value not in known:
            message = f"owl:imports names {triple.object}, which is not loaded and is left out: nothing is ever fetched"
            yield finding("SHAPES-IMPORT", triple.object_at, message, _LOAD_IT)


_LOAD_IT = "save it beside your shapes and give it with -s, or name its file in the setting `imports`"


def _entailment(shapes: ShapesGraph, _options: CheckOptions) -> Iterator[Problem]:
    for triple in shapes.triples:
        if triple.predicate.value == SH + "entailment":
            message = f"the shapes ask for the entailment regime {triple.object}, which is not run"
            yield finding("SHAPES-ENTAILMENT", triple.object_at, message, "take sh:entailment out, subclasses count without it")


def _advanced(shapes: ShapesGraph, options: CheckOptions) -> Iterator[Problem]:
    if options.advanced:
        return
    for triple in shapes.triples:
        name = triple.predicate.value.removeprefix(SH)
        if triple.predicate.value.startswith(SH) and name in ADVANCED and name != "construct":
            message = f"sh:{name} is one of SHACL's Advanced Features, which are off"
            yield finding("SHAPES-ADVANCED", triple.predicate_at, message, "run with --advanced, or take it out")


def _patterns(shapes: ShapesGraph, options: CheckOptions) -> Iterator[Problem]:
    engines = [make_engine(name) for name in choose(options.engine, shapes)] if shapes.has("pattern") else []
    for triple in shapes.triples:
        if triple.predicate.value != SH + "pattern" or not isinstance(triple.object, Literal):
            continue
        flags = next((term.value for term in shapes.values(triple.subject, "flags") if isinstance(term, Literal)), "")
        for engine in engines:
            if reason := engine.pattern_error(triple.object.value, flags):
                message = f"{quote(triple.object.value)} is not a valid regular expression: {reason}"
                yield finding(
                    "SHAPES-PATTERN", triple.object_at, message, "fix it; brackets and dots that are meant as such need a backslash"
                )
                break


def _slow_patterns(shapes: ShapesGraph, options: CheckOptions) -> Iterator[Problem]:
    """Refuse what could run without end in Python's `re`; how long it may take is known from the pattern, not from a clock."""
    if not shapes.has("pattern") or "pyshacl" not in choose(options.engine, shapes):
        return
    for triple in shapes.triples:
        if triple.predicate.value == SH + "pattern" and isinstance(triple.object, Literal):
            flags = next((term.value for term in shapes.values(triple.subject, "flags") if isinstance(term, Literal)), "")
            try:
                bounded = cost(parse(python_pattern(triple.object.value, flags))).is_bounded
            except ValueError:
                continue  # another check says what is wrong with it
            if not bounded:
                message = f"the regular expression {quote(triple.object.value)} takes unbounded time in pySHACL"
                yield finding(
                    "SHAPES-PATTERN-SLOW", triple.object_at, message, "write it so that a text fits in one way, or run --engine shacl"
                )


def _without_target(shapes: ShapesGraph, _options: CheckOptions) -> Iterator[Problem]:
    for shape in untargeted(shapes):
        message = f"the shape {shapes.label(shape)} has no target, and no shape refers to it, so it checks nothing"
        yield finding("SHAPES-NO-TARGET", shapes.location(shape), message, "add sh:targetClass, or take the shape out")


def _recursion(shapes: ShapesGraph, _options: CheckOptions) -> Iterator[Problem]:
    for cycle in _cycles(shapes):
        names = " → ".join(dict.fromkeys(shapes.label(shape) for shape in cycle))
        message = f"the shape {names} asks for itself, and SHACL does not say what that means"
        related = [shapes.location(shape) for shape in cycle[1:]]
        yield finding(
            "SHAPES-RECURSION", shapes.location(cycle[0]), message, "say what is wanted of the value without the shape itself", related
        )


def _cycles(shapes: ShapesGraph) -> Iterator[list[Term]]:
    """Give each cycle of shapes once, from its first shape in the files."""
    done: set[Term] = set()
    for start in shapes.shapes:
        if start in done:
            continue
        stack: list[tuple[Term, Iterator[Term]]] = [(start, _nested(shapes, start))]
        trail: list[Term] = [start]
        while stack:
            following = next(stack[-1][1], None)
            if following is None:
                stack.pop()
                done.add(trail.pop())
            elif following in trail:
                yield trail[trail.index(following) :]
            elif following not in done:
                trail.append(following)
                stack.append((following, _nested(shapes, following)))


def _nested(shapes: ShapesGraph, shape: Term) -> Iterator[Term]:
    for triple in shapes.about(shape):
        name = triple.predicate.value.removeprefix(SH)
        if triple.predicate.value.startswith(SH) and name in SHAPE_VALUES:
            yield triple.object
        elif triple.predicate.value.startswith(SH) and name in SHAPE_LISTS:
            yield from shapes.items(triple.object)


def _unknown_targets(shapes: ShapesGraph, options: CheckOptions) -> Iterator[Problem]:
    if options.known is None:
        return
    tables = {
        "targetClass": options.known.classes,
        "targetSubjectsOf": options.known.properties,
        "targetObjectsOf": options.known.properties,
    }
    for triple in shapes.triples:
        known = tables.get(triple.predicate.value.removeprefix(SH))
        if known is None or not isinstance(triple.object, NamedNode) or triple.object.value in known:
            continue
        what = "class" if triple.predicate.value.endswith("Class") else "property"
        message = f"the shape's target {shapes.shorten(triple.object)} is not a {what} that the ontology makes, so nothing would be checked"
        yield finding("SHAPES-TARGET", triple.object_at, message, _near(triple.object.value, known, shapes))


def _unknown_paths(shapes: ShapesGraph, options: CheckOptions) -> Iterator[Problem]:
    if options.known is None:
        return
    for triple in shapes.triples:
        if triple.predicate.value == SH + "path" and triple.subject in shapes.nestings:
            for predicate in path_predicates(shapes, triple.object):
                if predicate.value not in options.known.properties and not predicate.value.startswith(_KEY):
                    message = f"the path {shapes.shorten(predicate)} is not a property that the ontology makes"
                    yield finding("SHAPES-PATH", triple.object_at, message, _near(predicate.value, options.known.properties, shapes))


_KEY = "https://w3id.org/owltype/key#"


def _near(iri: str, known: frozenset[str], shapes: ShapesGraph) -> str:
    locals_ = {_local(other): other for other in sorted(known)}
    near = nearest(_local(iri), locals_)
    return f"did you mean {shapes.shorten(NamedNode(locals_[near]))}?" if near else "see `owltype gen shapes` for what the ontology makes"


def _local(iri: str) -> str:
    return iri.rstrip("/").rpartition("#")[2].rpartition("/")[2]


def _form(shapes: ShapesGraph, _options: CheckOptions) -> Iterator[Problem]:
    return (finding("SHAPES-FORM", place, message, advice) for place, message, advice in check_form(shapes))


def _queries(shapes: ShapesGraph, _options: CheckOptions) -> Iterator[Problem]:
    return (finding(code, place, message, advice) for code, place, message, advice in check_queries(shapes))


CHECKS: tuple[Callable[[ShapesGraph, CheckOptions], Iterator[Problem]], ...] = (
    _empty,
    _unknown_terms,
    _javascript,
    _imports,
    _entailment,
    _advanced,
    _queries,
    _without_target,
    _patterns,
    _slow_patterns,
    _form,
    _recursion,
    _unknown_targets,
    _unknown_paths,
)
"""Every check, each a function of the shapes alone or of what the data can hold."""
