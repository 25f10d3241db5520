"""One study: run, read, attacked. What comes out is counted."""

from __future__ import annotations

import io
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from bytes_read import Line, Read, read_json, read_text
from deduce import CELL, Found, Mind, Target
from respondents import Study, study
from splits import learn_splits

BASE = 10
SHARE = 10.0  # the p of the p% rule


def attack(seed: int, *, protect: bool = True) -> Found:
    """Run the study of a seed and take apart what it wrote."""
    made = study(seed)
    start = perf_counter()
    found = Found(seed, made.kind)
    with tempfile.TemporaryDirectory() as folder:
        read = written(made, Path(folder), found)
    found.seconds = perf_counter() - start
    if found.failed:
        return found
    found.figures = len(read.lines)
    found.withheld = sum(line.flag == "suppressed" for line in read.lines)
    if made.kind == "dominated":
        dominated(made, read, found)
        return found
    mind = Mind(made)
    mind.learn(read)
    found.wrong = mind.wrong()
    if found.wrong:
        mind.conditions = [x for x in mind.conditions if x.low - 1e-6 <= x.line @ mind.truth <= x.high + 1e-6]
    targets = list(targets_of(mind, read))
    found.reads = {each.source for each in mind.conditions} | learn_splits(mind, read)
    wrong = mind.wrong()
    if wrong and not found.wrong:
        mind.conditions = [x for x in mind.conditions if x.low - 1e-6 <= x.line @ mind.truth <= x.high + 1e-6]
    mind.attack(targets)
    judge(targets, found)
    if made.kind != "rounding":
        small(mind, read, found)
    return found


def judge(targets: list[Target], found: Found) -> None:
    for each in targets:
        if each.name.startswith("nobody"):
            found.singles += each.range == 0
            if each.range == 0:
                found.pins.append(f"{each.name} = {each.true}")
            continue
        if each.true == 0:
            found.zeros += each.range == 0
            continue
        found.attacked += 1
        found.narrowest = min(found.narrowest, each.range)
        found.pinned += each.range == 0
        found.narrow += each.range < CELL
        if each.range < CELL:
            found.pins.append(f"{each.name} = {each.true} in {each.low}..{each.high}")


def run(arguments: list[str]) -> tuple[int, str]:
    from surveytool.cli.app import main

    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(arguments)
    return status, out.getvalue() if not status else err.getvalue()


def written(made: Study, folder: Path, found: Found) -> Read:
    """The study's files, its commands run on them, and everything that they wrote read back."""
    import csv

    names = [name for name in made.columns if not name.startswith("_")]
    with (folder / "data.csv").open("w", newline="", encoding="utf-8") as out:
        sheet = csv.writer(out)
        sheet.writerow(names)
        sheet.writerows(
            [["" if x is None else x for x in row] for row in zip(*(made.columns[n] for n in names), strict=True)]
        )
    if made.toml:
        (folder / "study.toml").write_text(made.toml, encoding="utf-8")
    places = {"{data}": folder / "data.csv", "{toml}": folder / "study.toml", "{ledger}": folder / "ledger.json"}
    read = Read()
    for turn, command in enumerate(made.commands):
        arguments = [str(places.get(each, each)) for each in command]
        if made.ledger and not LEDGER:
            arguments = [each for each in arguments if each not in ("--ledger", str(places["{ledger}"]))]
        target = folder / f"out{turn}.json"
        with spoken() as texts:
            status, said = run([*arguments, "--format", "json", "-o", str(target)])
        if status:
            if "surveytool" in said or "ledger" not in said:
                found.failed = said.strip()
            continue
        read_json(target.read_text(encoding="utf-8"), read, turn)
        tables = [
            (each["variable"], each["where"]) for each in json.loads(target.read_text(encoding="utf-8"))["tables"]
        ]
        read_text(texts[-1], read, turn, tables)
    return read


@contextmanager
def spoken() -> Iterator[list[str]]:
    """The same run as people read it, told along: to run each command twice takes twice as long."""
    from surveytool import render as room
    from surveytool.table import report as arranged

    plain, texts = room.render, list[str]()

    def both(report: Any, format: str, words: Any, **options: Any) -> bytes:
        texts.append(plain(arranged(report.results, words), "terminal", words).decode("utf-8"))
        return plain(report, format, words, **options)

    room.render = both
    try:
        yield texts
    finally:
        room.render = plain


LEDGER = os.environ.get("ADVERSARY_LEDGER", "1") == "1"


def targets_of(mind: Mind, read: Read) -> Iterator[Target]:
    """Every count that must not come out: withheld rows, people without a group, what a condition leaves out."""
    seen: set[bytes] = set()
    for name, line, width in _lines(mind, read):
        key = line.tobytes()
        if key in seen or not line.any():
            continue
        seen.add(key)
        yield Target(name, line, round(float(line @ mind.truth[: mind.size])), width)


def _lines(mind: Mind, read: Read) -> Iterator[tuple[str, np.ndarray, int]]:
    for line in read.lines:
        base = mind.base(line)
        if line.flag == "suppressed" and line.table != "std":
            n = base @ mind.truth[: mind.size]
            told = line.level is not None or line.variable == "f"
            gave = mind.gave(line) if told else np.ones(mind.size)
            if n and (told or n < BASE):  # of a number that is withheld its n is no secret, unless it is too small
                yield f"{line.variable} {line.level} {line.by} {line.where or ''}", base * gave, CELL
        for name in line.by:
            if None in mind.study.spaces.get(name, []) and line.level is not None:
                nobody = mind.answered(line.variable) * (1 - mind.answered(name))
                if nobody @ mind.truth[: mind.size]:
                    yield f"nobody {line.variable} {line.level} {name}", nobody * mind.gave(line), 1
        if line.where and line.level is not None and not line.by:
            if "is missing" in line.where:
                continue
            rest = mind.answered(line.variable) - base
            for part in (rest * mind.gave(line), rest):
                true = part @ mind.truth[: mind.size]
                if 0 < true < CELL:
                    yield f"rest {line.variable} {line.level} not {line.where}", part, CELL
        if line.variable == "f" and line.flag != "suppressed":
            for part in (base * mind.gave(line), base * (1 - mind.gave(line))):
                if 0 < part @ mind.truth[: mind.size] < CELL:
                    yield f"f {line.by}", part, CELL


def small(mind: Mind, read: Read, found: Found) -> None:
    """Printed rows of fewer people than the rules allow."""
    for line in read.lines:
        if line.flag == "suppressed" or line.level is None:
            continue
        base = mind.base(line)
        count, n = (base * mind.gave(line)) @ mind.truth[: mind.size], base @ mind.truth[: mind.size]
        if 0 < count < CELL or 0 < n < BASE:
            found.small += 1
            found.pins.append(f"printed: {line.variable} {line.level} {line.by} {count:.0f} of {n:.0f}")


def dominated(made: Study, read: Read, found: Found) -> None:
    """Totals and means that are one respondent's, quantiles and ends that are single respondents' answers."""
    for line in read.lines:
        found.attacked += 1
        if line.flag == "suppressed" or "estimate" not in line.numbers:
            continue
        values = np.array(_values(made, line))
        if line.statistic in ("total", "mean"):
            ordered = np.sort(np.abs(values))[::-1]
            if ordered[2:].sum() < SHARE / 100 * ordered[0]:
                found.values += 1
                found.pins.append(f"{line.statistic} {line.by}: {ordered[0]} of {ordered.sum()}")
            continue
        for key in ("estimate", "ci_low", "ci_high"):
            if key not in line.numbers:
                continue
            number = line.numbers[key]
            half = place(number.text)
            inside = int(((values >= number.value - half) & (values <= number.value + half)).sum())
            if 0 < inside < CELL:
                found.values += 1
                found.pins.append(f"{line.statistic} {line.by} {key} {number.text}: {inside} respondents")


def place(text: str) -> float:
    """The last digit that is not 0 of a rounded number is the step that a reader takes it for."""
    digits = text.rstrip("0") if "." in text else text
    if not digits.endswith(".") and "." in digits:
        return 0.5 * 10.0 ** -len(digits.partition(".")[2])
    whole = digits.rstrip(".")
    zeros = len(whole) - len(whole.rstrip("0"))
    return (1.0 if zeros else 0.5) * 10.0**zeros


def _values(made: Study, line: Line) -> list[float]:
    columns: dict[str, list[Any]] = made.columns
    return [
        value for row, value in enumerate(columns["pay"])
        if all(str(columns[name][row]) == label for name, label in line.by.items())
    ]  # fmt: skip
