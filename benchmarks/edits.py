"""How much of a file an edit leaves as it was: ours beside ruamel.yaml's round trip, over every record with YAML in a folder.

    python -m benchmarks.edits FOLDER

Prints a table in Markdown. Each row is an edit, made in the middle key of each record; each column says in how many of the records the
edit reads back as intended (for no edit: in how many no byte differs), and in how many at most one line of the file differs. Values over
several lines are edited too, so that not every edit can be one line. The body is not given to ruamel.yaml, and its dump is put where the
front matter stood.
"""

from __future__ import annotations

import difflib
import io
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from exporter.edits.editing import AddValue, ChangeValue, Edit, RemoveValue, RenameKey, edit_file
from exporter.edits.outline import EditError
from exporter.records.reading import Reader
from exporter.records.record import Record
from exporter.records.values import Value, is_same
from exporter.tree import Tree

READER = Reader(Tree("/", "/"))
NEW = "a new value"
EDITS: dict[str, Callable[[str, Value], Edit | None]] = {
    "nothing": lambda _key, _value: None,
    "change": lambda key, _value: ChangeValue((key,), NEW),
    "add": lambda _key, _value: AddValue(("owltype_new",), NEW),
    "remove": lambda key, _value: RemoveValue((key,)),
    "rename": lambda key, _value: RenameKey((key,), "owltype_new"),
}


def table(folder: Path) -> str:
    """Measure each edit in each way, and give the table."""
    records = list(_records(folder))
    lines = [
        f"{len(records):,} records",
        "",
        "| edit | way | reads back as intended | at most one line differs |",
        "|---|---|--:|--:|",
    ]
    for name, make in EDITS.items():
        for way, apply in (("owltype", _ours), ("ruamel.yaml, defaults", _ruamel), ("ruamel.yaml, best settings", _ruamel_best)):
            counts = Counter[str]()
            for record in records:
                key = list(record.front_matter)[len(record.front_matter) // 2]
                counts.update(_judge(record, make(key, record.front_matter[key]), apply))
            shares = " | ".join(f"{counts[what]:,} ({100 * counts[what] / len(records):.1f} %)" for what in ("right", "one line"))
            lines.append(f"| {name} | {way} | {shares} |")
    return "\n".join(lines)


def _records(folder: Path) -> Iterator[Record]:
    for file in sorted(folder.rglob("*.md")):
        record = READER.read(str(file)).record
        if record is not None and record.syntax == "yaml" and len(record.front_matter) > 1:
            yield record


def _judge(record: Record, edit: Edit | None, apply: Callable[[Record, Edit | None], str | None]) -> list[str]:
    text = apply(record, edit)
    if text is None:
        return []
    before, after = record.text.splitlines(keepends=True), text.splitlines(keepends=True)
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    changed = sum(max(high - low, new_high - new_low) for tag, low, high, new_low, new_high in blocks if tag != "equal")
    found = READER.read(record.path, text.encode()).record
    intended = edit_intended(record.front_matter, edit)
    right = text == record.text if edit is None else found is not None and is_same(found.front_matter, intended)
    return ["right"] * right + ["one line"] * (changed <= 1)


def edit_intended(value: dict[str, Value], edit: Edit | None) -> dict[str, Value]:
    """Say what a record reads as once an edit of one of its keys is made."""
    match edit:
        case ChangeValue() | AddValue():
            return {**value, str(edit.path[0]): edit.value}
        case RemoveValue():
            return {key: child for key, child in value.items() if key != edit.path[0]}
        case RenameKey():
            return {edit.name if key == edit.path[0] else key: child for key, child in value.items()}
        case None:
            return value


def _ours(record: Record, edit: Edit | None) -> str | None:
    try:
        edited = edit_file(READER, record.path, [edit] if edit is not None else [], data=record.text.encode())
    except EditError:
        return None
    return edited.after.decode()


def _ruamel(record: Record, edit: Edit | None) -> str | None:
    return _dumped(YAML(), record, edit)


def _ruamel_best(record: Record, edit: Edit | None) -> str | None:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1 << 20
    yaml.indent(mapping=2, sequence=4, offset=2)
    return _dumped(yaml, record, edit)


def _dumped(yaml: YAML, record: Record, edit: Edit | None) -> str | None:
    start, end = record.span
    out = io.StringIO()
    try:
        front_matter = yaml.load(record.text[start:end])
        match edit:
            case ChangeValue() | AddValue():
                front_matter[edit.path[0]] = edit.value
            case RemoveValue():
                del front_matter[edit.path[0]]
            case RenameKey():
                place = list(front_matter).index(edit.path[0])
                front_matter.insert(place, edit.name, front_matter.pop(edit.path[0]))
            case None:
                pass
        yaml.dump(front_matter, out)
    except (YAMLError, ValueError, KeyError):
        return None
    return record.text[:start] + out.getvalue() + record.text[end:]


if __name__ == "__main__":
    sys.stdout.write(table(Path(sys.argv[1])) + "\n")
