"""The only file that knows pydantic: a study's dataclasses as strict models, and the JSON Schema for editors.

A model is made from the fields of a dataclass: unknown keys are errors, a text is
no number, a number no text. What does not fit becomes a ``Fault``: a place in the
file, and pydantic's kind of error; ``faults`` puts it into words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from surveytool.errors import UsageError
from surveytool.frozen import frozen
from surveytool.study.toml_lines import Place

if TYPE_CHECKING:
    from pydantic import BaseModel, TypeAdapter


@frozen
class Fault:
    """Where a value does not fit, and why: pydantic's type of error and what it knows about it."""

    place: Place
    type: str
    context: Mapping[str, Any]
    value: Any = None


def key_of(field: Field[Any]) -> str:
    """A field's name in the file."""
    return str(field.metadata.get("key", field.name))


def members(hint: Any) -> tuple[Any, ...]:
    """The members of a union, None left out; of anything else, itself."""
    if get_origin(hint) in (Union, UnionType):
        return tuple(
            inner for get_argument in get_args(hint) if get_argument is not NoneType for inner in members(get_argument)
        )
    return (hint,)


def hints_of(kind: type) -> dict[str, Any]:
    """The types of a dataclass's fields by their names in the file."""
    hints = get_type_hints(kind)
    return {key_of(field): hints[field.name] for field in settings_of(kind)}


def settings_of(kind: type) -> list[Field[Any]]:
    """The fields of a dataclass that a file may set."""
    return [field for field in fields(kind) if not field.metadata.get("internal")]


def fit(hint: Any, value: Any) -> tuple[Any, tuple[Fault, ...]]:
    """A value of the file as its type, or everything about it that does not fit."""
    from pydantic import ValidationError

    try:
        return _made(hint, _adapter(hint).validate_json(json.dumps(value, default=str))), ()
    except UsageError as error:
        fault = Fault(
            place=(error.where,), type="usage", context={"message": error.message, "cure": error.cure}, value=""
        )
        return None, (fault,)
    except ValidationError as error:
        told = error.errors(include_url=False)
        return None, tuple(_fault(each, value) for each in told)


def _fault(error: Any, value: Any) -> Fault:
    """An error of pydantic at the place that the file has: names of union members are left out."""
    place: list[str | int] = []
    for part in error["loc"]:
        inside = isinstance(value, dict) and part in value
        listed = isinstance(value, list) and isinstance(part, int) and part < len(value)
        if inside or listed:
            place.append(part)
            value = value[part]
    if error["type"] == "missing":
        place.append(error["loc"][-1])
    return Fault(place=tuple(place), type=error["type"], context=error.get("ctx", {}), value=value)


@cache
def _adapter(hint: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(_modelled(hint))


@cache
def model_of(kind: type) -> type[BaseModel]:
    """The strict model of a dataclass."""
    from pydantic import ConfigDict, create_model
    from pydantic import Field as Setting

    hints = get_type_hints(kind)
    settings: dict[str, Any] = {}
    for field in settings_of(kind):
        hint = _modelled(hints[field.name])
        if field.default is MISSING and field.default_factory is MISSING:
            settings[field.name] = (hint, Setting(alias=key_of(field)))
        else:
            default = field.default if field.default is not MISSING else None
            settings[field.name] = (hint, Setting(default=default, alias=key_of(field), validate_default=False))
    config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, json_schema_extra=_without_titles)
    return create_model(kind.__name__, __config__=config, __doc__=kind.__doc__, **settings)


def _without_titles(schema: dict[str, Any]) -> None:
    """Titles that repeat the names say nothing."""
    schema.pop("title", None)
    for each in schema.get("properties", {}).values():
        each.pop("title", None)


def _modelled(hint: Any) -> Any:
    """A type with models in the place of dataclasses; several in a union are told apart by their ``type``."""
    from typing import Annotated

    from pydantic import Field as Setting

    if is_dataclass(hint) and isinstance(hint, type):
        return model_of(hint)
    arguments = tuple(_modelled(get_argument) for get_argument in get_args(hint))
    if get_origin(hint) in (Union, UnionType):
        union: Any = Union.__getitem__(arguments)
        return Annotated[union, Setting(discriminator="type")] if _tagged(hint) else union
    origin = get_origin(hint)
    if origin is None or origin is Literal:
        return hint
    return (dict if origin is not tuple else tuple)[arguments]


def _tagged(hint: Any) -> bool:
    kinds = [member for member in members(hint) if is_dataclass(member)]
    return len(kinds) > 1 and all("type" in hints_of(kind) for kind in kinds if isinstance(kind, type))


def _made(hint: Any, value: Any) -> Any:
    """What pydantic read, with dataclasses in the place of models."""
    from pydantic import BaseModel

    if isinstance(value, BaseModel):
        kind = _kind(hint, value)
        hints = get_type_hints(kind)
        given = {name: _made(hints[name], getattr(value, name)) for name in value.model_fields_set}
        return kind(**given)
    if isinstance(value, dict):
        inner = next(
            get_args(member)[1] for member in members(hint) if get_origin(member) is not tuple and get_args(member)
        )
        return {name: _made(inner, each) for name, each in value.items()}
    if isinstance(value, tuple):
        inner = next(get_args(member)[0] for member in members(hint) if get_origin(member) is tuple)
        return tuple(_made(inner, each) for each in value)
    return value


def _kind(hint: Any, value: BaseModel) -> type:
    """The dataclass behind a model."""
    kinds = (member for member in members(hint) if is_dataclass(member) and isinstance(member, type))
    return next(kind for kind in kinds if model_of(kind) is type(value))


def kind_at(hint: Any, value: Any, place: Place) -> type | None:
    """The dataclass that a place of the file fills, None where it fills none.

    >>> from surveytool.survey import Design, Replicates
    >>> kind_at(Design, {"replicates": {}}, ("replicates",)) is Replicates
    True
    """
    kind = _chosen(hint, value)
    if not place:
        return kind
    first, rest = place[0], place[1:]
    inner = value[first] if _has(value, first) else None
    if kind is not None:
        hints = hints_of(kind)
        return kind_at(hints[str(first)], inner, rest) if first in hints else None
    for member in members(hint):
        arguments = get_args(member)
        if arguments and isinstance(value, dict if get_origin(member) is not tuple else list):
            return kind_at(arguments[0] if get_origin(member) is tuple else arguments[1], inner, rest)
    return None


def _has(value: Any, part: str | int) -> bool:
    if isinstance(value, dict):
        return part in value
    return isinstance(value, list) and isinstance(part, int) and part < len(value)


def _chosen(hint: Any, value: Any) -> type | None:
    """The dataclass of a union that a table means."""
    kinds = [member for member in members(hint) if is_dataclass(member) and isinstance(member, type)]
    if len(kinds) > 1 and isinstance(value, dict):
        return next((kind for kind in kinds if value.get("type") in get_args(hints_of(kind)["type"])), None)
    return kinds[0] if kinds else None


def json_schema(kind: type) -> str:
    """The JSON Schema of a dataclass's file, as text that ends in a line break."""
    made = model_of(kind).model_json_schema(by_alias=True)
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "surveytool study file", **made}
    return json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
