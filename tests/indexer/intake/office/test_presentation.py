"""PowerPoint presentations: slides in their order, titles first, notes behind, no furniture."""

from __future__ import annotations

from indexer.intake.office.presentation import read_presentation
from tests.indexer.intake.office.made_packages import presentation, shape


def test_slides_are_sections_with_their_titles_and_notes() -> None:
    first = shape("Điểm một", "Điểm hai") + shape("Mùa lúa", kind="ctrTitle")
    second = (
        shape("7", kind="sldNum")
        + shape("Kết quả")
        + (
            "<p:graphicFrame><a:tbl><a:tr><a:tc><a:p><a:r><a:t>Lúa</a:t></a:r></a:p></a:tc>"
            "<a:tc><a:p><a:r><a:t>12</a:t></a:r></a:p></a:tc></a:tr></a:tbl></p:graphicFrame>"
        )
    )
    data = presentation(first, second, notes=shape("Nói chậm."))
    article = read_presentation(data, "a.pptx")
    assert article.title == "Mùa lúa"
    assert [(s.locator, s.heading, s.paragraphs) for s in article.sections] == [
        ("trang chiếu 1", "Mùa lúa", ("Điểm một", "Điểm hai", "Nói chậm.")),
        ("trang chiếu 2", "", ("Kết quả", "Lúa 12")),
    ]
