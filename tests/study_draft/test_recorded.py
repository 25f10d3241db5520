"""First studies as they are written, in three languages, from files of every kind of column."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from recorded import console, same


def wide(path: Path) -> Path:
    """A file with what a draft has an opinion on: weights, strata, PSUs, filters, options, stops, texts, codes."""
    draw = np.random.default_rng(5)
    rows = 90
    phone = draw.choice(["Yes", "No"], rows)
    data: dict[str, list[Any]] = {
        "_uuid": [f"id-{row:04}" for row in range(rows)],
        "peso": np.round(0.5 + draw.random(rows) * 1.4, 5).tolist(),
        "estrato": [f"E{row % 3}" for row in range(rows)],
        "upm": [row % 3 * 100 + row // 3 % 6 for row in range(rows)],
        "sexo": draw.choice(["Hombre", "Mujer"], rows).tolist(),
        "edad": draw.integers(18, 70, rows).tolist(),
        "hijos": draw.integers(0, 5, rows).tolist(),
        "telefono": phone.tolist(),
        "red": [str(draw.choice(["Claro", "Tigo", "Otra"])) if has == "Yes" else "" for has in phone],
        "nombre": [f"Persona {row}" for row in range(rows)],
        "comentario": [f"algo que dijo la persona {row}, con comas" for row in range(rows)],
        "fecha": [f"2023-03-{1 + row % 28:02}" for row in range(rows)],
        "ingreso": [99 if row % 9 == 0 else round(float(x), 2) for row, x in enumerate(draw.gamma(3, 300, rows))],
        "usa": [" ".join(app for app in ("wa", "fb", "tt") if draw.random() < 0.5) for _ in range(rows)],
        "constante": ["x"] * rows,
        "vacia": [""] * rows,
        "acuerdo": draw.choice([1, 2, 3, 4, 5, 98, 99], rows).tolist(),
        "parada_1": draw.choice(["COL", "ECU"], rows).tolist(),
        "parada_2": draw.choice(["PAN", "CRI", ""], rows).tolist(),
        "parada_3": draw.choice(["MEX", "", ""], rows).tolist(),
        'a "quoted" name': draw.choice(["a", "b"], rows).tolist(),
        "multi_a": draw.choice(["Selected", "Not selected"], rows).tolist(),
        "multi_b": draw.choice(["Selected", "Not selected"], rows).tolist(),
    }
    for app in ("wa", "fb", "tt"):
        data[f"usa/{app}"] = [int(app in text.split()) for text in data["usa"]]
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(data)
        out.writerows(zip(*data.values(), strict=True))
    return path


@pytest.mark.parametrize("language", ["en", "es", "fr"])
@pytest.mark.parametrize("accept", [False, True])
def test_a_draft_of_many_kinds(language: str, accept: bool, tmp_path: Path, run: Callable[..., Any]) -> None:
    source, target = wide(tmp_path / "encuesta.csv"), tmp_path / "study.toml"
    done = run("new", source, "-o", target, "--lang", language, *(["--accept"] if accept else []))
    text = f"{done.err}{target.read_text('utf-8')}".replace(str(tmp_path), "FOLDER")
    same("study_draft", f"wide-{language}{'-accepted' if accept else ''}.toml", text)


@pytest.mark.parametrize("name", ["transit.sav", "transit.csv"])
def test_a_draft_of_the_example(name: str, example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    target = tmp_path / "study.toml"
    done = run("new", example / name, "-o", target)
    text = f"{done.err}{target.read_text('utf-8')}".replace(str(tmp_path), "FOLDER").replace(str(example), "EXAMPLE")
    text = re.sub(r'^path = ".*/', 'path = "EXAMPLE/', text, flags=re.M)  # the way there hangs on where the test runs
    same("study_draft", f"{name}.toml", text.replace("../../../", ""))


def test_what_is_refused(example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    (tmp_path / "there.toml").write_text("", "utf-8")
    (tmp_path / "empty.csv").write_text("", "utf-8")
    console("study_draft", "refused.txt", run, example=example, out=tmp_path)
