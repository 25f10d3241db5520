"""Column names that SPSS and Stata allow, each once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_RESERVED = frozenset({
    "all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with", "_all", "_b", "_coef", "_cons",
    "_n", "_pi", "_pred", "_rc", "_skip", "byte", "double", "float", "if", "in", "int", "long", "str", "strl", "using",
})  # fmt: skip


def allowed(names: Sequence[str], *, longest: int, ascii_only: bool) -> dict[str, str]:
    """Each name with the one it gets; most keep theirs.

    >>> allowed(["sex", "water/tap", "water_tap", "1st", "with"], longest=32, ascii_only=True)
    {'sex': 'sex', 'water/tap': 'water_tap_2', 'water_tap': 'water_tap', '1st': 'v1st', 'with': 'with_'}
    """
    plain = {name: _plain(name, longest, ascii_only) for name in names}
    taken = {plain_name.lower() for name, plain_name in plain.items() if plain_name == name}
    name_in_file: dict[str, str] = {}
    for name, plain_name in plain.items():
        unique_name, count = plain_name, 2
        while unique_name != name and unique_name.lower() in taken:
            unique_name, count = f"{_cut(plain_name, longest - 1 - len(str(count)))}_{count}", count + 1
        taken.add(unique_name.lower())
        name_in_file[name] = unique_name
    return name_in_file


def _plain(name: str, longest: int, ascii_only: bool) -> str:
    text = name
    if ascii_only:
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    text = re.sub(r"[^\w]+" if ascii_only else r"[^\w.$#@]+", "_", text).rstrip("." if not ascii_only else "")
    if not text or not (text[0].isalpha() or (ascii_only and text[0] == "_")):
        text = f"v{text}"
    text = _cut(text, longest)
    return f"{_cut(text, longest - 1)}_" if text.lower() in _RESERVED else text


def _cut(text: str, longest: int) -> str:
    """At most so many bytes of UTF-8."""
    return text.encode("utf-8")[:longest].decode("utf-8", errors="ignore")
