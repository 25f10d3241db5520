"""Exports with headers and cells changed, moved and cut: figures or one line of ours, never anything else."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from collection_form import invented

from surveytool.errors import SurveytoolError
from surveytool.study import load_study, open_study
from surveytool.survey import Request
from surveytool.tabulation import tabulate

CELLS = ["", "NA", "n/a", "1", "0", "TRUE", "weird", "99999", "2021-01-01", "sex", "apps", "apps/whatsapp",
         "whatsapp sms", "-1", ";,|", "yes", "Sex", "apps_other"]  # fmt: skip
RULES = [
    "",
    "keep = \"consent == 'yes'\"\n",
    'no_answer = {dont_know = ["none", 99999]}\n',
    'duplicates = {by = "sex"}\n',
]
PLATFORMS = [name for name in invented.EXPORTS if "zip" not in name and "xlsx" not in name]


def damaged(folder: Path, chance: random.Random) -> Path:
    path = invented.EXPORTS[chance.choice(PLATFORMS)](folder)
    delimiter = ";" if "kobo" in path.name else ","
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=delimiter))
    for _ in range(chance.randint(1, 12)):
        row = rows[chance.choice([0, 0, chance.randrange(len(rows))])]
        row[chance.randrange(len(row))] = chance.choice(CELLS)
    if chance.random() < 0.3:
        gone = chance.randrange(len(rows[0]))
        rows = [[cell for place, cell in enumerate(row) if place != gone] for row in rows]
    if chance.random() < 0.2:
        rows = rows[: chance.randint(1, 6)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def test_damaged_exports_end_in_figures_or_in_one_line(tmp_path: Path) -> None:
    chance = random.Random(16)
    invented.form(tmp_path / "form.xlsx")
    sound = 0
    for _ in range(25):
        path = damaged(tmp_path, chance)
        study = tmp_path / "study.toml"
        study.write_text(f'[data]\npath = "{path.name}"\ntool = "form.xlsx"\n{chance.choice(RULES)}')
        try:
            survey = open_study(load_study(study), language=chance.choice(["en", "fr"]))
            tabulate(survey, [Request(variable=name) for name in ("apps", "often") if name in survey.codebook])
            sound += 1
        except SurveytoolError as error:
            assert str(error)
    assert sound > 5


def test_a_column_that_bears_the_name_of_a_question_stays_beside_it(tmp_path: Path) -> None:
    path = invented.limesurvey_labels(tmp_path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([*row, "apps/sms" if place == 0 else "viber"] for place, row in enumerate(rows))
    invented.form(tmp_path / "form.xlsx")
    (tmp_path / "study.toml").write_text(f'[data]\npath = "{path.name}"\ntool = "form.xlsx"\n')
    survey = open_study(load_study(tmp_path / "study.toml"))
    assert survey.codebook["apps"].n == invented.truth(invented.people())["answered"]
    assert "apps/sms [2]" in survey.codebook and survey.form.match.doubled == ("apps/sms",)
