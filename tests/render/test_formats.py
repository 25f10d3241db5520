"""The contract of every format: all numbers, all notes, the same bytes, nothing in a label alive.

A new format is held to it by being listed; its reader stands in ``seen.py``.
"""

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from render.seen import READERS, one_line, seen

from surveytool.errors import UsageError
from surveytool.notes import note
from surveytool.render import BINARY, CODEBOOKS, FORMATS, SUFFIXES, render, render_codebook
from surveytool.render.inert_text import clean
from surveytool.survey import Codebook, Design, Level, Provenance, Survey, Variable
from surveytool.table import Cell, report
from surveytool.text import words

EN = words("en")
PEOPLE = [name for name in FORMATS if name not in ("csv", "json")]
SHAPES = (
    "topline", "two_levels", "one_group", "twelve_groups", "crossed", "multiple", "many_by_twelve", "mean", "mean_by",
    "totals", "several",
)  # fmt: skip
HOSTILE = (
    "[bold]x[/]", "<script>alert(1)</script>", "=1+1", "a|b `c` *d*", "\x1b[31mred\x1b[0m\x07", "two\nlines",
    r"\textbf{x} \end{document}", "$x^2$ & 5% #1_~ {}", "a\u202eb", "-- ,, ?` !`", "@SUM(A1)", "العربية",
)  # fmt: skip


def content(results: Any, format: str, language: str = "en", **options: Any) -> bytes:
    said = words(language)
    return render(report(results, said), format, said, **options)


def rendered(results: Any, format: str, language: str = "en", **options: Any) -> str:
    return content(results, format, language, **options).decode("utf-8")


def parts(cell: Cell, format: str) -> list[str]:
    """What must be seen of a cell; a workbook has the ends of an interval apart."""
    if format != "xlsx" or cell.number is None:
        return [cell.figure, cell.interval]
    ends = [] if cell.number.low is None else [cell.number.low, cell.number.high]
    digits, share = cell.number.decimals, cell.number.share
    texts = [EN.percent(end, digits, sign=False) if share else EN.number(end, digits) for end in ends]
    return [*texts, *([cell.figure] if cell.number.value is not None else [])]


def test_every_format_has_a_reader() -> None:
    assert set(READERS) == set(FORMATS) == set(CODEBOOKS)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("format", PEOPLE)
@pytest.mark.parametrize("width", [80, 120])
def test_every_number_and_every_note_is_there(samples: ModuleType, format: str, shape: str, width: int) -> None:
    if width != 80 and format != "terminal":
        return
    results = samples.shapes()[shape]
    made = report(results, EN)
    text = seen(content(results, format, width=width), format)
    for table in made.tables:
        for cell in (cell for row in table.rows for cell in row.cells):
            for part in parts(cell, format):
                assert one_line(part).strip() in text, part
        for sentence in (table.title, table.subtitle, table.base, *table.notes):
            assert one_line(sentence) in text
    assert all(one_line(sentence) in text for sentence in (*made.notes, made.source))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("format", FORMATS)
def test_the_same_bytes_twice(samples: ModuleType, format: str, shape: str) -> None:
    made = content(samples.shapes()[shape], format)
    assert made == content(samples.shapes()[shape], format)
    assert format in BINARY or (made.endswith(b"\n") and b"\r" not in made)


@pytest.mark.parametrize("format", sorted(BINARY))
def test_a_document_tells_no_time(samples: ModuleType, format: str) -> None:
    made = content(samples.shapes()["several"], format)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert {each.date_time for each in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        texts = b"".join(package.read(name) for name in package.namelist() if name.startswith("docProps"))
    assert str(date.today().year).encode() not in texts


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("colour", [False, True])
def test_labels_are_inert(samples: ModuleType, format: str, colour: bool) -> None:
    group = samples.breakdown("g", HOSTILE[1], HOSTILE)
    for levels in (HOSTILE[:2], HOSTILE[2:4], HOSTILE[4:], HOSTILE):
        made = samples.shares("q", HOSTILE[3], levels, (group,), notes=[note("missing_by", variable=HOSTILE[4], n=2)])
        odd = samples.results(made, notes=[note("weights_hint", column=HOSTILE[1])])
        written = content(odd, format, colour=colour)
        text = READERS[format](written)
        assert not re.search(r"[\x00-\x09\x0b-\x1a\x7f-\x9f\u202e]", text)
        assert "\x1b[31m" not in text
        assert "\x1b" not in text or (format == "terminal" and colour)
        if format in PEOPLE and format != "terminal":
            assert all(one_line(clean(label)) in one_line(text) for label in levels), "every label reads as itself"
        if format in ("html", "markdown"):
            assert b"<script" not in written
        if format == "markdown":
            grid = [line for line in written.decode().splitlines() if line.startswith("|")]
            assert len({len(re.findall(r"(?<!\\)\|", line)) for line in grid}) == 1
        if format == "terminal" and HOSTILE[0] in levels:
            assert "[bold]x[/]" in text
        if format == "csv":
            assert not re.search(r"(^|,)\"?[=@]", text, flags=re.MULTILINE)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("language", ["es-ES", "fr"])
def test_other_languages(samples: ModuleType, format: str, language: str) -> None:
    text = seen(content(samples.shapes()["multiple"], format, language), format)
    if format == "xlsx":
        assert words(language).word("sheet_contents") in text  # a workbook's reader writes its own commas
    elif format in PEOPLE:
        assert "11,5" in text and "11.5" not in text
    else:
        assert "0.115" in text and "0,115" not in text


@pytest.mark.parametrize("format", PEOPLE)
def test_suppressed_figures_are_nowhere(samples: ModuleType, format: str) -> None:
    rows = [samples.share("q", level, {}, 0.123, 7, flag="suppressed", n_weighted=7.77) for level in "ab"]
    results = samples.results(samples.shares("q", "Q", ("a", "b"), rows=rows))
    text = seen(content(results, format), format)
    assert "12.3" not in text and "0.123" not in text and "* Not shown" in text


@pytest.mark.parametrize("format", FORMATS)
def test_a_run_without_tables(samples: ModuleType, format: str) -> None:
    assert content(samples.results(), format)


def test_unknown_formats_are_refused(samples: ModuleType) -> None:
    with pytest.raises(UsageError, match="Did you mean 'markdown'"):
        content(samples.results(), "markdwn")
    assert set(SUFFIXES.values()) == set(FORMATS) == set(CODEBOOKS)


def book() -> Survey:
    levels = (
        Level(code=1.0, label="=Male", count=310),
        Level(code=2.0, label="Female|<b>", count=210),
        Level(code=-98.0, label="Refused", count=11, missing="refused"),
    )
    secret = (Level(code="Ana", label="Ana", count=1),)
    variables = (
        Variable(name="sex", kind="single", label="Sex", labels={"es": "Sexo"}, levels=levels, columns=("sex",),
                 n=520, n_missing=11),
        Variable(name="who", kind="text", levels=secret, columns=("who",), n=1),
        Variable(name="tel", kind="single", levels=secret, columns=("tel",), n=1, sensitive=True),
        Variable(name="age", kind="number", label="Age", columns=("age",), n=531),
    )  # fmt: skip
    where = Provenance(path="a.csv", sha256="ff", rows=531)
    return Survey(frame=None, codebook=Codebook({each.name: each for each in variables}), provenance=where)


@pytest.mark.parametrize("format", CODEBOOKS)
def test_codebook(format: str) -> None:
    made = render_codebook(book(), format, EN, width=80)
    assert render_codebook(book(), format, EN, width=80) == made
    text = seen(made, format)
    for part in ("sex", "Sex", "310", "210", "Refused", "-98", "age", "520", "=Male", "Female|<b>"):
        assert part in text
    assert "Ana" not in text


def test_codebook_json_is_the_interface() -> None:
    found = json.loads(render_codebook(book(), "json", words("es")))
    assert list(found) == ["schema", "source", "variables"] and found["schema"] == 1
    assert found["source"] == {"path": "a.csv", "sha256": "ff", "rows": 531}
    sex, who, tel, _ = found["variables"]
    assert sex == {
        "name": "sex", "label": "Sexo", "kind": "single", "n": 520, "n_missing": 11,
        "levels": [
            {"code": "1", "label": "=Male", "count": 310, "missing": None},
            {"code": "2", "label": "Female|<b>", "count": 210, "missing": None},
            {"code": "-98", "label": "Refused", "count": 11, "missing": "refused"},
        ],
        "columns": ["sex"], "sensitive": False,
    }  # fmt: skip
    assert who["levels"] == [] == tel["levels"] and tel["sensitive"] is True


def test_codebook_csv_has_a_row_a_level() -> None:
    lines = render_codebook(book(), "csv", EN).decode().splitlines()
    assert lines[0] == "variable,label,kind,code,level_label,missing,count,n,n_missing,columns,sensitive"
    assert lines[1] == "sex,Sex,single,1,'=Male,,310,520,11,sex,false"
    assert lines[3] == "sex,Sex,single,-98,Refused,refused,11,520,11,sex,false"
    assert lines[4] == "who,,text,,,,,1,0,who,false" and len(lines) == 7


def test_the_design_with_replicates_is_in_json(samples: ModuleType) -> None:
    from surveytool.survey import Replicates

    design = Design(weights="w", replicates=Replicates(columns=("rw*",), method="brr"))
    results = samples.results(samples.means(), design=design)
    assert json.loads(rendered(results, "json"))["design"]["replicates"]["columns"] == ["rw*"]
    assert "replicate weights rw*" in rendered(results, "terminal")


@pytest.mark.parametrize("format", ["terminal", "markdown", "html", "latex", "docx"])
def test_an_explanation_is_there_with_its_code(samples: ModuleType, format: str) -> None:
    from surveytool.replication_code import Explanation

    results = samples.shapes()["topline"]
    row = results.estimates[0].rows[0]
    code = 'a <- subset(d, x == "<b>")\n  print(a %in% 1)'
    given = Explanation(table="phone", row=row, lines=("Row: <b> & 5%.",), r=code, stata="svy: mean x_1")
    made = replace(report(results, EN), explanations=(given,))
    text = seen(render(made, format, EN, width=100), format)
    for part in ("Row: <b> & 5%.", 'a <- subset(d, x == "<b>")', "print(a %in% 1)", "svy: mean x_1"):
        assert part in text


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_python_saves_every_format(tmp_path: Path, suffix: str) -> None:
    import pyarrow as pa

    import surveytool as st

    found = st.summarize(pa.table({"q": ["a", "b"] * 20, "g": ["x"] * 20 + ["y"] * 20}), "q", by="g")
    target = tmp_path / f"table{suffix}"
    found.save(target)
    assert "50.0" in seen(target.read_bytes(), SUFFIXES[suffix]) or SUFFIXES[suffix] in ("csv", "json")
    if SUFFIXES[suffix] in BINARY:
        with pytest.raises(UsageError, match="save"):
            found.render(SUFFIXES[suffix])
