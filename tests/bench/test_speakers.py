"""The measure of speakers counts what is found, missed and wrong."""

from __future__ import annotations

from tests.bench.speakers import LabelledSentence, judge, read_labels
from tests.factories import article

TEXT = "Ông Ngô Văn Bình nói sẽ dừng. Hương than trời. Bà Lê Thị Mây kể."


def test_speakers_are_judged_sentence_by_sentence() -> None:
    labelled = [(0, 29, ((4, 16),)), (30, 46, ((30, 35),)), (47, 65, ())]
    counts = [
        judge(
            LabelledSentence("held back", "a", "x", 0, 0, start, end, spans, ()), article("T", TEXT)
        )
        for start, end, spans in labelled
    ]
    assert [(count["found"], count["missed"], count["wrong"]) for count in counts] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]


def test_the_labels_can_be_read() -> None:
    sentences = list(read_labels())
    assert len(sentences) == 400
    assert sum(len(sentence.speakers) for sentence in sentences) == 76
