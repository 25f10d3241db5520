"""Official names of weights, strata and PSUs, as the documents of large surveys give them.

A name alone is never enough: what it says is checked by the content of the column
and by its neighbours (``surveytool.checks.design_columns``). ``DOUBTFUL`` are also
names of ordinary questions, and count only there.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

OfficialPart = Literal["weights", "strata", "psu"]

_OFFICIAL: dict[OfficialPart, str] = {
    "weights": "v005 hv005 mv005 d005 wmweight hhweight chweight mnweight wqsweight pesoano pesotri pesomen pondera "
    "pondiio pondih pondii fac_tri factor07 facpob07 fac500a fex_c fex_c18 factor_ev fact_cal factorel "
    "factor_exp facexp fexp v1028 v1032 wtss wtssall wtssps wtssnr wtssnrps anweight pspwght pweight "
    "dweight w_fstuwt totwgt tchwgt senwgt perwt hhwt asecwt wtfinl wtmec2yr wtint2yr wtsaf2yr wtmec4yr "
    "wtint4yr wtintprp wtmecprp wtdrd1 wtdr2d finalwt llcpwt _llcpwt x_llcpwt pwgtp wgtp spweight hweight "
    "wpfinwgt pwsswgt wtfa_a wtfa_sa wtfa perweight perwt19f withinwt combinwt weight1500 s017 w_weight "
    "w22 crosswgt cweight rb050 pb040 db090 hh_wgt popw hhw pop_wt wgt_pop indweight ind_weight weight_hh "
    "hh_weight sample_weight sampweight samplingweight sampling_weight sampl_weights finalwgt finalweight "
    "nweight wgthhcy wgtviccy factoradulto factorhogar factormenor factor_expansion factorexpansion "
    "factor_expan ponderador ponderacion weights_final weight_final final_weight design_weight "
    "designweight wgt survey_weight surveyweight person_weight household_weight hh_wt ind_wt indwt "
    "popweight pop_weight normwt pesopob expwgt exp_wgt poids pondmen extri extridf pondqual pesorede "
    "peso_pos pond2r across acrosswt wt_final wtfinal base_weight basewt wgt_final "
    "pb060 pb080 rb060 db080 wght wgtadj withinwt_ea withinwt_hh cciw_w1 cciw_w2 cciw_w4 cciw_w5 cciw_w6 cciw_w7 "
    "cciw_w8 cciw_w9 houwgt",
    "strata": "v022 v023 hv022 hv023 sdmvstra vstrat estrato est_dis estrato_dis estratodis varstrat v2117 stratvar "
    "ststr _ststr pstrat a_strat stratum strata estred13 strat stratid strata_id jkzone estrato2 v200010d "
    "varstratum var_strat vestr sampstrat sample_stratum sampling_stratum strat_id h_strat db050 stratum1",
    "psu": "v021 hv021 sdmvpsu vpsu upm upm_dis conglome varunit v2118 ppsu _psu psu eanumb clust clustid "
    "clusterid cluster_id hh_cluster jkrep cod_upm id_upm upm_id psuid psu_id secu v200010c num_ug "
    "enumeration_area ea_id upa varpsu var_psu vpsupu psu_code cluster_no clusterno clusternumber "
    "cluster_number clust_no ea_code ea_number eacode db060 db062",
}  # fmt: skip
_DOUBTFUL: dict[OfficialPart, str] = {
    "weights": "w fac factor expr expc exp wt weight_ peso pond",
    "strata": "estratos",
    "psu": "v001 hv001 mv001 hh1 wm1 ea segmento seccion village cluster conglomerado barangay commune",
}
# of several weights of one file the one that its documents name for analysis
_PREFERRED = (
    "anweight",
    "pspwght",
    "finalwgt",
    "wtss",
    "wtssps",
    "wtintprp",
    "wtmec2yr",
    "pondera",
    "pesoano",
    "fac500a",
    "totwgt",
    "w_fstuwt",
    "pwgtp",
)


@cache
def _names(part: OfficialPart, *, doubtful: bool) -> frozenset[str]:
    return frozenset((_DOUBTFUL if doubtful else _OFFICIAL)[part].split())


def official_part(name: str, *, doubtful: bool = False) -> OfficialPart | None:
    """The part of a design of which a column has the official name; ``doubtful`` takes those of questions too.

    >>> official_part("SDMVPSU"), official_part("v005"), official_part("ea"), official_part("ea", doubtful=True)
    ('psu', 'weights', None, 'psu')
    """
    own = name.strip().lower().rpartition("/")[2]
    for part in _OFFICIAL:
        if own in _names(part, doubtful=False) or (doubtful and own in _names(part, doubtful=True)):
            return part
    return None


def preference(name: str) -> float:
    """How much a file's documents prefer these weights for analysis to others of the file, up to 1; else 0."""
    own = name.strip().lower()
    return 1 - _PREFERRED.index(own) / (2 * len(_PREFERRED)) if own in _PREFERRED else 0
