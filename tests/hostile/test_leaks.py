"""Nothing of a respondent leaves by a side door: messages, notes, metadata, crashes, temporary files, permissions.

The data hold canaries, words that only single respondents have: names, telephone numbers, stories,
identifiers. They may stand nowhere but where a person asks for that very column.
"""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROWS = 60
CANARIES = ("Xochitl", "555-01", "crossed", "KQ-", "canary")
HEADER = "respondent,phone,story,case_id,interview,sex,age,site,weight\n"
STUDY = """
[study]
title = "Leaks"
[data]
path = "people.csv"
[design]
weights = "weight"
psu = ["site"]
[[tables]]
variable = "sex"
by = ["age"]
[[charts]]
variable = "sex"
"""


def rows() -> Iterator[str]:
    for place in range(ROWS):
        yield (
            f"Xochitl{place} Canary{place},555-01{place:02},I crossed at night with {place} others canary{place},"
            f"KQ-{place:05}-canary,{9_000_000 + place},{'FM'[place % 2]},{place % 4},{place % 12},{1 + place % 3}"
        )


@pytest.fixture
def people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the data and a study, entered."""
    folder = tmp_path / "private_folder_of_the_user"
    folder.mkdir()
    (folder / "people.csv").write_text(HEADER + "\n".join(rows()) + "\n", encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def opened(path: Path) -> bytes:
    """A file's content, with what its compression hides: members of an archive, streams of a PDF, text of a picture."""
    content = path.read_bytes()
    parts = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts += [each.filename.encode() + b"\n" + archive.read(each) for each in archive.infolist()]
    for piece in content.split(b"stream")[1::2] if content.startswith(b"%PDF") else []:
        try:
            parts.append(zlib.decompress(piece.strip(b"\r\n")))
        except zlib.error:
            continue
    return b"\n".join(parts)


def clean(folder: Path, *texts: str) -> None:
    """No canary and no path of this machine in the texts or in any file of the folder beside the inputs."""
    inputs = {"people.csv", "study.toml"}
    contents = [text.encode() for text in texts]
    contents += [opened(path) for path in folder.rglob("*") if path.is_file() and path.name not in inputs]
    for content in contents:
        for secret in (*CANARIES, str(folder), folder.name, str(Path.home()) + "/"):
            assert secret.encode() not in content, (secret, content[:300])


COMMANDS = (
    ("summarize", "people.csv"),
    ("summarize", "people.csv", "sex", "--by", "age", "-w", "weight", "--psu", "site"),
    ("codebook", "people.csv"),
    ("compare", "people.csv", "sex", "--by", "age"),
    ("model", "people.csv", "sex == 'F' ~ weight"),
    ("summarize", "study.toml"),
    ("codebook", "study.toml"),
)


@pytest.mark.parametrize("form", ["terminal", "csv", "json", "markdown", "html", "latex", "xlsx", "docx"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: " ".join(each[:3]))
def test_no_output_holds_a_canary(run: Callable[..., Any], people: Path, command: tuple[str, ...], form: str) -> None:
    ran = run(*command, "--format", form, "-o", f"out.{form}")
    if ran.status == 2 and "is not known" in ran.err:
        pytest.skip(f"{command[0]} has no {form}")
    assert ran.status == 0, ran.err
    clean(people, ran.out, ran.err)


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
def test_no_chart_holds_a_canary(run: Callable[..., Any], people: Path, suffix: str) -> None:
    ran = run("chart", "people.csv", "sex", "--by", "age", "-w", "weight", "-o", f"chart.{suffix}")
    assert ran.status == 0, ran.err
    clean(people, ran.out, ran.err)


def test_no_report_holds_a_canary_or_a_path(run: Callable[..., Any], people: Path) -> None:
    ran = run("report", "study.toml", "-o", "out")
    assert ran.status == 0, ran.err
    assert len(list(people.rglob("*"))) > 6
    clean(people, ran.out, ran.err)


@pytest.mark.parametrize("command", [("check", "people.csv"), ("check", "study.toml"), ("new", "people.csv")])
def test_no_check_holds_a_canary(run: Callable[..., Any], people: Path, command: tuple[str, ...]) -> None:
    ran = run(*command)
    clean(people, ran.out, ran.err)


@pytest.mark.parametrize("column", ["respondent", "phone", "story", "case_id", "interview"])
@pytest.mark.parametrize(
    "options",
    [
        ("-w", "{}"),
        ("--strata", "{}"),
        ("--strata", "{}", "--lonely-psu", "certainty"),
        ("--psu", "{}", "--strata", "sex", "--no-nest"),
        ("--strata", "sex", "--psu", "site", "--psu", "{}", "--lonely-psu", "fail"),
        ("--fpc", "{}"),
        ("--replicate-weights", "{}", "--replicate-method", "jk1"),
        ("--where", "{} == 'nobody'"),
        ("--where", "{} > 3"),
        ("--where", "{} in ('a', 3)"),
        ("--stat", "mean"),
        ("--stat", "ratio:{}"),
        ("--standardize", "{}: a=1"),
    ],
    ids=lambda each: " ".join(each),
)
def test_no_message_quotes_an_answer(
    run: Callable[..., Any], people: Path, options: tuple[str, ...], column: str
) -> None:
    ran = run("summarize", "people.csv", "sex", *(each.replace("{}", column) for each in options), "--format", "json")
    assert ran.status in (0, 2, 4), ran.err
    clean(people, ran.out, ran.err)
    assert not any(str(9_000_000 + place) in ran.out + ran.err for place in range(ROWS))


def test_no_message_of_a_broken_row_quotes_it(run: Callable[..., Any], people: Path) -> None:
    with (people / "people.csv").open("a", encoding="utf-8") as file:
        file.write("Xochitl61,canary,only three\n")
    ran = run("summarize", "people.csv", "sex")
    assert ran.status == 3
    assert f"data row {ROWS + 1}" in ran.err
    clean(people, ran.err)


def test_a_defect_is_told_without_the_data(
    run: Callable[..., Any], people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*given: object, **more: object) -> object:
        raise ValueError("could not convert string to float: 'Xochitl7 Canary7'")

    monkeypatch.setattr("surveytool.tabulation.tabulate", fails)
    ran = run("summarize", "people.csv", "sex")
    assert ran.status == 70
    assert ran.err.count("\n") == 1
    assert "internal error (ValueError in " in ran.err
    clean(people, ran.out, ran.err)
    monkeypatch.setenv("SURVEYTOOL_TRACEBACK", "1")
    with pytest.raises(ValueError, match="Canary7"):
        run("summarize", "people.csv", "sex")


def test_temporary_files_are_private_and_gone(
    run: Callable[..., Any], people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a file is written it is nobody's to read but the owner's; a failure leaves none behind."""
    seen: list[int] = []

    def watch(source: str, target: Path) -> None:
        seen.append(stat.S_IMODE(os.stat(source).st_mode))
        raise OSError(28, "No space left on device")

    def note_mode(path: str, mode: int) -> None:
        seen.append(stat.S_IMODE(os.stat(path).st_mode))

    monkeypatch.setattr(os, "replace", watch)
    monkeypatch.setattr(os, "chmod", note_mode)
    (people / "out.csv").write_text("old", encoding="utf-8")
    before = set(people.iterdir())
    ran = run("summarize", "people.csv", "sex", "-o", "out.csv", "--overwrite")
    assert (ran.status, seen) == (2, [0o600, 0o600])
    assert "No space left" in ran.err
    assert set(people.iterdir()) == before


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o027, 0o640)])
def test_outputs_have_the_permissions_that_the_user_chose(
    run: Callable[..., Any], people: Path, mask: int, mode: int
) -> None:
    before = os.umask(mask)
    try:
        assert run("summarize", "people.csv", "sex", "-o", "out.csv").status == 0
        assert stat.S_IMODE((people / "out.csv").stat().st_mode) == mode
        (people / "out.csv").chmod(0o640)
        assert run("summarize", "people.csv", "sex", "-o", "out.csv", "--overwrite").status == 0
        assert stat.S_IMODE((people / "out.csv").stat().st_mode) == 0o640
    finally:
        os.umask(before)


@pytest.mark.parametrize("form", ["terminal", "csv", "markdown", "html", "latex", "xlsx", "docx", "svg", "png"])
def test_documents_show_no_folder_of_the_machine(run: Callable[..., Any], people: Path, form: str) -> None:
    """A path typed whole stands in documents by its name alone; json and manifests are for programs."""
    command = "chart" if form in ("svg", "png") else "summarize"
    ran = run(command, people / "people.csv", "sex", "--format", form, "-o", f"out.{form}")
    assert ran.status == 0, ran.err
    clean(people, ran.out, ran.err)
    assert form in ("csv", "latex", "png") or b"people.csv" in opened(people / f"out.{form}")


def test_a_report_of_a_study_that_is_named_whole_shows_no_folder(run: Callable[..., Any], people: Path) -> None:
    (people / "study.toml").write_text(STUDY.replace("people.csv", str(people / "people.csv")), encoding="utf-8")
    ran = run("report", people / "study.toml", "-o", "out")
    assert ran.status == 0, ran.err
    clean(people)


def test_a_manifest_holds_hashes_and_no_canary(run: Callable[..., Any], people: Path) -> None:
    ran = run("summarize", people / "people.csv", "sex", "-w", "weight", "-o", "out.csv", "--manifest", "manifest.json")
    assert ran.status == 0, ran.err
    assert b"sha256" in (people / "manifest.json").read_bytes()
    clean(people, ran.out, ran.err)


@pytest.mark.parametrize("suffix", ["csv", "sav", "parquet"])
def test_microdata_are_not_converted_with_names(run: Callable[..., Any], people: Path, suffix: str) -> None:
    ran = run("convert", "people.csv", f"out.{suffix}")
    assert ran.status == 2
    assert not (people / f"out.{suffix}").exists()
    clean(people, ran.out, ran.err)


def test_the_source_is_shown_as_it_was_typed(run: Callable[..., Any], people: Path) -> None:
    assert run("summarize", "people.csv", "sex", "--format", "json").json["source"]["path"] == "people.csv"
    assert run("summarize", "./people.csv", "sex", "--format", "json").json["source"]["path"] in (
        "people.csv", "./people.csv")  # fmt: skip
    (people / "sub").mkdir()
    (people / "sub" / "study.toml").write_text(STUDY.replace("people.csv", "../people.csv"), encoding="utf-8")
    shown = run("summarize", "sub/study.toml", "--format", "json").json["source"]["path"]
    assert not Path(shown).is_absolute()
    assert str(people) not in shown
