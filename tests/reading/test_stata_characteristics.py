"""What Stata keeps beside the data: svyset, label languages, notes; read, proposed, kept."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

import surveytool as st
from surveytool.cli.app import main
from surveytool.reading.stata_characteristics import Characteristic, characteristics, design_of, shape_of
from surveytool.writing.stata_characteristics import with_characteristics

FIXTURE = Path(__file__).parents[3] / "shared" / "cases" / "field" / "svyset.dta"
GIVEN = (
    Characteristic(variable="_dta", name="_svy_wvar", text="peso"),
    Characteristic(variable="_dta", name="_svy_strata1", text="est"),
    Characteristic(variable="_dta", name="_svy_su1", text="upm"),
    Characteristic(variable="_dta", name="_svy_singleunit", text="centered"),
    Characteristic(variable="_dta", name="_lang_list", text="es en"),
    Characteristic(variable="_dta", name="_lang_c", text="es"),
    Characteristic(variable="sexo", name="_lang_v_en", text="Sex"),
    Characteristic(variable="sexo", name="note1", text="P1. ¿Sexo?"),
)


def written(path: Path) -> Path:
    frame = pd.DataFrame({"sexo": [1, 2] * 20, "peso": [1.0, 2.5] * 20, "est": [1, 1, 2, 2] * 10, "upm": range(40)})
    pyreadstat.write_dta(
        frame, path, column_labels={"sexo": "Sexo"}, variable_value_labels={"sexo": {1: "Hombre", 2: "Mujer"}}
    )
    path.write_bytes(with_characteristics(path.read_bytes(), GIVEN))
    return path


def test_what_is_put_into_a_file_is_read_again_and_the_data_stay(tmp_path: Path) -> None:
    path = written(tmp_path / "d.dta")
    assert characteristics(path) == GIVEN
    frame, meta = pyreadstat.read_dta(path)
    assert frame["upm"].tolist() == list(range(40))
    assert meta.variable_value_labels["sexo"] == {1: "Hombre", 2: "Mujer"}
    assert pd.read_stata(path)["sexo"].tolist()[:2] == ["Hombre", "Mujer"]  # a reader that follows the map


def test_the_design_of_svyset() -> None:
    design = design_of(GIVEN)
    assert design == st.Design(weights="peso", strata="est", psu=("upm",), lonely_psu="adjust")
    assert design_of(GIVEN[4:]) is None


def test_names_are_shorter_in_format_117() -> None:
    head = "<stata_dta><header><release>{}</release><byteorder>MSF</byteorder>"
    assert [shape.width for release in (117, 118, 119) if (shape := shape_of(head.format(release).encode()))] == [
        33,
        129,
        129,
    ]
    assert shape_of(head.format(115).encode()) is None


def test_it_is_advised_proposed_and_kept(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = written(tmp_path / "d.dta")
    survey = st.read(path)
    assert survey.codebook["sexo"].labels == {"en": "Sex", "es": "Sexo"}
    assert main(["summarize", str(path), "sexo"]) == 0
    assert b"--weights peso --strata est --psu upm --lonely-psu adjust" in capfdbinary.readouterr().err
    assert main(["new", str(path), "--accept"]) == 0
    told = capfdbinary.readouterr().out.decode()
    assert 'weights = "peso"' in told and 'psu = ["upm"]' in told and 'languages = ["en", "es"]' in told
    assert main(["convert", str(path), str(tmp_path / "out.dta"), "--drop", "est"]) == 0
    kept = characteristics(tmp_path / "out.dta")
    assert kept == tuple(each for each in GIVEN if each.text != "est")


def test_the_design_of_a_study_is_written_as_svyset(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("q,w,s\n" + "".join(f"{row % 3},{1 + row % 2}.5,{row % 4}\n" for row in range(40)))
    (tmp_path / "s.toml").write_text('[data]\npath = "d.csv"\n[design]\nweights = "w"\nstrata = "s"\n')
    assert main(["convert", str(tmp_path / "s.toml"), str(tmp_path / "out.dta")]) == 0
    assert design_of(characteristics(tmp_path / "out.dta")) == st.Design(weights="w", strata="s")


@pytest.mark.skipif(not FIXTURE.exists(), reason="the reference data beside the project are not here")
def test_the_file_of_a_real_survey(tmp_path: Path) -> None:
    assert design_of(characteristics(FIXTURE)) == st.Design(weights="fexp", strata="estrato", psu=("upm",))
    assert st.read(FIXTURE).codebook["telefono"].labels["en"] == "Do you have a phone?"
    assert main(["convert", str(FIXTURE), str(tmp_path / "out.dta"), "--with-identifiers"]) == 0
    assert characteristics(tmp_path / "out.dta") == characteristics(FIXTURE)
