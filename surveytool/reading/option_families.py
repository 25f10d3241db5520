"""Questions with several answers that have no list of their own: one column an option, and what it holds decides.

Ticked or blank (``1``, ``Y``, or the option's own text), and the names of one question: that is how LimeSurvey,
Qualtrics, SurveyMonkey and many who type their data write it. REDCap and LimeSurvey also write yes and no.
Nobody knows from such columns who was asked, which the table says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from surveytool import arrow
from surveytool.reading.answer_patterns import holding, placed, seen
from surveytool.reading.infer import distinct
from surveytool.reading.loaded import Loaded, Meta, MultipleSet, rows_of
from surveytool.reading.option_names import Siblings, siblings
from surveytool.stream import Pushed
from surveytool.survey import Code, Missing, code_text

YES = {"1", "1.0", "true", "yes", "sí", "si", "oui", "sim", "y", "x", "checked"}
NO = {"0", "0.0", "false", "no", "non", "não", "nao", "n", "unchecked"}
NOT_ASKED = {"n/a", "na"}
CERTAIN = ("redcap", "limesurvey")


OTHER = "other"  # LimeSurvey's column of what people wrote in place of an option, and its code of that answer
OTHER_CODE = "-oth-"


def with_other(loaded: Loaded) -> Loaded:
    """The content with an option for what people wrote in LimeSurvey's ``question[other]``: chosen where it is filled.

    The text itself stays in its column, and is no answer of a table.
    """
    metas = dict(loaded.meta)
    for name in loaded.names_read:
        stem, sign, end = name.rpartition("[")
        if not sign or end != f"{OTHER}]" or stem in loaded.names_read:
            continue
        family = [each for each in loaded.names_read if each.startswith(f"{stem}[") and each != name]
        if not family:
            continue
        option = f"{stem}[{OTHER_CODE}]"
        if option in family:  # as it was written by convert
            metas[name] = replace(metas.get(name, Meta()), kind="text")
            continue
        marks = {text for each in family for text in map(code_text, distinct(loaded.table.column(each)))}
        yes = next((mark for mark in marks if mark.strip().lower() in YES), None)
        if yes is None or any(mark.strip().lower() not in YES | NO | NOT_ASKED for mark in marks):
            continue
        no = next((mark for mark in sorted(marks) if mark.strip().lower() in NO), None) if len(marks) > 1 else None
        loaded = _written(loaded, name, option, (yes, no), family)
        meta = metas.get(name, Meta())
        metas |= {option: replace(meta, kind=None), name: replace(meta, kind="text")}
    return replace(loaded, meta=metas)


def _written(loaded: Loaded, name: str, option: str, marks: tuple[str, str | None], beside: list[str]) -> Loaded:
    """With the mark of a chosen option where something is written; where the file says no, no where the others do."""
    yes, no = marks
    if isinstance(loaded.frame, Pushed):
        from surveytool.reading.cluster_options import with_queries, written_there

        return with_queries(loaded, {option: written_there(name, yes, no, beside, NOT_ASKED, loaded.frame)})
    rows = seen(loaded, [name, *beside])
    told = holding(rows.table.column(name), _says_something)
    asked = told.copy()
    for each in beside:
        asked |= holding(rows.table.column(each), _says_something)
    values = np.where(told, 0, np.where(asked & (no is not None), 1, -1))
    return placed(loaded, rows, {option: arrow.taken(arrow.texts([yes, no or ""]), values)})


def _says_something(cell: object) -> bool:
    return str(cell).strip() != "" and str(cell).strip().lower() not in NOT_ASKED


def with_families(loaded: Loaded) -> Loaded:
    """The content with the questions that its columns make together."""
    loaded = with_other(loaded)
    taken = {column for each in loaded.sets for column in each.columns} | {each.name for each in loaded.sets}
    names = set(loaded.table.column_names)
    sets, metas = [], dict(loaded.meta)
    written = {name.replace(f"[{OTHER_CODE}]", f"[{OTHER}]") for name in names if name.endswith(f"[{OTHER_CODE}]")}
    for sibling in siblings([name for name in loaded.table.column_names if name not in taken | written]):
        if sibling.stem in names | taken:
            continue
        values = _values_of(sibling, loaded)
        if values is None:
            continue
        made = _family(sibling, values, metas) or _of_a_form(sibling, values, loaded)
        if made is not None:
            sets.append(made)
            metas |= _not_asked(values, metas)
    return loaded if not sets else replace(loaded, sets=(*loaded.sets, *sets), meta=metas)


def _values_of(siblings: Siblings, loaded: Loaded) -> dict[str, list[Code]] | None:
    """The different answers of each column; None as soon as one has more than the options of such names can have."""
    most = len(("yes", "no", "n/a")) if siblings.form in (*CERTAIN, "path") else 1
    found = {}
    for column in siblings.columns:
        found[column] = _values(loaded, column)
        if len(found[column]) > most:
            return None
    return found


def _values(loaded: Loaded, column: str) -> list[Code]:
    """The different answers of a column; blanks and declared missing codes are none."""
    meta = loaded.meta.get(column, Meta())
    found = distinct(loaded.table.column(column))
    return [value for value in found if value not in meta.missing and (not isinstance(value, str) or value.strip())]


def _family(siblings: Siblings, values: Mapping[str, Sequence[Code]], metas: Mapping[str, Meta]) -> MultipleSet | None:
    """The question that columns make together, None where they make none."""
    if not any(values.values()):
        return None
    label, options = _labels(siblings, metas)
    counted = _ticked(values.values()) or (_yes(values.values()) if siblings.form in CERTAIN else None)
    if counted is None and not _own_texts(siblings, values, options):
        return None
    return MultipleSet(name=siblings.stem, label=label, columns=siblings.columns, counted=counted,
                       options=options if counted is not None else (), own_texts=counted is None)  # fmt: skip


def _of_a_form(siblings: Siblings, values: Mapping[str, Sequence[Code]], loaded: Loaded) -> MultipleSet | None:
    """Options of a form whose list is not in the file: Ona's TRUE and FALSE, Kobo's 1, 0 and blank.

    Who is asked chooses something: so a group of questions that may all be answered with no is none.
    """
    if siblings.form != "path":
        return None
    texts = {code_text(value).strip().lower() for held in values.values() for value in held}
    said = _yes(values.values())
    if said is None or not (
        texts == {"true", "false"} or (texts <= {"0", "1"} and _all_choose(siblings, said, loaded))
    ):
        return None
    label, options = _labels(siblings, loaded.meta)
    return MultipleSet(
        name=siblings.stem, label=label, columns=siblings.columns, counted=said, options=options, forced=True
    )


def _all_choose(siblings: Siblings, said: Code, loaded: Loaded) -> bool:
    """Whether every respondent has an option chosen, or all of them blank; and not all have the same ones."""
    table, _ = rows_of(loaded.table, siblings.columns)
    known = np.stack([holding(table.column(name), lambda cell: True) for name in siblings.columns])
    hits = np.stack([holding(table.column(name), lambda cell: code_text(cell) == code_text(said))
                     for name in siblings.columns])  # fmt: skip
    told = known.any(axis=0)
    return bool(
        known[:, told].all() and not told.all() and (hits.sum(axis=0) > 1).any() and hits[:, told].any(axis=0).all()
    )


def _ticked(values: Any) -> Code | None:
    """The one mark of all columns, each of which is ticked or blank."""
    marks = {code_text(each): each for one in values for each in one}
    if len(marks) != 1 or any(len(one) > 1 for one in values):
        return None
    text, mark = next(iter(marks.items()))
    return mark if text.strip().lower() in YES else None


def chosen_mark(columns: Sequence[Any]) -> Code | None:
    """The answer that says chosen in columns (Arrow) that are ticked or blank, or say yes and no; None for others."""
    values = [[value for value in distinct(column) if str(value).strip()] for column in columns]
    return _ticked(values) or _yes(values)


def _yes(values: Any) -> Code | None:
    """The answer that says yes, where all columns say yes and no."""
    texts = {code_text(each).strip().lower(): each for one in values for each in one}
    said = [value for text, value in texts.items() if text in YES]
    return said[0] if len(said) == 1 and set(texts) <= YES | NO | NOT_ASKED else None


def _own_texts(siblings: Siblings, values: Mapping[str, Sequence[Code]], options: Sequence[str]) -> bool:
    """Whether each column holds one text of its own, or nothing: the option, as it stands in its label."""
    texts = [str(one[0]) for one in values.values() if len(one) == 1 and isinstance(one[0], str)]
    if any(len(one) > 1 for one in values.values()) or len(set(texts)) < 2 or len(texts) != len(set(texts)):
        return False
    held = [str(one[0]) if one else "" for one in values.values()]
    # what one person wrote under "other" stands alone in its column too, and is no option
    return all(text in ("", option, own) for text, option, own in zip(held, options, siblings.options, strict=True))


def _labels(siblings: Siblings, metas: Mapping[str, Meta]) -> tuple[str, tuple[str, ...]]:
    """The question's label and its options': what the columns' labels have in common, and what they do not."""
    labels = [metas.get(column, Meta()).label for column in siblings.columns]
    if not all(labels):
        return "", siblings.options
    shared = _beginning(labels)
    shared = shared[: max(shared.rfind(sign) for sign in " -[:/") + 1]
    rest = [label[len(shared) :].strip(" -[]:/") for label in labels]
    if not all(rest) or len(set(rest)) < len(rest):
        return "", tuple(labels)
    return re.sub(r"\s*(- Selected Choice)?\s*[-\[:/]*\s*$", "", shared).strip(), tuple(rest)


def _beginning(texts: Sequence[str]) -> str:
    """What all texts begin with."""
    first, last = min(texts), max(texts)
    place = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    return first[:place]


def _not_asked(values: Mapping[str, Sequence[Code]], metas: Mapping[str, Meta]) -> dict[str, Meta]:
    """``N/A`` beside yes and no is no answer: the question was not asked."""
    made = {}
    for column, held in values.items():
        codes = tuple(each for each in held if code_text(each).lower() in NOT_ASKED)
        if codes:
            meta = metas.get(column, Meta())
            reasons: dict[Code, Missing] = {**meta.reasons, **dict.fromkeys(codes, "not_asked")}
            made[column] = replace(meta, missing=(*meta.missing, *codes), reasons=reasons)
    return made
