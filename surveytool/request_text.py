"""What a person types as requests: which variables, broken down by what, and against which standard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from surveytool.errors import UsageError, no_answer
from surveytool.notes import Note, note
from surveytool.survey import Level, Request, Standard, Survey, Variable, breakdown, find_level, printed_names

STANDARD_CURE = "Write for example --standardize 'age_group: 18-35=0.6, 36 and over=0.4'"
By = str | Sequence[str]  # one breakdown: as it is typed, or the names of its variables
TOPLINE_KINDS = ("single", "multiple", "number")


def requests_for(
    survey: Survey, variables: Sequence[str] | None, by: Iterable[By], pattern: Request
) -> tuple[list[Request], tuple[Note, ...]]:
    """One request a variable, with what they share from ``pattern``; a topline where none is named.

    A breakdown that is named twice is one: programs would count its rows twice.
    Raises ``UsageError``.
    """
    breakdowns = tuple(dict.fromkeys(breakdown(text, survey.codebook) for text in by))
    notes: tuple[Note, ...] = ()
    if not variables:
        used = {name for names in breakdowns for name in names}
        variables, notes = topline(survey)
        variables = [name for name in variables if name not in used]
        if pattern.statistic and pattern.statistic.partition(":")[0] not in ("proportion", "total"):
            variables = [name for name in variables if survey.codebook[name].kind == "number"]
        if not variables:
            raise UsageError("no variable is left to show.", cure="Name the variables.")
    return [replace(pattern, variable=name, by=breakdowns) for name in variables], notes


def wanted_columns(
    variables: Sequence[str] | None, by: Iterable[By], statistic: str | None, where: str | None
) -> list[str] | None:
    """The columns that a request reads; None (all) for a topline.

    A crossing stays one text: whoever reads the file knows its columns, and takes it apart.
    """
    if not variables:
        return None
    wanted = [*variables, *(name for text in by for name in ((text,) if isinstance(text, str) else text))]
    if statistic is not None and ":" in statistic:
        wanted.append(statistic.partition(":")[2])
    if where:
        from surveytool.aggregate.where_language import names, parse

        wanted += names(parse(where))
    return list(dict.fromkeys(wanted))


def topline(survey: Survey) -> tuple[list[str], tuple[Note, ...]]:
    """Every question fit for a table, and notes on what was left out.

    Identifiers, texts, dates, sensitive columns and design columns stay out; so do
    the single columns of a question with several answers.
    Raises ``UsageError``.
    """
    from surveytool.reading import looks_like_design, members, own_columns

    inside = members(survey.codebook)
    design = {*survey.design.columns(), *own_columns(survey.codebook)}
    kept, skipped, sensitive = [], [], []
    for name, variable in survey.codebook.items():
        if name in inside:
            continue
        if variable.sensitive:
            sensitive.append(name)
        elif name in design or looks_like_design(name) or not _tabulable(variable):
            skipped.append(name)
        else:
            kept.append(name)
    if not kept:
        raise UsageError("no column is a question that a table can show.", cure="Name the variables.")
    notes = [note("skipped_variables", names=tuple(skipped))] if skipped else []
    notes += [note("skipped_sensitive", names=tuple(sensitive))] if sensitive else []
    return kept, tuple(notes)


def _tabulable(variable: Variable) -> bool:
    """Whether a table can show a question at all."""
    return variable.kind in TOPLINE_KINDS and variable.n > 0


def standard(survey: Survey, text: str | None) -> Standard | None:
    """``age_group: 18-25=0.3, 26-35=0.5, 36+=0.2`` as a standard; every group needs a share.

    Raises ``UsageError``.
    """
    if text is None:
        return None
    name, sign, rest = text.partition(":")
    name = name.strip()
    if not sign:
        raise UsageError(f"{text!r} is not VARIABLE: GROUP=SHARE, ...", "--standardize", STANDARD_CURE)
    if survey.codebook[name].personal:
        raise UsageError(f"{name} may say who the respondents are.", "--standardize", "Name another variable.")
    levels = survey.codebook[name].valid_levels()
    shares = [_share(name, levels, part) for part in rest.split(",")]
    if any(not 0 <= value < float("inf") for _, value in shares) or sum(value for _, value in shares) <= 0:
        raise UsageError("shares must be 0 or more, and some above 0.", "--standardize", STANDARD_CURE)
    left = [name for name in printed_names(levels) if name not in dict(shares)]
    if left:
        raise UsageError(f"no share is given for {', '.join(left)}.", "--standardize", "Write 0 to leave a group out.")
    return Standard(variable=name, shares=tuple(shares))


def _share(name: str, levels: Sequence[Level], text: str) -> tuple[str, float]:
    """``18-25=0.3``: the label of a group and its share."""
    labels = printed_names(levels)
    label, _, share = (each.strip() for each in text.rpartition("="))
    place = find_level(levels, label, name)
    if place is None:
        raise no_answer(name, label, labels, "--standardize", "group")
    try:
        return labels[place], float(share)
    except ValueError:
        raise UsageError(f"{share!r} is no share.", "--standardize", STANDARD_CURE) from None
