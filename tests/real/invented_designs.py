"""Invented people under the true names of columns and labels of large surveys' files, and what is right of each.

The names are those of the surveys' own documents; every answer is drawn here. A column is a name, its label
and what it holds; the designs are nested as those of the surveys are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

ROWS = 640
SEX = {1: "Male", 2: "Female"}
SEXO = {1: "Hombre", 2: "Mujer"}
YES = {0: "No", 1: "Yes"}
DK = {8: "Don't know", 9: "Refused"}


@dataclass(frozen=True)
class Design:
    """A file: ``columns`` are (name, label, content); several names of a part where each will do."""

    name: str
    columns: tuple[tuple[str, str, str], ...]
    weights: tuple[str, ...] = ()
    strata: tuple[str, ...] = ()
    psu: tuple[str, ...] = ()
    sex: str | None = None
    age: str | None = None
    nobody: tuple[str, ...] = ()
    suffix: str = ".sav"
    replicates: str | None = None
    non_answers: dict[str, tuple[float, ...]] = field(default_factory=dict)


def table(design: Design, seed: int = 1) -> tuple[pd.DataFrame, dict[str, str], dict[str, dict[float, str]]]:
    """The answers, the labels of the columns and of their codes."""
    rng = np.random.default_rng(seed)
    unit = rng.permutation(np.arange(ROWS) % 40)
    frame: dict[str, Any] = {}
    labels: dict[str, dict[float, str]] = {}
    for name, _, content in design.columns:
        made, own = _column(content, rng, unit)
        if content.startswith("replicates"):
            frame |= {f"{name}{place}": values for place, values in enumerate(made, start=1)}
            continue
        frame[name] = made
        if own and design.suffix != ".csv":
            labels[name] = own
    titles = {name: label for name, label, content in design.columns if name in frame}
    return pd.DataFrame(frame), titles, labels


def _column(content: str, rng: np.random.Generator, unit: Any) -> tuple[Any, dict[float, str]]:
    """What a word of the table above stands for."""
    kind, _, rest = content.partition(":")
    amount = float(rest) if rest.replace(".", "").isdigit() else 0.0
    simple: dict[str, Any] = {
        "weights": lambda: np.round(
            rng.gamma(4, 0.25, ROWS) * (amount or 1) + 0.05 * (amount or 1), 0 if amount > 9 else 6
        ),
        "unit": lambda: unit + (amount or 1),
        "strata": lambda: unit // 5 + (amount or 1),
        "within": lambda: unit % 2 + 1.0,
        "row": lambda: np.arange(ROWS) + 1.0,
        "age": lambda: rng.integers(18, 88, ROWS).astype(float),
        "year": lambda: np.full(ROWS, amount),
        "kg": lambda: np.round(rng.normal(65, 12, ROWS), 1),
        "cm": lambda: np.round(rng.normal(160, 9, ROWS), 1),
        "amount": lambda: np.round(np.exp(rng.normal(6, 1, ROWS)), 2),
        "count": lambda: rng.poisson(2, ROWS).astype(float),
        "score": lambda: np.round(rng.normal(500, 90, ROWS), 3),
    }
    if kind in simple:
        return simple[kind](), {}
    if kind == "sex":
        return rng.integers(1, 3, ROWS).astype(float), dict(SEXO if rest == "es" else SEX)
    if kind == "yes":
        return rng.integers(0, 2, ROWS).astype(float), dict(YES)
    if kind == "codes":
        most = int(amount)
        return rng.integers(1, most + 1, ROWS).astype(float), {
            float(code): f"{rest} answer {code}" for code in range(1, most + 1)
        }
    if kind == "text":
        return np.array([f"{rest}{each:03d}" for each in unit // 5]), {}
    if kind == "replicates":
        return [np.round(rng.gamma(4, 0.25, ROWS), 5) for _ in range(int(amount))], {}
    return _with_non_answers(kind, rest, rng)


def _with_non_answers(kind: str, rest: str, rng: np.random.Generator) -> tuple[Any, dict[float, str]]:
    """``scale``, ``ages`` and ``four``: answers, and codes that the file labels as none (``code=label|...``)."""
    values = {
        "scale": rng.integers(0, 11, ROWS),
        "ages": rng.integers(18, 88, ROWS),
        "four": rng.integers(1, 5, ROWS),
        "kilos": rng.integers(400, 900, ROWS),
    }[kind].astype(float)
    own = {float(code): label for code, _, label in (each.partition("=") for each in rest.split("|"))}
    for code in own:
        values[rng.random(ROWS) < 0.06] = code
    if kind == "four":
        own = {1.0: "Very bad", 2.0: "Bad", 3.0: "Good", 4.0: "Very good"} | own
    return values, own


def write(design: Design, folder: Path) -> Path:
    """The file in the format that the survey is given in."""
    import pyreadstat

    frame, titles, labels = table(design)
    path = folder / f"{design.name}{design.suffix}"
    if design.suffix == ".csv":
        frame.to_csv(path, index=False)
        return path
    if design.suffix == ".xpt":
        pyreadstat.write_xport(frame, str(path), column_labels=titles)
        return path
    writer = pyreadstat.write_dta if design.suffix == ".dta" else pyreadstat.write_sav
    writer(frame, str(path), column_labels=titles, variable_value_labels=labels)
    return path


DESIGNS = (
    Design(
        "dhs_women",
        (
            ("caseid", "Case identification", "row"),
            ("v001", "Cluster number", "unit"),
            ("v002", "Household number", "count"),
            ("v005", "Women's individual sample weight (6 decimals)", "weights:1000000"),
            ("v012", "Respondent's current age", "age"),
            ("v021", "Primary sampling unit", "unit"),
            ("v022", "Sample strata for sampling errors", "strata"),
            ("v024", "Region", "codes:4"),
            ("v106", "Highest educational level", "codes:3"),
            ("v201", "Total children ever born", "count"),
            ("v437", "Respondent's weight in kilograms (1 decimal)", "kilos:9994=Not present|9995=Refused"),
            ("v438", "Respondent's height in centimeters (1 decimal)", "cm"),
            ("v730", "Husband/partner's age", "ages:98=Don't know"),
        ),
        ("v005",),
        ("v022",),
        ("v021", "v001"),
        None,
        "v012",
        ("v730",),
        ".dta",
        non_answers={"v437": (9994, 9995)},
    ),
    Design(
        "dhs_members",
        (
            ("hhid", "Case identification", "row"),
            ("hv001", "Cluster number", "unit"),
            ("hv005", "Household sample weight (6 decimals)", "weights:1000000"),
            ("hv021", "Primary sampling unit", "unit"),
            ("hv023", "Stratification used in sample design", "strata"),
            ("hv024", "Region", "codes:4"),
            ("hv219", "Sex of head of household", "sex"),
            ("hv220", "Age of head of household", "age"),
            ("hv104", "Sex of household member", "sex"),
            ("hv105", "Age of household members", "ages:98=Don't know"),
            ("ha2", "Woman's weight in kilograms (1 decimal)", "kg"),
            ("ha3", "Woman's height in centimeters", "cm"),
        ),
        ("hv005",),
        ("hv023",),
        ("hv021", "hv001"),
        "hv104",
        "hv105",
        ("hv219", "hv220"),
        ".dta",
        non_answers={"hv105": (98,)},
    ),
    Design(
        "mics_women",
        (
            ("HH1", "Cluster number", "unit"),
            ("HH2", "Household number", "count"),
            ("LN", "Line number", "count"),
            ("WB4", "Age of woman", "age"),
            ("welevel", "Education", "codes:4"),
            ("MN5", "Times received antenatal care", "scale:98=DK|99=NO RESPONSE"),
            ("HH7", "Region", "codes:5"),
            ("wmweight", "Women's sample weight", "weights"),
            ("PSU", "Primary sampling unit", "unit"),
            ("stratum", "Strata", "strata"),
        ),
        ("wmweight",),
        ("stratum",),
        ("PSU", "HH1"),
        None,
        "WB4",
        non_answers={"MN5": (98, 99)},
    ),
    Design(
        "mics_members",
        (
            ("HH1", "Cluster number", "unit"),
            ("HL1", "Line number", "count"),
            ("HHSEX", "Sex of household head", "sex"),
            ("HHAGE", "Age of household head", "age"),
            ("HL4", "Sex", "sex"),
            ("HL6", "Age", "ages:98=DK|99=NO RESPONSE"),
            ("ED3", "Age above 3", "yes"),
            ("hhweight", "Household sample weight", "weights"),
            ("PSU", "Primary sampling unit", "unit"),
            ("stratum", "Strata", "strata"),
        ),
        ("hhweight",),
        ("stratum",),
        ("PSU", "HH1"),
        "HL4",
        "HL6",
        ("HHSEX", "HHAGE", "ED3"),
        non_answers={"HL6": (98, 99)},
    ),
    Design(
        "lapop",
        (
            ("idnum", "Número de cuestionario", "row"),
            ("pais", "País", "year:4"),
            ("estratopri", "Estrato primario", "codes:4"),
            ("strata", "Estrato de diseño", "strata"),
            ("upm", "Unidad primaria de muestreo", "unit"),
            ("wt", "Ponderador por país", "weights"),
            ("ur", "Urbano/Rural", "codes:2"),
            ("q1", "Sexo", "sex:es"),
            ("q2", "Edad", "ages:888888=No sabe|988888=No responde"),
            ("b12", "Confianza en las fuerzas armadas", "scale:888888=No sabe|988888=No responde"),
            ("colorr", "Color de piel del entrevistado", "codes:11"),
            ("sexi", "Sexo del entrevistador", "sex:es"),
        ),
        ("wt",),
        ("strata",),
        ("upm",),
        "q1",
        "q2",
        ("sexi",),
        ".dta",
        non_answers={"b12": (888888, 988888)},
    ),
    Design(
        "afrobarometer",
        (
            ("RESPNO", "Respondent number", "row"),
            ("URBRUR", "Urban or rural primary sampling unit", "codes:2"),
            ("REGION", "Province or region", "codes:6"),
            ("EA_SVC_A", "EA-SVC-A. Electricity grid in the PSU/EA", "yes"),
            ("EA_SVC_B", "EA-SVC-B. Piped water system in the PSU/EA", "yes"),
            ("PREVINT", "Previous interview, gender", "sex"),
            ("THISINT", "This interview, gender", "sex"),
            ("Q1", "Q1. Age", "ages:998=Refused|999=Don't know"),
            ("Q4", "Q4. Country's economic condition", "four:8=Refused|9=Don't know"),
            ("Q110", "Q110. Interviewer's age", "age"),
            ("Q112", "Q112. Interviewer's gender", "sex"),
            ("withinwt_ea", "Within-country weight (based on EA)", "weights"),
        ),
        ("withinwt_ea",),
        (),
        (),
        "THISINT",
        "Q1",
        ("PREVINT", "Q110", "Q112"),
        non_answers={"Q1": (998, 999)},
    ),
    Design(
        "wvs",
        (
            ("A_YEAR", "Year of survey", "year:2020"),
            ("W_WEIGHT", "Weight", "weights"),
            ("pwght", "Population weight", "year:1"),
            ("Q1", "Important in life: Family", "four:-1=Don't know|-2=No answer"),
            ("Q49", "Satisfaction with your life", "scale:-1=Don't know|-2=No answer"),
            ("Q260", "Sex", "sex"),
            ("Q262", "Age", "ages:-2=No answer"),
            ("G_TOWNSIZE", "Settlement size", "codes:5"),
            ("E_RESPINT", "Respondent interested during the interview", "codes:3"),
        ),
        ("W_WEIGHT",),
        (),
        (),
        "Q260",
        "Q262",
        non_answers={"Q49": (-1, -2)},
    ),
    Design(
        "ess",
        (
            ("idno", "Respondent's identification number", "row"),
            ("dweight", "Design weight", "weights"),
            ("pspwght", "Post-stratification weight including design weight", "weights"),
            ("pweight", "Population size weight (must be combined with dweight or pspwght)", "year:0.7"),
            ("anweight", "Analysis weight", "weights:0.8"),
            ("prob", "Sampling probability", "weights:0.001"),
            ("stratum", "Sampling stratum", "strata"),
            ("psu", "Primary sampling unit", "unit"),
            ("trstplt", "Trust in politicians", "scale:77=Refusal|88=Don't know|99=No answer"),
            ("gndr", "Gender", "sex"),
            ("agea", "Age of respondent, calculated", "ages:999=Not available"),
            ("gndr2", "Gender of second person in household", "sex"),
            ("intgndr", "Gender of interviewer", "sex"),
            ("intagea", "Age of interviewer", "age"),
        ),
        ("anweight", "pspwght"),
        ("stratum",),
        ("psu",),
        "gndr",
        "agea",
        ("gndr2", "intgndr", "intagea"),
        non_answers={"trstplt": (77, 88, 99)},
    ),
    Design(
        "eu_silc",
        (
            ("PB010", "Year of the survey", "year:2021"),
            ("PB030", "Personal ID", "row"),
            ("PB040", "Personal cross-sectional weight", "weights:400"),
            ("DB050", "Primary strata", "strata"),
            ("DB060", "Psu-1 (First stage)", "unit"),
            ("PB150", "Sex", "sex"),
            ("PX020", "Age at the end of the income reference period", "age"),
            ("PE040", "Highest ISCED level attained", "codes:5"),
            ("PY010G", "Employee cash or near cash income", "amount"),
        ),
        ("PB040",),
        ("DB050",),
        ("DB060",),
        "PB150",
        "PX020",
        suffix=".dta",
    ),
    Design(
        "lsms",
        (
            ("household_id", "Unique household identifier", "row"),
            ("ea_id", "Unique enumeration area indentifier", "unit"),
            ("saq01", "Region code", "codes:5"),
            ("pw_w4", "Final population weight for wave 4", "weights:900"),
            ("s1q02", "Sex of [NAME]", "sex"),
            ("s1q03a", "Age of [NAME] in years", "age"),
            ("s1q08", "What is [NAME]'s religion?", "codes:4"),
            ("cons", "Total annual consumption", "amount"),
        ),
        ("pw_w4",),
        (),
        ("ea_id",),
        "s1q02",
        "s1q03a",
        suffix=".dta",
    ),
    Design(
        "iom_dtm",
        (
            ("survey_id", "", "row"),
            ("fmp_point", "", "codes:6"),
            ("enumerator_gender", "", "sex"),
            ("enumerator_age", "", "age"),
            ("respondent_sex", "", "sex"),
            ("respondent_age", "", "age"),
            ("nationality", "", "codes:9"),
            ("cost_of_journey", "", "amount"),
            ("group_size", "", "count"),
        ),
        sex="respondent_sex",
        age="respondent_age",
        nobody=("enumerator_gender", "enumerator_age"),
        suffix=".csv",
    ),
    Design(
        "latinobarometro",
        (
            ("numentre", "Número de entrevista", "row"),
            ("idenpa", "País", "codes:5"),
            ("reg", "Región", "codes:8"),
            ("p11stgbs", "Satisfacción con la democracia", "four:-1=No sabe|-2=No responde"),
            ("p14st", "Escala izquierda derecha", "scale:-1=No sabe|-2=No responde"),
            ("sexo", "Sexo", "sex:es"),
            ("edad", "Edad", "age"),
            ("wt", "Ponderador", "weights"),
        ),
        ("wt",),
        (),
        (),
        "sexo",
        "edad",
        non_answers={"p14st": (-1, -2)},
    ),
    Design(
        "share",
        (
            ("mergeid", "Person identifier", "row"),
            ("gender", "Gender of respondent", "sex"),
            ("age2020", "Age of respondent in 2020", "age"),
            ("ch001_", "Number of children", "count"),
            ("dw_w8", "Design weight - wave 8", "weights:900"),
            ("cciw_w8", "Calibrated cross-sectional individual weight", "weights:2000"),
            ("stratum1", "Sampling stratum 1", "strata"),
            ("psu", "Primary sampling unit", "unit"),
            ("bmi", "Body mass index", "kg"),
            ("ph012_", "Weight of respondent", "kg"),
            ("age_partner", "Age of partner at interview", "age"),
        ),
        ("cciw_w8",),
        ("stratum1",),
        ("psu",),
        "gender",
        "age2020",
        ("age_partner",),
        ".dta",
    ),
    Design(
        "pisa",
        (
            ("CNTSCHID", "Intl. School ID", "unit:100"),
            ("CNTSTUID", "Intl. Student ID", "row"),
            ("STRATUM", "Stratum ID", "text:QAZ"),
            ("ST004D01T", "Student (Standardized) Gender", "sex"),
            ("AGE", "Age", "weights:15"),
            ("PV1MATH", "Plausible Value 1 in Mathematics", "score"),
            ("W_FSTUWT", "FINAL TRIMMED NONRESPONSE ADJUSTED STUDENT WEIGHT", "weights:30"),
            ("W_FSTURWT", "FINAL TRIMMED NONRESPONSE ADJUSTED STUDENT REPLICATE BRR-FAY WEIGHTS", "replicates:80"),
            ("SENWT", "Senate Weight (sum of 5000 per country)", "weights:0.9"),
        ),
        ("W_FSTUWT",),
        ("STRATUM", ""),
        ("CNTSCHID", ""),
        "ST004D01T",
        None,
        replicates="W_FSTURWT*",
    ),
    Design(
        "enigh",
        (
            ("folioviv", "Identificador de la vivienda", "row"),
            ("est_dis", "Estrato de diseño muestral", "strata"),
            ("upm", "Unidad primaria de muestreo", "unit"),
            ("factor", "Factor de expansión", "weights:700"),
            ("sexo_jefe", "Sexo del jefe del hogar", "sex:es"),
            ("edad_jefe", "Edad del jefe del hogar", "age"),
            ("ing_cor", "Ingreso corriente", "amount"),
            ("tot_integ", "Número de integrantes del hogar", "count"),
        ),
        ("factor",),
        ("est_dis",),
        ("upm",),
        suffix=".dta",
    ),
    Design(
        "casen",
        (
            ("folio", "Identificación hogar", "row"),
            ("region", "Región", "codes:9"),
            ("expr", "Factor de expansión regional", "weights:80"),
            ("varstrat", "Estratos de varianza", "strata"),
            ("varunit", "Conglomerados de varianza", "unit"),
            ("sexo", "Sexo", "sex:es"),
            ("edad", "Edad", "age"),
            ("e6a", "¿Cuál es el nivel más alto alcanzado?", "codes:6"),
            ("ytotcorh", "Ingreso total del hogar", "amount"),
        ),
        ("expr",),
        ("varstrat",),
        ("varunit",),
        "sexo",
        "edad",
        suffix=".dta",
    ),
    Design(
        "pnad",
        (
            ("UF", "Unidade da Federação", "codes:9"),
            ("UPA", "Unidade Primária de Amostragem (UPA)", "unit:110000016"),
            ("Estrato", "Estrato", "strata:1110011"),
            ("V1028", "Peso do domicílio e das pessoas", "weights:300"),
            ("V2007", "Sexo", "sex:es"),
            ("V2009", "Idade do morador na data de referência", "age"),
            ("VD4019", "Rendimento mensal habitual de todos os trabalhos", "amount"),
        ),
        ("V1028",),
        ("Estrato",),
        ("UPA",),
        "V2007",
        "V2009",
        suffix=".dta",
    ),
    Design(
        "geih",
        (
            ("DIRECTORIO", "", "row"),
            ("ORDEN", "", "count"),
            ("DPTO", "", "codes:9"),
            ("P6020", "", "sex:es"),
            ("P6040", "", "age"),
            ("P6080", "", "codes:5"),
            ("FEX_C18", "", "weights:800"),
            ("INGLABO", "", "amount"),
        ),
        ("FEX_C18",),
        suffix=".csv",
    ),
    Design(
        "enaho",
        (
            ("conglome", "Número de conglomerado", "unit:5000"),
            ("estrato", "Estrato geográfico", "strata"),
            ("vivienda", "Número de vivienda", "count"),
            ("p207", "¿Sexo?", "sex:es"),
            ("p208a", "¿Qué edad tiene en años cumplidos? (en años)", "age"),
            ("p301a", "Nivel educativo", "codes:8"),
            ("factor07", "Factor de expansión anual", "weights:250"),
        ),
        ("factor07",),
        ("estrato",),
        ("conglome",),
        "p207",
        "p208a",
        suffix=".dta",
    ),
    Design(
        "brfss",
        (
            ("_STATE", "State FIPS Code", "codes:9"),
            ("_PSU", "Primary Sampling Unit", "row"),
            ("_STSTR", "Sample Design Stratification Variable", "strata"),
            ("SEXVAR", "Sex of Respondent", "sex"),
            ("_AGE80", "Imputed Age value collapsed above 80", "age"),
            ("WEIGHT2", "Reported Weight in Pounds", "kg"),
            ("WTKG3", "Computed Weight in Kilograms", "kg"),
            ("HTM4", "Computed Height in Meters", "cm"),
            ("GENHLTH", "General Health", "four:7=Don't know/Not Sure|9=Refused"),
            (
                "_LLCPWT2",
                "Truncated design weight used in adult combined land line and cell phone raking",
                "weights:500",
            ),
            ("_LLCPWT", "Final weight assigned to each respondent: Land-line and cell-phone data", "weights:500"),
        ),
        ("_LLCPWT",),
        ("_STSTR",),
        ("",),
        "SEXVAR",
        "_AGE80",
        suffix=".xpt",
    ),
    Design(
        "acs",
        (
            ("SERIALNO", "", "row"),
            ("PUMA", "", "codes:9"),
            ("ST", "", "year:6"),
            ("PWGTP", "", "weights:90"),
            ("AGEP", "", "age"),
            ("SEX", "", "sex"),
            ("SCHL", "", "codes:9"),
            ("WAGP", "", "amount"),
            ("PWGTP", "", "replicates:80"),
        ),
        ("PWGTP",),
        sex="SEX",
        age="AGEP",
        suffix=".csv",
        replicates="PWGTP[0-9]*",
    ),
    Design(
        "arab_barometer",
        (
            ("ID", "Respondent number", "row"),
            ("COUNTRY", "Country", "codes:4"),
            ("WT", "Weight", "weights"),
            ("Q1001", "Age", "age"),
            ("Q1002", "Gender", "sex"),
            ("Q101", "Evaluation of economic situation", "four:98=Don't know|99=Refused to answer"),
            ("INTGENDER", "Interviewer gender", "sex"),
            ("Q513", "Level of democracy", "scale:98=Don't know|99=Refused to answer"),
        ),
        ("WT",),
        (),
        (),
        "Q1002",
        "Q1001",
        ("INTGENDER",),
        non_answers={"Q513": (98, 99)},
    ),
    Design(
        "issp",
        (
            ("CASEID", "ID Number of Respondent", "row"),
            ("WEIGHT", "Weighting factor", "weights"),
            ("SEX", "Sex of Respondent", "sex"),
            ("AGE", "Age of respondent", "ages:-9=No answer"),
            ("v9", "Q4a Trust in people", "scale:-8=Can't choose|-9=No answer"),
            ("PARTLIV", "Living in steady partnership", "codes:3"),
            ("SPAGE", "Age of spouse or partner", "age"),
        ),
        ("WEIGHT",),
        (),
        (),
        "SEX",
        "AGE",
        ("SPAGE",),
        non_answers={"AGE": (-9,)},
    ),
    Design(
        "timss",
        (
            ("IDSCHOOL", "School ID", "unit:1"),
            ("IDSTUD", "Student ID", "row"),
            ("ITSEX", "Sex of Students", "sex"),
            ("BSDAGE", "Students age", "weights:13"),
            ("TOTWGT", "Total student weight", "weights:60"),
            ("HOUWGT", "House weight", "weights"),
            ("SENWGT", "Senate weight", "weights:0.8"),
            ("JKZONE", "Jackknife zone", "strata"),
            ("JKREP", "Jackknife replicate code", "within"),
            ("BSMMAT01", "1st plausible value mathematics", "score"),
        ),
        ("TOTWGT",),
        ("JKZONE",),
        ("JKREP",),
        "ITSEX",
    ),
    Design(
        "enemdu",
        (
            ("upm", "Unidad primaria de muestreo", "unit:10150"),
            ("estrato", "Estrato", "strata:1110"),
            ("p02", "Sexo", "sex:es"),
            ("p03", "Edad", "age"),
            ("p10a", "Nivel de instrucción", "codes:9"),
            ("ingrl", "Ingreso laboral", "amount"),
            ("fexp", "Factor de expansión", "weights:150"),
        ),
        ("fexp",),
        ("estrato",),
        ("upm",),
        "p02",
        "p03",
    ),
)
