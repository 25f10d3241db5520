"""surveytool as a person uses it: its Python interface and its command line, in this process."""

from __future__ import annotations

import io
import json
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Said:
    """What came back: printed figures by their names, notes as codes, notes as words."""

    rows: list[Any] = field(default_factory=list)
    codes: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)  # code, values, columns named
    words: list[str] = field(default_factory=list)


class Stopped(Exception):
    """One clear line instead of a figure."""


class Broken(Exception):
    """A traceback, or an internal error."""


def command(*arguments: object) -> tuple[int, str, str]:
    """A command line: its status, what it printed and what it said."""
    from surveytool.cli.app import main

    kept = sys.stdout, sys.stderr
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    sys.stdout, sys.stderr = streams
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            status = main([str(each) for each in arguments])
    finally:
        sys.stdout, sys.stderr = kept
    out, err = (each.buffer.getvalue().decode("utf-8") for each in streams)  # type: ignore[attr-defined]
    if status == 70:
        raise Broken(err.strip())
    return status, out, err


def told(*arguments: object) -> tuple[Any, Said]:
    """The json of a command, with its notes; raises Stopped where it gives none."""
    status, out, err = command(*arguments, "--format", "json")
    if status not in (0, 1):
        raise Stopped(err.strip())
    answer = json.loads(out)
    said = Said(words=[line for line in err.splitlines() if line.strip()])
    for part in ("tables", "claims"):
        for each in answer.get(part, []):
            said.words += [*each.get("notes", []), *([each["explanation"]] if each.get("explanation") else [])]
    said.words += answer.get("model", {}).get("notes", []) + answer.get("notes", [])
    return answer, said


@contextmanager
def as_large(active: bool) -> Iterator[None]:
    """Every file is as large as those that are read block by block."""
    from surveytool.reading import columnar, database, delimited

    kept = [(each, each.LARGE) for each in (columnar, database, delimited)]
    for each, size in kept:
        each.LARGE = 1 if active else size
    try:
        yield
    finally:
        for each, size in kept:
            each.LARGE = size


class Book:
    """A file that was read, with its weights."""

    def __init__(
        self, path: Path, weights: str | None, kinds: dict[str, str] | None = None, *, blocks: bool = False
    ) -> None:
        import surveytool as st

        self.path = path
        self.weights = weights
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                with as_large(blocks):
                    self.survey = st.read(path, design=st.Design(weights=weights), kinds=kinds,  # type: ignore[arg-type]
                                          stream=blocks)  # fmt: skip
            except st.SurveytoolError as error:
                raise Stopped(str(error)) from error
            except Exception as error:
                raise Broken(f"{type(error).__name__} in read") from error

    def summarize(self, variable: str | None, **options: Any) -> Said:
        """One table."""
        import surveytool as st

        try:
            found = st.summarize(self.survey, variable, **options)
        except st.SurveytoolError as error:
            raise Stopped(str(error)) from error
        except Exception as error:
            raise Broken(f"{type(error).__name__} in summarize: {place(error)}") from error
        notes = [*self.survey.notes, *found.results.notes, *(each for one in found.estimates for each in one.notes)]
        return Said(list(found.rows), [coded(each) for each in notes])


def coded(note: Any) -> tuple[str, str, tuple[str, ...]]:
    """A note as its code, its values as text, and the columns that it names."""
    values = dict(note.values)
    named: list[str] = []
    for key in ("variables", "names", "variable", "column", "name", "columns"):
        value = values.get(key)
        named += [value] if isinstance(value, str) else [str(each) for each in value] if value else []
    return note.code, str(values), tuple(named)


def place(error: BaseException) -> str:
    """The last file and line of an error, without its words."""
    step = error.__traceback__
    where = ""
    while step is not None:
        where = f"{Path(step.tb_frame.f_code.co_filename).name}:{step.tb_lineno}"
        step = step.tb_next
    return where
