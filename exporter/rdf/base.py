"""The base IRI of a file: one for everything that is read, so that a name in one file meets the same name in another.

A relative IRI in a file is resolved against the file's own IRI (RFC 3986, section 5.1.3, <https://www.rfc-editor.org/rfc/rfc3986>), as
every RDF tool does. Such IRIs hold the folder of this machine, so people and reports get them seen from the current folder.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePath
from urllib.parse import unquote, urlsplit

_FILE_IRI = re.compile(r"(?<=<)file:///[^<>\s]*(?=>)")


def file_iri(path: str | PurePath) -> str:
    """Give the `file:` IRI of a file, absolute, without `..`, percent-encoded.

    >>> file_iri("/data/my page.ttl"), file_iri("/data/sub/../ä.ttl")
    ('file:///data/my%20page.ttl', 'file:///data/%C3%A4.ttl')
    """
    return Path(os.path.abspath(path)).as_uri()  # noqa: PTH100 - Path.absolute leaves `..` in place, and resolve follows links


def file_path(iri: str) -> str | None:
    """Give the path that a `file:` IRI of this machine names, None for any other IRI; a fragment is not part of it.

    >>> file_path("file:///data/my%20page.ttl#me"), file_path("https://example.org/a.ttl"), file_path("file://host/a.ttl")
    ('/data/my page.ttl', None, None)
    """
    parts = urlsplit(iri)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    return unquote(parts.path)


def shown_iri(iri: str, start: str = ".") -> str:
    """Write a `file:` IRI of this machine as it is seen from a folder, by default the current one, and any other IRI as it is.

    One that is far away stays as it is, too: many steps up say less than where it is.

    >>> shown_iri(file_iri("sub/d.ttl") + "#me"), shown_iri("https://example.org/a")
    ('sub/d.ttl#me', 'https://example.org/a')
    """
    if not iri.startswith("file:///"):
        return iri
    path, mark, fragment = iri.partition("#")
    here = file_iri(start)
    if path == here:
        return "." + mark + fragment
    if path.startswith(here.rstrip("/") + "/"):
        return path[len(here.rstrip("/")) + 1 :] + mark + fragment
    steps = PurePath(os.path.relpath(path[len("file://") :] or "/", here[len("file://") :])).as_posix()
    shown = steps + ("/" if path.endswith("/") else "")
    return (shown if len(shown) < len(path) - len("file://") else path) + mark + fragment


def shown_iris(text: str, start: str = ".") -> str:
    """Write each `<file:…>` of a term or a property path as it is seen from a folder, by default the current one."""
    return _FILE_IRI.sub(lambda match: shown_iri(match[0], start), text) if "<file:///" in text else text
