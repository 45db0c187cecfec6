"""Sets of JSON numbers as regular languages over their spellings.

JSON spells one number in many ways, and "every spelling of 1" is not regular (``1 0ᵏ e-k``). So a
constrained number lives in a universe of spellings that is regular and that ordinary printers stay
in:

- plain decimals ``-?(0|[1-9]\\d*)(\\.\\d+)?``, trailing zeros included;
- normalised exponent forms ``-?d(\\.\\d{1,16})?[eE][+-]?\\d{1,3}`` with ``d`` in 1-9, or with every
  digit before the ``e`` zero.

Each function returns the regex program of *exactly* those spellings of the universe whose value
satisfies the constraint: a spelling outside the universe is never produced, a spelling inside it is
never judged by rounding. ``-0`` is 0.

How: the sign is split off, and a magnitude is compared digit by digit with the bound, outermost
digit first; the comparison is nested, so a program is linear in the number of digits of the bound.
An exponent form compares its exponent with the bound's, and its mantissa only where the two
exponents are equal. Bounds are exact decimals: a float stands for the decimal that ``repr`` prints.
Multiples of other factors than powers of ten are left to the core's arithmetic on digits.

Cost: about 20 µs for a program on first use; programs are memoised. A bound of more than 400
digits is over budget (1e308 has 309), and so is a factor of 2**63 units of its last digit.
Rejected: floats and rationals (the comparison would have to be unrolled over spellings), and one
flat union over the position of the first difference, which is quadratic in the digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from grammarlib.compiler.regex.program import (
    EMPTY,
    EPSILON,
    MAX_MODULUS,
    Spelling,
    byte_class,
    concat,
    intersect,
    literal,
    multiples,
    repeat,
    union,
)
from grammarlib.errors import CompileBudgetExceeded

__all__ = ["Number", "exact", "finite", "multiples_program", "number_program", "value_program"]

Number = int | float | Decimal
End = tuple[Decimal, bool]
"""An end of an interval, and whether it is left out."""

MAX_DIGITS = 400
_FRACTION = 16  # digits after the point in an exponent form
_EXPONENT = 999  # the largest exponent of three digits

_DIGIT = byte_class([(0x30, 0x39)])
_NONZERO = byte_class([(0x31, 0x39)])
_ZERO = literal(b"0")
_POINT = literal(b".")
_DIGITS = repeat(_DIGIT, 0, None)
_ZEROS = repeat(_ZERO, 0, None)
_MARK = byte_class([(0x45, 0x45), (0x65, 0x65)])
_PLUS = repeat(literal(b"+"), 0, 1)
_MINUS = literal(b"-")
_OPTIONAL_MINUS = repeat(_MINUS, 0, 1)
_ZERO_OR_MORE = union(_ZERO, concat(_NONZERO, _DIGITS))
_NOT_ALL_ZERO = concat(_ZEROS, _NONZERO, _DIGITS)


def finite(value: Number) -> bool:
    """Return whether a number is one: no infinity, no NaN; a decimal may be beyond all floats."""
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, Decimal) or value.is_finite()


def exact(value: Number) -> Decimal:
    """Return the decimal that a JSON number stands for, as it was written.

    Raises
    ------
    CompileBudgetExceeded
        If it has more than 400 digits before or after the point.
    """
    if isinstance(value, int):
        if value.bit_length() > 1329:  # 10⁴⁰⁰; keeps clear of the limit on int -> str, too
            raise _too_long()
        return Decimal(value)
    number = value if isinstance(value, Decimal) else Decimal(float.__repr__(value))
    digits, exponent = number.as_tuple()[1:]
    if not isinstance(exponent, int):
        raise ValueError("not a finite number")
    if number and (len(digits) > MAX_DIGITS or not -MAX_DIGITS < number.adjusted() < MAX_DIGITS):
        raise _too_long()
    return number


def _too_long() -> CompileBudgetExceeded:
    return CompileBudgetExceeded(f"a number of {MAX_DIGITS} digits in a schema")


def number_program(
    lower: Number | None = None,
    lower_open: bool = False,
    upper: Number | None = None,
    upper_open: bool = False,
    integer: bool = False,
    *,
    digits_only: bool = False,
) -> bytes:
    """Return the program of the numbers between two bounds.

    Parameters
    ----------
    lower, upper : int, float, Decimal or None
        The bounds; None is no bound.
    lower_open, upper_open : bool
        Whether the bound itself is left out.
    integer : bool
        Only numbers whose value is an integer (``1.0`` and ``1e2`` are).
    digits_only : bool
        Only spellings ``-?(0|[1-9]\\d*)``: what drafts 3 and 4 call an integer.

    Returns
    -------
    bytes
        A regex program over number spellings, within the universe of the module's header.

    Raises
    ------
    CompileBudgetExceeded
        If a bound has more than 400 digits.
    """
    low = None if lower is None else exact(lower)
    high = None if upper is None else exact(upper)
    return _number_program(low, lower_open, high, upper_open, integer, digits_only)


def value_program(values: list[Number], *, digits_only: bool = False) -> bytes:
    """Return the program of all spellings, within the universe, of the given values.

    Parameters
    ----------
    values : list of int, float or Decimal
        Repetitions do no harm.
    digits_only : bool
        As in :func:`number_program`; values that are no integers then have no spelling.

    Raises
    ------
    CompileBudgetExceeded
        If a value has more than 400 digits.
    """
    return union(*[_value(v, digits_only) for v in dict.fromkeys(map(exact, values))])


def multiples_program(
    factor: Number,
    lower: Number | None = None,
    lower_open: bool = False,
    upper: Number | None = None,
    upper_open: bool = False,
    integer: bool = False,
    *,
    digits_only: bool = False,
) -> bytes:
    """Return the program of the multiples of ``factor`` between two bounds.

    Parameters
    ----------
    factor : int, float or Decimal
        Greater than 0.
    lower, lower_open, upper, upper_open, integer, digits_only
        As in :func:`number_program`.

    Raises
    ------
    CompileBudgetExceeded
        If a number has more than 400 digits, or the factor is no power of ten and 2**63 units of
        its last digit or more.
    """
    low = None if lower is None else exact(lower)
    high = None if upper is None else exact(upper)
    return _multiples_program(
        exact(factor), low, lower_open, high, upper_open, integer, digits_only
    )


# -- multiples ------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _multiples_program(
    factor: Decimal,
    lower: Decimal | None,
    lower_open: bool,
    upper: Decimal | None,
    upper_open: bool,
    integer: bool,
    digits_only: bool,
) -> bytes:
    if integer or digits_only:
        # n·p/q, in lowest terms, is an integer exactly where it is a multiple of p.
        factor = Decimal(factor.as_integer_ratio()[0])
    digits, exponent = _scientific(factor)
    power = exponent - len(digits) + 1
    if digits == "1":
        integer = integer or power == 0
        between = _number_program(lower, lower_open, upper, upper_open, integer, digits_only)
        if power == 0:
            return between
        everything = lower is None and upper is None and not integer and not digits_only
        return (
            _decimal_places(-power) if everything else intersect(between, _decimal_places(-power))
        )
    places = max(-power, 0)
    modulus = int(digits) * 10 ** max(power, 0)
    if modulus > MAX_MODULUS:
        raise CompileBudgetExceeded("a factor of 2**63 units of its last digit")

    def magnitudes(low: End, high: End | None) -> bytes:
        first = _units(low[0], places, up=True, beyond=low[1])
        last = None if high is None else _units(high[0], places, up=False, beyond=high[1])
        if last is not None and last < first:
            return EMPTY
        if digits_only:
            return multiples(Spelling.WHOLE, modulus, places, first, last)
        forms = [multiples(Spelling.PLAIN, modulus, places, first, last)]
        if first == 0:
            forms.append(_ZERO_SCIENTIFIC)
        forms.append(multiples(Spelling.SCIENTIFIC, modulus, places, max(first, 1), last))
        return union(*forms)

    return _signed(magnitudes, lower, lower_open, upper, upper_open)


def _units(value: Decimal, places: int, *, up: bool, beyond: bool) -> int:
    """The first of the whole units of 10^-places from (or beyond) a value >= 0, up or down."""
    digits, exponent = value.as_tuple()[1:]
    assert isinstance(exponent, int)
    whole = int("".join(map(str, digits)))
    shift = exponent + places
    scale: int = 10 ** abs(shift)
    units, rest = (whole * scale, 0) if shift >= 0 else divmod(whole, scale)
    if up:
        return units + (1 if rest or beyond else 0)
    return units - (1 if beyond and not rest else 0)


@lru_cache(maxsize=256)
def _decimal_places(places: int) -> bytes:
    """The multiples of 10^-places."""
    if places > 0:
        fraction = concat(_POINT, repeat(_DIGIT, 1, places), _ZEROS)
        plain = concat(_ZERO_OR_MORE, repeat(fraction, 0, 1))
    else:
        whole = concat(_NONZERO, _DIGITS, repeat(_ZERO, -places, -places))
        plain = concat(union(_ZERO, whole), _INTEGRAL_TAIL)
    scientific = _integral_forms(-_EXPONENT, _EXPONENT, places)
    return concat(_OPTIONAL_MINUS, union(plain, _ZERO_SCIENTIFIC, scientific))


# -- one value ------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _value(value: Decimal, digits_only: bool) -> bytes:
    if not value:
        return concat(_OPTIONAL_MINUS, _ZERO if digits_only else _ZERO_FORMS)
    digits, exponent = _scientific(value)
    whole, fraction = _positional(digits, exponent)
    if digits_only:
        magnitude = EMPTY if fraction else literal(whole.encode())
    elif fraction:
        magnitude = concat(literal(f"{whole}.{fraction}".encode()), _ZEROS)
    else:
        magnitude = concat(literal(whole.encode()), _tail(zeros=True, limit=None))
    if not digits_only and len(digits) <= _FRACTION + 1 and abs(exponent) <= _EXPONENT:
        head, rest = digits[0], digits[1:]
        if rest:
            padding = repeat(_ZERO, 0, _FRACTION - len(rest))
            mantissa = concat(literal(f"{head}.{rest}".encode()), padding)
        else:
            mantissa = concat(literal(head.encode()), _tail(zeros=True, limit=_FRACTION))
        scientific = concat(mantissa, _MARK, _exponent_range(exponent, exponent))
        magnitude = union(magnitude, scientific)
    return concat(_MINUS, magnitude) if value.is_signed() else magnitude


def _scientific(value: Decimal) -> tuple[str, int]:
    """Return the significant digits ``d₁d₂…`` and ``e`` with |value| = d₁.d₂… · 10ᵉ, value ≠ 0."""
    digits = "".join(map(str, value.as_tuple().digits)).lstrip("0").rstrip("0")
    return digits, value.adjusted()


def _positional(digits: str, exponent: int) -> tuple[str, str]:
    """Return the digits before the point and the significant ones after it."""
    if exponent < 0:
        return "0", "0" * (-exponent - 1) + digits
    return digits[: exponent + 1].ljust(exponent + 1, "0"), digits[exponent + 1 :]


def _parts(value: Decimal) -> tuple[str, str]:
    return _positional(*_scientific(value)) if value else ("0", "")


# -- an interval ----------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _number_program(
    lower: Decimal | None,
    lower_open: bool,
    upper: Decimal | None,
    upper_open: bool,
    integer: bool,
    digits_only: bool,
) -> bytes:
    def magnitudes(low: End, high: End | None) -> bytes:
        most, most_open = high or (None, False)
        return _magnitudes(*low, most, most_open, integer, digits_only)

    return _signed(magnitudes, lower, lower_open, upper, upper_open)


def _signed(
    magnitudes: Callable[[End, End | None], bytes],
    lower: Decimal | None,
    lower_open: bool,
    upper: Decimal | None,
    upper_open: bool,
) -> bytes:
    """The numbers of an interval, given the unsigned spellings between two ends from 0 on."""
    zero: End = (Decimal(0), False)
    positive = negative = EMPTY
    if upper is None or upper >= 0:
        low = zero if lower is None or lower < 0 else (lower, lower_open)
        positive = magnitudes(low, None if upper is None else (upper, upper_open))
    if lower is None or lower <= 0:
        low = zero
        if upper is not None and upper <= 0:
            low = (upper.copy_abs(), upper_open)
        negative = magnitudes(low, None if lower is None else (lower.copy_negate(), lower_open))
    if positive == negative:
        return concat(_OPTIONAL_MINUS, positive)
    return union(positive, concat(_MINUS, negative))


def _magnitudes(
    low: Decimal,
    low_open: bool,
    high: Decimal | None,
    high_open: bool,
    integer: bool,
    digits_only: bool,
) -> bytes:
    """The unsigned spellings of [low, high], 0 <= low; integral ends are closed when integer."""
    integer = integer or digits_only
    if integer:
        whole, fraction = _parts(low)
        low, low_open = Decimal(int(whole) + (1 if fraction or low_open else 0)), False
        if high is not None:
            whole, fraction = _parts(high)
            high, high_open = Decimal(int(whole) - (0 if fraction or not high_open else 1)), False
    if high is not None and (high < low or (high == low and (low_open or high_open))):
        return EMPTY
    tail = EPSILON if digits_only else _tail(zeros=integer, limit=None)
    sides = []
    if low or low_open:
        sides.append(_plain_from(*_parts(low), low_open, tail))
    if high is not None:
        sides.append(_plain_to(*_parts(high), high_open, tail))
    plain = intersect(*sides) if sides else concat(_ZERO_OR_MORE, tail)
    if digits_only:
        return plain
    forms = [plain]
    if not low and not low_open:
        forms.append(_ZERO_SCIENTIFIC)
    forms += _scientific_forms(low, low_open, high, high_open, integer)
    return union(*forms)


def _tail(*, zeros: bool, limit: int | None) -> bytes:
    """An optional fraction: any, or only zeros; of at most ``limit`` digits."""
    return repeat(concat(_POINT, repeat(_ZERO if zeros else _DIGIT, 1, limit)), 0, 1)


# -- plain decimals: digit by digit against the bound ---------------------------------------------


def _plain_from(whole: str, fraction: str, is_open: bool, tail: bytes) -> bytes:
    """Plain decimals of at least (or more than) whole.fraction; ``tail`` is a free fraction."""
    longer = concat(_NONZERO, repeat(_DIGIT, len(whole), None), tail)
    if tail in (EPSILON, _INTEGRAL_TAIL):  # an integral, closed bound: equal digits are enough
        equal = tail
    else:
        equal = _fraction_from(fraction, is_open, None)
    return union(longer, _whole(whole, equal, tail, greater=True))


def _plain_to(whole: str, fraction: str, is_open: bool, tail: bytes) -> bytes:
    """Plain decimals of at most (or less than) whole.fraction."""
    if tail in (EPSILON, _INTEGRAL_TAIL):
        equal = tail
    else:
        equal = _fraction_to(fraction, is_open, None)
    pieces = [_whole(whole, equal, tail, greater=False)]
    if len(whole) > 1:
        shorter = union(_ZERO, concat(_NONZERO, repeat(_DIGIT, 0, len(whole) - 2)))
        pieces.append(concat(shorter, tail))
    return union(*pieces)


def _whole(digits: str, equal: bytes, tail: bytes, *, greater: bool) -> bytes:
    """Digit strings as long as ``digits``: past it, then ``tail``, or it and then ``equal``."""
    result = equal
    for k in range(len(digits) - 1, -1, -1):
        digit = int(digits[k])
        least = 1 if k == 0 and len(digits) > 1 else 0
        first, last = (digit + 1, 9) if greater else (least, digit - 1)
        pieces = []
        if first <= last:
            rest = len(digits) - 1 - k
            pieces.append(concat(_digit_range(first, last), repeat(_DIGIT, rest, rest), tail))
        if result != EMPTY:
            pieces.append(concat(_digit_range(digit, digit), result))
        result = union(*pieces)
    return result


def _fraction_from(fraction: str, is_open: bool, limit: int | None) -> bytes:
    """Optional fractions of at least (or more than) 0.fraction, of at most ``limit`` digits.

    ``fraction`` has no trailing zeros. Where it is longer than the limit, a fraction that agrees
    with it as far as the limit is less.
    """
    size = len(fraction)
    if not fraction and not is_open:
        return _tail(zeros=False, limit=limit)
    if limit is not None and size > limit:
        result = EMPTY
    elif is_open:
        result = _NOT_ALL_ZERO
        if limit is not None:
            result = intersect(result, repeat(_DIGIT, 0, limit - size))
    else:
        result = repeat(_DIGIT, 0, None if limit is None else limit - size)
    for k in range(min(size, _or(limit, size)) - 1, -1, -1):
        digit = int(fraction[k])
        pieces = []
        if digit < 9:
            rest = repeat(_DIGIT, 0, None if limit is None else limit - 1 - k)
            pieces.append(concat(_digit_range(digit + 1, 9), rest))
        if result != EMPTY:
            pieces.append(concat(_digit_range(digit, digit), result))
        result = union(*pieces)
    return concat(_POINT, result) if result != EMPTY else EMPTY


def _fraction_to(fraction: str, is_open: bool, limit: int | None) -> bytes:
    """Optional fractions of at most (or less than) 0.fraction, of at most ``limit`` digits."""
    size = len(fraction)
    if not fraction:
        return EMPTY if is_open else _tail(zeros=True, limit=limit)
    if limit is not None and size > limit:
        after = EPSILON
    elif is_open:
        after = EMPTY
    else:
        after = repeat(_ZERO, 0, None if limit is None else limit - size)
    step = EMPTY
    for k in range(min(size, _or(limit, size)) - 1, -1, -1):
        digit = int(fraction[k])
        pieces = []
        if digit > 0:
            rest = repeat(_DIGIT, 0, None if limit is None else limit - 1 - k)
            pieces.append(concat(_digit_range(0, digit - 1), rest))
        if after != EMPTY:
            pieces.append(concat(_digit_range(digit, digit), after))
        step = union(*pieces)
        after = repeat(step, 0, 1)  # to stop before the last digit is to be less
    return repeat(concat(_POINT, step), 0, 1)


def _or(limit: int | None, otherwise: int) -> int:
    return otherwise if limit is None else limit


def _digit_range(first: int, last: int) -> bytes:
    if first == last:
        return literal(b"%d" % first)
    return byte_class([(0x30 + first, 0x30 + last)])


# -- exponent forms -------------------------------------------------------------------------------


def _scientific_forms(
    low: Decimal, low_open: bool, high: Decimal | None, high_open: bool, integer: bool
) -> list[bytes]:
    """The exponent forms of the numbers of [low, high] that are not 0."""
    if high is not None and not high:
        return []
    free_from, free_to = -_EXPONENT, _EXPONENT
    edges: list[tuple[bytes, int]] = []  # a mantissa, and the one exponent it goes with
    bottom = top = None
    if low:
        digits, free_from = _scientific(low)
        bottom = (_mantissa_from(digits, low_open), free_from)
        free_from += 1
    if high is not None:
        digits, free_to = _scientific(high)
        top = (_mantissa_to(digits, high_open), free_to)
        free_to -= 1
    if bottom is not None and top is not None and bottom[1] == top[1]:
        edges.append((intersect(bottom[0], top[0]), top[1]))
    else:
        edges += [edge for edge in (bottom, top) if edge is not None]
    forms = []
    for mantissa, exponent in edges:
        if abs(exponent) > _EXPONENT or mantissa == EMPTY or (integer and exponent < 0):
            continue
        if integer and exponent < _FRACTION:
            mantissa = intersect(mantissa, _mantissa_of(exponent))
        forms.append(concat(mantissa, _MARK, _exponent_range(exponent, exponent)))
    free_from, free_to = max(free_from, -_EXPONENT), min(free_to, _EXPONENT)
    if integer:
        forms.append(_integral_forms(max(free_from, 0), free_to))
    else:
        exponents = _exponent_range(free_from, free_to)
        forms.append(concat(_MANTISSA, _MARK, exponents))
    return forms


def _integral_forms(first: int, last: int, places: int = 0) -> bytes:
    """All mantissas with exponents from first to last whose value is a multiple of 10^-places.

    With exponent e the first e + places digits after the point are free, those past them are 0.
    """
    full = _FRACTION - places  # from this exponent on all sixteen digits are free
    below = min(last, full - 1)
    by_exponent = [
        concat(_fraction_of(e + places), _MARK, _exponent_range(e, e))
        for e in range(max(first, -places), below + 1)
    ]
    return concat(
        _NONZERO,
        union(
            concat(_MARK, _exponent_range(max(first, -places), below)),
            concat(_POINT, union(*by_exponent)),
            concat(_ANY_FRACTION, _MARK, _exponent_range(max(first, full), last)),
        ),
    )


def _fraction_of(size: int) -> bytes:
    """The digits of a fraction with none but zeros past the first ``size``, size < 16."""
    if size == 0:
        return repeat(_ZERO, 1, _FRACTION)
    longer = concat(repeat(_DIGIT, size, size), repeat(_ZERO, 1, _FRACTION - size))
    return union(repeat(_DIGIT, 1, size), longer)


def _mantissa_from(digits: str, is_open: bool) -> bytes:
    pieces = []
    if digits[0] != "9":
        above = _digit_range(int(digits[0]) + 1, 9)
        pieces.append(concat(above, _tail(zeros=False, limit=_FRACTION)))
    equal = _fraction_from(digits[1:], is_open, _FRACTION)
    if equal != EMPTY:
        pieces.append(concat(literal(digits[0].encode()), equal))
    return union(*pieces)


def _mantissa_to(digits: str, is_open: bool) -> bytes:
    pieces = []
    if digits[0] != "1":
        below = _digit_range(1, int(digits[0]) - 1)
        pieces.append(concat(below, _tail(zeros=False, limit=_FRACTION)))
    equal = _fraction_to(digits[1:], is_open, _FRACTION)
    if equal != EMPTY:
        pieces.append(concat(literal(digits[0].encode()), equal))
    return union(*pieces)


def _mantissa_of(size: int) -> bytes:
    """Mantissas with at most ``size`` significant digits after the point."""
    return concat(_NONZERO, repeat(concat(_POINT, _fraction_of(size)), 0, 1))


def _exponent_range(first: int, last: int) -> bytes:
    """Spellings ``[+-]?\\d{1,3}`` of the exponents from first to last; ``-0`` is 0."""
    pieces = []
    if last >= max(first, 0):
        pieces.append(concat(_PLUS, _padded_range(max(first, 0), last)))
    if first <= min(last, 0):
        pieces.append(concat(_MINUS, _padded_range(max(0, -last), -first)))
    return union(*pieces)


@lru_cache(maxsize=4096)
def _padded_range(first: int, last: int) -> bytes:
    """One to three digits, leading zeros allowed, that spell a number from first to last."""
    if (first, last) == (0, _EXPONENT):
        return repeat(_DIGIT, 1, 3)
    pieces = []
    for width, least in ((1, 0), (2, 10), (3, 100)):
        low, high = max(first, least), min(last, 10**width - 1)
        if low <= high:
            pieces.append(concat(repeat(_ZERO, 0, 3 - width), _between(str(low), str(high))))
    return union(*pieces)


def _between(low: str, high: str) -> bytes:
    """Digit strings between two of the same length."""
    first, last, rest = int(low[0]), int(high[0]), len(low) - 1
    if rest == 0:
        return _digit_range(first, last)
    if first == last:
        return concat(_digit_range(first, first), _between(low[1:], high[1:]))
    pieces = []
    if low[1:] != "0" * rest:
        pieces.append(concat(_digit_range(first, first), _between(low[1:], "9" * rest)))
        first += 1
    if high[1:] != "9" * rest:
        pieces.append(concat(_digit_range(last, last), _between("0" * rest, high[1:])))
        last -= 1
    if first <= last:
        pieces.append(concat(_digit_range(first, last), repeat(_DIGIT, rest, rest)))
    return union(*pieces)


_ANY_FRACTION = _tail(zeros=False, limit=_FRACTION)
_INTEGRAL_TAIL = _tail(zeros=True, limit=None)
_MANTISSA = concat(_NONZERO, _ANY_FRACTION)
_ZERO_SCIENTIFIC = concat(
    _ZERO, _tail(zeros=True, limit=_FRACTION), _MARK, _exponent_range(-_EXPONENT, _EXPONENT)
)
_ZERO_FORMS = union(concat(_ZERO, _INTEGRAL_TAIL), _ZERO_SCIENTIFIC)
