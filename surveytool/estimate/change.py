"""Changes between rounds: which groups of a breakdown are set against which, the later one first.

``previous`` is the round before, ``first`` the first one, a number so many rounds before (12 of monthly rounds is the
same month a year before). Where the round is crossed with other variables each change is within their groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from surveytool.aggregate.cells import Breakdown
from surveytool.errors import UsageError


def lag(text: str) -> str | int:
    """A change as it was asked for. Raises ``UsageError``.

    >>> lag("previous"), lag("12")
    ('previous', 12)
    """
    if text in ("previous", "first"):
        return text
    if text.isdigit() and int(text) > 0:
        return int(text)
    raise UsageError(f"no change is called {text!r}.", "--change",
                     "Write previous, first, or how many rounds before, such as 12.")  # fmt: skip


def changes(
    breakdown: Breakdown, kept: Sequence[int], change: str | int, variable: str | None
) -> Iterator[tuple[int, int]]:
    """Pairs of groups, the later one and the one that it is set against; ``kept`` are groups with respondents.

    ``variable`` is the round's; None takes the only variable of the breakdown. None where the round is not in it.
    """
    names = breakdown.names
    if variable is None and len(names) == 1:
        variable = names[0]
    if variable not in names:
        return
    at = names.index(variable)
    series: dict[tuple[str, ...], list[int]] = {}
    for group in kept:
        codes = breakdown.codes[group]
        series.setdefault((*codes[:at], *codes[at + 1 :]), []).append(group)
    order = list(dict.fromkeys(breakdown.codes[group][at] for group in range(len(breakdown.codes))))
    for groups in series.values():
        by_round = {order.index(breakdown.codes[group][at]): group for group in groups}
        rounds = sorted(by_round)
        for place, own in enumerate(rounds):
            earlier = _earlier(rounds, place, change)
            if earlier is not None:
                yield by_round[own], by_round[earlier]


def _earlier(rounds: list[int], place: int, change: str | int) -> int | None:
    """The round that a round is set against; None where there is none."""
    if isinstance(change, int):
        return rounds[place] - change if rounds[place] - change in rounds else None
    if place == 0:
        return None
    return rounds[0] if change == "first" else rounds[place - 1]
