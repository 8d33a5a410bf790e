"""The command line: one module per command, thin (parse, build, execute); `exporter.cli.app` lists them."""

# Nothing that Python has not loaded already is imported here: `main` takes the current folder off the search path first.
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn


def main(arguments: "Sequence[str] | None" = None) -> "NoReturn":
    """Run `owltype` with `arguments`, the process's own by default, and end the process."""
    from exporter.system.search_path import leave_current_folder

    leave_current_folder()
    from exporter.cli.signals import handle_signals
    from exporter.cli.streams import prepare_streams
    from exporter.system.undoing import ignore_endings

    handle_signals()
    prepare_streams()
    try:
        from exporter.cli.ending import run  # importing exporter.cli alone must not import click
    except (ImportError, MemoryError, OSError) as error:  # too few open files or too little memory are allowed
        print(f"owltype: the program can't be loaded: {str(error) or 'there is not enough memory'}", file=sys.stderr)
        sys.exit(2)
    status = run(sys.argv[1:] if arguments is None else arguments)
    ignore_endings()
    sys.exit(status)
