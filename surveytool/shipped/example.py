"""The example as a folder of its own: data, study, the release's sentences, template, schema."""

from __future__ import annotations

from surveytool.shipped import content, content_bytes

NAMES = ("transit.sav", "transit.csv", "labels.csv", "iom_2023.toml", "iom_2023_release.toml", "template.toml",
         "study.schema.json", "online.csv", "survey.csv", "drawn.csv", "drawn.toml", "truth.csv")  # fmt: skip
MOVED = (("../examples/iom_2023/", ""), ("(examples/iom_2023/README.md)", "(README.txt)"), ("configs/", ""))
READ_ME = """\
The example of surveytool: 531 invented respondents on whom the published figures of a study of migrants in transit
come out (International Organization for Migration, 2023). The microdata of the study are not public.

  surveytool check iom_2023.toml
  surveytool summarize iom_2023.toml
  surveytool reproduce iom_2023.toml
  surveytool report iom_2023.toml -o report.docx
  surveytool summarize transit.sav social_media --by sex -w weight
  surveytool reproduce iom_2023_release.toml     # three sentences that cannot all be true: exit status 1

An invented town whose truth is known (truth.csv): online.csv are people who answered a call, survey.csv a random
sample that knows the town, drawn.csv a sample of streets in which some did not answer.

  surveytool adjust online.csv --reference survey.csv --reference-weights w --by age --by sex --by legal --outcome works
  surveytool weight drawn.toml -o weighted.csv --report weights.html

template.toml holds every setting of a study file with a comment; study.schema.json lets an editor complete and
check them.
"""


def example_files() -> dict[str, bytes]:
    """File name to bytes, all for one folder: the study's path leads to the data beside it."""
    files = {name: content_bytes(name) for name in NAMES}
    files.update({name: in_one_folder(name).encode("utf-8") for name in NAMES if name.endswith(".toml")})
    return {**files, "README.txt": READ_ME.encode("utf-8")}


def in_one_folder(name: str) -> str:
    """The text of a study file whose data lie beside it; a checkout has studies and data in folders of their own."""
    text = content(name)
    for before, after in MOVED:
        text = text.replace(before, after)
    return text
