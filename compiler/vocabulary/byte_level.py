"""The byte-level alphabet of GPT-2: one printable character for each of the 256 bytes.

Byte-level tokenizers store their tokens as text in this alphabet. A byte that Latin-1 prints as a
visible character stands for itself; the 68 others take the characters from U+0100 on, in order.
Source: the ``bytes_to_unicode`` mapping published with GPT-2 (Radford et al. 2019).
"""

from __future__ import annotations

__all__ = ["BYTE_OF_CHARACTER", "byte_level_bytes"]

_VISIBLE = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
_HIDDEN = [byte for byte in range(256) if byte not in _VISIBLE]

BYTE_OF_CHARACTER: dict[str, int] = {
    **{chr(byte): byte for byte in _VISIBLE},
    **{chr(0x100 + n): byte for n, byte in enumerate(_HIDDEN)},
}


def byte_level_bytes(token: str) -> bytes:
    """The bytes that a byte-level decoder makes of a token.

    A token with any character outside of the alphabet (an added token such as ``" 漢"``) is not in
    the alphabet at all, and stands for its own UTF-8.
    """
    try:
        return bytes([BYTE_OF_CHARACTER[character] for character in token])
    except KeyError:
        return token.encode()
