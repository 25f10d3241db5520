"""Random requests of random designs on random data: python tests/hostile/fuzz_requests.py [REQUESTS] [SEED].

Any command, any design, with groups of nobody, empty answers, zero weights, single PSUs and replicates that leave a
group out. A request is answered or refused in one line; an internal error (status 70) or a number that is none
(NaN, infinity) in JSON is shown with the command that makes it.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import random
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

INTERNAL = 70
FILES = 40  # requests of one file, before the next is drawn
COLUMNS = ("y", "x", "k", "bin", "c", "g", "dom", "wave", "m_1", "m_2", "empty", "one")
CI = ("auto", "logit", "wilson", "beta", "nchs", "likelihood", "arcsine", "wald")
STATS = ("mean", "total", "median", "p10", "p97.5", "ratio:x", "ratio:k", "proportion")
TESTS = ("rao-scott-f", "rao-scott-chisq", "wald", "adjusted-wald", "t", "rank", "trend", "difference", "ratio")
WHERE = (
    "dom == 'in'",
    "y > 60",
    "c in ('a', 'b') and x < 8",
    "g == 'u' or bin == 1",
    "not (dom == 'in')",
    "y is missing",
)
FORMULAS = ("y ~ x", "y ~ g", "bin ~ x + g", "c == 'a' ~ x", "k ~ x + c", "y ~ x*g", "y ~ g:c", "bin ~ c", "y ~ x - 1",
            "one ~ x", "y ~ empty", "y ~ x + x", "k ~ g + dom")  # fmt: skip
SCHEMES = ("nchs", "cepal-2020", "cepal-2023", "ine-chile", "statcan", "min-n:20", "nchs-counts")
RULES = ("math", "school", "hf2", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9")
DOORS = ("convert", "new", "reproduce", "chart", "doubt")
KINDS = ["summarize"] * 4 + ["compare"] * 3 + ["model"] * 2 + ["weight", "codebook", "check"] + list(DOORS)
METHODS = ("brr", "fay", "jk1", "jkn", "bootstrap", "sdr", "other")


def write_file(path: Path, dice: random.Random) -> None:
    """A file of 1 to 80 respondents in a few strata and PSUs."""
    strata, many = dice.randint(1, 4), dice.choice([1, 2, 3, 6, 12])
    missing = dice.choice([0.0, 0.05, 0.5])
    rows = []
    for number in range(dice.choice([1, 2, 5, 12, 40, 80])):
        h, p, q = dice.randrange(strata), dice.randrange(many), dice.randrange(3)
        row: dict[str, object] = {
            "id": number, "h": f"s{h}", "p": p, "q": q, "n1": many * 3, "n2": 9, "f1": 0.25,
            "w": 0 if dice.random() < 0.05 else round(dice.uniform(0.2, 5), 3),
            "y": round(dice.gauss(50 + 3 * p, 15), dice.choice([-1, 2])), "x": round(dice.uniform(5, 9), 2),
            "k": dice.randint(0, 6), "bin": int(dice.random() < dice.choice([0.02, 0.5])), "c": dice.choice("abc"),
            "g": dice.choice("uuuvw"), "dom": dice.choice(["in", "out"]),
            "wave": dice.choice(["5-9", "10-14", "15-19"]),
            "m_1": dice.randint(0, 1), "m_2": dice.randint(0, 1), "empty": "", "one": 1,
        }  # fmt: skip
        for name in ("y", "c", "g", "bin"):
            row[name] = "" if dice.random() < missing else row[name]
        for replicate in range(6):
            row[f"r{replicate}"] = round(float(str(row["w"])) * dice.choice([0, 0, 0.5, 1, 1.5, 2]), 3)
        rows.append(row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def design(dice: random.Random) -> list[str]:
    """The options of a design, fit for the file or not."""
    asked = ["-w", "w"] if dice.random() < 0.8 else []
    if dice.random() < 0.4:
        method = dice.choice(METHODS)
        asked += ["--replicate-weights", "r[0-9]*", "--replicate-method", method]
        asked += ["--fay-rho", "0.3"] if method == "fay" else []
        asked += ["--replicate-scale", "0.4"] if method == "other" else []
        asked += ["--replicate-rscales", "0.5,0.5,1,1,0,1"] if dice.random() < 0.4 else []
        asked += ["--replicate-mse"] if dice.random() < 0.5 else []
        return asked
    asked += ["--strata", "h"] if dice.random() < 0.5 else []
    stages = dice.choice([(), ("p",), ("p", "q"), ("p", "q", "id")])
    asked += [part for stage in stages for part in ("--psu", stage)]
    fpc = dice.choice([(), (), ("n1",), ("n1", "n2"), ("f1",)])
    asked += [part for name in fpc for part in ("--fpc", name)]
    asked += ["--lonely-psu", dice.choice(["fail", "remove", "certainty", "adjust", "average"])]
    if dice.random() < 0.15:
        asked += ["--calibrated-to", dice.choice(["dom", "c", "x"]), "--base-weights", dice.choice(["w", "n1"])]
    return asked


def other_door(path: Path, kind: str, dice: random.Random) -> list[str]:
    """A command that makes a file, simulates, or judges published figures."""
    made = path.with_suffix(f".{dice.random()}")
    if kind == "convert":
        suffix = dice.choice([".csv", ".json", ".parquet", ".sav", ".dta", ".xlsx", ".tsv"])
        asked = [kind, str(path), f"{made}{suffix}"]
        return asked + (["--drop", dice.choice(["r*", "r?", "m_[12]", "empty"])] if dice.random() < 0.4 else [])
    if kind == "new":
        return [kind, str(path), "-o", f"{made}.toml"]
    if kind == "reproduce":
        study = made.with_suffix(".toml")
        study.write_text(claims(path, dice), encoding="utf-8")
        return [kind, str(study), "--format", dice.choice(["json", "terminal", "csv"])]
    asked = [kind, str(path), dice.choice(COLUMNS), *shared(dice, kind), *tables(dice)]
    asked = [part for part in asked if part != "--explain"]
    if kind == "chart":
        return [*asked, "-o", f"{made}.{dice.choice(['svg', 'png'])}"]
    return [*asked, "--draws", "10", "--format", dice.choice(["json", "terminal"])]


def claims(path: Path, dice: random.Random) -> str:
    """A study file with a design and some published figures, true or not."""
    lines = ["[data]", f'path = "{path.name}"', "[design]", 'weights = "w"']
    if dice.random() < 0.5:
        lines += ['psu = ["p"]', f'lonely_psu = "{dice.choice(["adjust", "certainty", "average"])}"']
    elif dice.random() < 0.5:
        lines += ['replicates = {columns = ["r?"], method = "bootstrap"}']
    for number in range(dice.randint(1, 6)):
        variable, level = dice.choice([("c", "a"), ("dom", "in"), ("wave", "5-9"), ("y", None), ("x", None)])
        lines += ["[[claims]]", f'id = "c{number}"', f'variable = "{variable}"']
        lines += [f'level = "{level}"'] if level else ['unit = "number"', f'stat = "{dice.choice(["mean", "total"])}"']
        figure = "published = 0.5" if level else "published = 52.25\ndecimals = 2"
        told = ("{highest_of = 'dom'}", "{more_than = {dom = 'out'}}", "{most = true}", "{about = 0.4}")
        lines += [dice.choice([figure, figure, f"comparison = {dice.choice(told)}"])]
        lines += dice.choice([[], [], ['by = {dom = "in"}'], ['by = {wave = "5-9"}'], ['where = "x > 6"']])
    return "\n".join(lines) + "\n"


def command(path: Path, dice: random.Random) -> list[str]:
    """One command line."""
    kind = dice.choice(KINDS)
    if kind in DOORS:
        return other_door(path, kind, dice)
    if kind in ("codebook", "check"):
        return [kind, str(path), *(design(dice) if kind == "check" else [])]
    if kind == "weight":
        return [kind, str(path), *weighting(dice), "-o", str(path.with_suffix(f".{dice.random()}.csv"))]
    asked = [kind, str(path), dice.choice(FORMULAS) if kind == "model" else dice.choice(COLUMNS)]
    asked += shared(dice, kind)
    if kind == "model":
        asked += ["--family", dice.choice(["linear", "logistic", "poisson"])] if dice.random() < 0.6 else []
    if kind == "compare":
        asked += ["--by", dice.choice(COLUMNS)]
        asked += [part for test in dice.sample(TESTS, dice.randint(0, 3)) for part in ("--test", test)]
        asked += ["--adjust", dice.choice(["holm", "bonferroni", "none"])] if dice.random() < 0.3 else []
    if kind == "summarize":
        asked += tables(dice)
    return [*asked, "--format", dice.choice(["json", "json", "csv", "terminal", "markdown"])]


def shared(dice: random.Random, kind: str) -> list[str]:
    """Design, domain and level of a table, a comparison or a model."""
    asked = design(dice)
    asked += ["--where", dice.choice(WHERE)] if dice.random() < 0.4 else []
    asked += ["--level", dice.choice(["0.5", "0.9", "0.999"])] if dice.random() < 0.2 else []
    asked += ["--kind", f"{dice.choice(COLUMNS)}={dice.choice(['number', 'single'])}"] if dice.random() < 0.3 else []
    asked += ["--df", dice.choice(["1", "7.5"])] if dice.random() < 0.1 else []
    if kind != "model":
        asked += ["--stat", dice.choice(STATS)] if dice.random() < 0.5 else []
        asked += ["--ci", dice.choice(CI)] if dice.random() < 0.5 else []
    return asked


def tables(dice: random.Random) -> list[str]:
    """What only tables have."""
    asked = ["--by", dice.choice([*COLUMNS, "g:c", "dom:wave"])] if dice.random() < 0.6 else []
    asked += ["--standardize", "c: a=0.5,b=0.3,c=0.2"] if dice.random() < 0.2 else []
    asked += ["--quality", dice.choice(SCHEMES)] if dice.random() < 0.2 else []
    asked += ["--quantile-rule", dice.choice(RULES)] if dice.random() < 0.2 else []
    asked += ["--base", dice.choice(["asked", "answered", "all"])] if dice.random() < 0.2 else []
    asked += ["--explain"] if dice.random() < 0.1 else []
    return asked


def weighting(dice: random.Random) -> list[str]:
    """Margins, method and limits."""
    margins = [
        "dom: in=0.5,out=0.5",
        "c: a=400,b=300,c=300",
        "g: u=0.3,v=0.3,w=0.4",
        "x=7000",
        "c: a=0.4,b=0.3,c=0.296",
    ]
    asked = [part for margin in dice.sample(margins, dice.randint(1, 2)) for part in ("--margin", margin)]
    asked += ["-w", "w"] if dice.random() < 0.7 else []
    asked += ["--method", dice.choice(["rake", "poststratify", "linear", "raking", "logit"])]
    asked += ["--bounds", dice.choice(["0.3,3", "0.9,1.1"])] if dice.random() < 0.4 else []
    return asked + (["--trim", dice.choice(["0.3,3", "0.9,1.1"])] if dice.random() < 0.4 else [])


def fault(arguments: Sequence[str]) -> tuple[int, str]:
    """Status of a command, and what is wrong with how it ended."""
    from surveytool.cli.app import main

    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        status = main(list(arguments))
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode("utf-8"))  # type: ignore[attr-defined]
    if status == INTERNAL or "internal error" in texts[1] or "Traceback" in texts[1]:
        return status, texts[1].strip().splitlines()[-1]
    loud = [each for each in seen if issubclass(each.category, RuntimeWarning)]
    if loud:
        return status, f"warns: {loud[0].message} ({Path(loud[0].filename).name}:{loud[0].lineno})"
    if status == 0 and "json" in arguments:
        try:
            json.loads(texts[0], parse_constant=_refuse)
        except ValueError as error:
            return status, f"JSON: {error}"
    return status, ""


def _refuse(name: str) -> float:
    raise ValueError(f"{name} in JSON")


def fuzz(requests: int, seed: int) -> tuple[Counter[int], Counter[str], dict[str, str]]:
    """How requests ended by status, what was wrong, and a command that shows each fault."""
    dice = random.Random(seed)
    ended: Counter[int] = Counter()
    faults: Counter[str] = Counter()
    shown: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "survey.csv"
        for number in range(requests):
            if number % FILES == 0:
                path = Path(name) / f"{number}.csv"
                write_file(path, dice)
            asked = command(path, dice)
            status, wrong = fault(asked)
            ended[status] += 1
            if wrong:
                faults[wrong] += 1
                shown.setdefault(wrong, f"request {number}: {' '.join(repr(part) for part in asked)}")
    return ended, faults, shown


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    chosen = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    began = time.monotonic()
    statuses, wrongs, examples = fuzz(count, chosen)
    seconds = time.monotonic() - began
    print(f"seed {chosen}: {count} requests in {seconds:.0f} s, by status {dict(sorted(statuses.items()))}")
    for what, times in wrongs.most_common():
        print(f"{times} x {what}\n    {examples[what]}")
    sys.exit(1 if wrongs else 0)
