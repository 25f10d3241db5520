"""The household survey of Tal Afar as a study: labels from its questionnaire, its published table as claims."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

ENGLISH, ARABIC = "label::English (en)", "label::Arabic (ar)"


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """A csv of the folder as mappings."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def study_text(folder: Path, kinds: dict[str, str]) -> str:
    """The study file: a label and levels in English and Arabic for every question of ``kinds`` that has a choice."""
    lines = ["[study]", 'title = "Tal Afar"', 'languages = ["en", "ar"]', 'claims_file = "claims.csv"', "[data]"]
    lines += [f"path = {_text(str(folder / 'clean_data.csv'))}"]
    choices = rows(folder, "tool_choices.csv")
    for question in rows(folder, "tool_survey.csv"):
        kind, _, name = question["type"].partition(" ")
        if question["name"] not in kinds or kind not in ("select_one", "select_multiple") or not question[ENGLISH]:
            continue
        lines += [f"[variables.{_text(question['name'])}]", f"label = {_pair(question)}"]
        if kind == "select_one" and kinds[question["name"]] == "single":
            listed = {each["name"]: each for each in choices if each["list_name"] == name and each[ENGLISH]}
            lines += [f"[variables.{_text(question['name'])}.levels]"]
            lines += [f"{_text(code)} = {_pair(each)}" for code, each in listed.items()]
    return "\n".join(lines) + "\n"


def claims_text(folder: Path) -> str:
    """Every published estimate as a claim, shares to four digits of a percentage, means to three."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "variable", "level", "stat", "unit", "published", "n"])
    for number, row in enumerate(rows(folder, "published_overall_analysis.csv")):
        share = bool(row["choice"])
        value = f"{float(row['mean.pct']):.6f}" if share else f"{float(row['mean.pct']):.3f}"
        kind = ["proportion", "percent"] if share else ["mean", "number"]
        writer.writerow([number, row["main_variable"], row["choice"], *kind, value, row["response_count"]])
    return out.getvalue()


def published(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The published rows by the ids of their claims."""
    for number, row in enumerate(rows(folder, "published_overall_analysis.csv")):
        yield str(number), row


def _pair(row: dict[str, str]) -> str:
    return f"{{en = {_text(row[ENGLISH])}, ar = {_text(row[ARABIC] or row[ENGLISH])}}}"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
