"""Labels from a file of their own: each form says the same of the same data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import surveytool as st
from surveytool.cli.app import main
from surveytool.errors import UnreadableData
from surveytool.reading.label_files import syntax

SPS = """* made by a platform.
VARIABLE LABELS
  sex 'Sex of the respondent'
  /phone "Has a phone, of one's own".
VALUE LABELS sex 1 'Man' 2 'Woman'
  /phone 1 'Yes' 2 'No' 9 'Refused'.
MISSING VALUES phone (9).
"""
SSS = """<sss version="1.2"><survey><record ident="A">
<variable ident="1" type="single"><name>sex</name><label>Sex of the respondent</label>
<values><value code="1">Man</value><value code="2">Woman</value></values></variable>
<variable ident="2" type="single"><name>phone</name><label>Has a phone, of one's own</label>
<values><value code="1">Yes</value><value code="2">No</value><value code="9">Refused</value></values></variable>
</record></survey></sss>"""
DDI = """<codeBook xmlns="ddi:codebook:2_5"><dataDscr>
<var name="sex"><labl>Sex of the respondent</labl><catgry><catValu>1</catValu><labl>Man</labl></catgry>
<catgry><catValu>2</catValu><labl>Woman</labl></catgry></var>
<var name="phone"><labl>Has a phone, of one's own</labl><catgry><catValu>1</catValu><labl>Yes</labl></catgry>
<catgry><catValu>2</catValu><labl>No</labl></catgry>
<catgry missing="Y"><catValu>9</catValu><labl>Refused</labl></catgry></var></dataDscr></codeBook>"""
CSV = """variable,label,kind,code,level_label,missing
sex,Sex of the respondent,single,1,Man,
sex,Sex of the respondent,single,2,Woman,
phone,"Has a phone, of one's own",single,1,Yes,
phone,"Has a phone, of one's own",single,2,No,
phone,"Has a phone, of one's own",single,9,Refused,refused
"""
OURS = {"schema": 1, "variables": [
    {"name": "sex", "label": "Sex of the respondent", "levels": [{"code": "1", "label": "Man", "missing": None},
                                                              {"code": "2", "label": "Woman", "missing": None}]},
    {"name": "phone", "label": "Has a phone, of one's own", "levels": [
        {"code": "1", "label": "Yes", "missing": None}, {"code": "2", "label": "No", "missing": None},
        {"code": "9", "label": "Refused", "missing": "refused"}]}]}  # fmt: skip
FORMS = {"l.sps": SPS, "l.sss": SSS, "l.xml": DDI, "l.csv": CSV, "l.json": json.dumps(OURS)}


def data(folder: Path) -> Path:
    (folder / "d.csv").write_text("sex,phone\n" + "".join(f"{1 + row % 2},{(1, 2, 9)[row % 3]}\n" for row in range(30)))
    return folder / "d.csv"


@pytest.mark.parametrize("name", FORMS)
def test_every_form_says_the_same(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(FORMS[name], encoding="utf-8")
    survey = st.read(data(tmp_path), codebook=tmp_path / name)
    sex, phone = survey.codebook["sex"], survey.codebook["phone"]
    assert (sex.label, phone.label) == ("Sex of the respondent", "Has a phone, of one's own")
    assert [(level.label, level.count) for level in sex.levels] == [("Man", 15), ("Woman", 15)]
    refused = [] if name != "l.sss" else ["Refused"]  # Triple-S does not say which codes are no answers
    assert [level.label for level in phone.valid_levels()] == ["Yes", "No", *refused]
    assert phone.n == (20 if name != "l.sss" else 30)


def test_the_option_and_the_setting_are_one(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (tmp_path / "l.sps").write_text(SPS)
    path = data(tmp_path)
    assert main(["summarize", str(path), "sex", "--codebook", str(tmp_path / "l.sps"), "--format", "csv"]) == 0
    typed = capfdbinary.readouterr().out
    assert b"Woman" in typed
    assert main(["new", str(path), "--codebook", str(tmp_path / "l.sps"), "-o", str(tmp_path / "s.toml")]) == 0
    assert 'codebook = "l.sps"' in (tmp_path / "s.toml").read_text()
    (tmp_path / "s.toml").write_text('[data]\npath = "d.csv"\ncodebook = "l.sps"\n')
    capfdbinary.readouterr()
    assert main(["summarize", str(tmp_path / "s.toml"), "sex", "--format", "csv"]) == 0
    assert capfdbinary.readouterr().out == typed


def test_quotes_slashes_and_text_codes_of_syntax() -> None:
    told = syntax("ADD VALUE LABELS a b 'x' 'It''s' \"y\" 'No / none'\n /c -1 'Minus'.\nvariable labels a 'A/B'.\n")
    assert told["a"].labels == {"x": "It's", "y": "No / none"} == told["b"].labels
    assert (told["c"].labels, told["a"].label) == ({"-1": "Minus"}, "A/B")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("l.sps", "COMPUTE x = 1.", "holds no labels"),
        ("l.xml", "<codeBook><dataDscr>", "cannot be read as a codebook"),
        ("l.json", '{"variables": 3}', "cannot be read as a codebook"),
        ("l.sps", "VARIABLE LABELS other 'x'.", "none of its 1 names is a column"),
        ("l.docx", "x", "a codebook is no .docx"),
    ],
)
def test_what_is_no_codebook_of_these_data_is_refused(name: str, text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(UnreadableData, match=told):
        st.read(data(tmp_path), codebook=tmp_path / name)


def test_a_codebook_reads_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("told")
    entity = f'<!DOCTYPE x [<!ENTITY s SYSTEM "{tmp_path / "secret"}">]>'
    (tmp_path / "l.xml").write_text(
        f'{entity}<codeBook><dataDscr><var name="sex"><labl>&s;</labl></var></dataDscr></codeBook>'
    )
    assert "told" not in st.read(data(tmp_path), codebook=tmp_path / "l.xml").codebook["sex"].label
