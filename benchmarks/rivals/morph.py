"""morph-kgc on the same records: python-frontmatter makes JSON tables, and morph-kgc maps them to N-Triples.

    python benchmarks/rivals/morph.py FOLDER OUTPUT

Run by the Python of an environment of its own (rivals/morph-requirements.txt). RML core can't make slugs or join parallel lists, so the
tables hold ready IRIs: the easier half of the work is morph-kgc's.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote, urljoin

import frontmatter

Row: TypeAlias = dict[str, Any]

SITE = "https://www.medigy.com"
PROJECTS = "https://openproject.example.org"
PAGE_KEYS = ("title", "description", "mdName", "date", "lastMod", "searchCategory", "id", "source", "identifier", "mastHead")
CONFIGURATION = """\
[CONFIGURATION]
output_file = {output}
output_format = N-TRIPLES
logging_level = ERROR
[Records]
mappings = mapping.yml
"""


def slug(text: str) -> str:
    """Make a slug for an address."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def page_row(page: str, post: Row, body: str) -> Row:
    """The keys that a page has once."""
    name = post["type"].removeprefix("communities/medigy-")
    kind = post["contentCategories"].removeprefix(f"medigy-{name}-")
    return {
        **{key: post[key] for key in PAGE_KEYS},
        "page": page,
        "body": body,
        "kind": kind,
        "kindIri": f"https://www.medigy.com/ontology#{kind}",
        "community": name,
        "communityIri": f"{SITE}/communities/{name}/",
        "workPackageIri": f"{PROJECTS}/work_packages/{post['id']}",
        "datasetIri": f"{SITE}/datasets/{slug(post['source'])}/",
        **post["link"],
        "siteIri": f"https://{post['link']['brand']}/",
        "cleanUrl": post["openProjectCustomFields"]["cleanUrl"],
        "sourceUrl": post["openProjectCustomFields"]["sourceUrl"],
        "linkIri": f"{page}#link",
        **image_columns(page, post["featuredImage"]),
    }


def image_columns(page: str, image: Row) -> Row:
    """The columns of a page's image."""
    return {
        "imageIri": f"{page}#featuredImage",
        "imageContent": urljoin(page, image["href"]),
        "imageAlt": image["alt"],
        "imageFormat": image["format"],
        "imageWidth": image["size"][0],
        "imageHeight": image["size"][1],
        "imageValid": image["valid"],
        "attachmentIri": PROJECTS + image["wpAttachment"]["link"],
        "attachmentName": image["wpAttachment"]["fileName"],
    }


def topic_row(page: str, text: str) -> Row:
    """One topic of a page."""
    scheme, label = text.split(": ", 1)
    home = f"{SITE}/topics/{slug(scheme)}/"
    return {"page": page, "scheme": scheme, "label": label, "schemeIri": home, "topicIri": f"{home}{slug(label)}/"}


def author_row(page: str, text: str) -> Row:
    """One author of a page."""
    name, domain = text.split(" @")
    return {"page": page, "name": name, "domain": domain, "authorIri": f"{SITE}/authors/{domain}/{slug(name)}/"}


def crumb_row(page: str, number: int, label: str, target: str) -> Row:
    """One step of the trail to a page."""
    address = page if target == "#" else urljoin(SITE, target)
    crumb = f"{page}#breadcrumbs" + (f"/{number}" if number > 1 else "")
    return {"page": page, "crumbIri": crumb, "label": label, "position": number, "target": address}


def tables(folder: Path) -> dict[str, list[Row]]:
    """Make the JSON tables of a folder of pages."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for path in sorted(folder.rglob("*.md")):
        file = frontmatter.load(str(path))
        post: Row = file.metadata
        page = SITE + post["basePath"] + quote(post["slug"]) + "/"
        rows["pages"].append(page_row(page, post, file.content))
        rows["authors"] += [author_row(page, text) for text in post["author"]]
        rows["topics"] += [topic_row(page, text) for text in post["communityTopics"]]
        crumbs = zip(post["breadcrumbs"], post["breadcrumbLinks"], strict=True)
        rows["breadcrumbs"] += [crumb_row(page, number, label, target) for number, (label, target) in enumerate(crumbs, start=1)]
        aliases = post["aliases"] if isinstance(post["aliases"], list) else [post["aliases"]]
        rows["aliases"] += [{"page": page, "alias": urljoin(SITE, alias)} for alias in aliases]
        rows["tags"] += [{"page": page, "tag": tag} for tag in post["tags"]]
    return rows


def main(folder: str, output: str) -> None:
    """Export a folder of pages to a file."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for table, rows in tables(Path(folder)).items():
            (work / f"{table}.json").write_text(json.dumps(rows), encoding="utf-8")
        (work / "mapping.yml").write_bytes((Path(__file__).parent / "mapping.yarrrml.yml").read_bytes())
        (work / "config.ini").write_text(CONFIGURATION.format(output=Path(output).resolve()), encoding="utf-8")
        subprocess.run([sys.executable, "-m", "morph_kgc", "config.ini"], cwd=work, check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
