"""A survey with every fault planted, and the same survey without any."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def clean() -> dict[str, list[Any]]:
    """120 made-up respondents with nothing to find but what every weighted sample has."""
    draw = np.random.default_rng(8)
    rows = 120
    data: dict[str, list[Any]] = {
        "resp_id": list(range(1001, 1001 + rows)),
        "start": [f"2023-03-{1 + place % 28:02d}T09:{place % 60:02d}:00" for place in range(rows)],
        "end": [f"2023-03-{1 + place % 28:02d}T10:{place % 60:02d}:00" for place in range(rows)],
        "stratum": [f"S{place % 4}" for place in range(rows)],
        "site": [f"S{place % 4}-{place // 4 % 5}" for place in range(rows)],
        "weight": list(np.round(0.5 + draw.random(rows) * 1.3, 6)),
        "sex": [str(each) for each in draw.choice(["Female", "Male"], rows)],
        "age": [int(each) for each in draw.integers(18, 66, rows)],
        "phone": [str(each) for each in draw.choice(["Yes", "No"], rows)],
        "trust": [str(each) for each in draw.choice(["Low", "Middle", "High"], rows)],
        "months": [int(each) for each in draw.integers(2, 30, rows)],
    }
    data["network"] = [str(draw.choice(["4G", "3G", "Wifi"])) if has == "Yes" else None for has in data["phone"]]
    for place in range(1, 9):
        data[f"opinion_{place}"] = [str(each) for each in draw.choice(["Agree", "Neither", "Disagree"], rows)]
    apps = ["whatsapp", "facebook", "tiktok"]
    chosen = draw.random((rows, 3)) < 0.5
    data["apps"] = [" ".join(app for app, hit in zip(apps, row, strict=True) if hit) or "whatsapp" for row in chosen]
    for app in apps:
        data[f"apps/{app}"] = [int(app in text.split()) for text in data["apps"]]
    return data


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write columns to a csv file."""

    def writer(data: dict[str, list[Any]], name: str = "data.csv") -> Path:
        import csv

        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(data)
            out.writerows([["" if each is None else each for each in row] for row in zip(*data.values(), strict=True)])
        return path

    return writer
