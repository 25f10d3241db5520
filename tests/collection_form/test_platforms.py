"""One invented survey, written by every platform, gives one table with its form: shares, bases, order, codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from collection_form import invented

from surveytool.study import load_study, open_study
from surveytool.survey import Request, Survey
from surveytool.tabulation import tabulate

TRUTH = invented.truth(invented.people())


def opened(folder: Path, export: Path, more: str = "") -> Survey:
    invented.form(folder / "form.xlsx")
    study = folder / "study.toml"
    study.write_text(
        f'[study]\nlanguages = ["en", "fr", "ar"]\n[data]\npath = "{export.name}"\ntool = "form.xlsx"\n{more}'
        '[design]\nweights = "w"\n',
        encoding="utf-8",
    )
    return open_study(load_study(study), language="en")


@pytest.mark.parametrize("platform", invented.EXPORTS)
def test_every_platform_gives_the_same_table(platform: str, tmp_path: Path) -> None:
    survey = opened(tmp_path, invented.EXPORTS[platform](tmp_path), "keep = \"consent == 'yes'\"\n")
    requests = [Request(variable=name, base=base) for base in ("answered", "asked") for name in ("apps", "often")]  # type: ignore[arg-type]
    apps, often, apps_asked, often_asked = tabulate(survey, requests).estimates
    assert {row.level_code: row.estimate for row in apps.rows} == pytest.approx(TRUTH["shares"], abs=1e-12)
    assert [row.level_code for row in apps.rows] == invented.OPTIONS
    assert [row.level for row in apps.rows] == [invented.label(code) for code in invented.OPTIONS]
    assert apps.rows[0].n == TRUTH["answered"] and apps_asked.rows[0].n == TRUTH["asked"]
    shares = {row.level_code: row.estimate for row in often.rows}
    assert shares == pytest.approx({"1": TRUTH["daily"], "2": 1 - TRUTH["daily"], "9": 0.0}, abs=1e-12)
    assert often.rows[0].n == TRUTH["often_answered"] and often_asked.rows[0].n == TRUTH["often_asked"]
    assert [(line.what, line.rows) for line in survey.provenance.ledger] == [
        ("dropped", TRUTH["all"] - TRUTH["here"]), ("kept", TRUTH["here"]),
    ]  # fmt: skip
    assert survey.codebook["full_name"].personal and not survey.codebook["phone"].sensitive
    assert (
        survey.codebook["sex"].labels["ar"] == "الجنس" and survey.codebook["phone"].label == "Do you have a phone, …?"
    )


def test_without_a_rule_for_rows_who_refused_was_not_asked(tmp_path: Path) -> None:
    survey = opened(tmp_path, invented.kobo(tmp_path))
    asked = {level.code: level.count for level in survey.codebook["sex"].levels if level.missing}
    assert asked[".not asked"] == TRUTH["all"] - TRUTH["here"]


def test_an_export_of_another_form_is_told_by_the_share_of_names(tmp_path: Path) -> None:
    from surveytool.errors import UnreadableData

    (tmp_path / "other.csv").write_text("a,b,c,d,age,f\n1,2,3,4,5,6\n2,3,4,5,6,7\n")
    with pytest.raises(UnreadableData) as told:
        opened(tmp_path, tmp_path / "other.csv")
    assert "only 1 of its 8 questions (12%)" in str(told.value) and "form.xlsx" in str(told.value)


def test_a_code_outside_of_the_list_stands_and_is_told(tmp_path: Path) -> None:
    path = invented.kobo(tmp_path)
    path.write_text(path.read_text("utf-8").replace(";f;", ";female;", 2), "utf-8")
    survey = opened(tmp_path, path)
    assert [level.code for level in survey.codebook["sex"].valid_levels()] == ["f", "m", "x", "female"]
    told = [dict(each.values) for each in survey.notes if each.code == "form_outside_list"]
    assert told == [{"variables": ("sex",)}]


def test_codes_of_no_answer_leave_the_base_also_among_options(tmp_path: Path) -> None:
    more = 'keep = "consent == \'yes\'"\nno_answer = {refused = ["none"], not_asked = ["9"]}\n'
    survey = opened(tmp_path, invented.kobo(tmp_path), more)
    alone = sum(person.apps == ("none",) for person in invented.people())
    (apps,) = tabulate(survey, [Request(variable="apps")]).estimates
    assert "none" not in {row.level_code for row in apps.rows}
    assert apps.rows[0].n == TRUTH["answered"] - alone > 0
    assert [(line.what, line.rule) for line in survey.provenance.ledger][2:] == [
        ("missing", "none (refused)"), ("missing", "9 (not_asked)"),
    ]  # fmt: skip


@pytest.mark.parametrize(("rule", "rows"), [("auto", 240), ("yes", 240), ("no", 241)])
def test_a_row_of_labels_is_found_or_named(rule: str, rows: int, tmp_path: Path) -> None:
    survey = opened(tmp_path, invented.ona(tmp_path, label_row=True), f'label_row = "{rule}"\n')
    assert survey.provenance.rows == rows


def test_the_export_s_own_names_are_known_too(tmp_path: Path) -> None:
    survey = opened(tmp_path, invented.kobo(tmp_path, sign="/"))
    assert survey.codebook["tech/apps"] == survey.codebook["apps"] and "demo/sex" in survey.codebook
