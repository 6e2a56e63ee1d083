"""Vietnamese text: order of the dictionary and of the class list, search without marks."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.kernel.text import LETTERS, TONES, as_typed, initials, name_sort_key, neutral, nfc, search_key, vi_key

# by hand, in dictionary order: letters first (a ă â … d đ … o ô ơ … u ư), then level, huyền, hỏi, ngã, sắc, nặng
DICTIONARY = [
    "a",
    "à",
    "ả",
    "ã",
    "á",
    "ạ",
    "an",
    "ăn",
    "ằn",
    "ẳn",
    "ẵn",
    "ắn",
    "ặn",
    "ân",
    "ần",
    "ẩn",
    "ẫn",
    "ấn",
    "ận",
    "ba",
    "bà",
    "bả",
    "bã",
    "bá",
    "bạ",
    "ban",
    "bàn",
    "da",
    "dạ",
    "đa",
    "đà",
    "đả",
    "đã",
    "đá",
    "đạ",
    "em",
    "ém",
    "ê",
    "ề",
    "ể",
    "ễ",
    "ế",
    "ệ",
    "êm",
    "hoa",
    "hòa",
    "hóa",
    "hoan",
    "i",
    "ì",
    "ỉ",
    "ĩ",
    "í",
    "ị",
    "lan",
    "lân",
    "lê",
    "o",
    "ò",
    "ỏ",
    "õ",
    "ó",
    "ọ",
    "ô",
    "ồ",
    "ổ",
    "ỗ",
    "ố",
    "ộ",
    "ơ",
    "ờ",
    "ở",
    "ỡ",
    "ớ",
    "ợ",
    "tuân",
    "tuấn",
    "tư",
    "từ",
    "tử",
    "tữ",
    "tứ",
    "tự",
    "u",
    "ù",
    "ủ",
    "ũ",
    "ú",
    "ụ",
    "ư",
    "ừ",
    "ử",
    "ữ",
    "ứ",
    "ự",
    "xa",
    "xanh",
    "y",
    "ỳ",
    "ỷ",
    "ỹ",
    "ý",
    "ỵ",
]
# đ and the vowels with marks are letters of their own, each in its place
ALPHABET = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
VOWELS = "aăâeêioôơuưy"

syllables = st.lists(
    st.one_of(
        st.tuples(st.sampled_from("bcdđghklmnpqrstvx"), st.just("")),
        st.tuples(st.sampled_from(VOWELS), st.sampled_from(["", *TONES])),
    ),
    min_size=1,
    max_size=6,
)
names = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạắằấầĐÁ ", min_size=1, max_size=20).filter(str.strip)
latin = st.text(alphabet=st.characters(max_codepoint=0x1EFF, exclude_categories=["Cs", "Cc"]), max_size=30)


def spelled(word: list[tuple[str, str]]) -> str:
    return unicodedata.normalize("NFC", "".join(letter + tone for letter, tone in word))


def test_the_dictionary_is_in_its_own_order() -> None:
    assert sorted(reversed(DICTIONARY), key=vi_key) == DICTIONARY


def test_the_alphabet_is_in_its_own_order() -> None:
    assert sorted(reversed(ALPHABET), key=vi_key) == ALPHABET


@pytest.mark.parametrize("text", ["Đặng", "ấn", "Hòa Bình"])
def test_the_key_knows_neither_case_nor_way_of_coding(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)

    assert vi_key(text) == vi_key(text.upper()) == vi_key(decomposed)


@given(syllables, syllables)
def test_letters_come_before_tones(one: list[tuple[str, str]], other: list[tuple[str, str]]) -> None:
    def by_hand(word: list[tuple[str, str]]) -> tuple[list[int], list[int]]:
        letters = [LETTERS.index(letter) for letter, _ in word]
        return letters, [" ".join(["", *TONES]).split(" ").index(tone) for _, tone in word]

    assert (vi_key(spelled(one)) < vi_key(spelled(other))) == (by_hand(one) < by_hand(other))


@given(syllables, syllables)
def test_the_order_is_the_same_byte_by_byte(one: list[tuple[str, str]], other: list[tuple[str, str]]) -> None:
    first, second = vi_key(spelled(one)), vi_key(spelled(other))

    assert (first < second) == (first.encode() < second.encode())


def test_a_class_list_goes_by_given_name_then_by_the_rest() -> None:
    listed = [
        "Bùi Văn An",
        "Đỗ Khánh An",
        "Lê An",
        "Nguyễn Thị Ánh",
        "Trần Anh",
        "Phạm Bình",
        "Đỗ Khánh Dương",
        "Vũ Đức",
    ]
    # «Anh» before «Ánh»: the same letters, level tone first
    listed[3], listed[4] = listed[4], listed[3]

    assert sorted(reversed(listed), key=name_sort_key) == listed


@given(names, names)
def test_the_given_name_decides_before_anything_else(one: str, other: str) -> None:
    given_one, given_other = vi_key(one.split()[-1]), vi_key(other.split()[-1])

    if given_one != given_other:
        assert (name_sort_key(one) < name_sort_key(other)) == (given_one < given_other)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Đỗ Khánh Dương", "do khanh duong"),
        ("  NGUYỄN   Thị Ánh ", "nguyen thi anh"),
        ("Phường Thủy Nguyên", "phuong thuy nguyen"),
        (unicodedata.normalize("NFD", "Đặng Hữu Ước"), "dang huu uoc"),
        ("", ""),
    ],
)
def test_a_search_key_has_no_marks(text: str, key: str) -> None:
    assert search_key(text) == key


@given(latin)
def test_a_search_key_of_a_search_key_is_itself(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)


@given(latin)
def test_no_mark_and_no_crossed_d_is_left_in_a_search_key(text: str) -> None:
    apart = unicodedata.normalize("NFD", search_key(text))

    assert not [char for char in apart if unicodedata.combining(char) or char in "đĐ"]


@given(names)
def test_a_vietnamese_name_is_searched_in_plain_letters(name: str) -> None:
    assert set(search_key(name)) <= set("abcdefghijklmnopqrstuvwxyz ")


@given(st.text(max_size=30))
def test_the_stored_form_of_the_stored_form_is_itself(text: str) -> None:
    assert nfc(nfc(text)) == nfc(text)


@given(names)
def test_both_ways_of_coding_are_stored_alike(name: str) -> None:
    assert nfc(unicodedata.normalize("NFD", name)) == nfc(name)


@pytest.mark.parametrize(("name", "letters"), [("Đỗ Khánh An", "KA"), ("Ánh", "Á"), ("lê đức", "LĐ"), ("", "")])
def test_the_avatar_shows_the_last_two_words(name: str, letters: str) -> None:
    assert initials(name) == letters


@given(st.text("'=+-@ab\t", max_size=8))
def test_what_was_made_harmless_for_a_spreadsheet_is_read_back_as_typed(text: str) -> None:
    shown = neutral(text)

    assert as_typed(shown) == text
    assert not shown.startswith(("=", "+", "-", "@", "\t"))
