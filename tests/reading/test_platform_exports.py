"""Exports of collection tools without their form: options, lists, doubtful interviews, people."""

from __future__ import annotations

from pathlib import Path

import pytest

import surveytool as st
from surveytool.checks import check
from surveytool.errors import SurveytoolError
from surveytool.reading.answer_lists import lists_of
from surveytool.reading.platforms import own_columns, platforms_of

# forty people: who was asked (no phone: nobody), and what they chose
PEOPLE = [(place % 4 != 0, ("W" if place % 2 else "") + ("S" if place % 3 else "")) for place in range(40)]
ASKED = [(asked, chosen) for asked, chosen in PEOPLE if asked and chosen]
TRUTH = [sum("W" in chosen for _, chosen in ASKED), sum("S" in chosen for _, chosen in ASKED), len(ASKED)]


def written(folder: Path, head: list[str], cells: list[list[str]], name: str = "export.csv") -> Path:
    """A csv with these columns beside sex and phone."""
    import csv

    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["sex", "phone", *head])
        for place, (row, (asked, _)) in enumerate(zip(cells, PEOPLE, strict=True)):
            rows.writerow(["fm"[place % 2], "yes" if asked else "no", *row])
    return path


def answers(yes: str, no: str, unasked: str) -> list[list[str]]:
    """Two columns of options; who chose nothing stands as who was not asked."""
    return [
        [yes if sign in chosen else no for sign in "WS"] if asked and chosen else [unasked] * 2
        for asked, chosen in PEOPLE
    ]


def lists(sign: str, names: tuple[str, str] = ("whatsapp", "sms"), end: str = "") -> list[list[str]]:
    texts = []
    for asked, chosen in PEOPLE:
        held = [name for name, letter in zip(names, "WS", strict=True) if letter in chosen] if asked else []
        texts.append([sign.join(held) + (end if held else "")])
    return texts


EXPORTS = {
    "Ona, no list": (["apps/WhatsApp", "apps/SMS, calls"], answers("TRUE", "FALSE", "FALSE")),
    "Ona in a group": (["tech/apps/WhatsApp", "tech/apps/SMS, calls"], answers("True", "False", "False")),
    "Kobo, separate columns": (["apps/whatsapp", "apps/sms"], answers("1", "0", "")),
    "Kobo, an option with a slash": (["apps/WhatsApp", "apps/SMS/calls"], answers("1", "0", "")),
    "LimeSurvey": (["apps[SQ001]", "apps[SQ002]"], answers("Y", "", "")),
    "LimeSurvey, questions as heads": (["Which apps? [WhatsApp]", "Which apps? [SMS, calls]"], answers("Yes", "", "")),
    "Kobo, one column": (["apps"], lists(" ")),
    "Microsoft Forms": (["apps"], lists(";", ("WhatsApp", "SMS, calls"), ";")),
    "Google Forms": (["apps"], lists(", ", ("WhatsApp", "SMS"))),
    "Qualtrics, one column": (["apps"], lists(",", ("WhatsApp", "SMS, calls"))),
    "lines": (["apps"], lists("\n", ("WhatsApp", "SMS"))),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_options_are_counted_among_who_was_asked(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, *EXPORTS[name])
    book = st.read(path).codebook
    question = next(each for each in book if book[each].kind == "multiple")
    found = st.summarize(path, question)
    assert [(row.count, row.n) for row in found.rows] == [(TRUTH[0], TRUTH[2]), (TRUTH[1], TRUTH[2])]
    for column, count in zip(book[question].columns, TRUTH, strict=False):  # asked alone: the same base
        assert count in {row.count for row in st.summarize(path, column).rows}
        assert {row.n for row in st.summarize(path, column).rows} <= {TRUTH[2], count}


def test_zeros_beside_a_blank_list_are_no_answer(tmp_path: Path) -> None:
    both = [[*one, *two] for one, two in zip(lists(" "), answers("1", "0", "0"), strict=True)]
    path = written(tmp_path, ["apps", "apps/whatsapp", "apps/sms"], both)
    assert {row.n for row in st.summarize(path, "apps/whatsapp").rows} == {TRUTH[2]}
    assert any(each.code == "options_not_asked" for each in st.read(path).notes)


def test_a_mark_for_missing_in_the_list_is_no_base(tmp_path: Path) -> None:
    texts = [[cell or "n/a" for cell in row] for row in lists(" ")]
    both = [[*one, *two] for one, two in zip(texts, answers("TRUE", "FALSE", "FALSE"), strict=True)]
    head = ["apps", "apps/whatsapp", "apps/sms", "age"]
    path = written(tmp_path, head, [[*row, "n/a" if at == 3 else str(20 + at)] for at, row in enumerate(both)])
    assert {row.n for row in st.summarize(path, "apps").rows} == {TRUTH[2]}


def test_what_people_wrote_is_an_option_and_never_a_row(tmp_path: Path) -> None:
    cells = [[*row, "viber" if place == 0 else ""] for place, row in enumerate(answers("Y", "", ""))]
    path = written(tmp_path, ["apps[SQ001]", "apps[SQ002]", "apps[other]"], cells)
    rows = st.summarize(path, "apps").rows
    assert [row.count for row in rows] == [*TRUTH[:2], 1] and {row.n for row in rows} == {TRUTH[2] + 1}
    assert "viber" not in "".join(str(row.level) for row in st.summarize(path).rows)


@pytest.mark.parametrize("texts", [
    ["Well", "River; lake", "Truck, tanker", "Piped"],
    ["Male", "Female", "Prefer not to say"],
    ["New York", "San Jose", "Los Angeles", "New Orleans", "San Diego"],
    ["Port-au-Prince, Ouest", "Cap-Haitien, Nord", "Jacmel, Sud-Est"],
    ["very good", "good", "bad", "very bad"],
    ["1-2 hours", "3-4 hours", "5 or more, but not all day", "all day"],
])  # fmt: skip
def test_single_answers_stay_whole(texts: list[str]) -> None:
    assert lists_of({text: 5 + place for place, text in enumerate(texts)}) is None


def test_a_person_decides_what_is_a_list(tmp_path: Path) -> None:
    path = written(tmp_path, ["apps"], lists(" "))
    whole = st.read(path, kinds={"apps": "single"}).codebook["apps"]
    assert whole.kind == "single" and "whatsapp sms" in {level.label for level in whole.levels}
    rare = written(tmp_path, ["apps"], [["tv / radio"] if at else ["tv|web"] for at in range(40)], "rare.csv")
    assert st.read(rare).codebook["apps"].kind == "single"
    assert [level.label for level in st.read(rare, kinds={"apps": "multiple"}).codebook["apps"].levels]
    with pytest.raises(SurveytoolError, match="holds no lists"):
        st.read(path, kinds={"sex": "multiple"})


DOUBTS = {
    "Qualtrics": (["ResponseId", "Status", "Finished"], ["R", "IP Address", "True"], [("Survey Preview", 1)], 1),
    "Qualtrics in codes": (["ResponseId", "Status", "Finished"], ["R", "0", "1"], [("0", 2)], 1),
    "LimeSurvey": (["id", "submitdate", "lastpage"], ["7", "2026-03-01 10:00:00", "5"], [("", 1)], 1),
    "Kobo": (["_uuid", "_validation_status"], ["u", "Approved"], [("Not Approved", 1)], 1),
    "ODK Central": (["KEY", "SubmissionDate", "ReviewState"], ["k", "2026-03-01", "approved"], [("rejected", 2)], 1),
    "consent": (["consent"], ["yes"], [("no", 0)], 1),
    "none": (["Status", "lastpage"], ["married", "5"], [("single", 0)], 0),
}  # fmt: skip


@pytest.mark.parametrize("name", DOUBTS)
def test_doubtful_interviews_are_told_with_the_condition_that_leaves_them_out(tmp_path: Path, name: str) -> None:
    head, usual, [(value, place)], told = DOUBTS[name]
    cells = [
        [value if at % 8 == 0 and column == place else cell for column, cell in enumerate(usual)] for at in range(40)
    ]
    path = written(tmp_path, head, cells)
    findings = [each for each in check(st.read(path)).findings if each.kind == "doubtful_interviews"]
    assert len(findings) == told
    assert len([each for each in st.summarize(path, "sex").results.notes if each.code == "doubtful_interviews"]) == told
    for each in findings:
        values = dict(each.what.values)
        assert values["n"] == 5
        assert {row.n for row in st.summarize(path, "sex", where=values["condition"]).rows} == {35}


def test_a_platforms_own_columns_are_no_questions() -> None:
    names = ["StartDate", "Status", "Finished", "ResponseId", "Duration (in seconds)", "Q1"]
    assert platforms_of(names) == ("Qualtrics",)
    assert own_columns(names) == set(names[:-1]) and own_columns(["status", "id", "name"]) == set()


@pytest.mark.parametrize("name", ["full_name", "demo/full_name", "demo_phone_number", "SubmitterName", "nom complet"])
@pytest.mark.parametrize("lang", ["en", "es", "fr"])
def test_people_are_in_no_table_whatever_is_asked(tmp_path: Path, name: str, lang: str) -> None:
    path = written(tmp_path, [name], [[f"Ana Perez {at}"] for at in range(40)])
    asked = [
        lambda: st.summarize(path, name, language=lang), lambda: st.summarize(path, "sex", by=[name]),
        lambda: st.summarize(path, "sex", where=f"`{name}` == 'Ana Perez 1'"),
        lambda: st.summarize(path, "sex", where=f"`{name}` != 'Nobody'"),
        lambda: st.summarize(path, name, stat="mean"),
    ]  # fmt: skip
    for each in asked:
        with pytest.raises(SurveytoolError) as told:
            each()
        assert "Ana" not in str(told.value)
    assert "Ana" not in str(st.summarize(path)) and "Ana" not in repr(st.read(path).codebook)


@pytest.mark.parametrize("name", ["Ona, no list", "Kobo, one column", "LimeSurvey", "Google Forms"])
def test_a_large_file_says_the_same(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from surveytool.reading import delimited

    monkeypatch.setattr(delimited, "MANY", 10)
    path = written(tmp_path, *EXPORTS[name])
    book = st.read(path).codebook
    question = next(each for each in book if book[each].kind == "multiple")
    rows = st.summarize(path, question, by=["sex"]).rows
    assert [(row.count, row.n) for row in rows[:2]] == [(TRUTH[0], TRUTH[2]), (TRUTH[1], TRUTH[2])]


def test_what_a_conversion_wrote_is_read_as_before(tmp_path: Path) -> None:
    from surveytool.cli.app import main

    cells = [[*row, "viber" if place == 0 else ""] for place, row in enumerate(answers("Y", "", ""))]
    path = written(tmp_path, ["apps[SQ001]", "apps[SQ002]", "apps[other]"], cells)
    before = [(row.count, row.n) for row in st.summarize(path, "apps").rows]
    for suffix in (".sav", ".dta", ".csv"):
        target = tmp_path / f"out{suffix}"
        assert main(["convert", str(path), str(target)]) == 0
        assert [(row.count, row.n) for row in st.summarize(target, "apps").rows] == before
        assert "viber" not in "".join(str(row.level) for row in st.summarize(target).rows)


def test_a_list_by_labels_and_its_columns_agree(tmp_path: Path) -> None:
    both = [[*one, *two] for one, two in
            zip(lists(" ", ("WhatsApp", "SMS, calls")), answers("1", "0", ""), strict=True)]  # fmt: skip
    path = written(tmp_path, ["Apps?", "Apps?/WhatsApp", "Apps?/SMS, calls"], both)
    assert not [each.kind for each in check(st.read(path)).findings if each.kind == "parent_differs"]
    wrong = [[*row[:2], "1"] if place == 0 else row for place, row in enumerate(both)]
    path = written(tmp_path, ["Apps?", "Apps?/WhatsApp", "Apps?/SMS, calls"], wrong, "wrong.csv")
    kinds = [each.kind for each in check(st.read(path)).findings]
    assert "parent_differs" in kinds or "parent_blank" in kinds


def test_a_typing_error_in_a_list_does_not_unmake_the_others(tmp_path: Path) -> None:
    texts = lists(" ")
    texts[1] = ["whatsap sms"]
    found = st.summarize(written(tmp_path, ["apps"], texts), "apps").rows
    assert {row.n for row in found} == {TRUTH[2]} and "whatsap sms" not in {row.level for row in found}
    assert {row.level: row.count for row in found}["whatsap"] == 1
    assert lists_of({"yes": 50, "no": 40, "yes but": 1}) is None


@pytest.mark.parametrize("sign", ["_", "-", ":", "."])
def test_options_behind_another_sign_need_their_list(tmp_path: Path, sign: str) -> None:
    both = [[*one, *two, "x"] for one, two in zip(lists(" "), answers("1", "0", "0"), strict=True)]
    head = ["apps", f"apps{sign}whatsapp", f"apps{sign}sms", f"apps{sign}detail"]
    rows = st.summarize(written(tmp_path, head, both), "apps").rows
    assert [(row.count, row.n) for row in rows] == [(TRUTH[0], TRUTH[2]), (TRUTH[1], TRUTH[2])]


def test_names_in_quotes_lose_them_all_or_none(tmp_path: Path) -> None:
    path = tmp_path / "quoted.csv"
    path.write_text("\t".join(["'popul'", "'vote'"]) + "\n" + "1\t2\n" * 5, encoding="utf-8")
    assert list(st.read(path).codebook) == ["popul", "vote"]
    path.write_text("\t".join(["'popul'", "vote"]) + "\n" + "1\t2\n" * 5, encoding="utf-8")
    assert list(st.read(path).codebook) == ["'popul'", "vote"]


def test_the_cure_of_weight_can_be_typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from surveytool.cli.app import main

    path = written(tmp_path, ["deviceid"], [[f"a{at}"] for at in range(40)])
    margin = ["--margin", "sex: m=0.5, f=0.5", "-o"]
    assert main(["weight", str(path), *margin, str(tmp_path / "weighted.csv")]) == 2
    assert "surveytool convert IN OUT --drop deviceid" in capsys.readouterr().err
    bare = tmp_path / "bare.csv"
    assert main(["convert", str(path), str(bare), "--drop", "deviceid"]) == 0
    assert main(["weight", str(bare), *margin, str(tmp_path / "weighted.csv")]) == 0
