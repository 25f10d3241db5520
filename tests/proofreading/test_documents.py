# ruff: noqa: E501
"""Documents in the manner of the field: right figures agree, wrong ones never do, other sources are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from proofreading import documents, studies
from proofreading.conftest import of_language

from surveytool.proofreading.judging import Finding
from surveytool.proofreading.language import language, language_of
from surveytool.proofreading.passages import Document, Passage
from surveytool.proofreading.readers import read_document
from surveytool.proofreading.reading_of_document import proof_of

# What an article and two comments on it say of a survey, in our words: the figures, and what they have to become.
ARTICLE = (
    ("Asked how masculine or manly they feel, 83 percent said very or somewhat masculine.", ["agrees"]),
    ("Fewer, 53 percent, said that being seen as masculine is very or somewhat important.", ["agrees"]),
    ("Sixty percent agree that society puts pressure on men in an unhealthy way.", ["agrees"]),
    ("37 percent feel very masculine and 46 percent somewhat masculine.", ["agrees", "agrees"]),
    ("46 percent feel very masculine, says the study of how masculine men feel.", ["differs"]),
    ("Nearly 70 percent of men aged 18 - 34 feel that they have to make the first move.", ["unknown"]),
    (
        "53% of Republican men rate themselves as highly masculine, according to a Pew survey of 6,204 people.",
        ["unknown"],
    ),
)
CALLED = 0.9  # of the errors that stand in these documents


def findings(name: str, folder: Path) -> list[tuple[str, str, Finding | None]]:
    """Each marked figure of a document, what is true of it, and its finding: the next one with its letters."""
    path, truth = documents.made(name, folder)
    document = read_document(path)
    lang = language_of(document.text())
    left = list(proof_of(document, of_language(lang), language(lang)).findings)
    paired = []
    for printed, true in truth:
        same = next((one for one in left if one.printed.strip() in (printed, printed.removesuffix("%").strip())), None)
        near = next((one for one in left if one.printed.strip() in printed or printed in one.printed), None)
        finding = same or near
        if finding is not None:
            left.remove(finding)
        paired.append((printed, true, finding))
    return paired


@pytest.mark.parametrize("name", documents.names())
def test_no_right_figure_is_called_and_no_wrong_one_agrees(name: str, tmp_path: Path) -> None:
    paired = findings(name, tmp_path)
    right = [(printed, one) for printed, true, one in paired if true == "ok"]
    assert right
    assert not [(printed, one) for printed, one in right if one is not None and one.verdict == "differs"]
    agree = sum(one is not None and one.verdict == "agrees" for _, one in right)
    assert agree >= 0.9 * len(right), [printed for printed, one in right if one is None or one.verdict != "agrees"]
    for printed, true, one in paired:
        assert true != "bad" or one is None or one.verdict != "agrees", printed
        assert true != "no" or one is None or one.verdict == "unknown", (printed, one)


def test_errors_of_these_documents_are_called(tmp_path: Path) -> None:
    wrong = [one for name in documents.names() for _, true, one in findings(name, tmp_path) if true == "bad"]
    assert len(wrong) >= 15
    assert sum(one is not None and one.verdict == "differs" for one in wrong) >= CALLED * len(wrong)


@pytest.mark.parametrize(("text", "expected"), ARTICLE)
def test_what_an_article_says_of_a_public_survey(text: str, expected: list[str], tmp_path: Path) -> None:
    if not studies.present("masculinity en"):
        pytest.skip("the data of the survey are not beside the project")
    path = tmp_path / "article.txt"
    path.write_text(text, "utf-8")
    proof = proof_of(read_document(path), studies.facts("masculinity en", tmp_path), language("en"))
    assert [finding.verdict for finding in proof.findings] == expected


@pytest.mark.parametrize("lang", ["en", "es"])
def test_right_sentences_of_many_shapes_are_not_called(lang: str) -> None:
    lines = (documents.FOLDER / f"right.{lang}").read_text("utf-8").splitlines()
    for text in lines:
        document = Document(name="x", blocks=(Passage(text=text, number=1),))
        proof = proof_of(document, of_language(lang), language(lang))
        assert "differs" not in {finding.verdict for finding in proof.findings}, text


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Compared to 53% of women, 47% of men used social networks to plan the departure."),
        ("en", "Women were more likely than men to have used social networks to plan the departure (35% vs. 47%)."),
        ("en", "Almost nine in ten women (90%) used any technology; among men it was 67%."),
        ("en", "Use of any technology was highest among those aged 18-25 (84%) and lowest among those aged 46 and over (53%)."),
        ("en", "Of those who use platforms, 89% use WhatsApp, 46% Facebook, 41% TikTok and 19% Telegram."),
        ("en", "36% of respondents, or 191 people, had no smartphone and internet, and 46% did during the journey."),
        ("en", "Of the 207 women, 72 (53%) used social networks to plan the departure."),
        ("en", "61% were male (n = 342)."),
        ("en", "Four out of ten (42%) used social networks to plan the departure, rising to 84% among those aged 26-35."),
        ("es", "Las mujeres (35 %) usaron menos que los hombres (74 %) las redes sociales para planificar la salida."),
    ],
)  # fmt: skip
def test_wrong_sentences_of_many_shapes_are_called(lang: str, text: str) -> None:
    document = Document(name="x", blocks=(Passage(text=text, number=1),))
    proof = proof_of(document, of_language(lang), language(lang))
    assert "differs" in {finding.verdict for finding in proof.findings}, [one.verdict for one in proof.findings]
