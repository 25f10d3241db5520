"""What a column's name suggests: a part of the design, an identifier, something personal.

Suggestions only: nothing is applied because of a name. Words are matched whole,
in English, Spanish, French and Portuguese.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from surveytool.reading.design_names import official_part
from surveytool.reading.personal_name import personal_kind

DesignPart = Literal["weights", "strata", "psu", "fpc"]

_DESIGN: dict[DesignPart, str] = {
    "weights": "weight weights weighting wt wgt wts pw pweight fweight finalweight peso pesos ponderador ponderacion "
    "ponderación ponderation pondération ponderacao ponderação poids fexp facexp factorexp expfactor wgtfinal "
    "expansion expansión pond factor weight1500 wtfinl perwt",
    "strata": "strata stratum stratid strataid stratumid stratification estrato estratos strate strates estrat",
    "psu": "psu upm upa cluster clusters conglomerado conglomerados grappe grappes conglomerat psuid setor "
    "ssu usm upe ucs",
    "fpc": "fpc fpc1 fpc2",
}
_IDENTIFIER = (
    "id ids uuid guid key resp respid respondent respondentid responseid caseid case folio uid index rowid serial "
    "instanceid submissionid encuesta cuestionario questionnaire identificador identifiant numero number"
)
_PERSONAL = (
    "firstname lastname surname fullname recipientfirstname recipientlastname recipientemail apellido apellidos "
    "phone telephone telefono teléfono mobile celular whatsappnumber portable email mail correo courriel "
    "latitude longitude lat lon lng latitud longitud gps geopoint geolocation locationlatitude locationlongitude "
    "ip ipaddress imei deviceid simid subscriberid phonenumber address direccion dirección adresse endereco endereço "
    "passport pasaporte passeport dni curp cedula cédula ssn"
)
_PERSONAL_PHRASES = (
    r"\b(first|last|family|full|respondent'?s?)[ _]?name\b|\bnombres? y apellidos?\b|\bnom de famille\b|"
    r"\bphone number\b|\bnúmero de teléfono\b|\bnumero de telefono\b|"
    r"\be-?mail address\b|\bnombre (completo|del encuestado)\b"
)

_PLACES = {"lat", "lon", "lng"}  # alone they are places on the map, in a longer name a word cut short


def _words(name: str) -> set[str]:
    """The lower-case words of a column name, and the whole name without separators."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    parts = {part for part in re.split(r"[\W_]+", spaced.lower()) if part}
    return parts | {re.sub(r"[\W_]+", "", name.lower())}


@lru_cache(maxsize=32768)
def looks_like_design(name: str) -> DesignPart | None:
    """The part of a design that a name suggests.

    >>> looks_like_design("weight1500"), looks_like_design("UPM"), looks_like_design("sex")
    ('weights', 'psu', None)
    """
    official = official_part(name)
    if official is not None:
        return official
    words = _words(name)
    for part, known in _DESIGN.items():
        if words & set(known.split()):
            return part
    return None


@lru_cache(maxsize=32768)
def looks_like_identifier(name: str) -> bool:
    """Whether a name suggests a respondent's or interview's number."""
    return bool(_words(name) & set(_IDENTIFIER.split()))


def looks_personal(name: str, label: str = "") -> bool:
    """Whether a name, or the last part of a group path, or a label suggests personal data.

    >>> looks_personal("telefono"), looks_personal("demo/full_name"), looks_personal("phone_purpose")
    (True, True, False)
    """
    if personal_kind(name, label) is not None:
        return True
    name = name.rpartition("/")[2]
    words = _words(name)
    known = set(_PERSONAL.split())
    if {re.sub(r"[\W_]+", "", text.lower()) for text in (name, label)} & known or (len(words) == 1 and words & known):
        return True
    telling = known - {"phone", "mobile", "portable", "address", "mail", "celular", "telephone", "ip"} - _PLACES
    return bool(words & telling) or bool(re.search(_PERSONAL_PHRASES, f"{name} {label}".lower()))
