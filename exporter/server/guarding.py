"""What a request has to be before anything is done for it: for this host, from no other site, and not too large or too slow."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import Scope

from exporter.server.protocol import MAX_BODY, ProtocolError
from exporter.text import quote

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
MAX_ADDRESS = 16 * 1024
_MAX_HEAD = 32 * 1024
_BODY_SECONDS = 15.0
"""How long a body may take to come."""


def host_name(header: str) -> str:
    """Give the name in a `Host` header without its port; empty for what is not one.

    >>> host_name("localhost:8000"), host_name("[::1]:80"), host_name("a b")
    ('localhost', '::1', '')
    """
    try:
        found = urlsplit(f"//{header}")
        found.port  # noqa: B018 - it refuses what is not a number
    except ValueError:
        return ""
    name = found.hostname or ""
    plain = found.path == "" and "@" not in header and not set(header) & set(" /\\?#\t")
    return name if plain else ""


def is_address(name: str) -> bool:
    """Say whether a host is named by its number: no page of others can bring one under its own name (DNS rebinding)."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def check_size(scope: Scope) -> None:
    """Raise ProtocolError for an address or a head that is longer than anybody's."""
    if len(scope.get("raw_path", b"")) + len(scope.get("query_string", b"")) > MAX_ADDRESS:
        raise ProtocolError(414, f"an address may have {MAX_ADDRESS:,} bytes at most; send long queries by POST")
    if sum(len(name) + len(value) for name, value in scope["headers"]) > _MAX_HEAD:
        raise ProtocolError(431, f"the head of a request may have {_MAX_HEAD:,} bytes at most")


def check_host(headers: Sequence[str], allowed: Collection[str], *, numbers: bool) -> None:
    """Raise ProtocolError for a request that is for another host, or for several; `numbers` takes every host named by its number."""
    if len(headers) > 1:
        raise ProtocolError(400, f"a request has one Host, and this one has {len(headers)} (RFC 9112, section 3.2)")
    header = headers[0] if headers else ""
    name = host_name(header).lower().rstrip(".")
    if not (name in _LOOPBACK or name in allowed or (numbers and is_address(name))):
        raise ProtocolError(421, f"this server does not answer for {quote(header or 'no host')}; start it with --allow-host for this name")


def check_origin(request: Request, *, cors: bool) -> None:
    """Raise ProtocolError for a request that changes nothing of ours and is sent by a page of another site, but for one that only reads."""
    origin = request.headers.get("origin")
    if origin is None or cors or request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    if _site(origin) != request.headers.get("host"):
        raise ProtocolError(403, f"pages of {quote(origin)} may not ask here; start the server with --cors to permit it")


def _site(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def client_is_here(request: Request) -> bool:
    """Say whether a client is on this machine."""
    host = request.client.host if request.client else ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def read_body(request: Request) -> bytes:
    """Read a body; raises ProtocolError for one that is too large, by what it says of itself or by what comes, or too slow."""
    length = request.headers.get("content-length", "")
    if length and (not length.isdigit() or int(length[:20]) > MAX_BODY):
        raise ProtocolError(413, f"the body may have {MAX_BODY:,} bytes at most")
    body = bytearray()

    async def read() -> None:
        async for chunk in request.stream():
            body.extend(chunk)
            if len(body) > MAX_BODY:
                raise ProtocolError(413, f"the body may have {MAX_BODY:,} bytes at most")

    try:
        await asyncio.wait_for(read(), _BODY_SECONDS)
    except TimeoutError:
        raise ProtocolError(408, f"the body did not come within {_BODY_SECONDS:.0f} seconds") from None
    return bytes(body)
