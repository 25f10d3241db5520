"""A file with every kind of fault that a check looks for."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np


def faulty(path: Path, rows: int = 160) -> None:
    draw = np.random.default_rng(12)
    phone = draw.choice(["Yes", "No"], rows)
    data: dict[str, list[Any]] = {
        "resp_id": [1001 + row - (row % 40 == 7) for row in range(rows)],
        "start": [f"2023-03-{1 + row % 28:02d}T09:{row % 60:02d}:00" for row in range(rows)],
        "end": [f"2023-03-{1 + row % 28:02d}T{8 if row % 30 == 4 else 10}:{row % 60:02d}:00" for row in range(rows)],
        "stratum": [f"S{row % 4}" if row != 50 else "S9" for row in range(rows)],
        "site": [row // 4 % 5 for row in range(rows)],
        "weight": [
            (-1.0 if row == 3 else 0.0 if row in (4, 5) else 60.0 if row == 6 else round(0.5 + float(x), 4))
            for row, x in enumerate(draw.random(rows))
        ],
        "sex": [
            str(each) for each in draw.choice(["Female", "Male", "female ", "Femle"], rows, p=[0.5, 0.44, 0.04, 0.02])
        ],
        "age": [
            999 if row % 50 == 9 else 7 if row == 11 else int(x) for row, x in enumerate(draw.integers(18, 70, rows))
        ],
        "birth_year": [int(x) for x in draw.integers(1950, 2004, rows)],
        "phone": [str(each) for each in phone],
        "network": [
            str(draw.choice(["4G", "3G"])) if (has == "Yes") != (row % 40 == 3) else "" for row, has in enumerate(phone)
        ],
        "income": ["n/a" if row % 20 == 1 else f"{x:.2f}" for row, x in enumerate(draw.gamma(3, 200, rows))],
        "trust": [98 if row % 25 == 2 else int(x) for row, x in enumerate(draw.integers(1, 6, rows))],
        "empty": [""] * rows,
        "same": ["x"] * rows,
        "full_name": [f"Ana Perez {row}" for row in range(rows)],
        "email": [f"ana{row}@example.org" for row in range(rows)],
        "lat": np.round(14 + draw.random(rows), 6).tolist(),
        "lon": np.round(-90 + draw.random(rows), 6).tolist(),
    }
    for place in range(1, 9):
        data[f"opinion_{place}"] = [
            "Agree" if row % 40 == 6 else str(draw.choice(["Agree", "Neither", "Disagree"])) for row in range(rows)
        ]
    data["apps"] = [" ".join(app for app in ("wa", "fb", "tt") if draw.random() < 0.5) or "wa" for _ in range(rows)]
    for app in ("wa", "fb", "tt"):
        data[f"apps/{app}"] = [int((app in text.split()) != (row % 33 == 2)) for row, text in enumerate(data["apps"])]
    table = list(zip(*data.values(), strict=True))
    table[20] = table[19]
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(data)
        out.writerows(table)
