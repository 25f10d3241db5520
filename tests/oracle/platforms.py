"""Every platform's own way to write the same survey, with habits switched on at random."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import numpy as np
from oracle import formats
from oracle.formats import Marks
from oracle.sheet import Column, Several, Sheet, design, list_cells, options, personal, questions, single, weights
from oracle.truth import Truth, survey

Maker = Callable[[Truth, np.random.Generator, Path], tuple[Path, Sheet]]


def _on(rng: np.random.Generator, chance: float = 0.2) -> bool:
    return bool(rng.random() < chance)


def _option_names(truth: Truth, pattern: str, by_label: bool = False) -> list[str]:
    """``apps_{n}``, ``apps/{name}``: the columns of the options."""
    return [
        pattern.format(n=place, name=label if by_label else name)
        for place, (name, label) in enumerate(truth.questions["apps"].options, start=1)
    ]


def _several(truth: Truth, columns: list[str], parent: str | None, habits: set[str]) -> Several:
    names = [
        {name, label, column, f"{truth.questions['apps'].label} {label}", column.rpartition("[")[2].rstrip("]")}
        for (name, label), column in zip(truth.questions["apps"].options, columns or ["apps"] * 4, strict=True)
    ]
    return Several("apps", columns, parent, names, set(truth.questions["apps"].habits) | habits)


# --- statistical files


def _statistical(truth: Truth, rng: np.random.Generator, style: str, platform: str) -> Sheet:
    """Codes with labels, and options in 0/1 or tick-only columns."""
    tick = _on(rng, 0.3)
    names = _option_names(truth, "apps_{n}")
    columns = [*questions(truth, style, rng), *options(truth, names, (1.0, None if tick else 0.0, None))]
    habits = {"tick only"} if tick else set()
    sheet = Sheet(truth, platform, [*columns, *design(truth), weights(truth)])
    sheet.several = [_several(truth, names, None, habits)]
    _blank_weights(sheet, rng)
    return sheet


def _blank_weights(sheet: Sheet, rng: np.random.Generator) -> None:
    """No weight for those who are outside of a domain: the men, say."""
    if not _on(rng, 0.06):
        return
    sheet.habits.add("blank weights")
    outside = sheet.truth.questions["sex"].values == 2
    column = sheet.column(sheet.weights)
    column.cells = [None if out else cell for cell, out in zip(column.cells, outside, strict=True)]


def sav(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """SPSS."""
    sheet = _statistical(truth, rng, "labelled", "SPSS .sav")
    return _spss(sheet, rng, folder / "survey.sav")


def zsav(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """SPSS, compressed."""
    return _spss(_statistical(truth, rng, "labelled", "SPSS .zsav"), rng, folder / "survey.zsav")


def _spss(sheet: Sheet, rng: np.random.Generator, path: Path) -> tuple[Path, Sheet]:
    if _on(rng, 0.4):
        for each in sheet.columns:
            each.habits |= {"measure scale"} if each.labels else set()
    _long_codes(sheet, rng)
    formats.statistical(sheet, path)
    if path.suffix == ".sav" and _on(rng, 0.4):
        sheet.several[0].habits.add("declared set")
        formats.with_set(sheet, path)
    return path, sheet


def _long_codes(sheet: Sheet, rng: np.random.Generator) -> None:
    """Text codes longer than eight letters, with labels."""
    if not _on(rng, 0.15):
        return
    codes = {place: f"CAMP-{text}-{place:03d}" for place, text in enumerate(["NORTH", "SOUTH", "EAST", "WEST"], 1)}
    column = sheet.column("region")
    column.cells = [codes[int(cell)] for cell in column.cells]
    column.labels = {codes[code]: text for code, text in column.labels.items()}  # type: ignore[misc]
    column.tokens = list(column.cells)
    column.names = {codes[int(str(code))]: text for code, text in column.names.items()}
    column.habits.add("long text codes")


def por(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """SPSS portable: no value labels can be written here; words as text at times."""
    style = "words" if truth.script == "latin" and _on(rng, 0.6) else "codes"
    sheet = _statistical(truth, rng, style, "SPSS .por")
    formats.statistical(sheet, folder / "survey.por")
    return folder / "survey.por", sheet


def _text_habit(sheet: Sheet, habit: str) -> None:
    """A habit of every column with words that are not ASCII."""
    for each in sheet.columns:
        if not all(str(cell).isascii() for cell in [*each.cells, *each.labels.values()]):
            each.habits.add(habit)


def dta(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """Stata, version 8 to 15."""
    version = int(rng.choice([8, 10, 12, 13, 14, 15]))
    sheet = _statistical(truth, rng, "labelled", "Stata .dta")
    if version < 14 and truth.script != "latin":
        _text_habit(sheet, "old Stata text")
    for each in sheet.columns:
        if each.missing:
            each.habits.add("tagged missing")
    formats.statistical(sheet, folder / "survey.dta", version)
    return folder / "survey.dta", sheet


def xpt(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """SAS transport, version 5 or 8."""
    style = "words" if _on(rng, 0.4) else "codes"
    sheet = _statistical(truth, rng, style, "SAS .xpt")
    if style == "words" and truth.script != "latin":
        _text_habit(sheet, "8-bit text")
    formats.statistical(sheet, folder / "survey.xpt", int(rng.choice([5, 8])))
    return folder / "survey.xpt", sheet


def dhs(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """As the Demographic and Health Surveys: weights with six implied decimals."""
    truth.scale = 1e6
    sheet = _statistical(truth, rng, "labelled", "DHS style")
    weight = sheet.column("w")
    weight.name, sheet.weights, weight.label = "v005", "v005", "Women's individual sample weight (6 decimals)"
    sheet.habits.add("implied decimals")
    path = folder / ("survey.dta" if _on(rng, 0.5) else "survey.sav")
    formats.statistical(sheet, path, 14)
    truth.scale = 1.0
    return path, sheet


# --- text files


LOCALES = [
    ("csv comma", Marks(), set()),
    ("csv semicolon", Marks(";", ",", ".", "utf-8-sig", "%d/%m/%Y"), {"decimal comma", "day first"}),
    ("csv tab", Marks("\t", ".", ",", "utf-16", "%d.%m.%Y"), {"UTF-16", "day first"}),
    ("csv Windows-1252", Marks(";", ",", " ", "cp1252", "%d/%m/%Y"), {"decimal comma", "Windows-1252", "day first"}),
    ("csv Windows-1251", Marks(";", ",", "\u00a0", "cp1251", "%d.%m.%Y"),
     {"decimal comma", "Windows-1251", "day first"}),
    ("csv American", Marks(",", ".", ",", "utf-8", "%m/%d/%Y"), {"month first"}),
    ("csv Swiss", Marks(";", ".", "'", "utf-8", "%d.%m.%Y"), {"day first"}),
]  # fmt: skip


def delimited(place: int) -> Maker:
    """A csv of one locale."""

    def made(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
        name, marks, habits = LOCALES[place]
        style = "words" if _on(rng, 0.6) else "codes"
        sheet = _statistical(_lettered(truth, marks.encoding), rng, style, name)
        sheet.column("day").habits |= habits & {"day first", "month first"}
        sheet.column("income").habits |= habits & {"decimal comma"}
        for each in sheet.columns:
            if not all(str(cell).isascii() for cell in each.cells):
                each.habits |= habits & {"Windows-1251", "Windows-1252", "UTF-16"}
        changed = _text_habits(sheet, rng, marks)
        path = folder / ("survey.tsv" if marks.delimiter == "\t" else "survey.csv")
        formats.delimited(sheet, path, changed)
        return path, sheet

    return made


def _lettered(truth: Truth, encoding: str) -> Truth:
    """The same survey in letters that the encoding has."""
    if encoding == "cp1251":
        return survey(truth.seed, "cyrillic")
    return survey(truth.seed, "accents") if encoding == "cp1252" and truth.script == "cyrillic" else truth


def _text_habits(sheet: Sheet, rng: np.random.Generator, marks: Marks) -> Marks:
    """What people and programs do to text files."""
    from dataclasses import replace

    cell_habits(sheet, rng, forms=marks.encoding.startswith("utf"))
    income = sheet.column("income")
    if marks.thousands and _on(rng, 0.35):
        income.habits.add("thousands dots" if marks.thousands == "." else "thousands marks")
        if _on(rng, 0.3):
            income.habits.add("currency")
            marks = replace(marks, currency="$")
    if _on(rng, 0.15):
        sheet.column("age").habits.add("leading zeros")
    if _on(rng, 0.08) and marks.encoding.startswith("utf-8"):
        sheet.habits.add("sep= line")
        marks = replace(marks, head=f"sep={marks.delimiter}")
    if _on(rng, 0.08) and marks.encoding == "utf-8":
        sheet.columns.append(Column("comment", ["fine"] * sheet.truth.n, kind="other"))
        for each in sheet.columns:
            if not all(str(cell).isascii() for cell in each.cells):
                each.habits.add("one bad byte")
        marks = replace(marks, bad_byte=True)
    return marks


def cell_habits(sheet: Sheet, rng: np.random.Generator, forms: bool = True) -> None:
    """Blanks that are not blank, and one answer in two spellings."""
    for word, chance in (("cells of spaces", 0.15), ("n/a", 0.1), ("#NULL!", 0.1), ("NULL", 0.08)):
        if _on(rng, chance):
            _mark_blanks(sheet, word, str(rng.choice(["water", "income", "sex", "band"])))
    if _on(rng, 0.15):
        _spell(sheet, rng, "trailing blanks", lambda text: f"{text} ")
    if _on(rng, 0.15) and forms:
        _spell(sheet, rng, "unicode forms", lambda text: unicodedata.normalize("NFD", text))
    if _on(rng, 0.08):
        age = sheet.column("age")
        at = int(rng.integers(sheet.truth.n))
        age.cells[at] = str(rng.choice(["n/a", "Don't know", "no sabe", "?"]))
        assert age.numbers is not None and age.real is not None
        age.numbers = np.where(np.arange(sheet.truth.n) == at, np.nan, age.numbers)
        age.real = age.real & (np.arange(sheet.truth.n) != at)
        age.habits.add("stray text in a number")


def _mark_blanks(sheet: Sheet, word: str, name: str) -> None:
    """Blank cells of a column with a mark in them; it needs some."""
    column = sheet.column(name)
    if not any(cell is None for cell in column.cells):
        return
    mark = " " if word == "cells of spaces" else word
    column.cells = [mark if cell is None else cell for cell in column.cells]
    column.habits.add(word)


def _spell(sheet: Sheet, rng: np.random.Generator, habit: str, change: Callable[[str], str]) -> None:
    """Some cells of a column of words in another form."""
    column = sheet.column(str(rng.choice(["water", "region", "partner", "sex"])))
    turned = [change(cell) if isinstance(cell, str) and rng.random() < 0.25 else cell for cell in column.cells]
    if turned != column.cells:
        column.cells = turned
        column.habits.add(habit)


# --- workbooks and tables


def xlsx(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """A tidy workbook."""
    sheet = _statistical(truth, rng, "words" if _on(rng, 0.6) else "codes", "Excel, tidy")
    formats.workbook(sheet, folder / "survey.xlsx")
    return folder / "survey.xlsx", sheet


def messy_xlsx(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """A workbook as offices keep them."""
    sheet = _statistical(truth, rng, "words" if _on(rng, 0.6) else "codes", "Excel, messy")
    cell_habits(sheet, rng)
    chosen = str(rng.choice(["title rows", "merged heads", "total row", "numbers as text", "merged downward", "bands"]))
    if chosen == "merged downward":
        _merge_down(sheet, _on(rng, 0.5))
    elif chosen == "bands":
        _band_dates(sheet)
    else:
        sheet.habits.add(chosen)
    formats.workbook(sheet, folder / "survey.xlsx", as_text="numbers as text" in sheet.habits)
    return folder / "survey.xlsx", sheet


def _merge_down(sheet: Sheet, merged: bool) -> None:
    """Respondents sorted by region, which stands in the first row of each only, in a cell merged over all or alone."""
    column = sheet.column("region")
    order = sorted(range(sheet.truth.n), key=lambda row: str(column.cells[row]))
    _reorder(sheet, order)
    column.cells = [
        cell if row == 0 or cell != column.cells[row - 1] else None for row, cell in enumerate(list(column.cells))
    ]
    column.habits.add("cells merged downward" if merged else "first row of a block only")


def _reorder(sheet: Sheet, order: list[int]) -> None:
    """The respondents of a sheet in another order, their truth with them."""
    place = np.array(order)
    truth = sheet.truth
    truth.weights, truth.strata, truth.units = truth.weights[place], truth.strata[place], truth.units[place]
    for question in truth.questions.values():
        question.values = question.values[place]
        question.asked = None if question.asked is None else question.asked[place]
        question.chosen = None if question.chosen is None else question.chosen[place]
    for column in sheet.columns:
        column.cells = [column.cells[row] for row in order]
        column.tokens = [column.tokens[row] for row in order] if column.tokens else []
        column.real = None if column.real is None else column.real[place]
        column.numbers = None if column.numbers is None else column.numbers[place]


def _band_dates(sheet: Sheet) -> None:
    """Excel takes 5-9 for the ninth of May, and 10-14 for the fourteenth of October."""
    from datetime import date

    column = sheet.column("band")
    if not any(isinstance(cell, str) for cell in column.cells):
        return
    turned = {"10-14": date(2023, 10, 14)}
    column.cells = [turned.get(cell, cell) if isinstance(cell, str) else cell for cell in column.cells]
    column.habits.add("dates among bands")


def parquet(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """Parquet, with words, codes or dictionaries."""
    sheet = _statistical(truth, rng, "words" if _on(rng, 0.6) else "codes", "Parquet")
    formats.parquet(sheet, folder / "survey.parquet")
    return folder / "survey.parquet", sheet


def duckdb(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """A DuckDB database."""
    sheet = _statistical(truth, rng, "words" if _on(rng, 0.6) else "codes", "DuckDB")
    formats.duckdb(sheet, folder / "survey.duckdb")
    return folder / "survey.duckdb", sheet


# --- platforms of forms


def _form(truth: Truth, rng: np.random.Generator, platform: str, style: str = "") -> Sheet:
    """The questions of a form without the one with several answers; at times with names and telephones in a group."""
    style = style or ("words" if _on(rng, 0.5) else "codes")
    return Sheet(truth, platform, questions(truth, style, rng))


def _end(sheet: Sheet, columns: list[Column], listed: Several) -> None:
    sheet.columns += [*columns, *design(sheet.truth), weights(sheet.truth)]
    sheet.several = [listed]


def _identify(sheet: Sheet, rng: np.random.Generator, sign: str) -> None:
    """Personal columns, in a group of the form at times."""
    if not _on(rng, 0.3):
        return
    grouped = sign and _on(rng, 0.6)
    found = personal(sheet.truth, f"demo{sign}" if grouped else "")
    sheet.columns = [*found, *sheet.columns]
    sheet.personal = [each.name for each in found]
    sheet.grouped = bool(grouped)


def _kobo_list(sheet: Sheet, by_label: bool) -> Column:
    cells = list_cells(sheet.truth, " ", by_label)
    return Column("apps", list(cells), "apps", "list", "Which apps?")


def kobo(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """KoboToolbox: semicolons, quoted, a list and its 0/1 columns, blank where not asked."""
    by_label, only = _on(rng, 0.3), _on(rng, 0.15)
    sheet = _form(truth, rng, "Kobo")
    names = [] if only else _option_names(truth, "apps/{name}", by_label)
    listed = _kobo_list(sheet, by_label)
    habits = ({"labels in the list"} if by_label else set()) | ({"list only"} if only else set())
    if not only and not by_label and _on(rng, 0.15):
        at = next((row for row, cell in enumerate(listed.cells) if cell), 0)
        listed.cells[at] = f"{listed.cells[at]} whatsap"
        habits.add("list with a typing error")
    made = options(truth, names, ("1", "0", None)) if names else []
    _end(sheet, [listed, *made], _several(truth, names, "apps", habits))
    _identify(sheet, rng, "/")
    formats.delimited(sheet, folder / "survey.csv", Marks(delimiter=";", quote_all=True))
    return folder / "survey.csv", sheet


def odk(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """ODK Central: 0 also where the question was not asked."""
    sheet = _form(truth, rng, "ODK")
    names = _option_names(truth, "apps/{name}")
    made = options(truth, names, ("1", "0", "0"))
    _end(sheet, [_kobo_list(sheet, False), *made], _several(truth, names, "apps", {"zeros where not asked"}))
    _identify(sheet, rng, "-")
    formats.delimited(sheet, folder / "survey.csv", Marks())
    return folder / "survey.csv", sheet


def ona(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """Ona: n/a, TRUE and FALSE, FALSE where not asked, no list at times, a row of labels at times."""
    sheet = _form(truth, rng, "Ona")
    habits = {"zeros where not asked"}
    names = _option_names(truth, "apps/{name}", by_label=True)
    made = options(truth, names, ("TRUE", "FALSE", "FALSE"))
    parent = _on(rng, 0.4)
    habits |= set() if parent else {"no list"}
    lists = [_kobo_list(sheet, False)] if parent else []
    _end(sheet, [*lists, *made], _several(truth, names, "apps" if parent else None, habits))
    _identify(sheet, rng, "/")
    if _on(rng, 0.5):
        for column in sheet.columns:
            if any(cell is None for cell in column.cells):
                column.cells = ["n/a" if cell is None else cell for cell in column.cells]
                column.habits.add("n/a")
    if _on(rng, 0.3):
        sheet.above = [[each.label or each.name for each in sheet.columns]]
        sheet.habits.add("label row")
    formats.delimited(sheet, folder / "survey.csv", Marks())
    return folder / "survey.csv", sheet


def redcap(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """REDCap: apps___1, with zeros for those who were never asked."""
    sheet = _form(truth, rng, "REDCap")
    sheet.columns.insert(0, Column("record_id", [float(row + 1) for row in range(truth.n)], kind="other"))
    names = _option_names(truth, "apps___{n}")
    made = options(truth, names, (1.0, 0.0, 0.0))
    _end(sheet, made, _several(truth, names, None, {"zeros where not asked", "no list"}))
    _identify(sheet, rng, "")
    formats.delimited(sheet, folder / "survey.csv", Marks())
    return folder / "survey.csv", sheet


def limesurvey(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """LimeSurvey: apps[SQ001], Y or blank, or Yes, No and N/A."""
    sheet = _form(truth, rng, "LimeSurvey")
    first = [Column("id", [float(row + 1) for row in range(truth.n)], kind="other"),
             Column("submitdate", ["2026-03-01 10:00:00"] * truth.n, kind="other")]  # fmt: skip
    sheet.columns = [*first, *sheet.columns]
    names = _option_names(truth, "apps[SQ00{n}]")
    full = _on(rng, 0.4)
    marks = ("Yes", "No", "N/A") if full else ("Y", None, None)
    made = options(truth, names, marks)
    _end(sheet, made, _several(truth, names, None, {"n/a"} if full else {"tick only"}))
    formats.delimited(sheet, folder / "survey.csv", Marks(quote_all=True))
    return folder / "survey.csv", sheet


def qualtrics(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """Qualtrics: three rows of names; the text of the choice, or 1, where it was chosen."""
    sheet = _form(truth, rng, "Qualtrics")
    first = [Column("ResponseId", [f"R_{row:06d}x" for row in range(truth.n)], kind="other", label="Response ID"),
             Column("Finished", ["True"] * truth.n, kind="other", label="Finished")]  # fmt: skip
    sheet.columns = [*first, *sheet.columns]
    names = _option_names(truth, "apps_{n}")
    made = options(truth, names, ("*" if _on(rng, 0.6) else "1", None, None))
    for column, (_, label) in zip(made, truth.questions["apps"].options, strict=True):
        column.label = f"Which apps? (Select all) - Selected Choice - {label}"
    _end(sheet, made, _several(truth, names, None, {"tick only"}))
    for place, option in enumerate(sheet.several[0].options):
        option.add(made[place].label)
    sheet.above = [[each.label or each.name for each in sheet.columns],
                   [f'{{"ImportId":"QID{place}"}}' for place, _ in enumerate(sheet.columns)]]  # fmt: skip
    formats.delimited(sheet, folder / "survey.csv", Marks())
    return folder / "survey.csv", sheet


def surveymonkey(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """SurveyMonkey: two rows of names; the option's text where it was chosen."""
    sheet = _form(truth, rng, "SurveyMonkey", "words")
    first = [Column("RespondentID", [float(11_000_000 + 7 * row) for row in range(truth.n)], kind="other")]
    if _on(rng, 0.5):
        first.append(Column("CollectorID", [4411.0] * truth.n, kind="other"))
    else:
        sheet.habits.add("one id column")
    sheet.columns = [*first, *sheet.columns]
    made = options(truth, ["apps", "", "", ""], ("*", None, None))
    _end(sheet, made, _several(truth, [], None, {"tick only"}))
    labels = [label for _, label in truth.questions["apps"].options]
    sheet.several[0].columns = [f"apps/{label}" for label in labels]
    sheet.above = [["" if each in first else labels[each.option] if each.option is not None else "Response"
                    for each in sheet.columns]]  # fmt: skip
    formats.delimited(sheet, folder / "survey.csv", Marks())
    return folder / "survey.csv", sheet


def google(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """Google Forms: the chosen options in one cell, joined by comma and blank."""
    return _joined(truth, rng, folder, "Google Forms", ", ", "")


def microsoft(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """Microsoft Forms: a semicolon after each chosen option."""
    return _joined(truth, rng, folder, "Microsoft Forms", ";", ";")


def _joined(
    truth: Truth, rng: np.random.Generator, folder: Path, platform: str, sign: str, end: str
) -> tuple[Path, Sheet]:
    sheet = _form(truth, rng, platform, "words")
    stamp = [f"{1 + row % 27}/03/2026 10:{row % 60:02d}:00" for row in range(truth.n)]
    sheet.columns.insert(0, Column("Timestamp", list(stamp), kind="other"))
    listed = Column("apps", list(list_cells(truth, sign, True, end)), "apps", "list", "Which apps?")
    _end(sheet, [listed], _several(truth, [], "apps", {"list only"}))
    path = folder / ("survey.csv" if sign == ", " else "survey.xlsx")
    if sign == ", ":
        formats.delimited(sheet, path, Marks())
    else:
        formats.workbook(sheet, path)
    return path, sheet


# --- large data, and what R writes


def in_blocks(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """A file that is read as large data are, block by block."""
    makers = [delimited(0), kobo, odk, ona, redcap, limesurvey, google, parquet, parquet, duckdb]
    path, sheet = makers[int(rng.integers(len(makers)))](truth, rng, folder)
    if path.suffix == ".csv" and _on(rng, 0.5) and not sheet.above:
        path = folder / "survey.parquet"
        formats.parquet(_texts_alone(sheet), path)
    sheet.platform, sheet.blocks = f"{'csv' if path.suffix == '.csv' else 'tables'}, in blocks", True
    return path, sheet


def _texts_alone(sheet: Sheet) -> Sheet:
    """Cells of one type in each column, as a table has them: codes of options as numbers."""
    for each in sheet.columns:
        filled = [cell for cell in each.cells if cell is not None]
        said = set(map(str, filled))
        if said and said <= {"1", "0"}:
            each.cells = [float(cell) if cell is not None else None for cell in each.cells]
        elif said and said <= {"TRUE", "FALSE"}:
            each.cells = [None if cell is None else cell == "TRUE" for cell in each.cells]
        elif any(isinstance(cell, str) for cell in filled) and not all(isinstance(cell, str) for cell in filled):
            each.cells = [None if cell is None else cell if isinstance(cell, str) else formats.text_of(cell)
                          for cell in each.cells]  # fmt: skip
        each.habits -= {"leading zeros", "thousands marks", "thousands dots", "currency", "one bad byte"}
    sheet.habits -= {"sep= line"}
    return sheet


def sas(truth: Truth, rng: np.random.Generator, folder: Path) -> tuple[Path, Sheet]:
    """A SAS data set, which only R's haven writes among what is free: slow, and asked for by ``--with-r``."""
    style = "words" if truth.script == "latin" and _on(rng, 0.4) else "codes"
    sheet = _statistical(truth, rng, style, "SAS .sas7bdat")
    formats.sas(sheet, folder)
    return folder / "survey.sas7bdat", sheet


BY_R: dict[str, Maker] = {"SAS .sas7bdat": sas}
PLATFORMS: dict[str, Maker] = {
    "SPSS .sav": sav, "SPSS .zsav": zsav, "SPSS .por": por, "Stata .dta": dta, "SAS .xpt": xpt, "DHS style": dhs,
    **{name: delimited(place) for place, (name, _, _) in enumerate(LOCALES)},
    "Excel, tidy": xlsx, "Excel, messy": messy_xlsx, "Parquet": parquet, "DuckDB": duckdb, "Kobo": kobo, "ODK": odk,
    "Ona": ona, "REDCap": redcap, "LimeSurvey": limesurvey, "Qualtrics": qualtrics, "SurveyMonkey": surveymonkey,
    "Google Forms": google, "Microsoft Forms": microsoft, "in blocks": in_blocks,
}  # fmt: skip
__all__ = ["PLATFORMS", "single"]
