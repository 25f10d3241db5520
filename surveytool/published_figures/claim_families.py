"""Which claims belong together: same set, same variable, same condition; columns and their parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from surveytool.frozen import frozen
from surveytool.published_figures.claim_answers import plain
from surveytool.published_figures.claims import Claim, PercentOf
from surveytool.published_figures.completeness import whole
from surveytool.published_figures.published_rounding import places, span
from surveytool.survey import Codebook

Span = tuple[Fraction, Fraction]
Groups = tuple[tuple[str, str], ...]


@frozen
class Known:
    """What is known beside a claim: the codebook, weights, and every group that any claim names."""

    book: Codebook | None = None
    weighted: bool = False
    groups: frozenset[tuple[str, str]] = frozenset()

    def multiple(self, variable: str | None) -> bool | None:
        """Whether answers may overlap; None where the data are not known."""
        if self.book is None or variable is None or variable not in self.book:
            return None
        return self.book[variable].kind == "multiple"

    def whole(self, labels: Iterable[str], variable: str | None) -> bool:
        """Whether the labels name everybody (see ``claim.whole``)."""
        return whole(labels, variable, self.book)

    def everybody(self, labels: Iterable[str], name: str) -> bool | None:
        """Whether these groups of a variable are all of them; None where that is not known."""
        texts = list(labels)
        if any(other == name and all(plain(text) != group for text in texts) for other, group in self.groups):
            return False
        if self.whole(texts, name):
            return True
        return False if self.book is not None and name in self.book else None

    def lost(self, name: str) -> Fraction:
        """The share of respondents who are in no group of a variable, where the data are known."""
        if self.book is None or name not in self.book:
            return Fraction(0)
        variable = self.book[name]
        asked = variable.n + variable.n_missing
        return Fraction(variable.n_missing, asked) if asked else Fraction(0)


@frozen
class Split:
    """One answer among the groups of a variable, and the figures of everybody.

    ``children`` maps a group's label to its claim; ``totals`` are claims of all of
    them together with the same answer, ``others`` those with another.
    """

    name: str
    level: str | None
    children: Mapping[str, Claim]
    totals: tuple[Claim, ...]
    others: tuple[Claim, ...]

    @property
    def mean(self) -> bool:
        """Whether the figures are means, not shares."""
        return self.claims()[0].unit == "number"

    def claims(self) -> tuple[Claim, ...]:
        """The groups' claims."""
        return tuple(self.children.values())


def shares(claims: Iterable[Claim]) -> list[Claim]:
    """The claims that print a share."""
    kinds = (None, "proportion")
    return [
        claim for claim in claims if claim.published is not None and claim.unit == "percent" and claim.stat in kinds
    ]


def families(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Shares, or means, of one variable, published together, of the same domain."""
    by_key: dict[object, list[Claim]] = {}
    means = [
        claim for claim in claims if claim.published is not None and claim.unit == "number" and claim.stat == "mean"
    ]
    for claim in (*shares(claims), *means):
        if claim.variable is not None or claim.set is not None:
            by_key.setdefault((claim.set, claim.variable, claim.where, claim.unit), []).append(claim)
    return list(by_key.values())


def groups_of(claim: Claim) -> Groups:
    """The claim's groups in an order that does not depend on how they were written."""
    return tuple(sorted((name, plain(text)) for name, text in claim.by.items()))


def columns(family: Sequence[Claim]) -> Iterator[list[Claim]]:
    """The claims of one group each, of the same kind of share."""
    by_key: dict[object, list[Claim]] = {}
    for claim in family:
        by_key.setdefault((groups_of(claim), claim.percent_of if claim.by else "column"), []).append(claim)
    yield from by_key.values()


def splits(family: Sequence[Claim], percent_of: PercentOf = "column") -> Iterator[Split]:
    """Every answer with figures of two or more groups of one variable, of one kind of share."""
    by_group: dict[tuple[str, Groups, str], dict[str, Claim]] = {}
    for claim in family:
        if claim.percent_of != percent_of:
            continue
        for name in claim.by:
            rest = tuple(pair for pair in groups_of(claim) if pair[0] != name)
            by_group.setdefault((name, rest, plain(claim.level or "")), {}).setdefault(claim.by[name], claim)
    for (name, rest, level), children in by_group.items():
        if len(children) > 1:
            parents = [claim for claim in family if groups_of(claim) == rest]
            yield Split(
                name=name,
                level=next(iter(children.values())).level,
                children=children,
                totals=tuple(parent for parent in parents if plain(parent.level or "") == level),
                others=tuple(parent for parent in parents if plain(parent.level or "") != level),
            )


def added(claims: Iterable[Claim]) -> Span:
    """The span of a sum of figures."""
    spans = [span(claim) for claim in claims]
    return sum((low for low, _ in spans), Fraction(0)), sum((high for _, high in spans), Fraction(0))


def named_groups(claims: Iterable[Claim]) -> frozenset[tuple[str, str]]:
    """Every variable and group that the claims name."""
    return frozenset((name, plain(text)) for claim in claims for name, text in claim.by.items())


def adds_up(claims: Sequence[Claim], total: float) -> bool:
    """Whether printed figures make a total, give or take one unit of the last digit."""
    digits = max(places(claim.published or 0.0, claim.unit, claim.decimals) for claim in claims)
    parts = sum(Fraction(str(claim.published or 0.0)) for claim in claims)
    return abs(parts - Fraction(str(total))) <= Fraction(1, 10 ** (2 + digits)) and all(x.published for x in claims)


def meets(one: Span, other: Span) -> bool:
    """Whether two spans share a value."""
    return one[0] <= other[1] and other[0] <= one[1]
