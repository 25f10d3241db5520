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


def as_command(typed: Sequence[str]) -> list[str]:
    """``help weight`` as ``weight --help``; a file alone as a look at it; ``explain --base`` as ``explain base``."""
    words = list(typed)
    if words[:1] == ["explain"] and len(words) > 1 and words[1] not in ("--help", "-h", "--lang"):
        return [words[0], words[1].lstrip("-") or words[1], *words[2:]]
    if words and words[0].lower() in HELP:
        return [*words[1:], "--help"]
    if words and not words[0].startswith("-") and _file(words[0]):
        return ["look", *words]
    return words


def _file(typed: str) -> bool:
    """Whether what is typed first can only be a file: there is one, or its suffix is one of ours."""
    path = Path(typed)
    return bool(path.suffix) and (path.is_file() or path.suffix.lower() in _suffixes() or "::" in typed)


def _suffixes() -> set[str]:
    from surveytool.reading import FORMATS

    return {*FORMATS, ".gz", STUDY}


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
        return "No such option '--template'. Every setting of a study file: surveytool new --template"
    return None


def twice(typed: Sequence[str], single: Sequence[Sequence[str]]) -> None:
    """Refuse an option given twice that is taken once; ``single`` holds the names of each such option."""
    given = [argument.partition("=")[0] for argument in typed[: _end(typed)]]
    for names in single:
        if sum(given.count(name) for name in names) > 1:
            name = next(name for name in names if name in given)
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
    end = next((index for index, each in enumerate(rest) if each.startswith("-")), len(rest))
    groups = [part for each in rest[:end] if each.lower() not in ("and", "y", "et") for part in ("--by", each)]
    return shlex.join(["surveytool", *typed[:at], *(groups or ["--by", "NAME"]), *rest[end:]])
