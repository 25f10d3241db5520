"""Personal data: columns that may name, reach or locate a respondent, by their names and by what they hold.

Patterns are tried on the distinct texts of a column. No text is ever told, only
the column, what it looks like, and in how many rows it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from surveytool.checks.dates import look_like_days
from surveytool.checks.finding import Finding, Word, finding
from surveytool.checks.labels import labelled, plain
from surveytool.checks.raw_survey import RawSurvey
from surveytool.reading import looks_like_design, looks_personal

SHARE = 0.5
FEW = 5

_NAMES: tuple[tuple[str, str], ...] = (
    ("name", r"(first|last|middle|full|family|given|respondent|interviewee|contact|beneficiary|head|child) ?names?|"
             r"names? of (the )?(respondent|person|child|head)|surname|nombres?( completo| y apellidos?| del? .*)?|"
             r"apellidos?|nom( de famille| du .*| complet)?|prenoms?|nomes?( completo| do .*)?|sobrenome|signature|"
             r"firma"),
    ("phone", r"(tele)?phone( ?(no|num|number))?|mobile( ?(no|num|number))?|whatsapp ?(no|num|number|numero)|"
              r"cell ?(phone)?|telefonos?|celular|movil|telefone|portable|"
              r"numero (de )?(telefono|celular|whatsapp|telephone|telefone)|"
              r"(contact|numero de contacto|contacto)( ?(no|num|number))?"),
    ("email", r"e ?mails?( address)?|correo( electronico)?|courriel|mail|adresse (mail|e ?mail)"),
    ("device", r"device ?id|deviceid|imei|sim ?(id|serial)|simserial|subscriber ?id|mac ?address|udid|android ?id|"
               r"phone ?number|phonenumber"),
    ("location", r"gps.*|geo ?points?|geo ?location|geo ?trace|latitude?|longitude?|lat|lon|lng|long|"
                 r"(location )?(latitude|longitude)|latitud|longitud|coordenadas?|coordinates?|coordonnees|"
                 r".*(latitude|longitude|altitude|precision)"),
    ("address", r"(home |street |postal )?address|direccion|domicilio|adresse|endereco|postcode|"
                r"zip ?code|codigo postal"),
    ("ip", r"ip|ip ?address|direccion ip|adresse ip"),
    ("number", r"passport.*|pasaporte.*|passeport.*|passaporte.*|dni|curp|cpf|cedula.*|ssn|national ?id.*|"
               r"(id|identity) ?card.*|unhcr ?(id|number)|case ?number|numero de (documento|pasaporte|identidad)|"
               r"biometric.*|numero de dossier"),
    ("birth", r"(date of birth|birth ?date|birthday|dob|fecha (de )?nacimiento|date de naissance|data de nascimento)"),
    ("submitter", r"submitted by|username|enumerator ?name|interviewer ?name|"
                  r"nombre (del? )?(encuestador|entrevistador)a?"),
)  # fmt: skip
_CONTENT: tuple[tuple[str, str], ...] = (
    ("email", r"[\w.+-]+@[\w-]+(\.[\w-]+)+"),
    ("ip", r"(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}|([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}"),
    ("device", r"([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}|(collect|ee\.[\w.]+|enketo[\w.]*):[\w-]{8,}"),
    ("location", r"[+-]?\d{1,2}\.\d{3,}[ ,;]+[+-]?\d{1,3}\.\d{3,}([ ,;]+-?\d+(\.\d+)?){0,2}"),
    ("phone", r"(\+|00)\d[\d ().-]{7,17}\d|\(?0?\d{2,4}\)?[ .-]\d{3,4}[ .-]?\d{3,4}"),
)


def people(raw: RawSurvey) -> Iterator[Finding]:
    """One finding a kind of personal data, with all of its columns; then texts that people wrote."""
    found: dict[str, list[str]] = {}
    for name in raw.names:
        kind = personal(raw, name)
        if kind is not None:
            found.setdefault(kind, []).append(name)
    pairs = _coordinates(raw, {name for names in found.values() for name in names})
    if pairs:
        found["location"] = list(dict.fromkeys([*found.get("location", []), *pairs]))
    for kind, names in found.items():
        yield finding("warning", "personal", *names, cure="personal", what=Word(f"personal_{kind}"), n=len(names))
    told = {name for names in found.values() for name in names}
    written = [
        name for name, each in raw.book.items()
        if each.kind == "text" and name not in told and not look_like_days(raw.texts(name))
    ]  # fmt: skip
    if written:
        yield finding("note", "free_texts", *written, cure="free_texts", n=len(written))


def personal(raw: RawSurvey, name: str) -> str | None:
    """The kind of personal data that a column holds, by its name, its label or its content."""
    if name not in raw.people:
        raw.people[name] = _personal(raw, name)
    return raw.people[name]


def _personal(raw: RawSurvey, name: str) -> str | None:
    known = raw.variable(name)
    inside = known is None or known.kind == "multiple"
    option = "/" in name or name in raw.options
    if not raw.keys(name)[1]:
        return None  # a blank column holds nobody
    by_content = _content(raw, name)
    if by_content is not None:
        return by_content
    if option or inside or (known is not None and any(labelled(level) for level in known.levels)):
        return None
    kind = by_name(name, raw.title(name))
    if kind in ("name", "phone", "email", "address", "submitter") and _yes_no(raw, name):
        return None
    return kind or ("other" if looks_personal(name, raw.title(name)) and not _yes_no(raw, name) else None)


@lru_cache(maxsize=8192)
def by_name(name: str, label: str = "") -> str | None:
    """The kind of personal data that a name or a short label says outright.

    >>> by_name("numero_de_telefono"), by_name("_geopoint_latitude"), by_name("phone_type"), by_name("names_known")
    ('phone', 'location', None, None)
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    for text in (plain(spaced), plain(label) if len(label.split()) <= 6 else ""):
        for kind, pattern in _NAMES:
            if text and re.fullmatch(pattern, text):
                return kind
    return None


def _yes_no(raw: RawSurvey, name: str) -> bool:
    """A question about having one, not the thing itself: a handful of different answers."""
    return len(raw.keys(name)[1]) <= FEW and raw.rows > 2 * FEW


def _content(raw: RawSurvey, name: str) -> str | None:
    """What half of a column's different texts look like; long whole numbers may be phones by the name alone."""
    texts = raw.texts(name)
    if not texts:
        return None
    sample = texts[:: max(1, len(texts) // 2000)]
    for kind, pattern in _CONTENT:
        hits = sum(bool(re.fullmatch(pattern, text.strip())) for text in sample)
        if hits > SHARE * len(sample) and hits >= min(3, raw.rows):
            return kind
        if kind == "email" and hits >= 3:
            return kind
    return None


def _coordinates(raw: RawSurvey, told: set[str]) -> list[str]:
    """Two neighbouring columns of fine numbers in one small region: perhaps latitude and longitude."""
    found: list[str] = []
    for first, second in zip(raw.names, raw.names[1:], strict=False):
        if first in told or second in told:
            continue
        if _region(raw, first, 90) and _region(raw, second, 180):
            found += [first, second]
    return found


def _region(raw: RawSurvey, name: str, most: float) -> bool:
    """Numbers with five decimals and more within a limit, away from zero and close together."""
    if not raw.is_number(name) or looks_like_design(name):
        return False
    values = raw.floats(name)
    values = values[np.isfinite(values)]
    if len(values) < 10 or np.abs(values).max() > most or len(np.unique(values)) < 0.5 * len(values):
        return False
    centre = abs(float(np.median(values)))
    fine = float((np.abs(values - np.round(values, 4)) > 1e-9).mean())
    return fine > 0.8 and centre > 3 and float(values.max() - values.min()) < min(30.0, centre)
