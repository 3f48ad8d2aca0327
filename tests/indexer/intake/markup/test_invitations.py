"""Invitations and notices, and sentences that only begin like them."""

from __future__ import annotations

import pytest

from indexer.intake.markup.invitations import is_invitation, is_notice


@pytest.mark.parametrize(
    ("text", "link_share", "expected"),
    [
        ("Xem thêm:", 0.0, True),
        ("Xem thêm: Chợ nổi tạm ngừng họp", 0.8, True),
        ("Xem thêm hai cây cầu khác đang được xây ở xã bên", 0.0, False),
        (">> Chợ nổi tạm ngừng họp", 1.0, True),
        ("Read more", 0.0, True),
        ("Lesen Sie auch die folgenden Beiträge:", 0.0, True),
        ("Weitere Artikel", 0.0, True),
        ("Weitere Brücken werden im Frühjahr gebaut", 0.0, False),
        ("More people than ever read newspapers", 0.0, False),
        ("À lire aussi", 0.0, True),
        ("NOTAS RELACIONADAS", 0.0, True),
        ("Related", 0.0, True),
        ("Related by marriage, the two families own the bridge", 0.0, False),
        ("Category : Press Releases", 0.5, True),
        ("Follow us on Twitter and Facebook. Send us a message at any hour.", 0.0, True),
        ("Follow the river for three miles, then cross it.", 0.0, False),
        ("Đăng nhập hoặc mua gói để đọc tiếp bài viết này.", 0.0, True),
        ("Bạn cần đăng nhập để bình luận.", 0.2, True),
        ("Vui lòng đăng ký tài khoản để xem toàn bộ nội dung.", 0.0, True),
        ("Bài viết này chỉ dành cho thành viên.", 0.0, True),
        ("Đăng nhập vào hệ thống của xã, bà con nộp hồ sơ ngay ở nhà.", 0.0, False),
        ("Bài này dành tặng những người xây cầu.", 0.0, False),
        ("Subscribe now to continue reading.", 0.0, True),
        ("This article is for subscribers only.", 0.0, True),
        ("This article is for children of all ages.", 0.0, False),
        ("Để đọc tiếp, mời bạn đăng nhập hoặc mua gói thành viên.", 0.0, True),
        ("Để đọc bản thảo của cụ, ông lên thư viện tỉnh ba ngày.", 0.0, False),
        ("Bạn đã đọc hết số bài miễn phí trong tháng này.", 0.0, True),
        ("Bạn đã đọc hết cuốn sách về đò ngang chưa?", 0.0, False),
        ("This article is exclusive to our subscribers.", 0.0, True),
        ("This story is exclusive of all costs for the bridge.", 0.0, False),
        ("You have reached your limit of free articles this month.", 0.0, True),
        ("You have reached the bridge when you see the ferry.", 0.0, False),
        ("To continue reading, please subscribe.", 0.0, True),
        ("Bạn thích bài này? Đăng ký nhận bản tin tại đây!", 0.3, True),
        ("Bà con đăng ký mua bản tin của xã từ năm ngoái.", 0.0, False),
        ("Lust auf mehr? Melde dich hier für unseren Newsletter an!", 0.5, True),
        ("Viết bình luận của bạn:", 0.0, True),
        ("Bình luận đã đóng", 0.0, True),
        ("Viết bình luận bóng đá, anh mất ba giờ mỗi trận.", 0.0, False),
        ("Leave a reply", 0.0, True),
        ("Comments are closed.", 0.0, True),
        ("Comments are closed books to the ferryman", 0.0, False),
        ("Write a comment on the bridge and you are heard.", 0.0, False),
        ("You must be logged in to post a comment.", 0.3, True),
        ("Schreiben Sie einen Kommentar", 0.0, True),
        ("Um Kommentare zu schreiben, bitte anmelden.", 0.2, True),
        ("Um die Brücke zu kommentieren, fehlen ihm die Worte.", 0.0, False),
        ("Laisser un commentaire", 0.0, True),
        ("Deja un comentario", 0.0, True),
        ("Beitrag teilen", 0.0, True),
        ("Artikel teilen sich die beiden Redaktionen", 0.0, False),
        ("Quảng cáo", 0.0, True),
        ("Quảng cáo trên cầu bị cấm từ tháng sau", 0.0, False),
        ("Advertisement - Continue reading below", 0.0, True),
        ("Advertisements on the bridge are forbidden", 0.0, False),
        ("Nghe bài viết", 0.0, True),
        ("Nghe bài hát cũ trên đò, bà lại khóc.", 0.0, False),
        ("Theo dõi Báo Mẫu trên Google News", 0.0, True),
        ("Từ khóa: cầu, Hòa Bình", 0.4, True),
        ("", 0.0, False),
    ],
)
def test_an_invitation_says_nothing_else(text: str, link_share: float, expected: bool) -> None:
    assert is_invitation(text, link_share) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("© 2022 Báo Mẫu", True),
        ("Copyright 2022 Báo Mẫu", True),
        ("This text belongs to Báo Mẫu. All rights reserved.", True),
        ("Luật bản quyền được sửa sau mười năm.", False),
        ("The copyright law was changed.", False),
        ("", False),
    ],
)
def test_a_notice_says_whose_the_rights_are(text: str, expected: bool) -> None:
    assert is_notice(text) is expected
