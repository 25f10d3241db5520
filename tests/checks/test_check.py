"""Each planted fault is found, in its place and with its number; a clean file has none of them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from surveytool.checks import CHECKS
from surveytool.survey import Design

DESIGN = ("-w", "weight", "--strata", "stratum", "--psu", "site")
Data = dict[str, list[Any]]


@pytest.fixture
def found(run: Callable[..., Any], write: Callable[..., Path]) -> Callable[..., Any]:
    """Check columns; kinds of findings with their records, and the exit status."""

    def finder(data: Data, *arguments: str) -> tuple[dict[str, dict[str, Any]], int]:
        done = run("check", write(data), *(arguments or DESIGN), "--format", "json")
        records = done.json["findings"]
        return {each["kind"]: each for each in records}, done.status

    return finder


def test_a_clean_file_has_no_errors_and_no_warnings(clean: Data, found: Callable[..., Any]) -> None:
    kinds, status = found(clean)
    assert status == 0
    assert {each["severity"] for each in kinds.values()} <= {"note"}, kinds
    assert set(kinds) <= {"weights_sum_to_n", "small_groups"}


def plant(data: Data, column: str, values: dict[int, Any]) -> None:
    data[column] = [values.get(place, value) for place, value in enumerate(data[column])]


def rows(data: Data, copies: dict[int, int], but: tuple[str, ...] = ()) -> None:
    """Copy whole rows over others."""
    for name, column in data.items():
        if name not in but:
            data[name] = [column[copies.get(place, place)] for place in range(len(column))]


FAULTS: dict[str, tuple[Callable[[Data], Any], str, int | None, str]] = {
    "weights_missing": (lambda d: plant(d, "weight", {3: None, 9: None}), "weight", 2, "error"),
    "weights_negative": (lambda d: plant(d, "weight", {3: -1.0}), "weight", 1, "error"),
    "weights_zero": (lambda d: plant(d, "weight", {3: 0, 4: 0}), "weight", 2, "warning"),
    "weights_extreme": (lambda d: plant(d, "weight", {3: 40.5}), "weight", None, "warning"),
    "weights_like_strata": (lambda d: d.update(weight=[1 + place % 4 for place in range(120)]), "weight", 4, "warning"),
    "weights_like_ids": (lambda d: d.update(weight=list(range(1, 121))), "weight", None, "warning"),
    "weights_constant": (lambda d: d.update(weight=[2.5] * 120), "weight", None, "note"),
    "strata_like_weights": (
        lambda d: d.update(stratum=[round(0.3 + place % 6 / 7, 4) for place in range(120)]), "stratum", 6, "warning",
    ),
    "unit_missing": (lambda d: plant(d, "site", {0: None}), "site", 1, "error"),
    "psu_reused": (lambda d: d.update(site=[place // 4 % 5 for place in range(120)]), "site", 5, "note"),
    "lonely_psu": (
        lambda d: (plant(d, "stratum", {0: "S9", 20: "S9"}), plant(d, "site", {0: "x", 20: "x"})), "stratum", 2,
        "error",
    ),
    "missing_codes": (lambda d: plant(d, "age", {1: 999, 2: 999, 5: -9}), "age", 3, "warning"),
    "spellings": (lambda d: plant(d, "sex", {1: "FEMALE", 2: "female "}), "sex", 1, "warning"),
    "numbers_as_text": (lambda d: plant(d, "months", {1: "two years"}), "months", 1, "warning"),
    "repeated_ids": (lambda d: plant(d, "resp_id", {1: 1001}), "resp_id", 2, "warning"),
    "same_rows": (lambda d: rows(d, {7: 3, 8: 3}), "", 2, "warning"),
    "same_answers": (lambda d: rows(d, {7: 3}, ("resp_id", "start", "end", "weight")), "", 1, "warning"),
    "blank_rows": (
        lambda d: d.update({name: [None if place == 5 else value for place, value in enumerate(column)]
                            for name, column in d.items()}), "", 1, "warning",
    ),
    "no_answers": (
        lambda d: d.update({
            name: [None if place == 5 else value for place, value in enumerate(column)]
            for name, column in d.items() if name not in ("resp_id", "start", "end", "stratum", "site", "weight")
        }), "", 1, "warning",
    ),
    "blank_columns": (lambda d: d.update(nothing=[None] * 120), "nothing", 1, "note"),
    "end_before_start": (lambda d: plant(d, "end", {4: "2023-02-01T08:00:00"}), "start", 1, "warning"),
    "dates_outside": (lambda d: plant(d, "start", {4: "1023-02-01T08:00:00"}), "start", 1, "warning"),
    "dates_far": (lambda d: plant(d, "start", {4: "2003-02-01T08:00:00"}), "start", 1, "warning"),
    "no_such_days": (lambda d: plant(d, "start", {4: "2023-02-30T08:00:00"}), "start", 1, "warning"),
    "ages_outside": (lambda d: plant(d, "age", {4: 160}), "age", 1, "warning"),
    "parent_differs": (lambda d: plant(d, "apps", {4: "tiktok", 6: "facebook tiktok"}), "apps", None, "warning"),
    "parent_blank": (lambda d: plant(d, "apps", {4: None}), "apps", 1, "warning"),
    "skip_broken": (
        lambda d: plant(d, "network", {next(p for p, v in enumerate(d["phone"]) if v == "No"): "4G"}), "network", 1,
        "note",
    ),
    "answers_like_missing": (lambda d: plant(d, "trust", {1: "Don't know"}), "trust", 1, "note"),
    "numbers_as_categories": (lambda d: d.update(stops=[place % 3 for place in range(120)]), "stops", 1, "note"),
    "categories_as_numbers": (
        lambda d: d.update(reason=[1 + place * 7 % 12 for place in range(120)]), "reason", 1, "note",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", FAULTS)
def test_a_planted_fault_is_found(kind: str, clean: Data, found: Callable[..., Any]) -> None:
    spoil, place, n, severity = FAULTS[kind]
    spoil(clean)
    kinds, status = found(clean)
    assert kind in kinds, list(kinds)
    assert kinds[kind]["severity"] == severity
    assert (kinds[kind]["where"] or [""])[0] == place
    assert n is None or kinds[kind]["n"] == n
    assert status == (4 if any(each["severity"] == "error" for each in kinds.values()) else 0)
    assert severity != "error" or status == 4


PERSONAL = {
    "personal_name": ("apellidos", lambda place: f"Perez{place}"),
    "personal_phone": ("contact_info", lambda place: f"+502 5512 {place:04d}"),
    "personal_email": ("q17", lambda place: f"someone{place}@example.org"),
    "personal_ip": ("q18", lambda place: f"10.1.{place}.17"),
    "personal_location": ("place_text", lambda place: f"14.{63000 + place} -90.{50000 + place} 0 0"),
    "personal_device": ("q19", lambda place: f"collect:aBcDeFgH{place:04d}"),
    "personal_birth": ("fecha_nacimiento", lambda place: f"19{60 + place % 40}-05-{1 + place % 28:02d}"),
    "personal_number": ("pasaporte_no", lambda place: f"X{place:07d}"),
}


@pytest.mark.parametrize("kind", PERSONAL)
def test_personal_data_are_found_and_never_shown(
    kind: str, clean: Data, run: Callable[..., Any], write: Callable[..., Path]
) -> None:
    name, make = PERSONAL[kind]
    clean[name] = [make(place) for place in range(120)]
    path = write(clean)
    records = run("check", path, *DESIGN, "--format", "json").json["findings"]
    assert [each["where"] for each in records if each["kind"] == "personal"] == [[name]]
    for form in ("terminal", "csv", "json", "markdown", "html"):
        done = run("check", path, *DESIGN, "--format", form)
        assert not any(make(place) in done.out + done.err for place in range(120))


def test_answers_that_are_personal_are_no_spellings(clean: Data, run: Callable[..., Any],
                                                    write: Callable[..., Path]) -> None:  # fmt: skip
    """A few addresses that come again are read as categories; they are not listed for all that."""
    clean["q20"] = [f"{'Some' if place % 2 else 'some'}one{place % 5}@example.org" for place in range(120)]
    done = run("check", write(clean), *DESIGN, "--format", "json")
    assert "personal" in done.out and "example.org" not in done.out


def test_two_columns_of_fine_numbers_in_one_region_are_places(clean: Data, found: Callable[..., Any]) -> None:
    clean["a1"] = [14.6 + place * 0.0012345 for place in range(120)]
    clean["a2"] = [-90.5 - place * 0.0012345 for place in range(120)]
    kinds, _ = found(clean)
    assert kinds["personal"]["where"] == ["a1", "a2"]


def test_weights_are_proposed_and_never_applied(clean: Data, found: Callable[..., Any]) -> None:
    kinds, status = found(clean, "--sample", "convenience")
    assert status == 0
    assert kinds["weights_unnamed"]["where"] == ["weight"] and "--weights weight" in kinds["weights_unnamed"]["cure"]
    assert kinds["unit_unnamed"]["part"] == "design"


def test_a_policy_makes_a_lonely_psu_a_note(clean: Data, found: Callable[..., Any]) -> None:
    FAULTS["lonely_psu"][0](clean)
    kinds, status = found(clean, *DESIGN, "--lonely-psu", "adjust")
    assert kinds["lonely_psu"]["severity"] == "note" and status == 0
    assert "S9" in kinds["lonely_psu"]["what"]


def test_codes_reused_are_an_error_where_that_was_asked_for(clean: Data, found: Callable[..., Any]) -> None:
    FAULTS["psu_reused"][0](clean)
    kinds, status = found(clean, *DESIGN, "--no-nest")
    assert kinds["psu_reused"]["severity"] == "error" and status == 4
    assert "design_refused" not in kinds


def test_empty_and_small_groups(clean: Data, found: Callable[..., Any]) -> None:
    clean["trust"] = ["Low" if sex == "Male" else "High" for sex in clean["sex"]]
    kinds, _ = found(clean, *DESIGN, "--by", "sex:trust")
    assert kinds["empty_groups"]["where"] == ["sex:trust"] and kinds["empty_groups"]["n"] == 2
    assert "Male × High" in kinds["empty_groups"]["what"]


def test_a_column_that_is_not_there_is_told_with_everything_else(clean: Data, found: Callable[..., Any]) -> None:
    FAULTS["missing_codes"][0](clean)
    kinds, status = found(clean, "-w", "wieght")
    assert status == 2 and "Did you mean 'weight'" in kinds["unknown_column"]["what"]
    assert "missing_codes" in kinds


def test_names_and_labels_swapped(tmp_path: Path, run: Callable[..., Any]) -> None:
    """Trap 27: in a real Stata file the label of the weight stands on the strata, and the other way round."""
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame({"wt": [1.0, 2.0, 1.0, 2.0] * 5, "stratid": [0.61, 1.4, 0.93, 1.02, 0.77] * 4})
    path = tmp_path / "swapped.dta"
    pyreadstat.write_dta(frame, str(path), column_labels=["Stratum", "Sampling weight"])
    kinds = {each["kind"]: each for each in run("check", path, "-w", "wt", "--strata", "stratid",
                                                 "--format", "json").json["findings"]}  # fmt: skip
    assert kinds["swapped"]["severity"] == "warning"
    assert {"swapped", "weights_like_strata", "strata_like_weights"} <= set(kinds)


def test_levels_of_a_labelled_file(tmp_path: Path, run: Callable[..., Any]) -> None:
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame({"q1": [1.0, 2.0, 2.0, 7.0, 1.0] * 6, "scale": [1.0, 5.0, 10.0, 3.0, 7.0] * 6})
    path = tmp_path / "levels.sav"
    labels = {"q1": {1: "Yes", 2: "No", 3: "Perhaps"}, "scale": {1: "Worst", 10: "Best"}}
    pyreadstat.write_sav(frame, str(path), variable_value_labels=labels)
    findings = run("check", path, "--format", "json").json["findings"]
    kinds = {(each["kind"], *each["where"]): each for each in findings}
    assert kinds["undeclared", "q1"]["n"] == 6 and "7" in kinds["undeclared", "q1"]["what"]
    assert "Perhaps" in kinds["never_chosen", "q1"]["what"]
    assert ("undeclared", "scale") not in kinds


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_every_format_has_every_finding(language: str, clean: Data, run: Callable[..., Any],
                                        write: Callable[..., Path]) -> None:  # fmt: skip
    for kind in ("weights_extreme", "missing_codes", "spellings", "same_rows", "end_before_start"):
        FAULTS[kind][0](clean)
    path = write(clean)
    told = json.loads(run("check", path, *DESIGN, "--format", "json", "--lang", language).out)["findings"]
    assert len(told) >= 5
    table = list(csv.DictReader(io.StringIO(run("check", path, *DESIGN, "--format", "csv", "--lang", language).out)))
    assert [(each["kind"], each["what"].lstrip("'")) for each in table] == [(e["kind"], e["what"]) for e in told]
    text = " ".join(run("check", path, *DESIGN, "--lang", language).out.split())
    for each in told:
        assert each["what"] in text and (each["cure"] or "") in text
    assert run("check", path, *DESIGN, "--lang", language).out == run("check", path, *DESIGN, "--lang", language).out


def test_the_example_has_no_errors_and_no_warnings_with_its_design(example: Path, run: Callable[..., Any]) -> None:
    done = run("check", example / "transit.sav", "-w", "weight", "--strata", "country_interview", "--psu", "site",
               "--format", "json")  # fmt: skip
    assert done.status == 0
    assert {each["severity"] for each in done.json["findings"]} == {"note"}


def test_real_files(shared: Path, run: Callable[..., Any]) -> None:
    """What is known of real files, and no false alarm about copies in 65,566 rows of 15 columns."""
    folder = shared / "data"
    kinds = {
        each["kind"]: each
        for each in run("check", folder / "lapop_r_package" / "ym23.csv.gz", "-w", "weight1500", "--strata", "strata",
                        "--psu", "upm", "--format", "json").json["findings"]
    }  # fmt: skip
    assert kinds["psu_reused"]["n"] == 1589 and not {"same_rows", "same_answers"} & set(kinds)
    humind = run("check", folder / "impact_humind_kobo" / "dummy_raw_data.xlsx", "--format", "json").json["findings"]
    assert [each["where"] for each in humind if each["kind"] == "personal"] == [["deviceid"]]


def test_every_check_is_registered_once() -> None:
    assert len(set(CHECKS.values())) == len(CHECKS)


def test_a_survey_in_memory_can_be_checked(clean: Data) -> None:
    import pandas as pd

    from surveytool import read
    from surveytool.checks import check

    FAULTS["missing_codes"][0](clean)
    survey = read(pd.DataFrame(clean), design=Design(weights="weight"))
    assert "missing_codes" in {each.kind for each in check(survey).findings}


def test_rows_are_told_apart_where_their_numbers_would_run_over() -> None:
    import numpy as np
    import pandas as pd

    from surveytool import read
    from surveytool.checks.duplicate_rows import groups
    from surveytool.checks.raw_survey import RawSurvey

    draw = np.random.default_rng(3)
    frame = pd.DataFrame({f"x{place}": draw.integers(0, 900, 2000) + 0.5 for place in range(12)})
    frame.iloc[1000:] = frame.iloc[:1000].to_numpy()  # 900 ** 12 is far above 2 ** 63
    frame.iloc[1500:, 11] = -1.0
    for names in (list(frame), [*frame][:11], ["x0", "x1"]):
        found = groups(RawSurvey(read(frame)), names)
        expected = frame.groupby(names, sort=False).ngroup().to_numpy()
        assert len(set(zip(found, expected, strict=True))) == len(set(found)) == len(set(expected))


def test_sentences_have_the_room_of_a_sentence_below_a_short_name(
    run: Callable[..., Any], write: Callable[..., Path]
) -> None:
    text = run("check", write({"psu": [1, 2] * 20, "q": ["a", "b"] * 20})).out
    assert "  No PSUs are named, and psu looks like it.\n" in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([88, 90, 97], []),
        ([90, 97], []),
        ([1, 97], [97]),
        ([0, 1, 99], [99]),
        ([-9, -8, 5], [-9, -8]),
        ([-50, -9], []),
        ([20, 40, 60, 70, 88, 99], [88, 99]),
        ([20, 60, 91, 99], [99]),
        ([20, 60, 92, 99], []),
    ],
)
def test_a_usual_code_is_doubtful_only_apart_from_the_others(values: list[float], expected: list[float]) -> None:
    from surveytool.checks.codes import apart

    assert apart(np.array(values, dtype=np.float64)) == expected


def test_a_score_near_a_usual_code_is_no_missing_code(run: Callable[..., Any], write: Callable[..., Path]) -> None:
    path = write({"score": [88, 90, 97, 90] * 10, "sex": ["M", "F"] * 20})
    told = run("check", path, "--kind", "score=number", "--format", "json").json
    assert "missing_codes" not in {each["kind"] for each in told["findings"]}
    path = write({"score": [5, 6, 97, 6] * 10, "sex": ["M", "F"] * 20})
    told = run("check", path, "--kind", "score=number", "--format", "json").json
    assert "missing_codes" in {each["kind"] for each in told["findings"]}
