"""The command `whosays`: arguments in, exit code out. Its arguments, its JSON and its exit codes are public interface."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from whosays.cli.arguments import parser
from whosays.cli.exits import Exit
from whosays.errors import InputError, QuotationError, WhosaysError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Return 0 when all is done; 1 when some input was refused or a check failed, and the rest is done; 2 for faults of usage,
    configuration or environment. No fault of the input is a traceback.
    """
    _make_output_safe()
    options = parser().parse_args(arguments)
    try:
        # Loaded here: `whosays --help` needs none of it.
        from whosays.cli import commands  # noqa: PLC0415

        code = commands.run(options)
        sys.stdout.flush()
    except (InputError, QuotationError) as error:
        return _fault(error, Exit.REFUSED)
    except WhosaysError as error:
        return _fault(error, Exit.FAILED)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Whoever read has had enough. What is buffered must not raise again while Python shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.PIPE_CLOSED
    except OSError as error:
        return _fault(error, Exit.FAILED)
    return code


def _make_output_safe() -> None:
    """A text may hold anything; a terminal of another encoding, or half a surrogate pair, is no reason to fail."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _fault(error: Exception, code: Exit) -> Exit:
    # Settings may be wrong in several ways: each has its line.
    sys.stderr.write("".join(f"whosays: {line}\n" for line in str(error).splitlines() or [""]))
    return code
