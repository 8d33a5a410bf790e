"""New files: where a record goes that has none yet (`map:newFile`), and how it is written."""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from exporter.edits.notation import NotationError, write_block, write_key, write_value
from exporter.language.datatypes import json_text, lexical_form
from exporter.language.filters import VariableError
from exporter.language.templates import Template, Variable
from exporter.plan.model import ClassPlan
from exporter.records.values import Value, look_up
from exporter.recovery.inverses import read_template
from exporter.text import quote
from exporter.tree import Tree


class NewFileError(ValueError):
    """A record that can't have a file; the text is a sentence that says why."""


def new_path(of: ClassPlan, iri: str, made: dict[str, Value]) -> str:
    """Fill the template of a class's new files with what a graph gives back of a record; raises NewFileError."""
    if of.new_file is None:
        raise NewFileError(f"the class {of.name} does not say where new files go; add map:newFile")
    path = "".join(part if isinstance(part, str) else _filled(part, of.new_file, of, iri, made) for part in of.new_file.parts)
    parts = path.split("/")
    if path.startswith("/") or "\\" in path or any(part in {"", ".", ".."} or part.startswith(".") for part in parts):
        raise NewFileError(f"map:newFile makes the path {quote(path)}, which has empty, hidden or dot segments")
    if any(not character.isprintable() for character in path):
        raise NewFileError(f"map:newFile makes the path {quote(path)}, which has characters that don't show")
    return path


def _filled(variable: Variable, template: Template, of: ClassPlan, iri: str, made: dict[str, Value]) -> str:
    value: Value = None
    if variable.scope == "file":
        known = read_template(of.template, iri) if of.template is not None else None
        value = next((text for each, text in (known or {}).items() if each.scope == "file" and each.path == variable.path), None)
    elif variable.scope == "map":
        value = look_up(made, variable.path)
    if value is None or value == "" or isinstance(value, (dict, list)):
        raise NewFileError(f"map:newFile {template.text} needs {variable.name}, which the graph does not give back")
    try:
        text = variable.filtered(lexical_form(value))
    except VariableError as error:
        raise NewFileError(f"map:newFile {template.text}: {quote(lexical_form(value))} {error}") from None
    if "/" in text and not (variable.reserved or variable.scope == "file"):
        raise NewFileError(f"map:newFile {template.text}: {variable.name} is {quote(text)}, which has a slash")
    return text


def check_place(tree: Tree, path: str, folder: str, taken: Collection[str] = ()) -> Path:
    """Give the place of a new file; raises NewFileError where it is taken, or where it is not below a folder once links are followed."""
    place = Path(tree.place(path))
    if path in taken:
        raise NewFileError(f"{quote(path)} would be the file of two records")
    if os.path.lexists(place):
        raise NewFileError(f"{quote(path)} is there already")
    top, real = os.path.realpath(folder), os.path.realpath(place)
    if os.path.commonpath([top, real]) != top:
        raise NewFileError(f"map:newFile makes the path {quote(path)}, which is not below {quote(folder)}")
    above = next(parent for parent in place.parents if os.path.lexists(parent))
    if not above.is_dir():
        raise NewFileError(f"{quote(path)} can't be made: {quote(str(above))} is not a folder")
    return place


def write_record(path: str, front_matter: dict[str, Value], body: str) -> bytes:
    """Write a record in the syntax that the ending of its file has; raises NewFileError for what can't stand there."""
    ending = PurePosixPath(path).suffix.lower()
    try:
        if ending == ".json":
            return (json.dumps(json.loads(json_text(front_matter)), ensure_ascii=False, indent=2) + "\n").encode()
        if ending == ".toml":
            return "".join(f"{write_key(key, 'toml')} = {write_value(value, 'toml')}\n" for key, value in front_matter.items()).encode()
        keys = "".join(f"{write_key(key, 'yaml')}:{write_block(value, '', chr(10))}\n" for key, value in front_matter.items())
    except NotationError as error:
        raise NewFileError(f"{quote(path)} can't be written: {error}") from None
    if ending in {".yaml", ".yml"}:
        return keys.encode()
    return f"---\n{keys}---\n{body}".encode()
