"""What a shell completes is put into the line as it is, so a stranger's file names must not be code there."""

from __future__ import annotations

from pathlib import Path

from tests.running import owltype


def test_a_saved_query_is_offered_only_if_its_name_is_a_plain_word(tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    for name in ("01-topics", "$(touch marker)", "`id`", "a;b", "a b", "-o", "a\nb", "x'y", "тема"):
        (tmp_path / "queries" / f"{name}.rq").write_text("# title: It's; $(touch marker)\nSELECT ?s { ?s ?p ?o }\n", "utf-8")
    for shell in ("bash", "zsh"):
        words = {"_OWLTYPE_COMPLETE": f"{shell}_complete", "COMP_WORDS": "owltype query ", "COMP_CWORD": "2"}
        done = owltype(cwd=tmp_path, environment=words)
        assert done.status == 0
        offered = [line.removeprefix("plain,") for line in done.stdout.splitlines()]
        assert [line for line in offered if line != "plain" and not line.startswith("It's; ")] == ["01-topics", "тема"]
