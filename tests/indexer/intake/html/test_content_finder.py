"""One made-up article in the shapes of newspapers' pages: what is read is always the same."""

from __future__ import annotations

from datetime import datetime
from string import Template

import pytest

from indexer.intake.html.page import read_html
from indexer.vietnamese.dates import VIETNAM
from tests.paths import DATA

PAGES = DATA / "pages"
TITLE = "Thư viện xã Hòa Bình mở cửa trở lại sau ba năm sửa chữa"
LEAD = (
    "Sau ba năm đóng cửa để thay mái và chuyển kho, thư viện của xã đón lại bạn đọc từ sáng"
    " nay, với một phòng đọc dành riêng cho trẻ em."
)
PARAGRAPHS = (
    "Sáng 19/12, hơn hai trăm người đã xếp hàng trước cổng thư viện từ lúc trời còn mờ sương."
    " Người đến sớm nhất là bà Tư, bán xôi ở chợ, mang theo thẻ bạn đọc đã cũ của con trai.",
    "Theo ban quản lý, phần mái ngói được thay toàn bộ, nền nhà nâng thêm nửa mét để tránh nước"
    " lũ, còn kho sách chuyển lên tầng hai cùng với hệ thống hút ẩm do tỉnh cấp.",
    "Khoảng một vạn cuốn sách và báo cũ đã được chụp lại trong hai năm qua. Bạn đọc có thể xem"
    " bản chụp tại chỗ, hoặc mượn bản giấy nếu cuốn đó còn từ hai bản trở lên trong kho.",
    "Phòng đọc thiếu nhi rộng tám mươi mét vuông, có bàn thấp, giá sách quay và một góc nghe kể"
    " chuyện vào chiều thứ bảy. Mỗi buổi nhận tối đa ba mươi em, phụ huynh ghi tên trước.",
    "Thư viện mở cửa từ 7 giờ 30 đến 19 giờ tất cả các ngày trong tuần, trừ thứ hai đầu tháng."
    " Năm tới xã dự định nối thêm một phòng cho người cao tuổi đọc báo và tập dùng máy tính.",
)
HEADINGS = ("Một vạn cuốn sách được chụp lại", "Phòng đọc cho thiếu nhi")
CAPTION = "Bạn đọc nhỏ tuổi trong phòng đọc mới sáng 19/12. Ảnh: Minh Tâm"
AUTHOR = "Lê Minh Tâm"
BESIDE = {
    "related": "Nhà hát tỉnh lùi ngày khai màn vì mưa lớn kéo dài",
    "summary": "Ban tổ chức cho biết vé đã bán vẫn có giá trị và sẽ đổi miễn phí tại quầy.",
    "comment": "Tôi chờ ngày này đã lâu, mong thư viện mở cả buổi tối cho người đi làm.",
    "hot": "Chợ nổi tạm ngừng họp ba ngày để nạo vét luồng vào",
    "menu": "Thể thao trong nước",
    "ad": "Mua một tặng một tại mọi cửa hàng trong tuần lễ vàng tri ân khách hàng thân thiết",
    "footer": "Cơ quan chủ quản: Hội Mẫu. Giấy phép số 1/GP-BTTTT. Tổng biên tập: Trần Văn Mẫu."
    " Tòa soạn: số 1 phố Mẫu, phường Mẫu, thành phố Mẫu. Đường dây nóng: 0900 000 000. Ghi rõ"
    " nguồn khi phát hành lại thông tin từ trang này, bản quyền thuộc về báo Mẫu từ năm 2010.",
}
WITHOUT_CATEGORY = ("bold_lead", "line_breaks", "wrapped_paragraphs")
WITHOUT_AUTHOR: tuple[str, ...] = ()


def page(name: str) -> str:
    values = {"title": TITLE, "lead": LEAD, "caption": CAPTION, "author": AUTHOR, **BESIDE}
    values |= {f"p{number}": text for number, text in enumerate(PARAGRAPHS, 1)}
    values |= {f"h{number}": text for number, text in enumerate(HEADINGS, 1)}
    values |= {"category": "Văn hóa", "author_upper": AUTHOR.upper()}
    values |= {"caption_text": CAPTION.partition(" Ảnh:")[0], "url": "https://example.vn/a-1.html"}
    return Template((PAGES / f"{name}.html").read_text(encoding="utf-8")).substitute(values)


NAMES = sorted(path.stem for path in PAGES.glob("*.html"))


@pytest.mark.parametrize("name", NAMES)
def test_the_text_is_the_articles_and_nothing_else(name: str) -> None:
    article = read_html(page(name), "page.html")
    assert article.title == TITLE
    assert article.lead.endswith(LEAD)
    paragraphs = [text for section in article.sections for text in section.paragraphs]
    assert paragraphs == list(PARAGRAPHS)
    assert [section.heading for section in article.sections] == ["", *HEADINGS]


@pytest.mark.parametrize("name", NAMES)
def test_captions_stand_apart_and_are_credited(name: str) -> None:
    (caption,) = read_html(page(name), "page.html").captions
    assert caption.text.startswith(CAPTION.partition(" Ảnh:")[0])
    assert caption.credit.lower() == "minh tâm"


@pytest.mark.parametrize("name", NAMES)
def test_date_and_names_are_found(name: str) -> None:
    article = read_html(page(name), "page.html")
    assert article.published == datetime(2022, 12, 19, 17, 2, tzinfo=VIETNAM)
    assert [author.title() for author in article.authors] == [AUTHOR]
    assert article.category == ("" if name in WITHOUT_CATEGORY else "Văn hóa")
