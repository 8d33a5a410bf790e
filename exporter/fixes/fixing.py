"""Find the fixes of a project, make them in the texts, and keep those that stand the proof.

The proof of a file: it reads as before but for the edits (`exporter.edits`), each problem is gone when everything is validated again with
the edited texts in place of the files, no problem has come, and the graph says what it said but for the statements of the keys concerned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from exporter.edits.editing import ChangeValue, EditedFile, RenameKey, edit_file
from exporter.edits.outline import EditError
from exporter.errors import ExporterError
from exporter.fixes.alike import like_others
from exporter.fixes.in_text import fix_text
from exporter.fixes.misspelt import Misspelt
from exporter.fixes.model import Fix, ReplaceLines, ReplaceTail
from exporter.fixes.suggesting import Suggester
from exporter.fixes.texts import record_at
from exporter.language.keypaths import is_special
from exporter.mapping.mapping import trace_record
from exporter.plan.model import Plan
from exporter.policy.runs import validate
from exporter.problems import KeyPath, Problem
from exporter.project import Project
from exporter.records.reading import Reader
from exporter.records.record import Reading

_ROUNDS = 4
"""How often is looked again, because a record that can be read now shows problems that nobody could see before."""
_OF_OTHERS = frozenset({"REF-DANGLING", "REF-LOOSE"})
"""Problems that depend on what other records are called."""


@dataclass(frozen=True, slots=True)
class FixedFile:
    """A file with the fixes that were made in its text."""

    edited: EditedFile
    fixes: tuple[Fix, ...]


@dataclass(frozen=True, slots=True)
class Fixing:
    """What a run found: files with fixes, the fixes that were left with the reason, those that are not safe and were not asked for.

    `remaining` are the problems that are there after the fixes.
    """

    files: tuple[FixedFile, ...]
    left: tuple[tuple[Fix, str], ...]
    unsafe: tuple[Fix, ...]
    remaining: tuple[Problem, ...]


def find_fixes(project: Project, *, select: Collection[str] = (), unsafe: bool = False) -> Fixing:
    """Find what can be fixed in the records of a project. Nothing is written.

    `select` are codes of problems, all of them where there are none; `unsafe` takes fixes that are guesses, too. Raises OntologyError,
    ShapesError and UsageError.
    """
    files: dict[str, FixedFile] = {}
    left: list[tuple[Fix, str]] = []
    current = project
    for _ in range(_ROUNDS):
        found, has_more = _one_round(current, select, [fix for fix, _ in left], unsafe=unsafe)
        left += found.left
        for file in found.files:
            files[file.edited.path] = _joined(files.get(file.edited.path), file)
        current = _with_texts(current, found.files)
        if not has_more:
            break
    return Fixing(tuple(files[path] for path in sorted(files)), tuple(dict.fromkeys(left)), found.unsafe, found.remaining)


def _one_round(project: Project, select: Collection[str], left_before: Sequence[Fix], *, unsafe: bool) -> tuple[Fixing, bool]:
    """Make the fixes that can be made now, and say whether there may be more to fix then.

    What a reference means is looked at when all records have their names: one may be near because the right one is hidden by a slip.
    """
    plan = project.plan()
    reader = project.reader(plan)
    found = validate(project=project)
    misspelt = Misspelt(project, plan, reader)
    suggester = Suggester(plan, found.shapes, project.tree)
    suggested = [*_suggested(found.problems, suggester, reader), *misspelt.fixes()]
    loose = [fix for fix in suggested if fix.problem.code == "REF-LOOSE" and isinstance(fix.edit, ChangeValue)]
    suggested += list(like_others(loose, misspelt.paths, reader)) if loose else []
    tried = set(map(_identity, left_before))
    chosen = [fix for fix in suggested if (not select or fix.problem.code in select) and _identity(fix) not in tried]
    wanted = [fix for fix in chosen if fix.safe or unsafe]
    first = [fix for fix in wanted if fix.problem.code not in _OF_OTHERS]
    waits = len(first) < len(wanted) and any(map(_shows_more, first))
    files, left = _make(first if waits else wanted, reader)
    proven, refused, after = _Proof(project, plan, suggester, found.problems).prove(files)
    fixed = {file.edited.path for file in proven}
    standing = [problem for problem in found.problems if problem.location.path not in fixed]
    remaining = [*standing, *(problem for problem in after if problem.location.path in fixed)]
    guesses = tuple(fix for fix in chosen if not fix.safe and not unsafe)
    has_more = waits or any(_shows_more(fix) for file in proven for fix in file.fixes)
    return Fixing(tuple(proven), (*left, *refused), guesses, tuple(remaining)), has_more


def _joined(before: FixedFile | None, file: FixedFile) -> FixedFile:
    """Give a file that was fixed twice: from what it was to what it is."""
    if before is None:
        return file
    edited = EditedFile(file.edited.path, before.edited.before, file.edited.after)
    return FixedFile(edited, (*before.fixes, *file.fixes))


def _with_texts(project: Project, files: Iterable[FixedFile]) -> Project:
    overlays = {**project.tree.overlays, **{file.edited.path: file.edited.after for file in files}}
    return replace(project, tree=replace(project.tree, overlays=overlays))


def _suggested(problems: Iterable[Problem], suggester: Suggester, reader: Reader) -> Iterator[Fix]:
    """Yield the fixes of problems; a file is read once for all of its own."""
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        by_file.setdefault(problem.location.path, []).append(problem)
    for path, of_file in by_file.items():
        reading = reader.read(path)
        for problem in of_file:
            try:
                record, item = record_at(reading, problem.location)
                fix = suggester.suggest(problem, record) if record else fix_text(problem, reader.data(path).decode("utf-8"))
            except (OSError, UnicodeDecodeError, ExporterError):
                continue
            if fix is not None:
                yield replace(fix, item=item)


def _make(fixes: Sequence[Fix], reader: Reader) -> tuple[list[FixedFile], list[tuple[Fix, str]]]:
    """Make the fixes of each file, one after the other."""
    by_file: dict[str, list[Fix]] = {}
    for fix in fixes:
        of = by_file.setdefault(fix.problem.location.path, [])
        if all((fix.item, fix.path) != (other.item, other.path) or not fix.path for other in of):  # two problems of one value have one fix
            of.append(fix)
    files, left = [], []
    for path, of in sorted(by_file.items()):
        before = data = reader.data(path)
        done = []
        for fix in of:
            try:
                data, made = _apply(reader, path, data, fix)
                done += made
            except EditError as error:
                left.append((fix, str(error)))
        if data != before:
            files.append(FixedFile(EditedFile(path, before, data), tuple(done)))
    return files, left


def _apply(reader: Reader, path: str, data: bytes, fix: Fix) -> tuple[bytes, list[Fix]]:
    """Make a fix, of a text that can't be read also those of what it can't be read for then; gives them all."""
    if isinstance(fix.edit, ReplaceTail):
        return fix.edit.apply(data.decode("utf-8")).encode(), [fix]
    if not isinstance(fix.edit, ReplaceLines):
        return edit_file(reader, path, [fix.edit], item=fix.item, data=data).after, [fix]
    lines = data.decode("utf-8").split("\n")
    end = "\r" if lines[fix.edit.start - 1].endswith("\r") else ""
    lines[fix.edit.start - 1 : fix.edit.end - 1] = [line.rstrip("\r") + end for line in fix.edit.lines]
    text = "\n".join(lines)
    reading = reader.read(path, text.encode())
    if reading.record is not None:
        return text.encode(), [fix]
    if not reading.problems:
        raise EditError("it would be skipped")
    further = fix_text(reading.problems[0], text)
    if further is None or _what(further.problem) == _what(fix.problem):
        raise EditError(f"the text could still not be read: {reading.problems[0].message}")
    edited, made = _apply(reader, path, text.encode(), further)
    return edited, [fix, *made]


class _Proof:
    """Parts fixes that do what they should, and nothing else, from the others."""

    def __init__(self, project: Project, plan: Plan, suggester: Suggester, before: Sequence[Problem]) -> None:
        self._project, self._plan, self._suggester = project, plan, suggester
        self._reader = project.reader(plan)
        self._before = _by_file(before)

    def prove(self, files: Sequence[FixedFile]) -> tuple[list[FixedFile], list[tuple[Fix, str]], tuple[Problem, ...]]:
        """Give the files whose fixes stand, those that don't with the reason, and the problems that all of them together leave.

        A fix that does not stand takes the others of its file with it only where it can't be told which one it is.
        """
        if not files:
            return [], [], ()
        after = validate(project=_with_texts(self._project, files)).problems
        now, kept, refused, smaller = _by_file(after), list[FixedFile](), list[tuple[Fix, str]](), False
        for file in files:
            reason, of = self._objection(file, now.get(file.edited.path, ()))
            if not reason:
                kept.append(file)
                continue
            refused += [(fix, reason) for fix in of]
            rest, left = _make([fix for fix in file.fixes if fix not in of], self._reader)
            kept, refused, smaller = [*kept, *rest], [*refused, *left], smaller or bool(rest)
        if not smaller:
            return kept, refused, after
        proven, others, after = self.prove(kept)
        return proven, [*refused, *others], after

    def _objection(self, file: FixedFile, now: Sequence[Problem]) -> tuple[str, Sequence[Fix]]:
        """Say which problem of a file is still there, or has come, after its fixes, and the fixes that are to blame."""
        before = self._before.get(file.edited.path, ())
        there = {_what(problem) for problem in before}
        were, are = (Counter((problem.code, problem.key_path) for problem in of) for of in (before, now))
        ended = Counter((fix.problem.code, fix.problem.key_path, fix.after or fix.problem.key_path) for fix in file.fixes)
        for (code, key_path, after), count in ended.items():
            if are[code, after] > max(were[code, key_path] - count, 0):
                return f"{code} would still be there", _of_key(file, after)
        if not all(isinstance(fix.edit, ReplaceLines) for fix in file.fixes) and not _unmapped(file):  # else its own problems show
            new = next((problem for problem in now if _what(problem) not in there and not self._is_mended(problem, file)), None)
            if new is not None and new.severity.value != "info":
                return f"it would bring {new.code}: {new.message}", _of_key(file, new.key_path)
        return _changed_elsewhere(file, self._reader, self._plan), file.fixes

    def _is_mended(self, problem: Problem, file: FixedFile) -> bool:
        """Say whether a problem is of the value of a key that has its name only now, and can be fixed next."""
        if not any(isinstance(fix.edit, RenameKey) and problem.key_path[: len(fix.after)] == fix.after for fix in file.fixes):
            return False
        record, _ = record_at(self._reader.read(file.edited.path, file.edited.after), problem.location)
        fix = self._suggester.suggest(problem, record) if record is not None else None
        return fix is not None and fix.safe


def _of_key(file: FixedFile, key_path: KeyPath) -> Sequence[Fix]:
    """Give the fixes that are about a key; all of them where none is."""
    return [fix for fix in file.fixes if fix.after and key_path[: len(fix.after)] == fix.after] or file.fixes


def _by_file(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.location.path, []).append(problem)
    return found


def _unmapped(file: FixedFile) -> bool:
    return any(fix.problem.code == "MAP-TYPE-UNKNOWN" for fix in file.fixes)


def _identity(fix: Fix) -> tuple[str, int, str, KeyPath]:
    return fix.problem.location.path, fix.item, fix.problem.code, fix.path


def _shows_more(fix: Fix) -> bool:
    """Say whether a record says something then that nobody could see before: it can be read, has its class, or a key its name."""
    return isinstance(fix.edit, (ReplaceLines, RenameKey)) or fix.problem.code == "MAP-TYPE-UNKNOWN"


def _what(problem: Problem) -> tuple[str, KeyPath, str]:
    return problem.code, problem.key_path, problem.message


def _changed_elsewhere(file: FixedFile, reader: Reader, plan: Plan) -> str:
    """Say what the graph would say otherwise, of keys that no fix is about."""
    old, new = (reader.read(file.edited.path, data) for data in (file.edited.before, file.edited.after))
    if _unmapped(file) or len(old.each) != len(new.each) or all(reading.record is None for reading in old.each):
        return ""
    before, after = _statements(old, plan), _statements(new, plan)
    sides = (
        (before, before.keys() - after.keys(), [(fix.item, fix.path) for fix in file.fixes]),
        (after, after.keys() - before.keys(), [(fix.item, fix.after) for fix in file.fixes]),
    )
    in_body = any(isinstance(fix.edit, ReplaceTail) for fix in file.fixes)  # whatever is read of the body may say otherwise then
    for origins, differing, concerned in sides:
        for statement in sorted(differing):
            if in_body and all(path and is_special(path) for _, path in origins[statement]):
                continue
            if not any(item == of and path[: len(key)] == key for item, path in origins[statement] for of, key in concerned):
                return f"the graph would say otherwise, too: {statement}"
    return ""


def _statements(reading: Reading, plan: Plan) -> dict[str, list[tuple[int, KeyPath]]]:
    """Give what the records of a file say, with the records and key paths that it comes from."""
    found: dict[str, list[tuple[int, KeyPath]]] = {}
    for item, each in enumerate(reading.each):
        mapped = trace_record(each.record, plan) if each.record is not None else None
        for block, origins in mapped.traced() if mapped is not None else ():
            for (predicate, value), origin in zip(block.pairs, origins, strict=True):
                found.setdefault(f"{block.subject} {predicate} {value}", []).append((item, origin.key_path))
    return found
