"""The map is true: the picture is of today's rooms, every room has its tests, and the pages name files that exist."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from laws.picture import PICTURE, drawn
from laws.test_structure import MODULES, PACKAGE, ROOT, STOREYS, room

from surveytool.lazy import registered

ARCHITECTURE = ROOT / "docs" / "architecture.md"
FOLDERS = sorted({room(path) for path in MODULES if path.parent != PACKAGE})
FILES = sorted({room(path) for path in MODULES if path.parent == PACKAGE} - {"__init__", "__main__"})


def test_the_picture_is_of_todays_rooms() -> None:
    assert PICTURE.read_text(encoding="utf-8") == drawn(), "run python tests/laws/picture.py"


@pytest.mark.parametrize("name", FOLDERS)
def test_a_room_has_tests_in_a_folder_of_its_name(name: str) -> None:
    assert list((ROOT / "tests" / name).glob("test_*.py")), f"tests/{name} has no tests"


@pytest.mark.parametrize("name", FILES)
def test_a_file_beside_the_rooms_has_tests_of_its_name(name: str) -> None:
    assert (ROOT / "tests" / "foundation" / f"test_{name}.py").exists()


def test_the_map_names_every_room_and_only_files_that_exist() -> None:
    text = ARCHITECTURE.read_text(encoding="utf-8")
    for name in STOREYS:
        assert f"`{name}`" in text or f"`{name}/`" in text or f"`{name}.py`" in text, f"{name} is not on the map"
    for named in re.findall(r"`((?:surveytool|tests|docs)/[\w/.]+)`", text):
        assert (ROOT / named).exists(), named
    rooms = "|".join(FOLDERS)
    for named in re.findall(rf"`((?:{rooms})/\w+\.py)`", text):
        assert (PACKAGE / named).exists(), named


def addresses() -> list[tuple[str, str]]:
    """Room and ``module:object`` of every line of the nine registries."""
    from surveytool.charts import CHARTS
    from surveytool.checks import CHECKS
    from surveytool.estimate import STATISTICS
    from surveytool.reading import FORMATS
    from surveytool.recoding import RECODES
    from surveytool.render import CODEBOOKS
    from surveytool.render import FORMATS as OUTPUTS
    from surveytool.writing import FORMATS as WRITTEN
    from surveytool.writing import STREAMS

    named = [("estimate", address) for forms in STATISTICS.values() for address in forms.values()]
    registries = {"reading": [FORMATS], "render": [OUTPUTS, CODEBOOKS], "charts": [CHARTS], "checks": [CHECKS],
                  "writing": [WRITTEN, STREAMS]}  # fmt: skip
    for name, held in registries.items():
        named += [(name, address) for registry in held for address in registry.values()]
    return named + [("recoding", f"{module}:{part}") for module in RECODES.values() for part in ("faults", "sources", "make")]


@pytest.mark.parametrize(("name", "address"), sorted(set(addresses())))
def test_a_registry_names_what_exists(name: str, address: str) -> None:
    assert registered(f"surveytool.{name}", address) is not None


def test_the_registries_of_functions_hold_functions() -> None:
    from surveytool.estimate.interval import INTERVALS, QUANTILE_INTERVALS

    for registry in (INTERVALS, QUANTILE_INTERVALS):
        assert registry and all(callable(each) and each.__doc__ for each in registry.values())


def test_every_registry_of_the_package_is_under_the_contract() -> None:
    """A tenth registry is found by its form: a literal dict in a room's face from names to module:object."""
    known = {("charts", "CHARTS"), ("checks", "CHECKS"), ("estimate", "STATISTICS"), ("reading", "FORMATS"),
             ("recoding", "RECODES"), ("render", "CODEBOOKS"), ("render", "FORMATS"), ("writing", "FORMATS"),
             ("writing", "STREAMS")}  # fmt: skip
    found = set()
    for name in FOLDERS:
        face = import_module(f"surveytool.{name}")
        for key, value in vars(face).items():
            first = next(iter(value.values()), None) if isinstance(value, dict) else None
            inner = next(iter(first.values()), None) if isinstance(first, dict) else first
            if key.isupper() and isinstance(inner, str) and re.fullmatch(r"\w+:\w+", inner):
                found.add((name, key))
    assert found | {("recoding", "RECODES")} == known
