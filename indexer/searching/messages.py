"""The Vietnamese sentence of a note, for the command line and the JSON interface."""

from __future__ import annotations

from indexer.searching.results import Note, NoteKind

_SENTENCES = {
    NoteKind.CUT: "Câu tìm quá dài: chỉ đọc {limit} ký tự đầu.",
    NoteKind.TOO_MANY_WORDS: "Câu tìm quá nhiều từ: chỉ đọc {limit} từ đầu.",
    NoteKind.QUOTE: "Thiếu dấu ngoặc kép đóng; đã tìm như các từ rời.",
    NoteKind.BRACKET: "Thiếu một dấu ngoặc đơn; đã bỏ qua dấu lẻ.",
    NoteKind.TOO_DEEP: "Ngoặc lồng quá {limit} lớp; đã bỏ qua các lớp sâu hơn.",
    NoteKind.WILDCARD: "Dấu * chỉ dùng được ở cuối một từ có ít nhất hai chữ.",
    NoteKind.DATE: "Không hiểu ngày tháng “{value}”.",
    NoteKind.KEYSTROKES: "Đọc theo kiểu gõ {method}: “{read}”.",
    NoteKind.ACRONYM: "Đã tìm cả “{long}” ({short}).",
    NoteKind.READING: "{text} ({documents} bài)",
    NoteKind.RELAXED: "Không bài nào có đủ mọi từ; đã bớt điều kiện.",
    NoteKind.SUGGESTION: "Ý bạn là “{text}”?",
    NoteKind.TIME: "Hết thời gian cho phép: đây là những gì đã tìm được.",
}


def message(note: Note) -> str:
    """What a note says, in Vietnamese."""
    if note.kind is NoteKind.RELAXED and note.param("left_out"):
        return f"Không bài nào có đủ mọi từ; đã bỏ bớt: {note.param('left_out')}."
    return _SENTENCES[note.kind].format_map(dict(note.params))
