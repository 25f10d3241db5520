"""Whose sex, age and place a column holds: the respondent's, or those of somebody else in the interview.

The enumerator's, the previous respondent's and the first household member's are not
the respondent's. All columns of a role are scored, and the best stands in the draft.
"""

from __future__ import annotations

import re

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
_AGE_LABEL = re.compile(r"(respondent s |current |actual |"
                        r"exact )?age( of respondent)?( in (completed )?(whole )?(years|months)( .*)?|"
                        r" at (screening|interview|survey|last birthday)( .*)?)?|edad( en (anos|"
                        r"meses))?( cumplidos)?( .*)?|"
                        r"age (actuel|revolu|en annees|de l enquete)( .*)?|(what is your |your )age( .*)?")  # fmt: skip
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
    for place, (name, variable) in enumerate(raw.book.items()):
        role, sure = respondent_role(variable)
        if role is not None:
            found.setdefault(role, []).append((-sure, place, name))
    return {role: [name for _, _, name in sorted(columns)] for role, columns in found.items()}
