"""What figures look like in each language: one set of regular expressions, and the ranges of ages that are none."""

from __future__ import annotations

import re
from functools import cache

from surveytool.proofreading.language import Language, language

NUMBER = r"(?<![\w.,])[<>]?\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+(?:[.,]\d+)?(?![\d])|(?<![\w.,])\d+(?:[.,·]\d+)?"
SPECIAL = "\ue000"  # stands where a range of ages stood, so that positions stay


@cache
def patterns_of(name: str) -> dict[str, re.Pattern[str]]:
    """The regular expressions of a language."""
    words = language(name)
    numeral = "|".join(sorted(words.given["numbers"], key=len, reverse=True))
    fraction = "|".join(map(re.escape, sorted(words.given["fractions"], key=len, reverse=True)))
    percent, dash = words.pattern("percent"), words.pattern("range")
    flags = re.IGNORECASE
    spelled = rf"(?:{numeral})(?:[\s-]+(?:y\s+|et\s+)?(?:{numeral}))?"
    signs = "|".join(part for part in percent.split("|") if part != "%")
    ends = rf"(?P<low>(?<![\d.,])[<>]?\d+(?:[.,]\d+)?)\s*%?\s*(?:{dash})\s*(?P<high>\d+(?:[.,]\d+)?)"
    opening = r"^(?:[^()\[\]\d;.]{0,120}[(\[]|\s*[,;])"
    sections = words.pattern("sections")
    wholes = {
        "percent": rf"(?P<digits>{NUMBER})\s*(?P<sign>{percent})(?!\w)",
        "spelled": rf"(?<!\w)(?P<words>{spelled})\s+(?P<sign>{signs})(?!\w)",
        "between": rf"(?<!\w)(?:{words.pattern('between')})\s+(?P<low>{NUMBER})\s*(?:{percent})?\s+(?:{dash})\s+"
        rf"(?:[^\W\d]{{2,3}}\s+)?(?P<high>{NUMBER})\s*(?:{percent})(?!\w)",
        "dashed": rf"(?P<low>{NUMBER})\s*%?\s?[–-]\s?(?P<high>{NUMBER})\s*(?:{percent})(?!\w)",
        "counted": rf"(?<!= )(?<!=)(?P<few>{NUMBER})\s+(?:{words.pattern('counted_of')})\s+"
        rf"(?:(?:{words.pattern('counted_all')})\s+)?(?P<many>{NUMBER})"
        rf"(?!\w|[.,]\d|\s*(?:{percent}))",
        "points": rf"(?P<digits>{NUMBER})\s*(?:{words.pattern('points')})(?!\w)",
        "fraction": rf"(?<!\w)(?:{fraction})(?!\w)",
        "in_of": rf"(?<!\w)(?P<few>\d{{1,2}}|{numeral})\s+(?:{words.pattern('in_of')})\s+"
        rf"(?P<many>\d{{1,4}}|{numeral})(?!\w)(?!\s*(?:{percent}))",
        "times_after": rf"\s+(?:{words.pattern('times_after')})(?!\w)",
        "most": rf"(?<!\w)(?:{words.pattern('most')})(?!\w)",
        "list": rf"(?P<digits>{NUMBER})(?=\s*(?:,|{dash}|or|y|et|and)\s*(?:{NUMBER})\s*(?:{percent})(?!\w))",
        "interval": rf"{opening}(?:[^()\[\]]*?){ends}",
        "n": rf"{opening}[^()\[\]]*?\bn\s*=\s*(?P<n>\d{{1,3}}(?:[ .,\u202f]\d{{3}})+|\d+)",
        "confidence": rf"\s*(?:\w+\s+)?(?:{sections}|{words.pattern('levels')})(?!\w)",
        "confidence_before": rf"(?<!\w)(?:{sections})(?!\w)\W*(?:\w+\W+){{0,3}}$",
        "change_after": rf"^\W{{0,3}}(?:{words.pattern('change_after')})(?!\w)",
        "change_before": rf"(?<!\w)(?:{words.pattern('change_before')})\W*$",
        "hedge": "|".join(rf"(?P<{key}>{words.pattern(key)})" for key in ("nearly", "about", "over", "under")),
        "number": rf"(?<!\w)(?P<word>{words.pattern('mean')}|{words.pattern('median')})(?!\w)"
        rf"[^.;:()\d]{{0,60}}?(?P<digits>{NUMBER})(?![\d.,]*\d|\s*(?:{percent}))",
    }
    return {name: re.compile(whole, flags) for name, whole in wholes.items()}


def ages_marked(text: str, words: Language) -> tuple[str, tuple[tuple[int, str], ...]]:
    """A text in which ranges of ages are blanked out, and the ranges with their places.

    >>> ages_marked("of those aged 26 to 35, 48%", language("en"))[1]
    ((9, '26-35'),)
    """
    marks: list[tuple[int, str]] = []
    percent = re.compile(rf"\s*(?:{words.pattern('percent')}|{words.pattern('points')})(?!\w)", re.IGNORECASE)
    for kind in ("from", "upto", "range"):
        for pattern in words.given["ages"][kind]:
            for match in re.finditer(rf"(?<![\w.,])(?:{pattern})(?![\w]|[.,]\d)", text, re.IGNORECASE):
                ends = [int(part) for part in match.groups()]
                inside = kind == "range" and (ends[0] >= ends[1] or ends[1] > 120)
                if inside or SPECIAL in match.group() or percent.match(text, match.end()):
                    continue
                if kind == "range" and _is_interval(text, match):
                    continue
                name = f"{ends[0]}-{ends[1]}" if kind == "range" else f"{ends[0]}+" if kind == "from" else f"-{ends[0]}"
                marks.append((match.start(), name))
                text = text[: match.start()] + SPECIAL * len(match.group()) + text[match.end() :]
    return text, tuple(sorted(marks))


def _is_interval(text: str, match: re.Match[str]) -> bool:
    """Whether two numbers in brackets are an interval: no word of ages is there, the share before lies between."""
    before = text[: match.start()]
    if not re.search(r"[(\[][^()\[\]]*$", before) or re.match(r"\s*(?:años|ans|years|,? n =)", text[match.end() :]):
        return False
    share = re.search(r"(\d+(?:[.,]\d+)?)\s*%?\s*\($", before)
    if share is None or not text[match.end() :].startswith(")"):
        return True
    return int(match[1]) <= float(share[1].replace(",", ".")) <= int(match[2])
