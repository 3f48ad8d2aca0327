"""The sentences of notices, in Vietnamese and English: one catalogue for all that shows them."""

from __future__ import annotations

from typing import Final, NamedTuple

from msgspec import structs

from indexer.search.query_notices import (
    AcronymNotice,
    ArticleNotice,
    BracketNotice,
    CutNotice,
    DateNotice,
    DepthNotice,
    DiacriticsNotice,
    EmptyDateNotice,
    EmptyFieldNotice,
    EmptyNotice,
    FieldNotice,
    FieldValueNotice,
    IgnoredNotice,
    KeystrokesNotice,
    LookupNotice,
    MissingPartNotice,
    NegationNotice,
    NoArticleNotice,
    Notice,
    OperatorNotice,
    QueryNotice,
    QuoteNotice,
    RelaxedNotice,
    RepairNotice,
    SignNotice,
    SlopNotice,
    SpellingNotice,
    SuggestionNotice,
    TimeNotice,
    UndatedNotice,
    WildcardNotice,
    WordLimitNotice,
)


class Sentence(NamedTuple):
    """A sentence in both languages; `{name}` stands for an attribute of the notice."""

    vi: str
    en: str


SENTENCES: Final[dict[type[QueryNotice], Sentence]] = {
    CutNotice: Sentence(
        "Câu tìm quá dài: chỉ đọc {limit} ký tự đầu.",
        "The query is too long: only its first {limit} characters were read.",
    ),
    WordLimitNotice: Sentence(
        "Câu tìm quá nhiều từ: chỉ đọc {limit} từ đầu.",
        "The query has too many words: only the first {limit} were read.",
    ),
    QuoteNotice: Sentence(
        "Thiếu dấu ngoặc kép đóng; đã tìm như các từ rời.",
        "A quotation mark is never closed; its words were searched for one by one.",
    ),
    BracketNotice: Sentence(
        "Thiếu một dấu ngoặc đơn; đã bỏ qua dấu lẻ.",
        "A bracket without its partner was passed over.",
    ),
    DepthNotice: Sentence(
        "Ngoặc lồng quá {limit} lớp; đã bỏ qua các lớp sâu hơn.",
        "Brackets nested deeper than {limit} were passed over.",
    ),
    WildcardNotice: Sentence(
        "Đã bỏ qua một mẫu: dấu * hoặc ? không được đứng đầu một từ, dấu * ở cuối cần ít nhất hai "
        "chữ trước nó, sau ~ chỉ có 1 hoặc 2.",
        "A pattern was left out: a * or ? cannot begin a word, a * at its end needs two letters "
        "before it, and only 1 or 2 may follow a ~.",
    ),
    DateNotice: Sentence(
        "Không hiểu ngày tháng “{value}”.",
        "“{value}” was not understood as a date.",
    ),
    FieldNotice: Sentence(
        "Không có trường nào tên như “{value}”; đã bỏ qua. Các trường: {known}.",
        "There is no such field as in “{value}”, which was left out. The fields: {known}.",
    ),
    FieldValueNotice: Sentence(
        "Không có trường “{value}”; phần sau dấu hai chấm được tìm trong toàn bài. Các trường: "
        "{known}.",
        "There is no field “{value}”; what follows the colon was searched for in the whole text. "
        "The fields: {known}.",
    ),
    EmptyFieldNotice: Sentence(
        "Không bài nào có “{value}” ở {field}:; bỏ {field}: để tìm trong toàn bài.",
        "No article has “{value}” in {field}:; without {field}: the whole text is searched.",
    ),
    EmptyDateNotice: Sentence(
        "Không bài nào thuộc thời gian “{value}”.",
        "No article is of the time “{value}”.",
    ),
    UndatedNotice: Sentence(
        "Không bài nào trong kho có ngày tháng; hãy bỏ điều kiện ngày.",
        "No article of this archive has a date; leave the date out.",
    ),
    LookupNotice: Sentence(
        "“{value}” chỉ mở được một bài khi đứng một mình; đã bỏ qua.",
        "“{value}” opens an article only when it stands alone; it was left out.",
    ),
    ArticleNotice: Sentence(
        "“{value}” là địa chỉ hoặc mã của bài này.",
        "“{value}” is the address or identifier of this article.",
    ),
    NoArticleNotice: Sentence(
        "Không có bài nào với địa chỉ hoặc mã “{value}”; đã tìm các từ trong đó.",
        "No article has the address or identifier “{value}”; its words were searched for.",
    ),
    IgnoredNotice: Sentence(
        "“{value}” không có nghĩa ở đây; đã bỏ qua.",
        "“{value}” means nothing here and was left out.",
    ),
    SlopNotice: Sentence(
        "Các từ của một cụm chỉ được cách nhau nhiều nhất {limit} từ.",
        "No more than {limit} other words may stand among those of a phrase.",
    ),
    OperatorNotice: Sentence(
        "“{word}” được tìm như một từ; viết hoa {operator} để tìm một trong hai vế.",
        "“{word}” was searched for as a word; write {operator} for either side.",
    ),
    NegationNotice: Sentence(
        "“{word}” được tìm như một từ; viết NOT hoặc dấu - để loại trừ.",
        "“{word}” was searched for as a word; write NOT or - to leave out what follows.",
    ),
    SignNotice: Sentence(
        "{sign} chỉ áp dụng cho “{word}”; cho cả cụm, hãy viết {sign}“{unit}”.",
        "{sign} is for “{word}” alone; for both words write {sign}“{unit}”.",
    ),
    EmptyNotice: Sentence(
        "Câu tìm không có từ nào để tìm.",
        "There is nothing to search for in the query.",
    ),
    KeystrokesNotice: Sentence(
        "Đọc theo kiểu gõ {method}: “{read}”.",
        "Read as {method} keystrokes: “{read}”.",
    ),
    AcronymNotice: Sentence(
        "Đã tìm cả “{long}” ({short}).",
        "Also searched for “{long}” ({short}).",
    ),
    SpellingNotice: Sentence(
        "Đã tìm cả cách viết “{text}”.",
        "Also searched for the spelling “{text}”.",
    ),
    DiacriticsNotice: Sentence("{text} ({documents} bài)", "{text} (articles: {documents})"),
    RelaxedNotice: Sentence(
        "Không bài nào có đủ mọi từ; đã bớt điều kiện.",
        "No article has all the words; fewer were required.",
    ),
    SuggestionNotice: Sentence("Ý bạn là “{text}”?", "Did you mean “{text}”?"),
    RepairNotice: Sentence("Đã tìm cả “{text}”.", "Also searched for “{text}”."),
    MissingPartNotice: Sentence(
        "Một phần của kho đang tạm vắng: kết quả và các con số có thể thiếu.",
        "A part of the archive is away for now: results and figures may be missing.",
    ),
    TimeNotice: Sentence(
        "Hết thời gian cho phép: đây là những gì đã tìm được.",
        "Time ran out: this is what was found so far.",
    ),
}

_PART = SENTENCES[RelaxedNotice]
_LEFT_OUT = "Không bài nào có đủ mọi từ; đã bỏ bớt: {words}."
_APART = Sentence(
    "Không bài nào viết đúng và liền nhau như vậy; {apart} bài có đủ các từ, rời nhau hay khác"
    " dấu.",
    "No article has them in a row and spelt so; articles with all the words apart or with other"
    " diacritics: {apart}.",
)
_NEAR = Sentence(
    "Không bài nào viết đúng như trong ngoặc kép; đây là những bài có các từ ấy ở gần nhau.",
    "No article has what is quoted in these words; here they stand near one another.",
)


def sentence_of(notice: Notice, language: str) -> str:
    """Return the sentence of a notice in Vietnamese (`vi`) or English (`en`)."""
    if language == "vi":
        return with_message(notice).message
    return find_sentence(notice).en.format_map(structs.asdict(notice))


def with_message(notice: Notice) -> Notice:
    """Return a notice that carries its Vietnamese sentence."""
    if isinstance(notice, RelaxedNotice) and notice.left_out and find_sentence(notice) is _PART:
        sentence = _LEFT_OUT.format(words=", ".join(notice.left_out))
    else:
        sentence = find_sentence(notice).vi.format_map(structs.asdict(notice))
    return structs.replace(notice, message=sentence)


def find_sentence(notice: QueryNotice) -> Sentence:
    """Return the sentence of a notice with its placeholders."""
    if isinstance(notice, RelaxedNotice) and notice.near:
        return _NEAR
    is_apart = isinstance(notice, RelaxedNotice) and notice.apart
    return _APART if is_apart else SENTENCES[type(notice)]
