"""Any document, handed in any form: refused by name, or masks that tell the truth.

What the compiled grammar takes is JSON without repeated keys, and valid; a valid instance is taken
where order does not matter. `jsonschema` judges, where it can: it does not know formats, speaks
another dialect of patterns, and fails on some malformed documents that are no business of ours.
"""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
from jsonschema.validators import validator_for

import grammarlib as gl
from grammarlib.runtime import json_value
from tests.fuzz import documents, instances, odd, vocabularies
from tests.fuzz.case import Case, Finding
from tests.fuzz.laws import allowed_ids, attempt, check_mask, refused
from tests.oracle import json_text

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
    if not isinstance(compiled, gl.CompiledGrammar):
        return
    case.count("compiled")
    judge = _Judge(case, compiled)
    values: list[Any] = []
    for _ in range(r.randrange(1, 4)):
        text = attempt(case, lambda: _walk(case, compiled))
        if isinstance(text, bytes):
            judge.member(text)
            values += instances.neighbours(r, json_value.parse_json(text.decode()))
    if vocabularies.spells_every_byte(vocab):
        for value in [*values, *(instances.along(r, document, document) for _ in range(20))]:
            judge.instance(value)


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


class _Judge:
    """What is known of a document's language without the compiled grammar."""

    def __init__(self, case: Case, compiled: gl.CompiledGrammar) -> None:
        self._case = case
        self._compiled = compiled
        self._grammar = compiled.grammar
        self._complete = self._grammar.unsupported == "error" or not compiled.unenforced
        try:
            self._text = json.dumps(self._grammar.schema)
        except (TypeError, ValueError, RecursionError):
            self._text = ""
        self._well_formed = bool(self._text) and self._is_well_formed()

    def _is_well_formed(self) -> bool:
        """Whether the judges have the same document before them as the compiler."""
        schema = json.loads(self._text)
        if len(self._text) > 20_000 or schema != self._grammar.schema:
            return False  # keys that are no strings, tuples
        if re.search(
            r'"\$?(id|anchor|dynamicAnchor|dynamicRef|recursiveRef|vocabulary)"', self._text
        ):
            return False  # other readings of where a reference leads are as good
        if self._text.count('"$schema"') > 1 or '"$ref": "http' in self._text:
            return False
        validator = validator_for(schema, default=jsonschema.Draft202012Validator)
        try:
            validator.check_schema(schema)
        except Exception:  # also where jsonschema's own walk fails
            return False
        self._case.count("judged documents")
        return True

    def member(self, data: bytes) -> None:
        """A text that was ended is JSON, and valid."""
        try:
            text = data.decode()
            spelled = max(map(len, re.findall("[0-9]+", text)), default=0)
            if spelled < 4000:
                json_text.value_of(text)
        except ValueError as error:
            raise Finding("texts are JSON", f"{data!r}: {error}") from error
        if (
            self._well_formed
            and self._complete
            and self._grammar.whitespace in ("flexible", "compact")
        ):
            blanks = json_text.FLEXIBLE if self._grammar.whitespace == "flexible" else ""
            fault = self._fault(text, blanks)
            if isinstance(fault, str):
                raise Finding("texts are valid", f"{data!r}: {fault}")

    def instance(self, value: Any) -> None:
        """A valid instance is accepted, where any order of keys is."""
        if not self._well_formed or self._grammar.property_order != "any":
            return
        if self._grammar.whitespace not in ("flexible", "compact"):
            return
        if '"format"' in self._text and self._grammar.format == "assert":
            return
        try:
            text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            text.encode()
        except (TypeError, ValueError, RecursionError):
            return
        if "attern" in self._text and not (
            text.isascii() and text.isprintable() and "\\" not in text
        ):
            return  # no judgement on other texts
        if (
            max(map(len, re.findall("[0-9]+", text)), default=0) > 400
            or self._fault(text, "") is not None
        ):
            return
        self._case.count("valid instances")
        matcher = self._compiled.matcher()
        taken = attempt(self._case, lambda: matcher.accept_bytes(text.encode()))
        if not refused(taken) and not (taken and matcher.is_accepting()):
            raise Finding("valid instances are accepted", text)

    def _fault(self, text: str, blanks: str) -> str | bool | None:
        """What is wrong with a text; False where nobody can tell."""
        if _other_dialect(self._text):
            return False
        self._case.note("judged", text)
        try:
            return json_text.fault(self._grammar.schema, text, blanks)
        except Exception:  # a reference or a form that jsonschema cannot follow
            return False


def _other_dialect(text: str) -> bool:
    """Whether patterns may mean something else to Python: anything but the plainest do."""
    if "attern" not in text:
        return False
    return (
        bool(re.search(r"\\\\|\[\]|\[\^\]|\(\?|\{,|\[\[|&&|--|\|\||~~", text)) or not text.isascii()
    )
