"""Objects of scripts that are no JSON, and hostile ones."""

from __future__ import annotations

from typing import Any

import pytest

from indexer.intake.html.script_objects import read_script_value


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ('{"a": 1e3, "b": -1.5, "c": [true, null], "d": "x: y, {z}"};', None),
        ("{a:1,'b-c':.5,$d:-.25,e:1.,f:-7}", {"a": 1, "b-c": 0.5, "$d": -0.25, "e": 1.0, "f": -7}),
        ("{a:!0,b:!1,c:void 0,d:undefined,e:NaN}", {"a": True, "b": False} | dict.fromkeys("cde")),
        ("{a:[1,2,],b:{c:3,},}", {"a": [1, 2], "b": {"c": 3}}),
        (r"{a:'it\'s \"q\" \x3cb\x3e \u003c'}", {"a": 'it\'s "q" <b> <'}),
        (r'{a:"say \"no\", it\'s \/ \\"}', {"a": 'say "no", it\'s / \\'}),
        ("{a:'Cầu \"mới\"'}", {"a": 'Cầu "mới"'}),
        ("{a:new Date(123),b:Array(3),c:x}", {"a": None, "b": None, "c": None}),
        ("[{a:1}]; run()", [{"a": 1}]),
        ("(function(a,b){return {x:a,y:[b,a]}}(7,'t'));", {"x": 7, "y": ["t", 7]}),
        ("(function(a){return {x:a}})({b:{c:'d'}})", {"x": {"b": {"c": "d"}}}),
        ("(function(a){a.b=1;return {x:a}}({}))", {"x": {}}),
        ("function(){return {x:1}}()", {"x": 1}),
        ("(function(a,b){return {x:a,y:b}}(1))", {"x": 1, "y": None}),
    ],
)
def test_a_value_is_read_as_its_script_means_it(script: str, value: Any) -> None:
    expected = {"a": 1000.0, "b": -1.5, "c": [True, None], "d": "x: y, {z}"}
    assert read_script_value(script) == (expected if value is None else value)


@pytest.mark.parametrize(
    "script",
    ["", "{", "{a", "run()", "(function(a){return 7}(1))", "(function(", "{a:'", "{a:b c}"]
    + ["{a:" * 5000, "[" * 100_000, "{a:'" + "\\'" * 100_000, '"' * 99_999, "a" * 100_000]
    + ["(function(a){" + "return " * 50_000, "{" + "1" * 100_000, "- " * 50_000],
)
def test_no_value_is_an_error(script: str) -> None:
    with pytest.raises(ValueError, match="Expecting|is no object|recursion|Unterminated|Extra"):
        read_script_value(script)
