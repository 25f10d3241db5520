"""The same tables by samplics: data, questions, breakdowns, out csv, design ("cluster")."""

import sys

import pandas as pd
from samplics import TaylorEstimator
from samplics.utils.types import PopParam

data, questions, breakdowns, out, _ = sys.argv[1:6]
questions, breakdowns = questions.split(","), breakdowns.split(",")
columns = [*questions, *breakdowns, "weight", "stratum", "psu"]
frame = pd.read_csv(data, usecols=columns) if data.endswith(".csv") else pd.read_parquet(data, columns=columns)
rows = []
for question in questions:
    for by in ["", *breakdowns]:
        estimator = TaylorEstimator(PopParam.prop)
        estimator.estimate(
            y=frame[question], samp_weight=frame["weight"], stratum=frame["stratum"], psu=frame["psu"],
            domain=frame[by] if by else None, remove_nan=True,
        )  # fmt: skip
        groups = estimator.point_est.items() if by else [("", estimator.point_est)]
        errors = estimator.stderror if by else {"": estimator.stderror}
        for group, levels in groups:
            for level, value in levels.items():
                rows.append(
                    {"variable": question, "by": by, "group": group, "level": level, "estimate": value,
                     "se": errors[group][level]}
                )  # fmt: skip
pd.DataFrame(rows).to_csv(out, index=False)
