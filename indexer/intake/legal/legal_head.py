"""The head and the signature of a legal document: number, kind, issuer, date, subject, signer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.legal_record import LegalDocument
from indexer.intake.stated_dates import date_in_text
from indexer.vietnamese.document_numbers import find_document_numbers
from indexer.vietnamese.normalization import fold

_HEAD_LINES = 40
_TAIL_LINES = 40
_SUBJECT_LINES = 4
_LONGEST_LINE = 600
_LONGEST_ISSUER = 150
_LONGEST_DATE = 60
_LONGEST_SUBJECT = 500

_KINDS = (
    "Hiến pháp",
    "Bộ luật",
    "Luật",
    "Pháp lệnh",
    "Lệnh",
    "Nghị quyết liên tịch",
    "Nghị quyết",
    "Nghị định",
    "Quyết định",
    "Thông tư liên tịch",
    "Thông tư",
    "Chỉ thị",
    "Công điện",
    "Thông báo",
    "Kế hoạch",
    "Hướng dẫn",
    "Tờ trình",
    "Báo cáo",
    "Quy chế",
    "Quy định",
    "Văn bản hợp nhất",
)
_KINDS_OF_SYMBOLS = {
    "ttlt": "Thông tư liên tịch",
    "tt": "Thông tư",
    "nd": "Nghị định",
    "qd": "Quyết định",
    "nq": "Nghị quyết",
    "ct": "Chỉ thị",
    "tb": "Thông báo",
    "kh": "Kế hoạch",
    "hd": "Hướng dẫn",
    "vbhn": "Văn bản hợp nhất",
    "ttr": "Tờ trình",
    "bc": "Báo cáo",
}
_NAMED_IN_ONE_LINE = ("Luật", "Bộ luật", "Pháp lệnh")
_KIND_WORDS = sorted(((fold(kind), kind) for kind in _KINDS), key=lambda pair: -len(pair[0]))
_NUMBER_LABEL = re.compile(r"(?<!\w)số\s{0,3}[:.]?\s{0,3}(?=\d)", re.IGNORECASE)
_MOTTO = re.compile(r"doc lap\s{0,3}[-–—]?\s{0,3}tu do\s{0,3}[-–—]?\s{0,3}hanh phuc")
_REPUBLIC = re.compile(r"CỘNG\s{0,3}H(?:ÒA|OÀ)\s{0,3}XÃ\s{0,3}HỘI", re.IGNORECASE)
_DATE = re.compile(r"ngày\s{1,3}\d{1,2}\s{1,3}tháng\s{1,3}\d{1,2}\s{1,3}năm\s{1,3}\d{4}")
_ADDRESS = re.compile(r"\s{0,9}kính gửi", re.IGNORECASE)
_DATELINE = re.compile(rf"[^,]{{2,40}},\s{{0,3}}{_DATE.pattern}\.?")
_MATTER = re.compile(r"\s{0,9}(?:V/v|Về việc)\b[\s:.]{0,3}(?P<subject>\S.{0,500})", re.IGNORECASE)
_LETTER = "Công văn"
_RULE_SIGNS = " \t-–—_*=.:"
_AFTER_SUBJECT = re.compile(
    r"\s{0,9}(?:căn cứ|theo đề nghị|xét|chương|phần|mục|điều|kính gửi|nơi nhận|[-_*]{3}"
    r"|quyết định\s{0,3}:|nghị định\s{0,3}:|thông tư\s{0,3}:)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"\s{0,5}(?:TM|KT|TL|TUQ|Q)\s{0,2}\."
    r"|[^a-zà-ỹđ]{0,60}(?:TƯỚNG|TRƯỞNG|CHỦ TỊCH(?: QUỐC HỘI| NƯỚC)?|GIÁM ĐỐC|BÍ THƯ)\s{0,9}\Z"
)
_NAME = re.compile(
    r"(?:(?:GS|PGS|TS|ThS|BS)\.?\s{0,2}){0,3}(?P<name>[A-ZĐÀ-Ỹ][a-zà-ỹđ]{0,8}"
    r"(?: [A-ZĐÀ-Ỹ][a-zà-ỹđ]{0,8}){1,5})"
)


def read_legal_head(lines: Sequence[str], has_articles: bool) -> LegalDocument | None:
    """Return the head of a legal document; None for lines that are none.

    Its number stands in a line of its own (`Số: …`) near the beginning, and two of the national
    motto, its kind in capitals (or whom it is addressed to) and articles prove that no text merely
    names the number.

    Args:
        lines: The lines of the document.
        has_articles: Whether it has articles (Điều).
    """
    head = [line[:_LONGEST_LINE] for line in lines[:_HEAD_LINES]]
    place, number = _find_number(head)
    if not number:
        return None
    kind_place, kind = _find_kind(head)
    # An official letter names no kind: it is addressed to somebody.
    is_addressed = any(map(_ADDRESS.match, head))
    has_motto = any(_MOTTO.search(fold(line)) for line in head)
    if sum((has_motto, bool(kind) or is_addressed, has_articles)) < 2:
        return None
    return LegalDocument(
        number=number,
        kind=kind or _kind_of_number(number) or (_LETTER if is_addressed else ""),
        issuer=_find_issuer(head[: place + 1]),
        signed=_find_signing_date(head),
        signer=_find_signer(lines),
        subject=_find_subject(head, kind_place),
    )


def _find_number(head: Sequence[str]) -> tuple[int, str]:
    """Return the place and the number of the document itself; empty if there is none."""
    for place, line in enumerate(head):
        label = _NUMBER_LABEL.search(line[:200])
        if not label:
            continue
        # In prose (`Căn cứ Luật số 35/2018/QH14`) words come before it.
        before = line[: label.start()]
        is_own = len(before.split()) <= 1 or before.isupper()
        for number in find_document_numbers(line):
            if number.start != label.end():
                continue
            if is_own or (_is_kind(before) and _ends_with_date(line[number.end :])):
                return place, number.text
    return 0, ""


def _is_kind(words: str) -> bool:
    """Tell whether words are the kind of a document (`Nghị quyết số: 42/2017/QH14`)."""
    return fold(words.strip(_RULE_SIGNS)) in dict(_KIND_WORDS)


def _ends_with_date(text: str) -> bool:
    """Tell whether nothing but a place and a date follows."""
    rest = text.strip(_RULE_SIGNS)
    return not rest or bool(_DATE.search(rest[:_LONGEST_DATE]))


def _find_kind(head: Sequence[str]) -> tuple[int, str]:
    """Return the place and the kind of a document in a line of capitals."""
    for place, line in enumerate(head):
        bare = line.strip(_RULE_SIGNS)
        if not bare.isupper():
            continue
        folded = fold(bare)
        for words, kind in _KIND_WORDS:
            is_begun = kind in _NAMED_IN_ONE_LINE and folded.startswith(f"{words} ")
            if folded == words or is_begun:
                return place, kind
    return -1, ""


def _kind_of_number(number: str) -> str:
    parts = re.split("[/-]", fold(number))
    return next((_KINDS_OF_SYMBOLS[part] for part in parts if part in _KINDS_OF_SYMBOLS), "")


def _find_issuer(head: Sequence[str]) -> str:
    """Return the body that lines name in capitals before the number or beside the republic."""
    names = []
    for line in head:
        name = _NUMBER_LABEL.split(_REPUBLIC.split(line)[0])[0].strip(_RULE_SIGNS)
        is_motto = _MOTTO.search(fold(name)) is not None
        if name.isupper() and not is_motto and len(name) < _LONGEST_ISSUER:
            names.append(name)
    return " ".join(names[:2])


def _find_signing_date(head: Sequence[str]) -> str:
    for line in head:
        match = _DATE.search(line)
        stated = date_in_text(match[0]) if match else None
        if stated:
            return stated.when.date().isoformat()
    return ""


def _find_subject(head: Sequence[str], kind_place: int) -> str:
    """Return the words below the kind; of a law (`LUẬT AN NINH MẠNG`) those behind it as well.

    Of an official letter they are those behind `V/v`.
    """
    if kind_place < 0:
        matters = filter(None, map(_MATTER.match, head))
        return next((" ".join(matter["subject"].split()) for matter in matters), "")
    first = head[kind_place].strip(_RULE_SIGNS)
    # The longest comes first: `thông tư liên tịch` is no `thông tư`.
    begun = [words for words, _ in _KIND_WORDS if f"{fold(first)} ".startswith(f"{words} ")]
    parts = [rest] if begun and (rest := first[len(begun[0]) :].strip()) else []
    for line in head[kind_place + 1 : kind_place + 1 + _SUBJECT_LINES]:
        bare = line.strip(_RULE_SIGNS)
        if (
            _AFTER_SUBJECT.match(line)
            or _DATELINE.fullmatch(bare)
            or (parts and line.endswith((";", ".")))
        ):
            break
        if bare:
            parts.append(bare)
    return " ".join(parts)[:_LONGEST_SUBJECT]


def _find_signer(lines: Sequence[str]) -> str:
    """Return the name in one of the lines below the last title of an office."""
    tail = [line[:_LONGEST_LINE] for line in lines[-_TAIL_LINES:]]
    signatures = [place for place, line in enumerate(tail) if _SIGNATURE.match(line)]
    for line in tail[signatures[-1] + 1 :] if signatures else ():
        match = _NAME.fullmatch(line.strip())
        if match:
            return match["name"]
    return ""
