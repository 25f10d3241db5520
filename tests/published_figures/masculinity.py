"""The published table of the masculinity survey as a csv of claims, one row a cell.

Questions are matched with variables by hand, answers by their letters: the two
files write quotes differently. ``Other (please specify)`` and its kin belong to
the question under which they stand.
"""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

from surveytool.published_figures.claim_answers import plain
from surveytool.survey import Codebook

# The published table's columns: place, breakdown, group.
COLUMNS = [(2, None, ""), (3, "age3", "18 - 34"), (4, "age3", "35 - 64"), (5, "age3", "65 and up"),
           (6, "race2", "White"), (7, "race2", "Non-white"), (8, "kids", "Has children"), (9, "kids", "No children"),
           (10, "orientation", "Straight"), (11, "orientation", "Gay/Bisexual")]  # fmt: skip
# The variable, or the beginning of the variables' names (one an option), of each question in the table's order.
QUESTIONS = [
    "q0001", "q0002", "q0004_", "q0005", *(f"q0007_{number:04d}" for number in range(1, 12)), "q0008_", "q0009",
    "q0010_", "q0011_", "q0012_", "q0013", "q0014", "q0015", "q0017", "q0018", "q0019_", "q0020_", "q0021_", "q0022",
    "q0024", "q0025_", "q0026", "q0028", "q0029", "age3",
]  # fmt: skip
HEAD = [
    "id",
    "text",
    "published",
    "variable",
    "level",
    *(f"by_{name}" for name in dict.fromkeys(c[1] for c in COLUMNS) if name),
]


def published_csv(folder: Path, book: Codebook) -> str:
    """Every printed cell that can be matched, as a csv of claims."""
    out = StringIO()
    writer = csv.DictWriter(out, HEAD)
    writer.writeheader()
    questions, at, question = iter(QUESTIONS), "", ""
    with (folder / "masculinity-survey.csv").open(encoding="utf-8", newline="") as file:
        for number, line in enumerate(list(csv.reader(file))[2:], 3):
            if line[0]:
                question, at = line[0], next(questions)
            found = _variable(at, line[1], book)
            if found is None:
                continue
            for place, name, group in COLUMNS:
                if line[place].endswith("%"):
                    row = {"id": f"{number}.{place}", "text": f"{question} {line[1]}, {group or 'all'}"}
                    row |= {"published": line[place], "variable": found[0], "level": found[1]}
                    writer.writerow(row | ({f"by_{name}": group} if name else {}))
    return out.getvalue()


def _variable(start: str, option: str, book: Codebook) -> tuple[str, str] | None:
    """The variable and level of an answer under a question."""
    for name, variable in book.items():
        if name == start or (start.endswith("_") and name.startswith(start)):
            for level in variable.levels:
                if plain(level.label) == plain(option):
                    return name, level.label
    return None
