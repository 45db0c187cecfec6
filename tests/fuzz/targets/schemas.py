"""Any document, handed in any form: refused by name, or masks that tell the truth.

What the compiled grammar takes is JSON without repeated keys, and valid; a valid instance is taken
where order does not matter (`tests.fuzz.judge`).
"""

from __future__ import annotations

import json
from typing import Any

import grammarlib as gl
from grammarlib.runtime import json_value
from tests.fuzz import documents, instances, odd, vocabularies
from tests.fuzz.case import Case, Finding
from tests.fuzz.judge import Judge
from tests.fuzz.laws import allowed_ids, attempt, check_mask, refused

_MALFORMED = ["", "{", "[1", '{"a":}', "nul", "NaN", '{"const":NaN}', '{"minimum":1e999}', "\ud800"]
_MALFORMED += [
    "[" * 100_000,
    '{"a":' * 5000,
    "1" * 5000,
    '{"minimum":' + "9" * 5000 + "}",
    "0",
    "{}{}",
]
_WHITESPACES = ["flexible", "compact"] * 5 + ["[ \\n]?", " *", "(?=\\t)\\s*"]


def run(case: Case) -> None:
    """Compile, walk, judge."""
    r = case.random
    document = documents.draw(r)
    case.note("schema", document)
    grammar = attempt(case, lambda: gl.JSONSchema(_form(case, document), **_options(case)))
    if refused(grammar):
        return
    assert isinstance(grammar, gl.JSONSchema)
    document = grammar.schema
    vocab = vocabularies.draw(r)
    case.note("vocabulary", vocab.table)
    mode: Any = r.choice(["lazy"] * 8 + ["masks", "all"])
    cache = r.choice([1 << 26, 1 << 26, 1 << 20, 20_000, 1])
    case.note("compile", (mode, cache))
    compiled = attempt(case, lambda: gl.compile(grammar, vocab, mode, cache_bytes=cache))
    spelled = vocabularies.spells_every_byte(vocab)
    judge = Judge(case, grammar)
    values = [instances.along(r, document, document) for _ in range(20)]
    if not isinstance(compiled, gl.CompiledGrammar):
        if isinstance(compiled.error, gl.InvalidSchema):
            judge.invalid(compiled.error)
        elif isinstance(compiled.error, gl.EmptyLanguage) and spelled:
            judge.empty(values)
        return
    case.count("compiled")
    for _ in range(r.randrange(1, 4)):
        text = attempt(case, lambda: _walk(case, compiled))
        if isinstance(text, bytes):
            judge.member(text, compiled.unenforced)
            values += instances.neighbours(r, json_value.parse_json(text.decode()))
    if spelled:
        for value in values:
            judge.instance(value, compiled)


def _form(case: Case, document: Any) -> Any:
    """The document as it is, as JSON text, or as something that is neither."""
    chance = case.random.random()
    if chance < 0.7:
        return document
    form: Any
    if chance < 0.95:
        try:
            form = json.dumps(document, ensure_ascii=case.random.random() < 0.5)
        except (TypeError, ValueError, RecursionError):
            return document
        if chance > 0.9:
            at = case.random.randrange(len(form) + 1)
            form = form[:at] + case.random.choice(["", "]", '"', ",", "\x00", "1"]) + form[at + 1 :]
        elif chance > 0.88:
            form = form.encode(errors="surrogatepass")
    else:
        form = case.random.choice([*_MALFORMED, odd.odd_value(case.random)])
    case.note("form", form)
    return form


def _options(case: Case) -> dict[str, Any]:
    r = case.random
    options: dict[str, Any] = {
        "property_order": r.choice(["any", "any", "any", "declared"]),
        "whitespace": r.choice(_WHITESPACES),
        "format": r.choice(["assert", "annotate"]),
        "unsupported": r.choice(["error", "record"]),
    }
    if r.random() < 0.05:
        options[r.choice([*options, "registry"])] = odd.odd_value(r)
    case.note("options", options)
    return options


def _walk(case: Case, compiled: gl.CompiledGrammar) -> bytes | None:
    """A random text; its bytes if it was ended."""
    r = case.random
    vocab, matcher = compiled.vocab, compiled.matcher()
    tokens: list[int] = []
    limit = r.choice([5, 30, 80])
    try:
        while len(tokens) < limit:
            if r.random() < 0.1:
                allowed = check_mask(matcher, vocab)
            else:
                allowed = allowed_ids(matcher, vocab.vocab_size)
            if not allowed:
                raise Finding("no dead ends", "nothing is allowed")
            ends = [token for token in allowed if token in vocab.eos_ids]
            if ends and r.random() < 0.3:
                token = r.choice(ends)
            else:
                closing = [
                    t for t in allowed if (vocab.token_bytes(t) or b"")[:1] in (b'"', b"]", b"}")
                ]
                token = r.choice(closing if closing and r.random() < 0.4 else allowed)
            if not matcher.accept_token(token):
                raise Finding("a mask's bit is acceptance", f"allowed token {token} is refused")
            tokens.append(token)
            if token in vocab.eos_ids:
                case.count("texts")
                return vocab.decode(tokens)
    finally:
        case.note("tokens", tokens)
    return None
