"""Random patterns of ECMA-262: well formed in pairs with Python's spelling, mutated, or garbage."""

from __future__ import annotations

import random

__all__ = ["draw", "pair"]

_SHARED = ["a", "b", "ab", "é", "[ab]", "[^a]", "[a-c]", ".", "\\d", "[0-9]", "x{2}", "\\\\", "\\n"]
_QUANTIFIERS = ["*", "+", "?", "*?", "+?", "{2}", "{1,2}", "{2,}", "{0,3}", "{0}", "{3,7}"]
_FAR = ["{100}", "{0,5000}", "{30000}", "{65535}", "{65536}", "{99999999999}", "{2,1}", "{50,}"]
_OTHERS = ["\\p{L}", "\\P{Lu}", "\\w", "\\W", "\\s", "\\S", "\\D", "[\\s\\S]", "[^]", "[]", "\\cA"]
_OTHERS += [
    "\\x41",
    "\\u00e9",
    "\\u{1F600}",
    "\\ud83d\\ude00",
    "\\ud800",
    "[\\ud800-\\udfff]",
    "\\0",
]
_OTHERS += [
    "\\b",
    "\\B",
    "\\1",
    "\\k<a>",
    "(?<a>b)",
    "(?:",
    "(?=",
    "(?!",
    "(?<=a)",
    "(?<!a)",
    "(?i:a)",
]
_OTHERS += [
    "\ud800",
    "😀",
    "\u2028",
    "\x00",
    "[😀-😂]",
    "[z-a]",
    "[a-\\d]",
    "\\-",
    "{",
    "}",
    "]",
    ")",
]
_OTHERS += ["(", "[", "\\", "|", "^", "$", "^^", "$$", "{,2}", "{1", "**", "\\Z", "\\A", "(?P<a>b)"]
_OTHERS += [
    "\\p{Script=Greek}",
    "\\p{",
    "[[:alpha:]]",
    "[a&&b]",
    "(?#x)",
    "\\8",
    "\\377",
    "\\u{110000}",
]


def draw(r: random.Random) -> str:
    """Any pattern."""
    if r.random() < 0.4:
        return pair(r)[0]
    text = _any(r, 3)
    for _ in range(r.choice([0, 0, 1, 3])):
        at = r.randrange(len(text) + 1)
        cut = at + r.randrange(3)
        text = text[:at] + r.choice(["", r.choice(_OTHERS), r.choice(_QUANTIFIERS)]) + text[cut:]
    if r.random() < 0.02:
        text = r.choice([text * 3000, "(" * 300 + text + ")" * 300, "(?=" * 40 + text + ")" * 40])
    return text


def _any(r: random.Random, depth: int) -> str:
    chance = r.random()
    if depth == 0 or chance < 0.2:
        return r.choice(_SHARED + _OTHERS)
    if chance < 0.5:
        return "".join(_any(r, depth - 1) for _ in range(r.randrange(4)))
    if chance < 0.65:
        return "(" + "|".join(_any(r, depth - 1) for _ in range(1 + r.randrange(3))) + ")"
    if chance < 0.75:
        return f"({r.choice(['?:', '?=', '?!', ''])}{_any(r, depth - 1)})"
    if chance < 0.95:
        return f"(?:{_any(r, depth - 1)}){r.choice(_QUANTIFIERS + _FAR)}"
    return r.choice(["^", ""]) + _any(r, depth - 1) + r.choice(["$", ""])


def pair(r: random.Random, depth: int = 3) -> tuple[str, str]:
    """A pattern in ECMA's spelling and in Python's."""
    ecma, python = _pair(r, depth)
    if r.random() < 0.6:
        return f"^(?:{ecma})$", rf"\A(?:{python})\Z"
    return ecma, python


def _pair(r: random.Random, depth: int) -> tuple[str, str]:
    chance = r.random()
    if depth == 0 or chance < 0.2:
        text = r.choice([*_SHARED, ""])
        return text, text.replace("\\d", "[0-9]").replace(".", "[^\\n\\r\u2028\u2029]")
    if chance < 0.3:
        return r.choice([("^", r"\A"), ("$", r"\Z")])
    if chance < 0.55:
        parts = [_pair(r, depth - 1) for _ in range(2)]
        return parts[0][0] + parts[1][0], parts[0][1] + parts[1][1]
    if chance < 0.7:
        parts = [_pair(r, depth - 1) for _ in range(2 + r.randrange(2))]
        return (
            "(?:" + "|".join(p[0] for p in parts) + ")",
            "(?:" + "|".join(p[1] for p in parts) + ")",
        )
    inner = _pair(r, depth - 1)
    if chance < 0.85:
        quantifier = r.choice(_QUANTIFIERS)
        return f"(?:{inner[0]}){quantifier}", f"(?:{inner[1]}){quantifier}"
    look = r.choice(["?=", "?!"])
    return f"({look}{inner[0]})", f"({look}{inner[1]})"
