"""Files that come with the package: the wheel holds them, the example runs in a folder of its own."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from surveytool.errors import UsageError
from surveytool.shipped import FILES, content, content_bytes, example_files, in_one_folder

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., Any]


def test_the_wheel_holds_every_file() -> None:
    built = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    assert built["force-include"] == {place: f"surveytool/shipped/files/{name}" for name, place in FILES.items()}


@pytest.mark.parametrize("name", list(FILES))
def test_a_file_is_that_of_the_checkout(name: str) -> None:
    assert content_bytes(name) == (ROOT / FILES[name]).read_bytes()


def test_a_broken_installation_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FILES, "lost.txt", "nowhere/lost.txt")
    with pytest.raises(UsageError, match=r"this installation has no lost\.txt"):
        content("lost.txt")


def test_the_study_lies_beside_its_data() -> None:
    files = example_files()
    for name in ("iom_2023.toml", "template.toml"):
        study = tomllib.loads(files[name].decode("utf-8"))
        assert study["data"]["path"] in files
    assert "configs/" not in in_one_folder("iom_2023.toml")


def test_the_example_runs_where_it_was_written(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("example", "try/it").status == 0
    assert {path.name for path in (tmp_path / "try" / "it").iterdir()} == set(example_files())
    done = run("summarize", "try/it/iom_2023.toml", "smartphone_internet", "--format", "csv")
    assert done.status == 0 and "0.64" in done.out


def test_files_that_are_there_stay(run: Run, tmp_path: Path) -> None:
    (tmp_path / "template.toml").write_text("mine", encoding="utf-8")
    done = run("example", tmp_path)
    assert done.status == 2 and "exists already" in done.err
    assert (tmp_path / "template.toml").read_text(encoding="utf-8") == "mine"
    assert len(list(tmp_path.iterdir())) == 1
    assert run("example", tmp_path, "--overwrite").status == 0


def test_the_template_loads_as_it_is_printed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("example", "here")
    printed = run("new", "--template").out
    Path("here/mine.toml").write_text(printed, encoding="utf-8")
    assert run("check", "here/mine.toml").status == 0
    assert run("new").status == 2
    done = run("new", "--template", "-o", "here/mine.toml")
    assert done.status == 2 and "exists already" in done.err
