"""The order of answers that are texts: ranges by their numbers, months and scales as they run, else the alphabet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

from surveytool.reading.missing_kind import looks_missing
from surveytool.survey import Code

NUMBER, YES, WORD, OTHER, MISSING = range(5)  # what stands before what
FEWEST = 3  # answers that must be of one scale
LETTERS = 2  # of a text that is a code and no word
_AMOUNT = r"(\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d+)?)"
_RANGE = re.compile(
    r"(?P<below><|≤|under|below|less than|fewer than|up to|menos de|menor de|hasta|debajo de|moins de|jusqu'a|"
    r"inferieur a)?"
    rf"(?P<above>>|≥|over|above|more than|mas de|mayor de|plus de|superieur a)?[^\w<>]*{_AMOUNT}"
)
_OTHER = re.compile(r"(other|otro|otra|otros|otras|autre|autres|outro|outra)\b")
_YES = frozenset(("yes", "sí", "si", "oui", "sim", "true"))
# from low to high; "/" joins words for one step
_SCALES = """
january february march april may june july august september october november december
jan feb mar apr may jun jul aug sep/sept oct nov dec
enero febrero marzo abril mayo junio julio agosto septiembre/setiembre octubre noviembre diciembre
ene feb mar abr may jun jul ago sep/set oct nov dic
janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
monday tuesday wednesday thursday friday saturday sunday
mon tue/tues wed thu/thurs fri sat sun
lunes martes miercoles jueves viernes sabado domingo
lundi mardi mercredi jeudi vendredi samedi dimanche
strongly_disagree/totally_disagree/completely_disagree disagree somewhat_disagree/slightly_disagree/tend_to_disagree \
neither/neutral/neither_agree_nor_disagree/undecided somewhat_agree/slightly_agree/tend_to_agree agree \
strongly_agree/totally_agree/completely_agree
muy_en_desacuerdo/totalmente_en_desacuerdo en_desacuerdo algo_en_desacuerdo \
neutral/ni_de_acuerdo_ni_en_desacuerdo/ni_acuerdo_ni_desacuerdo algo_de_acuerdo de_acuerdo \
muy_de_acuerdo/totalmente_de_acuerdo
pas_du_tout_d'accord plutot_pas_d'accord/pas_d'accord/en_desaccord neutre/ni_d'accord_ni_pas_d'accord \
plutot_d'accord d'accord tout_a_fait_d'accord
very_dissatisfied dissatisfied/somewhat_dissatisfied neutral/neither/neither_satisfied_nor_dissatisfied \
satisfied/somewhat_satisfied very_satisfied
muy_insatisfecho/muy_insatisfecha insatisfecho/insatisfecha neutral/ni_satisfecho_ni_insatisfecho \
satisfecho/satisfecha muy_satisfecho/muy_satisfecha
tres_insatisfait/tres_insatisfaite insatisfait/insatisfaite neutre/ni_satisfait_ni_insatisfait \
satisfait/satisfaite tres_satisfait/tres_satisfaite
never rarely/hardly_ever/seldom sometimes/occasionally often/frequently usually/very_often always
nunca rara_vez/casi_nunca/raramente a_veces/algunas_veces/ocasionalmente a_menudo/frecuentemente casi_siempre siempre
jamais rarement parfois souvent tres_souvent toujours
very_bad/very_poor/terrible bad/poor fair/average/neither_good_nor_bad good very_good excellent
muy_malo/muy_mala/pesimo malo/mala regular bueno/buena muy_bueno/muy_buena excelente
tres_mauvais/tres_mauvaise mauvais/mauvaise moyen/moyenne bon/bonne tres_bon/tres_bonne excellent
not_at_all/none a_little/slightly somewhat/moderately/some a_lot/very/very_much extremely/completely
nada poco/un_poco algo mucho muchisimo
pas_du_tout peu/un_peu assez/moyennement beaucoup enormement
very_low low medium/moderate/middle high very_high
muy_bajo/muy_baja bajo/baja medio/media alto/alta muy_alto/muy_alta
tres_faible faible moyen/moyenne eleve/elevee/fort/forte tres_eleve/tres_elevee
"""


@cache
def _scales() -> tuple[dict[str, int], ...]:
    """The place of each word on every scale."""
    lines = _SCALES.replace("\\\n", " ").strip().splitlines()
    return tuple(
        {word.replace("_", " "): index for index, step in enumerate(line.split()) for word in step.split("/")}
        for line in lines
    )


def folded(text: str) -> str:
    """A text in small letters without accents and full stops.

    >>> folded("Février. "), folded("D’accord")
    ('fevrier', "d'accord")
    """
    bare = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return " ".join("".join(sign for sign in bare if not unicodedata.combining(sign)).strip(" .").split())


def scale_of(texts: Iterable[Code]) -> dict[str, int] | None:
    """The scale that the answers among texts are steps of; None where they are of none.

    >>> scale_of(["Agree", "Strongly agree", "Neutral", "Don't know"]) is None, scale_of(["Lima", "Cusco", "Puno"])
    (False, None)
    """
    words = {
        folded(str(text)) for text in texts if not looks_missing(str(text)) and not _OTHER.match(folded(str(text)))
    }
    if len(words) < FEWEST:
        return None
    return next((scale for scale in _scales() if words <= scale.keys()), None)


def in_order(texts: Sequence[Code]) -> list[Code]:
    """Answers in their natural order; what is no answer, and "other", last.

    >>> in_order(["5-9", "10-14", "<5", "65+"]), in_order(["March", "April", "January"])
    (['<5', '5-9', '10-14', '65+'], ['January', 'March', 'April'])
    """
    scale = scale_of(texts)
    return sorted(texts, key=lambda text: text_order(text, scale))


def text_order(code: Code, scale: dict[str, int] | None = None) -> tuple[int, float, str]:
    """Texts that begin with a number sort by it; yes comes before no, missing kinds and "other" last."""
    text = str(code)
    word = text.casefold()
    match = _RANGE.match(folded(text))
    if match:
        digits = re.sub(r"[.,'’ \u00a0\u202f](?=\d{3}(\D|$))", "", match.group(3)).replace(",", ".")
        side = -1 if match["below"] else 1 if match["above"] else 0
        return NUMBER, float(digits), f"{side + 1}{text}"
    if looks_missing(text):
        return MISSING, 0.0, word
    if _OTHER.match(word):
        return OTHER, 0.0, word
    if scale is not None:
        return WORD, float(scale.get(folded(text), len(scale))), word
    return YES if word in _YES else WORD, 0.0, word


def has_no_order(texts: Sequence[Code]) -> bool:
    """Whether several of these answers are plain words whose order nobody knows; letters (A, B, C) have one."""
    words = [text for text in texts if isinstance(text, str) and text_order(text)[0] == WORD]
    return sum(len(word.strip()) > LETTERS for word in words) > 1 and scale_of(words) is None
