"""The query parser: trees with tokens, notices with their spans, and never an error."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.analysis.analyzer import Analyzer
from indexer.search.interpreted_query import InterpretedQuery
from indexer.search.present.sentences import with_message
from indexer.search.query import parser
from indexer.search.query.parser import DEEPEST, LONGEST_QUERY, MOST_WILDCARDS, MOST_WORDS
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
from indexer.search.search_records import (
    BracketNotice,
    CutNotice,
    DateNotice,
    DepthNotice,
    QuoteNotice,
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
            return f'{"=" * node.exact}"{node.text}"'
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
        ("date:(a)", "a"),
        ("date:2022-12-01..2022-12-31", "[1669827600, 1672506000)"),
        ("date:..2022", "[None, 1672506000)"),
        ("date:2022-12..", "[1669827600, None)"),
        ("13/2023/NĐ-CP", "13/2023/NĐ-CP"),
        ("… , ! ?", ""),
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
        ("*an", "an", [(WildcardNotice, 0, 3)]),
        ("a*", "a", [(WildcardNotice, 0, 2)]),
        ("a date:mai b", "(a + b)", [(DateNotice, 7, 10)]),
        ("date:2022-13", "", [(DateNotice, 5, 12)]),
        ("date:2023..2022", "", [(DateNotice, 5, 15)]),
        ("date:9999", "", [(DateNotice, 5, 9)]),
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
        ('"ph*ng"', 0),
    ],
)
def test_what_is_no_pattern_is_read_as_words(typed: str, notices: int) -> None:
    query = parse(typed)
    assert [type(notice) for notice in query.notices] == [WildcardNotice] * notices
    assert not any(isinstance(leaf, WildcardNode | FuzzyNode) for leaf in leaves(query.tree))


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
        if not isinstance(leaf, TextNode):
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
