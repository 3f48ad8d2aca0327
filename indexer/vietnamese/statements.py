"""Statements: who says something in running text, as in `ông Nam, giám đốc sở, cho biết`.

Only persons who are named count. A verb of saying is looked for first and its subject to its left;
besides there are `theo ông Nam` and a name before a colon. A short name is completed by the full
one of the same article.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Final

from indexer.vietnamese.name_words import (
    FORMS_OF_ADDRESS,
    NAMED_BODIES,
    PLACES,
    ROLES,
    TITLES,
    word_list,
)
from indexer.vietnamese.person_names import RUN, PersonName, read_person, run_start
from indexer.vietnamese.syllables import is_syllable

MOST_STATEMENTS: Final = 400
"""Statements of one article that are read."""

_MOST_LEFT: Final = 260
_MOST_BEFORE: Final = 60
_MOST_MENTIONS: Final = 3
_MOST_APPOSITION: Final = 170
_MOST_SUBJECT: Final = 110
_LONGEST_ANSWERER: Final = 125
_LONGEST_CREDIT: Final = 20
_LONGEST_HEAD: Final = 20
_LONGEST_LATER: Final = 70


def _alternatives(text: str) -> str:
    """Return a pattern of the entries of a text, parted by semicolons, by their first letters."""
    by_letter = defaultdict[str, list[str]](list)
    for entry in text.replace("\n", ";").split(";"):
        if words := " ".join(entry.split()):
            by_letter[words[0]].append(words[1:])
    return "|".join(
        f"{letter}(?:{'|'.join(sorted(rests, key=len, reverse=True))})"
        for letter, rests in by_letter.items()
    )


_VERBS: Final = _alternatives("""
    cho biết; cho hay; cho rằng; khẳng định; nhận định; nhận xét; nhấn mạnh; phát biểu
    tuyên bố; thừa nhận; cảnh báo; giải thích; lý giải; lí giải; tiết lộ; bình luận; tâm sự
    đề nghị; phân tích; thông báo; yêu cầu; kể lại; bày tỏ; chỉ rõ; chỉ ra; lưu ý; phản bác
    trần tình; than thở; quả quyết; xác nhận; thổ lộ; bộc bạch; trải lòng; khuyến cáo; kêu gọi
    nhớ lại; băn khoăn; đặt câu hỏi; đặt vấn đề; hé lộ; giãi bày; phủ nhận; phàn nàn; than phiền
    thắc mắc; nhắn nhủ; trình bày; lập luận; gợi ý; kiến nghị; trả lời; hồi tưởng; nêu quan điểm
    nêu rõ; nói thêm; khẳng khái; thốt lên; phân trần; nhắc lại
""")
_PARTIAL_VERBS: Final = r"""
    nói(?! (?:riêng|chung|chuyện|không với|dối|xấu|đùa|tiếng|lời|lái|ngọng|tục)\b)
    |chia sẻ(?! (?:những |loạt |một |bức |các )?(?:hình|ảnh|video|clip|đoạn|khoảnh khắc)\b)
    |kể(?! (?:từ|cả|trên|ra|đến|tới)\b)
    |hỏi(?= (?:rằng|lại|thẳng)\b|[,:]|[^.,]{0,25} [“\"])
    |đánh giá(?! cao\b)
    |bảo(?= (?:rằng|là|tôi|em)\b|[,:]|[^.,]{0,12} [“\"])
    |đáp(?= (?:rằng|lại|lời)\b|[,:.])
    |viết(?= (?:rằng|trên|trong thư)\b| ?["“':])
    |(?<!triển )(?<!công )(?<!kê )(?<!ly )khai(?! (?:thác|mạc|trương|giảng|sinh|phá|quật|hoang|hỏa
        |bút|man|gian|khống|tử|xuân|thông|thuế|hải quan|cuộc|sáng|mở|vị|triển|tâm)\b)
    |thông tin(?= (?:rằng|thêm|với)\b|[,:])
    |báo cáo(?= (?:rằng|với)\b|:)
    |dặn|nêu(?=:)
"""
_CUE: Final = re.compile(
    r" (?:" + _VERBS + "|" + re.sub(r"\s*\n\s*", "", _PARTIAL_VERBS) + r")(?!\w)"
)
_BEFORE_QUOTE: Final = re.compile(r":(?=\s?[\"“])")

_ADVERBS: Final = word_list("""
    cũng; đều; đã; vừa; mới; từng; lại; còn; thì; đang; vẫn; có; luôn; thường; hay; chỉ; liền; bèn
    cứ; mình; bất ngờ; thẳng thắn; xúc động; vô tư; tự tin; hài hước; buồn bã; nghẹn ngào
    bức xúc; hồ hởi; phấn khởi; vui vẻ; cười; lo lắng; lo ngại; khiêm tốn; dí dỏm; tiếp tục
    liên tục; lên tiếng; nhiều lần; chính thức; công khai; mạnh mẽ; bóng gió; dứt khoát
    nhanh chóng; lập tức; ngay lập tức; một lần nữa; thêm; tiếp; sau đó; trước đó; mới đây
    gần đây; hào hứng; hóm hỉnh; thật thà; chân thành; nghiêm túc; bình thản; mỉm cười; tỏ ra
    đồng thời; khi đó; lúc đó; bỗng; chợt; rưng rưng; bật khóc; khóc; ngậm ngùi; chua xót
    phẫn nộ; giận dữ; tức giận; hoang mang; trăn trở; bùi ngùi; tự hào; nhẹ nhàng; từ tốn
    thủ thỉ; không ngần ngại; hạnh phúc; vui mừng; thành thật; thú thật; nói; chia sẻ; phát biểu
    trả lời; kể; viết; tâm sự; nhấn mạnh; giải thích; trên; rồi; cùng ngày; vừa qua; tại đây
    tuần trước; năm ngoái; năm nay; này; hôm đó
""")
_TIME: Final = re.compile(
    r"[ ,]*(?<!\w)(?:vào |trong |hồi |từ )?"
    r"(?:(?:rạng )?(?:sáng|trưa|chiều|tối|đêm|hôm|ngày|tháng|năm|thứ)\b ?)+"
    r"(?:(?:hôm |ngày |thứ )*(?:nay|qua|kia|sau|hai|ba|tư|năm|sáu|bảy|chủ nhật|\d[\d/.\-]*)"
    r"(?: ?\([\d/.\-]+\))?(?: và \d[\d/.\-]*)?)$",
    re.IGNORECASE,
)
_TIME_ENDINGS: Final = tuple("nay qua kia sau ) hai ba tư năm sáu bảy nhật".split())
_LONGEST_TIME: Final = 40
_LONGEST_ADVERB: Final = 3
_BRACKETS: Final = re.compile(r" ?\([^()]*\)$")

_OPEN: Final = frozenset(
    "không chưa chẳng chả sẽ hãy phải cần nên muốn định thể chối được bị để bài bản lời việc "
    "sự câu cuộc những một các tiếng khỏi đừng khó dám thôi ngừng tránh nghe theo đáng mọi "
    "nhiều mỗi của và hoặc thông đơn công văn do bởi qua tin buổi kết từ ai nào người tự".split()
)
"""Words before a verb with which it says nothing, or which make it a noun."""

_BOUNDARY: Final = re.compile(r"[.!?…;:][\"”’»)]*\s+(?=[^a-z\s])")
_QUOTATION_MARKS: Final = '"“”«»\n'
_APPOSITION: Final = re.compile(
    rf" ?(?:\([^()]*\) ?)?(?:,|[-–—]|\() ?(?:\d+ tuổi|(?:{ROLES})(?!\w))", re.I
)
_CLAUSE_START: Final = re.compile(
    r"(?:^|[,:\"“”–-] ?|\bdẫn lời )"
    rf"(?:(?:{'|'.join(sorted(FORMS_OF_ADDRESS))}|{ROLES})(?!\w)[^,:.]{{0,40}})?$",
    re.IGNORECASE,
)
"""What stands before the subject of a clause: nothing, or its titles."""

_PLACE_OR_TIME: Final = re.compile(
    r" (?:của|thuộc|đến từ|trong|tại|ở|vào|từ|hôm|ngày|sáng|chiều|tối|khi trả lời|trao đổi với|"
    r"chia sẻ với|trả lời|phát biểu|nói với|trên|nhân|qua) (?:(?! và )[^,.;:]){0,100}$"
)
_PRONOUN: Final = re.compile(r"[^.]{0,60}\b(?<!chúng )(?:ông|bà|anh|cô|chị|mình|tôi)\b(?! [A-ZĐ])")
"""What shows that a name before a verb of saying is a person's: `Mai cho biết cô…`."""

_SEGMENT: Final = re.compile(r"(?:,| [-–—]) ?")

_ACCORDING: Final = re.compile(
    r"heo (?!(?:dõi|đuổi|chân|sau|học|đó|kịp|gương|yêu|quy)\b)"
    r"(?:(?:lời(?: kể)?|chia sẻ|nhận định|nhận xét|ý kiến|đánh giá|phân tích|quan điểm|giải thích|"
    r"tiết lộ|thông tin)(?: của| từ)? )?"
)
_BEFORE_ACCORDING: Final = re.compile(
    r"(?:(?:^|[.;,:”\"»)…!?–-]) ?|\b[Cc](?:ũng|òn) )[Tt]$|[^\W\dA-Z_] T$"
)
"""A capital within a line begins a sentence whose end was forgotten."""
_SUBJECT_END: Final = re.compile(r",| ?\(| [-–—] | thì | cho (?:biết|hay)|:|[.;](?:\s|$)|$")
_CREDIT: Final = re.compile(r"[ .]*(?:\([^()]*\)?)?[ .]*")
"""What follows in the last line of an article, which names its source: `Theo Mai (Báo A)`."""

_BEFORE_COLON: Final = re.compile(r"[-–+•*\s]*([^:\n“”\"]{3,120}):\s(?!\d)")
_COLON: Final = re.compile(r":\s(?!\d)")
_LATER_ANSWERER: Final = re.compile(r"[.!?…”\"][-–+•*\s]+([^:\n“”\".!?]{3,60})$")
"""A person who answers within a paragraph: `… khi nào? - Thứ trưởng Mai: …`."""

_NO_SPEECH: Final = re.compile(
    r"(?:ảnh|nguồn|video|clip|theo|bài|tin|đồ họa|thực hiện|xem|trong)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement: the paragraph, where the speaker is named in it, and the full name."""

    paragraph: int
    start: int
    end: int
    speaker: str


@dataclass(frozen=True, slots=True)
class _Subject:
    """A possible speaker: where the name is in its paragraph, and what it was read as."""

    start: int
    end: int
    person: PersonName


def find_statements(paragraphs: Sequence[str], headline: str = "") -> list[Statement]:
    """Return the statements of named persons in the paragraphs of an article.

    Args:
        paragraphs: canonical texts.
        headline: text that names persons as well, title and lead.
    """
    names = _FullNames((headline, *paragraphs))
    statements: list[Statement] = []
    for number, paragraph in enumerate(paragraphs):
        spans = set[tuple[int, int]]()
        for subject in _subjects(paragraph):
            span = subject.start, subject.end
            name = paragraph[subject.start : subject.end]
            if span in spans or not (speaker := names.complete(name, subject.person)):
                continue
            spans.add(span)
            statements.append(Statement(number, *span, speaker))
            if len(statements) == MOST_STATEMENTS:
                return statements
    return statements


def _subjects(paragraph: str) -> Iterator[_Subject]:
    """Yield the possible speakers of a paragraph."""
    for cue in chain(_CUE.finditer(paragraph), _BEFORE_QUOTE.finditer(paragraph)):
        subject = _subject_before(paragraph, cue.start(), is_verb=cue[0] != ":")
        if subject and not subject.person.is_certain and _PRONOUN.match(paragraph, cue.end()):
            person = replace(subject.person, is_whole=True)
            subject = replace(subject, person=person)
        if subject:
            yield subject
    for source in _ACCORDING.finditer(paragraph):
        if not _BEFORE_ACCORDING.search(paragraph[max(0, source.start() - 8) : source.start()]):
            continue
        if subject := _subject_after(paragraph, source.end()):
            yield subject
    is_answer = ": " in paragraph[:_LONGEST_ANSWERER]
    answer = _BEFORE_COLON.match(paragraph) if is_answer else None
    if answer and not _NO_SPEECH.match(answer[1]):
        subject = _direct_subject(answer[1], answer.start(1)) or _apposed_subject(
            answer[1], answer.start(1)
        )
        if subject and subject.person.has_title and subject.start - answer.start(1) < 40:
            yield subject
    yield from _later_answers(paragraph)


def _later_answers(paragraph: str) -> Iterator[_Subject]:
    """Yield who answers within a paragraph: nothing but titles stands before the name."""
    for colon in _COLON.finditer(paragraph):
        first = max(0, colon.start() - _LONGEST_LATER)
        answer = _LATER_ANSWERER.search(paragraph, first, colon.start())
        subject = _direct_subject(answer[1], answer.start(1)) if answer else None
        if not answer or not subject:
            continue
        before = paragraph[answer.start(1) : subject.start].lower().split()
        if before and TITLES.ending(before) == " ".join(before):
            yield subject


def _subject_before(text: str, end: int, is_verb: bool) -> _Subject | None:
    """Return the named person who is the subject of a verb, or of a quotation after a colon."""
    offset = max(0, end - _MOST_LEFT)
    left = _strip_adverbs(text[offset:end])
    if left.rpartition(" ")[2].lower() in _OPEN:
        return None
    direct = _direct_subject(left, offset)
    has_title = direct is not None and direct.person.has_title
    if direct and has_title and direct.person.is_whole:
        return direct
    start = max(map(left.rfind, _QUOTATION_MARKS)) + 1
    for boundary in _BOUNDARY.finditer(left, start):
        start = boundary.end()
    if direct and direct.person.is_whole and is_verb:
        apposed = _apposed_subject(left[start:], offset + start)
        begins = apposed and _CLAUSE_START.search(text[offset + start : apposed.start])
        is_closed = text.startswith(",", offset + len(left))
        return apposed if begins and _ends_apposition(text, direct, is_closed) else direct
    if subject := _apposed_subject(left[start:], offset + start, is_verb and not has_title):
        return subject
    return direct if is_verb or has_title else None


def _ends_apposition(text: str, direct: _Subject, is_closed: bool) -> bool:
    """Tell whether a name ends what is said of another: `ông Nam, giám đốc sở Hà Đông, cho biết`.

    Behind a comma it does if another one closes the apposition.
    """
    return is_closed or not text[: direct.start].rstrip().endswith(",")


def _strip_adverbs(left: str) -> str:
    """Return a text without adverbs, times and commas at its end."""
    while left := left.rstrip(" ,"):
        is_time = left[-1].isdigit() or left.endswith(_TIME_ENDINGS)
        if is_time and (time := _TIME.search(left, max(0, len(left) - _LONGEST_TIME))):
            left = left[: time.start()]
            continue
        words = left.rsplit(" ", _LONGEST_ADVERB)[-_LONGEST_ADVERB:]
        adverb = _ADVERBS.ending([word.lower() for word in words])
        if not adverb:
            break
        left = left[: -len(adverb)]
    left = left.rstrip(" -–—")
    return _BRACKETS.sub("", left) if left.endswith(")") else left


def _direct_subject(left: str, offset: int) -> _Subject | None:
    """Return the person whose name a text ends with."""
    start = run_start(left)
    return _read(left, (start, len(left)), offset) if start < len(left) else None


def _apposed_subject(left: str, offset: int, is_verb: bool = False) -> _Subject | None:
    """Return the person whose name does not end a text, but its subject: `ông Nam, giám đốc sở`.

    What follows the name is an apposition, or before a verb a place or a time.
    """
    for run in reversed(list(RUN.finditer(left))):
        end = run.end()
        if len(left) - end > _MOST_APPOSITION:
            return None
        is_apposed = _APPOSITION.match(left, end) and _ends_as_noun(left[end:])
        if not is_apposed and not (is_verb and _PLACE_OR_TIME.match(left, end)):
            continue
        subject = _read(left, run.span(), offset)
        if subject and subject.person.is_certain:
            return None if _CUE.search(left, end) else subject
    return None


def _ends_as_noun(apposition: str) -> bool:
    """Tell whether the last part of an apposition is a noun again, and no new clause."""
    last = _SEGMENT.split(apposition)[-1].lstrip(" -–—")
    return not last or last[0].isupper() or re.match(rf"(?:{ROLES})(?!\w)", last, re.I) is not None


def _subject_after(paragraph: str, start: int) -> _Subject | None:
    """Return the person named behind `theo`, to whom a sentence is ascribed."""
    text = paragraph[start : start + _MOST_SUBJECT]
    end = _SUBJECT_END.search(text)
    is_line_of_its_own = start < _LONGEST_CREDIT or paragraph.startswith("Theo ", start - 5)
    if end and is_line_of_its_own and _CREDIT.fullmatch(text, end.start()):
        return None
    return _direct_subject(text[: end.start()], start) if end else None


def _read(left: str, run: tuple[int, int], offset: int) -> _Subject | None:
    """Return the subject whose name is a run of capitalized words in a text."""
    start, end = run
    before = left[max(0, start - _MOST_BEFORE) : start]
    before = before[max(map(before.rfind, _QUOTATION_MARKS)) + 1 :]
    person = read_person(left[start:end].split(" "), before)
    if person is None or person.is_related:
        return None
    for _ in range(person.start):
        start = left.index(" ", start) + 1
    return _Subject(offset + start, offset + end, person)


def _is_named_body(before: Sequence[str]) -> bool:
    """Tell whether words before a name say that it is a body: `tờ`, but not `nhà báo`."""
    return bool(NAMED_BODIES.ending(before)) and not TITLES.ending(before)


class _FullNames:
    """The full names in an article, by the short ones that stand for them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._text = "\n".join(texts)
        self._found: dict[str, str] = {}
        self._bodies: dict[str, bool] = {}

    def complete(self, name: str, person: PersonName) -> str:
        """Return the full name of a person; an empty text if it may not be a person's."""
        if person.is_whole and " " in name and all(map(is_syllable, name.split())):
            return name
        if self._is_body(name):
            return ""
        if person.is_whole and " " in name:
            return name
        if name not in self._found:
            self._found[name] = ""
            for full_name in islice(self._full_names(name), _MOST_MENTIONS):
                self._found[name] = full_name
                if full_name != name:
                    break
        return self._found[name] or (name if person.is_certain else "")

    def _is_body(self, name: str) -> bool:
        """Tell whether the article says of a name what body it is, and nowhere `ông` or `bà`."""
        if name not in self._bodies:
            pieces = self._text.split(f" {name}")[:-1]
            befores = [piece[-_LONGEST_HEAD:].lower().split() for piece in pieces]
            self._bodies[name] = any(map(_is_named_body, befores)) and not any(
                not FORMS_OF_ADDRESS.isdisjoint(before[-1:]) for before in befores
            )
        return self._bodies[name]

    def _full_names(self, name: str) -> Iterator[str]:
        """Yield the names of persons, with a title or whole, that end with a name."""
        words, place = name.split(), -1
        while (place := self._text.find(name, place + 1)) >= 0:
            before = self._text[max(0, place - _MOST_BEFORE) : place]
            rest = RUN.match(self._text, place)
            if before[-1:].isalnum() or rest is None:
                continue
            first = run_start(before.rstrip(" ")) if before.endswith(" ") else len(before)
            run_words = before[first:].split() + rest[0].split()
            person = read_person(run_words, before[:first].rpartition("\n")[2])
            if person is None or not person.is_certain:
                continue
            full = run_words[person.start :]
            if full[1:] == words and full[0].lower() in PLACES:
                continue
            is_first = full[: len(words)] == words and not any(map(is_syllable, full))
            if full[-len(words) :] == words or (is_first and person.has_title):
                yield " ".join(full)
