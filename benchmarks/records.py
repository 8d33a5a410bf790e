"""Make records of the seed's kind: any number, from a seed, the same bytes every time.

    python -m benchmarks.records build/records -n 5000 --faults 0.1

Record `i` depends on the seed and `i` alone, so a small folder is the beginning of a large one. The front matter is written as
python-frontmatter writes it (PyYAML, sorted keys, folded at 80 columns): that is how the records of this kind came to be.
"""

from __future__ import annotations

import argparse
import json
import random
import unicodedata
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from benchmarks import words

FrontMatter: TypeAlias = dict[str, Any]

EPOCH = datetime(2018, 1, 1, tzinfo=UTC)
DAYS = 2000
MEAN_PARAGRAPHS = 4


@dataclass(frozen=True, slots=True)
class MadeRecord:
    """A record's place below the content folder, its text, and the name of the fault planted in it."""

    path: str
    text: str
    fault: str | None


def make_records(count: int, seed: int = 1, faults: float = 0.0) -> Iterator[MadeRecord]:
    """Yield `count` records; a share `faults` of them has one fault each, of the kinds in `FAULTS` in turn.

    >>> one, two = make_records(2)
    >>> one.path, one == next(make_records(1))
    ('clinical-decision-support/curated-content/nurselab-smart-monitoring-support-rural-teams-0.md', True)
    """
    for index in range(count):
        yield make_record(index, seed, faults)


def make_record(index: int, seed: int = 1, faults: float = 0.0) -> MadeRecord:
    """Make the record with this number.

    >>> make_record(7).text.startswith("---")
    True
    """
    chance = random.Random(f"{seed}:{index}")  # noqa: S311  # made data, not secrets
    community = chance.choice(tuple(words.COMMUNITIES))
    kind = chance.choices(tuple(words.KINDS), weights=(6, 2, 2))[0]
    front_matter = _front_matter(chance, index, community, kind)
    body = _body(chance)
    fault = chance.choice(tuple(FAULTS)) if chance.random() < faults else None
    if fault:
        FAULTS[fault](front_matter)
    text = yaml.dump(front_matter, Dumper=yaml.CSafeDumper, allow_unicode=True)
    return MadeRecord(f"{community}/{kind}/{front_matter['slug']}.md", f"---\n{text}---\n\n{body}", fault)


def write_records(folder: Path, count: int, seed: int = 1, faults: float = 0.0) -> int:
    """Write `count` records below `folder` and return how many of them have a fault."""
    planted = 0
    for record in make_records(count, seed, faults):
        path = folder / record.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(record.text, encoding="utf-8")
        planted += record.fault is not None
    return planted


def _front_matter(chance: random.Random, index: int, community: str, kind: str) -> FrontMatter:
    """The seed's keys, filled for one page."""
    identifier = words.COMMUNITIES[community]
    title = _title(chance)
    site = chance.choice(words.SITES)
    slug = f"{site.split('.')[0]}-{_slug(title)}-{index}"
    name = str(uuid.UUID(int=chance.getrandbits(128), version=5))
    topics = chance.sample(words.TOPICS, chance.choice((0, 1, 1, 2, 2, 2, 3, 4)))
    written = EPOCH + timedelta(days=chance.randrange(DAYS), microseconds=chance.randrange(86_400_000_000))
    alias = f"/news/{slug}"
    return {
        "aliases": alias if chance.random() < 0.8 else [alias, f"/{community}/{slug}"],
        "archetype": "curate-content",
        "author": chance.sample(words.AUTHORS, chance.choice((1, 1, 1, 1, 2, 3))),
        "basePath": f"/communities/{community}/{kind}/",
        **_breadcrumbs(community, kind, title),
        "categories": [],
        "communityTopics": topics,
        "contentCategories": f"medigy-{community}-{kind}",
        "date": _timestamp(written),
        "description": " ".join(_sentence(chance) for _ in range(chance.randint(1, 4))),
        "featuredImage": _image(chance, index, name, title),
        "id": 3000 + index,
        "identifier": identifier,
        "lastMod": _timestamp(written + timedelta(minutes=chance.randrange(60_000))),
        "mastHead": f"{identifier} CoP",
        "mdName": name,
        "openProjectWorkPackageType": words.KINDS[kind],
        "owlType": "Medigy Communities",
        "searchCategory": "News",
        "slug": slug,
        "source": "open-project-curations",
        "status": "",
        "sub": chance.choice(("brief", "brief", "long")),
        "tags": chance.sample(words.TAGS, chance.choice((1, 1, 2, 3))),
        "title": title,
        "type": f"communities/medigy-{community}",
        **_link(site, title, topics),
    }


def _breadcrumbs(community: str, kind: str, title: str) -> FrontMatter:
    trail = f"/communities/{community}"
    return {
        "breadcrumbLinks": ["/", "/communities/", f"{trail}/", f"{trail}/{kind}", "#"],
        "breadcrumbs": ["Home", "Communities", words.COMMUNITIES[community], words.KINDS[kind], title],
    }


def _link(site: str, title: str, topics: Sequence[str]) -> FrontMatter:
    address = f"https://www.{site}/{_slug(title)}"
    return {
        "link": {"brand": site, "href": address, "original": f"{address}?utm_source=feed&utm_medium=rss"},
        "openProjectCustomFields": {
            "cleanUrl": address,
            "medigyTopics": json.dumps(topics, ensure_ascii=False, separators=(",", ":")),
            "sourceUrl": address,
        },
    }


def _image(chance: random.Random, index: int, name: str, title: str) -> FrontMatter:
    extension, format_name = chance.choice((("png", "PNG"), ("jpg", "JPEG"), ("jpg", "JPEG"), ("webp", "WEBP")))
    return {
        "alt": title,
        "format": format_name,
        "href": f"{name}-featuredImage.{extension}",
        "size": [chance.randint(120, 1600), chance.randint(90, 900)],
        "valid": chance.random() < 0.95,
        "workPackage": 3000 + index,
        "wpAttachment": {"fileName": f"Curated_Featured_Image.{extension}", "link": f"/api/v3/attachments/{9000 + 2 * index}/content"},
    }


def _title(chance: random.Random) -> str:
    adjective, noun, verb = chance.choice(words.ADJECTIVES), chance.choice(words.NOUNS), chance.choice(words.VERBS)
    return f"{adjective} {noun} {verb} {chance.choice(words.ADJECTIVES)} {chance.choice(words.NOUNS)}".title()


def _sentence(chance: random.Random) -> str:
    length = chance.randint(1, 4)
    return ", while ".join(_clause(chance) for _ in range(length)).capitalize() + "."


def _clause(chance: random.Random) -> str:
    return f"{chance.choice(words.ADJECTIVES)} {chance.choice(words.NOUNS)} {chance.choice(words.VERBS)} the {chance.choice(words.NOUNS)}"


def _body(chance: random.Random) -> str:
    """HTML of a few paragraphs; one body in a hundred is ten times as long."""
    paragraphs = 1 + int(chance.expovariate(1 / MEAN_PARAGRAPHS)) * (10 if chance.random() < 0.01 else 1)
    return "".join(_paragraph(chance) for _ in range(paragraphs))


def _paragraph(chance: random.Random) -> str:
    sentences = " ".join(_sentence(chance) for _ in range(chance.randint(1, 5)))
    shape = chance.random()
    if shape < 0.7:
        return f"<p>{sentences}</p>"
    if shape < 0.8:
        return f"<h2>{_title(chance)} &amp; more</h2>\n"
    if shape < 0.9:
        return f'<p>{sentences} <a href="https://{chance.choice(words.SITES)}/?q=1&amp;p=2" rel="nofollow">Read more</a></p>\n'
    return "<ul>\n" + "".join(f"  <li>{_sentence(chance)}</li>\n" for _ in range(chance.randint(2, 5))) + "</ul>\n"


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(c for c in word if c.isalnum() or c == "-") for word in plain.split())


def _timestamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _drop_title(front_matter: FrontMatter) -> None:
    del front_matter["title"]


def _break_address(front_matter: FrontMatter) -> None:
    front_matter["link"]["href"] = front_matter["link"]["brand"].split(".")[0]


def _turn_dates(front_matter: FrontMatter) -> None:
    front_matter["date"], front_matter["lastMod"] = "2031-01-01T00:00:00.000000Z", front_matter["date"]


def _blur_date(front_matter: FrontMatter) -> None:
    front_matter["date"] = "Jan 31"


def _shrink_image(front_matter: FrontMatter) -> None:
    front_matter["featuredImage"]["size"] = [0, 0]


def _word_size(front_matter: FrontMatter) -> None:
    front_matter["featuredImage"]["size"] = ["wide", "high"]


def _part_topics(front_matter: FrontMatter) -> None:
    front_matter["communityTopics"] = [*front_matter["communityTopics"], "Medigy: Something Else"]


def _misspell_key(front_matter: FrontMatter) -> None:
    front_matter["link"]["herf"] = front_matter["link"].pop("href")


def _break_name(front_matter: FrontMatter) -> None:
    front_matter["mdName"] = front_matter["mdName"][:13]


FAULTS: dict[str, Callable[[FrontMatter], None]] = {
    "missing title": _drop_title,
    "address without scheme": _break_address,
    "date after lastMod": _turn_dates,
    "date in words": _blur_date,
    "image of no size": _shrink_image,
    "image size in words": _word_size,
    "topic lists differ": _part_topics,
    "misspelt key": _misspell_key,
    "name is no UUID": _break_name,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a folder of records, as the command line asks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.records", description="Make records of the seed's kind.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("-n", "--number", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=float, default=0.0, help="share of records with one planted fault (0 to 1)")
    options = parser.parse_args(arguments)
    planted = write_records(options.folder, options.number, options.seed, options.faults)
    print(f"{options.number} records, {planted} with a fault, in {options.folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
