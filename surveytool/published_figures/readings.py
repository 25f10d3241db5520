"""Other ways to read a claim that does not come out: which of them gives the published figure?

Each reading is a phrase and a number. They are tried in the order in which such
slips are made: cut digits, no weights, another base, "don't know" left out, rows
for columns, shares of all, the complement, another domain, answer or group. A
reading that gives the figure explains it; it never makes it reproduced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import get_args

from surveytool.estimate.result import Estimates, Row
from surveytool.frozen import frozen
from surveytool.notes import Note, note
from surveytool.published_figures.claim_answers import Cannot, estimates_of, find, group_rows, level_row, withheld
from surveytool.published_figures.claim_requests import Answers, request_of
from surveytool.published_figures.claim_words import Either, Figure, Phrase
from surveytool.published_figures.claims import Claim
from surveytool.published_figures.published_rounding import places, power, reproduces
from surveytool.survey import Base, Request

MOST_NAMED = 3
USUAL = frozenset({7, 8, 9, 77, 88, 96, 97, 98, 99, 777, 888, 996, 997, 998, 999, 9996, 9997, 9998, 9999})
Reading = tuple[Phrase, float]


@frozen
class Rows:
    """A claim's rows: its own, those of its group, of all groups, and of the total."""

    own: Row
    turned: bool
    group: Sequence[Row]
    groups: Sequence[Sequence[Row]]
    total: Sequence[Row]

    def value(self, weighted: bool) -> float | None:
        """The claim's share; of every other answer where it says ``not``."""
        own_share = share(self.own, weighted)
        return 1 - own_share if self.turned and own_share is not None else own_share


def requests(claims: Sequence[Claim]) -> list[Request]:
    """Everything that the readings of these claims need beyond the claims' own requests."""
    return [request_of(other) for claim in claims for other in _others(claim)]


def _others(claim: Claim) -> list[Claim]:
    """The claim with another base or without its condition."""
    bases = []
    if claim.stat in (None, "proportion"):
        bases = [replace(claim, base=base) for base in get_args(Base) if base != claim.base]
    return [*bases, replace(claim, where=None)] if claim.where else bases


def explain(claim: Claim, estimate: float, answers: Answers, unweighted: Answers | None) -> tuple[Note, ...]:
    """Notes that name the readings which give the published figure, or say that none does."""
    assert claim.published is not None
    readings: list[Reading] = []
    if claim.rounding != "truncated" and reproduces(estimate, claim, "truncated"):
        readings.append((Phrase("reading_truncated"), estimate))
    readings += [candidate for candidate in candidates(claim, answers, unweighted) if reproduces(candidate[1], claim)]
    named = _distinct(readings)
    if not named:
        near = _near(claim, estimate)
        return (note("claim_no_reading"), near) if near else (note("claim_no_reading"),)
    digits = places(claim.published, claim.unit, claim.decimals) + 1
    shown = tuple(
        Phrase("reading_value", (("reading", phrase), ("value", Figure(value, claim.unit, digits))))
        for phrase, value in named[:MOST_NAMED]
    )
    return (note("claim_readings", readings=Either(shown)),)


def _distinct(readings: Sequence[Reading]) -> list[Reading]:
    return list({phrase: (phrase, value) for phrase, value in reversed(readings)}.values())[::-1]


def _near(claim: Claim, estimate: float) -> Note | None:
    """A slip of the last digit, or two digits in the wrong order."""
    assert claim.published is not None
    digits = places(claim.published, claim.unit, claim.decimals)
    step = 10.0 ** -(power(claim.unit) + digits)
    if any(reproduces(estimate + sign * step, claim) for sign in (1, -1)):
        return note("claim_one_off")
    scale = 10 ** (power(claim.unit) + digits)
    shown, right = str(round(claim.published * scale)), str(round(estimate * scale))
    swapped = len(shown) > 1 and shown != right and sorted(shown) == sorted(right)
    return note("claim_swapped") if swapped else None


def candidates(claim: Claim, answers: Answers, unweighted: Answers | None) -> Iterator[Reading]:
    """Every reading with its number: unweighted first, then one change, then the change unweighted too."""
    if not is_share(claim, answers):
        yield from _of_numbers(claim, answers, unweighted)
        return
    yield from _guarded(lambda: _plain_unweighted(claim, answers))
    yield from _guarded(lambda: _changed(claim, answers, weighted=True))
    for phrase, value in _guarded(lambda: _changed(claim, answers, weighted=False)):
        yield Phrase("reading_and_unweighted", (("reading", phrase),)), value


def _guarded(readings: Callable[[], Iterator[Reading]]) -> Iterator[Reading]:
    """Readings up to the first that cannot be asked."""
    try:
        yield from readings()
    except Cannot:
        return


def is_share(claim: Claim, answers: Answers) -> bool:
    """Whether a claim's estimate is a share of respondents."""
    return estimates_of(claim, answers, tuple(claim.by)).statistic == "proportion"


def _of_numbers(claim: Claim, answers: Answers, unweighted: Answers | None) -> Iterator[Reading]:
    """Means, totals and ratios: without weights, without the condition, of everybody."""
    changed = [(Phrase("reading_everybody"), replace(claim, by={}))] if claim.by else []
    changed += [(Phrase("reading_no_where"), replace(claim, where=None))] if claim.where else []
    if unweighted is not None and claim.stat != "n":
        yield from _guarded(lambda: iter([(Phrase("reading_unweighted"), find(claim, unweighted).estimate)]))
    for phrase, other in changed:
        yield from _number(phrase, other, answers)
    for rows in all_groups(estimates_of(claim, answers, tuple(claim.by)), tuple(claim.by)):
        label = ", ".join(rows[0].by.values())
        yield from _number(Phrase("reading_group", (("group", label),)), replace(claim, by=dict(rows[0].by)), answers)


def _number(phrase: Phrase, claim: Claim, answers: Answers) -> Iterator[Reading]:
    yield from _guarded(lambda: iter([(phrase, find(claim, answers).estimate)]))


def _plain_unweighted(claim: Claim, answers: Answers) -> Iterator[Reading]:
    if claim.percent_of == "all":
        value = _of_all(rows_of(claim, answers), weighted=False)
    else:
        value = find(claim, answers).unweighted
    if value is not None:
        yield Phrase("reading_unweighted"), value


def _changed(claim: Claim, answers: Answers, *, weighted: bool) -> Iterator[Reading]:
    """One change of the claim's reading, each with weights or without."""
    rows = rows_of(claim, answers)
    value = rows.value(weighted)
    for base in get_args(Base):
        if base != claim.base:
            yield from _other(Phrase(f"reading_base_{base}"), replace(claim, base=base), answers, weighted)
    yield from _if_estimated(Phrase("reading_without_unknown"), _without_unknown(rows, weighted))
    if claim.by:
        yield from _if_estimated(Phrase("reading_row"), _row_percent(rows, weighted))
        other = value if claim.percent_of == "all" else _of_all(rows, weighted=weighted)
        yield from _if_estimated(Phrase("reading_column" if claim.percent_of == "all" else "reading_all"), other)
    if value is not None:
        yield Phrase("reading_complement"), 1 - value
    if claim.where:
        yield from _other(Phrase("reading_no_where"), replace(claim, where=None), answers, weighted)
    yield from _elsewhere(claim, rows, weighted)


def _elsewhere(claim: Claim, rows: Rows, weighted: bool) -> Iterator[Reading]:
    """Everybody, another answer, another group."""
    if claim.by:
        yield from _if_estimated(Phrase("reading_everybody"), _same_level(rows.total, rows.own, weighted))
    for row in rows.group:
        if row is not rows.own:
            yield from _if_estimated(Phrase("reading_level", (("level", row.level or ""),)), share(row, weighted))
    for group in rows.groups:
        if group[0].by != rows.own.by:
            label = ", ".join(group[0].by.values())
            yield from _if_estimated(
                Phrase("reading_group", (("group", label),)), _same_level(group, rows.own, weighted)
            )


def _if_estimated(phrase: Phrase, value: float | None) -> Iterator[Reading]:
    if value is not None:
        yield phrase, value


def _other(phrase: Phrase, claim: Claim, answers: Answers, weighted: bool) -> Iterator[Reading]:
    """The claim's own number under another request."""
    try:
        answer = find(claim, answers)
    except Cannot:
        return
    yield from _if_estimated(phrase, answer.estimate if weighted else answer.unweighted)


def rows_of(claim: Claim, answers: Answers) -> Rows:
    """The rows around a claim. Raises ``Cannot``."""
    estimates = estimates_of(claim, answers, tuple(claim.by))
    group = group_rows(estimates, claim.by)
    level, turned = level_row(claim, estimates, group)
    total = [row for row in estimates.rows if not row.by]
    return Rows(own=level, turned=turned, group=group, groups=all_groups(estimates, tuple(claim.by)), total=total)


def all_groups(estimates: Estimates, names: tuple[str, ...]) -> list[list[Row]]:
    """Every group of a breakdown with its rows."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in estimates.rows:
        if names and set(row.by) == set(names):
            groups.setdefault(tuple(row.by_code[name] for name in names), []).append(row)
    return list(groups.values())


def share(row: Row, weighted: bool) -> float | None:
    """The share of a row, with weights or as plain respondents."""
    if weighted:
        return row.estimate
    return row.count / row.n if row.n and row.count is not None else None


def mass(row: Row, weighted: bool) -> float:
    """The base of a row, with weights or as plain respondents."""
    return row.n_weighted if weighted else float(row.n)


def _same_level(rows: Sequence[Row], row_read: Row, weighted: bool) -> float | None:
    return next((share(row, weighted) for row in rows if row.level_code == row_read.level_code), None)


def _of_all(rows: Rows, *, weighted: bool) -> float | None:
    """The group and the answer together, as a share of everybody in the base."""
    value, whole = rows.value(weighted), mass(rows.total[0], weighted)
    return value * mass(rows.own, weighted) / whole if value is not None and whole else None


def of_all(claim: Claim, answers: Answers) -> tuple[float, int]:
    """A claim's group and answer together as a share of everybody, and how many those are. Raises ``Cannot``."""
    rows = rows_of(claim, answers)
    value = _of_all(rows, weighted=True)
    if value is None:
        raise Cannot(note("claim_no_respondents"))
    return value, rows.total[0].n


def _row_percent(rows: Rows, weighted: bool) -> float | None:
    """The group's share of those who gave the answer."""

    def part(row: Row) -> float:
        return (share(row, weighted) or 0.0) * mass(row, weighted)

    same = [row for group in rows.groups for row in group if row.level_code == rows.own.level_code]
    if any(map(withheld, same)):
        return None
    whole = sum(map(part, same))
    return part(rows.own) / whole if whole else None


def _without_unknown(rows: Rows, weighted: bool) -> float | None:
    """The share among answers that are neither "don't know" nor "no answer"."""
    gone = _unknown(rows.group)
    if any(map(withheld, rows.group)):
        return None
    values = [(row, share(row, weighted) or 0.0) for row in rows.group]
    unknown = sum(value for row, value in values if row.level in gone)
    value = share(rows.own, weighted)
    if not unknown or unknown >= 1 or value is None or rows.own.level in gone:
        return None
    return value / (1 - unknown)


def _unknown(rows: Sequence[Row]) -> set[str | None]:
    """The answers that read as none: by their labels, or codes such as 9 and 98 that stand apart from the others."""
    from surveytool.reading.missing_kind import looks_missing

    labels = [row.level or "" for row in rows]
    labels_found: set[str | None] = {label for label in labels if looks_missing(label)}
    codes = sorted(float(label) for label in labels if re.fullmatch(r"-?\d{1,4}", label))
    if len(codes) < len(labels) - len(labels_found):
        return labels_found
    kept = [code for code in codes if code >= 0]
    while len(kept) > 2 and int(kept[-1]) in USUAL and (kept[-1] - kept[-2] > 1 or int(kept[-2]) in USUAL):
        kept.pop()
    return labels_found | {label for label in labels if label not in labels_found and float(label) not in kept}
