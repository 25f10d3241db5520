# ruff: noqa: E501
"""A text without a study: its figures against each other, and its printed tests."""

from __future__ import annotations

import pytest
from scipy import stats

from surveytool.proofreading.consistency import proof_alone
from surveytool.proofreading.language import language, language_of
from surveytool.proofreading.passages import Document, Passage


def verdicts(text: str) -> list[str]:
    document = Document(name="x", blocks=(Passage(text=text, number=1),))
    return [finding.verdict for finding in proof_alone(document, language(language_of(text)))[0].findings]


@pytest.mark.parametrize(
    "text",
    [
        "47 per cent of male migrants and 35 per cent of female migrants use social networks, while 18 per cent of those "
        "surveyed said they did not use them.",
        "El 47 por ciento de los hombres y el 35 por ciento de las mujeres usan redes sociales, mientras que el 18 por "
        "ciento de las personas encuestadas dijo que no las usa.",
        "47 % des hommes et 35 % des femmes utilisent les réseaux sociaux, tandis que 18 % des personnes interrogées "
        "disent ne pas les utiliser.",
    ],
    ids=["en", "es", "fr"],
)
def test_the_contradiction_of_the_press_is_seen(text: str) -> None:
    assert verdicts(text) == ["differs"] * 3


@pytest.mark.parametrize(
    "text",
    [
        "47% of men and 35% of women used social networks to plan their departure, and 18% have not used any technology.",
        "47% of men and 35% of women use social networks, while 58% of those surveyed said they did not use them.",
        "A third of men had a phone.",
    ],
)
def test_what_can_be_true_is_no_contradiction(text: str) -> None:
    assert "differs" not in verdicts(text)


@pytest.mark.parametrize(
    ("kind", "p"),
    [
        ("t(28) = 2.20", 2 * stats.t.sf(2.20, 28)),
        ("F(2, 147) = 3.40", stats.f.sf(3.40, 2, 147)),
        ("F(1.83, 954.2) = 4.31", stats.f.sf(4.31, 1.83, 954.2)),
        ("χ²(3) = 9.10", stats.chi2.sf(9.10, 3)),
        ("χ2(3, N = 531) = 9.10", stats.chi2.sf(9.10, 3)),
        ("z = 1.97", 2 * stats.norm.sf(1.97)),
    ],
)
def test_printed_tests_are_reckoned_again(kind: str, p: float) -> None:
    assert verdicts(f"There was a difference, {kind}, p = {p:.3f}.") == ["agrees"]
    assert verdicts(f"There was a difference, {kind}, p < {p * 1.5:.3f}.") == ["agrees"]
    assert verdicts(f"There was a difference, {kind}, p = {p * 3:.3f}.") == ["differs"]
    assert verdicts(f"There was a difference, {kind}, p < {p / 4:.4f}.") == ["differs"]
