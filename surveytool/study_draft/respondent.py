"""Whose sex, age and place a column holds: the respondent's, or those of somebody else in the interview.

The enumerator's, the previous respondent's and the first household member's are not
the respondent's. All columns of a role are scored, and the best stands in the draft.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from surveytool.checks.labels import plain
from surveytool.checks.raw_survey import RawSurvey
from surveytool.disclosure_risk.quasi import role_of
from surveytool.disclosure_risk.risk_measures import Role
from surveytool.survey import Variable

_OFFICIAL: dict[str, Role] = {
    **dict.fromkeys(
        ("riagendr", "thisint", "e26", "ch04", "hv104", "pb150", "rb090", "gndr", "sexom", "sexoa", "b4"), "sex"
    ),
    **dict.fromkeys(("ridageyr", "e27", "ch06", "hv105", "v012", "mv012", "agea", "edadm", "edada", "hw1"), "age"),
}
# sex and age as the documents of large surveys call them: each name counts beside the other
_PAIRS: tuple[tuple[str, str], ...] = (
    ("hl4", "hl6"), ("hl4", "ed2a"), ("p207", "p208a"), ("p207", "p208"), ("v2007", "v2009"), ("v0404", "v0403"),
    ("v0302", "v8005"), ("p6020", "p6040"), ("p3271", "p6040"), ("p02", "p03"), ("p06", "p02"), ("s02a_02", "s02a_03"),
    ("q260", "q262"), ("v240", "v242"), ("v235", "v237"), ("x001", "x003"), ("v225", "age"), ("e26", "e27"),
    ("ch04", "ch06"), ("rb090", "rx010"), ("rb090", "rx020"), ("pb150", "px020"), ("a_sex", "a_age"),
    ("pesex", "prtage"), ("sex_a", "agep_a"), ("sex", "age_p"), ("sex", "agep"), ("irsex", "age2"),
    ("sexvar", "_ageg5yr"),
    ("q2", "q1"), ("q1", "q2"), ("q1", "q2y"), ("st004d01t", "age"), ("hv104", "hv105"), ("gndr", "agea"),
    ("s1", "s2"), ("b04", "b05a"), ("d10", "d11"), ("vd10", "vd11"), ("ra1", "rb2"), ("rsex", "rage"),
    ("v201600", "v201507x"), ("v161342", "v161267"), ("s1aq1", "s1aq4"), ("s1q2", "s1q5y"), ("s1q02", "s1q05"),
    ("r03", "r04"), ("sexo", "eda"), ("sex", "eda"), ("c03", "c04"), ("sexo_hl", "edad_hl"), ("h03", "h05"),
    ("d3", "d2"),
)  # fmt: skip
_OLDER = {"d1", "d2", "d3", "d4", "d5", "f1", "a1", "k6a"}  # the questionnaire on older people (RAM-OP)
_INTERVIEWER = re.compile(
    r"\b(enum|enumerators?|interviewers?|encuestador(a|es)?|entrevistador(a|es)?|enqueteur\w*|enqueteuse|"
    r"surveyors?|fieldworkers?|data collectors?|recenseur\w*|pesquisador(a|es)?)\b"
)
_SOMEBODY_ELSE = re.compile(
    r"\b(enum|enumerators?|enumerator s|interviewers?|interviewer s|encuestador(a|es)?|entrevistador(a|es)?|"
    r"enqueteur\w*|"
    r"enqueteuse|agent|supervisor|surveyor|fieldworker|data collector|previous|prev|previnter|previnterview|anterior|"
    r"precedent\w*|spouse|husband|wife|partner|esposo|esposa|conyuge|conjoint|mari|mother|father|madre|padre|mere|"
    r"pere|"
    r"mom|dad|parents?|sibling|brother|sister|son|daughter|baby|teen|(1st|2nd|3rd|first|second|third|fourth|fifth|"
    r"sixth) person|"
    r"\d+(st|nd|rd|th) person|person \d+|member \d+|most recent|last|ideal|minimum|maximum|preferred|"
    r"contact person)\b"
)
_OTHER_AGE = re.compile(
    r"\b(above|below|when|started|starting|quit|stopped|began|begin|beginning|first|at (birth|death|marriage|"
    r"diagnosis|arrival|"
    r"departure|migration)|of (the )?(child|house|dwelling|building|roof|mother|father|respondent s)|school|"
    r"diabetes|smok\w*|"
    r"menarche|pension|retire\w*|president|intage|verified|estimat\w*|reported|flag|group of the)\b"
)
_ATTITUDE = re.compile(
    r"\b(proud|pride|trust|feel\w*|opinion|attitude|important|matters?|discriminat\w*|equal\w*|quota)\b"
)
_HEAD = re.compile(r"\b(head|hh|hhh|hoh|jefe|jefa|chef|menage|household)\b")
_OWN = re.compile(r"\b(resp|respondent|respondent s|entrevistado|encuestado|enquete|persona|this interview|own)\b")
_AGE_LABEL = re.compile(
    r"(respondent s |current |actual |exact |imputed |calculated )?age( value)?"
    r"( of (the )?(respondent|name|person|individual|(household )?members?))?"
    r"( in (completed )?(whole )?(years|months)( .*)?| in (19|20)\d\d| collapsed .*|"
    r" at (screening|interview|survey|last birthday)( .*)?)?|edad( en (anos|meses))?( cumplidos)?( .*)?|"
    r"age (actuel|revolu|en annees|de l enquete)( .*)?|(what is your |your )age( .*)?"
)
_SEX_LABEL = re.compile(r"(respondent s |what is your |your )?(sex|gender)( of (the )?respondent)?|"
                        r"sexo( de la persona)?( .*)?|"
                        r"this interview gender|gender of (the )?respondent|"
                        r"(sexe|genre)( du repondant| de l enquete)?")  # fmt: skip


def of_interviewer(variable: Variable) -> bool:
    """Whether a short name or label says that a column is about who asked, and not about who answered."""
    name = plain(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", variable.name.rpartition("/")[2]))
    label = plain(variable.label)
    return bool(_INTERVIEWER.search(name) or (len(label.split()) <= 6 and _INTERVIEWER.search(label)))


def respondent_role(variable: Variable) -> tuple[Role | None, float]:
    """What a column tells of the respondent, and how surely; the role is None where it is somebody else's."""
    name = plain(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", variable.name.rpartition("/")[2]))
    label = plain(re.sub(r"^[A-Za-z]{1,3}\d+[A-Za-z]?[.:)\s-]+", "", variable.label))
    said = f"{name} {label}"
    if _SOMEBODY_ELSE.search(said) or _ATTITUDE.search(label):
        return None, 0
    role, sure = _OFFICIAL.get(variable.name.lower()), 3.0
    if role is None and _SEX_LABEL.fullmatch(label):
        role, sure = "sex", 2.5
    if role is None and _AGE_LABEL.fullmatch(label):
        role, sure = "age", 2.5
    if role is None:
        role, sure = role_of(variable.name.rpartition("/")[2], variable.label), 2.0
    if role == "age" and _OTHER_AGE.search(said) and not _AGE_LABEL.fullmatch(label):
        return None, 0
    if role is not None and " " not in name and role_of(name) == role and not any(sign.isdigit() for sign in name):
        sure += 1  # called "sex" and nothing else
    return role, sure + (0.5 if _OWN.search(said) else 0) - (1.5 if _HEAD.search(said) else 0) if role else 0


def by_role(raw: RawSurvey) -> dict[Role, list[str]]:
    """The columns of each role, the likeliest first."""
    found: dict[Role, list[tuple[float, int, str]]] = {}
    official = dict(_official_pair(raw))
    for index, (name, variable) in enumerate(raw.book.items()):
        role, sure = respondent_role(variable)
        if role is None and name in official and not of_interviewer(variable):
            role, sure = official[name], 1.5
        if role is not None:
            found.setdefault(role, []).append((-sure, index, name))
    return {role: [name for _, _, name in sorted(columns)] for role, columns in found.items()}


def _official_pair(raw: RawSurvey) -> Iterator[tuple[str, Role]]:
    """Sex and age by the names of a large survey, where both stand in the file and hold such answers."""
    names = {name.lower(): name for name in raw.book}
    for sex, age in _PAIRS:
        known = sex in names and age in names
        if (
            known
            and re.fullmatch(r"[a-z]\d{1,2}y?", sex)
            and not raw.book[names[sex]].label
            and not set(names) >= _OLDER
        ):
            continue  # numbers of questions in any survey
        if known and _two_answers(raw, names[sex]) and _years(raw, names[age]):
            yield names[sex], "sex"
            yield names[age], "age"
            return


def _two_answers(raw: RawSurvey, name: str) -> bool:
    """Whether a column holds two answers, or three, and says nothing else by its label."""
    variable = raw.book[name]
    said = plain(variable.label)
    if variable.kind != "single" or (said and not re.search(r"\b(sex|sexo|sexe|gender|genero|genre)\b", said)):
        return False
    return 2 <= sum(level.count > 0.02 * variable.n for level in variable.valid_levels()) <= 3


def _years(raw: RawSurvey, name: str) -> bool:
    """Whether a column holds ages: many whole numbers up to 120, most of them not small."""
    variable = raw.book[name]
    said = plain(variable.label)
    if said and not re.search(r"\b(age|edad|idade|eda|anos|years)\b", said):
        return False
    if variable.kind != "number" or not raw.is_number(name):
        return False
    values = raw.columns.numbers(name)
    known = values[values == values]
    likely = known[(known >= 0) & (known <= 120)]
    return len(likely) >= 0.9 * len(known) > 0 and len(set(likely.tolist())) > 10 and float(likely.max()) >= 40
