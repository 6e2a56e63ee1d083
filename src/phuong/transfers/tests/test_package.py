"""The hand-over package: the same facts give the same bytes, and nothing that was touched is believed."""

import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.transfers.rules.package import (
    MANIFEST,
    MOST_BYTES,
    RECORD,
    HandedEnrolment,
    HandedGuardian,
    HandedLearner,
    HandedRecord,
    Unreadable,
    pack,
    unpack,
)

AT = dt.datetime(2026, 11, 26, 10, 0, tzinfo=dt.UTC)
letters = st.characters(categories=["L", "M", "N", "P"], exclude_characters="\x7f")
words = st.text(letters, min_size=1, max_size=12).filter(lambda text: text.split() == [text])
lines = st.lists(words, min_size=1, max_size=4).map(" ".join)
names = st.lists(words, min_size=2, max_size=4).map(" ".join)
born = st.dates(dt.date(1990, 1, 1), dt.date(2026, 1, 1))
records = st.builds(
    HandedRecord,
    learner=st.builds(
        HandedLearner,
        full_name=names,
        birth_date=born,
        sex=st.sampled_from(["male", "female"]),
        number=st.just("") | st.from_regex(r"[0-9]{12}", fullmatch=True),
        code=st.just("HP001"),
        ethnicity=st.just("kinh"),
        birthplace=lines,
    ),
    school=lines,
    province=lines,
    class_name=lines,
    grade=st.integers(0, 12),
    enrolments=st.lists(
        st.builds(
            HandedEnrolment,
            school=lines,
            class_name=lines,
            grade=st.integers(0, 12),
            school_year=st.integers(2000, 2026),
            since=born,
            until=st.none() | born,
        ),
        max_size=3,
    ).map(tuple),
    guardians=st.lists(
        st.builds(
            HandedGuardian,
            full_name=names,
            relation=st.just("mother"),
            custody=st.just("full"),
            phone=st.just("0912345678"),
        ),
        max_size=2,
    ).map(tuple),
    barred=st.integers(0, 2),
)
others = st.dictionaries(st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True), st.binary(max_size=200), max_size=3)


def a_record() -> HandedRecord:
    learner = HandedLearner(full_name="Đỗ Khánh An", birth_date=dt.date(2013, 5, 1), sex="female")
    return HandedRecord(learner=learner, school="THCS Lạch Tray", province="Hải Phòng", grade=8)


def a_package(**other: bytes) -> bytes:
    files = [(f"{name}.bin", name, content) for name, content in other.items()]
    return pack(a_record(), files, made_at=AT, made_by="THCS Lạch Tray", to="THCS Hạ Long")


@given(records, others)
def test_what_is_packed_is_read_back_and_the_same_facts_give_the_same_bytes(
    record: HandedRecord, more: dict[str, bytes]
) -> None:
    files = [(f"{name}.bin", name, content) for name, content in more.items()]

    packed = pack(record, files, made_at=AT, made_by="Trường cũ", to="Trường mới")

    read = unpack(packed)
    assert read.record == record
    assert {name: read.files[f"{name}.bin"] for name in more} == more
    assert pack(record, files[::-1], made_at=AT, made_by="Trường cũ", to="Trường mới") == packed


def rewritten(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Open a package, change its files, and close it again without touching the manifest."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in files.items():
            archive.writestr(name, each)
    return packed.getvalue()


def another_name(files: dict[str, bytes]) -> None:
    files[RECORD] = files[RECORD].replace("Đỗ Khánh An".encode(), "Đỗ Khánh Ân".encode())


def honest(files: dict[str, bytes], record: dict[str, object]) -> None:
    """Write another record and a manifest that agrees with it."""
    files[RECORD] = json.dumps(record).encode()
    manifest = json.loads(files[MANIFEST])
    listed = next(each for each in manifest["files"] if each["name"] == RECORD)
    listed["size"], listed["sha256"] = len(files[RECORD]), hashlib.sha256(files[RECORD]).hexdigest()
    files[MANIFEST] = json.dumps(manifest).encode()


def without_birth_date(files: dict[str, bytes]) -> None:
    record = json.loads(files[RECORD])
    del record["learner"]["birth_date"]
    honest(files, record)


def with_more(files: dict[str, bytes]) -> None:
    record = json.loads(files[RECORD])
    record["learner"]["colour"] = "red"
    honest(files, record)


def barred_guardian(files: dict[str, bytes]) -> None:
    record = json.loads(files[RECORD])
    record["guardians"] = [{"full_name": "Lê Khác", "relation": "father", "custody": "none"}]
    honest(files, record)


def later_version(files: dict[str, bytes]) -> None:
    files[MANIFEST] = files[MANIFEST].replace(b'"version": 1', b'"version": 2')


@pytest.mark.parametrize(
    ("change", "code", "at"),
    [
        (another_name, "digest", RECORD),
        (lambda files: files.pop("paper.bin"), "missing", "paper.bin"),
        (lambda files: files.update({"extra.bin": b"x"}), "unlisted", "extra.bin"),
        (lambda files: files.update({"paper.bin": b"another"}), "digest", "paper.bin"),
        (lambda files: files.pop(MANIFEST), "missing", MANIFEST),
        (lambda files: files.update({MANIFEST: b"{"}), "shape", MANIFEST),
        (later_version, "shape", f"{MANIFEST}: version"),
        (lambda files: files.update({"../../etc/passwd": b"x"}), "bad_name", "../../etc/passwd"),
        (lambda files: files.update({"a/b.bin": b"x"}), "bad_name", "a/b.bin"),
        (without_birth_date, "shape", f"{RECORD}: learner.birth_date"),
        (with_more, "shape", f"{RECORD}: learner.colour"),
        (barred_guardian, "shape", f"{RECORD}: guardians.0.custody"),
    ],
)
def test_a_package_that_was_touched_is_not_believed_and_the_place_is_told(
    change: Callable[[dict[str, bytes]], None], code: str, at: str
) -> None:
    content = rewritten(a_package(paper=b"paper"), change)

    with pytest.raises(Unreadable) as caught:
        unpack(content)

    assert (caught.value.code, caught.value.at) == (code, at)


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in range(6):
            archive.writestr(f"zeros{place}.bin", bytes(8 * 1024 * 1024))
    return packed.getvalue()


def many() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for place in range(300):
            archive.writestr(f"f{place}.bin", b"")
    return packed.getvalue()


def locked() -> bytes:
    content = bytearray(a_package())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + offset] |= 1
            start = content.find(mark, start + 4)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_zip"),
        (b"PK\x03\x04", "not_zip"),
        (b"%PDF-1.7", "not_zip"),
        (a_package()[:-30], "not_zip"),
        (bytes(MOST_BYTES + 1), "too_large"),
        (bomb(), "too_large"),
        (many(), "too_many"),
        (locked(), "locked"),
    ],
    ids=["empty", "start", "pdf", "cut", "large", "bomb", "many", "locked"],
)
def test_what_is_no_package_is_refused_quickly(content: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        unpack(content)

    assert caught.value.code == code


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_fail(content: bytes) -> None:
    with pytest.raises(Unreadable):
        unpack(content)


@given(st.integers(0, 5000), st.integers(0, 255))
def test_a_package_with_one_other_byte_is_the_same_or_is_refused(place: int, byte: int) -> None:
    content = bytearray(a_package(paper=b"paper"))
    content[place % len(content)] = byte

    try:
        read = unpack(bytes(content))
    except Unreadable:
        return

    assert read.record == a_record()
    assert read.files["paper.bin"] == b"paper"


@pytest.mark.parametrize("name", ["manifest.json", "record.json", "A.pdf", "a/b.pdf", "..", "a.verylong"])
def test_a_name_that_could_be_mistaken_is_not_packed(name: str) -> None:
    with pytest.raises(ValueError, match="names of files"):
        pack(a_record(), [(name, "", b"")], made_at=AT, made_by="Trường cũ", to="Trường mới")
