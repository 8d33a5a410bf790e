"""What reading and parsing alone cost, one step a process: the floor under every way to export a folder.

python -m benchmarks.floors STEP FOLDER
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path


def bytes_alone(folder: Path) -> int:
    """Walk the folder and read each file."""
    return sum(len(data) for data in _files(folder))


def yaml12_alone(folder: Path) -> int:
    """Read each file, and parse the front matter with py-yaml12."""
    from yaml12 import parse_yaml

    return sum(parse_yaml(_front_matter(data)) is not None for data in _files(folder))


def pyyaml_compose(folder: Path) -> int:
    """Read each file, and parse the front matter to nodes with PyYAML's C parser."""
    import yaml

    return sum(yaml.compose(_front_matter(data), Loader=yaml.CBaseLoader) is not None for data in _files(folder))


def pyyaml_load(folder: Path) -> int:
    """Read each file, and load the front matter with PyYAML's C loader."""
    import yaml

    return sum(yaml.load(_front_matter(data), Loader=yaml.CSafeLoader) is not None for data in _files(folder))


def python_frontmatter(folder: Path) -> int:
    """Read each file with python-frontmatter."""
    import frontmatter

    return sum(len(frontmatter.load(str(path)).metadata) for path in sorted(folder.rglob("*.md")))


FLOORS: dict[str, Callable[[Path], int]] = {
    "reading the files": bytes_alone,
    "reading, py-yaml12": yaml12_alone,
    "reading, PyYAML C to nodes": pyyaml_compose,
    "reading, PyYAML C to values": pyyaml_load,
    "python-frontmatter": python_frontmatter,
}


def _files(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.rglob("*.md")):
        yield path.read_bytes()


def _front_matter(data: bytes) -> str:
    return data.decode("utf-8").split("---\n", 2)[1]


if __name__ == "__main__":
    FLOORS[sys.argv[1]](Path(sys.argv[2]))
