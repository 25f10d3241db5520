"""The rules of questions with several answers as queries, for respondents who stay on a cluster.

Each is the rule that ``not_asked``, ``taken_apart`` and ``option_families`` apply to rows; what it makes is a column of
the query, so that nothing travels.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from surveytool.reading.answer_patterns import blanks
from surveytool.reading.loaded import Loaded, MultipleSet
from surveytool.survey import code_text

if TYPE_CHECKING:
    from surveytool.reading.answer_lists import Lists
    from surveytool.stream import Pushed


def with_queries(loaded: Loaded, made: Mapping[str, Any]) -> Loaded:
    """The content with columns that are narwhals expressions, new ones or in the place of old ones."""
    from surveytool.reading.profile import profile_there

    frame: Pushed = loaded.frame.derived(made)
    return replace(loaded, table=profile_there(frame), frame=frame)


def blanked_there(each: MultipleSet, marks: Collection[Any], loaded: Loaded) -> tuple[Loaded, bool]:
    """Blanks where nobody was asked, and whether an option had said something there."""
    import narwhals as nw

    frame: Pushed = loaded.frame
    asked, made = nw.lit(value=False), {}
    if each.parent is not None:
        asked = _filled(frame, each.parent, marks)
        if marks:
            made[each.parent] = nw.when(asked).then(nw.col(each.parent))
    chosen = nw.any_horizontal(*(_holds(frame, name, each.counted) for name in each.columns), ignore_nulls=True)
    made |= {name: nw.when(asked | chosen).then(nw.col(name)) for name in each.columns}
    changed = with_queries(loaded, made)
    fewer = any(blanks(changed.table.column(name)) > blanks(loaded.table.column(name)) for name in each.columns)
    return (changed, fewer) if fewer or marks else (loaded, False)


def taken_apart_there(name: str, lists: Lists, columns: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """A column of 1 and 0 an option (column, option), blank where the list is."""
    import narwhals as nw

    text, told = nw.col(name), [text for text, row in lists.parts.items() if row]
    made = {}
    for column, option in columns:
        chosen = [each for each in told if option in lists.parts[each]]
        rest = nw.when(text.is_in(told)).then(nw.lit(0.0))
        made[column] = nw.when(text.is_in(chosen)).then(nw.lit(1.0)).otherwise(rest) if chosen else rest
    return made


def written_there(name: str, yes: str, no: str | None, beside: Sequence[str], marks: Collection[str],
                  frame: Pushed) -> Any:  # fmt: skip
    """The mark of a chosen option where something is written; no where the others say something."""
    import narwhals as nw

    told = nw.any_horizontal(*(_filled(frame, each, marks) for each in beside), ignore_nulls=True)
    rest = nw.when(told).then(nw.lit(no))
    return nw.when(_filled(frame, name, marks)).then(nw.lit(yes)).otherwise(rest)


def _filled(frame: Pushed, name: str, marks: Collection[Any]) -> Any:
    """Whether a row holds an answer: neither blank, nor spaces, nor a mark."""
    import narwhals as nw

    known = ~frame.blank(name)
    if frame.is_number(name) or frame.schema[name] == nw.Boolean:
        return known
    text = nw.col(name).cast(nw.String).str.strip_chars()
    return nw.when(known).then((text != "") & ~text.is_in([*marks, ""])).otherwise(nw.lit(value=False))


def _holds(frame: Pushed, name: str, counted: Any) -> Any:
    """Whether a row holds the answer that says chosen."""
    import narwhals as nw

    if frame.schema[name] == nw.Boolean:
        return nw.col(name) if code_text(counted).lower() in ("true", "1") else ~nw.col(name)
    if frame.is_number(name):
        return nw.col(name) == float(counted)
    return nw.col(name).cast(nw.String) == code_text(counted)
