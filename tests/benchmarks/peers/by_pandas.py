"""The same weighted percentages by pandas group-bys, without any variance: data, questions, breakdowns, out csv."""

import sys

import pandas as pd

data, questions, breakdowns, out = sys.argv[1:5]
questions, breakdowns = questions.split(","), breakdowns.split(",")
columns = [*questions, *breakdowns, "weight"]
frame = pd.read_csv(data, usecols=columns) if data.endswith(".csv") else pd.read_parquet(data, columns=columns)
rows = []
for question in questions:
    for by in ["", *breakdowns]:
        keys = [by, question] if by else [question]
        sums = frame.groupby(keys, observed=True)["weight"].sum()
        shares = sums / (sums.groupby(level=0).transform("sum") if by else sums.sum())
        for key, value in shares.items():
            group, level = key if by else ("", key)
            rows.append({"variable": question, "by": by, "group": group, "level": level, "estimate": value})
pd.DataFrame(rows).to_csv(out, index=False)
