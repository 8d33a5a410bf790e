"""The programs that ours starts: a Python of our own, and git. Neither may run what lies in the folder that is read (docs/security.md)."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from exporter.search_path import search_path


def python_command(module: str, arguments: Sequence[str] = ()) -> list[str]:
    """Give the command that runs `main()` of one of our modules in a new Python; `sys.argv[1:]` there are the arguments.

    It looks for modules where this process does but for the current folder, and heeds no `PYTHON…` variable, no user's site folder
    and no `-m` (option `-I`): what those would add to the search path is in ours already, or was taken off it on purpose.

    >>> python_command("exporter.sparql.keeper", ["7"])[-2:]
    ["import sys; sys.path[:] = [...]; from exporter.sparql.keeper import main; main()", '7']
    """
    # Written out in ASCII: a path that is not valid UTF-8 has surrogates, which `-c` refuses.
    start = f"import sys; sys.path[:] = {search_path()!a}; from {module} import main; main()"
    return [sys.executable, "-I", *_options(), "-c", start, *arguments]


def _options() -> list[str]:
    """Pass on what `-I` would make the new Python forget."""
    bytecode = ["-B"] if sys.dont_write_bytecode else []
    prefix = ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []
    return [*bytecode, *prefix, "-X", f"utf8={sys.flags.utf8_mode}"]
