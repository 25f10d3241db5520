"""One invented survey of 240 people with its form, and the same interviews as every platform writes them."""

from __future__ import annotations

import csv
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

SURVEY = [
    ["type", "name", "label::English (en)", "label::Français (fr)", "label::العربية (ar)", "relevant", "constraint",
     "calculation", "required"],
    ["start", "start", "", "", "", "", "", "", ""],
    ["select_one yes_no", "consent", "Do you agree?", "Êtes-vous d'accord ?", "هل توافق؟", "", "", "", "yes"],
    ["begin_group", "demo", "About you", "Vous", "عنك", "${consent} = 'yes'", "", "", ""],
    ["select_one sex", "sex", "<b>Sex</b>", "Sexe", "الجنس", "", "", "", "yes"],
    ["integer", "age", "Age in years", "Âge", "العمر", "", ". >= 18 and . <= 99", "", "yes"],
    ["text", "full_name", "Your name", "Votre nom", "اسمك", "", "", "", ""],
    ["end_group", "", "", "", "", "", "", "", ""],
    ["begin_group", "tech", "Technology", "Technologie", "التكنولوجيا", "${consent} = 'yes'", "", "", ""],
    ["select_one yes_no", "phone", "Do you have a phone, ${sex}?", "Avez-vous un téléphone ?", "هل لديك هاتف؟", "", "",
     "", "yes"],
    ["select_multiple apps or_other", "apps", "Which apps?", "Quelles applications ?", "ما التطبيقات؟",
     "${phone} != 'no'", "", "", "yes"],
    ["select_one often", "often", "How often?", "À quelle fréquence ?", "كم مرة؟",
     "selected(${apps}, 'whatsapp') and ${age} < 60", "", "", ""],
    ["end_group", "", "", "", "", "", "", "", ""],
    ["decimal", "w", "Weight", "Poids", "الوزن", "", "", "", ""],
]  # fmt: skip
CHOICES = [
    ["list_name", "name", "label::English (en)", "label::Français (fr)", "label::العربية (ar)"],
    ["yes_no", "yes", "Yes", "Oui", "نعم"],
    ["yes_no", "no", "No", "Non", "لا"],
    ["sex", "f", "Woman", "Femme", "امرأة"],
    ["sex", "m", "Man", "Homme", "رجل"],
    ["sex", "x", "Something else", "Autre chose", "شيء آخر"],
    ["apps", "whatsapp", "WhatsApp", "WhatsApp", "واتساب"],
    ["apps", "sms", "SMS, calls", "SMS, appels", "رسائل"],
    ["apps", "calls", "calls", "appels seuls", "مكالمات"],
    ["apps", "none", "None of them", "Aucune", "لا شيء"],
    ["apps", "fax", "Fax", "Fax", "فاكس"],
    ["often", "1", "Daily", "Chaque jour", "يوميا"],
    ["often", "2", "Weekly", "Chaque semaine", "أسبوعيا"],
    ["often", "9", "Less", "Moins", "أقل"],
]
LABELS = {row[1]: row[2] for row in CHOICES[1:]} | {"other": "Other"}
OPTIONS = ["whatsapp", "sms", "calls", "none", "fax", "other"]
QUESTIONS = {"consent": "Do you agree?", "sex": "Sex", "age": "Age in years", "full_name": "Your name",
             "phone": "Do you have a phone, ${sex}?", "apps": "Which apps?", "often": "How often?",
             "w": "Weight"}  # fmt: skip
GROUPS = {"sex": "demo", "age": "demo", "full_name": "demo", "phone": "tech", "apps": "tech", "often": "tech"}
NAMES = ["consent", "sex", "age", "full_name", "phone", "apps", "often", "w"]


@dataclass(frozen=True)
class Person:
    """An interview; blank where a question was not asked or not answered."""

    consent: str
    sex: str
    age: str
    full_name: str
    phone: str
    apps: tuple[str, ...]
    other: str
    often: str
    w: str


def people(n: int = 240) -> list[Person]:
    """The interviews: refusals have nothing, the apps are asked of those who did not say that they have no phone."""
    chance = random.Random(7)
    made = []
    for place in range(n):
        if place % 17 == 3:
            made.append(Person("no", "", "", "", "", (), "", "", ""))
            continue
        phone = chance.choice(["yes", "yes", "no", "yes"]) if place % 41 else ""  # a blank is asked all the same
        age, apps, other, often = str(chance.randint(18, 80)), (), "", ""
        if phone != "no" and place % 29:
            apps = tuple(option for option in OPTIONS[:3] if chance.random() < 0.4) or ("none",)
            if chance.random() < 0.1:
                apps, other = (*apps, "other"), "viber" if chance.random() < 0.5 else "signal"
        if "whatsapp" in apps and int(age) < 60 and place % 13:
            often = chance.choice(["1", "2"])
        weight = f"{0.5 + chance.random():.4f}"
        made.append(Person("yes", chance.choice("fm"), age, f"Name {place}", phone, apps, other, often, weight))
    return made


def truth(persons: list[Person]) -> dict[str, Any]:
    """Weighted shares of the apps and their base, and of ``often``, by hand."""
    here = [person for person in persons if person.consent == "yes"]
    asked = [person for person in here if person.phone != "no"]
    answered = [person for person in asked if person.apps]
    total = sum(float(person.w) for person in answered)
    shares = {
        option: sum(float(person.w) for person in answered if option in person.apps) / total for option in OPTIONS
    }
    again = [person for person in asked if "whatsapp" in person.apps and int(person.age) < 60]
    said = [person for person in again if person.often]
    daily = sum(float(person.w) for person in said if person.often == "1") / sum(float(person.w) for person in said)
    return {"shares": shares, "answered": len(answered), "asked": len(asked), "often_asked": len(again),
            "often_answered": len(said), "daily": daily, "here": len(here), "all": len(persons)}  # fmt: skip


def form(path: Path, survey: list[list[str]] | None = None, choices: list[list[str]] | None = None) -> Path:
    """The form as a workbook."""
    book = xlsxwriter.Workbook(str(path))
    for name, rows in (("survey", survey or SURVEY), ("choices", choices or CHOICES),
                       ("settings", [["form_title", "version"], ["Invented survey", "3"]])):  # fmt: skip
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    book.close()
    return path


def label(code: str) -> str:
    return LABELS.get(code, code)


def coded(person: Person, name: str) -> str:
    return " ".join(person.apps) if name == "apps" else str(getattr(person, name))


def labelled(person: Person, name: str) -> str:
    if name == "apps":
        return " ".join(map(label, person.apps))
    value = str(getattr(person, name))
    return label(value) if name in ("consent", "sex", "phone", "often") else value


def path_of(name: str, sign: str) -> str:
    return f"{GROUPS[name]}{sign}{name}" if sign and name in GROUPS else name


def _write(path: Path, rows: list[list[str]], delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def kobo(
    folder: Path, *, sign: str = "", labels: bool = False, lists: bool = True, columns: bool = True,
    name: str = "kobo.csv",
) -> Path:  # fmt: skip
    """Kobo: codes or labels, the list, its columns or both, group paths joined by a sign."""
    head, rows = [], []
    call: Callable[[str], str] = (lambda name: QUESTIONS[name]) if labels else (lambda name: path_of(name, sign))
    for question in NAMES:
        if question == "apps":
            head += [call("apps")] if lists else []
            head += [f"{call('apps')}/{label(each) if labels else each}" for each in OPTIONS] if columns else []
            head += ["Other, please specify" if labels else f"{path_of('apps', sign)}_other"]
        else:
            head.append(call(question))
    for number, person in enumerate(people()):
        row = []
        for question in NAMES:
            if question != "apps":
                row.append((labelled if labels else coded)(person, question))
                continue
            row += [(labelled if labels else coded)(person, "apps")] if lists else []
            row += [str(int(each in person.apps)) if person.apps else "" for each in OPTIONS] if columns else []
            row.append(person.other)
        rows.append([*row, f"uuid-{number}"])
    return _write(folder / name, [[*head, "_uuid"], *rows], ";")


def odk(folder: Path, *, split: bool = True, zipped: bool = False) -> Path:
    """ODK Central: paths joined by ``-``, 0 also where nobody was asked; a zip with the csv in it."""
    head = ["SubmissionDate"]
    for question in NAMES:
        head.append(path_of(question, "-"))
        if question == "apps":
            head += [f"tech-apps/{each}" for each in OPTIONS] if split else []
            head.append("tech-apps_other")
    rows = []
    for number, person in enumerate(people()):
        row = ["2026-03-01"]
        for question in NAMES:
            row.append(coded(person, question))
            if question == "apps":
                row += [str(int(each in person.apps)) for each in OPTIONS] if split else []
                row.append(person.other)
        rows.append([*row, f"uuid:{number}", "Enumerator", "approved" if number % 3 else ""])
    path = _write(folder / "odk.csv", [[*head, "KEY", "SubmitterName", "ReviewState"], *rows])
    if not zipped:
        return path
    with zipfile.ZipFile(folder / "odk.zip", "w") as archive:
        archive.write(path, "invented.csv")
        archive.writestr("invented-children.csv", "name,PARENT_KEY,KEY\nA,uuid:1,uuid:1/children[1]\n")
    return folder / "odk.zip"


def ona(folder: Path, *, label_row: bool = False, parent: bool = False, by_label: bool = True) -> Path:
    """Ona: ``n/a`` for blanks, TRUE and FALSE, FALSE also where nobody was asked, children named by labels."""
    head, below, rows = [], [], []
    for question in NAMES:
        if question != "apps" or parent:
            head.append(path_of(question, "/"))
            below.append(QUESTIONS[question])
        if question == "apps":
            head += [f"tech/apps/{label(each) if by_label else each}" for each in OPTIONS]
            below += [f"Which apps?/{label(each)}" for each in OPTIONS]
            head.append("tech/apps_other")
            below.append("Please specify")
    for person in people():
        row = []
        for question in NAMES:
            if question != "apps" or parent:
                row.append(coded(person, question) or "n/a")
            if question == "apps":
                row += ["TRUE" if each in person.apps else "FALSE" for each in OPTIONS]
                row.append(person.other or "n/a")
        rows.append(row)
    return _write(folder / "ona.csv", [head, *([below] if label_row else []), *rows])


def qualtrics(folder: Path) -> Path:
    """Qualtrics: three heads, the options' own texts, numbers of questions in the place of names."""
    head = ["StartDate", "Status", "Finished", "ResponseId"]
    texts = ["Start Date", "Response Type", "Finished", "Response ID"]
    ids = ["startDate", "status", "finished", "_recordId"]
    for number, question in enumerate(NAMES, 1):
        if question == "apps":
            for place, option in enumerate(OPTIONS, 1):
                head.append(f"Q{number}_{place}")
                texts.append(f"Which apps? (Select all that apply) - Selected Choice - {label(option)}")
                ids.append(f"QID{number}_{place}")
            head.append(f"Q{number}_6_TEXT")
            texts.append("Which apps? (Select all that apply) - Other - Text")
            ids.append(f"QID{number}_6_TEXT")
        else:
            head.append(f"Q{number}")
            texts.append(QUESTIONS[question])
            ids.append(f"QID{number}")
    rows = [head, texts, ['{"ImportId":"' + each + '"}' for each in ids]]
    for number, person in enumerate(people()):
        row = ["2026-03-01 09:00:00", "IP Address", "True", f"R_{number}"]
        for question in NAMES:
            if question == "apps":
                row += [label(each) if each in person.apps else "" for each in OPTIONS]
                row.append(person.other)
            else:
                row.append(labelled(person, question))
        rows.append(row)
    return _write(folder / "qualtrics.csv", rows)


def limesurvey(folder: Path) -> Path:
    """LimeSurvey: codes of sub-questions, Y or blank, the text of other, submitdate."""
    options = OPTIONS[:-1]
    head = ["id", "submitdate", "lastpage", "startlanguage"]
    for question in NAMES:
        if question == "apps":
            head += [*(f"apps[SQ{place:03}]" for place in range(1, 1 + len(options))), "apps[other]"]
        else:
            head.append(question.replace("_", ""))
    rows = []
    for number, person in enumerate(people(), 1):
        row = [str(number), "2026-03-01 10:00:00", "5", "en"]
        for question in NAMES:
            if question == "apps":
                row += ["Y" if each in person.apps else "" for each in options]
                row.append(person.other)
            else:
                row.append(coded(person, question))
        rows.append(row)
    head = ["full_name" if each == "fullname" else each for each in head]
    return _write(folder / "limesurvey.csv", [head, *rows])


def surveymonkey(folder: Path) -> Path:
    """SurveyMonkey: two heads, a question above its options, each with its own text."""
    head, below = ["Respondent ID", "Collector ID"], ["", ""]
    for question in NAMES:
        if question == "apps":
            head += ["Which apps?", *[""] * (len(OPTIONS) - 1)]
            below += [label(each) for each in OPTIONS]
        else:
            head.append(QUESTIONS[question])
            below.append("Open-Ended Response" if question in ("age", "full_name", "w") else "Response")
    rows = []
    for number, person in enumerate(people()):
        row = [f"11{number:04}", "7"]
        for question in NAMES:
            if question == "apps":
                row += [label(each) if each in person.apps else "" for each in OPTIONS]
            else:
                row.append(labelled(person, question))
        rows.append(row)
    return _write(folder / "surveymonkey.csv", [head, below, *rows])


def redcap(folder: Path) -> Path:
    """REDCap: ``apps___whatsapp`` with 1 and 0, 0 also where nobody was asked."""
    head = ["record_id"]
    for question in NAMES:
        head += [f"apps___{each}" for each in OPTIONS] if question == "apps" else [question]
    rows = []
    for number, person in enumerate(people(), 1):
        row = [str(number)]
        for question in NAMES:
            if question == "apps":
                row += [str(int(each in person.apps)) for each in OPTIONS]
            else:
                row.append(coded(person, question))
        rows.append(row)
    return _write(folder / "redcap.csv", [head, *rows])


def online(folder: Path, *, microsoft: bool = False) -> Path:
    """Google and Microsoft Forms: labels, a list of labels in one cell (which hold commas themselves)."""
    head = ["ID", "Start time", "Completion time"] if microsoft else ["Timestamp"]
    sign = ";" if microsoft else ", "
    rows = []
    for number, person in enumerate(people(), 1):
        row = (
            [str(number), "2026-03-01 09:00:00", "2026-03-01 09:10:00"] if microsoft else ["2026/03/01 9:00:00 AM GMT"]
        )
        for question in NAMES:
            texts = [person.other if each == "other" else label(each) for each in person.apps]
            shown = sign.join(texts) + (sign if microsoft and texts else "")
            row.append(shown if question == "apps" else labelled(person, question))
        rows.append(row)
    name = "microsoft.csv" if microsoft else "google.csv"
    return _write(folder / name, [[*head, *(QUESTIONS[question] for question in NAMES)], *rows])


def limesurvey_labels(folder: Path) -> Path:
    """LimeSurvey with full questions and answers: ``Which apps? [WhatsApp]``, Yes, No, N/A where nobody was asked."""
    head = ["Response ID", "Date submitted", "Last page", "Start language"]
    for question in NAMES:
        if question == "apps":
            head += [f"Which apps? [{label(each)}]" for each in OPTIONS]
        else:
            head.append(QUESTIONS[question])
    rows = []
    for number, person in enumerate(people(), 1):
        row = [str(number), "2026-03-01 10:00:00", "5", "en"]
        for question in NAMES:
            if question == "apps":
                asked = bool(person.apps)
                row += ["Yes" if each in person.apps else "No" if asked else "N/A" for each in OPTIONS[:-1]]
                row.append(person.other)
            else:
                row.append(labelled(person, question) or "N/A")
        rows.append(row)
    return _write(folder / "limesurvey.csv", [head, *rows])


def one_cell(folder: Path) -> Path:
    """Qualtrics with the answers of a question in one cell, joined by commas that the answers hold too."""
    head = ["StartDate", "Status", "Finished", "ResponseId", *(f"Q{place}" for place in range(1, 1 + len(NAMES)))]
    texts = ["Start Date", "Response Type", "Finished", "Response ID"]
    texts += [f"{QUESTIONS[name]}{' (Select all) - Selected Choice' if name == 'apps' else ''}" for name in NAMES]
    rows = [head, texts, ['{"ImportId":"' + each + '"}' for each in head]]
    for number, person in enumerate(people()):
        cells = [",".join(map(label, person.apps)) if name == "apps" else labelled(person, name) for name in NAMES]
        rows.append(["2026-03-01 09:00:00", "IP Address", "True", f"R_{number}", *cells])
    return _write(folder / "qualtrics.csv", rows)


def sheet(path: Path) -> Path:
    """A csv as a workbook, numbers as numbers."""
    delimiter = ";" if "kobo" in path.name else ","
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=delimiter))
    book = xlsxwriter.Workbook(str(path.with_suffix(".xlsx")), {"strings_to_numbers": True})
    page = book.add_worksheet("Invented survey")
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            page.write(number, place, cell)
    book.close()
    return path.with_suffix(".xlsx")


def in_french(folder: Path) -> Path:
    """Kobo in French, with the labels of groups before those of questions."""
    path = kobo(folder, labels=True)
    french = {row[2]: row[3] for row in [*SURVEY[1:], *CHOICES[1:]] if row[3]}
    french |= {QUESTIONS["sex"]: "Sexe", "Other": "Autre", QUESTIONS["phone"]: "Avez-vous un téléphone ?"}
    groups = {"demo": "Vous", "tech": "Technologie"}
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file, delimiter=";")
    names = {QUESTIONS[name]: groups.get(GROUPS.get(name, ""), "") for name in NAMES}
    new = []
    for cell in head:
        question, sign, option = cell.partition("/")
        group = f"{names[question]}/" if names.get(question) else ""
        new.append(f"{group}{french.get(question, question)}{sign}{french.get(option, option)}")
    persons = people()
    place = head.index("Which apps?")
    for row, person in zip(rows, persons, strict=True):
        row[:] = [french.get(cell, cell) for cell in row]
        row[place] = " ".join(french.get(label(each), label(each)) for each in person.apps)
    return _write(path, [new, *rows], ";")


EXPORTS: dict[str, Callable[[Path], Path]] = {
    "kobo codes": kobo,
    "kobo groups /": lambda folder: kobo(folder, sign="/"),
    "kobo groups .": lambda folder: kobo(folder, sign="."),
    "kobo groups _": lambda folder: kobo(folder, sign="_"),
    "kobo labels": lambda folder: kobo(folder, labels=True),
    "kobo one column": lambda folder: kobo(folder, columns=False),
    "kobo one column of labels": lambda folder: kobo(folder, labels=True, columns=False),
    "kobo separate": lambda folder: kobo(folder, lists=False),
    "kobo separate labels": lambda folder: kobo(folder, lists=False, labels=True),
    "odk": odk,
    "odk not split": lambda folder: odk(folder, split=False),
    "odk zip": lambda folder: odk(folder, zipped=True),
    "ona": ona,
    "ona label row": lambda folder: ona(folder, label_row=True),
    "ona parent, codes": lambda folder: ona(folder, parent=True, by_label=False),
    "qualtrics": qualtrics,
    "limesurvey": limesurvey,
    "surveymonkey": surveymonkey,
    "redcap": redcap,
    "google": online,
    "microsoft": lambda folder: online(folder, microsoft=True),
    "limesurvey labels": limesurvey_labels,
    "qualtrics one cell": one_cell,
    "kobo xlsx": lambda folder: sheet(kobo(folder, sign="/")),
    "kobo xlsx labels": lambda folder: sheet(kobo(folder, labels=True)),
    "ona xlsx": lambda folder: sheet(ona(folder, label_row=True)),
    "kobo in French": in_french,
}
