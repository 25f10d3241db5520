"""The contract of every format: all numbers, all notes, the same bytes, nothing in a label alive."""

import html
import json
import re
from types import ModuleType
from typing import Any

import pytest

from surveytool.errors import UsageError
from surveytool.notes import note
from surveytool.render import CODEBOOKS, FORMATS, SUFFIXES, render, render_codebook
from surveytool.survey import Codebook, Design, Level, Provenance, Survey, Variable
from surveytool.table import report
from surveytool.text import words

EN = words("en")
PEOPLE = [name for name in FORMATS if name not in ("csv", "json")]
SHAPES = (
    "topline", "two_levels", "one_group", "twelve_groups", "crossed", "multiple", "many_by_twelve", "mean", "mean_by",
    "totals", "several",
)  # fmt: skip
HOSTILE = ("[bold]x[/]", "<script>alert(1)</script>", "=1+1", "a|b `c` *d*", "\x1b[31mred\x1b[0m\x07", "two\nlines")


def rendered(results: Any, format: str, language: str = "en", **options: Any) -> str:
    said = words(language)
    return render(report(results, said), format, said, **options).decode("utf-8")


def plain(text: str, format: str) -> str:
    """What a reader sees: markup taken away, spaces made one."""
    if format == "html":
        text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
        text = re.sub(r"<[^>]+>", "", text)
    if format in ("html", "markdown"):
        text = html.unescape(text)
    text = re.sub(r"\\(.)", r"\1", text) if format == "markdown" else text
    return re.sub(r"\s+", " ", re.sub("[\u2068\u2069]", "", text))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("format", PEOPLE)
@pytest.mark.parametrize("width", [80, 120])
def test_every_number_and_every_note_is_there(samples: ModuleType, format: str, shape: str, width: int) -> None:
    results = samples.shapes()[shape]
    made = report(results, EN)
    seen = plain(rendered(results, format, width=width), format)
    for table in made.tables:
        for cell in (cell for row in table.rows for cell in row.cells):
            assert all(part in seen for part in (cell.figure, cell.interval))
        for sentence in (table.title, table.subtitle, table.base, *table.notes):
            assert plain(sentence, "") in seen
    assert all(sentence in seen for sentence in (*made.notes, made.source))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("format", FORMATS)
def test_the_same_bytes_twice(samples: ModuleType, format: str, shape: str) -> None:
    results = samples.shapes()[shape]
    assert rendered(results, format) == rendered(samples.shapes()[shape], format)
    assert rendered(results, format).endswith("\n") and "\r" not in rendered(results, format)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("colour", [False, True])
def test_labels_are_inert(samples: ModuleType, format: str, colour: bool) -> None:
    group = samples.breakdown("g", HOSTILE[1], HOSTILE)
    for levels in (HOSTILE[:2], HOSTILE[2:4], HOSTILE[4:], HOSTILE):
        made = samples.shares("q", HOSTILE[3], levels, (group,), notes=[note("missing_by", variable=HOSTILE[4], n=2)])
        odd = samples.results(made, notes=[note("weights_hint", column=HOSTILE[1])])
        text = rendered(odd, format, colour=colour)
        assert not re.search(r"[\x00-\x09\x0b-\x1a\x7f-\x9f]", text)
        assert "\x1b[31m" not in text
        assert "\x1b" not in text or (format == "terminal" and colour)
        if format in ("html", "markdown"):
            assert "<script" not in text
        if format == "markdown":
            grid = [line for line in text.splitlines() if line.startswith("|")]
            assert len({len(re.findall(r"(?<!\\)\|", line)) for line in grid}) == 1
        if format == "terminal" and HOSTILE[0] in levels:
            assert "[bold]x[/]" in text
        if format == "csv":
            assert not re.search(r"(^|,)\"?[=@]", text, flags=re.MULTILINE)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("language", ["es", "fr"])
def test_other_languages(samples: ModuleType, format: str, language: str) -> None:
    text = rendered(samples.shapes()["multiple"], format, language)
    if format in PEOPLE:
        assert "11,5" in text and "11.5" not in text
    else:
        assert "0.115" in text and "0,115" not in text


@pytest.mark.parametrize("format", PEOPLE)
def test_suppressed_figures_are_nowhere(samples: ModuleType, format: str) -> None:
    rows = [samples.share("q", level, {}, 0.123, 7, flag="suppressed", n_weighted=7.77) for level in "ab"]
    results = samples.results(samples.shares("q", "Q", ("a", "b"), rows=rows))
    text = plain(rendered(results, format), format)
    assert "12.3" not in text and "* Not shown" in text


@pytest.mark.parametrize("format", FORMATS)
def test_a_run_without_tables(samples: ModuleType, format: str) -> None:
    assert rendered(samples.results(), format)


def test_unknown_formats_are_refused(samples: ModuleType) -> None:
    with pytest.raises(UsageError, match="Did you mean 'markdown'"):
        rendered(samples.results(), "markdwn")
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
    text = render_codebook(book(), format, EN, width=80).decode()
    assert render_codebook(book(), format, EN, width=80).decode() == text
    for part in ("sex", "Sex", "310", "210", "Refused", "-98", "age", "520"):
        assert part in plain(text, format)
    assert "Ana" not in text and "<b>" not in (text if format in ("html", "markdown") else "")


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
