"""Every command takes a study file; what was typed wins over it; labels speak the language that is asked for."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import surveytool
from surveytool.study import load_study, open_study

ROOT = Path(__file__).resolve().parents[2]
STUDY = ROOT / "configs" / "iom_2023.toml"
RELEASE = ROOT / "configs" / "iom_2023_release.toml"
DATA = ROOT / "examples" / "iom_2023" / "transit.sav"
Write = Callable[..., Path]


def estimates(done: Any, variable: str, level: str) -> dict[str, float]:
    """Estimates of a level by group."""
    assert done.status == 0, done.err
    rows = [each for each in done.json["rows"] if (each["variable"], each["level"]) == (variable, level)]
    return {"/".join(each["by"].values()): each["estimate"] for each in rows}


def test_a_study_prints_its_tables(run: Any) -> None:
    done = run("summarize", STUDY, "--format", "json")
    made = done.json
    assert [each["variable"] for each in made["tables"]] == [
        "smartphone_internet", "any_technology", "social_media", "tech_journey", "platforms", "phone_purpose",
        "informed_by", "smuggler_used", "weeks_travel", "social_media", "smuggler_used",
    ]  # fmt: skip
    assert made["tables"][3]["label"] == "Used technology during the crossing, by age and sex"
    assert made["tables"][-1]["label"].startswith(
        "By route, an illustration (no figure by route was published): Used a"
    )
    north = {"pathway.corridor": "North to the United States and Canada"}
    assert {each["n"] for each in made["rows"] if each["by"] == north} == {312, 278}
    assert made["design"]["weights"] == "weight"
    assert made["source"]["rows"] == 531
    assert estimates(done, "social_media", "Yes")["Male"] == pytest.approx(0.47, abs=0.005)
    text = run("summarize", STUDY).out
    assert (
        "indicative" in text
        and "Source: Invented respondents, made so that figures" in text
        and "transit.sav" not in text
    )


def test_its_labels_speak_the_language_that_is_typed(run: Any) -> None:
    spanish = run("summarize", STUDY, "--lang", "es").out
    assert "Hombre" in spanish and "Edad" in spanish and "46 o más" in spanish and "Base: personas" in spanish
    assert "Male" not in spanish and "Sex\n" not in spanish
    english, spoken = (
        run("summarize", STUDY, "--format", "json", "--lang", each).json["rows"] for each in ("en", "es")
    )
    assert [each["estimate"] for each in english] == [each["estimate"] for each in spoken]


def test_variables_make_tables_with_its_design_labels_and_recodes(run: Any) -> None:
    mine = run("summarize", STUDY, "social_media", "--by", "age_band", "--format", "json")
    plain = run("summarize", DATA, "social_media", "--by", "age_group", "-w", "weight", "--protect", "--format", "json")
    assert list(estimates(mine, "social_media", "Yes").values()) == list(
        estimates(plain, "social_media", "Yes").values()
    )
    assert "46 and over" in estimates(mine, "social_media", "Yes")


def test_what_is_typed_wins(run: Any) -> None:
    typed = run("summarize", STUDY, "--where", "sex == 'Mujer'", "--by", "route", "--level", "0.9", "-w", "weight",
                "--strata", "country_interview", "--format", "json")  # fmt: skip
    made = typed.json
    assert {each["where"] for each in made["tables"]} == {"sex == 'Mujer'"}
    assert all(each["by"] == [["route"]] and each["level"] == 0.9 for each in made["tables"])
    assert made["design"]["strata"] == "country_interview"
    assert estimates(typed, "social_media", "Yes")[""] == pytest.approx(0.35, abs=0.005)
    unweighted = run("summarize", STUDY, "social_media", "-w", "n_transit", "--format", "json").json
    assert unweighted["design"]["weights"] == "n_transit"
    random = run("summarize", STUDY, "social_media", "--sample", "probability").out
    assert "indicative" not in random
    assert "64.00" in run("summarize", STUDY, "smartphone_internet", "--decimals", "2", "--no-protect").out
    assert "64.00" not in run("summarize", STUDY, "smartphone_internet", "--decimals", "2").out


@pytest.mark.parametrize("command", ["summarize", "chart"])
def test_a_typed_condition_joins_that_of_a_table(run: Any, tmp_path: Path, command: str) -> None:
    """A table of adults stays one of adults; an alternative stands in brackets."""
    tables = "[[tables]]\nvariable = 'q'\nwhere = \"age >= 18\"\n[[tables]]\nvariable = 'q'\nid = 'all'\n"
    study = tmp_path / "study.toml"
    study.write_text("[data]\npath = 'd.csv'\n" + tables + tables.replace("tables", "charts"))
    rows = [f"{'yn'[i % 2]},{'mfx'[i % 3]},{10 + i}" for i in range(60)]
    (tmp_path / "d.csv").write_text("\n".join(["q,sex,age", *rows]) + "\n")
    typed = "sex == 'f' or sex == 'x'"
    if command == "chart":
        ran = run("chart", study, "--where", typed, "-o", tmp_path / "c", "--data", "--format", "svg")
        assert ran.status == 0, ran.err
        drawn = {each.stem: csv.DictReader(each.read_text().splitlines()) for each in (tmp_path / "c").glob("*.csv")}
        assert {name: {row["n"] for row in rows} for name, rows in drawn.items()} == {"q": {"35"}, "all": {"40"}}
        return
    made = run("summarize", study, "--where", typed, "--format", "json").json
    assert [each["where"] for each in made["tables"]] == [f"age >= 18 and ({typed})", typed]
    assert [each["n"] for each in made["rows"]][::2] == [35, 40]


def test_an_explanation_says_what_the_study_makes(run: Any) -> None:
    done = run("summarize", STUDY, "social_media", "--by", "age_band", "--explain")
    assert "Made by the study, in no column of the data: age_band." in " ".join(done.out.split())
    assert "Made by the study" not in run("summarize", STUDY, "social_media", "--by", "sex", "--explain").out


def test_the_base_asked_tells_who_was_asked(run: Any) -> None:
    asked = run("summarize", STUDY, "platforms", "--base", "asked", "--format", "json")
    assert {each["n"] for each in asked.json["rows"]} == {346}
    shown = run("summarize", STUDY, "platforms", "--base", "asked").out
    assert "n = 346 of 531 (left out: Not asked 185)" in " ".join(shown.split())
    fraud = " ".join(run("summarize", STUDY, "fraud_online").out.split())
    assert "Not asked" in fraud and "Refused" in fraud


def test_the_other_commands_take_a_study(run: Any, tmp_path: Path) -> None:
    book = run("codebook", STUDY, "age_band", "sex", "--lang", "es").out
    assert "age_band · Edad" in book and "Mujer" in book and "n_transit" not in book
    whole = run("codebook", STUDY, "--format", "json").json["variables"]
    assert {"informed_by", "man_under_40", "informed_by/Smugglers"} <= {each["name"] for each in whole}
    compared = run("compare", STUDY, "any_technology", "--by", "age_band", "--format", "json").json
    assert compared["tests"] and compared["design"]["weights"] == "weight"
    fitted = run("model", STUDY, "social_media ~ age_band + sex", "--lang", "es")
    assert fitted.status == 0 and "46 o más" in fitted.out
    same = run("summarize", STUDY, "-o", DATA, "--format", "csv", "--overwrite")
    assert same.status == 2 and "is the data file itself" in same.err


def test_a_study_draws_its_charts(run: Any, tmp_path: Path) -> None:
    folder = tmp_path / "charts"
    done = run("chart", STUDY, "-o", folder, "--format", "svg", "--alt", "--lang", "es")
    assert done.status == 0, done.err
    assert sorted(each.name for each in folder.glob("*.svg")) == [
        "crossing.svg",
        "education.svg",
        "plan.svg",
        "platforms.svg",
    ]
    said = (folder / "plan.alt.txt").read_text(encoding="utf-8")
    assert "Casi la mitad de los hombres" in said and "Mujer" in said
    one = run("chart", STUDY, "-o", tmp_path / "one.svg")
    assert one.status == 2 and "4 charts do not go into one file" in one.err
    own = run("chart", STUDY, "smuggler_used", "--by", "age_band", "-o", tmp_path / "own.svg")
    assert own.status == 0 and (tmp_path / "own.svg").exists()


def test_the_reference_study_reproduces_what_was_published(run: Any) -> None:
    done = run("reproduce", STUDY, "--format", "json")
    assert done.status == 0
    claims = {each["id"]: each for each in done.json["claims"]}
    own = [each for name, each in claims.items() if not name.startswith("release-")]
    assert len(own) == 20 and {each["verdict"] for each in own} == {"reproduced"}
    assert {each["verdict"] for name, each in claims.items() if name.startswith("release-")} == {"cannot"}
    (finding,) = done.json["findings"]
    assert (finding["weight"], finding["claims"]) == ("contradiction", ["release-men", "release-women", "release-none"])
    assert "so at least 53% are not" in finding["explanation"] and finding["explanation"].count(". ") == 0
    assert "As shares of all respondents the figures hold: 47% + 35% + 18% = 100%." in finding["reading"]
    assert "Only under this reading" in claims["age-users"]["explanation"]
    said = " ".join(run("reproduce", STUDY).out.split())
    assert "The release's sentences: these figures are kept to show what is wrong with them." in said


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_claims_are_the_same_in_every_language(run: Any, language: str) -> None:
    made = run("reproduce", STUDY, "--format", "json", "--lang", language).json
    english = run("reproduce", STUDY, "--format", "json").json
    for key in ("verdict", "estimate", "n"):
        assert [each[key] for each in made["claims"]] == [each[key] for each in english["claims"]]


def test_the_release_alone_fails_without_data(run: Any) -> None:
    done = run("reproduce", RELEASE)
    assert done.status == 1
    assert "at least 53% are not" in " ".join(done.out.split())
    assert run("summarize", RELEASE).status == 2


def test_a_false_figure_of_a_study_fails(run: Any, write: Write) -> None:
    claim = "[design]\nweights = 'weight'\n[[claims]]\nid = 'men'\nvariable = 'social_media'\nlevel = 'Sí'\n"
    claim += "by = {sex = 'Hombre'}\n"
    labels = "[variables.sex]\nlevels = {1 = {es = 'Hombre'}, 2 = {es = 'Mujer'}}\n"
    labels += "[variables.social_media]\nlevels = {1 = {es = 'Sí'}}\n"
    assert run("reproduce", write(f"{claim}published = '47%'\n{labels}")).status == 0
    false = run("reproduce", write(f"{claim}published = '87%'\n{labels}"))
    assert false.status == 1 and "not reproduced" in false.out
    disputed = f"{claim}published = '87%'\nset = 'x'\n{labels}[sets.x]\ndisputed = true\n"
    assert run("reproduce", write(disputed)).status == 0
    assert run("reproduce", write(labels)).status == 2


def test_claims_of_a_csv_join_those_of_the_file(run: Any, write: Write, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("id,variable,level,published\nphone,smartphone_internet,Yes,64%\n")
    path = write(
        "claims_file = 'more.csv'\n[[claims]]\nid = 'n'\nvariable = 'sex'\nstat = 'n'\nunit = 'number'\n"
        "published = 531\n",
    )
    path.write_text(path.read_text().replace("[data]\n", "").replace("path =", "#path =").replace(
        "[[claims]]", f'[data]\npath = "{DATA}"\n[[claims]]', 1))  # fmt: skip
    made = run("reproduce", path, "--format", "json").json
    assert [(each["id"], each["verdict"]) for each in made["claims"]] == [("n", "reproduced"), ("phone", "reproduced")]
    (tmp_path / "more.csv").write_text("id,variable,level,published\nphone,smartphone_internet,Yes,often\n")
    done = run("reproduce", path)
    assert done.status == 2 and "claims_file" not in done.out and "published is 'often'" in done.err


def test_output_settings_are_the_files_unless_typed(run: Any, write: Write) -> None:
    path = write(
        "[output]\nlanguage = 'es'\ndecimals = 3\nformat = 'markdown'\n[[tables]]\nvariable = 'age'\nbase = 'all'\n"
    )
    shown = run("summarize", path)
    assert shown.status == 0 and shown.out.startswith("### ") and "Media" in shown.out
    assert "Mean" in run("summarize", path, "--lang", "en", "--format", "terminal").out
    target = path.with_name("out.csv")
    assert run("summarize", path, "-o", target).status == 0
    assert target.read_text().startswith("table,")


def test_migrants_are_protected_unless_the_study_says_otherwise(run: Any, write: Write) -> None:
    small = "[[tables]]\nvariable = 'social_media'\nby = ['nationality']\nwhere = 'age >= 46'\n"
    plain = write(small)
    shown = {each["flag"] for each in run("summarize", plain, "--format", "json").json["rows"]}
    assert "suppressed" not in shown
    migrants = write(small)
    migrants.write_text(migrants.read_text().replace("[data]", "migrants = true\n[data]"))
    withheld = run("summarize", migrants, "--format", "json").json["rows"]
    assert "suppressed" in {each["flag"] for each in withheld}
    assert "suppressed" in {row.flag for row in surveytool.summarize(migrants).rows}
    assert "suppressed" not in {
        each["flag"] for each in run("summarize", migrants, "--no-protect", "--format", "json").json["rows"]
    }
    off = write(small + "[protect]\nactive = false\n")
    off.write_text(off.read_text().replace("[data]", "migrants = true\n[data]"))
    assert "suppressed" not in {row.flag for row in surveytool.summarize(off).rows}
    wrong = run("summarize", write("[protect]\ncell = 20\nquality = 'nchz'\nsite = 'sites'\n"))
    assert wrong.status == 2 and len(wrong.err.splitlines()) == 3, wrong.err


def test_the_same_study_gives_the_same_bytes(run: Any, tmp_path: Path) -> None:
    shutil.copy(STUDY, tmp_path / "iom.toml")
    first, second = (run("summarize", STUDY, "--format", "html").out for _ in range(2))
    assert first == second


def test_python_opens_a_study() -> None:
    study = surveytool.load_study(STUDY)
    survey = surveytool.open_study(study, language="es")
    assert survey.codebook["sex"].label == "Sexo"
    mine = surveytool.summarize(survey, "social_media", by="sex", where="age_band == '46 and over'")
    assert {row.by.get("sex") for row in mine.rows} == {None, "Hombre", "Mujer"}
    tables = surveytool.summarize(STUDY, language="es")
    assert len(tables.estimates) == 11 and "(semanas)" in str(tables)
    assert surveytool.summarize(study, "age", by="age_band").rows[0].n == 531


def test_only_what_is_needed_is_read() -> None:
    survey = open_study(load_study(STUDY), columns=["platforms", "age_band", "man_under_40"])
    assert {"platforms", "sm_use", "age", "sex", "weight", "age_band", "man_under_40"} <= set(survey.codebook)
    assert "nationality" not in survey.codebook and "informed_by" not in survey.codebook
    json.dumps(sorted(survey.codebook))
