"""Words: every language says everything, and numbers are written as its readers write them."""

import tomllib
from importlib import resources
from string import Formatter
from typing import Any

import pytest

from surveytool.errors import UsageError
from surveytool.notes import note
from surveytool.text import LANGUAGES, words
from surveytool.text.language_files import Part, Shelf


def files(language: str) -> list[dict[str, Any]]:
    folder = resources.files("surveytool.text").joinpath(language)
    return [tomllib.loads(each.read_text("utf-8")) for each in folder.iterdir() if each.name.endswith(".toml")]


def load(language: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for read in files(language):
        for part, entries in read.items():
            made.setdefault(part, {}).update(entries)
    return made


def leaves(tree: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], str]:
    if isinstance(tree, str):
        return {path: tree}
    return {key: text for name, branch in tree.items() for key, text in leaves(branch, (*path, name)).items()}


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_key_and_fills_the_same_names(language: str) -> None:
    english, own = leaves(load("en")), leaves(load(language))
    assert own.keys() == english.keys()
    assert {key: fields(text) for key, text in own.items() if key[-1] != "one"} == {
        key: fields(text) for key, text in english.items() if key[-1] != "one"
    }
    assert all(text.strip() for key, text in own.items() if key != ("format", "thousands"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_stands_in_one_file_only(language: str) -> None:
    keys = [(part, key) for read in files(language) for part, entries in read.items() for key in entries]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_said(language: str) -> None:
    said = words(language)
    for path, template in leaves(load(language)["notes"]).items():
        values: dict[str, object] = dict.fromkeys(fields(template), "x")
        if "n" in values or path[-1] in ("one", "other"):
            values["n"] = 1 if path[-1] == "one" else 3
        policies = [key for key in path[1:] if key not in ("one", "other")]
        values |= {"policy": policies[0]} if policies else {}
        sentence = said.say(note(path[0], **values))
        assert "{" not in sentence and not sentence.startswith(f"{path[0]}:"), path


def test_plurals_policies_and_lists() -> None:
    en = words("en")
    assert en.say(note("zero_weights", n=1)) == "1 respondent with weight 0 is left out."
    assert en.say(note("zero_weights", n=1200)).startswith("1,200 respondents")
    several = en.say(note("lonely_psu", policy="adjust", strata=("A", "B", "C"), n=3))
    assert "A, B and C" in several and "--lonely-psu adjust" in several
    assert words("es").join(["A", "B"]) == "A y B"
    assert en.join(list("abcdefgh"), most=4) == "a, b, c and 5 more"


def test_an_unknown_note_is_still_said() -> None:
    assert words("fr").say(note("unheard", n=2, who="x")) == "unheard: n=2, who=x"
    assert words("fr").say(note("unheard")) == "unheard"


def test_a_note_without_its_values_is_still_said() -> None:
    assert words("en").say(note("missing_by", n=3)) == "missing_by: n=3"


def test_values_are_never_templates() -> None:
    assert "{x.__class__}" in words("en").say(note("weights_hint", column="{x.__class__}"))


def test_numbers() -> None:
    en, es, fr = words("en"), words("es"), words("fr")
    assert en.number(1234.5, 1) == "1,234.5"
    assert es.number(1234.5, 1) == "1,234.5" and fr.number(1234.5, 1) == "1\u00a0234,5"
    assert words("es-ES").number(1234.5, 1) == "1.234,5"
    assert en.number(-0.04, 1) == "0.0" and en.percent(-0.0) == "0.0%"
    assert en.number(float("nan"), 1) == en.number(None) == en.number(float("inf")) == "–"
    assert en.percent(0.285, 0) == "29%" and en.percent(0.4705, 1) == "47.1%"
    assert es.percent(0.47) == "47.0%" and words("es-ES").percent(0.47) == "47,0\u00a0%"
    assert en.percent(0.47, sign=False) == "47.0"


def test_a_share_that_is_there_never_prints_as_none_or_all() -> None:
    en = words("en")
    assert (en.percent(0.0004), en.percent(0.9996), en.percent(0.004, 0)) == ("<0.1%", ">99.9%", "<1%")
    assert (en.percent(0.0), en.percent(1.0)) == ("0.0%", "100.0%")


def test_intervals() -> None:
    en = words("en")
    assert en.interval(0.428, 0.514) == "42.8–51.4"
    assert en.interval(-1.25, 3, 1, percent=False) == "-1.3 to 3.0"
    assert en.interval(None, 0.5) == en.interval(0.1, float("nan")) == "–"
    assert words("fr").interval(1234, 5678, 0, percent=False) == "1\u00a0234–5\u00a0678"


def test_an_unknown_language_is_refused_with_the_list() -> None:
    with pytest.raises(UsageError, match="en, es, fr"):
        words("xx")


def test_files_are_opened_until_a_word_is_found() -> None:
    shelf = Shelf("es", "en")
    terms = Part(shelf, "words")
    assert not shelf.read["words"]
    assert terms["and"] == "y" and "check_title" not in shelf.read["words"]
    whole = load("es")["words"]
    assert dict(terms) == {**load("en")["words"], **whole} and len(terms) == len(set(whole) | set(load("en")["words"]))
    assert terms.get("no such word", "none") == "none"


@pytest.mark.parametrize(("language", "written"), [("ar", "1,234.5"), ("pt", "1.234,5"), ("pt-PT", "1\u00a0234,5")])
def test_a_language_without_words_has_its_marks_and_english_words(language: str, written: str) -> None:
    """Its labels are its own, which is told on the screen; another language is refused."""
    said = words(language)
    assert said.language == language and said.number(1234.5, 1) == written
    assert said.word("total") == words("en").word("total")
    with pytest.raises(UsageError, match="no language is called 'de'"):
        words("de")
