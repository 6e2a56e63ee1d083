"""Which words are Vietnamese syllables, by their spelling: what tells right characters from wrong ones."""

import unicodedata
from functools import lru_cache

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_ACUTE_OR_DOT = "\u0301\u0323"
# longest first: «ngh» before «ng» before «n»
_ONSETS_SPELT = "ngh ch gh gi kh ng nh ph qu th tr b c d đ g h k l m n p q r s t v x"
_ONSETS = _ONSETS_SPELT.split()
_RHYMES_SPELT = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êc êch êm ên êng ênh êp êt êu
    i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc
    oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơng ơp ơt
    u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt up ut uơ uy uya uych uyên uyêt
    uyn uynh uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
    y yêm yên yêng yêt yêu ych ynh yt
"""
_RHYMES = frozenset(_RHYMES_SPELT.split())


# rhymes whose last letter never carries the tone: «ngãi», not «ngaĩ»
_GLIDING_SPELT = "ai ao au ay âu ây eo êu oi ôi ơi ui ưi ưu iu oai oay uôi ươi iêu yêu ươu oao oeo uyu ia ua ưa"
_GLIDING = frozenset(_GLIDING_SPELT.split())
_FRONT, _BEFORE_FRONT, _NEVER_BEFORE_FRONT = "ieêy", ("ngh", "gh"), ("c", "ng")


def _fits(onset: str, rhyme: str, *, ends_toned: bool) -> bool:
    if rhyme not in _RHYMES or ends_toned and rhyme in _GLIDING:
        return False
    return rhyme[0] in _FRONT if onset in _BEFORE_FRONT else not (onset in _NEVER_BEFORE_FRONT and rhyme[0] in _FRONT)


@lru_cache(8192)
def _splits(bare: str, *, ends_toned: bool) -> bool:
    """Say whether a word without its tone mark is an onset and a rhyme."""
    if bare == "gi" or _fits("", bare, ends_toned=ends_toned):
        return True
    return any(bare.startswith(onset) and _fits(onset, bare[len(onset) :], ends_toned=ends_toned) for onset in _ONSETS)


def is_syllable(word: str) -> bool:
    """Say whether ``word`` can be a Vietnamese syllable; a spelling rule, not a dictionary."""
    if len(word) > 12:  # the longest, «nghiêng», with its marks apart
        return False
    apart = unicodedata.normalize("NFD", word.lower())
    tones = [char for char in apart if char in _TONES]
    bare = unicodedata.normalize("NFC", "".join(char for char in apart if char not in _TONES))
    if len(tones) > 1 or not bare.isalpha():
        return False
    stops = bare.endswith(("p", "t", "c", "ch"))
    if stops and (not tones or tones[0] not in _ACUTE_OR_DOT):
        return False
    return _splits(bare, ends_toned=bool(tones) and apart.endswith(tones[0]))
