"""A page for each thing that is printed: sentences, settings, terms, options, methods, errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from surveytool.estimate.interval import INTERVALS
from surveytool.explanations import page_names, pages
from surveytool.explanations.pages import ERRORS, plain
from surveytool.text import LANGUAGES, words

Run = Callable[..., Any]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_note_every_method_and_every_error_has_a_page(language: str) -> None:
    said = words(language)
    named = {plain(name) for name in page_names(said)}
    assert {plain(code) for code in said.sentences} <= named
    assert {plain(name) for name in (*INTERVALS, *ERRORS)} <= named
    for name in (*INTERVALS, *ERRORS, "lonely_psu", "zero_weights"):
        for page in pages(name, said):
            assert all(line.strip() for line in page.lines), page
            assert not any(line.startswith("page_") for line in page.lines), page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("deff", "design effect: variance over that of a simple random sample"),
        ("DEFF", "Stata: estat effects"),
        ("--base", "The denominator: asked, answered or all."),
        ("lonely-psu", '[design] lonely_psu = "fail"'),
        ("tables.sort", "[[tables]] sort"),
        ("zero_weights", "…"),
        ("unusable-design", "exit status 4"),
        ("beta", "Korn"),
        ("domain", "subpopulation"),
    ],
)
def test_a_name_in_any_spelling_has_its_page(run: Run, typed: str, told: str) -> None:
    done = run("explain", typed)
    assert done.status == 0, done.err
    assert told in " ".join(done.out.split())


def test_a_page_is_told_once(run: Run) -> None:
    assert run("explain", "lonely psu").out.count("R: options(survey.lonely.psu=)") == 1


def test_what_has_no_page_is_told_with_near_names(run: Run) -> None:
    done = run("explain", "lonly-psu")
    assert done.status == 2 and "lonely" in done.err
    assert "surveytool explain" in run("explain", "qqqqqqqqqq").err


def test_all_names_are_listed(run: Run) -> None:
    listed = run("explain").out
    assert "--weights" in listed and "zero_weights" in listed and "unusable-design" in listed


@pytest.mark.parametrize(("language", "told"), [("es", "estado de salida 4"), ("fr", "code de sortie 4")])
def test_pages_speak_the_readers_language(run: Run, language: str, told: str) -> None:
    assert told in " ".join(run("explain", "unusable-design", "--lang", language).out.split())


def test_a_scheme_of_reliability_has_a_page_of_its_rules(run: Callable[..., Any]) -> None:
    said = run("explain", "cepal-2023").out
    assert "CEPAL, Metodologías No. 5 (2023)" in said and "withhold: n_effective < 60" in said
    assert run("explain", "nchs").out.count("NCHS") >= 2  # the interval and the scheme
