"""`owltype cache`: what is kept between runs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from exporter.cli.common import common_options
from exporter.cli.session import Session
from exporter.errors import CacheError, UsageError
from exporter.text import plural, quote

if TYPE_CHECKING:
    from exporter.cache.folder import Cache


@click.command()
@click.argument("action", metavar="[clear]", required=False, type=click.Choice(["clear"]))
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How it is shown.")
@common_options
def command(session: Session, /, *, action: str | None, output_format: str) -> int:
    """Show where the cache is, how large, what the last run found in it, and why it is not used where it is not; or remove it.

    It can be removed at any time: what is in it is made again.

    \b
    Example:
      owltype cache
      owltype cache clear
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.cache.folder import open_cache
    from exporter.project import make_project

    project = make_project(settings=session.settings, cache=True)
    cache = open_cache(project)
    shown = project.tree.shown(project.tree.project_path(str(cache.folder)))
    if action == "clear":
        return _clear(session, cache, shown)
    if not session.settings.cache:
        cache.off = "the setting `cache` is false"
    for line in [_json(cache, shown)] if output_format == "json" else _text(cache, shown):
        click.echo(line)
    return 0


def _clear(session: Session, cache: Cache, shown: str) -> int:
    try:
        removed = cache.clear()
    except CacheError as error:
        raise UsageError(f"{quote(shown)} is not removed: {error}; remove it yourself if nothing else needs it") from None
    except OSError as error:
        raise UsageError(f"{quote(shown)} can't be removed: {(error.strerror or str(error)).lower()}") from None
    size = _size(sum(entry.size for entry in removed))
    session.say(f"removed {plural(len(removed), 'file')} ({size}) from {shown}" if removed else f"nothing is kept in {shown}")
    return 0


def _text(cache: Cache, shown: str) -> Iterator[str]:
    entries, use = cache.kept(), cache.last_use()
    yield f"folder    {shown}"
    if cache.off is not None:
        yield f"not used  {cache.off}"
    yield f"size      {_size(sum(entry.size for entry in entries))} in {plural(len(entries), 'file')}, of {_size(cache.limit)} at most"
    if use is not None:
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(use.ended))
        yield f"last run  {plural(use.hits, 'hit')} and {plural(use.misses, 'miss', 'misses')}, on {when}"


def _json(cache: Cache, shown: str) -> str:
    entries, use = cache.kept(), cache.last_use()
    found = {
        "folder": shown,
        "used": cache.is_on,
        "reason": cache.off,
        "files": len(entries),
        "bytes": sum(entry.size for entry in entries),
        "limit": cache.limit,
        "last": None if use is None else use._asdict(),
    }
    return json.dumps(found, ensure_ascii=False, indent=2)


def _size(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB" if size >= 1_000_000 else f"{size / 1_000:,.1f} kB"
