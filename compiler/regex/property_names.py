"""Names of Unicode properties as ECMA-262 has them (tables 66 to 68), without loose matching.

Names and aliases are those of PropertyAliases.txt and PropertyValueAliases.txt; what the sets hold,
the core knows (``_core.unicode_property``). ``Changes_When_NFKC_Casefolded`` is the one property
that it does not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

__all__ = ["PROPERTIES", "property_query"]

# General_Category: long names and aliases of PropertyValueAliases.txt, by short name.
_CATEGORY_NAMES: Final = {
    "C": "Other",
    "Cc": "Control cntrl",
    "Cf": "Format",
    "Cn": "Unassigned",
    "Co": "Private_Use",
    "Cs": "Surrogate",
    "L": "Letter",
    "LC": "Cased_Letter",
    "Ll": "Lowercase_Letter",
    "Lm": "Modifier_Letter",
    "Lo": "Other_Letter",
    "Lt": "Titlecase_Letter",
    "Lu": "Uppercase_Letter",
    "M": "Mark Combining_Mark",
    "Mc": "Spacing_Mark",
    "Me": "Enclosing_Mark",
    "Mn": "Nonspacing_Mark",
    "N": "Number",
    "Nd": "Decimal_Number digit",
    "Nl": "Letter_Number",
    "No": "Other_Number",
    "P": "Punctuation punct",
    "Pc": "Connector_Punctuation",
    "Pd": "Dash_Punctuation",
    "Pe": "Close_Punctuation",
    "Pf": "Final_Punctuation",
    "Pi": "Initial_Punctuation",
    "Po": "Other_Punctuation",
    "Ps": "Open_Punctuation",
    "S": "Symbol",
    "Sc": "Currency_Symbol",
    "Sk": "Modifier_Symbol",
    "Sm": "Math_Symbol",
    "So": "Other_Symbol",
    "Z": "Separator",
    "Zl": "Line_Separator",
    "Zp": "Paragraph_Separator",
    "Zs": "Space_Separator",
}
_CATEGORY_OF_NAME: Final = {
    name: short for short, names in _CATEGORY_NAMES.items() for name in (short, *names.split())
}

# Each name with its aliases.
_BINARY_NAMES: Final = """
    ASCII, ASCII_Hex_Digit AHex, Alphabetic Alpha, Any, Assigned, Bidi_Control Bidi_C,
    Bidi_Mirrored Bidi_M, Case_Ignorable CI, Cased, Changes_When_Casefolded CWCF,
    Changes_When_Casemapped CWCM, Changes_When_Lowercased CWL, Changes_When_Titlecased CWT,
    Changes_When_Uppercased CWU, Dash, Default_Ignorable_Code_Point DI, Deprecated Dep,
    Diacritic Dia, Emoji, Emoji_Component EComp, Emoji_Modifier EMod, Emoji_Modifier_Base EBase,
    Emoji_Presentation EPres, Extended_Pictographic ExtPict, Extender Ext, Grapheme_Base Gr_Base,
    Grapheme_Extend Gr_Ext, Hex_Digit Hex, IDS_Binary_Operator IDSB, IDS_Trinary_Operator IDST,
    ID_Continue IDC, ID_Start IDS, Ideographic Ideo, Join_Control Join_C,
    Logical_Order_Exception LOE, Lowercase Lower, Math, Noncharacter_Code_Point NChar,
    Pattern_Syntax Pat_Syn, Pattern_White_Space Pat_WS, Quotation_Mark QMark, Radical,
    Regional_Indicator RI, Sentence_Terminal STerm, Soft_Dotted SD, Terminal_Punctuation Term,
    Unified_Ideograph UIdeo, Uppercase Upper, Variation_Selector VS, White_Space space,
    XID_Continue XIDC, XID_Start XIDS
"""
_SCRIPT_NAMES: Final = """
    Adlam Adlm Adlm, Ahom, Anatolian_Hieroglyphs Hluw, Arabic Arab Arab, Armenian Armn Armn,
    Avestan Avst Avst, Balinese Bali Bali, Bamum Bamu Bamu, Bassa_Vah Bass Bass, Batak Batk Batk,
    Bengali Beng Beng, Bhaiksuki Bhks Bhks, Bopomofo Bopo Bopo, Brahmi Brah Brah, Braille Brai
    Brai, Buginese Bugi Bugi, Buhid Buhd Buhd, Canadian_Aboriginal Cans Cans, Carian Cari Cari,
    Caucasian_Albanian Aghb Aghb, Chakma Cakm Cakm, Cham, Cherokee Cher, Chorasmian Chrs, Common
    Zyyy, Coptic Copt Qaac, Cuneiform Xsux, Cypriot Cprt, Cypro_Minoan Cpmn, Cyrillic Cyrl,
    Deseret Dsrt, Devanagari Deva, Dives_Akuru Diak, Dogra Dogr, Duployan Dupl,
    Egyptian_Hieroglyphs Egyp, Elbasan Elba, Elymaic Elym, Ethiopic Ethi, Garay Gara, Georgian
    Geor, Glagolitic Glag, Gothic Goth, Grantha Gran, Greek Grek, Gujarati Gujr, Gunjala_Gondi
    Gong, Gurmukhi Guru, Gurung_Khema Gukh, Han Hani, Hangul Hang, Hanifi_Rohingya Rohg, Hanunoo
    Hano, Hatran Hatr, Hebrew Hebr, Hiragana Hira, Imperial_Aramaic Armi Armi, Inherited Qaai
    Zinh, Inscriptional_Pahlavi Phli, Inscriptional_Parthian Prti, Javanese Java, Kaithi Kthi,
    Kannada Knda, Katakana Kana, Kawi, Kayah_Li Kali, Kharoshthi Khar, Khitan_Small_Script Kits,
    Khmer Khmr, Khojki Khoj, Khudawadi Sind, Kirat_Rai Krai, Lao Laoo, Latin Latn, Lepcha Lepc,
    Limbu Limb, Linear_A Lina, Linear_B Linb, Lisu, Lycian Lyci, Lydian Lydi, Mahajani Mahj,
    Makasar Maka, Malayalam Mlym, Mandaic Mand, Manichaean Mani, Marchen Marc, Masaram_Gondi Gonm,
    Medefaidrin Medf, Meetei_Mayek Mtei, Mende_Kikakui Mend, Meroitic_Cursive Merc,
    Meroitic_Hieroglyphs Mero, Miao Plrd, Modi, Mongolian Mong, Mro Mroo, Multani Mult, Myanmar
    Mymr, Nabataean Nbat, Nag_Mundari Nagm, Nandinagari Nand, New_Tai_Lue Talu, Newa, Nko Nkoo,
    Nushu Nshu, Nyiakeng_Puachue_Hmong Hmnp, Ogham Ogam, Ol_Chiki Olck, Ol_Onal Onao,
    Old_Hungarian Hung, Old_Italic Ital, Old_North_Arabian Narb, Old_Permic Perm, Old_Persian
    Xpeo, Old_Sogdian Sogo, Old_South_Arabian Sarb, Old_Turkic Orkh, Old_Uyghur Ougr, Oriya Orya,
    Osage Osge, Osmanya Osma, Pahawh_Hmong Hmng, Palmyrene Palm, Pau_Cin_Hau Pauc, Phags_Pa Phag,
    Phoenician Phnx, Psalter_Pahlavi Phlp, Rejang Rjng, Runic Runr, Samaritan Samr, Saurashtra
    Saur, Sharada Shrd, Shavian Shaw, Siddham Sidd, SignWriting Sgnw, Sinhala Sinh, Sogdian Sogd,
    Sora_Sompeng Sora, Soyombo Soyo, Sundanese Sund, Sunuwar Sunu, Syloti_Nagri Sylo, Syriac Syrc,
    Tagalog Tglg, Tagbanwa Tagb, Tai_Le Tale, Tai_Tham Lana, Tai_Viet Tavt, Takri Takr, Tamil
    Taml, Tangsa Tnsa, Tangut Tang, Telugu Telu, Thaana Thaa, Thai, Tibetan Tibt, Tifinagh Tfng,
    Tirhuta Tirh, Todhri Todr, Toto, Tulu_Tigalari Tutg, Ugaritic Ugar, Unknown Zzzz,
    Vai Vaii, Vithkuqi Vith, Wancho Wcho, Warang_Citi Wara, Yezidi Yezi, Yi Yiii,
    Zanabazar_Square Zanb
"""


def _by_name(lists: str) -> dict[str, str]:
    groups = [group.split() for group in lists.split(",")]
    return {name: group[0] for group in groups for name in group}


# Texts have no surrogates; what has no script is unassigned or private.
_SPECIAL: Final = {
    "Cs": (),
    "Unknown": ("General_Category=Cn", "General_Category=Co"),
}
_BINARY: Final = _by_name(_BINARY_NAMES)
_SCRIPTS: Final = _by_name(_SCRIPT_NAMES)
_VALUES: Final = {
    "General_Category": ("General_Category", _CATEGORY_OF_NAME),
    "gc": ("General_Category", _CATEGORY_OF_NAME),
    "Script": ("Script", _SCRIPTS),
    "sc": ("Script", _SCRIPTS),
    "Script_Extensions": ("Script_Extensions", _SCRIPTS),
    "scx": ("Script_Extensions", _SCRIPTS),
}


PROPERTIES: Final[Mapping[str, Collection[str]]] = {
    "": [*_BINARY, "Changes_When_NFKC_Casefolded", "CWKCF"],
    **{name: values for name, (_, values) in _VALUES.items()},
}
"""The names and aliases of values, by those of their property; under "" binary properties."""


def property_query(expression: str) -> tuple[str, ...] | None:
    """The sets of the core whose union is ``\\p{expression}``; None if it is no property."""
    name, equals, value = expression.partition("=")
    if not equals:
        if expression in _BINARY:
            return (_BINARY[expression],)
        name, value = "General_Category", expression
    kind, names = _VALUES.get(name, ("", {}))
    if value not in names:
        return None
    return _SPECIAL.get(names[value], (f"{kind}={names[value]}",))
