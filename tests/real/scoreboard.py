"""Real public survey files, opened as a user opens them, and judged by what is known of each.

python tests/real/scoreboard.py [FOLDER]     # prints the scoreboard; FOLDER is ../shared/real

The files stand beside the project and are never part of it. What is right is told by
their documents (``KNOWN``) and by R (``r_answers.csv``); labels are read by pyreadstat,
without the reader that is judged.
"""

from __future__ import annotations

import csv
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[2])]
FOLDER = HERE.parents[2].parent / "shared" / "real"


@dataclass(frozen=True)
class Known:
    """What is right of a file; several names where each will do, none where there is none."""

    weights: tuple[str, ...] = ()
    strata: tuple[str, ...] = ()
    psu: tuple[str, ...] = ()
    sex: str | None = None
    age: str | None = None
    nobody: tuple[str, ...] = ()  # columns of other people, and of none, that must not be breakdowns
    by: tuple[str, ...] = ()  # breakdowns of R's answers


KNOWN: dict[str, Known] = {
    "P_BMX.xpt": Known(),
    "P_DEMO.xpt": Known(
        ("WTINTPRP", "WTMECPRP"), ("SDMVSTRA",), ("SDMVPSU",), "RIAGENDR", "RIDAGEYR", by=("RIAGENDR",)
    ),
    "nhanesraw.csv.gz": Known(
        ("WTMEC2YR",), ("SDMVSTRA",), ("SDMVPSU",), "Gender", "Age", by=("Gender", "Race1", "Race3")
    ),
    "gss2012.sav": Known(("wtss",), sex="sex", age="age"),
    "surveydata_2010.sav": Known(("wtssall", "wtss"), sex="sex", age="age", nobody=("gender1",), by=("sex",)),
    "tun_r5_data.sav": Known(
        ("withinwt",), sex="THISINT", age="Q1", nobody=("PREVINT", "Q113", "Q85C"), by=("THISINT", "URBRUR")
    ),
    "tun_r7_data.sav": Known(("withinwt",), sex="THISINT", age="Q1"),
    "ech2018.sav": Known(
        ("pesoano",), ("estrato",), ("upm_id",), "e26", "e27", nobody=("nomdpto",), by=("e26", "region_4")
    ),
    "eph_ind.txt": Known(("PONDERA",), sex="CH04", age="CH06", by=("CH04", "REGION")),
    "eph_hog.csv": Known(("PONDERA", "PONDIH")),
    "ense_children19.csv": Known(("FACTORMENOR",), sex="SEXOm", age="EDADm"),
    "msna_hc.csv": Known(("sampl_weights",), sex="hhh_gender", by=("hhh_gender", "upazilla")),
    "hdv2003.csv": Known(("poids",), sex="sexe", age="age", by=("sexe",)),
    "fecondite_femmes.sav": Known(("poids",), age="age"),
    "nipn_dp.ex02.csv": Known(psu=("psu",), sex="sex", age="age"),
    "oldr_testSVY.csv": Known(psu=("psu",), sex="d3", age="d2", by=("d3",)),
    "ind_wb.csv": Known(("hhweight",), ("geo1",), ("ea",), "sex", "age", by=("sex", "urbrur")),
    "hld_wb.csv": Known(("hhweight",), ("geo1",), ("ea",), by=("urbrur", "geo1")),
    "StarWars.csv": Known(sex="Gender", age="Age"),
    "flying-etiquette.csv": Known(sex="Gender", age="Age"),
}  # fmt: skip
MEANS = {("tun_r5_data.sav", "Q46A"): 4.57}  # without the labelled "Don't know" (README of the files)
ROWS = {"StarWars.csv": 1186, "flying-etiquette.csv": 1040}
NO_ANSWER = re.compile(
    r"[\s\d.:=()-]*(don'?t know|do not know|dk|dk/?\w{0,8}|don'?t know/?.{0,28}|missing|refused|refused to answer|"
    r"no answer|not applicable|no response|ne sait pas|manquant|iap|na|n/a|dont know|cant choose|not asked.{0,30}|"
    r"no further (reply|answer)|"
    r"no sabe|no responde|sin dato|ignorado|missing/dk|inapplicable|inap)[\s.]*(\(\w{1,3}\))?",
    re.IGNORECASE,
)


@dataclass
class Score:
    """How many of a kind are right, and what is wrong."""

    right: int = 0
    of: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, good: bool, told: str) -> None:
        self.of += 1
        self.right += good
        if not good:
            self.wrong.append(told)

    @property
    def share(self) -> float:
        return self.right / self.of if self.of else 1.0


Board = dict[str, Score]


def score(folder: Path, said: Callable[[str], None] = lambda _: None) -> Board:
    """The whole board; ``said`` hears which file is read."""
    names = (
        "weights", "strata", "PSUs", "applied by itself", "sex", "age", "breakdowns of others", "rows", "non-answers",
        "kinds in .dta", "lines of check", "numbers of R",
    )  # fmt: skip
    board: Board = {name: Score() for name in names}
    for name, known in KNOWN.items():
        if (folder / name).exists():
            said(name)
            _file(folder, name, known, board)
    return board


def _file(folder: Path, name: str, known: Known, board: Board) -> None:
    import surveytool as st
    from surveytool.checks.raw_survey import RawSurvey
    from surveytool.study_draft.design_guess import guesses

    survey = st.read(folder / name)
    raw = RawSurvey(survey)
    found = {guess.setting: guess.value for guess in guesses(raw)}
    design = {part: found.get(part) for part in ("weights", "strata", "psu")}
    design["psu"] = design["psu"][0] if design["psu"] else None
    for label, part, right in (
        ("weights", "weights", known.weights), ("strata", "strata", known.strata), ("PSUs", "psu", known.psu),
    ):  # fmt: skip
        good = design[part] in right if right else design[part] is None
        board[label].add(good, f"{name}: {design[part]} for {right or 'none'}")
    board["applied by itself"].add(not survey.design.columns(), name)
    _people(name, known, raw, board)
    if name in ROWS:
        board["rows"].add(survey.provenance.rows == ROWS[name], f"{name}: {survey.provenance.rows}")
    if name.endswith((".sav", ".dta")):
        _non_answers(folder / name, survey, board["non-answers"])
        _kinds(folder / name, survey, board["kinds in .dta"])
    _lines(folder / name, raw, known, board["lines of check"])
    _numbers(folder, name, known, design, board["numbers of R"])


def _people(name: str, known: Known, raw: Any, board: Board) -> None:
    from surveytool.study_draft.drafted_recodes import age_column
    from surveytool.study_draft.drafted_tables import breakdowns

    by = breakdowns(raw)
    age = age_column(raw) or next((each for each in by if each == known.age), None)
    if known.sex:
        board["sex"].add(known.sex in by, f"{name}: {by} for {known.sex}")
    if known.age:
        board["age"].add(age == known.age, f"{name}: {age} for {known.age}")
    wrong = [each for each in (*by, age) if each in known.nobody]
    board["breakdowns of others"].add(not wrong, f"{name}: {wrong}")


def _meta(path: Path) -> Any:
    import pyreadstat

    reader = pyreadstat.read_dta if path.suffix == ".dta" else pyreadstat.read_sav
    return reader(str(path), user_missing=True)


def _non_answers(path: Path, survey: Any, score: Score) -> None:
    """Every column whose labels, as pyreadstat reads them, hold a whole non-answer that somebody gave."""
    frame, meta = _meta(path)
    told = {name for note in survey.notes if note.code == "looks_missing" for name in dict(note.values)["variables"]}
    for name, labels in meta.variable_value_labels.items():
        ranges = meta.missing_ranges.get(name) or []
        codes = {
            code for code, label in labels.items()
            if NO_ANSWER.fullmatch(str(label).strip()) and not isinstance(code, str)
            and not any(isinstance(each["lo"], float | int) and each["lo"] <= code <= each["hi"] for each in ranges)
        }  # fmt: skip
        given = {code for code in codes if (frame[name] == code).any()}
        if not given or name not in survey.codebook:
            continue
        variable = survey.codebook[name]
        out = {level.code for level in variable.levels if level.missing is not None}
        good = given <= out if variable.kind == "number" else given <= out or name in told
        score.add(good, f"{path.name} {name} ({variable.kind}): {sorted(given)}")


def _kinds(path: Path, survey: Any, score: Score) -> None:
    """The kind of each question once the file is converted to Stata's format."""
    import surveytool as st
    from surveytool.cli.app import main

    if path.suffix != ".sav":
        return
    with tempfile.TemporaryDirectory() as place:
        target = Path(place) / "converted.dta"
        personal = [option for each in survey.codebook.values() if each.sensitive for option in ("--drop", each.name)]
        status = main(["convert", str(path), str(target), *personal])
        if status:
            score.add(False, f"{path.name}: convert ends with {status}")
            return
        other = st.read(target).codebook
    for name, variable in survey.codebook.items():
        if name in other:
            same = other[name].kind == variable.kind
            score.add(same, f"{path.name} {name}: {variable.kind}, in .dta {other[name].kind}")


def _lines(path: Path, raw: Any, known: Known, score: Score) -> None:
    """The lines of ``check`` that can be judged without a person: design, labels, spellings."""
    from surveytool.checks import check

    labels = _meta(path)[1].variable_value_labels if path.suffix in (".sav", ".dta") else {}
    for finding in check(raw.survey).findings:
        values = dict(finding.what.values)
        good = None
        if finding.kind == "weights_unnamed":
            good = finding.where[0] in known.weights
        elif finding.kind == "unit_unnamed":
            good = finding.where[0] in (*known.strata, *known.psu)
        elif finding.kind == "undeclared":
            own = {_code(code) for name in finding.where for code in labels.get(name, {})}
            good = not own & set(values.get("codes", ()))
        elif finding.kind == "spellings":
            good = not any(_alike(text) for text in values["levels"])
        if good is not None:
            score.add(good, f"{path.name} {finding.kind}: {', '.join(finding.where[:3])}")


def _code(code: Any) -> str:
    return str(int(code)) if isinstance(code, float) and code.is_integer() else str(code)


def _alike(text: str) -> bool:
    """Whether two of the spellings that are told are one text."""
    parts = [part.strip("“” ") for part in text.split("”, “")]
    return len(set(parts)) < len(parts)


def answers(folder: Path) -> Iterator[dict[str, str]]:
    """What R says."""
    with (folder / "r_answers.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _numbers(folder: Path, name: str, known: Known, design: dict[str, Any], score: Score) -> None:
    """R's numbers, with the design that is proposed."""
    wanted = [row for row in answers(folder) if row["file"] == name]
    cache: dict[Any, dict[Any, tuple[float, float]]] = {}
    for row in wanted:
        good = any(
            _near(row, _table(folder / name, row, by, design, cache))
            for by in ((None,) if not row["group"] else known.by)
        )
        told = f"{name} {row['variable']} {row['level_code']} {row['group']}"
        score.add(good, told)


def _table(path: Path, row: dict[str, str], by: str | None, design: dict[str, Any], cache: dict[Any, Any]) -> Any:
    import surveytool as st

    total = row["variable"].startswith("total ")
    variable = row["variable"].removeprefix("total ")
    stat = "total" if total else "proportion" if row["level_code"] else "mean"
    key = (variable, by, stat)
    if key not in cache:
        own = st.Design(
            weights=design["weights"], strata=design["strata"], psu=(design["psu"],) if design["psu"] else (),
            lonely_psu="adjust",
        )  # fmt: skip
        cache[key] = {}
        try:
            made = st.summarize(str(path), variable, by=[by] if by else [], stat=stat, design=own)
        except st.SurveytoolError as error:
            cache[key]["error"] = str(error)
            return cache[key]
        book = st.read(str(path), columns=[each for each in (variable, by) if each]).codebook
        codes = {level.label: level.code for level in book[by].levels} if by else {}
        for each in made.rows:
            group = _code(codes.get(each.by[by], each.by[by])) if by and each.by else ""
            cache[key][each.level_code or each.level or "", group] = (each.estimate, each.se)
    return cache[key]


def _near(row: dict[str, str], table: Any) -> bool:
    found = table.get((row["level_code"], row["group"]))
    if found is None or found[0] is None:
        return False
    if (row["file"], row["variable"]) in MEANS:  # R was given the file's "Don't know" as a number
        return abs(found[0] - MEANS[row["file"], row["variable"]]) < 0.005
    estimate, se = float(row["estimate"]), float(row["se"])
    return bool(
        abs(found[0] - estimate) <= 1e-6 * max(1, abs(estimate)) and abs((found[1] or 0) - se) <= 1e-5 * max(se, 1e-3)
    )


def page(board: Board) -> str:
    """The board as a Markdown table."""
    lines = ["| what | right | of | share |", "|---|---:|---:|---:|"]
    for name, each in board.items():
        lines.append(f"| {name} | {each.right} | {each.of} | {100 * each.share:.1f}% |")
    return "\n".join(lines)


if __name__ == "__main__":
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    made = score(place, lambda name: print(name, file=sys.stderr))
    print(page(made))
    for kind, each in made.items():
        for wrong in each.wrong[:40]:
            print(f"  {kind}: {wrong}", file=sys.stderr)
