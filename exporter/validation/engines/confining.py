"""Walls around a process that runs the queries of shapes: no connection, no program, no file but Python's own modules.

There are two, because each has a gap. Python's audit events are seen on every system and by no C library; the kernel's filter
(seccomp, Linux on x86-64 and ARM64) sees every call and is there on Linux only. Nothing that shapes say can take either down.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import struct
import sys
from collections.abc import Callable, Sequence

_FORBIDDEN = (
    "socket.",
    "urllib.",
    "http.",
    "ftplib.",
    "smtplib.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.startfile",
    "webbrowser.",
    "ctypes.",
)
"""What the events begin with that mean a connection or another program; `ctypes.` so that nothing goes round Python."""

_MODULES = (".py", ".pyc", ".so", ".pyd", ".dll", ".pickle")
"""How the files end that a late import reads, and what pySHACL keeps beside its modules."""

TRIED = 77
"""The status of a process that was ended because it tried what it must not."""


def confine(readable: Sequence[str], memory: int) -> None:
    """Confine this process for good: from here on it opens modules below `readable` only, to read, and takes `memory` bytes at most."""
    sys.dont_write_bytecode = True
    _bound(memory)
    with contextlib.suppress(OSError, AttributeError, ValueError):  # a kernel without it still has the other wall
        _filter_calls()
    sys.addaudithook(_watcher(tuple(os.path.join(os.path.realpath(folder), "") for folder in readable)))  # noqa: PTH118 - a hook wants texts


def _watcher(readable: tuple[str, ...]) -> Callable[[str, tuple[object, ...]], None]:
    """Make the hook: what is forbidden ends the process at once, so that no library can catch it and go on."""

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            if not _may_open(arguments, readable):
                os._exit(TRIED)
        elif event.startswith(_FORBIDDEN) and event != "socket.gethostname":
            os._exit(TRIED)

    return watch


def _may_open(arguments: tuple[object, ...], readable: tuple[str, ...]) -> bool:
    path, mode, flags = arguments
    if isinstance(path, int):
        return True  # a descriptor that is open already
    reads = mode in {None, "r", "rb", "rt"} and isinstance(flags, int) and not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    if not reads or not isinstance(path, (str, bytes)):
        return False
    file = os.path.realpath(os.fsdecode(path))
    return file.startswith(readable) and file.endswith(_MODULES)


def _bound(memory: int) -> None:
    if sys.platform == "win32":
        return
    import resource  # POSIX only

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the limit is not kept, or counts what is shared
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


# Of <linux/seccomp.h>, <linux/filter.h> and <asm/unistd.h>: socket, socketpair, connect, execve, execveat, io_uring_setup.
_CALLS = {"x86_64": (0xC000003E, (41, 53, 42, 59, 322, 425)), "aarch64": (0xC00000B7, (198, 199, 203, 221, 281, 425))}
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | 13
_OTHER_TABLE = 0x40000000
"""From this number on the calls of x86-64 are those of another table (x32)."""


def _filter_calls() -> None:
    """Have the kernel refuse the calls that open a connection or start a program (EACCES)."""
    if sys.platform != "linux":
        return
    machine, numbers = _CALLS.get(platform.machine(), (0, ()))
    if not numbers:
        return
    code = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, machine), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    code += [(_AT_LEAST, 0, 1, _OTHER_TABLE), (_RETURN, 0, 0, _KILL)]
    for number in numbers:
        code += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    code.append((_RETURN, 0, 0, _ALLOW))
    steps = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in code))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(code), ctypes.addressof(steps)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.c_void_p(ctypes.addressof(program)), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "the kernel takes no filter")
