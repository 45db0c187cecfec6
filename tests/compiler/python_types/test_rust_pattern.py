r"""Rust's patterns in ECMA-262's spelling find what Rust's find: pydantic is Rust's."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import SchemaError, SchemaValidator, ValidationError, core_schema

import grammarlib as gl
from grammarlib.compiler.python_types.rust_pattern import translate
from tests.compiler.json_schema.core import single_bytes

PATTERNS = [
    "",
    "a",
    "^a|b$",
    r"^\d+$",
    r"^\D+$",
    r"^\w\W\s\S$",
    r"^[\d_]+[^\d_]$",
    r"^[\w-]+$",
    r"^[-a]+[a-]$",
    r"^[]a]+[^]a]$",
    r"^[a\]\[^-]+$",
    r"^[\--b]+$",
    "^[a-c-z]+$",
    r"\bab\b",
    r"\Ba",
    "^.$",
    "(?s)^.$",
    "(?s:^.).$",
    "(?m)^b$",
    r"\Ab\z",
    "(?i)^kS$",
    "a(?i)b|c",
    "(?i)a(?-i)b",
    "(?:(?i)a)b",
    "(?i:(?-i:a)b)",
    "(?P<n>a)(?<m>b)",
    "^a{2}$",
    "^a{2,}b{1,2}$",
    "^(?:ab)*?c+?d??$",
    r"^\x41\x{1F600}\u0042\U00000043$",
    r"^[\x41-\x43\n\t]+$",
    r"^\a\f\v\r$",
    "^[[:alpha:][:digit:]_]+$",
    "^[[:punct:][:space:]]+$",
    "^[a-c[x-z]]+$",
    r"^\p{L}\pN\P{L}$",
    r"^\p{Greek}\p{lu}\P{Lu}$",
    r"^[\p{Greek}\pN]+$",
    r"^\.\*\+\?\(\)\[\]\{\}\|\^\$\\\/\-\#\ \~\"\'\@$",
    "^a/b]}$",
    "é|ſ|😀",
]
TEXTS = st.text(
    st.sampled_from("aAbBckKsSſK1٣ _-.\n\r\t\x0b\u2028\x85éαΑ😀[]{}^$/\\xyzC|'\"#~@*+?()\x07\x0c"),
    max_size=4,
) | st.sampled_from(["ab", "a\nb\nc", "A😀BC", "aab", "a/b]}", "ababc", ".*+?()[]{}|^$\\/-# ~\"'@"])


def accepts(pattern: str) -> gl.CompiledGrammar:
    return gl.compile(gl.Regex(pattern, dialect="ecma", search=True), single_bytes())


@pytest.mark.parametrize("pattern", PATTERNS)
def test_translations_find_what_the_pattern_does(pattern: str) -> None:
    rust = SchemaValidator(core_schema.str_schema(pattern=pattern))
    compiled = accepts(translate(pattern))

    @settings(max_examples=150, derandomize=True, database=None, deadline=None)
    @given(TEXTS)
    def agree(text: str) -> None:
        try:
            rust.validate_python(text)
        except ValidationError:
            found = False
        else:
            found = True
        matcher = compiled.matcher()
        assert (matcher.accept_bytes(text.encode()) and matcher.is_accepting()) is found, text

    agree()


@pytest.mark.parametrize("pattern", ["^[a-c]+x{2,3}$", r"a|b*(?:c|d)", r"^\.\[\u{41}$", "é😀"])
def test_patterns_that_mean_the_same_stay(pattern: str) -> None:
    assert translate(pattern) == pattern


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(?x)a", "the flag x"),
        ("(?U)a", "the flag U"),
        ("(?-u)a", "the flag u"),
        ("(?R)a", "the flag R"),
        (r"\b{start}a", r"\b"),
        (r"\<a", r"\<"),
        ("[a-z&&b]", "&& in a class"),
        ("[a-z--b]", "-- in a class"),
        ("[a~~b]", "~~ in a class"),
        ("[a[^b]]", "a negated class within a class"),
        ("[[:^alpha:]]", "[:^alpha:]"),
        (r"[\W]", r"\W"),
    ],
)
def test_what_is_not_translated_is_refused_by_name(pattern: str, said: str) -> None:
    SchemaValidator(core_schema.str_schema(pattern=pattern))  # Rust knows it
    with pytest.raises(gl.UnsupportedPattern) as raised:
        translate(pattern)
    assert f"{said} is not translated from Rust" in str(raised.value)


@settings(max_examples=300, derandomize=True, database=None, deadline=None)
@given(st.text(st.sampled_from(r"ab1-^$.|()[]{}*+?\dwsb:&~?iPn<>,x "), max_size=9))
def test_any_pattern_of_rust_is_translated_or_refused(pattern: str) -> None:
    try:
        rust: Any = SchemaValidator(core_schema.str_schema(pattern=pattern))
    except SchemaError:
        return
    try:
        compiled = accepts(translate(pattern))
    except (gl.UnsupportedPattern, gl.CompileBudgetExceeded, gl.EmptyLanguage):
        return
    for text in ("", "a", "ab", "b1", "a-", "^", "1 a"):
        try:
            rust.validate_python(text)
        except ValidationError:
            found = False
        else:
            found = True
        matcher = compiled.matcher()
        assert (matcher.accept_bytes(text.encode()) and matcher.is_accepting()) is found, text
