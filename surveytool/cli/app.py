"""The front door: commands, and the one place where errors become a line and an exit status."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

import typer

from surveytool.cli import screen
from surveytool.cli.first_steps import as_command, retold
from surveytool.cli.missing_package import MISSING, missing
from surveytool.errors import SurveytoolError
from surveytool.lazy import registered

UNFORESEEN = 70
INTERRUPTED = 130
CLOSED_PIPE = 141
NOT_THERE = (
    "needs every respondent in memory and does not run on Spark. "
    "Leave --engine and --spark out; summarize, compare, chart, codebook, reproduce and report count there."
)

# in the order of the help; a command's module, and the function in it, bear its name
COMMANDS = (
    "summarize", "doubt", "compare", "model", "chart", "check", "new", "convert", "weight", "codebook", "reproduce",
    "report", "proofread", "adjust", "indicators", "example", "explain", "clean", "rds",
)  # fmt: skip
LISTS = ("indicators", "explain")  # commands that say something without arguments
LOOK = "look"  # of a file that is typed alone; in no help


def application(arguments: Sequence[str]) -> typer.Typer:
    """The program with the command that is called, or with all of them where help or a mistake needs them."""
    called = next((argument for argument in arguments if not argument.startswith("-")), None)
    app = typer.Typer(
        name="surveytool",
        help="Weighted survey tables with design-based inference, from a data file in one command.",
        epilog="Start: surveytool new DATA -o study.toml, then check, summarize, report.",
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for name in (called,) if called in COMMANDS else COMMANDS:
        app.command(no_args_is_help=name not in LISTS)(registered("surveytool.cli", f"{name}:{name}"))
    if called == LOOK:
        app.command(hidden=True)(registered("surveytool.cli", f"{LOOK}:{LOOK}"))
    return app


def _version(value: bool) -> None:
    if value:
        from surveytool.version import VERSION

        screen.out(f"surveytool {VERSION}\n".encode())
        raise typer.Exit()


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Weighted survey tables with design-based inference, from a data file in one command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit status.

    Only ``SurveytoolError`` is expected. Anything else is a defect: it is told by its kind and
    place alone, since messages of libraries quote data; ``SURVEYTOOL_TRACEBACK=1`` shows it whole.
    """
    typed = as_command(sys.argv[1:] if arguments is None else arguments)
    try:
        status = _run(typed)
        if sys.stdout is not None:
            sys.stdout.flush()
        return status
    except SurveytoolError as error:
        for line in retold(error, typed):
            screen.error(line)
        return error.exit_status
    except KeyboardInterrupt:
        screen.error("interrupted; nothing was written.")
        return INTERRUPTED
    except (BrokenPipeError, screen.ReaderGone):
        _forget_stdout()
        return CLOSED_PIPE
    except MemoryError:
        screen.error("not enough memory. Name fewer variables, or read from Parquet.")
        return 3
    except Exception as error:
        if os.environ.get("SURVEYTOOL_TRACEBACK"):
            raise
        absent = missing(error) if isinstance(error, ImportError) else None
        if absent is not None:
            screen.error(absent)
            return MISSING
        screen.error(_unforeseen(error))
        return UNFORESEEN


def _unforeseen(error: Exception) -> str:
    """A defect in one line: the kind of the error and where in this package it came up, never its words."""
    place, step = "", error.__traceback__
    while step is not None:
        folder, _, name = step.tb_frame.f_code.co_filename.rpartition(f"surveytool{os.sep}")
        place = f" in {name}, line {step.tb_lineno}" if folder else place
        step = step.tb_next
    return (
        f"internal error ({type(error).__name__}{place}); nothing was written. "
        "Please report this line and the command; it quotes no data."
    )


def _run(typed: list[str]) -> int:
    from click.exceptions import Abort, ClickException, Exit

    from surveytool.cli.default_language import language_defaults
    from surveytool.cli.progress_bar import progress

    try:
        with progress():
            defaults = language_defaults(COMMANDS, os.environ)
            returned = application(typed)(
                args=typed, prog_name="surveytool", standalone_mode=False, obj=typed, default_map=defaults
            )
    except Exit as ended:
        returned = ended.exit_code
    except Abort as aborted:
        raise KeyboardInterrupt from aborted
    except SystemExit as left:  # click leaves with 1 where a reader of the help went away; 1 is for claims
        if isinstance(left.__context__, BrokenPipeError):
            raise BrokenPipeError from left
        raise
    except ClickException as wrong:
        return _usage(wrong)
    if returned == INTERRUPTED:  # how typer passes an interrupt on
        raise KeyboardInterrupt
    return returned if isinstance(returned, int) else 0


def _usage(wrong: Exception) -> int:
    """A wrong option or argument as one line; a bare command shows its help."""
    from click.exceptions import ClickException, NoArgsIsHelpError

    from surveytool.cli.other_words import suggestion

    assert isinstance(wrong, ClickException)
    if isinstance(wrong, NoArgsIsHelpError):
        return 2
    context = getattr(wrong, "ctx", None)
    if context is not None and getattr(wrong, "option_name", None) in ("--engine", "--spark"):
        screen.error(f"{context.info_name} {NOT_THERE}")
        return 2
    path = context.command_path if context is not None else "surveytool"
    message = suggestion(wrong) or " ".join(wrong.format_message().split())
    hint, _, rest = message.partition(" Did you mean ")
    message = f"{hint} Did you mean {rest.partition(' Did you mean ')[0]}" if rest else message
    screen.error(f"{message} See: {path} --help")
    return 2


def _forget_stdout() -> None:
    """The reader went away: send what is left nowhere, so that Python does not complain at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        sys.stdout = None


def entry() -> None:
    """The console script. Everything is written and closed by now; taking the process apart would only cost time."""
    if not sys.warnoptions:
        import warnings

        warnings.simplefilter("ignore")  # libraries' remarks to programmers
    # numpy's threads for matrices would start with every command, wait in loops, and change last digits by the machine
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(50_000, 20, 20)  # searching for cycles among what is imported finds none
    status = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(status)
