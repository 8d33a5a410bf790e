"""JSON Schemas (https://json-schema.org/draft/2020-12) of a class's records, for editors, CMSs and checkers of whole-file YAML and JSON.

A schema takes what mapping takes: a text may be typed as a number, a value may stand alone or in a list, and what is empty says nothing.
What JSON Schema can't say (a reference that leads nowhere, a rule over two keys) it leaves to `owltype validate`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from exporter.generate.constraints import Bound, Constraint
from exporter.generate.schemas.datatype_schemas import (
    DAY,
    FILE_NAME,
    IRI,
    NOTHING,
    RELATIVE_IRI,
    SCALAR,
    TEXT,
    TIMESTAMP,
    Json,
    Schema,
    datatype_schema,
)
from exporter.generate.schemas.ecma import to_ecma
from exporter.generate.typed_keys import KeyReading, Requirement, TypedClass, TypedClasses, TypedKey, inner_readings
from exporter.language.conversions import Conversion, day_of, from_json, relative_iri, split, timestamp
from exporter.plan.model import ClassPlan, ValuePlan
from exporter.problems import KeyPath, Severity

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_DATES: dict[tuple[Conversion, ...], tuple[str, Schema]] = {(timestamp,): ("timestamp", TIMESTAMP), (day_of,): ("day", DAY)}
_ORIGIN = "Generated from the ontology by `owltype gen json-schema`. Change the ontology, and generate it again."


def json_schema(classes: TypedClasses, of: ClassPlan, *, closed: bool = False) -> Schema:
    """Write the schema of a class's records; a `closed` one takes no key that the ontology doesn't know.

    >>> from exporter.plan.compiling import load_plan
    >>> plan = load_plan(["examples/obofoundry/ontology.ttl"])
    >>> json_schema(TypedClasses(plan), plan.record_classes[0])["required"]
    ['layout', 'id']
    """
    return _Writer(classes, closed=closed).document(classes.of(of))


def json_schemas(classes: TypedClasses, chosen: Sequence[ClassPlan], *, closed: bool = False) -> dict[str, str]:
    """Write the schemas of classes, each to a file that is named as the class's IRI ends."""
    files: dict[str, str] = {}
    taken: dict[str, None] = {}
    for of in chosen:
        name = _free(_local(of.iri.value), taken)
        taken[name] = taken[name.casefold()] = None
        files[f"{name}.schema.json"] = write_json(json_schema(classes, of, closed=closed))
    return files


def write_json(schema: Schema) -> str:
    """Write a schema as a file has it."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


class _Writer:
    """Writes one document, and remembers the definitions that it uses."""

    def __init__(self, classes: TypedClasses, *, closed: bool) -> None:
        self._classes = classes
        self._closed = closed
        self._definitions: dict[str, Schema] = {}
        self._names: dict[str, str] = {}

    def document(self, of: TypedClass) -> Schema:
        head: Schema = {"$schema": DRAFT, "$comment": _ORIGIN, "title": of.label, **_described(_about(of))}
        body = self._map(of)
        if of.of.records is not None:
            name = self._refer(f"record {of.of.iri.value}", _local(of.of.iri.value), {"title": of.label, **body})[0]
            body = _data_file(name, of.of.records)
        definitions: Schema = {name: self._definitions[name] for name in sorted(self._definitions)}
        return {**head, **body, **({"$defs": definitions} if definitions else {})}

    def _refer(self, iri: str, name: str, schema: Schema | None = None) -> tuple[Schema, bool]:
        """Refer to a definition, and say whether it has to be written yet."""
        known = self._names.get(iri)
        if known is None:
            known = self._names[iri] = _free(name, self._definitions)
            self._definitions[known] = schema or {}
            return {"$ref": f"#/$defs/{known}"}, True
        return {"$ref": f"#/$defs/{known}"}, False

    def _shared(self, name: str, schema: Schema) -> Schema:
        return self._refer(name, name, schema)[0]

    def _nothing(self) -> Schema:
        return self._shared("nothing", NOTHING)

    def _class(self, of: TypedClass) -> Schema:
        """Refer to the definition of a map, or of a text that stands for it."""
        iri = of.of.iri.value
        reference, is_new = self._refer(iri, _local(iri))
        if is_new:
            ways = [self._map(of)] if of.by_map else []
            ways += [self._text_of(of)] if of.by_text else []
            self._definitions[self._names[iri]] = {"title": of.label, **_described(_about(of)), **_any_of(ways)}
        return reference

    def _text_of(self, of: TypedClass) -> Schema:
        """Write the schema of a text that is read as a resource."""
        if of.of.pattern is not None:
            pattern = to_ecma(of.of.pattern.text)
            return {"type": SCALAR, **({"pattern": rf"^\s*(?:{pattern})\s*$"} if pattern is not None else {})}
        return self._one(of.scalar[0]) if len(of.scalar) == 1 else self._shared("text", TEXT)

    def _map(self, of: TypedClass) -> Schema:
        return {"type": "object", **self._members(of.keys), **_required(of.required)}

    def _members(self, keys: Mapping[str | int, TypedKey]) -> Schema:
        """Write the keys of a map."""
        names: Schema = {name: self._key(key, (name,)) for name, key in keys.items() if isinstance(name, str)}
        return {"properties": names, **({"additionalProperties": False} if self._closed else {})} if names else {}

    def _key(self, key: TypedKey, path: KeyPath) -> Schema:
        """Write what may stand at a key."""
        lent = [loan.reading for loan in key.lent if loan.reading is not None and loan.use == "value"]
        readings = [*key.readings, *key.lists, *lent]
        title = next((reading.label for reading in readings if reading.label), None)
        notes = [note for reading in readings for note in _notes(reading)]
        notes += ["Part of the address."] if key.is_address else []
        notes += ["Left out on purpose: it says nothing in the graph."] if key.is_ignored and not readings else []
        parts = list(dict.fromkeys(json.dumps(part) for part in self._parts(key, path) if part))
        schema: Schema = json.loads(parts[0]) if len(parts) == 1 else {"allOf": [json.loads(part) for part in parts]} if parts else {}
        return {**({"title": title} if title else {}), **_described(notes), **schema}

    def _parts(self, key: TypedKey, path: KeyPath) -> Iterator[Schema]:
        if key.labels:
            label: Schema = {"enum": list(key.labels)}
            yield {"anyOf": [label, {"type": "array", "contains": label}]}
        if key.lent and not key.readings and not key.is_address:
            yield _any_of([self._shared("text", TEXT), self._nothing()])
        if key.is_address:
            yield self._shared("text", TEXT) if key.is_needed else self._several(self._shared("text", TEXT))
        yield from (self._values(reading) for reading in key.readings)
        for reading in key.lists:
            inner = [self._one(found) for found in inner_readings(self._classes, reading, path)]
            if len(inner) == 1 and inner[0]:
                item = _any_of([inner[0], self._nothing()])
                yield {"anyOf": [*_options(item), {"type": "array", "items": item}]}
        if key.children:
            yield self._below(key, path)

    def _below(self, key: TypedKey, path: KeyPath) -> Schema:
        """Write the map or list below a key of which only parts are read."""
        numbers = [name for name in key.children if isinstance(name, int)]
        if numbers:
            items: list[Json] = [self._key(key.children.get(i, TypedKey()), ()) for i in range(max(numbers) + 1)]
            return {"anyOf": [{"type": "array", "prefixItems": items}, self._nothing()]}
        name = "-".join(map(str, path))
        return self._several(self._refer(f"key {name}", name, {"type": "object", **self._members(key.children)})[0])

    def _values(self, reading: KeyReading) -> Schema:
        """Write a value, or a list of values; what is empty says nothing, and is all right where nothing needs be said."""
        limits, alone = reading.limits, reading.is_alone
        needed = bool(limits.least) and reading.is_only
        one = self._one(reading)
        if reading.step.entries:
            return self._several({"type": "object", "additionalProperties": self._several(one) if one else {}}, needed=needed)
        if not one:
            return {"not": self._nothing()} if needed else {}
        counts: Schema = {"minItems": limits.least} if needed and alone else {}
        counts |= {"maxItems": limits.most} if limits.most is not None and alone else {}
        if needed and alone and limits.least > 1:
            counts["type"] = "array"
        return {**self._several(one, needed=needed), **counts}

    def _several(self, one: Schema, *, needed: bool = False) -> Schema:
        """Write a value, a list of them, or unless one is needed nothing: as a definition, where the value is one."""
        listed: Schema = {"type": "array", "items": _any_of([one, self._nothing()])}
        either = _any_of([one, listed, *([] if needed else [self._nothing()])])
        name = one.get("$ref")
        if isinstance(name, str) and len(one) == 1 and not needed:
            return self._shared(f"{name.rpartition('/')[2]}-list", either)
        return either

    def _one(self, reading: KeyReading) -> Schema:
        """Write one value, neither empty nor in a list; nothing where every value will do."""
        step = reading.step
        if from_json in step.conversions or any(value.datatype is not None and value.datatype.is_json for value in step.values):
            return {}
        ranges = reading.ranges or ("",) * len(step.values)
        options = [self._value(reading, value, range_) for value, range_ in zip(step.values, ranges, strict=True)]
        return {} if {} in options else _any_of(options)

    def _value(self, reading: KeyReading, value: ValuePlan, range_: str) -> Schema:
        step, limits = reading.step, reading.limits
        allowed = limits.allowed if limits.allowed is not None else self._classes.closed.of(range_)
        typed = self._classes.closed.typed(allowed, step, value)
        if typed is not None:
            return {"enum": typed}
        if value.date_forms or step.options.date_forms:
            return self._shared("text", TEXT)  # forms of dates that no format of JSON Schema has
        if step.conversions in _DATES:
            return self._shared(*_DATES[step.conversions])
        if step.conversions:
            relative = relative_iri in step.conversions and step.conversions[0] in (relative_iri, split)
            return self._shared("relativeIri", RELATIVE_IRI) if relative else self._shared("text", TEXT)
        if value.file:
            return self._shared("file", FILE_NAME)
        if value.of is not None:
            return self._resource(self._classes.of(value.of), value)
        if value.datatype is None:
            return {**self._shared("iri", IRI), **_limited(limits)}
        name = value.datatype.iri.replace("/", "#").rpartition("#")[2]
        schema = datatype_schema(value.datatype)
        shared = self._shared("text", TEXT) if schema is TEXT else self._refer(value.datatype.iri, name, schema)[0]
        return {**shared, **_limited(limits)}

    def _resource(self, of: TypedClass, value: ValuePlan) -> Schema:
        """Write a value that names a record, or that is or names a resource."""
        if value.kind == "resource":
            return self._class(of)
        variables = of.of.template.variables if of.of.template else ()
        paths = tuple(dict.fromkeys(variable.path for variable in variables if variable.scope == "map"))
        ways = [self._shared("text", TEXT), *([{"type": "object", **_required([(paths,)])}] if paths and not of.of.match else [])]
        if of.of.match:  # `[[Note]]` without quotes, as notes are linked
            ways.append({"type": "array", "items": self._shared("text", TEXT), "minItems": 1, "maxItems": 1})
        schema: Schema = {"description": f"Names a record of the class {of.label}.", **_any_of(ways)}
        return self._refer(f"reference {of.of.iri.value}", f"{_local(of.of.iri.value)}-reference", schema)[0]


def _data_file(record: Schema, path: KeyPath) -> Schema:
    """Write the schema of a file that holds many records: a list of them, or a map, at a key path."""
    if not path:
        return {"anyOf": [{"type": "array", "items": record}, {"type": "object", "additionalProperties": record}]}
    name = path[0]
    return {"type": "object", "properties": {str(name): _data_file(record, path[1:])}, "required": [name]}


def _about(of: TypedClass) -> list[str]:
    return [*([of.comment] if of.comment else []), *(_said(rule.text, rule.severity) for rule in of.rules)]


def _notes(reading: KeyReading) -> list[str]:
    messages = [_said(text, one.severity) for one in reading.said for text in one.messages]
    return [*([reading.comment] if reading.comment else []), *messages]


def _said(text: str, severity: Severity) -> str:
    """Write a rule; one that is not an error says so."""
    return text if severity is Severity.ERROR else f"{severity.value}: {text}"


def _described(notes: Sequence[str]) -> Schema:
    return {"description": "\n".join(dict.fromkeys(notes))} if notes else {}


def _limited(limits: Constraint) -> Schema:
    """Write what shapes say of a value's characters and size."""
    schema: Schema = {}
    if limits.shortest:
        schema["minLength"] = limits.shortest
    if limits.longest is not None:
        schema["maxLength"] = limits.longest
    written: list[Json] = [pattern for _, python in limits.patterns if python and (pattern := to_ecma(python))]
    if len(written) == 1:
        schema["pattern"] = written[0]
    elif written:
        schema["allOf"] = [{"pattern": pattern} for pattern in written]
    for bound, name in ((limits.low, "minimum"), (limits.high, "maximum")):
        number = _number(bound)
        if bound is not None and number is not None:
            schema[name if bound.inclusive else f"exclusive{name.capitalize()}"] = number
    return schema


def _number(bound: Bound | None) -> int | float | None:
    try:
        return None if bound is None else int(bound.text) if bound.text.lstrip("+-").isdigit() else float(bound.text)
    except ValueError:
        return None  # a date, which JSON Schema has no bounds for


def _required(requirements: Iterable[Requirement]) -> Schema:
    """Write which keys have to be there: at the top those of the map itself, others as conditions beside it."""
    plain: list[Json] = []
    others: list[Json] = []
    for ways in requirements:
        if len(ways) == 1 and len(ways[0]) == 1 and len(ways[0][0]) == 1:
            plain += [ways[0][0][0]] if ways[0][0][0] not in plain else []
        else:
            options = [_all_of([_present(path) for path in way]) for way in ways]
            others.append(_any_of(options))
    return {**({"required": plain} if plain else {}), **({"allOf": others} if others else {})}


def _present(path: KeyPath) -> Schema:
    name = path[0]
    if not isinstance(name, str):
        return {}
    deeper = _present(path[1:]) if len(path) > 1 else {}
    return {"required": [name], **({"properties": {name: deeper}} if deeper else {})}


def _all_of(schemas: Sequence[Schema]) -> Schema:
    return schemas[0] if len(schemas) == 1 else {"allOf": list(schemas)}


def _any_of(schemas: Iterable[Schema]) -> Schema:
    """Write alternatives, those that are alternatives themselves in their place."""
    options: list[Schema] = []
    for schema in schemas:
        options += [option for option in _options(schema) if option not in options]
    return options[0] if len(options) == 1 else {"anyOf": list(options)}


def _options(schema: Schema) -> list[Schema]:
    inner = schema.get("anyOf") if len(schema) == 1 else None
    return [option for option in inner if isinstance(option, dict)] if isinstance(inner, list) else [schema]


def _free(name: str, taken: Mapping[str, object]) -> str:
    tries = [name, *(f"{name}{number}" for number in range(2, len(taken) + 3))]
    return next(free for free in tries if free not in taken and free.casefold() not in taken)


def _local(iri: str) -> str:
    """Name a class as its IRI ends; what a JSON pointer would have to escape is left out."""
    name = iri.rstrip("/#").replace("#", "/").rpartition("/")[2]
    return "".join(letter for letter in name if letter.isalnum() or letter in "_-.") or "Class"
