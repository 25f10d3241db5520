"""The JSON Schema that editors use, kept in the repository; as a script it is written again.

python tests/study/schema_file.py     # rewrites configs/study.schema.json
"""

from __future__ import annotations

from pathlib import Path

PATH = Path(__file__).resolve().parents[2] / "configs" / "study.schema.json"


def made() -> str:
    """The schema of the model as it is now."""
    from surveytool.study.schema import json_schema
    from surveytool.study.sections import StudyFile

    return json_schema(StudyFile)


if __name__ == "__main__":
    PATH.write_text(made(), encoding="utf-8")
