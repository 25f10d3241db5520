"""The map is true: the picture is of today's rooms, every room has its tests, and the pages name files that exist."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from laws.picture import MAP, PICTURE, drawn, with_table
from laws.test_structure import MODULES, PACKAGE, ROOT, STOREYS, room

from surveytool.lazy import registered
from surveytool.recoding import RECODES

FOLDERS = sorted({room(path) for path in MODULES if path.parent != PACKAGE})
FILES = sorted({room(path) for path in MODULES if path.parent == PACKAGE} - {"__init__", "__main__"})


def test_the_picture_is_of_todays_rooms() -> None:
    assert PICTURE.read_text(encoding="utf-8") == drawn(), "run python tests/laws/picture.py"
    text = MAP.read_text(encoding="utf-8")
    assert text == with_table(text), "run python tests/laws/picture.py"


@pytest.mark.parametrize("name", FOLDERS)
def test_a_room_has_tests_in_a_folder_of_its_name(name: str) -> None:
    assert list((ROOT / "tests" / name).glob("test_*.py")), f"tests/{name} has no tests"


@pytest.mark.parametrize("name", FILES)
def test_a_file_beside_the_rooms_has_tests_of_its_name(name: str) -> None:
    assert (ROOT / "tests" / "foundation" / f"test_{name}.py").exists()


def test_the_map_names_every_room_and_only_files_that_exist() -> None:
    text = MAP.read_text(encoding="utf-8")
    for name in STOREYS:
        assert f"`{name}`" in text, f"{name} is not on the map"
    for named in re.findall(r"`((?:surveytool|tests|docs)/[\w/.]+)`", text):
        assert (ROOT / named).exists(), named
    rooms = "|".join(FOLDERS)
    for named in set(re.findall(rf"`((?:{rooms})/\w+\.py)`", text)):
        assert "/my" in named or (PACKAGE / named).exists(), named


REGISTRIES = (
    ("charts", "CHARTS"), ("checks", "CHECKS"), ("estimate", "STATISTICS"), ("reading", "FORMATS"),
    ("render", "CODEBOOKS"), ("render", "FORMATS"), ("reports", "FORMATS"), ("writing", "FORMATS"),
    ("writing", "STREAMS"),
)  # fmt: skip


def addresses() -> list[tuple[str, str]]:
    """Room and ``module:object`` of every line of the registries that name files."""
    named = []
    for name, registry in REGISTRIES:
        for address in getattr(import_module(f"surveytool.{name}"), registry).values():
            named += [(name, each) for each in (address.values() if isinstance(address, dict) else [address])]
    return named


@pytest.mark.parametrize(("name", "address"), sorted(set(addresses())))
def test_a_registry_names_what_exists(name: str, address: str) -> None:
    assert registered(f"surveytool.{name}", address) is not None


@pytest.mark.parametrize("module", RECODES.values())
def test_a_kind_of_recode_has_its_functions(module: str) -> None:
    held = import_module(f"surveytool.recoding.{module}")
    for part in ("faults", "sources"):
        assert callable(getattr(held, part)), part
    assert callable(getattr(held, "make", None) or getattr(held, "made_missing", None))


def test_the_registries_of_functions_hold_functions() -> None:
    from surveytool.estimate.interval import INTERVALS, QUANTILE_INTERVALS

    for registry in (INTERVALS, QUANTILE_INTERVALS):
        assert registry and all(callable(each) and each.__doc__ for each in registry.values())


def test_every_registry_of_the_package_is_under_the_contract() -> None:
    """A new registry is found by its form: a literal dict in a room's face from names to module:object."""
    found = set()
    for name in FOLDERS:
        face = import_module(f"surveytool.{name}")
        for key, value in vars(face).items():
            first = next(iter(value.values()), None) if isinstance(value, dict) else None
            inner = next(iter(first.values()), None) if isinstance(first, dict) else first
            if key.isupper() and isinstance(inner, str) and re.fullmatch(r"\w+:\w+", inner):
                found.add((name, key))
    assert found == set(REGISTRIES)
