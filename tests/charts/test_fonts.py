"""Letters that the own font lacks: drawn in fonts of the machine, told where none has them; no word is cut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from surveytool.charts import compose, machine_fonts, text_width
from surveytool.charts.build import Options, chart_of
from surveytool.charts.scene import Box, Text
from surveytool.charts.text_width import lacking, width, wrap
from surveytool.text import words

SCRIPTS = {
    "Chinese": "找不到工作",
    "Hindi": "उत्तर प्रदेश",
    "Amharic": "አማርኛ",
    "Bengali": "বাংলা",
    "Burmese": "မြန်မာ",
}
NOWHERE = "\U000e0fff"  # no font has a shape for it


@pytest.fixture
def no_machine_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(machine_fonts, "_fonts", lambda: ())
    for function in (machine_fonts.machine_fonts, text_width.width):
        function.cache_clear()
    yield
    for function in (machine_fonts.machine_fonts, text_width.width):
        function.cache_clear()


@pytest.mark.parametrize("script", list(SCRIPTS))
def test_letters_of_a_script_have_room(script: str) -> None:
    """With a font of the machine or without: at least 0.3 of the size a letter that is no mark."""
    import unicodedata

    text = SCRIPTS[script]
    letters = [sign for sign in text if unicodedata.category(sign) in ("Lo", "Lm")]
    assert width(text, 10.0) >= 0.3 * 10.0 * len(letters)


def test_letters_without_a_font_are_as_wide_as_it_is_high(no_machine_fonts: None) -> None:
    assert width("找不到工作", 10.0) == pytest.approx(50.0)
    assert width("a找b", 10.0) == pytest.approx(10.0 + width("ab", 10.0))


def test_a_font_of_the_machine_is_used_where_there_is_one() -> None:
    letters = frozenset(lacking(SCRIPTS["Hindi"]))
    fonts = machine_fonts.machine_fonts(letters)
    if not fonts:
        pytest.skip("no font of this machine has Devanagari (Debian: fonts-noto-core)")
    assert machine_fonts.shapeless(letters) == ""
    assert all(Path(path).is_file() for path in fonts)
    assert next(machine_fonts.families(fonts)) != "DejaVu Sans"


def test_letters_that_no_font_has_are_told(no_machine_fonts: None) -> None:
    assert machine_fonts.shapeless(frozenset("找不")) == "不找"
    assert machine_fonts.shapeless(frozenset()) == ""


def test_the_own_font_stays_alone_where_it_has_every_letter() -> None:
    assert machine_fonts.machine_fonts(frozenset(lacking("Español, français, русский, العربية, Ελληνικά"))) == ()


@pytest.mark.parametrize("room", [60.0, 80.0, 100.0, 140.0])
@pytest.mark.parametrize(
    "text", ["Saint-Barthélemy-sur-Mer commune no. 1", "Contacto con traficantes o intermediarios", "26-35 years"]
)
def test_a_word_that_fits_a_line_is_never_divided(text: str, room: float) -> None:
    lines = wrap(text, 8.0, room)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for word in text.split():
        if width(word, 8.0) <= room:
            assert any(word in line.split() for line in lines), (word, lines)


def test_a_word_that_does_not_fit_breaks_at_its_own_signs() -> None:
    room = width("Saint-Barthélemy-", 8.0) + 0.1
    assert wrap("Saint-Barthélemy-sur-Mer", 8.0, room) == ["Saint-Barthélemy-", "sur-Mer"]


def test_ideographs_break_anywhere_and_marks_stay_with_their_letter() -> None:
    text = "您最担心什么找不到工作没有合法身份"
    lines = wrap(text, 8.0, 60.0)
    assert len(lines) > 1 and "".join(lines) == text
    import unicodedata

    for line in wrap("उत्तरप्रदेशउत्तरप्रदेशउत्तरप्रदेश", 8.0, 40.0):
        assert not unicodedata.category(line[0]).startswith("M"), line


def _stacked(samples: ModuleType, withheld: tuple[int, ...]) -> list[object]:
    """The marks of a stacked bar of five answers, some of them withheld in the second group."""
    from dataclasses import replace

    levels = ("a", "b", "c", "d", "e")
    estimates = samples.shares("use", "Use", levels, (samples.SEX,))
    rows = []
    for row in estimates.rows:
        hide = row.by.get("sex") == "Female" and levels.index(row.level) in withheld
        rows.append(replace(row, estimate=None if hide else 0.2, flag="suppressed" if hide else None,
                            ci_low=None, ci_high=None))  # fmt: skip
    results = samples.results(replace(estimates, rows=tuple(rows)))
    chart = chart_of(results.estimates[0], results, words("en"), Options(kind="stacked"))
    return list(compose(chart).marks)


def test_what_is_withheld_of_a_bar_is_one_piece(samples: ModuleType) -> None:
    """Two of five answers of 20% are held back: the piece is 40% wide, and says no more than 100% less the others."""
    marks = _stacked(samples, (1, 3))
    pieces = [mark for mark in marks if isinstance(mark, Box) and mark.edge]
    whole = [mark for mark in marks if isinstance(mark, Box) and not mark.edge]
    assert len(pieces) == 1
    share = max(mark.width for mark in whole)  # of one answer of 20%
    assert pieces[0].width == pytest.approx(2 * share, rel=0.03)
    assert any(isinstance(mark, Text) and mark.text == "*" for mark in marks)


@pytest.mark.parametrize("withheld", [(2,), (0, 1, 2, 3, 4)])
def test_one_answer_alone_or_all_of_them_draw_nothing(samples: ModuleType, withheld: tuple[int, ...]) -> None:
    marks = _stacked(samples, withheld)
    assert not [mark for mark in marks if isinstance(mark, Box) and mark.edge]
    texts = [mark.text for mark in marks if isinstance(mark, Text)]
    assert texts.count("*") >= 1
