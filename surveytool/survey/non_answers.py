"""Whole labels that say that there is no answer: "Don't know", "Ne sait pas", "Refused", "不知道".

A label is read whole: "Asylum claim refused", "Registered (or DK)" and "I was not
asked for papers" are answers. Its code ("99 - Don't know"), its case, accents and
remarks in brackets do not count; a label of several parts ("Don't know / Refused")
is no answer only if each of its parts is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Literal

Missing = Literal["dont_know", "refused", "not_asked", "not_answered", "user"]

_PHRASES: dict[Missing, str] = {
    "dont_know": """
        dont understand; do not understand; does not understand; did not understand; no entiende; no entendio;
        no sabe no contesta; no sabe no responde; no sabe no contesto; no sabe no respondio;
        no sabe ni contesta; no sabe ni responde;
        dont know; do not know; doesnt know; does not know; didnt know; did not know; dontknow; donot know; idk;
        unsure; not sure; not sure at all; is not sure; am not sure; cant say; cannot say; cant choose;
        cannot choose; dont recall; do not recall; dont remember; do not remember; doesnt remember;
        does not remember; cant remember; cannot remember; cant recall; cannot recall; no idea; no opinion;
        have no opinion; dont have an opinion; havent heard enough; havent heard enough to say;
        undecided dont know; dont know cant say; no sabe; no se; no lo se; no lo sabe; no sabria; no sabria decir;
        no recuerda; no recuerdo; no me acuerdo; no se acuerda; no esta seguro; no esta segura; no estoy seguro;
        no estoy segura; no tiene opinion; sin opinion; ne sait pas; ne sais pas; sait pas; ne se souvient pas;
        ne me souviens pas; ne se rappelle pas; pas sur; pas d opinion; sans opinion; sans avis; pas d avis;
        nao sabe; nao sei; nao lembra; nao se lembra; nao me lembro; nao tem certeza; nao sabe dizer;
        nao tem opiniao; لا اعرف; لا اعلم; لا ادري; لا يعرف; لا تعرف; لا يعلم; لا تعلم; لا يدري; غير متاكد;
        لست متاكدا; لا اتذكر; لا يتذكر; pa konnen; pa konn; pa sonje; pa sur; pa si; pa genyen opinyon; не знаю;
        не знает; не знают; затрудняюсь ответить; затрудняюсь с ответом; затрудняется ответить;
        затруднились ответить; затрудняюсь; трудно сказать; трудно ответить; не уверен; не уверена; не помню;
        не помнит; 不知道; 不清楚; 不晓得; 不曉得; 不确定; 不確定; 说不清; 說不清; 说不清楚; 說不清楚; 不好说;
        不好說; 难以回答; 難以回答; 不记得; 不記得; 无法判断; 無法判斷; 没意见; 沒意見""",
    "refused": """
        refused; refuse; refuses; refusal; refuse to answer; refuses to answer; refused to answer; refused to say;
        refuse to say; refused to respond; refuse to respond; respondent refused; refused question; answer refused;
        declined; decline; declined to answer; declines to answer; decline to answer; decline to say;
        decline to state; decline to respond; prefer not to say; prefer not to answer; prefer not to state;
        prefer not to respond; prefer not to disclose; prefer not say; prefer not answer; prefer not to tell;
        prefers not to say; prefers not to answer; prefer not; preferred not to answer; preferred not to say;
        would rather not say; would prefer not to say; rather not say; does not want to answer;
        doesnt want to answer; do not want to answer; dont want to answer; does not wish to answer;
        do not wish to answer; do not wish to say; not willing to answer; unwilling to answer; no answer given;
        rehusa; rehuso; rehusado; rehusa responder; rehusa contestar; rehuso responder; rehuso contestar;
        se rehusa a responder; se nego a responder; se niega a responder; se niega; se nego; prefiere no responder;
        prefiere no contestar; prefiere no decir; prefiere no decirlo; prefiero no responder;
        prefiero no contestar; prefiero no decir; prefiero no decirlo; no quiere responder; no quiere contestar;
        no quiso responder; no quiso contestar; no desea responder; no desea contestar; rechazo responder;
        rechaza responder; rechazo contestar; se reusa; reusa; refus; refuse de repondre; refus de repondre;
        a refuse de repondre; ne veut pas repondre; ne veut pas dire; ne souhaite pas repondre;
        ne desire pas repondre; prefere ne pas repondre; prefere ne pas dire; refus reponse;
        prefere ne pas se prononcer; ne souhaite pas se prononcer; ne se prononce pas; je prefere ne pas repondre;
        recusou; recusa; recusou se; recusou se a responder; recusou responder; recusa responder;
        se recusou a responder; nao quis responder; nao quer responder; nao deseja responder;
        prefere nao responder; prefere nao dizer; prefiro nao responder; prefiro nao dizer; recusa se a responder;
        رفض; رفضت; يرفض; ارفض; رفض الاجابه; رفضت الاجابه; يرفض الاجابه; ترفض الاجابه; ارفض الاجابه;
        افضل عدم الاجابه; يفضل عدم الاجابه; تفضل عدم الاجابه; لا اريد الاجابه; لا يريد الاجابه; لا ارغب في الاجابه;
        لا يرغب في الاجابه; افضل عدم القول; refize; refize reponn; pa vle reponn; pa vle di; pito pa reponn;
        prefere pa reponn; pito pa di; prefere pa di; отказ; отказался; отказалась; отказались; отказ от ответа;
        отказ отвечать; отказываюсь отвечать; отказываюсь ответить; отказывается отвечать; отказался отвечать;
        отказалась отвечать; отказался от ответа; отказалась от ответа; предпочитаю не отвечать;
        предпочитает не отвечать; не хочу отвечать; не хочет отвечать; предпочитаю не говорить; 拒绝回答; 拒絕回答;
        拒答; 拒绝; 拒絕; 不愿回答; 不願回答; 不想回答; 不便回答; 不愿意回答; 不願意回答; 不想说; 不想說; 不愿透露;
        不願透露""",
    "not_asked": """
        not asked; question not asked; item not asked; not asked in this country; not asked in country;
        not asked in survey; not asked in this survey; not asked in wave; not asked in this wave;
        not asked this wave; was not asked; never asked; inapplicable; not applicable; nonapplicable;
        non applicable; does not apply; doesnt apply; not applicable inap; skip; skipped; legitimate skip;
        valid skip; logical skip; appropriate skip; skip pattern; skipped question; not in universe; not in wave;
        not in sample; not in split; not in the universe; not administered; question not applicable; no aplica;
        no aplicable; no corresponde; no procede; no se le pregunto; no se pregunto; no preguntado; no preguntada;
        pregunta no realizada; no se aplica; no le corresponde; no concierne; ne s applique pas; sans objet;
        non concerne; non concernee; pas concerne; pas concernee; non concernes; n est pas concerne; non pose;
        non posee; question non posee; pas applicable; pas pose; pas posee; n a pas ete posee; nao se aplica;
        nao aplicavel; nao aplica; nao perguntado; nao perguntada; nao foi perguntado; لا ينطبق; غير منطبق;
        لا تنطبق; غير قابل للتطبيق; لم يسال; لم تسال; غير معني; pa aplikab; pa aplike; pa konsene; yo pa mande l;
        pa te mande; не применимо; неприменимо; не относится; не касается; не спрашивали; не спрашивалось;
        не задавался; вопрос не задавался; 不适用; 不適用; 未问; 未問; 没有问; 沒有問; 跳过; 跳過; 不符合""",
    "not_answered": """
        no answer; no response; no reply; non response; nonresponse; item nonresponse; not answered; unanswered;
        did not answer; didnt answer; not stated; not ascertained; not reported; not recorded; not specified;
        unspecified; not determined; not known; unknown; unk; missing; missing data; missing value; missing values;
        missing answer; missing response; system missing; user missing; other missing; question missing; blank;
        left blank; no data; no information; no valid answer; invalid; invalid answer; invalid response;
        invalid data; inconsistent; inconsistent answer; flagged cases; no further reply; no further answer;
        no code; uncodeable; uncodable; not codeable; not codable; undetermined; not provided; answer missing;
        data missing; no entry; not given; no mention of answer; not disclosed; unreported; unascertained;
        interview break off; break off; breakoff; partial interview; refused missing; no responde; no respondio;
        no contesta; no contesto; no respuesta; sin respuesta; sin contestar; no hay respuesta; sin dato;
        sin datos; sin informacion; sin especificar; no especificado; no especificada; no especifica; no declarado;
        no declara; no informa; no informado; se desconoce; desconocido; desconocida; desconoce; ignorado; ignora;
        valor perdido; dato perdido; perdidos por el sistema; no determinado; no disponible; no registrado;
        no reporta;
        non reponse; pas de reponse; sans reponse; aucune reponse;
        ne repond pas; n a pas repondu; non repondu; manquant; manquante; valeur manquante; donnee manquante;
        non renseigne; non renseignee; non precise; non precisee; non declare; non declaree; non determine;
        inconnu; inconnue; indetermine; indeterminee; non specifie; non specifiee; pas de donnees; sem resposta;
        nao respondeu; nao responde; nao resposta; nao informado; nao informada; nao declarado; nao declarada;
        sem declaracao; sem informacao; desconhecido; desconhecida; nao especificado; nao consta; valor ausente;
        sem dados; لا جواب; لا اجابه; لا توجد اجابه; بدون اجابه; بدون جواب; لم يجب; لم تجب; غير معروف; مفقود;
        مفقوده; غير محدد; غير مبين; لا يوجد جواب; بدون رد; لا رد; لا يوجد رد; قيمه مفقوده; pa reponn;
        pa gen repons; san repons; manke; done manke; enkoni; нет ответа; без ответа; не ответил; не ответила;
        не ответили; нет данных; неизвестно; не указано; не указал; не указала; пропуск; пропущено;
        ответ отсутствует; отсутствует; нет информации; 无回答; 無回答; 未回答; 没有回答; 沒有回答; 无应答; 無應答;
        无答案; 無答案; 缺失; 缺失值; 未知; 不详; 不詳; 遗漏; 遺漏; 遗漏值; 遺漏值; 漏答; 没回答; 沒回答; 无效;
        無效; 无效回答; 未填; 空白""",
}
_SHORT: dict[Missing, str] = {
    "dont_know": "dk dnk dkn ns nsp nsa idk nsnr nsnc nsnp",
    "refused": "rf ref rfd pnta pnts rtr",
    "not_asked": "na iap inap nap niu nan",
    "not_answered": "nr nrp nc sd nd nk nonr msg miss",
}
_SUBJECT = re.compile(
    r"^(?:i|r|respondent|the respondent|he she|she he|he|she|they|je|j|elle|il|on|yo|eu|ele|ela|mwen|m|li|ou|"
    r"я|он|она)\s+"
)
_PARTS = re.compile(r"\s*(?:[/,;|+&]|\s-\s|[–—]|\b(?:or|and|o|ou|oswa|y|e|ni|et|или|и|او)\b|或者|或|、|，)\s*")
_CODE = re.compile(r"^\s*[(\[]?[-+−]?\d+(?:[.,]\d+)?[)\]]?\s*[.:=)\-–—]*\s*(?=\D)")
_CODE_AFTER = re.compile(r"\s*[(\[]?\s*=?\s*[-+−]?\d+\s*[)\]]?\s*$")
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_ARABIC = str.maketrans({"ة": "ه", "ى": "ي", "ـ": "", "،": ",", "؛": ";"})


@cache
def _kinds_by_text() -> dict[str, Missing]:
    """Every phrase as ``_plain`` writes it."""
    return {
        " ".join(text.split()) if text.isascii() else _plain(_folded(text)): kind  # plain English words are so already
        for kind, texts in _PHRASES.items() for text in texts.split(";")
    }  # fmt: skip


@cache
def _short() -> dict[str, Missing]:
    return {text: kind for kind, texts in _SHORT.items() for text in texts.split()}


def _folded(text: str) -> str:
    """Without case, accents and apostrophes; signs stay."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in bare if not unicodedata.combining(sign)).translate(_ARABIC)
    bare = re.sub(r"\b(n|t|s|d)['’´`](?=(know|t|re|say)\b)", r"\1", bare)  # don't
    bare = re.sub(r"(?<=\w)n['’´`]t\b", "nt", bare)
    return re.sub(r"\b([a-z])[./]([a-z])\b\.?", r"\1\2", bare)


def _plain(text: str) -> str:
    """Words with one space between them."""
    return re.sub(r"[\W_]+", " ", text).strip()


def _kind(text: str, *, short: bool) -> Missing | None:
    plain = _plain(text)
    kind = _kinds_by_text().get(plain) or _kinds_by_text().get(_SUBJECT.sub("", plain))
    return kind or (_short().get(plain.replace(" ", "")) if short else None)


def _parts_kind(text: str, *, short: bool) -> Missing | None:
    """The kind of the first part where every part is no answer."""
    whole = _kind(text, short=short)
    if whole is not None:
        return whole
    parts = [part for part in _PARTS.split(text) if _plain(part)]
    kinds = [_kind(part, short=short) for part in parts]
    return kinds[0] if len(parts) > 1 and all(kinds) else None


@lru_cache(maxsize=65536)
def non_answer(label: str, *, short: bool = True) -> Missing | None:
    """Why a label says that there is no answer; None for an answer. ``short`` takes "DK" and its kin too.

    >>> non_answer("99. Don't know"), non_answer("NS/NR"), non_answer("Asylum claim refused"), non_answer("不知道")
    ('dont_know', 'dont_know', None, 'dont_know')
    """
    if len(label) > 120 or not label.strip():
        return None
    folded = _folded(label)
    folded = _CODE.sub("", folded) or folded
    for text in dict.fromkeys([folded, _REMARK.sub(" ", folded), _CODE_AFTER.sub("", folded)]):
        parts_kind = _parts_kind(text, short=short) if _plain(text) else None
        if parts_kind is not None:
            return parts_kind
    return None


def among_codes(labels: Iterable[str]) -> bool:
    """Whether labels are codes of two or three letters, such as states: "NC" and "SD" are some of them."""
    short = [label for label in labels if re.fullmatch(r"[A-Z]{2,3}", label.strip())]
    return sum(_folded(label.strip()) not in _short() for label in short) >= 3


def non_answers(labels: Sequence[str]) -> tuple[Missing | None, ...]:
    """Of the labels of one question, why each is no answer; abbreviations only where the others are none.

    >>> non_answers(["NC", "NY", "SD", "TX", "CA"]), non_answers(["Yes", "No", "DK"])
    ((None, None, None, None, None), (None, None, 'dont_know'))
    """
    short = not among_codes(labels)
    return tuple(non_answer(label, short=short) for label in labels)
