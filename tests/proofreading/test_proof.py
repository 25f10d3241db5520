# ruff: noqa: E501
"""Figures of documents against the shipped study: what is right agrees, what is planted is called."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from proofreading import corpus, studies

from surveytool.proofreading.facts import Facts
from surveytool.proofreading.figures import figures_in
from surveytool.proofreading.language import language
from surveytool.proofreading.passages import Document, Grid, Passage
from surveytool.proofreading.readers import read_document
from surveytool.proofreading.reading_of_document import Proof, proof_of

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "examples" / "iom_2023" / "report"


def proof(facts: Facts, *texts: str, name: str = "en") -> Proof:
    blocks = tuple(Passage(text=text, number=number) for number, text in enumerate(texts, 1))
    return proof_of(Document(name="x", blocks=blocks), facts, language(name))


def verdicts(facts: Facts, *texts: str, name: str = "en") -> list[tuple[str, str]]:
    return [(finding.printed, finding.verdict) for finding in proof(facts, *texts, name=name).findings]


@pytest.mark.parametrize(("suffix", "least"), [("docx", 0.99), ("html", 0.99), ("pdf", 0.95)])
def test_the_reports_own_figures_agree(facts: Facts, suffix: str, least: float) -> None:
    found = proof_of(read_document(REPORT / f"report.{suffix}"), facts, language("en"))
    counts = Counter(finding.verdict for finding in found.findings)
    assert not [finding for finding in found.findings if finding.verdict == "differs"]
    assert counts["agrees"] > 250
    assert counts["agrees"] >= least * len(found.findings)


@pytest.mark.parametrize("suffix", ["docx", "html", "pdf"])
def test_an_edited_cell_of_the_report_is_called(facts: Facts, suffix: str) -> None:
    """64.0 becomes 46.0 wherever it is printed, in sentences and in cells."""
    document = read_document(REPORT / f"report.{suffix}")
    blocks = []
    edits = 0
    for block in document.blocks:
        if isinstance(block, Grid):
            rows = tuple(tuple(re.sub(r"^64\.0", "46.0", cell) for cell in row) for row in block.rows)
            edits += rows != block.rows
            blocks.append(Grid(rows=rows, heads=block.heads, page=block.page, number=block.number))
        else:
            edits += block.text.startswith("64.0%")
            blocks.append(
                Passage(
                    text=re.sub(r"^64\.0%", "46.0%", block.text), kind=block.kind, page=block.page, number=block.number
                )
            )
    assert edits >= 2
    found = proof_of(Document(name="x", blocks=tuple(blocks)), facts, language("en"))
    called = [finding for finding in found.findings if finding.verdict == "differs"]
    assert len(called) >= 2
    assert all(finding.printed.startswith("46.0") for finding in called)
    assert all(finding.fact is not None and finding.fact.row.variable == "smartphone_internet" for finding in called)


@pytest.mark.parametrize("name", ["en", "es"])
def test_planted_errors_are_called_and_right_figures_are_not(
    name: str, facts: Facts, hechos: Facts, tmp_path: Path
) -> None:
    score = corpus.run(facts if name == "en" else hechos, name, 7, 360, tmp_path)
    assert sum(score.planted.values()) == 180 and score.right > 150
    assert score.recall() >= 0.95, score.examples
    assert score.false_alarms() <= 0.01, score.examples
    assert score.bound >= 0.95 * score.right


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("studies")


@pytest.mark.parametrize("name", [name for name in studies.CORPORA if not name.startswith("example")])
def test_corpora_of_other_studies(name: str, folder: Path, tmp_path: Path) -> None:
    if not studies.present(name):
        pytest.skip(f"the data of {name} are not beside the project")
    score = corpus.run(studies.facts(name, folder), studies.CORPORA[name][0], 5, 160, tmp_path)
    assert sum(score.planted.values()) == 80 and score.right > 80
    assert score.recall() >= 0.95, score.examples
    assert score.false_alarms() <= 0.01, score.examples


def test_a_corpus_has_more_than_fifteen_kinds_of_errors(facts: Facts) -> None:
    lines = corpus.lines(facts, "en", 1, 600)
    kinds = Counter(line.planted for line in lines if line.planted)
    assert len(kinds) >= 15 and min(kinds.values()) >= 2


def test_a_scorer_that_calls_nothing_scores_nothing(facts: Facts) -> None:
    lines = corpus.lines(facts, "en", 3, 20)
    score = corpus.scored(lines, [["agrees"]] * len(lines))
    assert score.recall() == 0 and score.alarms == 0
    assert corpus.scored(lines, [["differs"]] * len(lines)).false_alarms() > 0


def test_whole_percentages_of_the_press(facts: Facts) -> None:
    text = (
        "64% had a smartphone and internet during the journey. "
        "47% of men and 35% of women used social networks to plan the departure. "
        "18% have not used any technology."
    )
    assert verdicts(facts, text) == [("64%", "agrees"), ("47%", "agrees"), ("35%", "agrees"), ("18%", "agrees")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Used social networks to plan the departure: 35% of men and 47% of women.", ["differs", "differs"]),
        ("Nearly half of men used social networks to plan the departure.", ["agrees"]),
        ("Two thirds of men used social networks to plan the departure.", ["differs"]),
        ("Used social networks to plan the departure: 47% of men and 35% of women, 12 points less.", ["agrees"] * 3),
        ("Used social networks to plan the departure: 47% of men and 35% of women, 21 points less.", ["agrees", "agrees", "differs"]),
        ("Used any technology: highest among those aged 26-35.", ["agrees"]),
        ("Used any technology: lowest among those over 45.", ["agrees"]),
        ("Used any technology: highest among those over 45.", ["differs"]),
        ("Most of those aged 26 to 35 used any technology.", ["agrees"]),
        ("Used any technology: 81.9% (95% CI 78.2 to 85.1, n = 531).", ["agrees"]),
        ("Used any technology: 81.9% (95% CI 78.2 to 85.9, n = 531).", ["differs"]),
        ("Used any technology: 81.9% (95% CI 78.2 to 85.1, n = 513).", ["differs"]),
        ("In 2023 the price of oil rose by 12%.", ["unknown"]),
        ("The reform of 1998 passed with 95% confidence on page 47.", []),
    ],
)  # fmt: skip
def test_a_sentence(facts: Facts, text: str, expected: list[str]) -> None:
    assert [verdict for _, verdict in verdicts(facts, text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Used social networks to plan the departure: forty-seven percent of men.", ["agrees"]),
        ("Used social networks to plan the departure: fifty-four percent of men.", ["differs"]),
        ("64% had a smartphone and internet during the journey, and forty-seven per cent of men used social networks to plan the departure.", [0.64, 0.47]),
    ],
)  # fmt: skip
def test_percents_in_words_have_their_own_value(facts: Facts, text: str, expected: list[str | float]) -> None:
    found = proof(facts, text).findings
    assert [finding.verdict if isinstance(expected[0], str) else finding.value for finding in found] == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [("en", "sixty-four percent"), ("es", "sesenta y cuatro por ciento"), ("fr", "soixante-quatre pour cent")],
)
def test_percents_in_words_in_each_language(name: str, text: str) -> None:
    assert [(one.kind, one.value) for one in figures_in(f"{text} ...", language(name))] == [("percent", 0.64)]


def test_spanish_sentences(hechos: Facts) -> None:
    text = "Usó redes sociales para planificar la salida: el 47 por ciento de los hombres y el 53 por ciento de las mujeres."
    assert verdicts(hechos, text, name="es") == [("47 por ciento", "agrees"), ("53 por ciento", "differs")]


def test_a_withheld_figure_is_never_told(facts: Facts) -> None:
    """The example protects its respondents: no verdict speaks of a number that its tables do not show."""
    hidden = [fact for fact in facts.facts if not fact.told and fact.row.level is not None and len(fact.row.by) == 1]
    assert hidden
    for fact in hidden[:20]:
        group = next(iter(fact.row.by.values()))
        text = f"{fact.titles[0]}: 10% of those in “{group}” answered “{fact.row.level}”."
        for finding in proof(facts, text).findings:
            assert finding.fact is None or finding.fact.told or finding.verdict == "unknown"
            assert finding.fact is not fact or finding.verdict == "unknown"
