# ruff: noqa: E501
"""Studies whose numbers fill the corpora: the shipped example, five surveys of the reference data, indicators.

Each is written into a folder as a study file; None where its data are not there.
"""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

from surveytool.proofreading.facts import Facts, facts_of
from surveytool.study import load_study, open_study

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data"
if not SHARED.is_dir():
    SHARED = ROOT.parents[1] / "shared" / "data"

MASCULINITY = """
[study]
title = "Being a man"
[data]
path = "{shared}/masculinity_538/raw-responses.csv"
[design]
weights = "weight"
[variables]
q0001 = {{label = "How masculine or manly men feel"}}
q0002 = {{label = "Importance of being seen as masculine"}}
q0005 = {{label = "Society puts pressure on men in an unhealthy way"}}
q0014 = {{label = "How much was heard about the metoo movement"}}
q0018 = {{label = "Tries to pay when on a date"}}
q0022 = {{label = "Changed behaviour in romantic relationships after metoo"}}
age3 = {{label = "Age"}}
kids = {{label = "Children"}}
race2 = {{label = "Race"}}
[[tables]]
variable = ["q0001", "q0002", "q0005", "q0014", "q0018", "q0022"]
by = ["age3", "kids", "race2"]
"""
BRAZIL = """
[study]
title = "Barómetro de las Américas, Brasil"
languages = ["es"]
[data]
path = "{shared}/lapop_r_package/bra23.csv.gz"
[design]
weights = "wt"
psu = ["upm"]
strata = "strata"
[variables]
fs2 = {{label = "Se quedó sin alimentos por falta de dinero"}}
idio2 = {{label = "Situación económica personal comparada con hace un año"}}
wealth = {{label = "Quintil de riqueza", levels = {{1 = "Quintil más pobre", 2 = "Segundo quintil", 3 = "Tercer quintil", 4 = "Cuarto quintil", 5 = "Quintil más rico"}}}}
[[recodes]]
name = "democracia"
type = "collapse"
from = "ing4"
label = "Apoyo a la democracia"
groups = [{{label = "Apoya la democracia", levels = ["5", "6", "7"]}}, {{label = "Neutral ante la democracia", levels = ["4"]}}, {{label = "Rechaza la democracia", rest = true}}]
[[recodes]]
name = "partidos"
type = "collapse"
from = "b21"
label = "Confianza en los partidos políticos"
groups = [{{label = "Mucha confianza", levels = ["5", "6", "7"]}}, {{label = "Confianza intermedia", levels = ["3", "4"]}}, {{label = "Poca confianza", rest = true}}]
[[tables]]
variable = ["fs2", "idio2", "democracia", "partidos"]
by = ["wealth"]
"""
ILLINOIS = """
[study]
title = "{title}"
languages = ["{language}"]
[data]
path = "{shared}/cps_illinois_cc0/illinois.csv.gz"
[design]
weights = "weight"
[variables]
sex = {{label = "{sex}", levels = {{1 = "{man}", 2 = "{woman}"}}}}
educ6 = {{label = "{education}", levels = {{1 = "{e1}", 2 = "{e2}", 3 = "{e3}", 4 = "{e4}", 5 = "{e5}", 6 = "{e6}"}}}}
maritalstatus = {{label = "{marital}", levels = {{1 = "{m1}", 2 = "{m2}", 3 = "{m3}"}}}}
rv = {{label = "{registered}", levels = {{1 = "{yes}", 2 = "{no}"}}}}
voter = {{label = "{voted}", levels = {{1 = "{yes}", 2 = "{no}"}}}}
[[recodes]]
name = "band"
type = "bands"
from = "age"
bands = ["18-29", "30-44", "45-64", "65+"]
label = "{age}"
[[tables]]
variable = ["voter", "rv", "maritalstatus", "educ6"]
by = ["sex", "band"]
"""
ENGLISH = {
    "language": "en", "title": "Voters of Illinois", "sex": "Sex", "man": "Man", "woman": "Woman", "education": "Education", "e1": "Less than high school",
    "e2": "High school", "e3": "Some college", "e4": "Associate degree", "e5": "Bachelor", "e6": "Postgraduate", "marital": "Marital status", "m1": "Married",
    "m2": "Widowed or divorced", "m3": "Never married", "registered": "Registered to vote", "voted": "Turned out at the election", "yes": "Yes", "no": "No", "age": "Age group",
}  # fmt: skip
FRENCH = {
    "language": "fr", "title": "Électeurs de l'Illinois", "sex": "Sexe", "man": "Homme", "woman": "Femme", "education": "Niveau d'instruction", "e1": "Sans diplôme secondaire",
    "e2": "Lycée", "e3": "Études supérieures inachevées", "e4": "Diplôme professionnel", "e5": "Licence", "e6": "Troisième cycle", "marital": "État matrimonial", "m1": "Marié",
    "m2": "Veuf ou divorcé", "m3": "Célibataire", "registered": "Inscrit sur les listes électorales", "voted": "A participé au scrutin", "yes": "Oui", "no": "Non", "age": "Tranche d'âge",
}  # fmt: skip
INDICATORS = """
[study]
title = "Food security of households"
[data]
path = "households.csv"
[design]
weights = "weight"
[variables]
sex = {label = "Sex of the head", levels = {1 = "Male", 2 = "Female"}}
camp = {label = "Camp", levels = {1 = "North camp", 2 = "South camp", 3 = "Host community"}}
[[indicators]]
use = "wfp/fcs"
[[indicators]]
use = "wfp/rcsi"
[[tables]]
variable = ["fcs_group", "rcsi_group"]
by = ["sex", "camp"]
"""
FCS = ("FCSStap", "FCSPulse", "FCSDairy", "FCSPr", "FCSVeg", "FCSFruit", "FCSFat", "FCSSugar")
RCSI = ("rCSILessQlty", "rCSIBorrow", "rCSIMealSize", "rCSIMealAdult", "rCSIMealNb")


def _households(folder: Path) -> None:
    """Invented households: days eaten and days of coping, more of the latter in one camp."""
    dice = random.Random(11)
    lines = [",".join(("sex", "camp", "weight", *FCS, *RCSI))]
    for _ in range(900):
        camp = dice.choice((1, 1, 2, 3))
        rich = dice.random() + 0.12 * camp
        eaten = [min(7, max(0, round(dice.gauss(4.4 * rich, 1.6)))) for _ in FCS]
        coping = [min(7, max(0, round(dice.gauss(3.2 - 2.4 * rich, 1.5)))) for _ in RCSI]
        values = (dice.choice((1, 2)), camp, round(dice.uniform(0.5, 2), 3), *eaten, *coping)
        lines.append(",".join(map(str, values)))
    (folder / "households.csv").write_text("\n".join(lines) + "\n", "utf-8")


def _tal_afar(folder: Path) -> str:
    from study import reach

    import surveytool as st

    data = SHARED / "reach_talafar_2021"
    kinds = {name: one.kind for name, one in st.read(data / "clean_data.csv").codebook.items()}
    names = "gender_hoh", "informed_disruption", "water_quality_complaint", "buy_water", "satisfied_water_service"
    asked = [name for name in names if name in kinds]
    more = [name for name, kind in kinds.items() if kind == "single" and name not in asked]
    questions = [
        row["name"] for row in reach.rows(data, "tool_survey.csv")
        if row["name"] in (*asked, *more) and "record" not in row[reach.ENGLISH] and row["type"].startswith("select_one") and row[reach.ENGLISH]
    ]  # fmt: skip
    asked = [name for name in dict.fromkeys(questions) if name != "gender_hoh"][:14]
    tables = "\n[[tables]]\nvariable = [" + ", ".join(f'"{name}"' for name in asked) + ']\nby = ["gender_hoh"]\n'
    return reach.study_text(data, kinds).replace('claims_file = "claims.csv"\n', "") + tables


CORPORA = {
    "example en": ("en", None), "example es": ("es", None), "masculinity en": ("en", "masculinity_538"), "tal afar en": ("en", "reach_talafar_2021"),
    "brazil es": ("es", "lapop_r_package"), "illinois en": ("en", "cps_illinois_cc0"), "illinois fr": ("fr", "cps_illinois_cc0"), "indicators en": ("en", None),
}  # fmt: skip


def present(name: str) -> bool:
    """Whether the data of a corpus are here."""
    folder = CORPORA[name][1]
    return folder is None or (SHARED / folder).is_dir()


@cache
def facts(name: str, folder: Path) -> Facts:
    """The facts of a corpus' study, written into a folder."""
    lang, kind = CORPORA[name][0], name.split()[0]
    path = folder / f"{name.replace(' ', '_')}.toml"
    if kind == "example":
        path = ROOT / "configs" / "iom_2023.toml"
    elif kind == "indicators":
        _households(folder)
        path.write_text(INDICATORS, "utf-8")
    elif kind == "tal":
        path.write_text(_tal_afar(folder), "utf-8")
    elif kind == "illinois":
        path.write_text(ILLINOIS.format(shared=SHARED, **(ENGLISH if lang == "en" else FRENCH)), "utf-8")
    else:
        path.write_text((MASCULINITY if kind == "masculinity" else BRAZIL).format(shared=SHARED), "utf-8")
    study = load_study(path)
    return facts_of(study, open_study(study, language=lang), lang, {})
