"""A real cluster: a master and two workers as processes of this machine, asked through its address.

Local masters share one Java with the driver; here the respondents are read by
other processes, and the driver is given room for cells only.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from aggregate.respondents import DESIGNS, REQUESTS, differences, people, results
from aggregate.test_pushed import wanted
from conftest import ROOT
from golden import parity

import surveytool as st
from surveytool.stream import Pushed

SAV = ROOT / "examples" / "iom_2023" / "transit.sav"
ROOM = "1m"  # of the driver, for what comes back of one query; three columns of the respondents are 4.8 MB
ROWS = 200_000
PATIENCE = 300
QUIET = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning"
)
STUDY = """
[data]
path = "parts"
[design]
weights = "weight"
sample = "convenience"
[variables.social_media]
label = "Social networks"
levels = {1 = "Used them", 2 = "Did not"}
[[tables]]
variable = ["social_media", "platforms"]
by = ["sex", "age_group"]
[[claims]]
id = "men"
variable = "social_media"
level = "Used them"
by = {sex = "Male"}
published = "47%"
"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("localhost", 0))
        return int(found.getsockname()[1])


def answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    """Whether a process listens, waited for as long as it lives."""
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        with suppress(OSError):
            socket.create_connection(("localhost", port), timeout=1).close()
            return True
        time.sleep(0.2)
    return False


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a master with two workers, one core each."""
    pyspark = pytest.importorskip("pyspark", reason="the cluster needs pyspark, which is not installed")
    if shutil.which("java") is None:
        pytest.skip("the cluster needs Java, which is not installed")
    home, place, port = Path(pyspark.__file__).parent, tmp_path_factory.mktemp("cluster"), free_port()
    surroundings = {**os.environ, "SPARK_HOME": str(home), "SPARK_DAEMON_MEMORY": "256m"}
    started: list[subprocess.Popen[bytes]] = []

    def start(kind: str, *options: str) -> None:
        command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{kind}", "--host", "localhost"]
        with (place / f"log{len(started)}").open("wb") as log:
            started.append(
                subprocess.Popen([*command, *options], env=surroundings, stdout=log, stderr=log, start_new_session=True)
            )

    try:
        start("master.Master", "--port", str(port), "--webui-port", "0")
        if not answers(port, started[0]):
            pytest.skip("Spark's master does not start here")
        for number in (1, 2):
            start(
                "worker.Worker", "--cores", "1", "--memory", "1g", "--webui-port", "0",
                "-d", str(place / f"worker{number}"), f"spark://localhost:{port}",
            )  # fmt: skip
        yield f"spark://localhost:{port}"
    finally:
        for process in reversed(started):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in started:
            process.wait(timeout=PATIENCE)


@pytest.fixture
def driver(address: str) -> Iterator[Any]:
    """A driver at the cluster that may hold cells only."""
    from pyspark.sql import SparkSession

    from surveytool.reading.session import QUIET as silent
    from surveytool.reading.session import session

    builder: Any = SparkSession.builder.master(address)
    settings = {**silent, "spark.driver.maxResultSize": ROOM, "spark.executor.memory": "600m"}
    for name, value in {**settings, "spark.sql.shuffle.partitions": "2"}.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    assert session(address) is made
    yield made
    made.stop()


def in_parts(table: pa.Table, folder: Path, parts: int = 3) -> Path:
    """A table as a folder of Parquet files."""
    folder.mkdir()
    size = -(-table.num_rows // parts)
    for part in range(parts):
        pq.write_table(table.slice(part * size, size), folder / f"part-{part}.parquet")
    return folder


@QUIET
def test_a_cluster_counts_as_memory_does(driver: Any, address: str, tmp_path: Path, run: Callable[..., Any]) -> None:
    """Tables, R's own answers and command lines; respondents would not fit into the driver."""
    _tables(driver, address, tmp_path)
    _golden(address, tmp_path)
    _commands(address, tmp_path, run)


def _tables(driver: Any, address: str, tmp_path: Path) -> None:
    columns = ["work", "income", "sex", "age_group", "media", "trust"]
    folder, design = in_parts(people(ROWS), tmp_path / "people"), DESIGNS["strata and psu"]
    here = st.read(folder, design=design, columns=columns)
    there = st.read(str(folder), design=design, columns=columns, engine="spark", spark=address)
    sizes: list[int] = []
    collect = there.frame.collect

    def counted(*asked: Any) -> Any:
        found = collect(*asked)
        sizes.append(found.num_rows)
        return found

    there.frame.collect = counted
    assert isinstance(there.frame, Pushed) and there.codebook == here.codebook
    asked = [REQUESTS[place] for place in (0, 3, 5, 11)]
    assert differences(results(there, asked), results(here, asked)) == []
    assert sizes and max(sizes) < ROWS / 10
    with pytest.raises(Exception, match="maxResultSize"):
        driver.read.parquet(str(folder)).select("income", "w", "psu").toArrow()


def _golden(address: str, tmp_path: Path) -> None:
    checked = 0
    for dataset in ("apiclus1", "apistrat"):
        file = tmp_path / f"{dataset}.parquet"
        pq.write_table(st.read(parity.folder() / f"{dataset}.csv").frame, file)
        for case in [each for each in parity.cases() if each["dataset"] == dataset and wanted(each)][:1]:
            request = st.Request(variable=case["request"]["variable"], statistic=case["request"]["stat"])
            design = parity.design_of(case["design"], case["rows"][0]["df"])
            survey = st.read(file, design=design, columns=[request.variable], engine="spark", spark=address)
            for ours, theirs in zip(results(survey, [request]).estimates[0].rows, case["rows"], strict=True):
                assert ours.estimate == pytest.approx(theirs["estimate"], rel=1e-9)
                assert ours.se == pytest.approx(theirs["se"], rel=1e-9)
                checked += 1
    assert checked >= 2


def same(mine: Any, theirs: Any) -> bool:
    """Whether two answers in JSON are the same, numbers to 1e-9."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return mine.keys() == theirs.keys() and all(same(mine[name], theirs[name]) for name in mine if name != "sha256")
    if isinstance(mine, list) and isinstance(theirs, list):
        return len(mine) == len(theirs) and all(map(same, mine, theirs))
    if isinstance(mine, float) and isinstance(theirs, float):
        return mine == pytest.approx(theirs, rel=1e-9, abs=1e-15)
    return bool(mine == theirs)


def _commands(address: str, tmp_path: Path, run: Callable[..., Any]) -> None:
    """The example with its labels and missing kinds, which stand inside the Parquet file."""
    spark, study = ("--engine", "spark", "--spark", address), tmp_path / "study.toml"
    parts = tmp_path / "parts"
    parts.mkdir()
    assert run("convert", SAV, parts / "transit.parquet").status == 0
    study.write_text(STUDY.replace('"parts"', f'"{parts / "transit.parquet"}"'), encoding="utf-8")
    data = parts / "transit.parquet"
    for command in (
        ("summarize", data, "social_media", "platforms", "age", "--by", "sex:age_group", "-w", "weight"),
        ("compare", data, "social_media", "--by", "sex", "-w", "weight"),
        ("summarize", study),
        ("reproduce", study),
        ("codebook", data, "social_media", "sex"),
    ):
        here, there = run(*command, "--format", "json"), run(*command, "--format", "json", *spark)
        assert there.status == here.status == 0, there.err
        assert same(there.json, here.json), command[0]
    for command in (
        ("summarize", data, "age", "--stat", "median", "--quantile-rule", "hf7"),
        ("summarize", data, "social_media", "--protect"),
        ("summarize", data, "journey.stops", "--route", "journey: origin > route_* > destination?"),
        ("compare", data, "age", "--by", "sex", "--test", "rank"),
    ):
        refused = run(*command, *spark)
        assert refused.status == 2 and refused.err.count("\n") == 1 and "in memory" in refused.err


@QUIET
def test_spark_s_log_is_not_ours(address: str, tmp_path: Path) -> None:
    """A process of its own: nothing but the table on stdout, nothing on stderr."""
    file = tmp_path / "people.parquet"
    pq.write_table(people(500), file)
    asked = ["summarize", str(file), "work", "--by", "sex", "-w", "w", "--format", "csv"]
    command = [sys.executable, "-m", "surveytool", *asked, "--engine", "spark", "--spark", address]
    done = subprocess.run(command, capture_output=True, text=True, timeout=4 * PATIENCE, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("table,variable") and done.stdout.count("\n") == 13


def test_an_address_without_a_master_is_told(run: Callable[..., Any], tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="Spark is asked only where pyspark is")
    file = tmp_path / "people.parquet"
    pq.write_table(people(50), file)
    for scheme in ("spark", "sc"):
        done = run("summarize", file, "work", "--engine", "spark", "--spark", f"{scheme}://localhost:{free_port()}")
        assert done.status == 3 and done.err.count("\n") == 1 and "no Spark answers" in done.err


@pytest.mark.parametrize("wrong", ["localhost:7077", "http://localhost:7077", "spark://localhost", "local[x]"])
def test_what_is_no_address_is_told(run: Callable[..., Any], tmp_path: Path, wrong: str) -> None:
    file = tmp_path / "people.parquet"
    pq.write_table(people(50), file)
    done = run("summarize", file, "work", "--engine", "spark", "--spark", wrong)
    assert done.status == 2 and "no address" in done.err and "spark://host:7077" in done.err


@pytest.mark.parametrize("command", ["model", "check", "convert", "weight", "new"])
def test_commands_that_need_respondents_say_so(run: Callable[..., Any], command: str) -> None:
    done = run(command, "people.parquet", "--engine", "spark")
    assert done.status == 2 and done.err.count("\n") == 1 and f"{command} needs every respondent" in done.err
