"""Quasi-identifiers: what a neighbour, a fellow traveller or an official may know of a respondent.

Proposed by name in English, Spanish, French and Portuguese: sex, age, origin,
place, route. Numbered columns of one stem (``route_1``, ``route_2``) are one itinerary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from surveytool.checks.duplicate_rows import groups
from surveytool.checks.labels import plain
from surveytool.checks.raw_survey import RawSurvey
from surveytool.disclosure_risk.risk_measures import Quasi, Role
from surveytool.errors import UsageError
from surveytool.survey import Variable

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROLES: dict[Role, str] = {
    "sex": r"sex|gender|sexo|genero|sexe|genre|(gender|sex|sexo|sexe|genero) .*|.* (gender|sex|sexo|sexe)",
    "age": r"age|edad|idade|(age|edad|idade) .*|.* (age|edad|idade)|rango (de )?edad|grupo (de )?edad|tranche d age",
    "origin": r"nationalit[ye]|nacionalidade?|citizenship|ciudadania|origin|origen|origine|origem|"
    r"(country|pais|pays) .*(origin|origen|origine|origem|birth|nacimiento|naissance|nascimento)|"
    r"(ethnic|etnia|tribe|mother tongue|lengua materna|ethnie)( .*)?|.* (nationality|nacionalidad|origin)",
    "place": r"site|place|city|town|municipality|municipio|municipalite|ville|ciudad|cidade|lugar|lieu|local|district|"
    r"distrito|departamento|department|province|provincia|region|state|estado|neighbou?rhood|barrio|camp|shelter|"
    r"albergue|admin ?\d|(country|pais|pays|lugar|lieu|place|site) (of |de |d )?(the )?(interview|entrevista|"
    r"entretien|encuesta).*|(country|pais) interview|.*(neighbou?rhood|district|province|municipality)",
    "route": r"route|ruta|rota|itineraire|itinerary|corridor|corredor|destination|destino|stops?( .*)?|paradas?( .*)?|"
    r"(route|ruta|rota|transit|transito|etape) .*|.*(destination|destino)",
}
_NOT = r".*\b(other|otro|autre|outro|reason|why|motivo|number|numero|count|n|months?|days?|cost|paid)\b.*"
MOST = 12


def role_of(name: str, label: str = "") -> Role | None:
    """What a name, or a short label, says a column tells of a respondent.

    >>> role_of("edad"), role_of("country_interview"), role_of("route_3"), role_of("message")
    ('age', 'place', 'route', None)
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    for text in (plain(spaced), plain(label) if len(label.split()) <= 4 else ""):
        if not text or re.fullmatch(_NOT, text):
            continue
        for role, pattern in _ROLES.items():
            if re.fullmatch(pattern, text):
                return role
    return None


def propose(raw: RawSurvey) -> list[Quasi]:
    """The quasi-identifiers that names suggest; one that follows from another of its role is left out."""
    taken = {name for name in (raw.design.weights, *raw.design.fpc) if name}
    columns_by_key: dict[str, tuple[Role, tuple[str, ...]]] = {}
    for name, variable in raw.book.items():
        role = role_of(name, variable.label)
        if role is None or variable.kind in ("id", "text", "multiple") or name in taken or variable.sensitive:
            continue
        stem = re.fullmatch(r"(.*?)[_. ]?\d+", name)
        key = f"{stem[1]}#" if stem and role == "route" and len(_numbered(raw, stem[1])) > 1 else name
        if _distinct(raw, variable) < (2 if key == name else 1):
            continue
        columns = columns_by_key[key][1] if key in columns_by_key else ()
        columns_by_key[key] = (role, (*columns, *(variable.columns or (name,))))
    return [quasi_of(raw, _title(key, columns), role, columns) for key, (role, columns) in columns_by_key.items()][
        :MOST
    ]


def _title(key: str, columns: Sequence[str]) -> str:
    return f"{columns[0]} … {columns[-1]}" if len(columns) > 1 else (columns[0] if columns else key)


def _distinct(raw: RawSurvey, variable: Variable) -> int:
    return max((len(raw.keys(column)[1]) for column in variable.columns or (variable.name,)), default=0)


def _numbered(raw: RawSurvey, stem: str) -> list[str]:
    return [name for name in raw.names if re.fullmatch(rf"{re.escape(stem)}[_. ]?\d+", name)]


def quasi_of(raw: RawSurvey, name: str, role: Role, columns: Sequence[str]) -> Quasi:
    """A quasi-identifier of columns; who is alike in all of them is alike."""
    return Quasi(name=name, role=role, columns=tuple(columns), keys=groups(raw, columns))


def chosen(raw: RawSurvey, names: Sequence[str]) -> list[Quasi]:
    """The quasi-identifiers that were named; a question of several columns is one. Raises ``UsageError``."""
    quasis = []
    for name in names:
        variable = raw.book[name]
        columns = variable.columns or (name,)
        quasis.append(quasi_of(raw, name, role_of(name, variable.label) or "other", columns))
    if len(quasis) > MOST:
        raise UsageError(f"more than {MOST} variables are named.", "--risk-on", "Name what others may know.")
    return quasis


def without_followers(quasi: Sequence[Quasi]) -> tuple[list[Quasi], list[tuple[str, str]]]:
    """Those that no other one of the same role determines, and the pairs of who follows from whom."""
    kept: list[Quasi] = list(quasi)
    follows: list[tuple[str, str]] = []
    for variable in quasi:
        finer = next((other for other in _others(kept, variable) if _determines(other, variable)), None)
        if finer is not None:
            kept.remove(variable)
            follows.append((variable.name, finer.name))
    return kept, follows


def _others(kept: Sequence[Quasi], quasi: Quasi) -> Iterator[Quasi]:
    return (other for other in kept if other is not quasi and other.role == quasi.role)


def _determines(finer: Quasi, coarser: Quasi) -> bool:
    """Whether everybody alike in one is alike in the other; nearly unique values determine nothing worth saying."""
    count = len(np.unique(finer.keys))
    pairs = len(np.unique(np.stack([finer.keys, coarser.keys]), axis=1).T)
    return pairs == count and count <= len(finer.keys) / 3


def combined(quasi: Sequence[Quasi]) -> NDArray[np.int64]:
    """Classes [rows] by all of them."""
    rows = len(quasi[0].keys) if quasi else 0
    keys: NDArray[np.int64] = np.zeros(rows, dtype=np.int64)
    for variable in quasi:
        mixed = keys * (int(variable.keys.max(initial=0)) + 1) + variable.keys
        _, keys = np.unique(mixed, return_inverse=True)
    return keys
