"""What a person types as requests: which variables, broken down by what, and against which standard."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from surveytool.errors import UsageError, no_answer
from surveytool.notes import Note, note
from surveytool.survey import (
    Level,
    Request,
    Standard,
    Survey,
    Variable,
    breakdown,
    code_text,
    find_level,
    headed,
    printed_names,
    share_parts,
)

STANDARD_CURE = "Write for example --standardize 'age_group: 18-35=0.6, 36 and over=0.4'"
By = str | Sequence[str]  # one breakdown: as it is typed, or the names of its variables
OF_ANSWERS = ("proportion", "total", "count")  # what answers have; numbers have all but the first
TOPLINE_KINDS = ("single", "multiple", "number")


def requests_for(
    survey: Survey, variables: Sequence[str] | None, by: Iterable[By], pattern: Request,
    statistics: Sequence[str] = (), numbers: Sequence[str] = (),
) -> tuple[list[Request], tuple[Note, ...]]:  # fmt: skip
    """One request a variable, with what they share from ``pattern``; a topline where none is named.

    Several ``statistics`` are requests that make one table; ``numbers`` are those of numbers where they differ.
    A breakdown that is named twice is one: programs would count its rows twice.
    Raises ``UsageError``.
    """
    breakdowns = tuple(dict.fromkeys(breakdown(text, survey.codebook) for text in by))
    notes: tuple[Note, ...] = ()
    if not variables:
        used = {name for names in breakdowns for name in names}
        variables, notes = topline(survey)
        variables = [name for name in variables if name not in used]
        first = pattern.statistic or (statistics[0] if len(statistics) == 1 else None)
        if first and first.partition(":")[0] not in OF_ANSWERS:
            variables = [name for name in variables if survey.codebook[name].kind == "number"]
        if not variables:
            raise UsageError("no variable is left to show.", cure="Name the variables.")
    asked = [replace(pattern, variable=name, by=breakdowns) for name in variables]
    return [
        request_with_statistic
        for request in asked
        for request_with_statistic in with_statistics(survey, request, statistics, numbers)
    ], notes


def statistics_of(texts: Sequence[str] | None) -> tuple[str, ...]:
    """Statistics as they are typed, one an option or several with commas between, each once.

    >>> statistics_of(["mean,sd", "mean", "p90"])
    ('mean', 'sd', 'p90')
    """
    return tuple(dict.fromkeys(part.strip() for text in texts or () for part in text.split(",") if part.strip()))


def several(request: Request, statistics: Sequence[str]) -> list[Request]:
    """A request for each statistic, one table of all of them."""
    if len(statistics) < 2:
        return [replace(request, statistic=statistics[0]) if statistics else request]
    return [replace(request, statistic=statistic, joint=True) for statistic in statistics]


def with_statistics(
    survey: Survey, request: Request, statistics: Sequence[str], numbers: Sequence[str]
) -> list[Request]:
    """Of several statistics those that a question has; all where it has none, so that the error tells."""
    number = survey.codebook[request.variable].kind == "number"
    asked = (numbers or statistics) if number else statistics
    fitting = [statistic for statistic in asked if (statistic != "proportion" if number else statistic in OF_ANSWERS)]
    return several(request, fitting or asked)


def wanted_columns(
    variables: Sequence[str] | None, by: Iterable[By], statistics: str | Sequence[str] | None, where: str | None
) -> list[str] | None:
    """The columns that a request reads; None (all) for a topline.

    A crossing stays one text: whoever reads the file knows its columns, and takes it apart.
    """
    if not variables:
        return None
    columns = [*variables, *(name for text in by for name in ((text,) if isinstance(text, str) else text))]
    stats = [statistics] if isinstance(statistics, str) else statistics or ()
    columns += [statistic.partition(":")[2] for statistic in stats if ":" in statistic]
    if where:
        from surveytool.aggregate.where_language import names, parse

        columns += names(parse(where))
    return list(dict.fromkeys(columns))


def standard_columns(text: str | None) -> list[str]:
    """The columns that a standard may be about, before anybody knows those of the file."""
    if text is None:
        return []
    ends = [index for index, sign in enumerate(text.partition("=")[0]) if sign == ":"]
    return [text[:end].strip() for end in ends]


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
    name, rest = headed(text, survey.codebook)
    if not rest:
        raise UsageError(f"{text!r} is not VARIABLE: GROUP=SHARE, ...", "--standardize", STANDARD_CURE)
    if survey.codebook[name].personal:
        raise UsageError(f"{name} may say who the respondents are.", "--standardize", "Name another variable.")
    levels = survey.codebook[name].valid_levels()
    shares = dict(_share(name, levels, part) for part in share_parts(rest))
    if any(not 0 <= value < float("inf") for value in shares.values()) or sum(shares.values()) <= 0:
        raise UsageError("shares must be 0 or more, and some above 0.", "--standardize", STANDARD_CURE)
    labels = printed_names(levels)
    left = [label for index, label in enumerate(labels) if index not in shares]
    if left:
        raise UsageError(f"no share is given for {', '.join(left)}.", "--standardize", "Write 0 to leave a group out.")
    codes = [code_text(level.code) for level in levels]
    return Standard(
        variable=name, shares=tuple((codes[index], share) for index, share in shares.items()),
        labels=tuple(labels[index] for index in shares),
    )  # fmt: skip


def _share(name: str, levels: Sequence[Level], text: str) -> tuple[int, float]:
    """``18-25=0.3``: the place of a group among the levels, and its share."""
    label, _, share = (piece.strip() for piece in text.rpartition("="))
    index = find_level(levels, label, name)
    if index is None:
        raise no_answer(name, label, printed_names(levels), "--standardize", "group")
    try:
        return index, float(share)
    except ValueError:
        raise UsageError(f"{share!r} is no share.", "--standardize", STANDARD_CURE) from None
