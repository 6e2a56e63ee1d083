"""TCVN3 and VNI are found by their words, and Vietnamese Unicode is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.intake.reading.legacy import FORMS, cure, from_tcvn3, from_vni
from phuong.intake.reading.legacy_letters import TCVN3, TELLING, TELLING_UTF8, VNI
from phuong.intake.reading.shapes import Cell
from phuong.intake.reading.syllables import is_syllable

FAMILIES = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Lương Đoàn Trịnh Nghiêm Quách"
GIVEN = """Khánh Hưởng Thuỷ Quỳnh Ngọc Phượng Tuấn Dũng Hằng Yến Mỹ Lộc Đức Trường Vượng Nghĩa Tuyết Xuân Thắng Khuê
Bích Hạnh Liên Giang Kiều Oanh Diễm Thục Ngân Hậu Đạt Tiến Sỹ Hiền Nhã Trầm Thảo Loan Hoè Khoái"""
SYLLABLES = "Nguyễn Quỳnh giếng gì Quý Thúy Thuý khuya nghiêng ngoằn xoẹt Huỳnh quặn khuếch Ỷ yểng tuyết khuỷu ước"
NO_SYLLABLES = "NguyÔn TrÇn Vaên Ñöùc xaõ nghóa Zoë François ÷ £ mât ngên cê"
NAMES = st.tuples(
    st.sampled_from(FAMILIES.split()), st.sampled_from(["Thị", "Văn", "Hữu", "Đình"]), st.sampled_from(GIVEN.split())
).map(" ".join)
SENTENCES = [
    ("tcvn3", "Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam"),
    ("tcvn3", "§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"),
    ("tcvn3", "Së Gi¸o dôc vµ §µo t¹o H¶i Phßng", "Sở Giáo dục và Đào tạo Hải Phòng"),
    ("tcvn3", "NGUYÔN V¡N KH¸NH", "NGUYỄN VĂN KHÁNH"),
    ("tcvn3", "Lª Hµ", "Lê Hà"),
    ("vni", "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
    ("vni", "Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc"),
    ("vni", "Sôû Giaùo duïc vaø Ñaøo taïo Thaønh phoá Hoà Chí Minh", "Sở Giáo dục và Đào tạo Thành phố Hồ Chí Minh"),
    ("vni", "NGUYEÃN VAÊN KHAÙNH", "NGUYỄN VĂN KHÁNH"),
]


def _written(text: str, table: dict[str, str]) -> str:
    """Write Unicode as the font had it; letters that it lacks stay, as capitals with marks do in TCVN3."""
    back = {letter: code for code, letter in reversed(table.items())}
    return "".join(back.get(char, char) for char in text)


@pytest.mark.parametrize(("form", "legacy", "unicode"), SENTENCES)
def test_sentences_known_by_heart_come_out_right(form: str, legacy: str, unicode: str) -> None:
    assert FORMS[form](legacy) == unicode


@pytest.mark.parametrize(("table", "letters"), [(TCVN3, 74), (VNI, 134)], ids=["tcvn3", "vni"])
def test_the_tables_hold_every_letter_of_the_language(table: dict[str, str], letters: int) -> None:
    plain, marks = "aăâeêioôơuưy", "\u0300\u0301\u0303\u0309\u0323"
    lower = {letter.lower() for letter in table.values()}

    assert len(set(table.values())) == letters
    assert len(lower) == len(plain) * (len(marks) + 1) - len("aeiouy") + 1  # and «đ»


@given(NAMES)
def test_names_come_back_from_both_forms(name: str) -> None:
    assert from_tcvn3(_written(name, TCVN3)) == name
    assert from_vni(_written(name, VNI)) == name
    assert from_vni(_written(name.upper(), VNI)) == name.upper()


@given(st.lists(NAMES, min_size=4, max_size=30), st.sampled_from(["tcvn3", "vni"]))
def test_a_column_of_names_is_found_and_converted(names: list[str], form: str) -> None:
    table = TCVN3 if form == "tcvn3" else VNI
    rows: list[list[Cell]] = [[number, _written(name, table), "5A"] for number, name in enumerate(names)]

    found, columns = cure(rows, 3)

    if len({word for name in names for word in name.split()}) > 6:
        assert (found, columns) == (form, [1])
        assert [row[1] for row in rows] == names
    assert [row[2] for row in rows] == ["5A"] * len(names)


@given(st.lists(NAMES, min_size=1, max_size=30))
def test_unicode_is_never_touched(names: list[str]) -> None:
    rows: list[list[Cell]] = [[name, name.upper()] for name in names]

    assert cure(rows, 2) == ("", [])
    assert rows == [[name, name.upper()] for name in names]


def test_in_a_mixed_column_only_the_legacy_cells_change() -> None:
    names = ["Nguyễn Văn Khánh", "Lê Hoà", "Bình", "Trần Thị Phượng"]
    rows: list[list[Cell]] = [[name] for name in names]
    rows += [[_written(name, TCVN3)] for name in ("Phạm Đức Nghĩa", "Vũ Quỳnh Ngọc", "Đỗ Hưởng")]

    assert cure(rows, 1) == ("tcvn3", [0])
    assert [row[0] for row in rows] == [*names, "Phạm Đức Nghĩa", "Vũ Quỳnh Ngọc", "Đỗ Hưởng"]


def test_a_sheet_wholly_in_one_form_gives_even_words_that_could_stand() -> None:
    rows: list[list[Cell]] = [["Hä vµ tªn", "Líp"], ["NguyÔn V¨n Kh¸nh", "5A"], ["TrÇn ThÞ H»ng", "5B"]]

    cure(rows, 2)

    assert rows[0] == ["Họ và tên", "Lớp"]


@given(st.text(st.characters(max_codepoint=0x1F9)))
def test_both_quick_looks_see_the_same(text: str) -> None:
    assert bool(TELLING.search(text)) == any(pattern.search(text.encode()) for pattern in TELLING_UTF8)


@given(st.text(st.characters(max_codepoint=0x1F9), max_size=12))
def test_nothing_is_converted_that_the_quick_look_lets_pass(text: str) -> None:
    rows: list[list[Cell]] = [[text]]

    if not TELLING.search(text):
        assert cure(rows, 1) == ("", [])


@pytest.mark.parametrize("word", SYLLABLES.split())
def test_syllables_are_known(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", NO_SYLLABLES.split())
def test_what_cannot_be_a_syllable_is_known(word: str) -> None:
    assert not is_syllable(word)
