"""The faster ways of reading many values give what reading them one by one gives, or nothing."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from hostile import mutate
from hostile.seeds import seed

from surveytool.reading import readstat_arrow, sandbox, statistical
from surveytool.reading.loaded import Loaded, Options

NEEDS_LIBRARY = pytest.mark.skipif(find_spec("readstat_arrow") is None, reason="needs surveytool[fast]")


def everything(path: Path) -> None:
    """An SPSS file of every kind of column: dates, times, long and padded texts, declared missing values."""
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame(
        {
            "answer": [1.0, 2.0, 8.0, None, -99.0] * 4,
            "share": [0.1, -1e300, 5e-324, None, 1e15 + 1] * 4,
            "word": ["  héllo ", "", "不", "a\u00a0", "b"] * 4,
            "story": ["long é " * 200, "", "x" * 700, "y", " z "] * 4,
            "blank": [""] * 20,
            "day": [13_900_000_000.0, None, 13_900_050_000.5, -1e12, 0.0] * 4,
            "clock": [3_600.0, 90_000.0, None, -5.0, 0.25] * 4,
            "paid": [1234.5, None, 0.0, 1.0, 2.0] * 4,
        }
    )
    pyreadstat.write_sav(
        frame, str(path), compress=path.suffix == ".zsav",
        variable_value_labels={"answer": {1.0: "Yes", 2.0: "No", 8.0: "Don't know"}},
        missing_ranges={"answer": [{"lo": -99, "hi": -90}, 8.0], "word": ["b"]},
        variable_format={"day": "DATE11", "clock": "TIME8", "paid": "DOLLAR12.2", "share": "E12.3"},
    )  # fmt: skip


def tagged(path: Path) -> None:
    """A Stata file with tagged missing values, integers, texts and a date."""
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame({"q": [1, 2, "a", "b"] * 5, "only": ["a"] * 20, "n": range(20), "t": ["x ", "", "ñ", "y"] * 5})
    pyreadstat.write_dta(frame, str(path), missing_user_values={"q": ["a", "b"], "only": ["a"]})


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Call it to have every file counted as a large one."""

    def on() -> None:
        monkeypatch.setattr(statistical, "LARGE", 0)
        monkeypatch.setattr(statistical, "MANY", 0)

    yield on


def same(one: Loaded, other: Loaded) -> bool:
    return bool(one.table.equals(other.table)) and (one.names, one.meta, one.sets) == (
        other.names, other.meta, other.sets)  # fmt: skip


def real_files(shared: Path) -> list[Path]:
    files = (shared / "data/formats_spss_stata_sas").rglob("*")
    return [path for path in sorted(files) if path.suffix in (".sav", ".zsav", ".dta", ".por", ".xpt")]


def outcome(path: Path, options: Options | None = None) -> Loaded | str:
    try:
        return statistical.load(path, options or Options())
    except Exception as error:
        return str(error)


@pytest.mark.parametrize("library", [pytest.param(True, marks=NEEDS_LIBRARY), False])
def test_large_files_read_as_small_ones(
    library: bool, shared: Path, tmp_path: Path, large: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for made, name in ((everything, "all.sav"), (everything, "all.zsav"), (tagged, "tagged.dta")):
        made(tmp_path / name)
    paths = [*sorted(tmp_path.iterdir()), *real_files(shared)]
    one_by_one = [outcome(path) for path in paths]
    large()
    if not library:
        monkeypatch.setitem(sys.modules, "readstat_arrow", None)
    for path, before in zip(paths, one_by_one, strict=True):
        found = outcome(path)
        assert found == before if isinstance(before, str) else same(found, before), path
    assert sum(isinstance(each, Loaded) for each in one_by_one) > 20


@NEEDS_LIBRARY
def test_numbers_and_texts_come_from_the_library_and_dates_do_not(tmp_path: Path) -> None:
    import pyreadstat

    path = tmp_path / "all.sav"
    everything(path)
    _, meta = pyreadstat.read_sav(str(path), metadataonly=True, output_format="dict")
    found = readstat_arrow.columns(path, meta, meta.column_names, None)
    assert list(found) == ["answer", "share", "word", "story", "blank", "paid"]
    assert found["word"].to_pylist()[:5] == ["héllo", None, "不", "a", "b"]
    assert found["answer"].to_pylist()[:5] == [1.0, 2.0, 8.0, None, -99.0]


@NEEDS_LIBRARY
def test_only_what_was_asked_for_is_read(
    tmp_path: Path, large: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    import readstat_arrow

    asked: list[list[str]] = []
    real = readstat_arrow.read_sav

    def spy(path: Path, **given: Any) -> Any:
        asked.append(list(given["columns"]))
        return real(path, **given)

    path = tmp_path / "all.sav"
    everything(path)
    large()
    monkeypatch.setattr(readstat_arrow, "read_sav", spy)
    loaded = statistical.load(path, Options(wanted=["word", "day", "answer"]))
    assert asked == [["answer", "word"]]
    assert loaded.table.column_names == ["answer", "word", "day"]
    assert len(loaded.names) == 8


@NEEDS_LIBRARY
def test_another_version_than_the_proved_one_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyreadstat

    path = tmp_path / "all.sav"
    everything(path)
    _, meta = pyreadstat.read_sav(str(path), metadataonly=True, output_format="dict")
    monkeypatch.setattr("readstat_arrow.__version__", "2026.11.1.0")
    assert readstat_arrow.columns(path, meta, meta.column_names, None) == {}


def test_the_extra_installs_the_proved_version() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert extras["fast"] == [f"readstat-arrow=={readstat_arrow.PROVED}"]


@pytest.mark.parametrize(("value", "text"), [(None, None), (float("nan"), None), ("  ", None), (" a  ", " a")])
def test_missing_texts_of_any_kind_are_missing(value: Any, text: str | None) -> None:
    assert statistical._text(value) == text


@NEEDS_LIBRARY
def test_letters_that_are_none_are_refused_as_ever(tmp_path: Path, large: Callable[[], None]) -> None:
    path = tmp_path / "all.sav"
    everything(path)
    content = path.read_bytes()
    good, bad = "héllo".encode(), b"h\xff\xfello"
    assert content.count(good) == 4
    path.write_bytes(content.replace(good, bad))
    before = outcome(path)
    large()
    assert isinstance(before, str)
    assert outcome(path) == before


def test_letters_that_are_none_are_not_passed_on() -> None:
    import pyarrow as pa

    with pytest.raises(pa.ArrowInvalid):
        readstat_arrow._text(pa.array([b"h\xff\xfello"], pa.binary()).view(pa.string()))


@NEEDS_LIBRARY
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a crash would end the tests")
def test_broken_files_end_as_they_did(tmp_path: Path, large: Callable[[], None]) -> None:
    paths = []
    for number in range(200_000, 200_900):
        name, content = mutate.broken(number)
        if name in ("sav", "zsav"):
            paths.append(tmp_path / f"broken_{number}.{name}")
            paths[-1].write_bytes(content)
    (tmp_path / "whole.sav").write_bytes(seed("sav"))
    paths = [tmp_path / "whole.sav", *paths]
    before = [read_aside(path) for path in paths]
    large()
    for path, expected in zip(paths, before, strict=True):
        found = read_aside(path)
        assert found == expected if isinstance(expected, str) else same(found, expected), path
    read = [each for each in before if isinstance(each, Loaded)]
    assert len(read) > 20
    assert len(before) - len(read) > 20


def read_aside(path: Path) -> Loaded | str:
    try:
        return sandbox.read_aside(statistical.load, path, Options())
    except Exception as error:
        return str(error)
