"""A report says what its tables say, in every format and language, and nothing that they hold back."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from render.seen import docx_text, html_text, one_line

from surveytool.errors import UsageError
from surveytool.estimate import result
from surveytool.estimate.result import Results
from surveytool.notes import note
from surveytool.reports import FORMATS, SUFFIXES, render
from surveytool.reports.document import Content, Document, Drawn
from surveytool.reports.document_text import write
from surveytool.reports.sentences import findings
from surveytool.survey import Design
from surveytool.text import LANGUAGES, words

EN = words("en")
HOSTILE = ("<b>bold</b> #strong[x]", r"\textbf{x} = y $z$", "=1+1 @x *y* _z_", "\x1b[31mred\x1b[0m", "a\u202eb")
CAUSES = re.compile(r"\b(because of|cause[sd]?|due to|leads? to|effect|impact|significant\w*)\b", re.IGNORECASE)


def content(samples: ModuleType, **changes: Any) -> Content:
    """Two tables and a chart of its own."""
    plan = samples.shares("plan", "Used networks to plan", ("Yes", "No"), (samples.SEX, samples.AGE))
    use = samples.shares("use", "What the phone was used for", samples.PURPOSES, (samples.SEX,), multiple=True)
    results = samples.results(plan, use, samples.means((samples.SEX,)), notes=[note("zero_weights", n=2)])
    drawn = (Drawn(estimates=0, table=0), Drawn(estimates=1, table=1, name="a/b"), Drawn(estimates=2, title="Of age"))
    values = {"title": "A report", "results": results, "tables": 2, "drawn": drawn, "facts": (("Study", "x.toml"),)}
    return Content(**{**values, **changes})


def with_design(given: Content, **design: Any) -> Content:
    results: Results = replace(given.results, design=Design(**design))
    return replace(given, results=results)


def text_of(document: Document, format: str) -> str:
    made = render(document, format)
    if format == "html":
        return one_line(html_text(made))
    if format == "docx":
        return one_line(docx_text(made))
    if format == "pptx":
        return one_line(slides_text(made))
    command = ["pdftotext", "-raw", "-", "-"]
    done = subprocess.run(command, input=made, capture_output=True, timeout=600, check=True)
    return one_line(done.stdout.decode("utf-8"))


def slides_text(made: bytes) -> str:
    """Titles, texts, tables and speaker's notes of all slides."""
    from io import BytesIO

    from pptx import Presentation

    texts: list[str] = []
    for slide in Presentation(BytesIO(made)).slides:
        for shape in slide.shapes:
            texts += [shape.text_frame.text] if shape.has_text_frame else []
            if shape.has_table:
                texts += [cell.text for row in shape.table.rows for cell in row.cells]
        texts += [slide.notes_slide.notes_text_frame.text] if slide.has_notes_slide else []
    return "\n".join(texts)


def readable() -> list[Any]:
    absent = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
    return [pytest.param(name, marks=absent if name == "pdf" else ()) for name in FORMATS]


@pytest.mark.parametrize("format", readable())
def test_every_number_sentence_and_note_is_there(samples: ModuleType, format: str) -> None:
    document = write(content(samples), EN)
    text = text_of(document, format)
    squeezed = text.replace(" ", "")
    for section in document.sections:
        for sentence in (*section.findings, section.title):
            assert one_line(sentence).replace(" ", "") in squeezed
        for table in section.tables:
            for cell in (cell for row in table.rows for cell in row.cells):
                assert cell.figure in text and cell.interval in text
            assert all(each.replace(" ", "") in squeezed for each in (table.base, *table.notes))
    for sentence in (*document.methods, *document.notes, document.source):
        assert one_line(sentence).replace(" ", "") in squeezed
    assert all(value.replace(" ", "") in squeezed for _, value in document.settings)


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_bytes_each_run_and_no_date(samples: ModuleType, format: str) -> None:
    made = render(write(content(samples), EN), format)
    assert made == render(write(content(samples), EN), format)
    assert b"CreationDate" not in made and b"dcterms:created" not in made


def test_findings_take_their_numbers_from_the_table(samples: ModuleType) -> None:
    document = write(content(samples), EN)
    for section in document.sections[:2]:
        figures = {cell.value for table in section.tables for row in table.rows for cell in row.cells}
        ends = {cell.interval for table in section.tables for row in table.rows for cell in row.cells}
        said = " ".join(section.findings)
        shares = re.findall(r"(\d+\.\d)%", said)
        assert shares and set(shares) <= figures
        assert set(re.findall(r"CI ([\d.–]+)", said)) <= ends
        assert set(re.findall(r"n = (\d+)", said)) <= figures


def test_two_groups_are_told_by_their_difference(samples: ModuleType) -> None:
    given = content(samples)
    rows = {(row.level, *row.by.values()): row.estimate for row in given.results.estimates[0].rows}
    gap = rows["Yes", "Male"] - rows["Yes", "Female"]
    test = result.Test(
        table="plan", variable="plan", by=("sex",), test="difference", level="Yes", level_code="Yes",
        groups=("Male", "Female"), pair=((("sex", "Male"),), (("sex", "Female"),)),
        estimate=gap, ci_low=gap - 0.1, ci_high=gap + 0.1, p=0.02, n=141,
    )  # fmt: skip
    said = findings(given.results.estimates[0], given.results, EN, tests=[test])
    assert said[1].startswith("Sex. Yes: Male 28.5%, Female 45.5%: 17.0 points less (95% CI 7.0 to 27.0")
    assert said[2].startswith("“Yes” by Age group: from")


def test_intervals_that_do_not_meet_are_told(samples: ModuleType) -> None:
    far = [samples.share("q", level, {"sex": sex}, value if level == "Yes" else 1 - value, 900)
           for sex, value in (("Male", 0.2), ("Female", 0.8)) for level in ("Yes", "No")]  # fmt: skip
    results = samples.results(samples.shares("q", "Q", ("Yes", "No"), (samples.SEX,), rows=far))
    (said,) = findings(results.estimates[0], results, EN)
    assert (
        said == "“Yes” by Sex: from 20.0% (Male, n = 900) to 80.0% (Female, n = 900); their intervals do not overlap."
    )


def test_what_is_held_back_is_nowhere(samples: ModuleType) -> None:
    rows = [samples.share("q", "Yes", {}, 0.4, 500), samples.share("q", "No", {}, 0.6, 500)]
    for sex, flag in (("Male", None), ("Female", "suppressed")):
        value = 0.3 if flag is None else 0.7123
        rows += [samples.share("q", "Yes", {"sex": sex}, value, 50, flag=flag),
                 samples.share("q", "No", {"sex": sex}, 1 - value, 50, flag=flag)]  # fmt: skip
    results = samples.results(samples.shares("q", "Q", ("Yes", "No"), (samples.SEX,), rows=rows))
    given = content(samples, results=results, tables=1, drawn=(Drawn(estimates=0, table=0),), decimals=2)
    document = write(given, EN)
    for format in ("html", "docx"):
        text = text_of(document, format)
        assert "71.23" not in text and "28.77" not in text and "0.7123" not in text
    assert len(document.sections[0].findings) == 1, "one group alone has no range"


@pytest.mark.parametrize("sample", ["probability", "quota", "convenience", "census"])
def test_a_sample_that_is_not_random_is_called_indicative(samples: ModuleType, sample: str) -> None:
    asked = sample in ("quota", "convenience")
    document = write(with_design(content(samples), weights="weight", sample=sample, as_if_random=asked), EN)
    told = [" ".join(section.findings) for section in document.sections]
    if asked:
        assert all("Indicative: not a random sample." in each and "indicative interval" in each for each in told)
        assert "not a margin of error" in " ".join(document.methods)
    else:
        assert not any("ndicative" in each for each in told)
    assert not any(CAUSES.search(each) for each in told)


@pytest.mark.parametrize("sample", ["quota", "convenience"])
def test_a_sample_that_chance_did_not_choose_has_no_interval(samples: ModuleType, sample: str) -> None:
    document = write(with_design(content(samples), weights="weight", sample=sample), EN)
    told = " ".join(finding for section in document.sections for finding in section.findings)
    assert "Indicative: not a random sample." in told
    assert "interval" not in told
    assert "no interval is printed" in " ".join(document.methods)


def test_methods_are_those_of_the_design(samples: ModuleType) -> None:
    from surveytool.survey import Replicates

    said = " ".join(write(content(samples), EN).methods)
    for part in ("531 respondents", "column weight", "strata country", "sampling units site", "95%", "surveytool"):
        assert part in said
    replicates = Replicates(columns=("rw*",), method="brr")
    said = " ".join(write(with_design(content(samples), weights="w", replicates=replicates), EN).methods)
    assert "replicate weights (rw*, method brr)" in said and "linearisation" not in said
    said = " ".join(write(with_design(content(samples)), EN).methods)
    assert "No weights were used" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_speaks_one_language(samples: ModuleType, language: str) -> None:
    document = write(content(samples), words(language))
    text = text_of(document, "html")
    assert document.heads.methods in text and f'lang="{language}"'.encode() in render(document, "html")
    if language != "en":
        assert not re.search(r"\b(answered|Respondents|The most frequent|respondents with an answer)\b", text)
        findings = " ".join(finding for section in document.sections for finding in section.findings)
        written, other = ("11,5", "11.5") if words(language).marks.decimal == "," else ("11.5", "11,5")
        assert written in text and other not in findings


@pytest.mark.parametrize("format", readable())
def test_markup_is_inert(samples: ModuleType, format: str) -> None:
    group = samples.breakdown("g", HOSTILE[0], HOSTILE)
    results = samples.results(samples.shares("q", HOSTILE[1], HOSTILE, (group,)))
    given = content(samples, title=HOSTILE[0], results=results, tables=1, drawn=(Drawn(estimates=0, table=0),))
    document = write(given, EN)
    text = text_of(document, format).replace("\x0c", "")
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", text)
    for label in (HOSTILE[0], HOSTILE[1], HOSTILE[2]):
        assert label in text
    if format == "html":
        assert b"<b>" not in render(document, "html")


def test_the_page_is_valid_and_has_each_id_once(samples: ModuleType) -> None:
    made = render(write(content(samples), EN), "html").decode()
    html_text(made.encode())
    names = re.findall(r' id="([^"]*)"', made)
    assert len(names) == len(set(names))
    assert set(re.findall(r'href="#([^"]*)"', made)) <= set(names)
    assert made.count("<svg") == 3 == made.count("<figure>") and 'role="img"' in made
    assert not re.search(r"<script|<link|@import|src=", made), "nothing is fetched"


def test_drawings_have_names_for_files(samples: ModuleType) -> None:
    names = [name for name, _ in write(content(samples), EN).drawings()]
    assert names == ["plan", "a_b", "age"]
    assert set(SUFFIXES.values()) == set(FORMATS)


def test_a_word_report_numbers_tables_and_figures_and_describes_pictures(samples: ModuleType) -> None:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(render(write(content(samples), EN), "docx"))) as package:
        body = package.read("word/document.xml").decode()
    assert body.count(" SEQ Table ") == 2 and body.count(" SEQ Figure ") == 3 and " TOC " in body
    assert len(re.findall(r'<wp:docPr [^>]*descr="[^"]{40}', body)) == 3
    assert body.count('w:fldCharType="begin"') == body.count('w:fldCharType="end"') == 6


def test_an_unknown_format_is_refused(samples: ModuleType) -> None:
    with pytest.raises(UsageError, match="html, docx, pdf"):
        render(write(content(samples), EN), "odt")


# The command ----------------------------------------------------------------------------------------------

STUDY = """
[study]
title = {en = "A small study", es = "Un estudio"}
languages = ["en", "es"]
source = "Somebody, 2023."
[data]
path = "data.csv"
[design]
weights = "w"
sample = "convenience"
as_if_random = true
[[tables]]
variable = "plan"
by = ["sex"]
title = {en = "Plans", es = "Planes"}
[[charts]]
variable = "plan"
by = ["sex"]
kind = "dots"
title = {en = "Men plan more", es = "Los hombres planean"}
[[charts]]
variable = "age"
id = "ages"
[[claims]]
id = "men"
variable = "plan"
level = "yes"
by = {sex = "Male"}
published = 0.5
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    rows = [f"{('yes', 'no')[n % 2]},{('Male', 'Female')[n // 2 % 2]},{20 + n % 37}.5,{1 + n % 3}" for n in range(120)]
    (tmp_path / "data.csv").write_text("\n".join(["plan,sex,age,w", *rows, ""]), encoding="utf-8")
    path = tmp_path / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    return path


def test_a_folder_gets_documents_tables_and_charts(run: Any, study: Path) -> None:
    folder = study.parent / "out"
    done = run("report", study, "-o", folder)
    assert (done.status, done.out) == (0, ""), done.err
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    documents = {"report.html", "report.docx", "report.pdf", "tables.xlsx", "tables.csv"}
    assert names == documents | {"charts/plan.svg", "charts/ages.svg"}
    text = one_line(html_text((folder / "report.html").read_bytes()))
    for part in ("A small study", "1. Plans", "Men plan more", "Somebody, 2023.", "reproduced", "study.toml", "points"):
        assert part in text
    assert run("report", study, "-o", folder).status == 2
    assert run("report", study, "-o", folder, "--overwrite").status == 0


def test_a_report_in_another_language(run: Any, study: Path) -> None:
    target = study.parent / "informe.html"
    assert run("report", study, "-o", target, "--lang", "es").status == 0
    text = one_line(html_text(target.read_bytes()))
    assert "Un estudio" in text and "1. Planes" in text and "Cómo se hicieron las cifras" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "-o report.html"),
        (("-o", "x.odt"), ".html, .htm, .docx, .pdf"),
        (("-o", "data.csv"), "no report format"),
        (("-o", "x.html", "--theme", "iomm"), "iom"),
    ],
)
def test_what_cannot_be_meant_is_refused(run: Any, study: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run("report", study, *arguments)
    assert done.status == 2 and said in done.err and done.err.count("\n") == 1


def test_a_data_file_is_no_study(run: Any, study: Path) -> None:
    done = run("report", study.parent / "data.csv", "-o", study.parent / "x.html")
    assert done.status == 2 and "surveytool new" in done.err


def test_the_gate_stands_before_a_report(run: Any, study: Path) -> None:
    """Three women with an odd answer: neither their count nor their share is in any file of the report."""
    rows = (study.parent / "data.csv").read_text(encoding="utf-8").splitlines()
    odd = [*rows, *["perhaps,Female,30.5,1"] * 3, *["perhaps,Male,30.5,1"] * 40]
    (study.parent / "data.csv").write_text("\n".join([*odd, ""]), encoding="utf-8")
    study.write_text(STUDY.replace('languages = ["en", "es"]', 'languages = ["en", "es"]\nmigrants = true'), "utf-8")
    folder = study.parent / "out"
    assert run("report", study, "-o", folder).status == 0
    rows_csv = (folder / "tables.csv").read_text(encoding="utf-8")
    assert "suppressed" in rows_csv
    share = 3 / (3 + sum(1 + n % 3 for n in range(120) if n // 2 % 2))
    shown = re.compile(rf"(?<![\d.]){share * 100:.1f}(%| \()")
    for text in (html_text((folder / "report.html").read_bytes()), docx_text((folder / "report.docx").read_bytes())):
        assert "*" in text and "protected" in text and not shown.search(one_line(text))
    assert run("report", study, "-o", study.parent / "open.html", "--no-protect").status == 0
    assert shown.search(one_line(html_text((study.parent / "open.html").read_bytes())))


@pytest.mark.parametrize("count", [12, 60])
def test_a_long_question_is_drawn_on_one_page(samples: ModuleType, count: int) -> None:
    """Of many answers the most frequent are drawn, and the chart says so; a tall chart is made smaller."""
    levels = [f"Answer number {n}" for n in range(count)]
    results = samples.results(samples.shares("q", "Q", levels, (samples.SEX,), multiple=True))
    document = write(content(samples, results=results, tables=1, drawn=(Drawn(estimates=0, table=0),)), EN)
    chart = document.sections[0].pictures[0].chart
    assert len(chart.levels) == 12
    assert ("12 most frequent of 60" in " ".join(chart.notes)) == (count == 60)
    named = content(samples, results=results, tables=1, drawn=(Drawn(estimates=0, table=0, kind="bars"),))
    tall = write(named, EN)
    assert len(tall.sections[0].pictures[0].chart.levels) == count, "a kind that is asked for draws all"
    if count == 60:
        import io
        import zipfile

        with zipfile.ZipFile(io.BytesIO(render(tall, "docx"))) as package:
            body = package.read("word/document.xml").decode()
        heights = [int(each) for each in re.findall(r'<wp:extent cx="\d+" cy="(\d+)"', body)]
        assert heights and max(heights) <= 21.1 * 360_000
