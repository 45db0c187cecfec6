"""``grammarlib inspect``: what it writes, and that every mistake is one line."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from grammarlib.cli import main
from grammarlib.drawing.command import read_vocabulary


@pytest.fixture
def schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "schema.json"
    file.write_text(json.dumps({"type": "array", "items": {"enum": ["a", 1]}}))
    return file


def test_a_drawing_is_written_beside_where_it_is_asked_for(
    schema: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inspect", str(schema), "--text", '["a"']) == 0
    svg = Path("schema.svg").read_text(encoding="utf-8")
    assert ET.fromstring(svg).tag.endswith("svg")
    assert "schema.json · [&quot;a&quot;" in svg or 'schema.json · ["a"' in svg
    out = capsys.readouterr().out
    assert out.startswith("schema.svg: ")
    assert "White space: compact." in out


def test_it_can_be_written_to_stdout(schema: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(schema), "--out", "-", "--vocabulary", "bytes"]) == 0
    out = capsys.readouterr().out
    ET.fromstring(out)
    assert "single bytes, 257 tokens" in out
    assert not Path("schema.svg").exists()


def test_options_reach_the_drawing(schema: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema.write_text("true")
    options = ["--max-states", "3", "--whitespace", "flexible", "--property-order", "any"]
    assert main(["inspect", str(schema), "--out", "-", *options, "--fold", "2"]) == 0
    out = capsys.readouterr().out
    assert "The first 3 of" in out
    assert "flexible" in out
    lines = [element.text or "" for element in ET.fromstring(out).iter() if element.text]
    assert "rules that call themselves" in " ".join(lines)


def test_the_vocabulary_of_a_folder_is_read() -> None:
    import grammarlib.runtime

    folder = Path(grammarlib.runtime.__path__[0]) / "default_model"
    shipped, _ = read_vocabulary("default")
    for name in (str(folder), str(folder / "tokenizer.json")):
        vocab, said = read_vocabulary(name)
        assert said == name
        assert vocab.table == shipped.table


@pytest.mark.parametrize(
    ("arguments", "contents", "said"),
    [
        (["FILE"], None, "FILE"),
        (["FILE"], "{", "line 1, column 2"),
        (["FILE"], '{"type": "colour"}', "FILE: invalid schema at /type"),
        (["FILE"], "false", "FILE: the language is empty"),
        (["FILE", "--text", "["], '{"type": "null"}', "leaves the language at byte 0"),
        (["FILE", "--max-states", "0"], "true", "max_states must be at least 1"),
        (["FILE", "--vocabulary", "nowhere"], "true", "no such file: nowhere"),
        (["FILE", "--vocabulary", "FILE"], "true", "FILE: "),
        (["FILE", "--whitespace", "("], "true", "line 1"),
        (["FILE", "--out", "."], "true", "directory"),
    ],
)
def test_a_mistake_is_one_line_and_code_two(
    arguments: list[str],
    contents: str | None,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "schema.json"
    if contents is not None:
        file.write_text(contents)
    named = [argument.replace("FILE", str(file)) for argument in arguments]
    assert main(["inspect", *named]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert said.replace("FILE", str(file)) in error


def test_a_tokenizer_without_an_end_is_refused(tmp_path: Path) -> None:
    from tokenizers import Tokenizer
    from tokenizers.models import BPE

    Tokenizer(BPE()).save(str(tmp_path / "tokenizer.json"))
    with pytest.raises(ValueError, match="which token ends a text"):
        read_vocabulary(str(tmp_path))


def test_a_file_that_is_not_utf_8_is_named(
    schema: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema.write_bytes(b'{"const": "\xe9"}')
    assert main(["inspect", str(schema), "--vocabulary", "bytes"]) == 2
    said = capsys.readouterr().err
    assert said == f"grammarlib: error: {schema}: not UTF-8: invalid continuation byte at byte 11\n"


def test_a_number_that_is_none_is_named_by_its_place(
    schema: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema.write_text('{"items": {"maximum": NaN}}')
    assert main(["inspect", str(schema), "--vocabulary", "bytes"]) == 2
    said = capsys.readouterr().err
    assert (
        said == f"grammarlib: error: {schema}: invalid schema at /items/maximum: NaN is no JSON\n"
    )


def test_a_grammar_is_drawn_and_told_in_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "sums.gbnf"
    file.write_text('root ::= n ("+" (n | "(" root ")"))*\nn ::= [0-9]+\nlost ::= n\n')
    assert main(["inspect", str(file), "--vocabulary", "bytes"]) == 0
    svg = Path("sums.svg").read_text(encoding="utf-8")
    words = {element.text for element in ET.fromstring(svg).iter() if element.text}
    assert "text" in words
    assert "punctuation" not in words
    capsys.readouterr()
    assert main(["inspect", str(file), "--passes"]) == 0
    told = capsys.readouterr().out
    assert [line[2:] for line in told.splitlines() if line.startswith("# ")] == [
        "as it is read",
        "regular parts",
        "useful rules",
        "lexical rules folded",
        "rules inlined",
        "joined terminals folded",
    ]
    assert told.splitlines()[-1] == 'root ::= [0-9]+ ("+" ([0-9]+ | "(" root ")"))*'
