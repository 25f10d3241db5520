"""Verdicts and findings on published figures, as people see them, in three languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from recorded import TESTS, console

CLAIMS = """id,text,published,variable,level,by_sex,n,stat,decimals
a,Men,47%,social_media,Yes,Male,,,
b,Women too high,39%,social_media,Yes,Female,,,
c,All truncated,42.3%,social_media,Yes,,,,1
d,Not asked,12%,social_mediaa,Yes,,,,
e,No such answer,12%,social_media,Perhaps,,,,
f,Mean age,33.0,age,,,,mean,1
g,Unweighted mean,32.6,age,,Male,,mean,1
h,Median,31,age,,,,median,0
i,Of all,8%,smuggler_contact,Was approached,,,,
j,A count,531,social_media,,,,n,0
k,Impossible of 3,34%,social_media,No,Male,3,,
l,Other answer,65%,social_media,Yes,Female,,,
m,Platforms,89.1%,platforms,WhatsApp,,,,1
n,Total,17000,age,,,,total,0
"""
AGAINST = """id,published,variable,level,by_sex,by_age,n,margin,population,percent_of,set
a,47%,v,Yes,Male,,,,,,r
b,35%,v,Yes,Female,,,,,,r
c,18%,v,No,,,,,,,r
d,50%,w,Yes,,,819,3.1%,5000,,
e,50%,w,Yes,,,819,2%,,,
f,52%,w,Yes,,,819,3.4%,,,
g,34%,x,Yes,,,3,,,,
h,60%,y,One,,,,,,,
i,30%,y,Two,,,,,,,
j,20%,y,Three,,,,,,,
k,40%,z,Yes,Male,,100,,,,
l,60%,z,Yes,Female,,300,,,,
m,50%,z,Yes,,,400,,,,
n,50%,z,Yes,,,350,,,,
o,70%,u,Yes,,26-35,,,,,
p,20%,u,Yes,,46 and over,,,,,
q,80%,u,Yes,,,,,,,
r,47%,t,Yes,Male,,,,,all,
s,35%,t,Yes,Female,,,,,all,
t,28%,t,No,,,,,,,
"""


@pytest.mark.parametrize("name", ["verdicts.txt", "arithmetic.txt", "refused.txt"])
def test_commands_print_what_was_read(name: str, example: Path, tmp_path: Path, run: Callable[..., Any]) -> None:
    (tmp_path / "claims.csv").write_text(CLAIMS, "utf-8")
    (tmp_path / "against.csv").write_text(AGAINST, "utf-8")
    (tmp_path / "bad.csv").write_text(
        "id,published,unit,rounding,stat\na,x%,percent,,\nb,3,stone,,\nc,3,,up,\nc,3,,,max\n", "utf-8"
    )
    (tmp_path / "nothing.csv").write_text("a,b\n1,2\n", "utf-8")
    console("published_figures", name, run, example=example, out=tmp_path, project=TESTS.parent)
