"""The Vietnamese sentence of a note, for the command line and the JSON interface."""

from __future__ import annotations

from indexer.search.search_records import NoticeKind, QueryNotice

_SENTENCES = {
    NoticeKind.CUT: "Câu tìm quá dài: chỉ đọc {limit} ký tự đầu.",
    NoticeKind.TOO_MANY_WORDS: "Câu tìm quá nhiều từ: chỉ đọc {limit} từ đầu.",
    NoticeKind.QUOTE: "Thiếu dấu ngoặc kép đóng; đã tìm như các từ rời.",
    NoticeKind.BRACKET: "Thiếu một dấu ngoặc đơn; đã bỏ qua dấu lẻ.",
    NoticeKind.TOO_DEEP: "Ngoặc lồng quá {limit} lớp; đã bỏ qua các lớp sâu hơn.",
    NoticeKind.WILDCARD: "Dấu * chỉ dùng được ở cuối một từ có ít nhất hai chữ.",
    NoticeKind.DATE: "Không hiểu ngày tháng “{value}”.",
    NoticeKind.KEYSTROKES: "Đọc theo kiểu gõ {method}: “{read}”.",
    NoticeKind.ACRONYM: "Đã tìm cả “{long}” ({short}).",
    NoticeKind.READING: "{text} ({documents} bài)",
    NoticeKind.RELAXED: "Không bài nào có đủ mọi từ; đã bớt điều kiện.",
    NoticeKind.SUGGESTION: "Ý bạn là “{text}”?",
    NoticeKind.TIME: "Hết thời gian cho phép: đây là những gì đã tìm được.",
}


def message(note: QueryNotice) -> str:
    """What a note says, in Vietnamese."""
    if note.kind is NoticeKind.RELAXED and note.param("left_out"):
        return f"Không bài nào có đủ mọi từ; đã bỏ bớt: {note.param('left_out')}."
    return _SENTENCES[note.kind].format_map(dict(note.params))
