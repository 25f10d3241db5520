"""The same tables by svy: data, questions, breakdowns, out csv, design ("cluster" or "replicates")."""

import sys

import polars as pl
import svy

data, questions, breakdowns, out, kind = sys.argv[1:6]
questions, breakdowns = questions.split(","), breakdowns.split(",")
columns = [*questions, *breakdowns, "weight", "stratum", "psu"]
if kind == "replicates":
    columns = [*questions, *breakdowns, "weight", *(f"rw{place}" for place in range(1, 81))]
frame = pl.read_csv(data, columns=columns) if data.endswith(".csv") else pl.read_parquet(data, columns=columns)
frame = frame.with_columns(pl.col(*questions, *breakdowns).cast(pl.String))
if kind == "replicates":
    design = svy.Design(wgt="weight", rep_wgts=svy.BrrWgts(prefix="rw", n_reps=80))
else:
    design = svy.Design(stratum="stratum", psu="psu", wgt="weight")
sample = svy.Sample(frame, design)
method = "replication" if kind == "replicates" else "taylor"
rows = []
for question in questions:
    for by in ["", *breakdowns]:
        found = sample.estimation.prop(question, by=by or None, drop_nulls=True, method=method)
        for row in found.to_dicts():
            group = str(row["by_level"][0]) if by else ""
            rows.append(
                {"variable": question, "by": by, "group": group, "level": str(row["y_level"]), "estimate": row["est"],
                 "se": row["se"]}
            )  # fmt: skip
pl.DataFrame(rows).write_csv(out)
