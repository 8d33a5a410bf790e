"""YAML through the fastest parser that gives the reference's answer.

py-yaml12 reads the seed record in 47 µs where PyYAML's events take 96 and its C loader 243. But it keeps the last of two
duplicate keys, types keys, forgets what was typed for a number, and follows aliases without bound. So it serves only front
matter in which none of that can happen: every line has one of a few plain shapes, and as many keys come out as went in.
tests/records/test_yaml_fast.py compares the two ways on every corpus at hand and on generated text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import cast

from yaml12 import parse_yaml

from exporter.records.faults import Readout
from exporter.records.values import DuplicateKeys, Value
from exporter.records.yaml.judge import complete
from exporter.records.yaml.values import read_with_remarks

_NUMBER = r"(?:[-+]?(?:\.?[0-9][0-9._]*+(?:[eE][-+]?[0-9]++)?|\.(?i:inf|nan))|0[xob][0-9a-fA-F_]++)"
_END = r"(?:\ *+\n|\ ++\#)"
_TEXT = r"(?:[^\x00-\x1f\x7f:#]++|:(?![ \n])|(?<!\ )\#)*+"
_PLAIN = (
    rf"(?:[A-EG-SU-Za-z/_(<$]|(?!(?:True|TRUE|False|FALSE){_END})[TF]"  # what was typed for `True` would be lost
    rf"|(?!{_NUMBER}{_END}|\.\.\.|(?:\+|0[xob])[-+])[0-9.+]|-(?=[A-Za-z_])"  # py-yaml12 takes `+-5` and `0x+5` for numbers
    r"|[^\x00-\x7f\s])" + _TEXT  # py-yaml12 reads a no-break space and its like alone as null
)
_INTEGER = rf"(?:0|-?[1-9][0-9]{{0,17}}){_END.join(('(?=', ')'))}"
_SINGLE = r"'(?:[^\x00-\x09\x0b-\x1f\x7f']++|'')*+'"
_ESCAPE = (
    r"\\(?:[\"\\/ntN_]|x[a-fA-F2-6][0-9a-fA-F]|u(?:00[a-fA-F][0-9a-fA-F]|0[1-9a-fA-F][0-9a-fA-F]{2}|[1-9a-cA-CeE][0-9a-fA-F]{3}"
    r"|[dD][0-7][0-9a-fA-F]{2}|[fF][0-9a-eA-E][0-9a-fA-F]{2}))"
)
_DOUBLE = rf'"(?:[^\x00-\x09\x0b-\x1f\x7f"\\]++|{_ESCAPE})*+"'
_FLOW_WORD = r"(?!(?i:true|false|null)[ ,\]])[A-Za-z/_][\w/.-]*+(?:\ [\w/.-]++)*+"
_FLOW_ITEM = rf"\ *+(?:'[^\x00-\x1f\x7f']*+'|\"[^\x00-\x1f\x7f\"\\]*+\"|{_FLOW_WORD})\ *+"
_FLOW = rf"\[(?:{_FLOW_ITEM}(?:,{_FLOW_ITEM})*+)?+\ *+\]"
_BLOCK = r"[|>][-+]?+(?=\ *+\n\ ++[^ \n])"  # with text: py-yaml12 reads an empty one as a line break
_VALUE = rf"(?:{_PLAIN}|{_SINGLE}|{_INTEGER}|{_DOUBLE}|{_FLOW}|\{{\}}|~|{_BLOCK})"
_KEY = r"(?!(?i:true|false|null):)[A-Za-z_][A-Za-z0-9_./-]{0,100}+"
_COMMENT = r"\#[^\x00-\x08\x0b-\x1f\x7f\n]*+"


def _line(key: str) -> str:
    return rf"\ {{0,40}}+(?:-\ ++){{0,3}}+(?:(?:{key}:(?:\ ++{_VALUE})?+|{_VALUE}|-)(?:\ ++{_COMMENT})?+|{_COMMENT})?+\ *+\n"


_LINES_WITH_KEYS = re.compile("^" + _line(f"({_KEY})"), re.MULTILINE)
_ALL_LINES = re.compile(f"(?:{_line(_KEY)})*+")
_START = re.compile(r"(?:\ *+(?:#[^\n]*+)?+\n)*+[A-Za-z_]")  # py-yaml12 ends the document where a line stands left of the first
_NESTED_BLOCK = re.compile(r"^[ -][^\n]*[|>][-+]?+ *+$", re.MULTILINE)
_FOREIGN = re.compile("[\x80-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def read_yaml(text: str, start: int, end: int, duplicate_keys: DuplicateKeys = "reject") -> Readout:
    """Read YAML 1.2 core from `text[start:end]`, the fast way where it is sure to be right."""
    value = read_fast(text[start:end])
    return read_with_remarks(text, start, end, duplicate_keys) if value is None else Readout(value)


def read_fast(source: str) -> dict[str, Value] | None:
    r"""Read front matter with py-yaml12, or give None where only the reference may answer.

    >>> read_fast("a: 1\n"), read_fast("a: 1\na: 2\n"), read_fast("a: 1.0\n")
    ({'a': 1}, None, None)
    """
    source = complete(source)
    if "\r" in source:
        source = source.replace("\r\n", "\n")
        if "\r" in source:  # a line may end there, too, and below every line ends with a line feed
            return None
    if not source.isascii() and _FOREIGN.search(source):
        return None
    if _START.match(source) is None or (("|" in source or ">" in source) and _NESTED_BLOCK.search(source)):
        return None
    found = _LINES_WITH_KEYS.findall(source)
    # Quoted text that goes over several lines is one match; only then the lines don't add up, and a second pass decides.
    if len(found) != source.count("\n") and _ALL_LINES.fullmatch(source) is None:
        return None
    try:
        value = cast("Value", parse_yaml(source))
    except ValueError:
        return None
    if type(value) is not dict or _count_keys(value) != len(found) - found.count(""):
        return None
    return value


def _count_keys(node: dict[str, Value] | list[Value]) -> int:
    count = 0
    children: Iterable[Value] = node
    if type(node) is dict:
        count = len(node)
        children = node.values()
    for child in children:
        if type(child) is not str and (type(child) is dict or type(child) is list):
            count += _count_keys(child)
    return count
