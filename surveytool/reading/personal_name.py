"""What a column's name or label says of people: a name, a telephone, a place on the map, a number of papers.

The last part of a group path is judged (``demo/full_name``), and the last words of a name that a group was
joined to (``demo_full_name``). Whether a column is the option of a question, which is an answer and no datum,
is known by its neighbours, not by its name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

FEW = 5
LONGEST = 120  # letters of a name that are looked at, from its end
_PERSON = (
    "(la |el |l |le |o |a )?(persona|encuestad[oa]|entrevistad[oa]|informante|respondente|jef[ea].*|nin[oa]s?|"
    "menor|hij[oa]|madre|padre|famili.*|contacto|beneficiari[oa]|repondante?|enquete.?|chef.*|enfant|mere|pere|"
    "chefe|crianca|mae|pai)"
)
_KINDS: tuple[tuple[str, str], ...] = (
    ("name", r"(first|last|middle|full|family|given|respondent|interviewee|contact|beneficiary|head|child) ?names?|"
             r"names? of (the )?(respondent|person|child|head)|surname|"
             rf"nombres?( completo| y apellidos?| del? {_PERSON})?|apellidos?|prenoms?|"
             rf"nom( de famille| complet| d[eu] {_PERSON})?|nomes?( completo| d[aeo] {_PERSON})?|sobrenome|signature|"
             r"firma"),
    ("phone", r"(tele)?phone( ?(no|num|number))?|mobile( ?(no|num|number))?|whatsapp ?(no|num|number|numero)|"
              r"cell ?(phone)?|tel(f|ef)?|(tele)?phone numbers?|telefonos?|celular|movil|telefone|portable|"
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
    ("submitter", r"submitted by|user ?name|submitter( ?(name|id))?|"
                  r"(enum(erator)?|interviewer|surveyor|collector) ?name|"
                  r"(nombre|nom|nome) (d(e l|el?|u|o) ?)?(encuestador|entrevistador|enqueteur|agent)a?"),
)  # fmt: skip
# the single words that say it also behind the name of a group
_TELLING = frozenset({
    "surname", "fullname", "firstname", "lastname", "apellido", "apellidos", "email", "latitude", "longitude",
    "latitud", "longitud", "geopoint", "geolocation", "passport", "pasaporte", "passeport", "passaporte", "imei",
    "deviceid", "simid", "subscriberid", "phonenumber", "ipaddress", "dob", "curp", "dni", "ssn", "cedula",
    "submitter", "username", "telephone", "telefono", "celular",
})  # fmt: skip
_YES_NO = frozenset({
    "yes", "no", "y", "n", "true", "false", "si", "oui", "non", "sim", "nao", "dk", "dont know", "don t know",
    "no sabe", "ne sait pas", "nao sabe", "refused", "no answer", "no responde", "none", "both", "0", "1", "2", "3",
    "8", "9", "88", "98", "99", "n a", "1 0", "0 0",
})  # fmt: skip


_OF_WHOM = re.compile(
    r"^(the |a |your |what is your |please (enter|write) (your|the) )?((respondent|interviewee|participant|person|"
    r"informant|household head|head of household|caller|contact person|beneficiary)( s)? )?|"
    r" (of|de|del|du|da|do) (the |la |el |l )?(respondent|interviewee|participant|person|informant|persona|"
    r"encuestad[oa]|entrevistad[oa]|informante|respondente|participante|enquete|repondante?|personne)"
    r"( encuestada| entrevistada| enquetee| interrogee)?$"
)


@lru_cache(maxsize=32768)
def personal_kind(name: str, label: str = "") -> str | None:
    """The kind of personal data that a name, or a short label, says outright.

    >>> personal_kind("demo/numero_de_telefono"), personal_kind("demo-full_name"), personal_kind("SubmitterName")
    ('phone', 'name', 'submitter')
    >>> personal_kind("_geopoint_latitude"), personal_kind("phone_type"), personal_kind("names_known")
    ('location', None, None)
    """
    said = plain_words(name.rpartition("/")[2][-LONGEST:])
    title = plain_words(label[:LONGEST]) if len(label.split()) <= 6 else ""
    bare = _OF_WHOM.sub("", title).strip()
    texts = [said, title, bare if bare not in ("name", "names") else "full name"]
    for kind, pattern in _KINDS:
        if any(text and re.fullmatch(pattern, text) for text in texts):
            return kind
    return _behind_a_group(said)


def _behind_a_group(said: str) -> str | None:
    """What the last words of a name say: two or more of them, or one that is clear by itself."""
    words = said.split()
    for first in range(1, len(words)):
        end = " ".join(words[first:])
        if " " in end or end in _TELLING:
            found = next((kind for kind, pattern in _KINDS if re.fullmatch(pattern, end)), None)
            if found is not None and not (found == "location" and end.startswith(("long ", "lat "))):
                return found
    return None


def plain_words(text: str) -> str:
    """Lower-case words without accents and signs; a word begins at a capital too.

    >>> plain_words("demo-NúmeroDeTeléfono")
    'demo numero de telefono'
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    bare = unicodedata.normalize("NFKD", spaced.casefold())
    return re.sub(r"[\W_]+", " ", "".join(each for each in bare if not unicodedata.combining(each))).strip()


def is_option(name: str, names: Iterable[str]) -> bool:
    """Whether a name is the option of a question that has a column of its own.

    >>> is_option("apps/phone", ["apps", "apps/phone"]), is_option("demo/phone", ["demo/phone", "demo/sex"])
    (True, False)
    """
    stem, sign, _ = name.rpartition("/")
    return bool(sign) and stem in names


def is_about_having(kind: str | None, values: Iterable[Any], respondents: int, labelled: bool) -> bool:
    """Whether the answers are about having the thing, not the thing itself: labelled, yes and no, or a handful.

    >>> [is_about_having("phone", each, 400, False) for each in (["yes", "no", "n/a"], ["555123", "555124"])]
    [True, False]
    """
    texts = {plain_words(value) if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
             for value in values}  # fmt: skip
    if labelled or texts <= _YES_NO:
        return True
    few = len(texts) <= FEW and respondents > 2 * FEW and not any(re.search(r"\d{5}", text) for text in texts)
    return few and kind in ("phone", "email", "address")
