"""Which questions of a form are needed for some of them: those that decide who was asked, and what is calculated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from surveytool.collection_form.conditions import references
from surveytool.collection_form.form import Form


def with_filters(form: Form, names: Iterable[str]) -> frozenset[str]:
    """Names with the questions that decide who was asked them, and those that these are calculated from."""
    keyed = form.keys()
    by_name: dict[str, list[str]] = {}
    for key, question in keyed.items():
        by_name.setdefault(question.name, []).append(key)
    waiting, needed = list(names), set()
    while waiting:
        name = waiting.pop()
        if name in needed:
            continue
        needed.add(name)
        stem = next((key for key in (name, *_stems(name)) if key in keyed), name.rpartition("/")[2])
        needed.add(stem)
        asked = keyed.get(stem)
        for text in (*asked.conditions, asked.calculation) if asked is not None else ():
            waiting += [key for reference in references(text) for key in by_name.get(reference, ())]
    return frozenset(needed)


def _stems(name: str) -> Iterator[str]:
    """The questions that a name may be a part of: ``apps/sms``, ``tech-apps``."""
    for place, sign in enumerate(name):
        if sign in "/-._:":
            yield name[:place]
            yield name[place + 1 :]
