"""Kilograms: the weight of a body that a survey has measured is no survey weight.

The label or the name says the unit, or heights and arms stand beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_UNIT = re.compile(r"\b(kgs?|kilos?|kilogram\w*|kilogramos?|grams?|gramos|grammes|g|lbs?|pounds?|libras|body|birth|"
                   r"corporal|nacer|"
                   r"naissance|corporel|nascer)\b")  # fmt: skip
_BODY = re.compile(r"(height|stature|hgt|ht|lenht|length|talla|taille|altura|estatura|muac|pb|bmi|imc|haz|whz|waz|"
                   r"baz|bmxht|bmxbmi|"
                   r"oedema|edema)(_?\w{0,3})?|.*_(muac|haz|whz|waz|bmi)|muac_.*")  # fmt: skip


def in_kilograms(name: str, label: str) -> bool:
    """Whether a name or a label says kilograms, pounds or a body.

    >>> in_kilograms("BMXWT", "Weight (kg)"), in_kilograms("weight", "Final weight"), in_kilograms("wt_kg", "")
    (True, False, True)
    """
    said = _UNIT.search(_words(label)) or _UNIT.search(_words(name))
    return bool(said or re.fullmatch(r"bm\w?wt|bmi\w?wt|.*_kg|.*_gr?", name.lower()))


def beside_bodies(name: str, names: Iterable[str]) -> bool:
    """Whether other columns of the file are heights, arms or what is made of them."""
    return any(_BODY.fullmatch(_words(other).replace(" ", "_")) for other in names if other != name)


def _words(text: str) -> str:
    """The words of a text, lower case, without signs and accents."""
    bare = "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))
    return re.sub(r"[\W_]+", " ", bare.lower()).strip()
