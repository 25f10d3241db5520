"""Groups against everybody: the share or mean of all lies between those of its groups, whatever the split.

Where it does not, two readings are tried: that the groups' figures are shares of
all respondents (then they add up to the figure of all), or that they tell who the
ones with this answer are (then they add up to 100%).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from surveytool.notes import Note, note
from surveytool.published_figures.claim_families import (
    Known,
    Span,
    Split,
    added,
    adds_up,
    families,
    meets,
    shares,
    splits,
)
from surveytool.published_figures.claim_words import Figure, Phrase, Sum, published
from surveytool.published_figures.claims import Claim, Finding
from surveytool.published_figures.published_rounding import places, span

ONE: Span = (Fraction(1), Fraction(1))


def mixtures(claims: Sequence[Claim], context: Known) -> Iterator[Finding]:
    """Groups whose figures cannot give the published figure of all."""
    for family in families(claims):
        for split in splits(family):
            if context.everybody(split.children, split.name) is not False:
                yield from _totals(split, context)
                yield from _rest(split, context)
        for split in splits(family, "all"):
            if context.everybody(split.children, split.name) is not False:
                yield from _sums(split, context)
    yield from _across(claims)


def bounds(split: Split, context: Known) -> Span:
    """Where the figure of all must lie if these are all the groups; who is in none may answer anything."""
    spans = [span(claim) for claim in split.claims()]
    lost = context.lost(split.name)
    return min(low for low, _ in spans) * (1 - lost), max(high for _, high in spans) * (1 - lost) + lost


def _totals(split: Split, context: Known) -> Iterator[Finding]:
    """The same answer of everybody, outside of what the groups allow."""
    if split.mean and context.lost(split.name):
        return  # a mean of those in no group has no bounds
    for total in split.totals:
        if not meets(bounds(split, context), span(total)):
            said = note("claim_mixture", **_between(split), total=published(total))
            yield _finding(split, (total,), said, context, certain=True)


def _rest(split: Split, context: Known) -> Iterator[Finding]:
    """The other answers of everybody: what the groups leave for them is another amount."""
    others = split.others
    if not others or split.mean or context.multiple(others[0].variable):
        return
    low, high = bounds(split, context)
    least, most = added(others)
    levels = [split.level or "", *(other.level or "" for other in others)]
    closed = context.whole(levels, others[0].variable)
    too_much = 1 - least < low
    too_little = 1 - most > high
    if not too_much and not too_little:
        return
    certain = closed or (too_much and context.multiple(others[0].variable) is False)
    if too_little and not certain and not _holds_as_shares(split):
        return  # other answers may make up the difference
    if not certain and added([*split.totals[:1], *others])[0] > 1:
        return  # several answers were given
    yield _finding(split, others, _said_rest(split, too_little), context, certain=certain)


def _said_rest(split: Split, too_little: bool) -> Note:
    values = [float(claim.published or 0) for claim in split.claims()]
    rest = 1 - (max(values) if too_little else min(values))
    digits = max(_digits(claim) for claim in split.claims())
    others = tuple(_part_level(other) for other in split.others)
    code = "claim_mixture_least" if too_little else "claim_mixture_most"
    return note(code, **_between(split), level=split.level or "", rest=Figure(rest, "percent", digits), others=others)


def _between(split: Split) -> dict[str, object]:
    low = min(split.claims(), key=lambda claim: claim.published or 0)
    high = max(split.claims(), key=lambda claim: claim.published or 0)
    groups = tuple(part_group(child, group) for group, child in split.children.items())
    return {"groups": groups, "low": published(low), "high": published(high)}


def part_group(claim: Claim, group: str) -> Phrase:
    """``47% of Male``."""
    return Phrase("claim_part_group", (("published", published(claim)), ("group", group)))


def _part_level(claim: Claim) -> Phrase:
    """``18% 'No'``."""
    return Phrase("claim_part_level", (("published", published(claim)), ("level", claim.level or "")))


def _digits(claim: Claim) -> int:
    return places(claim.published or 0.0, claim.unit, claim.decimals)


def _finding(split: Split, totals: Sequence[Claim], said: Note, context: Known, *, certain: bool) -> Finding:
    everybody = context.everybody(split.children, split.name) is True
    unless = () if everybody else (note("claim_unless_groups", variable=split.name),)
    unless = unless if certain else (*unless, note("claim_unless_answers"))
    return Finding(
        kind="mixture",
        weight="contradiction" if everybody and certain else "doubt",
        claims=tuple(claim.id for claim in (*split.claims(), *totals)),
        explanation=(said, *unless),
        reading=readings(split),
    )


def _sums(split: Split, context: Known) -> Iterator[Finding]:
    """Groups as shares of all: together they are the figure of all, and leave the rest to the other answers."""
    children, others = split.claims(), split.others
    if context.multiple(children[0].variable):
        others = ()
    low, high = added(children)
    parts = {"groups": tuple(part_group(child, group) for group, child in split.children.items())}
    total_of_children = sum(child.published or 0.0 for child in children)
    digits = max(_digits(child) for child in children)
    for total in split.totals:
        if not meets((low, high + context.lost(split.name)), span(total)):
            said = note(
                "claim_all_sum", **parts, sum=Figure(total_of_children, "percent", digits), total=published(total)
            )
            yield replace(_finding(split, (total,), said, context, certain=True), reading=())
    least, most = added(others)
    closed = context.whole([split.level or "", *(other.level or "" for other in others)], children[0].variable)
    if others and closed and not meets((low + least, high + most + context.lost(split.name)), ONE):
        rest = tuple(_part_level(other) for other in others)
        said = note("claim_all_rest", **parts, rest=Figure(1 - total_of_children, "percent", digits), others=rest)
        yield replace(_finding(split, others, said, context, certain=True), reading=())


def _holds_as_shares(split: Split) -> bool:
    children = split.claims()
    if any(adds_up(children, total.published or 0.0) for total in split.totals):
        return True
    return bool(split.others) and adds_up([*children, *split.others], 1.0)


def readings(split: Split) -> tuple[Note, ...]:
    """How the figures hold after all: as shares of all respondents, or as the make-up of an answer."""
    children = split.claims()
    if split.mean:
        return ()
    if _holds_as_shares(split):
        others = split.others if not split.totals else ()
        total = split.totals[0].published if split.totals else 1.0
        digits = max(_digits(claim) for claim in children)
        parts = tuple(published(claim) for claim in (*children, *others))
        held = Sum(parts, Figure(float(total or 0.0), "percent", digits))
        return (note("claim_holds_of_all", sum=held), *_rates(split))
    if adds_up(children, 1.0):
        parts = tuple(published(claim) for claim in children)
        return (note("claim_holds_makeup", sum=Sum(parts, Figure(1.0)), level=split.level or ""),)
    return ()


def _rates(split: Split) -> tuple[Note, ...]:
    """Of two shares of all the larger is no higher rate where its group is the larger one."""
    if len(split.children) != 2:
        return ()
    (first, one), (second, other) = sorted(split.children.items(), key=lambda pair: -(pair[1].published or 0))
    above, below = one.published or 0.0, other.published or 0.0
    if above == below:
        return ()
    share = Figure(above / (above + below))
    return (note("claim_rate_sign", first=first, second=second, share=share),)


def _across(claims: Sequence[Claim]) -> Iterator[Finding]:
    """Groups and one figure of all, of different questions, that add to 100%: perhaps parts of one whole."""
    sets = dict.fromkeys(claim.set for claim in claims if claim.set is not None)
    for name in sets:
        together = [share for share in shares(claims) if share.set == name]
        totals = [claim for claim in together if not claim.by]
        for split in (split for family in families(together) for split in splits(family)):
            same = {claim.variable for claim in split.claims()}
            if len(totals) != 1 or len(together) != len(split.children) + 1 or totals[0].variable in same:
                continue
            parts = (*split.claims(), totals[0])
            if adds_up(parts, 1.0):
                held = Sum(tuple(published(part) for part in parts), Figure(1.0))
                yield Finding(
                    kind="whole", weight="doubt", claims=tuple(part.id for part in parts),
                    explanation=(note("claim_sum_of_bases", sum=held),), reading=_rates(split),
                )  # fmt: skip
