"""The format ``regex`` against node: what is accepted is a pattern, and most patterns are."""

from __future__ import annotations

import json
import random
import subprocess
from functools import cache
from shutil import which

import pytest

from grammarlib import _core
from grammarlib.compiler.formats import format_program
from grammarlib.compiler.formats.patterns import DEPTH
from tests.compiler.json_schema.core import accepts_string, strings


@cache
def language() -> _core.Compiled:
    return strings(format_program("regex") or b"")


def accepts(text: str) -> bool:
    return accepts_string(language(), text)


VALID = [
    "", "a", ".", "^$", "a|b||", "([abc])+\\s+$", "(?:a)*?", "(?=a)b", "(?<=a+)b", "(?<!a)b",
    "\\bx\\B", "a{2}", "a{2,}", "a{2,3}?", "a{9,10}", "a{10,12}", "a{99,100}", "a{150,160}",
    "a{007}", "[]", "[^]", "[a-z0-9_]", "[^a-z]", "[-a]", "[a-]", "[\\w-]", "[\\-\\]]", "[!-\\/]",
    "[\\[-\\]]", "[+-.]", "[ -~]", "[а-я]", "[一-龥]", "[ぁ-ん]", "[\\x00-\\x1f]",
    "[\\u4e00-\\u9FA5]", "[\\u0000-\\u007f]", "[()|*]", "\\d\\D\\s\\S\\w\\W", "\\f\\n\\r\\t\\v\\0",
    "\\cA", "\\x41", "\\u0041", "\\u{1F600}", "\\u{0010FFFF}",
    "\\^\\$\\\\\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\/", "\\p{L}\\P{Lu}", "\\p{Script=Greek}",
    "\\p{scx=Grek}", "\\p{General_Category=Decimal_Number}", "\\p{Emoji}", "(a)\\1",
    "(a)(?:b)(c)\\2", "(?<n>a)\\k<n>", "(?<year>\\d{4})-(?<month>\\d\\d)", "(?<été>a)", "(?<$_>a)",
    "[(?<a>](?<a>)", "\\(?<n>", "é😀", "((((((a))))))",
]  # fmt: skip
INVALID = [
    "(", ")", "(a", "a)", "[", "[a", "]", "{", "}", "a{", "a{1", "a{,2}", "*", "a**", "a???", "^*",
    "(?=a)*", "(?<=a)?", "(?)", "(?P<n>a)", "(?i)a", "(?#a)", "(?<>a)", "(?<1>a)", "(?<a)",
    "(?<a>b)(?<a>c)", "\\", "\\a", "\\-", "\\_", "\\é", "\\c", "\\c1", "\\x4", "\\u004", "\\u{}",
    "\\u{110000}", "\\p", "\\p{}", "\\p{Foo}", "\\p{lu}", "\\p{Script}", "\\00", "\\01", "\\1",
    "(a)\\2", "(?:a)\\1", "[\\1]", "\\k<n>", "(?<n>a)\\k<m>", "(?<n>a)\\k", "[z-a]", "[a-\\d]",
    "[\\d-z]", "[\\B]", "[龥-一]", "[\\u9fa5-\\u4e00]", "a{3,2}", "a{10,9}", "a{150,140}",
]  # fmt: skip
OUT_OF_BOUNDS = [
    "(" * (DEPTH + 1) + ")" * (DEPTH + 1), "(?<nn>a)\\k<nn>", "\\1(a)", "a{150,155}", "[À-ÿ]",
    "(?<a>)(?<ab>)", "[\\x61-\\x6a]", "[a-z-9]", "()" * 12 + "\\12",
]  # fmt: skip
PIECES = [
    *VALID[1:], *"()[]{}|?*+^$\\-,0123a<>=!:", "(?:", "(?=", "(?<a>", "\\1", "\\k<a>", "{2,3}",
    "[a-", "\\u",
]  # fmt: skip


def valid_in_node(texts: list[str]) -> list[bool]:
    node = which("node")
    if node is None:
        pytest.skip("needs node")
    script = """
        const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
        console.log(JSON.stringify(texts.map((text) => {
          try { new RegExp(text, "u"); return true; } catch { return false; }
        })));
    """
    done = subprocess.run(
        [node, "-e", script], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    verdicts: list[bool] = json.loads(done.stdout)
    return verdicts


@pytest.mark.parametrize("text", VALID)
def test_valid(text: str) -> None:
    assert accepts(text)


@pytest.mark.parametrize("text", [*INVALID, *OUT_OF_BOUNDS])
def test_not_accepted(text: str) -> None:
    assert not accepts(text)


def test_node_agrees_on_the_examples() -> None:
    assert all(valid_in_node([*VALID, *OUT_OF_BOUNDS]))
    assert not any(valid_in_node(INVALID))


def test_nothing_is_accepted_that_node_refuses() -> None:
    chance = random.Random(5)
    texts = []
    for _ in range(6_000):
        text = "".join(chance.choices(PIECES, k=chance.randint(1, 6)))
        if chance.random() < 0.3:
            at = chance.randrange(len(text))
            text = text[:at] + text[at + 1 :]
        texts.append(text)
    accepted = valid = 0
    for text, verdict in zip(texts, valid_in_node(texts), strict=True):
        mine = accepts(text)
        accepted += mine
        valid += verdict
        assert verdict or not mine, text
    assert valid > 1_000
    assert accepted > 0.85 * valid
