"""Laws of the other doors: claims of published figures, files in parts, groups as conditions."""

from __future__ import annotations

import csv
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet
from laws.designs import KINDS, Drawn, draw
from laws.law import FIRST, SECOND, Found, requests, rows

import surveytool as st
from surveytool.published_figures.claims import Claim, Comparison
from surveytool.published_figures.judge import verify
from surveytool.tabulation import tabulate

DECIMALS = 4


def claims_are_figures(seed: int) -> Found:
    """A claim has the estimate and interval of its row, is reproduced by its own digits, and so under replicates."""
    drawn, found = draw(seed, psus=24), Found()
    surveys = drawn.by_psus(), drawn.by_replicates()
    named = [(survey, _claimed(survey)) for survey in surveys]
    judged = [verify([claim for claim, _ in pairs], _asking(survey)) for survey, pairs in named]
    for (_, pairs), verdicts in zip(named, judged, strict=True):
        for (claim, row), verdict in zip(pairs, verdicts, strict=True):
            for key in ("estimate", "ci_low", "ci_high"):
                found.same(f"claim {claim.id} {key}", getattr(verdict, key), getattr(row, key))
            found.same(f"claim {claim.id} n", verdict.n, row.n)
            if verdict.verdict != "reproduced":
                found.wrong.append(f"claim {claim.id} of {row.estimate} is {verdict.verdict}")
    for (claim, row), one, other in zip(named[0][1], *judged, strict=True):
        found.same(f"claim {claim.id} in two designs", one.estimate, other.estimate)
        if row.ci_low is not None and row.estimate > 0 and claim.unit == "number" and not drawn.stratified:
            found.same(f"claim {claim.id} width", *(_width(each) for each in (one, other)), SECOND)
    words = [_words(survey) for survey in surveys]
    found.numbers += len(words[0])
    found.wrong += [] if words[0] == words[1] else [f"claims in words: {words[0]} and {words[1]}"]
    return found


def _width(verdict: Any) -> float:
    return float(verdict.ci_high - verdict.ci_low)


def _asking(survey: st.Survey) -> Any:
    return lambda asked: tabulate(survey, asked)


def _claimed(survey: st.Survey) -> list[tuple[Claim, Any]]:
    """A claim of every row, with its figure rounded."""
    pairs = []
    for table in tabulate(survey, [each for each in requests() if each.standard is None]).estimates:
        share = table.statistic == "proportion"
        for row in table.rows:
            if row.estimate is not None:
                claim = Claim(
                    id=f"{len(pairs)} {row.variable} {table.statistic} {row.level} {dict(row.by)}",
                    published=round(row.estimate, DECIMALS + 2 * share), decimals=DECIMALS, variable=row.variable,
                    unit="percent" if share else "number", level=row.level, by=dict(row.by), stat=table.statistic,
                )  # fmt: skip
                pairs.append((claim, row))
    return pairs


def _words(survey: st.Survey) -> list[str]:
    """The outcomes of claims in words that no sampling error decides."""
    told = [
        Comparison(most=True), Comparison(about=0.5, tolerance=0.4), Comparison(more_than={"c": "c"}),
        Comparison(highest_of="c"),
    ]  # fmt: skip
    claims = [Claim(id=str(at), variable="c", level="a", comparison=each) for at, each in enumerate(told)]
    return [verdict.verdict for verdict in verify(claims, _asking(survey))]


def files_are_one(seed: int) -> Found:
    """Several files of a folder or a pattern, partitions and row groups, csv and Parquet: the numbers of one table."""
    drawn, found = draw(seed), Found()
    with tempfile.TemporaryDirectory() as name:
        for way in ("by_psus", "by_replicates"):
            design = getattr(drawn, way)().design
            base = rows(getattr(drawn, way)())
            for source in _parts(drawn, Path(name) / way):
                survey = st.read(source, design=design, kinds=KINDS)
                for (about, left), (_, right) in zip(base, rows(survey), strict=True):
                    for key in ("estimate", "se", "ci_low", "ci_high", "df", "n"):
                        said = f"{way} {Path(source).name} {about} {key}"
                        found.same(said, getattr(left, key), getattr(right, key), 1e-8)
    return found


def _parts(drawn: Drawn, folder: Path) -> list[str]:
    """The survey as one csv, csv files of a folder, a pattern of Parquet files, row groups and partitions."""
    table = pa.table(drawn.columns)
    cuts = [0, table.num_rows // 3, table.num_rows // 3 + 1, table.num_rows]
    pieces = [table.slice(start, end - start) for start, end in pairwise(cuts)]
    (folder / "csv").mkdir(parents=True)
    (folder / "parquet").mkdir()
    for at, piece in enumerate(pieces):
        _written(folder / "csv" / f"part{at}.csv", piece)
        pyarrow.parquet.write_table(piece, folder / "parquet" / f"part{at}.parquet")
    _written(folder / "one.csv", table)
    pyarrow.parquet.write_table(table, folder / "groups.parquet", row_group_size=17)
    pyarrow.dataset.write_dataset(
        table, folder / "partitions", format="parquet", partitioning=["dom"], partitioning_flavor="hive"
    )
    here = ("one.csv", "csv", "csv/part*.csv", "parquet", "parquet/*.parquet", "groups.parquet", "partitions")
    return [str(folder / each) for each in here]


def _written(path: Path, table: pa.Table) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.column_names)
        writer.writerows(zip(*(table.column(name).to_pylist() for name in table.column_names), strict=True))


def groups_are_domains(seed: int) -> Found:
    """The row of a group is the row of everybody under a condition that names the group; crossed ones too."""
    drawn, found = draw(seed), Found()
    asked = [("y", "mean"), ("y", "total"), ("y", "median"), ("y", "ratio:x"), ("c", "proportion"), ("c", "total")]
    for survey in (drawn.by_psus(), drawn.by_replicates(), drawn.by_replicates(mse=True)):
        for variable, stat in asked:
            request = st.Request(variable=variable, statistic=stat, by=(("g", "dom"),))
            grouped = [row for row in tabulate(survey, [request]).estimates[0].rows if row.by]
            pairs = sorted({(row.by["g"], row.by["dom"]) for row in grouped})
            chosen = [pairs[at] for at in np.random.default_rng(seed).permutation(len(pairs))[:2]]
            for g, dom in chosen:
                own = [row for row in grouped if (row.by["g"], row.by["dom"]) == (g, dom)]
                alone = st.Request(variable=variable, statistic=stat, where=f"g == '{g}' and dom == '{dom}'")
                others = {row.level: row for row in tabulate(survey, [alone]).estimates[0].rows}
                for row in own:
                    other = others.get(row.level)
                    for key in ("estimate", "se", "ci_low", "ci_high", "df", "n", "count"):
                        about = f"{variable} {stat} {g} {dom} {row.level} {key}"
                        found.same(about, getattr(row, key), getattr(other, key), FIRST)
    return found
