"""What people type first: a file alone, ``help``, ``sex by age``, an option twice. Each gets the line that does it.

The lines are commands that can be copied: they name the file and the variables that were typed.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from surveytool.errors import SurveytoolError, UnknownVariable, UsageError

HELP = ("help", "ayuda", "aide", "ajuda")
BY = ("by", "por", "par", "x", "versus", "vs", "segun", "según", "selon")
STUDY = ".toml"
OF_STUDY = "surveytool summarize {0}, surveytool report {0} -o report.docx"
OF_DATA = "surveytool check {0}; its tables: surveytool summarize {0}; a study of it: surveytool new {0} -o study.toml"
ELSEWHERE = {
    "explain": "Every option is explained by surveytool summarize --help; terms stand in docs/glossary.md.",
    "browse": "The questions of a file: surveytool codebook FILE",
    "example": "The example lies in examples/iom_2023: surveytool summarize examples/iom_2023/transit.sav",
}


def with_help(typed: Sequence[str]) -> list[str]:
    """``help weight`` as ``weight --help``."""
    return [*typed[1:], "--help"] if typed and typed[0].lower() in HELP else list(typed)


def command_told(typed: str) -> str | None:
    """What to type instead of a command that there is not; None where nothing is known."""
    if typed in ELSEWHERE:
        return f"No such command {typed!r}. {ELSEWHERE[typed]}"
    path = Path(typed)
    if not path.suffix or not (path.is_file() or _data(path)):
        return None
    name, kind = shlex.quote(typed), "a study file" if path.suffix.lower() == STUDY else "a data file"
    line = (OF_STUDY if path.suffix.lower() == STUDY else OF_DATA).format(name)
    missing = "" if path.exists() else ", and there is no such file here"
    return f"{typed} is {kind}, no command{missing}. {'Its tables' if kind[2] == 's' else 'Look at it'}: {line}"


def _data(path: Path) -> bool:
    from surveytool.reading import FORMATS

    return path.suffix.lower() in {*FORMATS, ".gz", STUDY}


def option_told(typed: str, context_command: str) -> str | None:
    """What to type instead of an option that has its place elsewhere; None where nothing is known."""
    plain = typed.lstrip("-").lower().replace("_", "-")
    if plain in ("row", "rows", "row-percent", "rowpct", "fila"):
        return f"No such option {typed!r}. Write --percent row"
    if plain in ("column-percent", "colpct", "col-percent", "columna"):
        return f"No such option {typed!r}. Write --percent column"
    if plain == "lang" and context_command == "surveytool":
        return "--lang stands after a command: surveytool summarize FILE --lang es"
    if plain == "template":
        return "No such option '--template'. A commented study file of your data: surveytool new DATA -o study.toml"
    return None


def twice(typed: Sequence[str], single: Sequence[Sequence[str]]) -> None:
    """Refuse an option given twice that is taken once; ``single`` holds the names of each such option."""
    given = [argument.partition("=")[0] for argument in typed[: _end(typed)]]
    for names in single:
        if sum(given.count(name) for name in names) > 1:
            name = next(each for each in names if each in given)
            raise UsageError("is given twice, and only one can count.", name, "Leave one of them out.")


def _end(typed: Sequence[str]) -> int:
    return list(typed).index("--") if "--" in typed else len(typed)


def retold(error: SurveytoolError, typed: Sequence[str]) -> Sequence[str]:
    """The lines of an error; of a name that the data do not have with the command that was meant."""
    if isinstance(error, UnknownVariable):
        meant = _with_by(error.name, typed)
        if meant:
            error.cure = f"For a breakdown write: {meant}"
        source = _source(typed)
        if source:
            error.cure = error.cure.replace("surveytool codebook FILE", f"surveytool codebook {shlex.quote(source)}")
    return error.lines()


def _source(typed: Sequence[str]) -> str | None:
    """The file of a command line."""
    rest = [each for each in typed[1:2] if not each.startswith("-")]
    return rest[0] if rest else None


def _with_by(name: str, typed: Sequence[str]) -> str | None:
    """``summarize f.sav sex by age`` with its breakdown as an option."""
    if name.lower() not in BY or name not in typed:
        return None
    at = list(typed).index(name)
    rest = list(typed[at + 1 :])
    end = next((place for place, each in enumerate(rest) if each.startswith("-")), len(rest))
    groups = [part for each in rest[:end] if each.lower() not in ("and", "y", "et") for part in ("--by", each)]
    return shlex.join(["surveytool", *typed[:at], *(groups or ["--by", "NAME"]), *rest[end:]])
