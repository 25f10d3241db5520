"""Invented surveys whose answers are known: who was asked, who answered what, under which label, with which weight.

A survey is made from a seed. Some of the habits of real questionnaires are its own (two codes of one label, labels that
are other codes, "Don't know" among numbers): every file that is written of it has them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass
class Question:
    """What was asked: ``values`` are codes (one answer) or numbers, NaN where there is none."""

    name: str
    label: str
    kind: str  # single, number, multiple, date
    values: Floats
    labels: dict[int, str] = field(default_factory=dict)
    non_answers: frozenset[int] = frozenset()
    declared: bool = False  # whether the files declare the non-answers as missing, where they can
    asked: Flags | None = None
    options: list[tuple[str, str]] = field(default_factory=list)
    chosen: Flags | None = None
    habits: set[str] = field(default_factory=set)

    @property
    def real(self) -> Flags:
        """Who gave a real answer."""
        return ~np.isnan(self.values) & ~np.isin(self.values, list(self.non_answers))


@dataclass
class Truth:
    """One survey."""

    seed: int
    weights: Floats
    questions: dict[str, Question]
    personal: dict[str, list[str]]
    script: str
    scale: float = 1.0
    strata: Floats = field(default_factory=lambda: np.empty(0))
    units: Floats = field(default_factory=lambda: np.empty(0))  # sampling units; their codes come again in each stratum

    @property
    def n(self) -> int:
        return len(self.weights)


REGIONS = {
    "latin": ["North", "South", "Coast", "Capital"],
    "accents": ["Bogotá", "São Paulo", "Côte", "Añasco"],
    "cyrillic": ["Север", "Юг", "Берег", "Столица"],
}
DONT_KNOW = {
    "latin": ["Don't know", "DK", "No answer", "Refused"],
    "accents": ["No sabe", "Ne sait pas", "No responde"],
    "cyrillic": ["Не знаю", "Нет ответа", "Затрудняюсь ответить"],
}
FIRST_NAMES = ["Ana", "Luis", "Ali", "Noor", "Maria", "Jean", "Rosa", "Omar", "Ines", "Ivan"]
LAST_NAMES = ["Perez", "Gomez", "Noor", "Haddad", "Pierre", "Lopez", "Diaz", "Ivanov", "Silva", "Cruz"]

Maker = Callable[[np.random.Generator, int, str], Question]


def survey(seed: int, script: str = "") -> Truth:
    """The survey of a seed; ``script`` says it in other letters than those that it would have."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(70, 160))
    drawn = str(rng.choice(["latin", "latin", "accents", "cyrillic"]))
    script = script or drawn
    makers = [_sex, _region, _water, _reason, _trust, _age, _income, _children, _partner, _band, _day]
    questions = {each.name: each for each in (maker(rng, n, script) for maker in makers)}
    phone = Question("phone", "Owns a telephone", "single", rng.integers(1, 3, n).astype(float), {1: "Yes", 2: "No"})
    questions["phone"] = phone
    questions["apps"] = _apps(rng, n, phone.values == 1)
    weights = np.round(rng.uniform(0.3, 3.0, n), 3)
    names = [f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)} {row}" for row in range(n)]
    telephones = [f"+5076{rng.integers(1000000, 9999999)}" for _ in range(n)]
    people = {"full_name": names, "phone_number": telephones}
    strata, units = _design(np.random.default_rng([seed, 7]), n)
    return Truth(seed, weights, questions, people, script, strata=strata, units=units)


def _design(rng: np.random.Generator, n: int) -> tuple[Floats, Floats]:
    """Strata and sampling units: two units and more in each stratum, numbered anew in each or through all of them."""
    many = rng.integers(2, 7, int(rng.integers(2, 5)))
    places = np.concatenate([np.arange(many.sum()), rng.integers(0, many.sum(), n - many.sum())])
    strata = np.repeat(np.arange(len(many)), many)[places]
    first = np.concatenate([[0], np.cumsum(many)[:-1]]) if rng.random() < 0.5 else np.zeros(len(many), dtype=int)
    within = places - np.concatenate([[0], np.cumsum(many)[:-1]])[strata]
    return strata + 1.0, within + first[strata] + 1.0


def _codes(rng: np.random.Generator, n: int, codes: list[int], blank: float = 0.0) -> Floats:
    shares = rng.dirichlet(np.full(len(codes), 3.0)) * 0.6 + 0.4 / len(codes)
    values = rng.choice(np.array(codes, dtype=float), n, p=shares)
    values[rng.random(n) < blank] = np.nan
    return np.asarray(values)


def _sex(rng: np.random.Generator, n: int, script: str) -> Question:
    labels = {1: "Мужской", 2: "Женский"} if script == "cyrillic" else {1: "Male", 2: "Female"}
    return Question("sex", "Sex", "single", _codes(rng, n, [1, 2], 0.03), labels)


def _region(rng: np.random.Generator, n: int, script: str) -> Question:
    return Question("region", "Region", "single", _codes(rng, n, [1, 2, 3, 4]),
                    dict(enumerate(REGIONS[script], start=1)))  # fmt: skip


def _water(rng: np.random.Generator, n: int, script: str) -> Question:
    """One answer, at times with two codes of one label, at times with non-answers."""
    labels = {1: "Piped", 2: "Well", 3: "River; lake", 4: "Truck, tanker", 95: "Other"}
    question = Question("water", "Source of water", "single", np.empty(0), labels)
    if rng.random() < 0.35:
        labels[96] = "Other"
        question.habits.add("duplicate labels")
    if rng.random() < 0.5:
        _not_known(rng, question, script, [98, 99])
    question.values = _codes(rng, n, list(labels), 0.05)
    return question


def _not_known(rng: np.random.Generator, question: Question, script: str, codes: list[int]) -> None:
    said = list(rng.permutation(DONT_KNOW[script]))[: len(codes)]
    question.labels |= dict(zip(codes, map(str, said), strict=False))
    question.non_answers = frozenset(codes[: len(said)])
    question.declared = bool(rng.random() < 0.4)
    question.habits.add("declared non-answers" if question.declared else "labelled non-answers")


def _reason(rng: np.random.Generator, n: int, script: str) -> Question:
    """Answers whose words sound like a non-answer."""
    labels = {1: "Asylum claim refused", 2: "Registered (or DK)", 3: "I was not asked for papers", 4: "Work"}
    question = Question("reason", "Reason to leave", "single", _codes(rng, n, [1, 2, 3, 4], 0.1), labels)
    question.habits.add("answers that sound like non-answers")
    return question


def _trust(rng: np.random.Generator, n: int, script: str) -> Question:
    """A scale from 0 to 10 with labels at its ends, often with a labelled non-answer."""
    question = Question("trust", "Trust, 0 to 10", "number", rng.integers(0, 11, n).astype(float),
                        {0: "No trust", 10: "Full trust"})  # fmt: skip
    question.habits.add("end labels only")
    if rng.random() < 0.6:
        codes = [[98], [99, 98], [-1], [-2, -1], [-5], [997]][int(rng.integers(6))]
        _not_known(rng, question, script, codes)
        question.values[rng.random(n) < 0.15] = codes[0]
        question.values[rng.random(n) < 0.05] = codes[-1]
    return question


def _age(rng: np.random.Generator, n: int, script: str) -> Question:
    question = Question("age", "Age in years", "number", rng.integers(18, 90, n).astype(float))
    if rng.random() < 0.4:
        code = int(rng.choice([998, 999, -9]))
        _not_known(rng, question, script, [code])
        question.values[rng.random(n) < 0.08] = code
    return question


def _income(rng: np.random.Generator, n: int, script: str) -> Question:
    """Amounts: whole thousands, with cents, or mixed."""
    values = np.exp(rng.normal(7.5, 0.8, n)) + 1000
    values = np.round(values, int(rng.choice([0, 0, 2])))
    values[rng.random(n) < 0.06] = np.nan
    return Question("income", "Monthly income", "number", values)


def _children(rng: np.random.Generator, n: int, script: str) -> Question:
    """Codes 1 to 4 whose labels are 0 to 3, or equal to their codes."""
    other = rng.random() < 0.6
    labels = {code: str(code - 1 if other else code) for code in (1, 2, 3, 4)}
    question = Question("children", "Children in the house", "single", _codes(rng, n, [1, 2, 3, 4]), labels)
    question.habits.add("labels that are other codes" if other else "labels equal to codes")
    return question


def _partner(rng: np.random.Generator, n: int, script: str) -> Question:
    """Two labelled answers and a code without a label."""
    yes, no = {"cyrillic": ("Да", "Нет"), "accents": ("Sí", "No")}.get(script, ("Yes", "No"))
    question = Question("partner", "Partner in the house", "single", _codes(rng, n, [1, 2], 0.02), {1: yes, 2: no})
    if rng.random() < 0.5:
        question.values[rng.random(n) < 0.2] = 0
        question.habits.add("one code without a label")
    return question


def _band(rng: np.random.Generator, n: int, script: str) -> Question:
    labels = {1: "<5", 2: "5-9", 3: "10-14", 4: "15+"}
    return Question("band", "Age of the youngest", "single", _codes(rng, n, [1, 2, 3, 4], 0.05), labels)


def _day(rng: np.random.Generator, n: int, script: str) -> Question:
    """The day of the interview, as days since 1970."""
    first = int(np.datetime64("2023-01-05").astype(int))
    return Question("day", "Day of the interview", "date", first + rng.integers(0, 160, n).astype(float))


def _apps(rng: np.random.Generator, n: int, owns: Flags) -> Question:
    """Several answers, asked of owners only; at times some of them chose none."""
    options = [("whatsapp", "WhatsApp"), ("sms", "SMS, calls"), ("facebook", "Facebook"), ("radio", "Radio")]
    chosen = rng.random((n, 4)) < np.array([0.6, 0.4, 0.3, 0.2])
    question = Question("apps", "Which apps?", "multiple", np.where(owns, 1.0, np.nan), options=options, asked=owns)
    if rng.random() < 0.6:
        chosen[~chosen.any(axis=1), 0] = True
    else:
        question.habits.add("none chosen")
    question.chosen = chosen & owns[:, None]
    return question
