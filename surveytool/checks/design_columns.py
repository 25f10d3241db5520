"""Which columns are the design: by name, label, content and neighbours, all of them scored.

A guess needs more than a word. Body weight in kilograms is no survey weight, a
question on what there is in the enumeration area is no PSU, and a category with labels
for its answers is neither. The best column comes first, the runner-up second.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from surveytool.checks.labels import plain
from surveytool.checks.raw_survey import RawSurvey
from surveytool.reading import looks_like_design
from surveytool.reading.body_weight import beside_bodies, in_kilograms
from surveytool.reading.design_names import official_part, preference
from surveytool.survey import code_text

if TYPE_CHECKING:
    from surveytool.arrays import Floats


_WEIGHTS = re.compile(r"\b(weights?|weighting|ponderador(es)?|ponderacion|ponderation|pondera|poids|peso|pesos|"
                      r"factor de expansion|"
                      r"expansion factor|facteur d extrapolation|fator de expansao)\b")  # fmt: skip
_LESSER = re.compile(r"\b(base|unadjusted|design|initial|preliminary|diseno|inicial|senate|house)\b")
_OF_SURVEYS = re.compile(r"\b(sampling|sample|survey|cross sectional|longitudinal|calibrated|expansion|final|analysis|"
                         r"design|individual|household|person) (\w+ ){0,3}(weights?|factor)\b")  # fmt: skip
_REPLICATE = re.compile(r"\b(replicate|replica|replicado|jackknife|bootstrap|brr)\b")
_UNITS = {
    "psu": re.compile(r"(the )?((full sample )?(psu|primary sampling unit|variance (primary sampling )?(unit|psu)|"
                      r"variance unit|masked variance (unit|pseudo psu).*|pseudo psu|"
                      r"sampling error computation unit|secu|"
                      r"enumeration areas?|ea|(sample )?cluster|upm|unidad primaria de muestreo|conglomerado|"
                      r"segmento censal|grappe|unite primaire|zd|zone de denombrement|sampling point))"
                      r"( ?(number|no|num|code|codigo|id|numero|identifier|psu|\w?))?"),
    "strata": re.compile(r"((full sample )?(variance|sampling|sample|sampling error|design|"
    "masked variance)?( pseudo)? ?"
                         r"(strata|stratum|stratification)( (used in sample design|for sampling errors?|number|"
                         r"code|variable|id))?|"
                         r"estrato( de (diseno|muestreo)( muestral)?)?|strate( de tirage)?|estrato (de varianza|"
                         r"disenal))"),
}  # fmt: skip
_REGION = re.compile(r"(geo_?1|adm(in)?_?1|region|province|provincia|departamento|departement|state|estado|"
                     r"governorate|wilaya)"
                     r"(_?(code|id|cod))?")  # fmt: skip
_OWN = re.compile(r"strat(a|um)|estrato|estratos|strates?|psu|upm|upa")  # the field's own words
FEWEST_UNITS = 8
KNOWN = 0.9


def weights_columns(raw: RawSurvey, names: list[str]) -> list[str]:
    """The columns that look like weights, the likeliest first."""
    scored = [(weights_score(raw, name), -index, name) for index, name in enumerate(names)]
    return [name for score, _, name in sorted(scored, reverse=True) if score > 0]


def weights_score(raw: RawSurvey, name: str) -> float:
    """How much a column looks like weights; 0 or less where it is none."""
    variable = raw.variable(name)
    if not raw.is_number(name) or (variable is not None and _answers(raw, name)):
        return 0
    title = plain(raw.title(name))
    said = _said(raw, name, title)
    values = raw.floats(name)
    finite = values[np.isfinite(values)]
    if _REPLICATE.search(title) or not _positive(finite, raw.rows, official=said >= 4):
        return 0
    broken = bool((finite != np.round(finite, 2)).any())
    near_one = abs(float(finite.mean()) - 1) < 0.005 and broken and len(np.unique(finite)) > 5
    if said <= 0 and not near_one:
        return 0
    if said < 4 and _is_body_weight(raw, name, title, finite):
        return 0
    zeros = float((finite == 0).mean())
    score = said + (1.5 if near_one else 0) + (0.5 if broken else 0) + preference(name)
    if re.search(
        r"\b(base|unadjusted|design|initial|preliminary|diseno|inicial|senate|house)\b", f"{title} {plain(name)}"
    ):
        score -= 0.75
    return score - 3 * max(0.0, zeros - 0.2) - (1 - len(finite) / max(raw.rows, 1)) if score > 0 else 0


def _said(raw: RawSurvey, name: str, title: str) -> float:
    """What name and label say: 4 an official name, 3 a word of the name, 2 an ending or the label."""
    if official_part(name) == "weights":
        return 4
    if official_part(name, doubtful=True) == "weights" or looks_like_design(name) == "weights":
        return 3
    if re.search(r"(wt|wgt|wght|weight|ponderador)s?(_?\d+)?$", name.lower()) or re.match(
        r"(fac|factor|fex|peso)_", name.lower()
    ):
        return 2
    return 2 if len(title.split()) <= 8 and _WEIGHTS.search(title) else 0


def _positive(values: Floats, rows: int, *, official: bool) -> bool:
    """Numbers that can be weights: not negative, several, known of nearly all, or of a subsample by their name."""
    if len(values) < (0.02 if official else KNOWN) * rows or len(values) < 5 or (values < 0).any() or values.max() == 0:
        return False
    return look(values) not in ("identifier", "strata", "constant")


def _is_body_weight(raw: RawSurvey, name: str, title: str, values: Floats) -> bool:
    """Kilograms: said by the label or name, or numbers like those beside heights and arms."""
    if in_kilograms(name, title):
        return True
    if _OF_SURVEYS.search(title):
        return False
    coarse = bool((np.round(values, 2) == values).all())
    return coarse and beside_bodies(name, raw.names) and float(values.max()) <= 10_000


def look(values: Floats) -> str:
    """What numbers [N] look like: constant, identifier, strata (few whole numbers that come again) or weights."""
    distinct = np.unique(values)
    whole = bool((distinct == np.floor(distinct)).all())
    if len(distinct) == 1:
        return "constant"
    if whole and len(distinct) == len(values) and distinct[-1] - distinct[0] < 10 * len(values):
        return "identifier"
    steps = len(distinct) > 1 and bool((np.diff(distinct) <= 2).all())
    if whole and steps and distinct[0] <= 2 and len(values) >= 3 * len(distinct):
        return "strata"
    return "weights"


def _answers(raw: RawSurvey, name: str) -> bool:
    """Whether most values of a column have labels of their own: answers to a question."""
    variable = raw.variable(name)
    valid = [] if variable is None else [level for level in variable.valid_levels() if level.count]
    labelled = sum(level.label != code_text(level.code) for level in valid)
    return variable is not None and variable.kind == "single" and labelled > 0 and 2 * labelled >= len(valid)


def units_columns(raw: RawSurvey, names: list[str], part: str, strata: str | None = None) -> list[str]:
    """The columns that look like strata or PSUs (``part``), the likeliest first."""
    scored = [(units_score(raw, name, part), -index, name) for index, name in enumerate(names) if name != strata]
    candidates = [name for score, _, name in sorted(scored, reverse=True) if score > 0]
    if part == "psu" and strata is None:
        candidates = [name for name in candidates if _named(name, part) or len(raw.keys(name)[1]) >= FEWEST_UNITS]
    return candidates


def _named(name: str, part: str) -> bool:
    """Whether a name says by itself that a column is this part."""
    return part in (official_part(name), looks_like_design(name))


def units_score(raw: RawSurvey, name: str, part: str) -> float:
    """How much a column looks like strata or PSUs; 0 where it is none."""
    title = plain(raw.title(name))
    said = 0.0
    if official_part(name) == part:
        said = 4.5 if _OWN.fullmatch(name.lower()) else 4
    elif official_part(name, doubtful=True) == part or looks_like_design(name) == part:
        said = 3
    elif any(_UNITS[part].fullmatch(text) for text in (title, _remark(raw.title(name)))):
        said = 2
    if said == 0 or (part == "psu" and _answers(raw, name)):
        return 0
    return said if _repeats(raw, name) else 0


def _remark(title: str) -> str:
    """What stands in brackets at the end of a label: "Interview site (PSU)"."""
    match = re.search(r"\(([^()]*)\)\s*$", title)
    return plain(match[1]) if match else ""


def _repeats(raw: RawSurvey, name: str) -> bool:
    """Codes that come again, without blanks."""
    keys, values = raw.keys(name)
    if (keys < 0).any() or not 1 < len(values) < max(2, raw.rows):
        return False
    if raw.is_number(name):
        numbers = np.array(values, dtype=np.float64)
        return bool((numbers == np.floor(numbers)).all())
    return True


def region_strata(raw: RawSurvey, psu: str) -> str | None:
    """A region that holds whole PSUs, several in each: the strata of many samples that name none."""
    units = raw.keys(psu)[0]
    for name in raw.names:
        keys, values = raw.keys(name)
        if not _REGION.fullmatch(plain(name).replace(" ", "_")) or not 2 <= len(values) <= 60 or (keys < 0).any():
            continue
        pairs = np.unique(np.stack([keys, units]), axis=1)
        nested = len(np.unique(pairs[1])) == pairs.shape[1]
        if nested and int(np.bincount(pairs[0]).min()) >= 2:
            return name
    return None
