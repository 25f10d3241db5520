"""A study file read strictly: TOML, then settings, then what they mean; every problem is told at once.

Entries are checked one by one, so that a mistake in one table hides none in another.
"""

from __future__ import annotations

import re
import tomllib
from collections import abc
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from surveytool.errors import UsageError, nearest
from surveytool.frozen import frozen
from surveytool.published_figures.claims import Claim
from surveytool.study.problem import Problem, StudyError
from surveytool.study.problem_words import line_of, problems, unknown_setting
from surveytool.study.sections import StudyFile, TableEntry, claim_of
from surveytool.study.study_file import Study
from surveytool.study.toml_lines import Place, lines_of
from surveytool.survey import Design

MOST_TRIES = 10
LARGEST = 2_000_000
DEEPEST = re.compile(r"(?:[\w\"'-]+\s*\.\s*){50}")


@frozen
class Draft:
    """A study as far as it could be read, and everything that is wrong with it."""

    study: Study
    problems: tuple[Problem, ...] = field(default=())


def load_study(path: str | Path) -> Study:
    """The study that a file holds.

    Raises ``StudyError`` with every problem: those of its settings, and where the
    data can be read those of names that the data do not have.
    """
    draft = examine(path)
    if draft.problems:
        raise StudyError(str(path), (*draft.problems, *_about_the_data(draft.study)))
    return draft.study


def _about_the_data(study: Study) -> tuple[Problem, ...]:
    """What the data say of the study as far as it could be read; nothing where they cannot be read."""
    from surveytool.errors import SurveytoolError
    from surveytool.study.study_survey import open_study

    try:
        open_study(study)
    except StudyError as error:
        return error.problems
    except SurveytoolError:
        return ()
    return ()


def examine(path: str | Path) -> Draft:
    """A study file with its problems; raises ``UsageError`` only where there is no such file."""
    from surveytool.study.rules import check

    text = _text(Path(path))
    raw, readable, found = _toml(text)
    lines = with_our_lines(lines_of(readable))
    study, more = _study(Path(path), raw, lines)
    return Draft(study=study, problems=(*found, *more, *check(study)))


def _text(path: Path) -> str:
    if path.is_dir():
        raise UsageError("is a folder.", str(path), "Name a study file (.toml).")
    try:
        if path.stat().st_size > LARGEST:
            raise UsageError("is too large for a study file.", str(path), "Name a study file (.toml).")
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise UsageError("does not exist.", str(path), _near_files(path)) from error
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror}).", str(path), "Check the name.") from error
    except UnicodeDecodeError as error:
        raise UsageError("is not text in UTF-8.", str(path), "Save the study file as UTF-8.") from error


def _near_files(path: Path) -> str:
    if not path.parent.is_dir():
        return "Check the name."
    files = (file.name for file in path.parent.iterdir() if file.suffix == ".toml")
    return nearest(path.name, files, "Check the name.")


def _toml(text: str) -> tuple[dict[str, Any], str, list[Problem]]:
    """The settings and the text they stand in; a line that is no TOML is left out, so that the rest can be read."""
    lines = text.replace("\r\n", "\n").split("\n")
    found = _too_deep(lines)
    for _ in range(MOST_TRIES):
        readable = "\n".join(lines)
        try:
            return tomllib.loads(readable), readable, found
        except tomllib.TOMLDecodeError as error:
            problem = _syntax(error, len(lines))
            found.append(problem)
            number = (problem.line or 1) - 1
            if not lines[number].strip():
                break
            lines[number] = ""
        except (RecursionError, ValueError):  # brackets in brackets, or a number of thousands of digits
            found.append(Problem(message="is nested too deeply, or holds a number that is too long."))
            break
    return {}, "", found


def _too_deep(lines: list[str]) -> list[Problem]:
    """Keys of fifty parts and more are told and left out: no study has them, and they take minutes to read."""
    found = []
    for number, line in enumerate(lines, start=1):
        if "." in line and DEEPEST.match(line.partition("=")[0].lstrip("[ \t")):
            found.append(Problem(message="this name has too many parts.", cure="Leave it out.", line=number))
            lines[number - 1] = ""
    return found


def _syntax(error: tomllib.TOMLDecodeError, last: int) -> Problem:
    told = str(error)
    place = re.search(r"\(at line (\d+), column \d+\)", told)
    message = told.partition(" (at ")[0]
    cure = "Texts stand in quotes; each setting is a line NAME = VALUE below its [table]."
    if "overwrite" in message or "declare" in message or "twice" in message.lower():
        message, cure = "this setting or table comes twice", "Leave one of them out."
    return Problem(message=f"{message[:1].lower()}{message[1:]}.", cure=cure, line=int(place[1]) if place else last)


def _study(path: Path, raw: Mapping[str, Any], lines: Mapping[Place, int]) -> tuple[Study, list[Problem]]:
    """The study of settings; what does not fit is left out and told."""
    hints = get_type_hints(StudyFile)
    found: list[Problem] = []
    values: dict[str, Any] = {}
    numbers: dict[str, tuple[int, ...]] = {}
    for name, value in raw.items():
        if get_origin(hints.get(name)) is tuple and isinstance(value, dict):
            cure = f"Write [[{name}]]"
            found.append(Problem(message=f"[{name}] stands for a list.", cure=cure, line=line_of(lines, (name,))))
        elif name not in hints:
            message, cure = unknown_setting(name, list(hints))
            found.append(Problem(message=message.replace("setting", "table"), cure=cure, line=line_of(lines, (name,))))
        elif get_origin(hints[name]) is tuple and isinstance(value, list):
            parts = [_section(get_args(hints[name])[0], each, (name, at), lines) for at, each in enumerate(value)]
            numbers[name] = tuple(at for at, (made, _) in enumerate(parts) if made is not None)
            values[name] = tuple(made for made, _ in parts if made is not None)
            found += [each for _, told in parts for each in told]
        else:
            made, told = _section(hints[name], value, (name,), lines)
            found += told
            values |= {name: made} if made is not None else {}
    study = _with_lists(_joined(path, StudyFile(**values), lines, numbers, found), lines, found)
    return replace(study, promised=_promised(raw)), found


def _with_lists(study: Study, lines: Mapping[Place, int], problems: list[Problem]) -> Study:
    """The study with a table for each line of its lists of analysis; a list that cannot be read is told."""
    if all(entry.loa is None for entry in study.tables):
        return study
    from surveytool.analysis_list import read_list
    from surveytool.errors import SurveytoolError
    from surveytool.study.analysis_entries import entries_of

    tables: list[Any] = []
    numbers: list[int] = []
    lists: list[Any] = []
    for number, entry in study.entries("tables"):
        made: tuple[Any, ...] = (entry,)
        if entry.loa is not None:
            try:
                lists.append(read_list(study.path.parent / entry.loa))
                made = entries_of(entry, lists[-1])
            except SurveytoolError as error:
                line = line_of(lines, ("tables", number, "loa"))
                told = f"{error.where}: {error.message}" if error.where else error.message
                problems.append(Problem(message=told, cure=error.cure, line=line, setting=f"[[tables]] {number + 1}"))
                made = ()
        tables += made
        numbers += [number] * len(made)
    study = replace(
        study, tables=tuple(tables), lists=tuple(lists), numbers={**study.numbers, "tables": tuple(numbers)}
    )
    return replace(study, design=_designed(study))


def _designed(study: Study) -> Design:
    """The design; weights and strata that only a list names are those of the study."""
    settings = {key: value for each in study.lists for key, value in each.settings.items()}
    design = study.design
    weights = design.weights or settings.get("weight_column")
    return replace(design, weights=weights, strata=design.strata or settings.get("strata_column"))


def _promised(raw: Mapping[str, Any]) -> frozenset[str]:
    """The names that the file gives to variables of its own, also where they could not be made."""
    entries = [
        each for section in ("recodes", "routes") if isinstance(found := raw.get(section), list) for each in found
    ]
    named = {str(entry["name"]) for entry in entries if isinstance(entry, dict) and "name" in entry}
    return frozenset(named | _indicated(raw.get("indicators")))


def _indicated(entries: Any) -> set[str]:
    from surveytool.indicator_library import IndicatorUse, made_by

    uses = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    named = (
        IndicatorUse(use=str(use.get("use", "")), name=str(use["name"]) if "name" in use else None) for use in uses
    )
    return {name for use in named for name in made_by(use)}


def _section(hint: Any, value: Any, place: Place, lines: Mapping[Place, int]) -> tuple[Any, list[Problem]]:
    """One table of the file; a table of tables entry by entry."""
    from surveytool.study.schema import Fault, fit

    if get_origin(hint) is abc.Mapping and isinstance(value, dict):
        inner = get_args(hint)[1]
        parts = {name: _section(inner, each, (*place, name), lines) for name, each in value.items()}
        kept = {name: made for name, (made, _) in parts.items() if made is not None}
        return kept, [each for _, told in parts.values() for each in told]
    value = with_our_names(str(place[0]), value)
    made, faults = fit(hint, value)
    if _asks_nothing(hint, value):
        made, faults = None, (*faults, Fault(place=("variable",), type="missing", context={}))
    if faults and isinstance(value, dict):
        wrong = {fault.place[0] for fault in faults if fault.place}
        kept = {key: each for key, each in value.items() if key not in wrong}
        made = None if _asks_nothing(hint, kept) else fit(hint, kept)[0]
    return made, problems(hint, value, faults, place, lines) if faults else []


def _asks_nothing(hint: Any, value: Any) -> bool:
    """Whether a table or chart names neither a variable nor a list of analysis."""
    tables = isinstance(hint, type) and issubclass(hint, TableEntry)
    return tables and isinstance(value, dict) and not {"variable", "loa"} & value.keys()


OTHER_NAMES = {
    "tables": {"stat": "statistic", "ci": "interval"}, "charts": {"stat": "statistic", "ci": "interval"},
    "claims": {"statistic": "stat"}, "output": {"lang": "language"},
}  # fmt: skip


def with_our_names(section: str, value: Any) -> Any:
    """The settings of an entry under the names that this section has for them; both at once stay a mistake.

    >>> with_our_names("claims", {"statistic": "mean"})
    {'stat': 'mean'}
    """
    names = OTHER_NAMES.get(section, {})
    if not isinstance(value, dict) or not names.keys() & value.keys():
        return value
    return {names[key] if key in names and names[key] not in value else key: each for key, each in value.items()}


def with_our_lines(lines: Mapping[Place, int]) -> dict[Place, int]:
    """The lines of settings, also by the names that we have for them."""
    more = {
        (*place[:-1], name): line for place, line in lines.items() if len(place) > 1
        if (name := OTHER_NAMES.get(str(place[0]), {}).get(str(place[-1]))) is not None
    }  # fmt: skip
    return {**more, **lines}


def _joined(
    path: Path,
    whole: StudyFile,
    lines: Mapping[Place, int],
    numbers: dict[str, tuple[int, ...]],
    problems: list[Problem],
) -> Study:
    """The study with its claims made ready, those of the csv after its own."""
    claims: dict[int, Claim] = {}
    for number, entry in zip(numbers.get("claims", ()), whole.claims, strict=True):
        try:
            claims[number] = claim_of(entry)
        except UsageError as error:
            line = line_of(lines, ("claims", number, "published"))
            problems.append(
                Problem(message=error.message, cure=error.cure, line=line, setting=f"[[claims]] {number + 1}")
            )
    study = Study.of(whole, path, tuple(claims.values()), lines, {**numbers, "claims": tuple(claims)})
    if whole.study.claims_file is None:
        return study
    return replace(study, claims=(*study.claims, *_claims_of(study, whole.study.claims_file, lines, problems)))


def _claims_of(study: Study, name: str, lines: Mapping[Place, int], problems: list[Problem]) -> tuple[Claim, ...]:
    from surveytool.errors import SurveytoolError
    from surveytool.published_figures.claims_file import load_claims

    try:
        return tuple(load_claims(study.path.parent / name))
    except SurveytoolError as error:
        line = line_of(lines, ("study", "claims_file"))
        problems.append(Problem(message=f"{name} {error.message}", cure=error.cure, line=line, setting="[study]"))
        return ()
