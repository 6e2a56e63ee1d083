"""How TCVN3 (ABC) and VNI fonts wrote Vietnamese: their characters, as latin-1, and the letters people saw."""

import re

_TCVN3 = """
    ¡Ă ¢Â £Ê ¤Ô ¥Ơ ¦Ư §Đ ¨ă ©â ªê «ô ¬ơ \xadư ®đ
    µà ¶ả ·ã ¸á ¹ạ »ằ ¼ẳ ½ẵ ¾ắ Æặ Çầ Èẩ Éẫ Êấ Ëậ
    Ìè Îẻ Ïẽ Ðé Ñẹ Òề Óể Ôễ Õế Öệ ×ì Øỉ Üĩ Ýí Þị
    ßò áỏ âõ ãó äọ åồ æổ çỗ èố éộ êờ ëở ìỡ íớ îợ
    ïù ñủ òũ óú ôụ õừ öử ÷ữ øứ ùự úỳ ûỷ üỹ ýý þỵ
"""
TCVN3 = {pair[0]: pair[1] for pair in _TCVN3.split()}

_MARKED = {
    "a": "ùá øà ûả õã ïạ ââ áấ àầ åẩ ãẫ äậ êă éắ èằ úẳ üẵ ëặ",
    "e": "ùé øè ûẻ õẽ ïẹ âê áế àề åể ãễ äệ",
    "o": "ùó øò ûỏ õõ ïọ âô áố àồ åổ ãỗ äộ",
    "u": "ùú øù ûủ õũ ïụ",
    "y": "ùý øỳ ûỷ õỹ",
    "ô": "ùớ øờ ûở õỡ ïợ",
    "ö": "ùứ øừ ûử õữ ïự",
}
_ALONE = "ñđ ôơ öư íí ìì æỉ óĩ òị îỵ"


def _vni() -> dict[str, str]:
    lower = {base + pair[0]: pair[1] for base, pairs in _MARKED.items() for pair in pairs.split()}
    lower |= {pair[0]: pair[1] for pair in _ALONE.split()}
    whole = dict(lower)
    for written, letter in lower.items():
        whole[written.upper()] = letter.upper()
        whole[written[0].upper() + written[1:]] = letter.upper()
    return whole


VNI = _vni()
VNI_PARTS = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))

# What Vietnamese in Unicode never holds and nearly every TCVN3 or VNI text does: characters that are no letters of the
# language, and marks on the wrong side of a vowel. Without a hit there is nothing to convert.
_FOREIGN = "¡-¯±µ-¹»-¾ÄÅÆÇËÎÏÐÑÖ×ØÛÜÞßäåæçëîïðñö÷øûüþ"
TELLING = re.compile(f"[{_FOREIGN}]|[aeAE][âáàãÂÁÀÃ]|[oO][âÂ]|[aA][êéèúÊÉÈÚ]|[aeouyAEOUY][ùõÙÕ]")
# the same over UTF-8, each with a first byte that is found fast
TELLING_UTF8 = (
    re.compile(rb"\xc2[\xa1-\xaf\xb1\xb5-\xb9\xbb-\xbe]"),
    re.compile(
        rb"\xc3(?:[\x84-\x87\x8b\x8e-\x91\x96-\x98\x9b\x9c\x9e\x9f\xa4-\xa7\xab\xae-\xb1\xb6-\xb8\xbb\xbc\xbe]"
        rb"|(?<=[aeAE]\xc3)[\xa0-\xa3\x80-\x83]|(?<=[oO]\xc3)[\xa2\x82]|(?<=[aA]\xc3)[\xa8-\xaa\x88-\x8a\xba\x9a]"
        rb"|(?<=[aeouyAEOUY]\xc3)[\xb5\xb9\x95\x99])"
    ),
)


def may_be_legacy(utf8: bytes) -> bool:
    """Say whether text in UTF-8 holds anything of TCVN3 or VNI; character references count as anything."""
    return b"&#" in utf8 or any(pattern.search(utf8) for pattern in TELLING_UTF8)
