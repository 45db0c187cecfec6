"""What the page says of the official suite is what its tests find."""

from __future__ import annotations

from tests.compiler.json_schema.suite_tables import PAGE, page


def test_the_tables_of_the_page_are_up_to_date() -> None:
    text = PAGE.read_text()
    assert text.count("written by suite_tables") == 2
    assert page(text) == text
