"""What has changed between then and now, in plain sentences; does it matter for the numbers?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from surveytool.frozen import frozen
from surveytool.manifest.manifest_file import Manifest, Mark
from surveytool.notes import Note, note

# What a study says that no number depends on.
WORDS = frozenset({"study", "charts", "output", "sets"})


@frozen
class Change:
    """One difference; ``matters`` says that numbers may have changed. ``same`` is what has not changed.

    ``unseen`` says that neither can be known.
    """

    kind: str
    what: Note
    matters: bool = False
    same: bool = False
    unseen: bool = False


def changes(then: Manifest, now: Manifest, *, numbers: bool = False) -> tuple[Change, ...]:
    """Every difference, those that matter first; ``numbers`` compares the tables too, where both have some."""
    all_changes = [
        *_data(then.data, now.data), *_study(then.study, now.study), *_claims(then.claims, now.claims),
        *_design(then.design, now.design),
    ]  # fmt: skip
    if numbers:
        all_changes += _tables(then, now)
    all_changes += _versions(then.versions, now.versions)
    return tuple(sorted(all_changes, key=lambda change: (not change.matters, change.same)))


def _change(
    kind: str, *, matters: bool = False, same: bool = False, unseen: bool = False, **values: object
) -> Change:  # fmt: skip
    return Change(kind=kind, what=note(f"manifest_{kind}", **values), matters=matters, same=same, unseen=unseen)


def _data(then: Mark | None, now: Mark | None) -> Iterator[Change]:
    if then is None:
        return
    if now is None:
        yield _change("data_gone" if then.time is None else "data_away", matters=True, name=then.name)
    elif then.time is not None or now.time is not None:
        yield _live(then, now)
    elif now.sha256 == then.sha256:
        yield _change("data_same", same=True, name=now.name)
    else:
        key = "data_rows" if now.rows is not None and now.rows != then.rows else "data_changed"
        yield _change(key, matters=True, name=now.name, then=then.rows or 0, now=now.rows or 0)
    if now is not None and now.name != then.name:
        yield _change("data_name", then=then.name, now=now.name)


def _live(then: Mark, now: Mark) -> Change:
    """A live table has no hash: only its rows can be compared."""
    if now.rows is not None and now.rows != then.rows:
        return _change("data_rows", matters=True, name=now.name, then=then.rows or 0, now=now.rows)
    return _change("data_live", unseen=True, name=now.name, rows=now.rows or 0)


def _study(then: Mark | None, now: Mark | None) -> Iterator[Change]:
    if then is None and now is None:
        return
    if then is None or now is None:
        either = then or now
        yield _change("study_gone" if now is None else "study_new", matters=True, name=either.name if either else "")
        return
    if then.sha256 == now.sha256:
        yield _change("study_same", same=True, name=now.name)
        return
    parts = [key for key in dict.fromkeys([*then.parts, *now.parts]) if then.parts.get(key) != now.parts.get(key)]
    heavy = tuple(f"[{key}]" for key in parts if key not in WORDS)
    light = tuple(f"[{key}]" for key in parts if key in WORDS)
    if heavy:
        yield _change("study_parts", matters=True, name=now.name, parts=heavy)
    if light:
        yield _change("study_words", name=now.name, parts=light)
    if not parts:
        yield _change("study_comments", name=now.name)


def _claims(then: Mark | None, now: Mark | None) -> Iterator[Change]:
    if then is not None and now is not None and then.sha256 != now.sha256:
        yield _change("claims_changed", matters=True, name=now.name)


def _design(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    for key in dict.fromkeys([*then, *now]):
        if then.get(key) != now.get(key):
            yield _change("design", matters=True, setting=key, then=_shown(then.get(key)), now=_shown(now.get(key)))


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _tables(then: Manifest, now: Manifest) -> Iterator[Change]:
    both = [key for key in then.tables if key in now.tables]
    other = tuple(key for key in both if then.tables[key] != now.tables[key])
    gone = tuple(key for key in then.tables if key not in now.tables)
    new = tuple(key for key in now.tables if key not in then.tables)
    if other:
        yield _change("numbers_changed", matters=True, tables=other, n=len(other))
    if gone:
        yield _change("tables_gone", matters=True, tables=gone, n=len(gone))
    if new:
        yield _change("tables_new", tables=new, n=len(new))
    if both and not other:
        yield _change("numbers_same", same=True, n=len(both))


def _versions(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Change]:
    for key in dict.fromkeys([*then, *now]):
        if then.get(key) != now.get(key):
            yield _change("version", name=key, then=then.get(key, "–"), now=now.get(key, "–"))
