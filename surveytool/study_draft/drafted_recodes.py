"""``[[recodes]]`` and ``[[routes]]``: ages in bands, questions with several answers, itineraries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from surveytool.checks.labels import labelled
from surveytool.checks.raw_survey import RawSurvey
from surveytool.frozen import frozen
from surveytool.reading import looks_like_design
from surveytool.study_draft import toml_text as toml
from surveytool.study_draft.respondent import by_role
from surveytool.text import Words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEWEST = 3
NOT_CHOSEN = frozenset({
    "not selected", "unselected", "not checked", "unchecked", "not chosen", "not mentioned", "no seleccionado",
    "no seleccionada", "no marcado", "no mencionado", "non sélectionné", "non sélectionnée", "non coché", "non cité",
    "não selecionado", "não marcado",
})  # fmt: skip
EDGES = (0, 18, 26, 36, 46, 61)
CHILDREN = (0, 5, 10, 15, 18)
MONTHS = (0, 6, 18, 30, 42, 54)
_STOP = r"(route|ruta|rota|stop|parada|transit|transito|etape|leg|tramo|escala|pais_transito|country_transit)"


@frozen
class Family:
    """Columns of one stem that are the options of a question, and how they say so.

    ``setting`` is ``counted`` or ``not_chosen`` with its value; ``certain`` where the
    answers themselves speak of options ("Not selected").
    """

    stem: str
    columns: tuple[str, ...]
    setting: str
    value: str | float
    certain: bool = False


def age_column(raw: RawSurvey) -> str | None:
    """The number that is the respondent's age; what cannot be an age is left out before it is judged."""
    for name in by_role(raw).get("age", []):
        if raw.book[name].kind == "number" and raw.is_number(name):
            known = _ages(raw, name)
            if len(known) > raw.rows / 2 and float(known.max()) > 2:
                return name
    return None


def _ages(raw: RawSurvey, name: str) -> NDArray[np.float64]:
    """The ages of a column that can be ages; empty where others are too many."""
    values = raw.columns.numbers(name)
    known = values[values == values]
    ages: NDArray[np.float64] = known[(known >= 0) & (known <= 130)]
    return ages if len(ages) >= 0.9 * len(known) else ages[:0]


def has_bands(raw: RawSurvey) -> bool:
    """Whether the file has the respondents' ages in groups already."""
    return any(
        raw.book[name].kind == "single" and 2 <= len(raw.book[name].valid_levels()) <= 12
        for name in by_role(raw).get("age", [])
    )


def bands_name(raw: RawSurvey) -> str:
    """A name for the bands that no column has."""
    name = "age_band"
    while name in raw.book or name in raw.names:
        name += "_2"
    return name


def bands(raw: RawSurvey, words: Words) -> Iterator[str]:
    """Ages in bands, as the file has none of its own."""
    age = age_column(raw)
    if age is None or has_bands(raw):
        return
    values = _ages(raw, age)
    low, high = float(values.min()), float(values.max())
    steps = EDGES if high >= 26 and not _months(raw, high) else MONTHS if _months(raw, high) else CHILDREN
    inner = [edge for edge in steps[1:] if low < edge <= high]
    first = steps[0] if low < steps[1] else steps[1]
    edges = [first, *(edge for edge in inner if edge > first)]
    made = [f"{one}-{other - 1}" for one, other in pairwise(edges)] + [f"{edges[-1]}+"]
    yield "[[recodes]]"
    yield toml.comment(words.word("draft_bands"))
    yield toml.setting("name", bands_name(raw))
    yield toml.setting("type", "bands")
    yield f"{toml.setting('from', age)}{_named(raw, age)}"
    yield toml.setting("bands", made)
    yield toml.setting("label", words.word("draft_age_label"))
    yield ""


def _months(raw: RawSurvey, high: float) -> bool:
    """Whether ages are months: of young children, whose arms and heights were measured."""
    measured = {"muac", "haz", "whz", "waz", "oedema", "wfhz", "hfaz"}
    return high <= 72 and any(set(re.split(r"[\W_]+", name.lower())) & measured for name in raw.names)


def _named(raw: RawSurvey, age: str) -> str:
    """The column's own label, and the next column that might be meant, as a comment."""
    others = [name for name in by_role(raw).get("age", []) if name != age and raw.book[name].kind == "number"]
    told = [text for text in (raw.book[age].label, *others[:1]) if text]
    return f"  {toml.comment(' / '.join(told))}" if told else ""


def families(raw: RawSurvey) -> list[Family]:
    """Numbered columns that hold one value or nothing (or yes and no): options of one question."""
    inside = raw.options
    stems: dict[str, list[str]] = {}
    for name, variable in raw.book.items():
        match = re.fullmatch(r"(.*?[A-Za-z0-9])[_.]\w{1,24}", name)
        if match and name not in inside and variable.kind == "single" and not looks_like_design(name):
            stems.setdefault(match[1], []).append(name)
    found = list(_by_label(raw))
    for stem, columns in stems.items():
        if len(columns) < FEWEST or stem in raw.book:
            continue
        counted, left = _counted(raw, columns), _left(raw, columns)
        if left is not None:
            found.append(Family(stem=stem, columns=tuple(columns), setting="not_chosen", value=left, certain=True))
        elif counted is not None:
            found.append(Family(stem=stem, columns=tuple(columns), setting="counted", value=counted))
    return found


def _by_label(raw: RawSurvey) -> Iterator[Family]:
    """Columns that hold their own label or nothing, as SurveyMonkey writes them: ``question/option``.

    One of them may hold what people wrote instead.
    """
    stems: dict[str, list[str]] = {}
    for name, variable in raw.book.items():
        stem, sign, option = name.rpartition("/")
        if sign and option == variable.label and name not in raw.options:
            stems.setdefault(stem, []).append(name)
    for stem, columns in stems.items():
        own = [{str(each) for each in raw.keys(name)[1]} <= {raw.book[name].label} for name in columns]
        if len(columns) >= FEWEST and own.count(False) <= 1 and stem not in raw.book:
            yield Family(stem=stem, columns=tuple(columns), setting="not_chosen", value="", certain=True)


def _left(raw: RawSurvey, columns: list[str]) -> str | None:
    """The answer "Not selected" or the like, where every column has it beside at most one other."""
    answers = [[level.label for level in raw.book[column].valid_levels() if level.count] for column in columns]
    for word in {label for answer in answers for label in answer if label.casefold() in NOT_CHOSEN}:
        if all(len(answer) <= 2 and (word in answer or len(answer) <= 1) for answer in answers):
            return word if any(len(answer) == 2 for answer in answers) else None
    return None


def _counted(raw: RawSurvey, columns: list[str]) -> str | float | None:
    """1 among 0 and 1, or yes among yes and no: the same in every column."""
    for chosen, other in ((1.0, 0.0), ("1", "0"), ("Yes", "No"), ("yes", "no"), ("Sí", "No"), ("Si", "No"),
                          ("Oui", "Non"), ("Sim", "Não"), ("TRUE", "FALSE"), ("True", "False")):  # fmt: skip
        values = [set(raw.keys(column)[1]) for column in columns]
        if all(value <= {chosen, other} for value in values) and any(chosen in value for value in values):
            return chosen
    return None


def several(raw: RawSurvey, words: Words) -> Iterator[str]:
    """Each family proposed as a question with several answers."""
    for family in families(raw):
        if not family.certain and _labelled_alone(raw, family):
            continue
        lines = [
            "[[recodes]]",
            toml.setting("name", family.stem),
            toml.setting("type", "multiple"),
            toml.setting("columns", list(family.columns)),
            toml.setting(family.setting, family.value),
        ]
        yield toml.comment(words.fill("draft_several", n=len(family.columns)))
        yield from (line if family.certain else toml.proposed(line) for line in lines)
        yield ""


def _labelled_alone(raw: RawSurvey, family: Family) -> bool:
    """Whether the answers have labels but the questions have none: then they are no options."""
    known = [raw.book[column] for column in family.columns]
    return any(labelled(level) for each in known for level in each.levels) and not any(each.label for each in known)


def stops(raw: RawSurvey) -> dict[str, list[str]]:
    """Numbered columns that are the stops of a journey, by their stem."""
    found: dict[str, list[str]] = {}
    for name, variable in raw.book.items():
        match = re.fullmatch(rf"({_STOP}\w*?)[_.]?\d+", name.lower())
        if match and variable.kind in ("single", "text"):
            found.setdefault(name[: len(match[1])].rstrip("_."), []).append(name)
    return {stem: columns for stem, columns in found.items() if len(columns) > 1}


def routes(raw: RawSurvey, words: Words) -> Iterator[str]:
    """Each journey proposed as a route; with origin and destination where the file has them."""
    for stem, columns in stops(raw).items():
        own = "journey" if "journey" not in raw.book else f"{stem}_journey"
        lines = ["[[routes]]", toml.setting("name", own), toml.setting("stops", columns)]
        for part, pattern in (("origin", r"origin|origen|origine|origem"), ("destination", r"destin\w*")):
            named = [name for name in raw.book if re.fullmatch(rf"(.*_)?({pattern})(_.*)?", name.lower())]
            lines += [toml.setting(part, named[0])] if named else []
            lines += [toml.setting("intended", True)] if named and part == "destination" else []
        yield toml.comment(words.fill("draft_route", n=len(columns)))
        yield from (toml.proposed(line) for line in lines)
        yield toml.comment(words.word("draft_corridor"))
        corridor = [
            "[[routes.corridors]]",
            toml.setting("name", "north"),
            toml.setting("ends", ["USA", "CAN"]),
        ]
        yield from (toml.proposed(line) for line in corridor)
        yield ""
