"""Small helpers for the sentences that people read: near names, quoted values, plurals, lists of names."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Give the known name that `name` is probably a slip of, or None.

    A slip is one letter too many, too few, wrong or exchanged with the next, in a name of six letters or more one for every three. Case
    counts less than letters; of equally near names the first in sorted order is given, whatever the order of `known`.

    >>> nearest("herf", ["href", "brand"]), nearest("Title", ["title"]), nearest("x", ["href"]), nearest("draft", ["date"])
    ('href', 'title', None, None)
    """
    folded: dict[str, str] = {}
    for candidate in sorted(set(known)):
        folded.setdefault(candidate.casefold(), candidate)
    typed = name.casefold()
    close = difflib.get_close_matches(typed, list(folded), n=_CANDIDATES, cutoff=0.6)
    distances = [(slips(typed, candidate), number) for number, candidate in enumerate(close)]
    fewest, best = min(distances, default=(len(typed) + 1, 0))
    return folded[close[best]] if close and fewest <= max(1, max(len(typed), len(close[best])) // 3) else None


_CANDIDATES = 5


def slips(one: str, other: str) -> int:
    """Count the letters to insert, delete, replace or exchange: the optimal string alignment distance."""
    before, above = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            best = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, above = above, row
    return above[-1]


def is_slip(written: str, name: str) -> bool:
    """Say whether a value was mistyped, rather than another one meant: as `is_near`, and no word begins with another letter.

    >>> [is_slip(*names) for names in (("Tutorail", "Tutorial"), ("Bread suop", "Bread soup"), ("ohw-to", "how-to"))]
    [True, True, True]
    >>> [is_slip(*names) for names in (("Preference", "Reference"), ("Dusty bread", "Rusty bread"), ("C 1", "C 2"))]
    [False, False, False]
    """
    mine, theirs = written.casefold().split(), name.casefold().split()
    same = len(mine) != len(theirs) or all(a[0] == b[0] or a[:2] == b[1::-1] for a, b in zip(mine, theirs, strict=True))
    return same and is_near(written, name)


def is_near(written: str, name: str) -> bool:
    """Say whether two names differ by one letter, of twelve or more by two, whatever their case; never in a number.

    Of names of up to four letters, another letter in the place of one makes another word more often than a slip.

    >>> [is_near(*names) for names in (("Titel", "title"), ("fitle", "title"), ("siet", "site"), ("dat", "date"), ("test", "text"))]
    [True, True, True, True, False]
    """
    one, other = written.casefold(), name.casefold()
    if _NUMBER.findall(one) != _NUMBER.findall(other) or slips(one, other) > max(1, min(2, len(name) // 6)):
        return False
    return not len(one) == len(other) <= _SHORT_NAME or sorted(one) == sorted(other)


_SHORT_NAME = 4
_NUMBER = re.compile(r"[0-9]+|\b[ivxlcdm]+\b")  # Roman ones, too


def quote(value: object, limit: int = 60) -> str:
    r"""Quote a value for a message: on one line, at most `limit` characters of it, nothing that a terminal would act on.

    >>> print(quote('say "hi"'), quote("a\nb\x1b[31m"), quote("x" * 99, limit=8))
    "say \"hi\"" "a\nb\x1b[31m" "xxxxxxx…"
    """
    text = shorten(str(value), limit)
    return '"' + "".join(map(_visible, text)) + '"'


def quoted(text: str) -> Iterator[str]:
    r"""Yield what stands in double quotes in a message, as it was before `quote` wrote it.

    >>> list(quoted(r'no record of the class "Note" is "a \"b\"", which "c')), list(quoted(quote("\u200d\t")))
    (['Note', 'a "b"'], ['\u200d\t'])
    """
    at = text.find('"')
    while at >= 0:
        end = at + 1
        while end < len(text) and text[end] != '"':
            end += 2 if text[end] == "\\" else 1
        if end >= len(text):
            return
        yield _ESCAPE.sub(_as_was, text[at + 1 : end])
        at = text.find('"', end + 1)


def shorten(text: str, limit: int = 60) -> str:
    """Cut a text to at most `limit` characters, and show that it was cut.

    >>> shorten("telehealth", 6)
    'teleh…'
    """
    return text if len(text) <= limit else text[: limit - 1] + "…"


def plural(count: int, noun: str, plural_noun: str | None = None) -> str:
    """Write a count with its noun.

    >>> plural(1, "record"), plural(12345, "record"), plural(0, "property", "properties")
    ('1 record', '12,345 records', '0 properties')
    """
    word = noun if count == 1 else plural_noun or noun + "s"
    return f"{count:,} {word}"


def enumerate_names(names: Iterable[str], word: str = "or", limit: int = 8) -> str:
    """Write names as a sentence does, the rest counted beyond `limit`.

    >>> enumerate_names(["a", "b", "c"]), enumerate_names("abcd", limit=2)
    ('a, b or c', 'a, b or 2 more')
    """
    listed = list(names)
    if len(listed) > limit:
        listed = [*listed[:limit], f"{len(listed) - limit} more"]
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {word} {listed[-1]}"


def parser_reason(message: str) -> str:
    r"""Give what pyoxigraph's parsers say of a fault, on one line and without the place, which a problem has already.

    >>> parser_reason("Parser error between line 4 column 15 and line 5 column 35: Invalid IRI code point '\n'")
    "invalid IRI code point ' '"
    """
    if "LoadDocumentCallback" in message:
        return "its JSON-LD context is a document of another machine, and nothing is ever fetched: write the context into the file"
    reason = shorten(" ".join(_PLACE.sub("", message).split()), 200)
    return reason if reason[1:2].isupper() else reason[:1].lower() + reason[1:]


_PLACE = re.compile(
    r"^(?:Parser error )?(?:at line \d+(?: between columns \d+ and \d+| column \d+)?|between line \d+ column \d+ and line \d+ column \d+): "
)


def write_pair(key: str, value: str = "…", syntax: str = "yaml") -> str:
    """Write a key with its value as a record in this syntax has it; YAML where the syntax is another.

    >>> write_pair("title"), write_pair("title", syntax="toml"), write_pair("title", syntax="json")
    ('title: …', 'title = …', '"title": …')
    """
    return _PAIRS.get(syntax, "{}: {}").format(key, value)


_PAIRS = {"toml": "{} = {}", "json": '"{}": {}', "nikola": ".. {}: {}", "logseq": "{}:: {}", "org": "#+{}: {}"}

_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t", '"': r"\"", "\\": "\\\\"}
_LONG = {written: character for character, written in _SHORT.items()}
_ESCAPE = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)")


def _as_was(found: re.Match[str]) -> str:
    written = found[0]
    return _LONG.get(written) or (chr(int(f"0x{written[2:]}", 0)) if len(written) > 2 else written[1:])


def _visible(character: str) -> str:
    """Escape what is not printable, so that no record can move a terminal's cursor or turn text around."""
    if character in _SHORT:
        return _SHORT[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
