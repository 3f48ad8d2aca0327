"""Words around names: surnames, titles before a person's name, places, and heads of other names.

Compiled for this program. Words are in lower case; entries of several words are separated by
semicolons.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

SURNAMES: Final = frozenset(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý lí đào đinh lâm "
    "mai tô trịnh trương đoàn cao phùng tạ hà thái châu lương lưu tăng tống vương quách doãn "
    "kiều chu khuất nông giàng triệu thạch nghiêm mạc hứa thân văn tôn đàm vi lò vừ sùng lục "
    "hoa bạch cù giang khổng la quang từ ông viên lại mẫn phó thích sầm tòng rơ y h'".split()
) - frozenset("quang từ ông viên lại mẫn phó hoa giang y h' văn vi bạch".split())
"""The surnames that are commoner as such than as other words."""


class WordList(frozenset[str]):
    """Entries of one or more words, looked up at the end of others."""

    def __init__(self, entries: Iterable[str]) -> None:
        """Remember the lengths of entries by their last words, so that most look-ups end there."""
        super().__init__()
        lengths = defaultdict[str, set[int]](set)
        for entry in self:
            lengths[entry.rpartition(" ")[2]].add(entry.count(" ") + 1)
        # The longest come first.
        self._lengths = {word: sorted(counts)[::-1] for word, counts in lengths.items()}

    def ending(self, words: Sequence[str]) -> str:
        """Return the longest entry that some words end with; an empty text if there is none."""
        for length in self._lengths.get(words[-1].rstrip("."), ()) if words else ():
            if length <= len(words) and (ending := " ".join(words[-length:]).rstrip(".")) in self:
                return ending
        return ""


def word_list(text: str) -> WordList:
    """Return the entries of a text, parted by semicolons and lines."""
    entries = (" ".join(entry.split()) for entry in text.replace("\n", ";").split(";"))
    return WordList(filter(None, entries))


TITLES: Final = word_list("""
    đàn anh; đàn chị; đàn em; ông; bà; anh; chị; cô; chú; bác; em; cụ; thầy; ngài; cháu; nàng
    cậu; dì; mợ; thím; dượng; bé
    chàng; đồng chí; tên; họ tên; bác sĩ; bác sỹ; y sĩ; dược sĩ; bs; bsckii; bscki; kỹ sư; ks
    luật sư; ls; giáo sư; gs; pgs; ts; ths; tiến sĩ; tiến sỹ; thạc sĩ; thạc sỹ; viện sĩ
    kiến trúc sư; kts; nhà giáo; ngưt; ngnd; nhà báo; nhà văn; nhà thơ; nhạc sĩ; nhạc sỹ; ca sĩ
    ca sỹ; diễn viên; đạo diễn; người mẫu; hoa hậu; á hậu; á khôi; hoa khôi; mc; dj; rapper
    ca nương; nghệ sĩ; nghệ sỹ; nghệ nhân; họa sĩ; hoạ sĩ; nsưt; nsnd; biên đạo; vũ công
    danh hài; nam vương; người đẹp; siêu mẫu; chân dài; stylist; hlv; huấn luyện viên; cầu thủ
    tiền đạo; tiền vệ; hậu vệ; trung vệ; thủ môn; thủ thành; đội trưởng; thủ quân; chân sút
    danh thủ; tuyển thủ; blv; bình luận viên; trọng tài; tay vợt; võ sĩ; võ sỹ; võ sư; kỳ thủ
    vđv; vận động viên; tay đua; tay đấm; kình ngư; cựu binh; thuyền trưởng; ngôi sao
    tổng thống; phó tổng thống; thủ tướng; phó thủ tướng; chủ tịch; phó chủ tịch; chủ tịch nước
    phó chủ tịch nước; chủ tịch quốc hội; phó chủ tịch quốc hội; bộ trưởng; thứ trưởng
    ngoại trưởng; đại sứ; bí thư; phó bí thư; tổng bí thư; tổng thư ký; giám đốc; phó giám đốc
    tổng giám đốc; phó tổng giám đốc; tgđ; cục trưởng; phó cục trưởng; vụ trưởng; phó vụ trưởng
    chánh văn phòng; chánh thanh tra; trưởng phòng; phó trưởng phòng; trưởng ban; phó trưởng ban
    viện trưởng; phó viện trưởng; hiệu trưởng; phó hiệu trưởng; trưởng khoa; chủ nhiệm
    phó chủ nhiệm; tổng cục trưởng; trưởng công an; đại biểu; đb; đbqh; nghị sĩ; nghị sỹ
    thượng nghị sĩ; hạ nghị sĩ; dân biểu; thống đốc; thị trưởng; tỉnh trưởng; quốc vương
    nữ hoàng; vua; hoàng tử; hoàng thân; thái tử; công chúa; công nương; giáo hoàng; hòa thượng
    thượng tọa; đại đức; linh mục; giám mục; hồng y; đại tướng; thượng tướng; trung tướng
    thiếu tướng; chuẩn tướng; tướng; đại tá; thượng tá; trung tá; thiếu tá; đại úy; đại uý
    thượng úy; thượng uý; trung úy; trung uý; thiếu úy; thiếu uý; đô đốc; phát ngôn viên
    người phát ngôn; phát ngôn nhân; biên tập viên; btv; phóng viên; pv; nhà sản xuất
    nhà khoa học; chuyên gia; nhà nghiên cứu; nhà phân tích; nhà sử học; nhà ngoại giao; cố vấn
    ceo; cfo; nhà sáng lập; sáng lập viên; tỷ phú; tỉ phú; triệu phú; doanh nhân; nhà tạo mẫu
    nhà thiết kế; ntk; sinh viên; học sinh; giáo viên; cô giáo; thầy giáo; bệnh nhân; tài xế
    lái xe; phi công; ngư dân; bị cáo; bị can; nghi can; nghi phạm; đối tượng; nạn nhân
    nhân chứng; thẩm phán; chủ tọa; công tố viên; kiểm sát viên; điều tra viên; độc giả; bạn đọc
    nữ sinh; nam sinh; thí sinh; thủ khoa; hot girl; hot boy; giảng viên; nhân viên; thư ký
    tổng biên tập; nhà đầu tư; chủ tịch hđqt; trưởng đoàn; thẩm mỹ; facebooker; vlogger; blogger
    youtuber; tiktoker; giám khảo; huyền thoại; nhà vô địch; vợ chồng; cựu danh thủ; trợ lý
    nhạc trưởng; bầu; ông chủ; ông trùm; tác giả; chiến lược gia; bác tài; trưởng thôn
    nghệ sĩ nhiếp ảnh; nhiếp ảnh gia; nghệ sĩ ưu tú; nghệ sĩ nhân dân; nhà giáo ưu tú; nhà bình luận
    nhà quan sát; nhà phê bình; luật gia; lương y; phó giáo sư; giám đốc điều hành; tư lệnh
    phó tư lệnh; chính ủy; đặc phái viên; đặc sứ; tổng lãnh sự; chuẩn đô đốc; thủ hiến; thủ lĩnh
    hiệu phó; phó hiệu trưởng; phó trưởng khoa; tổng tham mưu trưởng; phó thống đốc; anh hùng
    trưởng bản; già làng; chủ quán; chủ nhà; đồn trưởng; đội phó; phó trưởng công an; võ sinh
""")
"""What stands before the name of a person, and of nothing else."""

FORMS_OF_ADDRESS: Final = frozenset(
    "ông bà anh chị cô chú bác em cụ thầy cháu cậu dì mợ thím dượng bé".split()
)
"""The titles that no country follows: `chị Nga`, but `tổng thống Nga`."""

PRONOUNS: Final = frozenset(
    "ông bà chị chú cụ thầy ngài cậu dì mợ thím dượng mẹ bố cha má họ nó hắn gã ả tôi tao tớ mình "
    "ta chúng nàng chàng ai".split()
)
"""Words for persons that are nobody's name, with a capital and a title neither."""

PRONOUNS_ALONE: Final = frozenset("anh em cô bác cháu bạn con bé lão y thị mụ vị nội ngoại".split())
"""Words that stand for persons where no title precedes them: `Lão kể`, but `ông Lão`."""

LONGEST_TITLE: Final = max(title.count(" ") for title in TITLES) + 1

REGIONS: Final = word_list("tỉnh; huyện; quận; thành phố; tp; sở; tp.hcm; tphcm; thị xã")
"""What an office is of: `Chủ tịch UBND tỉnh Lê Văn Tám`; none has a person's whole name."""

PLACES: Final = word_list("""
    trần văn thời
    việt nam; hà nội; sài gòn; hải phòng; đà nẵng; cần thơ; huế; hồ chí minh; nha trang; đà lạt
    vinh; an giang; bà rịa; vũng tàu; bạc liêu; bắc giang; bắc kạn; bắc ninh; bến tre
    bình dương; bình định; bình phước; bình thuận; cà mau; cao bằng; đắk lắk; đắk nông; đắc lắc
    điện biên; đồng nai; đồng tháp; gia lai; hà giang; hà nam; hà tây; hà tĩnh; hải dương
    hậu giang; hòa bình; hưng yên; khánh hòa; kiên giang; kon tum; lai châu; lạng sơn; lào cai
    lâm đồng; long an; nam định; nghệ an; ninh bình; ninh thuận; phú thọ; phú yên; quảng bình
    quảng nam; quảng ngãi; quảng ninh; quảng trị; sóc trăng; sơn la; tây ninh; thái bình
    thái nguyên; thanh hóa; thanh hoá; thừa thiên huế; thừa thiên; tiền giang; trà vinh
    tuyên quang; vĩnh long; vĩnh phúc; yên bái; phú quốc; hạ long; cam ranh; biên hòa
    buôn ma thuột; trường sa; hoàng sa; tây nguyên; tây bắc; đông bắc; nam bộ; bắc bộ; trung bộ
    mỹ; hoa kỳ; nga; anh; pháp; đức; ý; italia; italy; nhật; nhật bản; trung quốc; hàn quốc
    triều tiên; đài loan; hong kong; hồng kông; macau; lào; campuchia; thái lan; malaysia
    singapore; indonesia; philippines; myanmar; brunei; đông timor; ấn độ; pakistan; bangladesh
    sri lanka; nepal; afghanistan; iran; iraq; syria; israel; palestine; saudi arabia
    ả rập xê út; ả rập saudi; qatar; uae; kuwait; bahrain; yemen; oman; jordan; lebanon; li băng
    thổ nhĩ kỳ; ai cập; libya; algeria; morocco; tunisia; nam phi; nigeria; kenya; ethiopia
    cameroon; ghana; sudan; nam sudan; somalia; zimbabwe; congo; bờ biển ngà; senegal; mali
    angola; uganda; úc; australia; new zealand; canada; mexico; cuba; brazil; argentina; chile
    peru; colombia; venezuela; uruguay; paraguay; bolivia; ecuador; panama; haiti; tây ban nha
    bồ đào nha; hà lan; bỉ; thụy sĩ; thụy sỹ; thuỵ sĩ; áo; ba lan; séc; slovakia; hungary
    romania; bulgaria; serbia; croatia; slovenia; bosnia; albania; hy lạp; ukraine; belarus
    moldova; gruzia; georgia; armenia; azerbaijan; kazakhstan; uzbekistan; mông cổ; thụy điển
    thuỵ điển; na uy; đan mạch; phần lan; iceland; ireland; scotland; xứ wales; wales; estonia
    latvia; lithuania; vatican; châu âu; châu á; châu phi; châu mỹ; trung đông; đông nam á
    liên hợp quốc; liên hiệp quốc; liên xô; new york; washington; london; paris; tokyo; moscow
    moskva; bắc kinh; thượng hải; seoul; bangkok; thái bình dương; đại tây dương; bình nhưỡng
    california; florida; texas; los angeles; chicago; berlin; madrid; barcelona; rome; milan
    dubai; doha; sydney; melbourne; new delhi; abu dhabi; kuala lumpur; san francisco; las vegas
    gabon; niger; togo; burkina faso; guinea; liberia; sierra leone; gambia; mauritania; rwanda
    burundi; tanzania; zambia; malawi; mozambique; namibia; botswana; madagascar; mauritius
    eritrea; djibouti; guatemala; honduras; nicaragua; costa rica; el salvador; jamaica
    cộng hòa dominica; guyana; suriname; luxembourg; malta; cộng hòa síp; bắc macedonia
    montenegro; kosovo; turkmenistan; tajikistan; kyrgyzstan; maldives; bhutan; fiji
    papua new guinea; bắc carolina; nam carolina; north carolina; san diego; san antonio
    puerto rico; bắc ireland; bắc kinh; đông âu; tây âu; bắc âu
    crimea; kiev; tehran; baghdad; damascus; jakarta; manila; brussels; điện kremlin; kremlin
    nhà trắng; lầu năm góc; nhà xanh; biển đông; quốc hội; chính phủ; trung ương
""")

BODIES: Final = word_list("""
    bộ; sở; cục; vụ; ban; viện; hội; tổ; đội; đoàn; phòng; ubnd; hđnd; ủy ban; công an; cảnh sát
    tòa; tòa án; công ty; tập đoàn; hãng; ngân hàng; quỹ; đài; báo; tờ; tạp chí; nhật báo
    tuần báo; trang; kênh; web; website; thương hiệu; hãng tin; thông tấn xã; nhà xuất bản
    câu lạc bộ; clb; nhóm; trường; đại học; đh; bệnh viện; bv; trung tâm; liên đoàn; hiệp hội
    hội đồng; tổ chức; cơ quan; văn phòng; đảng; phe; chính quyền; chính phủ; chính phủ của
    đường; phố; quận; huyện; xã; phường; thị xã; thị trấn; tỉnh; thành phố; tp; thôn; ấp; bản
    làng; sông; núi; đảo; biển; hồ; cầu; chợ; chùa; đền; sân; khu; kđt; dự án; bang; nước; vùng
    quán; nhà hàng; khách sạn; giải; cúp; bộ phim; phim; ca khúc; bài hát; album; mv
    chương trình; vở; cuốn; sách; game; ứng dụng; tàu; xe; máy bay; tên lửa; bão; siêu thị
    đại lý; doanh nghiệp; nhà máy; học viện; tài khoản; hãng hàng không; cửa hàng; nhóm nhạc
    ban nhạc; mạng xã hội; diễn đàn; nền tảng; đại diện; lãnh đạo; giới chức; người dân; cư dân
    truyền thông; cđv; fan; quân đội; hải quân; không quân
""")
"""What stands before the name of a body, a place or a work."""

NAMED_BODIES: Final = word_list("""
    theo báo; của báo; trên báo; tờ; tờ báo; tạp chí; nhật báo; tuần báo; trang tin; trang web
    hãng; hãng tin; công ty; tập đoàn; ngân hàng; thương hiệu; lĩnh vực; nền tảng; chuyên trang
""")
"""What tells, before a name without a surname, that it is none of a person."""

BODY_BEGINNINGS: Final = frozenset(
    "kênh bộ sở cục vụ ban viện tổ đội phòng ubnd hđnd clb trường đảng tòa quỹ đài báo tờ nhà "
    "điện quân không chi hãng nhóm team".split()
)
"""Words that begin the names of bodies, and seldom those of persons."""

NAMESAKES: Final = frozenset("trường thpt thcs th đh bv viện đường phố giải".split())
"""Heads of what is often named after a person: `Trường THPT Lê Lợi`."""

FUNCTION_WORDS: Final = frozenset(
    "tôi mình ta họ nó hắn tớ chúng theo khi trong tuy nhưng và còn sau tại với trước ngày để "
    "đây đó vì do nếu như mà thì là có không từ trên cũng vẫn đã riêng ngay cùng về bởi ngoài "
    "thậm hiện nay hôm sáng chiều tối nhờ dù mặc bên đến vậy thế rồi nên song hay hoặc ở qua "
    "giữa gần mới đáp trả trao chia phát nói nhân nhắc bàn giải liên đối phía chính cả kể sự "
    "việc người một hai".split()
)
"""Words that begin sentences, with a capital there, and are no part of a name."""

RELATIONS: Final = word_list("""
    của; với; ở; tại; trong; trên; cùng; cho; về; gặp; gửi; tới; đến; vợ; chồng; mẹ; bố; cha; ba
    má; con; con trai; con gái; em trai; em gái; chị gái; anh trai; cháu; gia đình; nhà; bạn gái
    bạn trai; bạn; luật sư của; người nhà; chính quyền; chính phủ; phe; êkíp; ekip; dưới thời
    như; bởi; nhờ; thay; mẹ chồng; người thân
""")
"""Words between another speaker and a person, as in `vợ anh Nam`, `trợ lý của bà Mai`."""

FOREIGN_BODIES: Final = frozenset(
    "news times post daily mail sport sports bank group airways airlines inc corp ltd fc united "
    "city university league club union press journal network tv radio media facebook google apple "
    "samsung twitter youtube instagram microsoft bloomberg reuters goal marca mirror sun guardian "
    "independent telegraph express bbc cnn afp people's company institute insider lab labs "
    "marketing utd psychiatry magazine logistics investment bookstore expeditions futures risks "
    "markets platform forex partners research center entertainment street real inter barca mu m.u "
    "chelsea arsenal liverpool juventus juve psg bayern milan tottenham atletico dortmund everton "
    "napoli roma valencia sevilla ajax porto benfica monaco lyon leicester newcastle archive fox "
    "abc nbc cbs nyt yahoo motors international association studio studios records television "
    "agency house".split()
)
"""Words of foreign names that are no person's."""

ROLES: Final = (
    "phó|cục|giám đốc|tổng|thứ trưởng|bộ trưởng|trưởng|chủ|chánh|người|hiệu|viện|nguyên|cựu|"
    "đại diện|thành viên|cán bộ|giáo viên|giảng viên|nhân viên|chuyên gia|nhà|là|ngụ|trú|quê|sn|"
    "sinh năm|bí thư|đại|thượng|trung|thiếu|luật sư|bác sĩ|kỹ sư|đội|đồn|vụ|ủy viên|uỷ viên|"
    "phát ngôn|cố vấn|hlv|huấn luyện|tiền|hậu|thủ|cầu thủ|ca sĩ|diễn viên|đạo diễn|vợ|chồng|mẹ|"
    "bố|cha|con|em|anh|chị|bạn|một(?! (?:số|vài))|quản lý|quan chức|điều phối|thư ký|nữ|nam|"
    "sinh viên|học sinh|công nhân|"
    "nông dân|tài xế|ceo|pgs|gs|ts|tiến sĩ|giáo sư|thạc sĩ|pct|pgđ|tgđ|gđ|ban|phòng|khoa|đảng|"
    "kiến trúc|tác giả|nghệ|cư dân|hộ|tiểu thương|doanh nhân|đồng|hội|kiểm|thanh tra|công tố|"
    "thẩm phán|thống đốc|nghị|thị trưởng|chiến lược|biên|phóng viên|tư lệnh|chính ủy"
)
"""Pattern of how an apposition to a name begins."""
