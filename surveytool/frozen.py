"""Frozen values: slotted dataclasses whose fields are given by name, quick to make.

``dataclasses`` writes and compiles six functions for each class, half a millisecond
whenever the program starts. Here it only finds the fields; the functions are the
same for every class and go through them. A class may say itself how it is shown
(``__repr__``), and look at its fields before they are kept (``__settings__``). ``replace``,
``fields``, ``==``, ``hash``, copies and pickles work as those of a frozen, slotted, keyword-only dataclass.
"""

from __future__ import annotations

from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from reprlib import recursive_repr
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """A class whose annotations are the fields of a frozen value.

    >>> @frozen
    ... class Place:
    ...     name: str
    ...     people: int = 0
    >>> Place(name="Tapachula")
    Place(name='Tapachula', people=0)
    """
    data_class: Any = dataclass(init=False, repr=False, eq=False, slots=True, kw_only=True)(cls)
    data_class.__plan__ = _Plan(data_class)
    for name, function in SHARED.items():
        if name not in cls.__dict__ or name == "__hash__":  # a class's own stays, as with dataclasses
            setattr(data_class, name, function)
    frozen_class: type[T] = data_class
    return frozen_class


class _Plan:
    """What the shared functions need to know of a class."""

    __slots__ = ("compared", "defaults", "factories", "hashed", "setters", "settings")

    def __init__(self, cls: Any) -> None:
        fields_of_class = fields(cls)
        self.defaults = {field_.name: field_.default for field_ in fields_of_class if field_.default is not MISSING}
        self.factories = {
            field_.name: field_.default_factory for field_ in fields_of_class if field_.default_factory is not MISSING
        }
        self.settings = getattr(cls, "__settings__", None)  # given the fields, those that are kept
        self.setters = tuple((field_.name, getattr(cls, field_.name).__set__) for field_ in fields_of_class)
        self.compared = tuple(field_.name for field_ in fields_of_class if field_.compare)
        self.hashed = tuple(
            field_.name for field_ in fields_of_class if (field_.compare if field_.hash is None else field_.hash)
        )


def _set(self: Any, /, **given: Any) -> None:
    """The fields as given, else their defaults."""
    plan: _Plan = self.__plan__
    whole = {**plan.defaults, **given}
    for name, make in plan.factories.items():
        if name not in whole:
            whole[name] = make()
    if len(whole) != len(plan.setters):
        raise TypeError(_wrong(type(self), plan, whole))
    try:
        if plan.settings is not None:
            whole = plan.settings(whole)
        for name, put in plan.setters:
            put(self, whole[name])
    except KeyError:
        raise TypeError(_wrong(type(self), plan, whole)) from None


def _wrong(cls: type, plan: _Plan, given: dict[str, Any]) -> str:
    attributes = [name for name, _ in plan.setters]
    for name in given:
        if name not in attributes:
            return f"{cls.__qualname__}() got an unexpected keyword argument {name!r}"
    missing = ", ".join(repr(name) for name in attributes if name not in given)
    return f"{cls.__qualname__}() needs the keyword arguments {missing}"


def _equal(self: Any, other: Any) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    names = self.__plan__.compared
    return tuple(getattr(self, name) for name in names) == tuple(getattr(other, name) for name in names)


def _hash(self: Any) -> int:
    return hash(tuple(getattr(self, name) for name in self.__plan__.hashed))


@recursive_repr()
def _shown(self: Any) -> str:
    inside = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in fields(self) if field.repr)
    return f"{type(self).__qualname__}({inside})"


def _refuse(self: Any, name: str, *_: object) -> None:
    raise FrozenInstanceError(f"cannot change field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name, _ in self.__plan__.setters]


def _restore(self: Any, state: list[Any]) -> None:
    for (_, put), value in zip(self.__plan__.setters, state, strict=True):
        put(self, value)


class _Signature:
    """The fields as parameters, for ``help`` and notebooks."""

    def __get__(self, instance: object, cls: Any) -> Any:
        from inspect import Parameter, Signature

        parameters = []
        for field_ in fields(cls):
            default: Any = field_.default if field_.default is not MISSING else Parameter.empty
            if field_.default_factory is not MISSING:
                default = field_.default_factory()
            parameters.append(Parameter(field_.name, Parameter.KEYWORD_ONLY, default=default, annotation=field_.type))
        return Signature(parameters)


SHARED: dict[str, Any] = {
    "__init__": _set,
    "__eq__": _equal,
    "__hash__": _hash,
    "__repr__": _shown,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
    "__getstate__": _state,
    "__setstate__": _restore,
    "__signature__": _Signature(),
}
