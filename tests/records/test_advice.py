"""What to do about front matter that can't be read is said in the syntax of the file."""

from __future__ import annotations

import pytest

from exporter.records.reading import read_text

ADVICE = [
    ("a.md", "+++\ntitle = Telehealth\n+++\n", 'write title = "Telehealth"'),
    ("a.md", "+++\ntitle: Telehealth\n+++\n", 'write title = "Telehealth"'),
    ("a.md", "+++\ndraft = True\n+++\n", "write draft = true"),
    ("a.md", "+++\nx = null\n+++\n", "TOML has no null: leave x out"),
    ("a.md", "+++\nx = 01\n+++\n", 'write x = "01"'),
    ("a.md", "+++\nx = 'it's'\n+++\n", 'write x = "it\'s"'),
    ("a.md", "+++\nx = {b = 1,}\n+++\n", "remove the comma before }"),
    ("a.md", "+++\n// note\n+++\n", "a comment starts with #"),
    ("a.md", "+++\nhello\n+++\n", 'write key = "value", each key on a line of its own'),
    ("a.md", "+++\ndate = {{ .Date }}\n+++\n", "quote the template placeholder, or exclude the file"),
    ("a.toml", "---\na = 1\n---\n", "remove the line ---: a file of TOML has no fences"),
    ("a.md", '{"tags": ["a",]}\n', "remove the comma"),
    ("a.md", '{"draft": True}\n', "write true"),
    ("a.md", "{\n'a': 1}\n", 'write "a"'),
    ("a.md", "{\na: 1}\n", 'write "a"'),
    ("a.md", '{"a": x y}\n', 'write "x y"'),
    ("a.json", "title: x\n", 'write {"key": "value"}'),
    ("a.json", '{"a": 1}\n{"a": 2}\n', "a record is one object: write each into a file of its own"),
    ("a.json", '[{"a": 1}]\n', 'write an object, {"key": "value"}, at the top; if the file is not a record, exclude it'),
    ("a.yml", "- a\n- b\n", "write key: value lines at the top; if the file is not a record, exclude it"),
    ("a.md", "---\n- a\n---\n", "write key: value lines"),
]


@pytest.mark.parametrize(("path", "text", "advice"), ADVICE, ids=[text for _, text, _ in ADVICE])
def test_advice_is_in_the_syntax_of_the_file(path: str, text: str, advice: str) -> None:
    reading = read_text(path, text)
    assert [problem.help for problem in reading.problems] == [advice]
