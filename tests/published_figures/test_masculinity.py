"""1,820 published cells of a real table in one pass, and 30 falsified ones caught with what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import pytest

import surveytool as st
from surveytool.estimate.result import Results
from surveytool.published_figures import Claim, Verdict, check, verify
from surveytool.published_figures.claim_words import sentences
from surveytool.published_figures.claims_file import parse_claims
from surveytool.published_figures.published_rounding import rounded
from surveytool.survey import Request, Survey
from surveytool.tabulation import tabulate
from surveytool.text import words


@dataclass
class Counting:
    """A survey that counts how often its respondents are passed over."""

    survey: Survey
    passes: int = 0

    def __call__(self, requests: Sequence[Request]) -> Results:
        self.passes += 1
        return tabulate(self.survey, requests)


@pytest.fixture(scope="module")
def survey(shared: Path) -> Survey:
    return st.read(shared / "data" / "masculinity_538" / "raw-responses.csv", design=st.Design(weights="weight"))


@pytest.fixture(scope="module")
def claims(shared: Path, survey: Survey, masculinity: ModuleType) -> list[Claim]:
    text = masculinity.published_csv(shared / "data" / "masculinity_538", survey.codebook)
    return parse_claims(text, "masculinity-survey.csv")


@pytest.fixture(scope="module")
def verdicts(survey: Survey, claims: list[Claim]) -> dict[str, Verdict]:
    return {each.claim.id: each for each in verify(claims, Counting(survey))}


def test_every_published_cell_comes_out_in_one_pass(survey: Survey, claims: list[Claim]) -> None:
    ask = Counting(survey)
    verdicts = verify(claims, ask)
    assert [each.claim.id for each in verdicts if each.verdict != "reproduced"] == []
    assert (len(verdicts), ask.passes) == (1820, 1)
    assert all(each.plain and each.ci_low is not None for each in verdicts)


def test_the_published_table_does_not_contradict_itself(survey: Survey, claims: list[Claim]) -> None:
    assert check(claims, weighted=True, book=survey.codebook) == []
    assert [each for each in check(claims, weighted=True) if each.weight == "contradiction"] == []


def printed(value: float) -> float:
    return float(rounded(value, "percent", 0, "half up")) / 100


def explained(verdict: Verdict) -> str:
    return sentences(verdict.explanation, words("en"))


def spread(claims: Sequence[Claim], count: int) -> list[Claim]:
    """Some of many, evenly."""
    assert len(claims) >= count
    return [claims[place * len(claims) // count] for place in range(count)]


def caught(survey: Survey, claims: Sequence[Claim], reason: str) -> None:
    """None of the claims is reproduced, in two passes at most, and each is explained by the reason."""
    ask = Counting(survey)
    for verdict in verify(claims, ask):
        assert verdict.verdict in ("consistent", "not reproduced")
        assert reason in explained(verdict), (verdict.claim, explained(verdict))
    assert ask.passes <= 2


def test_unweighted_figures_are_caught(survey: Survey, claims: list[Claim], verdicts: dict[str, Verdict]) -> None:
    table = {}
    for estimates in tabulate(replace(survey, design=st.Design()), _requests(claims)).estimates:
        table |= {(row.variable, row.level, tuple(row.by.items())): row.estimate for row in estimates.rows}
    false = []
    for claim in claims:
        value = printed(table[claim.variable, claim.level, tuple(claim.by.items())] or 0.0)
        if abs(value - printed(verdicts[claim.id].estimate or 0.0)) > 0.015:
            false.append(replace(claim, published=value))
    caught(survey, spread(false, 10), "The published figure comes out unweighted (")


def test_figures_of_another_base_are_caught(survey: Survey, claims: list[Claim]) -> None:
    routed = [each for each in claims if each.variable is not None and each.variable.startswith(("q0010", "q0014"))]
    false = []
    for claim in routed:
        (verdict,) = verify([replace(claim, base="all")], Counting(survey))
        value = printed(verdict.estimate or 0.0)
        if abs(value - (claim.published or 0.0)) > 0.015:
            false.append(replace(claim, published=value))
    caught(survey, spread(false, 8), "of all respondents, blanks counted in")


def test_row_percents_are_caught(survey: Survey, claims: list[Claim]) -> None:
    """Of those who feel very masculine so many are 65 and up."""
    asked = Request(variable="age3", by=(("q0001",), ("q0005",)))
    rows = {(*row.by.items(), row.level): row.estimate for row in tabulate(survey, [asked]).estimates[0].rows}
    false = []
    for claim in claims:
        if claim.variable in ("q0001", "q0005") and "age3" in claim.by and claim.level != "No answer":
            value = printed(rows[(claim.variable, claim.level), claim.by["age3"]] or 0.0)
            if abs(value - (claim.published or 0.0)) > 0.015:
                false.append(replace(claim, published=value))
    caught(survey, spread(false, 4), "row percent")


def test_changed_digits_are_caught(survey: Survey, claims: list[Claim], verdicts: dict[str, Verdict]) -> None:
    wide = [each for each in claims if 0.2 < (each.published or 0) < 0.8 and not each.by]
    far = [replace(each, published=round((each.published or 0.0) + 0.13, 2)) for each in spread(wide, 4)]
    assert [each.verdict for each in verify(far, Counting(survey))] == ["not reproduced"] * 4
    near = [replace(each, published=round((each.published or 0.0) + 0.01, 2)) for each in spread(wide, 4)]
    for verdict in verify(near, Counting(survey)):
        assert verdict.verdict == "consistent"
        assert "does not round to" in explained(verdict)
        assert "comes out" in explained(verdict) or "one off in the last digit" in explained(verdict)


def test_digits_cut_off_are_caught(survey: Survey, claims: list[Claim], verdicts: dict[str, Verdict]) -> None:
    false = []
    for claim in claims:
        value = float(rounded(verdicts[claim.id].estimate or 0.0, "percent", 0, "truncated")) / 100
        if value != claim.published:
            false.append(replace(claim, published=value))
    caught(survey, spread(false, 4), "with digits cut off instead of rounded")
    truncated = [replace(each, rounding="truncated") for each in spread(false, 4)]
    assert {each.verdict for each in verify(truncated, Counting(survey))} == {"reproduced"}


def test_swapped_columns_are_caught(survey: Survey, claims: list[Claim]) -> None:
    by_age = {(each.variable, each.level, each.by["age3"]): each for each in claims if "age3" in each.by}
    false = []
    for (variable, level, group), claim in by_age.items():
        other = by_age.get((variable, level, "65 and up"))
        if group == "18 - 34" and other and abs((other.published or 0) - (claim.published or 0)) > 0.1:
            false.append(replace(claim, published=other.published))
    for verdict in verify(spread(false, 4), Counting(survey)):
        assert verdict.verdict in ("not reproduced", "consistent")
        assert "comes out" in explained(verdict)


def test_a_bad_claim_does_not_take_the_others_with_it(survey: Survey, claims: list[Claim]) -> None:
    bad = [replace(claims[0], id="name", variable="q0001x"), replace(claims[0], id="where", where="nobody == 1"),
           replace(claims[0], id="by", by={"age33": "18 - 34"}), replace(claims[0], id="level", level="Very mascline"),
           replace(claims[1], id="group", by={"age3": "18 - 35"})]  # fmt: skip
    verdicts = {each.claim.id: each for each in verify([*claims[:40], *bad], Counting(survey))}
    assert all(verdicts[each.id].verdict == "reproduced" for each in claims[:40])
    said = {each.id: explained(verdicts[each.id]) for each in bad}
    assert all(verdicts[each.id].verdict == "cannot" for each in bad)
    assert said["name"].startswith("The data have no variable q0001x; near names: q0001")
    assert said["by"].startswith("The data have no variable age33; near names: age3")
    assert said["level"].startswith('q0001 has no answer "Very mascline"; near: Very masculine')
    assert said["group"].startswith('age3 has no group "18 - 35"; near: 18 - 34')
    assert "nobody" in said["where"]


def _requests(claims: Sequence[Claim]) -> list[Request]:
    by = tuple((name,) for name in dict.fromkeys(name for each in claims for name in each.by))
    return [Request(variable=name, by=by) for name in dict.fromkeys(each.variable or "" for each in claims)]
