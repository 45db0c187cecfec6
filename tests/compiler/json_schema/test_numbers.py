"""Number programs against decimals: the spellings of the universe whose value satisfies."""

from __future__ import annotations

import itertools
import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grammarlib.compiler.json_schema.numbers import (
    MAX_DIGITS,
    exact,
    multiples_program,
    number_program,
    value_program,
)
from grammarlib.errors import CompileBudgetExceeded, EmptyLanguage
from tests.compiler.json_schema import core
from tests.oracle.regex_program import matches

UNIVERSE = re.compile(
    r"-?(0|[1-9][0-9]*)(\.[0-9]+)?"
    r"|-?([1-9](\.[0-9]{1,16})?|0(\.0{1,16})?)[eE][+-]?[0-9]{1,3}"
)
DIGITS = re.compile(r"-?(0|[1-9][0-9]*)")

bounds = st.one_of(
    st.integers(-1000, 1000).map(Decimal),
    st.integers(-(10**6), 10**6).flatmap(
        lambda n: st.integers(0, 9).map(lambda places: Decimal(n).scaleb(-places))
    ),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda x: Decimal(repr(x))),
    st.integers(-(2**70), 2**70).map(Decimal),
)
ends = st.one_of(st.none(), bounds)
flags = st.booleans()


@st.composite
def spellings_near(draw: st.DrawFn, *values: Decimal | None) -> str:
    """Spellings of numbers close to one of the values, some of them outside the universe."""
    known = [v for v in values if v is not None and abs(v.adjusted()) < 400]
    value = draw(st.sampled_from([*known, Decimal(0), Decimal(7)]))
    if draw(st.booleans()) and abs(value.adjusted()) < 40:
        text = format(value, "f")
    else:
        digits = "".join(map(str, value.as_tuple().digits)).lstrip("0") or "0"
        exponent = value.adjusted() + draw(st.sampled_from([0, 0, 0, 1, -1]))
        fraction = digits[1 : draw(st.integers(1, 18))]
        width = draw(st.integers(1, 3))
        mark = draw(st.sampled_from(["e", "E", "e+", "e-"]))
        sign = "-" if value < 0 else ""
        text = f"{sign}{digits[0]}{'.' * bool(fraction)}{fraction}{mark}{abs(exponent):0{width}}"
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(text)))
        old = draw(st.integers(0, 1))
        text = text[:at] + draw(st.sampled_from(list("0123459.e-+"))) + text[at + old :]
    return text


def satisfies(
    text: str,
    lower: Decimal | None,
    lower_open: bool,
    upper: Decimal | None,
    upper_open: bool,
    integer: bool,
) -> bool:
    value = Fraction(text)
    low, high = Fraction(lower or 0), Fraction(upper or 0)
    return (
        (lower is None or value > low or (value == low and not lower_open))
        and (upper is None or value < high or (value == high and not upper_open))
        and (not integer or value.denominator == 1)
    )


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.data(), ends, flags, ends, flags, flags, flags)
def test_exactly_the_spellings_between_the_bounds(
    data: st.DataObject,
    lower: Decimal | None,
    lower_open: bool,
    upper: Decimal | None,
    upper_open: bool,
    integer: bool,
    digits_only: bool,
) -> None:
    program = number_program(lower, lower_open, upper, upper_open, integer, digits_only=digits_only)
    universe = DIGITS if digits_only else UNIVERSE
    for _ in range(8):
        text = data.draw(spellings_near(lower, upper))
        expected = bool(universe.fullmatch(text)) and satisfies(
            text, lower, lower_open, upper, upper_open, integer
        )
        assert matches(program, text) == expected, text


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data(), st.lists(bounds, max_size=4), st.booleans())
def test_exactly_the_spellings_of_some_values(
    data: st.DataObject, values: list[Decimal], digits_only: bool
) -> None:
    program = value_program(list(values), digits_only=digits_only)
    universe = DIGITS if digits_only else UNIVERSE
    wanted = {Fraction(value) for value in values}
    for _ in range(8):
        text = data.draw(spellings_near(*values))
        expected = bool(universe.fullmatch(text)) and Fraction(text) in wanted
        assert matches(program, text) == expected, text


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data(), st.integers(-4, 20))
def test_exactly_the_multiples_of_a_power_of_ten(data: st.DataObject, places: int) -> None:
    program = multiples_program(Decimal(1).scaleb(-places))
    near = [Decimal(k).scaleb(-places) for k in (1, 3, 120, 1005)]
    near += [Decimal(5).scaleb(-places - 1), Decimal(1205).scaleb(-places - 2)]
    for _ in range(8):
        text = data.draw(spellings_near(*near))
        expected = (
            bool(UNIVERSE.fullmatch(text))
            and (Fraction(text) / Fraction(10) ** -places).denominator == 1
        )
        assert matches(program, text) == expected, text


factors = st.one_of(
    st.integers(1, 60).map(Decimal),
    st.sampled_from(
        [Decimal(text) for text in ["2.5", "0.25", "0.3", "7.125", "86400", "1048576"]]
    ),
    st.integers(1, 10**6).flatmap(
        lambda n: st.integers(-3, 8).map(lambda places: Decimal(n).scaleb(-places))
    ),
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.data(), factors, ends, flags, ends, flags, flags, flags)
def test_exactly_the_multiples_between_the_bounds(
    data: st.DataObject,
    factor: Decimal,
    lower: Decimal | None,
    lower_open: bool,
    upper: Decimal | None,
    upper_open: bool,
    integer: bool,
    digits_only: bool,
) -> None:
    interval = lower, lower_open, upper, upper_open
    program = multiples_program(factor, *interval, integer, digits_only=digits_only)
    try:
        compiled = core.numbers(program)
    except EmptyLanguage:
        compiled = None
    universe = DIGITS if digits_only else UNIVERSE
    near = [n * factor for n in (1, -1, 4, 10, -25)]
    for bound in (lower, upper):
        if bound is not None and -20 < bound.adjusted() < 20:
            count = Fraction(bound) // Fraction(factor)
            near += [(count + k) * factor for k in (0, 1)]
    for _ in range(8):
        text = data.draw(spellings_near(lower, upper, *near))
        expected = (
            bool(universe.fullmatch(text))
            and satisfies(text, *interval, integer)
            and (Fraction(text) / Fraction(factor)).denominator == 1
        )
        assert matches(program, text) == expected, text
        assert (compiled is not None and core.accepts(compiled, text)) == expected, text


def test_multiples_in_narrow_intervals_are_found() -> None:
    """Whether there is a multiple at all is decided exactly."""
    factor = Decimal("1048576.5")
    for n in (1, 3, 10**6, 10**12):
        at = n * factor
        only = multiples_program(factor, at - 1, False, at + 1, False)
        assert core.accepts(core.numbers(only), format(at, "f"))
        with pytest.raises(EmptyLanguage):
            core.numbers(multiples_program(factor, at, True, at + factor, True))


def test_a_factor_of_too_many_digits_is_over_budget() -> None:
    multiples_program(2**63 - 1)
    multiples_program(Decimal("1e-399"))
    multiples_program(Decimal("3e-399"))
    for factor in (2**63, Decimal("2e30"), Decimal("0.12345678901234567890123")):
        with pytest.raises(CompileBudgetExceeded, match="factor"):
            multiples_program(factor)
    # As an integer it is a factor of 1.
    assert multiples_program(Decimal("0.1"), integer=True) == number_program(integer=True)


def test_every_short_spelling_in_the_core() -> None:
    """All texts of a small grammar of spellings, through the compiled programs."""
    wholes = ["0", "1", "2", "9", "10", "12", "99", "100", "120", "00", ""]
    fractions = ["", ".", ".0", ".5", ".50", ".05", ".125", ".25e", "." + "0" * 16, "." + "0" * 17]
    exponents = ["", "e", "e0", "e-0", "e1", "E+01", "e-1", "e002", "e-02", "e3", "e0003", "e999"]
    texts = ["".join(t) for t in itertools.product(["", "-"], wholes, fractions, exponents)]
    intervals = [
        (None, False, None, False, True),
        (Decimal(0), False, None, False, False),
        (Decimal(0), True, Decimal(1), False, False),
        (Decimal("-0.5"), False, Decimal("12.5"), True, False),
        (Decimal(-12), True, Decimal(120), False, True),
        (Decimal("1.05"), False, Decimal("1.25"), False, False),
        (Decimal(100), False, Decimal(1000), True, True),
        (Decimal("-1e3"), False, Decimal("-0.05"), True, False),
        (None, False, Decimal(0), True, True),
    ]
    for interval in intervals:
        compiled = core.numbers(number_program(*interval))
        for text in texts:
            expected = bool(UNIVERSE.fullmatch(text)) and satisfies(text, *interval)
            assert core.accepts(compiled, text) == expected, (interval, text)


def test_programs_stay_linear_in_the_digits_of_a_bound() -> None:
    small = len(number_program(None, False, 10**20))
    large = len(number_program(None, False, 10**200))
    assert large - small < 40 * 180
    widest = number_program(-1.7976931348623157e308, False, 1.7976931348623157e308, False, True)
    assert len(widest) < 60_000


@pytest.mark.parametrize(
    "value",
    [10**MAX_DIGITS * 9, 1 << 20_000, Decimal("1e999999999999"), Decimal("1e-400")],
    ids=["401 digits", "6021 digits", "great", "small"],
)
def test_numbers_of_too_many_digits_are_over_budget(value: Decimal | int) -> None:
    with pytest.raises(CompileBudgetExceeded, match="digits"):
        exact(value)


def test_a_float_is_the_decimal_it_prints() -> None:
    assert exact(0.1) == Decimal("0.1")
    assert exact(1e22) == 10**22
    assert exact(-0.0) == 0
    assert exact(5e-324) == Decimal("5e-324")


def test_empty_intervals_have_no_member() -> None:
    for interval in [(3, False, 2, False), (3, True, 3, False), (0, False, 0, True)]:
        program = number_program(*interval)
        assert not any(matches(program, text) for text in ["0", "-0", "2", "3", "3e0", "2.5"])
    assert not matches(number_program(0.1, False, 0.9, False, True), "0.5")
