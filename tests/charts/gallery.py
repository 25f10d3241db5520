"""The charts of the example, each as it is typed; as a script it draws them again.

python tests/charts/gallery.py     # rewrites examples/iom_2023/charts
"""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "iom_2023" / "charts"
SOURCE = "examples/iom_2023/transit.sav"
COMMON = ("--weights", "weight", "--sample", "convenience", "--as-if-random")
CHARTS: dict[str, tuple[str, ...]] = {
    "plan": ("social_media", "--by", "sex", "--by", "age_group", "--by", "route", "--theme", "iom",
             "--title", "Nearly half of the men and a third of the women planned the departure with social networks"),
    "platforms": ("platforms", "--by", "sex", "--theme", "iom"),
    "education": ("education", "--by", "sex", "--by", "age_group", "--theme", "iom"),
    "age": ("age_group", "--by", "sex", "--theme", "unhcr"),
    "plan_by_age_and_sex": ("social_media", "--by", "sex:age_group", "--theme", "unhcr"),
    "reasons": ("reasons", "--by", "sex", "--kind", "slope", "--theme", "plain"),
    "routes": ("journey", "--route", "journey: origin > route_* > destination?", "--theme", "iom",
               "--title", "More than half of the travellers aim for the United States"),
    "routes_es": ("journey", "--route", "journey: origin > route_* > destination?", "--theme", "plain", "--lang", "es",
                  "--where", "journey.stops == 'Panamá'", "--title", "Quienes pasan por Panamá"),
    "technology": ("tech_used", "--by", "sex", "--by", "age_group", "--theme", "iom", "--lang", "es"),
}  # fmt: skip


def command(name: str, target: Path) -> list[str]:
    """The arguments that draw one chart of the example."""
    variable, *options = CHARTS[name]
    return ["chart", SOURCE, variable, *options, *COMMON, "-o", str(target), "--overwrite"]


def main() -> None:
    from surveytool.cli.app import main as run

    os.chdir(ROOT)
    FOLDER.mkdir(exist_ok=True)
    for name in CHARTS:
        run(command(name, FOLDER / f"{name}.svg"))


if __name__ == "__main__":
    main()
