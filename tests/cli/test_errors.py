"""Bad input: one clear line on stderr that names the thing and the cure, and the right exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HEADER = "sex,age,weight,neg,gap,inf,stratum,psu,word\n"
ROWS = "".join(
    f"{'MF'[i % 2]},{20 + i % 40},{1 + i % 3},{-1 if i == 4 else 1},{'' if i == 5 else 2},"
    f"{'inf' if i == 6 else 1},{'lonely' if i == 7 else 'AB'[i % 2]},{i // 2 % 5},w{i % 3}\n"
    for i in range(60)
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def one_line(ran: Any, status: int, *words: str) -> None:
    """The run failed as it should: its status, one line, all the words, no traceback, nothing on stdout."""
    assert ran.status == status, ran
    assert ran.out == ""
    assert ran.err.count("\n") == 1 and ran.err.endswith("\n"), ran.err
    assert "Traceback" not in ran.err
    for word in words:
        assert word in ran.err, (word, ran.err)


@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        (["sexx"], 2, ["'sexx'", "'sex'"]),
        (["sex", "--by", "agee"], 2, ["'agee'", "'age'"]),
        (["sex", "-w", "wieght"], 2, ["'wieght'", "'weight'"]),
        (["sex", "-w", "word"], 4, ["word", "weights", "numeric"]),
        (["sex", "-w", "neg"], 4, ["neg", "negative", "1 row", "data row 5"]),
        (["sex", "-w", "gap"], 4, ["gap", "missing", "1 row", "data row 6"]),
        (["sex", "--strata", "stratum"], 4, ["lonely", "--lonely-psu", "certainty", "adjust", "average"]),
        (["sex", "--strata", "word", "--psu", "psu", "--no-nest"], 4, ["psu", "stratum", "--no-nest"]),
        (["sex", "--where", "age > 1000"], 2, ["--where", "no respondent"]),
        (["sex", "--where", "age >"], 2, ["--where", "character"]),
        (["sex", "--where", "sex = 'M'"], 2, ["--where", "=="]),
        (["sex", "--where", "__import__('os')"], 2, ["--where"]),
        (["sex", "--where", "sex == 'X'"], 2, ["'X'", "'M'", "'F'"]),
        (["sex", "--where", "nope == 1"], 2, ["'nope'"]),
        (["sex", "--stat", "meen"], 2, ["--stat", "'meen'", "'mean'"]),
        (["word", "--stat", "mean"], 2, ["word", "text"]),
        (["age", "--stat", "ratio:word"], 2, ["word", "text"]),
        (["age", "--stat", "ratio"], 2, ["ratio:DENOMINATOR"]),
        (["sex", "--ci", "wilsson"], 2, ["--ci", "wilsson"]),
        (["sex", "--level", "95"], 2, ["--level", "0.95"]),
        (["sex", "--base", "everyone"], 2, ["--base", "asked"]),
        (["sex", "--format", "cvs"], 2, ["--format", "'csv'"]),
        (["sex", "--lang", "de"], 2, ["de", "en", "es", "fr"]),
        (["sex", "--fpc", "weight", "--fpc", "weight"], 4, ["--fpc"]),
        (["sex", "--replicate-weights", "rw*"], 2, ["--replicate-method"]),
        (["sex", "--replicate-weights", "rw*", "--replicate-method", "jk1"], 2, ["'rw*'"]),
        (["sex", "--lonely-psu", "ignore"], 2, ["--lonely-psu", "certainty"]),
        (["sex", "--nonsense"], 2, ["--nonsense", "--help"]),
    ],
)
def test_wrong_request(run: Callable[..., Any], file: Path, options: list[str], status: int, words: list[str]) -> None:
    one_line(run("summarize", file, *options), status, *words)


def test_no_such_file(run: Callable[..., Any], tmp_path: Path) -> None:
    one_line(run("summarize", tmp_path / "gone.csv", "sex"), 3, "gone.csv")


@pytest.mark.parametrize("suffix", ["csv", "sav", "dta", "xlsx", "parquet", "por", "sas7bdat", "xpt", "zsav", "tsv"])
def test_empty_file(run: Callable[..., Any], tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"empty.{suffix}"
    path.write_bytes(b"")
    one_line(run("summarize", path, "sex"), 3, f"empty.{suffix}", "empty")


@pytest.mark.parametrize("suffix", ["sav", "dta", "xlsx", "parquet", "por", "sas7bdat", "xpt", "zsav"])
def test_wrong_suffix(run: Callable[..., Any], tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"really_csv.{suffix}"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    one_line(run("summarize", path, "sex"), 3, f"really_csv.{suffix}")


def test_truncated_sav(run: Callable[..., Any], tmp_path: Path, example: Path) -> None:
    whole = (example / "transit.sav").read_bytes()
    for part in (0.02, 0.3, 0.9):
        path = tmp_path / "cut.sav"
        path.write_bytes(whole[: int(len(whole) * part)])
        one_line(run("summarize", path, "sex"), 3, "cut.sav")


def test_folder_and_unknown_suffix(run: Callable[..., Any], tmp_path: Path) -> None:
    one_line(run("summarize", tmp_path, "sex"), 3, str(tmp_path.name))
    odd = tmp_path / "data.xyz"
    odd.write_text("a,b\n1,2\n")
    one_line(run("summarize", odd, "a"), 3, "data.xyz", ".csv")


def test_infinite_weights(run: Callable[..., Any], tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    path = tmp_path / "inf.parquet"
    pq.write_table(pa.table({"sex": ["M", "F", "M"], "w": [1.0, float("inf"), 2.0]}), path)
    one_line(run("summarize", path, "sex", "-w", "w"), 4, "infinite", "data row 2")


def test_one_respondent_has_no_variance(run: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("a,b\n1,x\n", encoding="utf-8")
    one_line(run("summarize", path, "b"), 4, "one PSU", "--psu")


def test_outputs_are_never_lost(run: Callable[..., Any], file: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    assert run("summarize", file, "sex", "-o", target).status == 0
    before = target.read_bytes()
    one_line(run("summarize", file, "sex", "--by", "word", "-o", target), 2, "out.json", "--overwrite")
    assert target.read_bytes() == before
    assert run("summarize", file, "sex", "--by", "word", "-o", target, "--overwrite").status == 0
    assert target.read_bytes() != before
    one_line(run("summarize", file, "sex", "-o", file, "--overwrite"), 2, "small.csv")
    assert file.read_text(encoding="utf-8") == HEADER + ROWS
    one_line(run("summarize", file, "sex", "-o", tmp_path / "nowhere" / "out.csv"), 2, "nowhere")
    one_line(run("summarize", file, "sex", "-o", tmp_path / "out.pptx"), 2, ".pptx")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["out.json", "small.csv"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_folder_not_writable(run: Callable[..., Any], file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o555)
    one_line(run("summarize", file, "sex", "-o", folder / "out.csv"), 2, "closed")


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
def test_closed_pipe(file: Path) -> None:
    command = f"'{sys.executable}' -m surveytool summarize '{file}' --format csv | head -n 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, timeout=600, check=False)
    assert done.stdout.startswith(b"table,variable,")
    assert all(line.startswith(b"note: ") for line in done.stderr.splitlines())


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_a_pipe_is_refused_as_a_data_file(run: Any, tmp_path: Path) -> None:
    """It could not be read twice; interrupts are tested among the hostile processes."""
    pipe = tmp_path / "slow.csv"
    os.mkfifo(pipe)
    ran = run("summarize", pipe, "sex", "-o", tmp_path / "out.csv")
    assert (ran.status, ran.out) == (3, "")
    assert ran.err.count("\n") == 1 and "regular file" in ran.err
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("file", ["transit.csv", "transit.sav"])
def test_a_kind_of_a_column_that_is_not_there(run: Any, example: Path, file: str) -> None:
    ran = run("summarize", example / file, "sex", "--kind", "agee=number")
    assert (ran.status, ran.out) == (2, "")
    assert "agee" in ran.err and "age" in ran.err.partition("Did you mean")[2]
    assert run("summarize", example / file, "sex", "--kind", "age=number").status == 0


def test_a_kind_of_a_column_that_a_study_s_data_lack(run: Any, example: Path) -> None:
    ran = run("summarize", example.parents[1] / "configs" / "iom_2023.toml", "--kind", "agee=number")
    assert (ran.status, ran.out) == (2, "")
    assert "agee" in ran.err and "Did you mean 'age" in ran.err


@pytest.mark.parametrize(("command", "more"), [
    ("check", ()), ("codebook", ()), ("new", ()), ("convert", ("out.sav", "--with-identifiers")),
    ("weight", ("-w", "weight", "--margin", "sex: Male=0.5, Female=0.5", "-o", "out.sav", "--with-identifiers")),
])  # fmt: skip
def test_every_command_refuses_the_kind_of_a_column_that_is_not_there(
    run: Any, example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, more: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    for wrong, status in (("agee=number", 2), ("age=number", 0)):
        ran = run(command, example / "transit.csv", *more, "--kind", wrong)
        assert ran.status == status, ran.err
        assert status == 0 or (
            "agee" in ran.err and "Did you mean 'age" in ran.err and not (tmp_path / "out.sav").exists()
        )
