"""Whatever a command does with a stream, its numbers and what it withholds are those of rows in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from engines.streaming import Forced, apart

from surveytool.reading import sidecar

ROOT = Path(__file__).resolve().parents[2]
STUDY = ROOT / "configs" / "iom_2023.toml"
DATA = ROOT / "examples" / "iom_2023" / "transit.sav"
ROUTE = "trip: origin > route_* > destination"
DESIGN = ("-w", "weight", "--strata", "country_interview", "--psu", "site")
BY = ("--by", "sex:age_group", "--by", "smartphone_internet")
QUESTIONS = ("education", "age", "sex")
BY_PLACE = ("-w", "weight", "--site", "site", "--dominance", "0.5")
ROUNDED = (*DESIGN, "--protect", "--protect-method", "rounding")
COMMANDS = {
    "tables of a study": ("summarize", STUDY, "--no-protect"),
    "a recode of a study": ("summarize", STUDY, "schooling", "--by", "age_band", "--no-protect"),
    "protected tables of a study": ("summarize", STUDY, "--protect"),
    "protected claims of a study": ("reproduce", STUDY, "--protect"),
    "claims of a study": ("reproduce", STUDY, "--no-protect"),
    "codebook of a study": ("codebook", STUDY),
    "check of a study": ("check", STUDY),
    "check": ("check", DATA, *DESIGN, "--by", "sex:age_group"),
    "check without a design": ("check", ROOT / "examples" / "iom_2023" / "transit.csv"),
    "risk": ("check", DATA, "--risk"),
    "codebook": ("codebook", DATA),
    "tables": ("summarize", DATA, *DESIGN),
    "protected, of several answers": ("summarize", DATA, "platforms", "--by", "platforms", *DESIGN, "--protect"),
    "protected, without a design": ("summarize", DATA, *QUESTIONS, *BY, "--protect"),
    "protected, with a site": ("summarize", DATA, *QUESTIONS, *BY, *BY_PLACE),
    "protected, in a domain": ("summarize", DATA, *QUESTIONS, *BY, *DESIGN, "--where", "age >= 30", "--protect"),
    "protected, rounded": ("summarize", DATA, "sex", "--by", "age_group", *ROUNDED),
    "protected, attacked": ("summarize", DATA, *QUESTIONS, "--by", "route", *DESIGN, "--audit"),
    "protected comparison": ("compare", DATA, "social_media", "age", "--by", "sex", *DESIGN, "--protect"),
    "comparison": ("compare", DATA, "social_media", "age", "--by", "sex", *DESIGN),
    "rank test": ("compare", DATA, "age", "--by", "sex", "--test", "rank", *DESIGN),
    "route": ("summarize", DATA, "trip.stops", "trip.length", "--by", "trip.origin", "--route", ROUTE, *DESIGN),
}


@pytest.fixture
def forced(monkeypatch: pytest.MonkeyPatch) -> Forced:
    return Forced(monkeypatch)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_stream_gives_what_rows_in_memory_give(command: tuple[Any, ...], run: Any, forced: Forced) -> None:
    whole = run(*command, "--format", "json")
    forced.on()
    streamed = run(*command, "--format", "json")
    assert streamed.status == whole.status, streamed.err
    assert forced.streams
    assert apart(streamed.json, whole.json) == []


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet"])
def test_a_stream_is_converted_block_by_block(suffix: str, run: Any, forced: Forced, tmp_path: Path) -> None:
    for place in ("whole", "streamed"):
        assert run("convert", DATA, tmp_path / f"{place}{suffix}").status == 0
        forced.on(block=77)
    assert len(forced.streams) == 1
    whole, streamed = tmp_path / f"whole{suffix}", tmp_path / f"streamed{suffix}"
    if suffix == ".parquet":
        assert pq.ParquetFile(streamed).num_row_groups > 5
        assert pq.read_table(streamed).equals(pq.read_table(whole), check_metadata=True)
    else:
        assert streamed.read_bytes() == whole.read_bytes()
        assert sidecar.place(streamed).read_bytes() == sidecar.place(whole).read_bytes()
