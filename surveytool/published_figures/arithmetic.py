"""Published figures against each other: what can be seen without any data.

Every check works with spans: a printed 47% may stand for 46.5% to 48%. What no
value of the spans can satisfy is a contradiction; what depends on something that
the claims leave open (other groups, several answers, weights) is a doubt.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from surveytool.notes import Note, note
from surveytool.published_figures.claim_answers import plain
from surveytool.published_figures.claim_families import (
    Known,
    added,
    columns,
    families,
    meets,
    named_groups,
    shares,
    splits,
)
from surveytool.published_figures.claim_words import Figure, Sum, published
from surveytool.published_figures.claims import Claim, Finding
from surveytool.published_figures.mixture import ONE, mixtures, part_group
from surveytool.published_figures.published_rounding import gives, places, reproduces, span
from surveytool.survey import Codebook

NORMAL_95 = 1.959963984540054
MOST_N = 1_000_000


def check(claims: Sequence[Claim], *, weighted: bool = False, book: Codebook | None = None) -> list[Finding]:
    """Everything that the claims say against each other, each finding once.

    ``weighted`` figures need not be counts over n. With a codebook it is known
    which answers and groups there are.
    """
    context = Known(book=book, weighted=weighted, groups=named_groups(claims))
    findings: list[Finding] = []
    for rule in (granularity, margins, repeated, parts, mixtures, pooled):
        findings += rule(claims, context)
    return list(dict.fromkeys(findings))


def granularity(claims: Sequence[Claim], context: Known) -> Iterator[Finding]:
    """Percentages that no count out of n can give (the GRIM test of Brown and Heathers)."""
    for claim in shares(claims):
        n = claim.n
        if context.weighted or n is None or not 0 < n <= MOST_N or possible(claim, n):
            continue
        below = math.floor(Fraction(str(claim.published)) * n)
        digits = places(claim.published or 0.0, claim.unit, claim.decimals) + 1
        near = {"low": Figure(below / n, "percent", digits), "high": Figure((below + 1) / n, "percent", digits)}
        said = note("claim_granularity", published=published(claim), n=n, below=below, above=below + 1, **near)
        yield Finding(kind="granularity", weight="contradiction", claims=(claim.id,), explanation=(said,))


def possible(claim: Claim, n: int) -> bool:
    """Whether some count out of n is printed as this figure."""
    low, high = span(claim)
    first, last = math.floor(low * n), math.ceil(high * n)
    counts = range(max(first, 0), min(last, n) + 1)
    return len(counts) > 100 or any(_printed(count / n, claim) for count in counts)


def _printed(value: float, claim: Claim) -> bool:
    return bool(reproduces(value, claim) or (claim.rounding is None and reproduces(value, claim, "truncated")))


def margins(claims: Sequence[Claim], context: Known) -> Iterator[Finding]:
    """Margins of error that are smaller than a simple random sample of n gives; weights and clusters add to it."""
    for claim in claims:
        if claim.margin is None or not claim.n or claim.margin <= 0:
            continue
        simple = simple_margin(claim.n)
        if simple <= claim.margin + 1e-9:
            continue
        digits = _written(claim.margin)
        needed = math.ceil((NORMAL_95 / 2 / claim.margin) ** 2)
        values = {"margin": Figure(claim.margin, "percent", digits), "n": claim.n, "needed": needed}
        said = note("claim_margin", **values, simple=Figure(simple, "percent", digits + 1))
        reading = _margin_readings(claim, claim.margin, simple, digits)
        yield Finding(
            kind="margin", weight="doubt" if reading else "contradiction", claims=(claim.id,),
            explanation=(said,), reading=reading,
        )  # fmt: skip


def _margin_readings(claim: Claim, margin: float, simple: float, digits: int) -> tuple[Note, ...]:
    """A margin that was rounded down, or corrected for a small population."""
    if gives(simple, margin, "percent", digits, "half up"):
        return (note("claim_margin_rounded"),)
    finite = simple_margin(claim.n or 0, claim.population) if claim.population else simple
    if finite > margin + 1e-9 and not gives(finite, margin, "percent", digits, "half up"):
        return ()
    return (note("claim_margin_finite", population=claim.population, simple=Figure(finite, "percent", digits + 1)),)


def simple_margin(n: int, population: int | None = None) -> float:
    """Half the width of the 95% interval of a share of 50% under simple random sampling (Cochran 1977, 3.2).

    >>> round(simple_margin(819), 4), round(simple_margin(819, 5000), 4)
    (0.0342, 0.0313)
    """
    finite = math.sqrt(max(population - n, 0) / (population - 1)) if population and population > 1 else 1.0
    return NORMAL_95 * math.sqrt(0.25 / n) * finite


def _written(share: float) -> int:
    """Decimals of a percentage as it was given."""
    return places(share, "percent", 0)


def repeated(claims: Sequence[Claim], context: Known) -> Iterator[Finding]:
    """The same thing published twice with different figures."""
    for family in families(claims):
        for column in columns(family):
            first: dict[tuple[str, str], Claim] = {}
            for claim in column:
                key = (plain(claim.level or ""), claim.base)
                other = first.setdefault(key, claim)
                if claim.variable is not None and other is not claim and not meets(span(other), span(claim)):
                    said = note("claim_repeated", first=published(other), second=published(claim))
                    yield Finding(
                        kind="repeated", weight="contradiction", claims=(other.id, claim.id), explanation=(said,)
                    )


def parts(claims: Sequence[Claim], context: Known) -> Iterator[Finding]:
    """Answers of one group that should add up to 100% and do not."""
    for family in families(claims):
        single = [_distinct(column) for column in columns(family)]
        single = [column for column in single if len(column) > 1 and column[0].variable is not None]
        if family[0].unit == "number" or (len(single) > 1 and all(added(sibling)[0] > 1 for sibling in single)):
            continue  # means, or a question with several answers
        for column in single:
            yield from _column(column, single, context)


def _distinct(column: list[Claim]) -> list[Claim]:
    """One claim an answer."""
    return list({plain(claim.level or ""): claim for claim in reversed(column) if claim.level}.values())[::-1]


def _column(column: list[Claim], siblings: list[list[Claim]], context: Known) -> Iterator[Finding]:
    multiple = context.multiple(column[0].variable)
    total = added(column)
    if multiple or meets(total, ONE) or any(claim.percent_of == "all" and claim.by for claim in column):
        return
    closed = context.whole([claim.level or "" for claim in column], column[0].variable)
    over = total[0] > 1
    usual = _usual(column, siblings)
    if not (closed or over or usual):
        return
    figures = tuple(published(claim) for claim in column)
    whole_sum = sum(claim.published or 0.0 for claim in column)
    held = Sum(figures, Figure(whole_sum, "percent", max(figure.decimals for figure in figures)))
    notes = [note("claim_parts", group=", ".join(column[0].by.values()), sum=held)]
    if not column[0].by:
        notes = [note("claim_parts_all", sum=held)]
    certain = closed or (over and multiple is False)
    if not certain:
        notes.append(note("claim_parts_usual" if usual else "claim_unless_several"))
    yield Finding(
        kind="parts", weight="contradiction" if certain else "doubt", claims=tuple(claim.id for claim in column),
        explanation=tuple(notes),
    )  # fmt: skip


def _usual(column: list[Claim], siblings: list[list[Claim]]) -> bool:
    """Whether the same answers add up to 100% in most other groups."""
    levels = {plain(claim.level or "") for claim in column}
    others = [
        sibling for sibling in siblings if sibling is not column and {plain(x.level or "") for x in sibling} == levels
    ]
    fine = sum(meets(added(other), ONE) for other in others)
    return len(others) > 1 and fine * 2 > len(others)


def pooled(claims: Sequence[Claim], context: Known) -> Iterator[Finding]:
    """Groups with their n against everybody: unweighted, the figure of all is their mean by n."""
    for family in families(claims):
        for split in splits(family):
            counts = [claim.n for claim in split.claims()]
            if context.weighted or None in counts or context.everybody(split.children, split.name) is not True:
                continue
            sizes = [count or 0 for count in counts]
            for total in split.totals:
                yield from _pooled(split.claims(), sizes, total, list(split.children))


def _pooled(children: Sequence[Claim], sizes: list[int], total: Claim, groups: list[str]) -> Iterator[Finding]:
    n = sum(sizes)
    names = tuple(claim.id for claim in (*children, total))
    if total.n is not None and n > total.n:
        said = note("claim_n_sum", sum=n, n=total.n)
        yield Finding(kind="n", weight="contradiction", claims=names, explanation=(said,))
        return
    if n == 0 or (total.n is not None and n != total.n):
        return
    spans = [span(claim) for claim in children]
    low = sum((size * ends[0] for size, ends in zip(sizes, spans, strict=True)), Fraction(0)) / n
    high = sum((size * ends[1] for size, ends in zip(sizes, spans, strict=True)), Fraction(0)) / n
    if meets((low, high), span(total)):
        return
    mean = sum(size * (child.published or 0.0) for size, child in zip(sizes, children, strict=True)) / n
    shown = tuple(part_group(child, group) for child, group in zip(children, groups, strict=True))
    said = note("claim_pooled", groups=shown, n=n, mean=Figure(mean, "percent", 1), total=published(total))
    yield Finding(kind="pooled", weight="contradiction", claims=names, explanation=(said,))
