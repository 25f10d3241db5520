# ruff: noqa: E501
"""Documents with known truth: sentences about a study's numbers in three languages, some with an error planted.

What is right is taken from the study's own tables; every planted figure is checked not to be a
right one by chance. ``run`` proofreads them through files and counts, kind by kind.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from proofreading.corpus_relations import RELATIONS, Relations

from surveytool.proofreading.facts import Fact, Facts
from surveytool.proofreading.language import language
from surveytool.proofreading.readers import read_document
from surveytool.proofreading.reading_of_document import proof_of

WORDS = {
    "en": {
        "of": "{title}: {p} of {g}{answer}.", "among": "Among {g}, {p}{answer} ({title}).",
        "pair": "{title}: {p} of {g} and {q} of {h}{answer}.",
        "beside": "{title}: {p} of {g}{answer} (95% CI {low} to {high}, n = {n}).",
        "points": "{title}: {p} of {g} and {q} of {h}{answer}, a difference of {d} points.",
        "most": "{title}: highest among {g}{answer}.", "least": "{title}: lowest among {g}{answer}.",
        "answer": " answered “{level}”", "all": "all respondents", "men": "men", "women": "women", "aged": "those aged {age}",
        "named": "“{group}”", "percent": "{}%",
    },
    "es": {
        "of": "{title}: el {p} de {g}{answer}.", "among": "Entre {g}, el {p}{answer} ({title}).",
        "pair": "{title}: el {p} de {g} y el {q} de {h}{answer}.",
        "beside": "{title}: el {p} de {g}{answer} (IC del 95 %: {low} a {high}, n = {n}).",
        "points": "{title}: el {p} de {g} y el {q} de {h}{answer}, una diferencia de {d} puntos.",
        "most": "{title}: más alto entre {g}{answer}.", "least": "{title}: más bajo entre {g}{answer}.",
        "answer": " respondió “{level}”", "all": "todas las personas encuestadas", "men": "los hombres", "women": "las mujeres",
        "aged": "quienes tienen {age}", "named": "“{group}”", "percent": "{} %",
    },
    "fr": {
        "of": "{title} : {p} de {g}{answer}.", "among": "Parmi {g}, {p}{answer} ({title}).",
        "pair": "{title} : {p} de {g} et {q} de {h}{answer}.",
        "beside": "{title} : {p} de {g}{answer} (IC à 95 % : {low} à {high}, n = {n}).",
        "points": "{title} : {p} de {g} et {q} de {h}{answer}, une différence de {d} points.",
        "most": "{title} : plus élevé chez {g}{answer}.", "least": "{title} : plus faible chez {g}{answer}.",
        "answer": " ont répondu “{level}”", "all": "toutes les personnes interrogées", "men": "hommes", "women": "femmes",
        "aged": "personnes de {age}", "named": "“{group}”", "percent": "{} %",
    },
}  # fmt: skip
MALE = {"Male", "Hombre", "Homme"}
FEMALE = {"Female", "Mujer", "Femme"}
POLAR = {"Yes", "Sí", "Oui"}


@dataclass(frozen=True)
class Line:
    """A sentence, how many of its figures are right, and the kind of the error planted in it (empty for none)."""

    text: str
    right: int
    planted: str = ""


def lines(facts: Facts, name: str, seed: int, count: int) -> list[Line]:
    """Sentences about random numbers of a study; every second one holds an error."""
    dice = random.Random(seed)
    writer = _Writer(facts, name, dice)
    made: list[Line] = []
    while len(made) < count:
        line = (
            writer.wrong() if len(made) % 2 else writer.right() if dice.random() < 0.5 else writer.related(wrong=False)
        )
        if line is not None:
            made.append(line)
    return made


class _Writer(Relations):
    def __init__(self, facts: Facts, name: str, dice: random.Random) -> None:
        self.name, self.words, self.dice = name, WORDS[name], dice
        usable = [
            fact for fact in facts.facts
            if fact.told and fact.statistic == "proportion" and len(fact.row.by) <= 1 and not fact.where
            and not fact.table.startswith("claims") and 0.02 < (fact.row.estimate or 0) < 0.98
        ]  # fmt: skip
        titles = Counter(fact.titles[0] for fact in usable if fact.row.by == {} and fact.row.level_code is not None)
        assert titles
        usable = [fact for fact in usable if " " in fact.titles[0]]
        self.book = facts.book
        self.facts = usable
        self.tables: dict[tuple[str, str | None], list[Fact]] = {}
        for fact in usable:
            self.tables.setdefault((fact.table, fact.row.level_code), []).append(fact)

    def number(self, value: float, decimals: int = 0) -> str:
        text = f"{value * 100:.{decimals}f}"
        return text if self.name == "en" else text.replace(".", ",")

    def group(self, fact: Fact) -> str:
        if not fact.row.by:
            return self.words["all"]
        label = next(iter(fact.row.by.values()))
        if label in MALE | FEMALE:
            return self.words["men" if label in MALE else "women"]
        if label[:1].isdigit():
            return self.words["aged"].format(age=label)
        return self.words["named"].format(group=label)

    def answer(self, fact: Fact) -> str:
        return "" if fact.row.level in POLAR else self.words["answer"].format(level=fact.row.level)

    def say(self, key: str, fact: Fact, shown: str, other: Fact | None = None, **values: str) -> str:
        more = {"q": "", "h": ""}
        if other is not None:
            more = {"q": self.words["percent"].format(values.pop("q")), "h": self.group(other)}
        return self.words[key].format(
            title=fact.titles[0], p=self.words["percent"].format(shown), g=self.group(fact), answer=self.answer(fact),
            **more, **values,
        )  # fmt: skip

    def pair(self) -> tuple[Fact, Fact] | None:
        fact = self.dice.choice(self.facts)
        others = [
            one
            for one in self.tables[fact.table, fact.row.level_code]
            if set(one.row.by) == set(fact.row.by) and one is not fact
        ]
        return (fact, self.dice.choice(others)) if others and fact.row.by else None

    def ends(self, fact: Fact) -> dict[str, str]:
        return {
            "low": self.number(fact.row.ci_low or 0, 1),
            "high": self.number(fact.row.ci_high or 0, 1),
            "n": str(fact.row.n),
        }

    def right(self) -> Line | None:
        fact, decimals = self.dice.choice(self.facts), self.dice.choice((0, 1))
        value = fact.row.estimate or 0.0
        key = self.dice.choice(("of", "among", "pair", "beside", "points", "order"))
        if key in ("pair", "points"):
            pair = self.pair()
            if pair is None:
                return None
            a, b = pair
            shown = {"q": self.number(b.row.estimate or 0, 1)}
            if key == "points":
                shown["d"] = self.number(abs((a.row.estimate or 0) - (b.row.estimate or 0)), 1)
            return Line(
                text=self.say(key, a, self.number(a.row.estimate or 0, 1), b, **shown), right=2 + (key == "points")
            )
        if key == "beside":
            if fact.row.ci_low is None:
                return None
            return Line(text=self.say(key, fact, self.number(value, 1), **self.ends(fact)), right=1)
        if key == "order":
            return self.order(wrong=False)
        return Line(text=self.say(key, fact, self.number(value, decimals)), right=1)

    def order(self, *, wrong: bool) -> Line | None:
        pair = self.pair()
        if pair is None:
            return None
        fact = pair[0]
        same = [one for one in self.tables[fact.table, fact.row.level_code] if set(one.row.by) == set(fact.row.by)]
        everyone = {one.row.estimate for one in same}
        if len(everyone) != len(same) or len(same) < 2:
            return None
        most = max(same, key=lambda one: one.row.estimate or 0)
        chosen = self.dice.choice([one for one in same if one is not most]) if wrong else most
        return Line(text=self.say("most", chosen, ""), right=0 if wrong else 1, planted="superlative" if wrong else "")

    def kind(self, fact: Fact) -> str:
        """Whether one or several answers can be given."""
        return self.book[fact.row.variable].kind if fact.row.variable in self.book else ""

    def related(self, *, wrong: bool) -> Line | None:
        """A sentence about two numbers."""
        line: Line | None = getattr(self, self.dice.choice(RELATIONS))(wrong)
        return line

    def wrong(self) -> Line | None:
        kind = self.dice.choice((*KINDS, *RELATIONS))
        if kind in RELATIONS:
            line: Line | None = getattr(self, kind)(True)
            return line
        return getattr(self, f"_{kind}")()

    def _plain(self, fact: Fact, value: float, kind: str, decimals: int = 0) -> Line | None:
        shown = self.number(value, decimals)
        if not 0 < value < 1 or abs(float(shown.replace(",", ".")) / 100 - (fact.row.estimate or 0)) < 1.01 * 10.0 ** -(
            2 + decimals
        ):
            return None  # right by chance, or by another rule of rounding
        return Line(text=self.say(self.dice.choice(("of", "among")), fact, shown), right=0, planted=kind)

    def _digits(self) -> Line | None:
        fact = self.dice.choice(self.facts)
        shown = self.number(fact.row.estimate or 0)
        return self._plain(fact, float(shown[::-1]) / 100, "digits swapped") if len(shown) == 2 else None

    def _group(self) -> Line | None:
        pair = self.pair()
        return self._plain(pair[0], pair[1].row.estimate or 0, "wrong group") if pair else None

    def _complement(self) -> Line | None:
        fact = self.dice.choice(self.facts)
        return self._plain(fact, 1 - (fact.row.estimate or 0), "complement")

    def _rounding(self) -> Line | None:
        fact = self.dice.choice(self.facts)
        return self._plain(fact, (fact.row.estimate or 0) + self.dice.choice((-1, 1)) * 0.0021, "rounding", 1)

    def _old_round(self) -> Line | None:
        fact = self.dice.choice(self.facts)
        return self._plain(
            fact, (fact.row.estimate or 0) + self.dice.choice((-1, 1)) * self.dice.uniform(0.02, 0.06), "old round"
        )

    def _table(self) -> Line | None:
        fact, other = self.dice.choice(self.facts), self.dice.choice(self.facts)
        return self._plain(fact, other.row.estimate or 0, "another table") if fact.table != other.table else None

    def _base(self) -> Line | None:
        fact = self.dice.choice(self.facts)
        total = next((one for one in self.tables[fact.table, fact.row.level_code] if not one.row.by), None)
        if total is None or not fact.row.by:
            return None
        return self._plain(fact, (fact.row.estimate or 0) * fact.row.n / max(total.row.n, 1), "wrong base")

    def _unit(self) -> Line | None:
        fact = self.dice.choice(self.facts)
        return self._plain(fact, (fact.row.estimate or 0) / 10, "unit", 1)

    def _interval(self) -> Line | None:
        fact = self.dice.choice(self.facts)
        if fact.row.ci_low is None:
            return None
        ends = self.ends(fact)
        ends["low"] = self.number((fact.row.ci_low or 0) + self.dice.choice((0.013, -0.011)), 1)
        if ends["low"].startswith("-"):
            return None
        return Line(
            text=self.say("beside", fact, self.number(fact.row.estimate or 0, 1), **ends), right=0, planted="interval"
        )

    def _n(self) -> Line | None:
        fact = self.dice.choice(self.facts)
        if fact.row.ci_low is None:
            return None
        ends = {**self.ends(fact), "n": str(fact.row.n + self.dice.randint(1, 30))}
        return Line(text=self.say("beside", fact, self.number(fact.row.estimate or 0, 1), **ends), right=0, planted="n")

    def _points(self) -> Line | None:
        pair = self.pair()
        if pair is None:
            return None
        a, b = pair
        gap = abs((a.row.estimate or 0) - (b.row.estimate or 0)) + self.dice.choice((0.012, 0.03))
        return Line(
            text=self.say("points", a, self.number(a.row.estimate or 0, 1), b, q=self.number(b.row.estimate or 0, 1), d=self.number(gap, 1)),
            right=2, planted="points",
        )  # fmt: skip

    def _order(self) -> Line | None:
        return self.order(wrong=True)


KINDS = (
    "digits",
    "group",
    "complement",
    "rounding",
    "old_round",
    "table",
    "base",
    "unit",
    "interval",
    "n",
    "points",
    "order",
)


@dataclass
class Score:
    """What became of the right figures and of the planted errors, by kind."""

    right: int = 0
    alarms: int = 0
    bound: int = 0
    planted: Counter[str] = None  # type: ignore[assignment]
    caught: Counter[str] = None  # type: ignore[assignment]
    examples: list[str] = None  # type: ignore[assignment]

    def recall(self) -> float:
        """The share of planted errors that were called."""
        return sum(self.caught.values()) / max(sum(self.planted.values()), 1)

    def false_alarms(self) -> float:
        """The share of right figures that were called wrong."""
        return self.alarms / max(self.right, 1)


def run(facts: Facts, name: str, seed: int, count: int, folder: Path) -> Score:
    """Proofread a document of sentences; one paragraph each, so that a verdict is known to be of its sentence."""
    made = lines(facts, name, seed, count)
    path = folder / f"corpus_{name}_{seed}.txt"
    path.write_text("\n\n".join(line.text for line in made), encoding="utf-8")
    proof = proof_of(read_document(path), facts, language(name))
    return scored(
        made,
        [[finding.verdict for finding in proof.findings if finding.block == number] for number in range(len(made))],
    )


def scored(made: Sequence[Line], verdicts: Sequence[Sequence[str]]) -> Score:
    """Counts over sentences and their verdicts."""
    score = Score(planted=Counter(), caught=Counter(), examples=[])
    for line, seen in zip(made, verdicts, strict=True):
        if line.planted:
            score.planted[line.planted] += 1
            called = "differs" in seen
            score.caught[line.planted] += called
            score.examples += [] if called else [f"missed {line.planted}: {line.text} {list(seen)}"]
            continue
        score.right += line.right
        score.alarms += sum(verdict == "differs" for verdict in seen)
        score.bound += sum(verdict in ("agrees", "differs") for verdict in seen)
        score.examples += [f"alarm: {line.text}"] if "differs" in seen else []
    return score


def table(scores: Sequence[Score]) -> Iterator[str]:
    """The counts as lines of markdown."""
    planted, caught = (
        sum((score.planted for score in scores), Counter()),
        sum((score.caught for score in scores), Counter()),
    )
    yield "| planted | errors | called |"
    yield "|---|---|---|"
    for kind in sorted(planted):
        yield f"| {kind} | {planted[kind]} | {caught[kind]} ({caught[kind] / planted[kind]:.0%}) |"
    right, alarms = sum(score.right for score in scores), sum(score.alarms for score in scores)
    yield f"| right figures | {right} | {alarms} called wrong ({alarms / max(right, 1):.2%}) |"


def main() -> None:
    """Proofread a corpus of each study that is here; print what was called, or keep it: ``corpus.py SEED COUNT [--keep]``."""
    import tempfile
    from datetime import date

    from proofreading import studies

    given = [int(text) for text in sys.argv[1:3] if text.isdigit()]
    seed, count = (*given, *(1, 400)[len(given) :])
    only = [text for text in sys.argv[1:] if not text.isdigit() and not text.startswith("--")]
    scores = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in only or studies.CORPORA:
            if not studies.present(name):
                print(f"{name}: its data are not here.")
                continue
            facts = studies.facts(name, Path(folder))
            scores[name] = run(facts, studies.CORPORA[name][0], seed, count, Path(folder))
            if "--show" in sys.argv:
                print(name, *scores[name].examples, sep="\n")
    lines = [*table(list(scores.values())), "", *by_study(scores)]
    print(*lines, sep="\n")
    if "--keep" in sys.argv:
        head = f"# What the proofreader calls\n\n`python tests/proofreading/corpus.py {seed} {count} --keep`, {date.today()}.\n\n"
        Path(__file__).with_name("results.md").write_text(head + "\n".join(lines) + "\n", "utf-8")


def by_study(scores: dict[str, Score]) -> Iterator[str]:
    """The counts of each corpus as lines of markdown."""
    yield "| corpus | errors | called | right figures | called wrong | bound |"
    yield "|---|---|---|---|---|---|"
    for name, score in scores.items():
        yield (
            f"| {name} | {sum(score.planted.values())} | {score.recall():.1%} | {score.right} | {score.false_alarms():.2%} "
            f"| {score.bound / max(score.right, 1):.0%} |"
        )


if __name__ == "__main__":
    main()
