"""The query parser: trees with tokens, notices with their spans, and never an error."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.analysis.analyzer import Analyzer
from indexer.search.present.sentences import with_message
from indexer.search.query import parser
from indexer.search.query.field_names import KNOWN_NAMES
from indexer.search.query.interpreted_query import InterpretedQuery
from indexer.search.query.lexemes import MOST_WILDCARDS
from indexer.search.query.operators import IsWritten
from indexer.search.query.parser import DEEPEST, MOST_WORDS
from indexer.search.query.query_text import LONGEST_QUERY, MOST_SLOP
from indexer.search.query.syntax import (
    AndNode,
    DateNode,
    FieldNode,
    FuzzyNode,
    NotNode,
    OrNode,
    PhraseNode,
    SyntaxNode,
    TextNode,
    WildcardNode,
    WordNode,
    leaves,
)
from indexer.search.query_notices import (
    BracketNotice,
    CutNotice,
    DateNotice,
    DepthNotice,
    EmptyNotice,
    FieldNotice,
    FieldValueNotice,
    IgnoredNotice,
    LookupNotice,
    NegationNotice,
    Notice,
    OperatorNotice,
    QuoteNotice,
    SlopNotice,
    WildcardNotice,
    WordLimitNotice,
)

ANALYZER = Analyzer()


def parse(typed: str) -> InterpretedQuery:
    return parser.parse(typed, ANALYZER)


def shown(node: SyntaxNode | None) -> str:
    """A tree as one line: `+` and, `|` or, `!` not."""
    match node:
        case None:
            return ""
        case WordNode():
            return f"{'=' * node.exact}{node.text}{'*' * node.prefix}"
        case PhraseNode():
            return f'{"=" * node.exact}"{node.text}"' + f"~{node.slop}" * bool(node.slop)
        case WildcardNode():
            return f"{'=' * node.exact}{node.text}"
        case FuzzyNode():
            return f"{node.text}~{node.distance}"
        case FieldNode():
            return f"{node.field}:{shown(node.child)}"
        case DateNode():
            return f"[{node.low}, {node.high})"
        case NotNode():
            return f"!{shown(node.child)}"
        case AndNode():
            return "(" + " + ".join(shown(child) for child in node.children) + ")"
        case OrNode():
            return "(" + " | ".join(shown(child) for child in node.children) + ")"


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("", ""),
        ("công an", "(công + an)"),
        ('"công an" nhân', '("công an" + nhân)'),
        ("“công an”", '"công an"'),
        ("-ma túy", "(!ma + túy)"),
        ("covid-19", "covid-19"),
        ("a OR b", "(a | b)"),
        ("a b HOẶC c", "((a + b) | c)"),
        ("a OR", "a"),
        ("OR a", "a"),
        ("a (b OR c)", "(a + (b | c))"),
        ("-(a b)", "!(a + b)"),
        ("=hòa", "=hòa"),
        ('="hòa bình"', '="hòa bình"'),
        ("công*", "công*"),
        ("+cand", "cand"),
        ("title:công", "title:công"),
        ("tieude:công", "title:công"),
        ("tiêu-đề:công", "title:công"),
        ('người:"Ngô Thanh Bình" ma', '(person:"Ngô Thanh Bình" + ma)'),
        ("nguồn:báo chuyên_mục:x tácgiả:y", "(publisher:báo + category:x + author:y)"),
        ("-nguon:báo", "!publisher:báo"),
        ("lạ:chữ", "(lạ + chữ)"),
        ("date:2022-12-19", "[1671382800, 1671469200)"),
        ("ngày:19/12/2022", "[1671382800, 1671469200)"),
        ("date:2022-12", "[1669827600, 1672506000)"),
        ("date:12/2022", "[1669827600, 1672506000)"),
        ("date:2022", "[1640970000, 1672506000)"),
        ('ngày:"tháng 12/2022"', "[1669827600, 1672506000)"),
        ("ngày:“năm 2022” ma túy", "([1640970000, 1672506000) + ma + túy)"),
        ("date:2022-12-01..2022-12-31", "[1669827600, 1672506000)"),
        ("date:..2022", "[None, 1672506000)"),
        ("date:2022-12..", "[1669827600, None)"),
        ("13/2023/NĐ-CP", "13/2023/NĐ-CP"),
    ],
)
def test_a_query_is_parsed_to_its_tree(typed: str, tree: str) -> None:
    parsed = parse(typed)
    assert shown(parsed.tree) == tree
    assert parsed.notices == ()


@pytest.mark.parametrize(
    ("typed", "tree", "notices"),
    [
        ('a "b c', "(a + b + c)", [(QuoteNotice, 2, 3)]),
        ("a) b", "(a + b)", [(BracketNotice, 1, 2)]),
        ("(a b", "(a + b)", [(BracketNotice, 0, 1)]),
        ("*an x", "x", [(WildcardNotice, 0, 3)]),
        ("x a*", "x", [(WildcardNotice, 2, 4)]),
        ("a date:mai b", "(a + b)", [(DateNotice, 7, 10)]),
        ("date:2022-13 x", "x", [(DateNotice, 5, 12)]),
        ("date:2023..2022 x", "x", [(DateNotice, 5, 15)]),
        ("date:9999 x", "x", [(DateNotice, 5, 9)]),
    ],
)
def test_notices_say_where_the_mistake_is(
    typed: str, tree: str, notices: list[tuple[type, int, int]]
) -> None:
    parsed = parse(typed)
    assert shown(parsed.tree) == tree
    assert [(type(notice), notice.start, notice.end) for notice in parsed.notices] == notices


@pytest.mark.parametrize(
    ("typed", "text", "distance"),
    [
        ("c?ng", "c?ng", 0),
        ("ph*ng", "ph*ng", 0),
        ("Đ?NG", "đ?ng", 0),
        ("ph**ng", "ph*ng", 0),
        ("p?h*n*", "p?h*n*", 0),
        ("c?*", "c?*", 0),
        ("=ph*ng,", "ph*ng", 0),
        ("ph*ng?", "ph*ng", 0),
        ("-title:ph*ng", "ph*ng", 0),
        ("nguyễn~", "nguyễn", 1),
        ("từ~1", "từ", 1),
        ("(từ~2)", "từ", 2),
        ("từ~2.", "từ", 2),
        ("người:phuc~", "phuc", 1),
    ],
)
def test_patterns_are_read(typed: str, text: str, distance: int) -> None:
    query = parse(typed)
    (leaf,) = leaves(query.tree)
    assert isinstance(leaf, FuzzyNode if distance else WildcardNode)
    assert (leaf.text, getattr(leaf, "distance", 0)) == (text, distance)
    assert typed[leaf.start : leaf.end].lower().replace("**", "*").startswith(text)
    assert query.notices == ()


@pytest.mark.parametrize(
    ("typed", "notices"),
    [
        ("?ng", 1),
        ("*ng", 1),
        ("**", 1),
        ("?*", 1),
        ("a*", 1),
        ("từ~3", 1),
        ("từ~0", 1),
        ("x/y*z", 1),
        ("a?" * (MOST_WILDCARDS + 1) + "b", 1),
        ("a*" * 20, 1),
        ("?", 0),
        ("??", 0),
        ("ở đâu?", 0),
        ("a~", 0),
        ("~", 0),
        ("http://bao.vn/a?b=c", 0),
    ],
)
def test_what_is_no_pattern_is_left_out_or_a_word(typed: str, notices: int) -> None:
    query = parse(typed)
    kinds = [type(notice) for notice in query.notices if type(notice) is not EmptyNotice]
    assert kinds == [WildcardNotice] * notices
    assert not any(isinstance(leaf, WildcardNode | FuzzyNode) for leaf in leaves(query.tree))


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("ngân hàng AND covid", "(ngân + hàng + covid)"),
        ("ngân hàng & covid", "(ngân + hàng + covid)"),
        ("a && b || c", "((a + b) | c)"),
        ("quận VÀ một", "(quận + một)"),
        ("quan VA mot", "(quan + mot)"),
        ("công ty VA", "(công + ty + VA)"),
        ("+AND", "AND"),
        ("bóng HOAC vợt", "(bóng | vợt)"),
        ("covid NOT vaccine", "(covid + !vaccine)"),
        ("covid KHÔNG vaccine", "(covid + !vaccine)"),
        ("covid KHONG vaccine", "(covid + !vaccine)"),
        ("covid AND NOT vaccine", "(covid + !vaccine)"),
        ("covid OR NOT (a b)", "(covid | !(a + b))"),
        ("a NOT -b", "(a + b)"),
        ("!covid vaccine!", "(!covid + vaccine!)"),
        ("giáo viên -=viện", "(giáo + viên + !=viện)"),
        ('a !="viện bảo tàng"', '(a + !="viện bảo tàng")'),
        ("a -=", "a"),
        ("a AND", "a"),
        ("a OR", "a"),
        ("HÀ NỘI KHÔNG ĐỘI MŨ", "(HÀ + NỘI + KHÔNG + ĐỘI + MŨ)"),
        ("CONG AN VA NHAN DAN", "(CONG + AN + VA + NHAN + DAN)"),
        ("VTV OR HTV", "(VTV | HTV)"),
        ("ngân and hàng", "(ngân + and + hàng)"),
        ("rock và roll", "(rock + và + roll)"),
        ('"a OR b"', '"a OR b"'),
        ('"ngân hàng nhà nước"~5', '"ngân hàng nhà nước"~5'),
        ('-title:"a b"~2 x', '(!title:"a b"~2 + x)'),
        ('"a b"-c', '("a b" + !c)'),
        ("title:(vinamilk OR masan)", "(title:vinamilk | title:masan)"),
        ("title:(a OR (b author:c))", "(title:a | (title:b + author:c))"),
        ("=(hòa bình) a", "((=hòa + =bình) + a)"),
        ("-title:(a b)", "!(title:a + title:b)"),
        ("title: ngân hàng", "(title:ngân + hàng)"),
        ("ngân title: hàng", "(ngân + title:hàng)"),
        ("người: An", "person:An"),
        ("tiêu đề:ngân hàng", "(title:ngân + hàng)"),
        ("Tiêu đề: ngân", "title:ngân"),
        ('a -tác giả:"Ngô An"', '(a + !author:"Ngô An")'),
        ("chuyen muc:(a OR b)", "(category:a | category:b)"),
        ("xem tiêu đề: a", "(xem + tiêu + đề + a)"),
        ("tiêu đề", "(tiêu + đề)"),
        ("10 người: 5 nam", "(10 + người + 5 + nam)"),
        ("Điều 5:khoản", "(Điều + 5:khoản)"),
        ("TP.HCM: mưa", "(TP.HCM: + mưa)"),
        ("Nguyễn Văn A: nói", "(Nguyễn + Văn + A + nói)"),
        ("gia vang:tang", "(gia + vang + tang)"),
        ("lọc:nước lúc 5:30", "(lọc + nước + lúc + 5:30)"),
        ("Covid:tin mới", "(Covid + tin + mới)"),
        ("covid:19 a", "(covid + 19 + a)"),
        ("iphone:15", "(iphone + 15)"),
        ("foobar:x", "(foobar + x)"),
        ("ti-vi:mới", "(ti-vi + mới)"),
        ("date:2022-12-01 .. 2022-12-31 a", "([1669827600, 1672506000) + a)"),
        ("date:[2022-12-01 TO 2022-12-31] a", "([1669827600, 1672506000) + a)"),
        ("date:[2022-12-01 TO 2022-12-31", "[1669827600, 1672506000)"),
        ("date:{* TO 2023} a", "([None, 1672506000) + a)"),
        ("date:[2023 TO] a", "([1672506000, None) + a)"),
        ("date:>=2023 a", "([1672506000, None) + a)"),
        ("date:< 2023 a", "([None, 1672506000) + a)"),
        ("date:2022-12* a", "([1669827600, 1672506000) + a)"),
        ("date:tháng 12 năm 2022, a", "([1669827600, 1672506000) + , + a)"),
        ("ngày:19 tháng 12 năm 2022 a", "([1671382800, 1671469200) + a)"),
        ("a ngày: 19/12/2022", "(a + [1671382800, 1671469200))"),
        ('date:"từ 1/12/2022 đến 31/12/2022" a', "([1669827600, 1672506000) + a)"),
        ("date:December 2022 a", "([1669827600, 1672506000) + a)"),
        ("NOT date:2022-12", "![1669827600, 1672506000)"),
        ("a từ:2022-12", "(a + [1669827600, None))"),
        ("đến:12/2022 a", "([None, 1672506000) + a)"),
        ("tu:12/2022 den:19/12/2022 a", "([1669827600, None) + [None, 1671469200) + a)"),
        ("from:December 2022 to:2022 a", "([1669827600, None) + [None, 1672506000) + a)"),
        ("a since:2022-12-01 until:2022-12-31", "(a + [1669827600, None) + [None, 1672506000))"),
        ("sau:2022 a", "([1672506000, None) + a)"),
        ("a after:2022 before:2023", "(a + [1672506000, None) + [None, 1672506000))"),
        ("trước:2023 a", "([None, 1672506000) + a)"),
        ("từ ngày:1/12/2022 đến ngày: 31/12/2022", "([1669827600, None) + [None, 1672506000))"),
        ("a từ: 2022-12", "(a + [1669827600, None))"),
        ("TỪ:2022-12 A", "([1669827600, None) + A)"),
        ('from:"quý 1/2023" a', "([1672506000, None) + a)"),
        ("từ:1/12/2022 đến 31/12/2022 a", "([1669827600, 1672506000) + a)"),
        ("từ:2023 trở đi a", "([1672506000, None) + a)"),
        ("-từ:2023 (a OR b)", "(![1672506000, None) + (a | b))"),
        ("từ:(2023 OR 2022-12)", "([1672506000, None) | [1669827600, None))"),
        ("dau tu:10 ty", "(dau + tu + 10 + ty)"),
        ("đầu tư:2022", "(đầu + tư + 2022)"),
        ("màu đen:2022", "(màu + đen + 2022)"),
        ("tú:2022", "(tú + 2022)"),
        ("mail to:a@b.vn", "(mail + to + a@b.vn)"),
        ("một năm sau: mưa", "(một + năm + sau + mưa)"),
        ("-date:2022-12 a", "(![1669827600, 1672506000) + a)"),
        (
            "date:(2022-12-19 OR 2022-12) a",
            "(([1671382800, 1671469200) | [1669827600, 1672506000)) + a)",
        ),
        ("date:*", "[None, None)"),
        ("10^6 m^2", "(10^6 + m^2)"),
        ("C++ & C#", "(C++ + C#)"),
        ("[Video] a", "([Video] + a)"),
    ],
)
def test_the_language_is_read(typed: str, tree: str) -> None:
    parsed = parse(typed)
    assert shown(parsed.tree).replace(" + ,", "") == tree.replace(" + ,", "")
    assert parsed.notices == ()


@pytest.mark.parametrize(
    ("typed", "tree", "notices"),
    [
        ("ngân or hàng", "(ngân + or + hàng)", [OperatorNotice(5, 7, word="or", operator="OR")]),
        ("a hoặc b hoặc c", "(a + hoặc + b + hoặc + c)", [OperatorNotice]),
        ("or a", "(or + a)", []),
        ("a or", "(a + or)", []),
        ('"a b"~99', '"a b"~50', [SlopNotice(6, 8, limit=MOST_SLOP)]),
        ('"a b"~', '"a b"', [IgnoredNotice(5, 6, value="~")]),
        ('"a b"~2^1.5', '"a b"~2', [IgnoredNotice(7, 11, value="^1.5")]),
        ("covid^2 vaccine", "(covid + vaccine)", [IgnoredNotice(5, 7, value="^2")]),
        ("(a OR b)^2", "(a | b)", [IgnoredNotice(8, 10, value="^2")]),
        ('"công a*"', '"công a*"', [IgnoredNotice(6, 8, value="a*")]),
        ('"công an*"', '"công an*"', [IgnoredNotice(8, 9, value="*")]),
        ('"công * dân"', '"công * dân"~1', [IgnoredNotice]),
        ("title:*202[0-4] a", "a", [WildcardNotice]),
        ("[0-9] a", "a", [WildcardNotice]),
        ("covid~7 a", "a", [WildcardNotice]),
        (
            "site:bao.vn covid",
            "covid",
            [FieldNotice(0, 11, value="site:bao.vn", known=KNOWN_NAMES)],
        ),
        ("intitle:(a b) c", "c", [FieldNotice]),
        ('-Tag:"a b" c', "c", [FieldNotice]),
        ("a newer:2020", "a", [FieldNotice]),
        ("from:zzz a", "a", [DateNotice]),
        ("từ:mai a", "a", [DateNotice]),
        ("a tu:2020-13-45", "a", [DateNotice]),
        ("before:[2022 TO 2023] a", "a", [DateNotice]),
        ("đến:mai", "()", [DateNotice]),
        ("id:abc a", "a", [LookupNotice(0, 6, value="id:abc")]),
        ("url:https://bao.vn/a a", "a", [LookupNotice]),
        ("date:[mai TO kia] a", "a", [DateNotice]),
        ("date:[mai a", "a", [DateNotice]),
        ("date:>=mai a", "a", [DateNotice]),
        ("date:(mai) a", "a", [DateNotice]),
        ("a date:", "a", [IgnoredNotice]),
        ("date:mai", "()", [DateNotice]),
        ("-date:mai", "()", [DateNotice]),
        (
            "site:bao.vn",
            "bao.vn",
            [FieldValueNotice(0, 5, value="site", known=KNOWN_NAMES)],
        ),
        ("newer:2020 lang:vi", "(2020 + vi)", [FieldValueNotice, FieldValueNotice]),
        ("site:bao.vn date:mai", "()", [FieldNotice, DateNotice]),
        (
            "titel:vinamilk a",
            "(vinamilk + a)",
            [FieldValueNotice(0, 6, value="titel", known=KNOWN_NAMES)],
        ),
        ("-autor:(an bình) a", "(!(an + bình) + a)", [FieldValueNotice]),
        ('publishers:"báo mới"', '"báo mới"', [FieldValueNotice]),
        ("chuyenmucc:x a", "(x + a)", [FieldValueNotice]),
        ("chủ-đề:x a", "a", [FieldNotice]),
        ("?", "", [EmptyNotice(0, 1)]),
        ("...", "", [EmptyNotice]),
        ("… , ! ?", "", [EmptyNotice]),
        ('""', "", [EmptyNotice]),
        ("()", "", [EmptyNotice]),
        ("\N{GRINNING FACE}", "", [EmptyNotice]),
        ("AND", "", [EmptyNotice]),
        ("-", "", [EmptyNotice]),
        (" ", "", []),
    ],
)
def test_what_is_not_read_is_named_and_left_out(
    typed: str, tree: str, notices: list[Notice | type[Notice]]
) -> None:
    parsed = parse(typed)
    assert shown(parsed.tree) == tree
    for notice, expected in zip(parsed.notices, notices, strict=True):
        assert expected in (notice, type(notice))


def written(*runs: str) -> IsWritten:
    """Tell of words whether they are in a row in one of a few texts."""
    return lambda tokens: any(
        f" {' '.join(token.exact for token in tokens)} " in f" {run} " for run in runs
    )


@pytest.mark.parametrize(
    ("typed", "tree", "notices"),
    [
        ("nói KHÔNG với ma túy", "(nói + KHÔNG + với + ma + túy)", [NegationNotice]),
        ("noi KHONG voi ma tuy", "(noi + KHONG + voi + ma + tuy)", [NegationNotice]),
        ("tay KHÔNG có gì", "(tay + KHÔNG + có + gì)", [NegationNotice]),
        ("bệnh KHÔNG lây (a b)", "(bệnh + KHÔNG + lây + (a + b))", [NegationNotice]),
        ("bệnh KHÔNG (lây)", "(bệnh + !lây)", []),
        ('bệnh KHÔNG "lây qua"', '(bệnh + !"lây qua")', []),
        ("bệnh KHÔNG title:lây", "(bệnh + !title:lây)", []),
        ("dịch KHÔNG lây", "(dịch + !lây)", []),
        ("bệnh NOT lây", "(bệnh + !lây)", []),
        ("KHÔNG quân Mỹ", "(KHÔNG + quân + Mỹ)", [NegationNotice]),
        ("KHÔNG hải quân", "(!hải + quân)", []),
        ("bệnh KHÔNG", "bệnh", []),
        ("covid KHÔNG vaccine", "(covid + !vaccine)", []),
        ("foobar:x a", "(x + a)", [FieldValueNotice]),
        ("foobar:x lây:b", "(x + lây + b)", [FieldValueNotice]),
        ("covid:19", "(covid + 19)", []),
        ('"lây qua*"', '"lây qua*"', [IgnoredNotice]),
        ("iphone:15", "(iphone + 15)", []),
        ("bệnh KHÔNG VÀ lây", "(bệnh + lây)", []),
    ],
)
def test_what_the_archive_writes_tells_words_from_operators_and_fields(
    typed: str, tree: str, notices: list[type[Notice]]
) -> None:
    is_written = written("bệnh không lây qua covid", "không quân")
    parsed = parser.parse(typed, ANALYZER, is_written)
    assert shown(parsed.tree) == tree
    assert [type(notice) for notice in parsed.notices] == notices


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ('"bệnh lây*"', ["bệnh", "lây"]),
        ('"bệnh lâ*"', ["bệnh"]),
        ('"bệnh l*y"', ["bệnh"]),
        ('"lây* qua"', ["lây", "qua"]),
    ],
)
def test_a_star_in_a_phrase_leaves_whole_words(typed: str, words: list[str]) -> None:
    (leaf,) = leaves(parser.parse(typed, ANALYZER, written("bệnh không lây qua covid")).tree)
    assert isinstance(leaf, PhraseNode)
    assert [token.exact for token in leaf.tokens] == words


PIECES = st.sampled_from(
    "AND OR NOT && || & | VÀ HOẶC KHÔNG ( ) - -( title: title:( author:x date:2022 date:[2022 "
    'date:mai site:x intitle:(x after:2020 từ:mai newer:2020 tag:"x -source:x "x " "x"~3 '
    "covid^2 x~ x~9 x*x y? =x".split()
)


@given(st.lists(PIECES, max_size=12))
def test_no_operator_or_field_name_is_a_searched_word(pieces: list[str]) -> None:
    typed = " ".join(["x", *pieces, "x"])
    if typed.count('"') % 2:  # what follows the last quotation mark is no phrase
        typed += '"'
    for leaf in leaves(parse(typed).tree):
        if isinstance(leaf, WordNode):
            assert {token.folded for token in leaf.tokens} <= {"x", "y", "covid"}


def test_limits_are_kept_and_named() -> None:
    assert list(map(type, parse("x" * 100_000).notices)) == [CutNotice]
    assert len(parse("x " * 100_000).typed) <= LONGEST_QUERY
    many = parse("ab " * (MOST_WORDS + 50))
    assert isinstance(many.tree, AndNode)
    assert len(many.tree.children) == MOST_WORDS
    assert list(map(type, many.notices)) == [WordLimitNotice]
    deep = parse("(" * 900 + "a" + ")" * 900)
    assert shown(deep.tree) == "a"
    assert [(type(notice), notice.start) for notice in deep.notices] == [(DepthNotice, DEEPEST)]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC"])
def test_every_form_of_unicode_is_read_alike(form: str) -> None:
    typed = unicodedata.normalize(form, 'người:"Điện Biên" -ở')  # type: ignore[arg-type]
    assert parse(typed).tree == parse('người:"Điện Biên" -ở').tree


TYPED = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from(list('()"“-=+*?~2: ORànđ.\x00')))
)


@given(TYPED)
def test_nothing_that_can_be_typed_raises(typed: str) -> None:
    parsed = parse(typed)
    for notice in parsed.notices:
        assert 0 <= notice.start <= notice.end <= len(parsed.typed)
        assert with_message(notice).message


@given(TYPED)
@example("ngày 19 tháng 12 năm 2022 TP HCM")
@example('TP "HCM 19/12/2022" -TP.HCM +1.088 title:Mát-xcơ-va (13/2023/NĐ-CP)')
@example("*an ph*ng ,công* a:b-c")
def test_leaves_carry_the_tokens_of_their_texts(typed: str) -> None:
    parsed = parse(typed)
    for leaf in leaves(parsed.tree):
        if not isinstance(leaf, TextNode) or (isinstance(leaf, PhraseNode) and "*" in leaf.text):
            continue
        forms = [(token.exact, token.folded) for token in leaf.tokens]
        analysed = ANALYZER.tokens(leaf.text)
        assert forms == [(token.exact, token.folded) for token in analysed]
        for token in leaf.tokens:
            assert leaf.start <= token.start
        if isinstance(leaf, WordNode) and "*" not in parsed.typed:
            assert [token.extras for token in leaf.tokens] == [
                analysed_token.extras for analysed_token in analysed
            ]


def test_a_query_is_analysed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    tokens = Analyzer.tokens
    monkeypatch.setattr(
        Analyzer, "tokens", lambda self, text: texts.append(text) or tokens(self, text)
    )
    parser.parse('công "an nhân" -title:dân OR (=a b*)', Analyzer())
    assert texts == ['công "an nhân" -title:dân OR (=a b*)']
