"""Invented samples of people of whom there is no list, each with its truth: ``python examples/recruited/make.py``.

A network of 1,200 people is recruited through coupons; 1,500 people pass two border points in a fortnight and some
are met there; 240 people are asked in three rounds. Nobody is real.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Network:
    """People who know one another: friends of each, and who has work."""

    friends: list[np.ndarray]
    work: np.ndarray

    @property
    def degree(self) -> np.ndarray:
        """How many people each one knows."""
        return np.array([len(each) for each in self.friends])


def network(size: int, generator: np.random.Generator, alike: float = 3.0, active: float = 1.5) -> Network:
    """People with work know ``active`` times as many; ties to one's like are ``alike`` times as likely."""
    work = generator.random(size) < 0.35
    pull = generator.lognormal(0, 0.5, size) * np.where(work, active, 1.0)
    weight = np.outer(pull, pull) * np.where(work[:, None] == work[None], alike, 1.0)
    chance = np.minimum(weight * 10 * size / weight.sum(), 1.0)
    tied = np.triu(generator.random((size, size)) < chance, 1)
    tied |= tied.T
    return Network(friends=[np.flatnonzero(row) for row in tied], work=work)


def recruited(
    people: Network, sample: int, generator: np.random.Generator, seeds: int = 6, coupons: int = 3
) -> pd.DataFrame:
    """A sample by recruitment without replacement: who is met by a coupon comes, until there are enough."""
    degree = people.degree
    able = np.flatnonzero(degree > 0)
    queue = list(generator.choice(able, seeds, replace=False, p=degree[able] / degree[able].sum()))
    came = {int(person): -1 for person in queue}
    order = [int(person) for person in queue]
    at = 0
    while len(order) < sample:
        if at == len(order):  # every coupon is spent: a new seed
            left = [int(person) for person in able if int(person) not in came]
            person = int(generator.choice(left))
            came[person], order = -1, [*order, person]
        one = order[at]
        free = [int(friend) for friend in people.friends[one] if int(friend) not in came]
        many = min(len(free), int(generator.choice([0, 1, 2, coupons], p=[0.25, 0.25, 0.25, 0.25])))
        for friend in generator.choice(free, many, replace=False) if many else ():
            came[int(friend)] = one
            order.append(int(friend))
        at += 1
    order = order[:sample]
    number = {person: place + 1 for place, person in enumerate(order)}
    return pd.DataFrame({
        "id": [number[person] for person in order],
        "recruiter": ["seed" if came[person] < 0 else str(number[came[person]]) for person in order],
        "degree": [int(degree[person]) for person in order],
        "work": np.where(people.work[order], "yes", "no"),
    })  # fmt: skip


def met(generator: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """People met at two points in a fortnight: interviews, the registry of counts, and the truth."""
    size = 1500
    family = generator.random(size) < 0.4
    passes = 1 + generator.poisson(np.where(family, 0.3, 2.0))
    sessions = [
        (point, day, shift) for point in ("bridge", "road") for day in range(1, 15) for shift in ("day", "night")
    ]
    busy = np.array([3.0 if shift == "day" else 1.0 for _, _, shift in sessions])
    inside: list[list[int]] = [[] for _ in sessions]
    for person, many in enumerate(np.minimum(passes, len(sessions))):
        for session in generator.choice(len(sessions), int(many), replace=False, p=busy / busy.sum()):
            inside[int(session)].append(person)
    taken = {int(each) for point in (0, 28) for each in point + generator.choice(28, 8, replace=False)}
    registry = pd.DataFrame(sessions, columns=["point", "day", "shift"])
    registry["count"] = [str(len(inside[at])) if at in taken else "" for at in range(len(sessions))]
    rows = []
    for at in sorted(taken):
        for person in generator.choice(inside[at], min(12, len(inside[at])), replace=False):
            rows.append((*sessions[at], int(min(passes[person], 56)), "yes" if family[person] else "no"))
    people = pd.DataFrame(rows, columns=["point", "day", "shift", "times", "family"])
    return people, registry, f"share with their family: {family.mean():.4f}; people: {size}"


def asked_again(generator: np.random.Generator) -> tuple[pd.DataFrame, str]:
    """A panel of three rounds: income rises by 4, and by 0; a quarter of those asked are new each round."""
    size, rises = 420, (0.0, 4.0, 4.0)
    level = generator.normal(40, 9, size)
    rows = []
    for wave, rise in enumerate(rises, 1):
        for person in range(60 * (wave - 1), 60 * (wave - 1) + 240):
            rows.append((person + 1, wave, round(level[person] + rise + generator.normal(0, 4), 1)))
    panel = pd.DataFrame(rows, columns=["person", "wave", "income"])
    return panel, "change of the mean income: 4 from wave 1 to 2, 0 from wave 2 to 3"


def main() -> None:
    """Write the files beside this one."""
    generator = np.random.default_rng(2026)
    people = network(1200, generator)
    recruited(people, 320, generator).to_csv(HERE / "recruited.csv", index=False)
    known = people.degree > 0
    truths = [f"recruited.csv: share with work: {people.work[known].mean():.4f}; people: {int(known.sum())}"]
    interviews, registry, truth = met(generator)
    interviews.to_csv(HERE / "met.csv", index=False)
    registry.to_csv(HERE / "counts.csv", index=False)
    truths.append(f"met.csv: {truth}")
    panel, truth = asked_again(generator)
    panel.to_csv(HERE / "rounds.csv", index=False)
    truths.append(f"rounds.csv: {truth}")
    (HERE / "truth.txt").write_text("\n".join(truths) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
