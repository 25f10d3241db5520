"""Numbers of figures and headings, sizes of pictures, and which group and answer is spoken of."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from types import ModuleType
from typing import Any

import pytest
from render.seen import docx_text
from reports.test_report import content, with_design

from surveytool.errors import UsageError
from surveytool.estimate.result import Test as Contrast
from surveytool.reports import render
from surveytool.reports.document import Document, Picture, Section
from surveytool.reports.document_text import write
from surveytool.reports.methods import methods
from surveytool.reports.pdf import TALLEST, WIDEST, _picture
from surveytool.reports.sentences import findings
from surveytool.reports.study_results import needs_data
from surveytool.study import load_study
from surveytool.survey import Design, Replicates
from surveytool.text import words

EN = words("en")


def test_sections_and_figures_are_numbered_from_one(samples: ModuleType) -> None:
    page = render(write(content(samples), EN), "html").decode()
    assert re.findall(r"<figcaption>(.*?)</figcaption>", page) == ["Figure 1", "Figure 2", "Figure 3"]
    assert [int(each) for each in re.findall(r"<h3>(\d+)\. ", page)] == [1, 2, 3]
    assert "<style type=" not in page  # a drawing's own style would hold for the whole page


def test_a_word_report_has_its_headings_in_order(samples: ModuleType) -> None:
    import docx

    document = write(content(samples), EN)
    made = docx.Document(BytesIO(render(document, "docx")))
    heads = [(each.style.name, each.text) for each in made.paragraphs if each.style.name.startswith("Heading")]
    first = [text for name, text in heads if name == "Heading 1"]
    ours = document.heads
    assert first == [ours.contents, ours.methods, ours.results, ours.notes, ours.provenance]
    second = [text for name, text in heads if name == "Heading 2"]
    assert [text.partition(". ")[0] for text in second] == ["1", "2", "3"]
    assert "1. Used networks to plan" in docx_text(render(document, "docx"))


def test_a_picture_keeps_its_shape_within_the_page(samples: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    from surveytool.reports import pdf

    picture: Picture = next(p for s in write(content(samples), EN).sections for p in s.pictures)
    scene = pdf.compose(picture.chart, picture.theme)
    assert _picture(picture)["width"] == pytest.approx(min(WIDEST, TALLEST * scene.width / scene.height))
    assert _picture(picture)["width"] == WIDEST  # this one is broad
    monkeypatch.setattr(pdf, "TALLEST", WIDEST / 2)
    narrow = _picture(picture)["width"]
    assert narrow == pytest.approx(min(WIDEST, WIDEST / 2 * scene.width / scene.height))


def test_a_tall_picture_in_word_is_21_centimetres(samples: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    from surveytool.reports import docx as module

    widths: list[float] = []
    original = module.Word.picture

    def spy(self: Any, data: bytes, width: float, alt: str) -> None:
        widths.append(width)
        original(self, data, width, alt)

    monkeypatch.setattr(module.Word, "picture", spy)
    monkeypatch.setattr(module, "compose", lambda chart, theme: type("Scene", (), {"width": 100.0, "height": 400.0})())
    monkeypatch.setattr(module, "paint", lambda *_: _dot())
    render(write(content(samples), EN), "docx")
    assert widths == pytest.approx([21.0 / 4] * 3)


def _dot() -> bytes:
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (4, 4)).save(out, "png")
    return out.getvalue()


@pytest.mark.parametrize(("many", "listed"), [(6, "a, b, c, d, e and f"), (7, "a, b, c, d, e and 2 more")])
def test_six_columns_of_replicates_are_named(samples: ModuleType, many: int, listed: str) -> None:
    design = Design(weights="w", replicates=Replicates(columns=tuple("abcdefg"[:many]), method="brr"))
    given = replace(content(samples).results, design=design)
    assert any(listed in sentence for sentence in methods(given, EN, given.estimates))


def test_the_weights_and_units_of_a_design_are_told(samples: ModuleType) -> None:
    given = with_design(content(samples), weights="w", psu=("site", "household"), strata="area", fpc=("n", "m")).results
    said = " ".join(methods(given, EN, given.estimates))
    assert "Every figure is weighted (column w); numbers of respondents (n) are not." in said
    assert "primary sampling units site, household" in said and "area" in said and "n, m" in said


def multiple(samples: ModuleType, totals: dict[str, Any], **design: Any) -> tuple[str, ...]:
    """Sentences on a question with three answers by sex; ``totals`` changes the rows of everybody by answer."""
    levels = ("A", "B", "C")
    rows = []
    for by in ({}, {"sex": "Male"}, {"sex": "Female"}):
        for place, level in enumerate(levels):
            share = (0.2, 0.5, 0.3)[place] + (0.1 if by.get("sex") == "Male" else 0.0)
            rows.append(samples.share("q", level, by, share, 400, **(totals.get(level, {}) if not by else {})))
    made = samples.shares("q", "Q", levels, (samples.SEX,), rows=rows)
    results = samples.results(made, design=Design(**design) if design else None)
    return findings(results.estimates[0], results, EN)


def test_groups_are_told_of_the_most_frequent_answer(samples: ModuleType) -> None:
    said = multiple(samples, {})
    assert "“B” by Sex: from 50.0% (Female, n = 400) to 60.0% (Male, n = 400)" in said[1]


def test_where_no_total_can_be_told_the_first_answer_is(samples: ModuleType) -> None:
    hidden = {level: {"flag": "suppressed"} for level in "ABC"}
    (said,) = multiple(samples, hidden)
    assert "“A” by Sex: from 20.0% (Female, n = 400) to 30.0% (Male, n = 400)" in said
    indicative = multiple(samples, hidden, sample="quota")
    assert indicative[0] == EN.word("find_indicative") and len(indicative) == 2


def test_of_two_answers_the_second_speaks_where_the_first_cannot(samples: ModuleType) -> None:
    rows = [samples.share("q", "Yes", {}, 0.4, 500, flag="suppressed"), samples.share("q", "No", {}, 0.6, 500)]
    results = samples.results(samples.shares("q", "Q", ("Yes", "No"), rows=rows))
    (said,) = findings(results.estimates[0], results, EN)
    assert "No" in said and "60.0%" in said


def test_a_mean_has_one_number_and_its_groups(samples: ModuleType) -> None:
    made = samples.means((samples.SEX,))
    results = samples.results(made)
    said = findings(results.estimates[0], results, EN)
    total = EN.number(made.rows[0].estimate, 1).split(".")[0]
    assert total in said[0] and "Sex" in said[1]


def test_a_difference_belongs_to_its_breakdown_and_answer(samples: ModuleType) -> None:
    given = content(samples)
    test = Contrast(
        table="plan", variable="plan", by=("area",), test="difference", level="Yes", level_code="Yes",
        groups=("Male", "Female"), pair=((("sex", "Male"),), (("sex", "Female"),)),
        estimate=0.1, ci_low=0.0, ci_high=0.2, p=0.02, n=141,
    )  # fmt: skip
    of_area = findings(given.results.estimates[0], given.results, EN, tests=[test])
    of_no = findings(given.results.estimates[0], given.results, EN, tests=[replace(test, by=("sex",), level_code="No")])
    assert "points" not in " ".join((*of_area, *of_no))


def test_drawings_of_one_name_are_numbered_from_the_second(samples: ModuleType) -> None:
    picture = next(p for s in write(content(samples), EN).sections for p in s.pictures)
    same = tuple(replace(picture, name="a b") for _ in range(3))
    document: Document = write(content(samples), EN)
    section: Section = replace(document.sections[0], pictures=same)
    assert [name for name, _ in replace(document, sections=(section,)).drawings()] == ["a_b", "a_b_2", "a_b_3"]


def test_a_study_without_data_is_no_report(tmp_path: Any) -> None:
    (tmp_path / "s.toml").write_text('[study]\ntitle = "T"\n', encoding="utf-8")
    with pytest.raises(UsageError) as refused:
        needs_data(load_study(tmp_path / "s.toml"))
    assert "names no data file." in str(refused.value)
    assert refused.value.cure == 'Write [data] with path = "FILE".'


def test_two_groups_that_share_nobody_are_compared() -> None:
    """Sex has two groups, area three, and the two answers of ``why`` overlap."""
    import pyarrow as pa

    import surveytool as st
    from surveytool.reports.study_results import _differences
    from surveytool.study.counted_once import CountedOnce
    from surveytool.survey import Request
    from surveytool.tabulation import tabulate

    data = {"y": [1.0, 2, 3, 4, 5, 7], "sex": ["F", "M"] * 3, "area": ["a", "b", "c"] * 2,
            "why": ["work", "work war", "war", "work", "war", "work war"],
            "why/work": [1, 1, 0, 1, 0, 1], "why/war": [0, 1, 1, 0, 1, 1]}  # fmt: skip
    survey = st.read(pa.table(data), kinds={"y": "number"})
    asked = [
        Request(variable="y", by=(("sex",), ("area",), ("why",))),
        Request(variable="y", by=(("sex",),), statistic="median"),
    ]
    tests = _differences(survey, tabulate(survey, asked), CountedOnce())
    assert [(each.test, each.by, each.estimate) for each in tests] == [("difference", ("sex",), pytest.approx(-4 / 3))]
