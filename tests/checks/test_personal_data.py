"""Personal data under any name: behind a group of the form, by the form's own words; and what only sounds like it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import surveytool as st

PEOPLE = ["full_name", "phone_number", "email", "passport", "gps_latitude", "gps_longitude"]


@pytest.fixture
def grouped(tmp_path: Path) -> Callable[[str], Path]:
    """Forty respondents whose personal columns stand in a group, joined to it by a sign."""

    def made(joined: str) -> Path:
        rows = [
            [f"Ana Perez {place}", f"+5076094{place:04d}", f"p{place}@example.org", f"AB{place:06d}",
             f"{8.1 + place / 999:.5f}", f"{-77.2 - place / 999:.5f}", "fm"[place % 2]]
            for place in range(40)
        ]  # fmt: skip
        path = tmp_path / "people.csv"
        head = ",".join(f"demo{joined}{name}" for name in [*PEOPLE, "sex"])
        path.write_text("\n".join([head, *(",".join(row) for row in rows)]) + "\n", encoding="utf-8")
        return path

    return made


@pytest.mark.parametrize("joined", ["/", "-", "_", "."])
def test_a_group_of_the_form_hides_nobody(
    grouped: Callable[[str], Path], joined: str, run: Any, tmp_path: Path
) -> None:
    path = grouped(joined)
    book = st.read(path).codebook
    people = [f"demo{joined}{name}" for name in PEOPLE]
    assert [name for name, variable in book.items() if variable.sensitive] == people
    for command in ("summarize", "codebook", "check"):
        done = run(command, path)
        assert not any(text in done.out + done.err for text in ("Ana", "+507", "example.org", "AB00"))
    target = tmp_path / "out.csv"
    assert run("convert", path, target).status == 2
    assert not target.exists()


def test_a_guarded_table_never_has_names_for_heads(grouped: Callable[[str], Path], run: Any) -> None:
    done = run("summarize", grouped("/"), "demo/full_name", "--protect")
    assert done.status == 2
    assert "Ana" not in done.out + done.err
    assert "demo/full_name may say who the respondents are" in done.err


def test_having_a_telephone_is_a_question(tmp_path: Path) -> None:
    frame = st.read(
        _written(tmp_path, "telefono,apps,apps/phone,apps/radio,barriers_lon", ["si,phone,1,0,1", "no,,0,0,0"])
    )
    assert not any(variable.sensitive for variable in frame.codebook.values())


def test_who_collected_is_personal_also_where_they_are_few(tmp_path: Path) -> None:
    names = ["Rosa,0", "Luis,1", "Ines,0"]
    book = st.read(_written(tmp_path, "SubmitterName,sex", names)).codebook
    assert book["SubmitterName"].sensitive


def test_the_name_of_a_place_is_no_name_of_a_person() -> None:
    from surveytool.reading import looks_personal

    assert not looks_personal("nomdpto", "Nombre del departamento")
    assert looks_personal("p1", "Nombre del jefe de hogar")


def _written(folder: Path, head: str, rows: list[str]) -> Path:
    path = folder / "some.csv"
    path.write_text("\n".join([head, *(rows * 10)]) + "\n", encoding="utf-8")
    return path
