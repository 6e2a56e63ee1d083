"""The hand-over package: a ZIP with a manifest that lists every file with its SHA-256; made and read, pure.

The same facts give the same bytes. Reading trusts nothing: sizes, names, digests and shapes are checked before anything
is believed.
"""

import datetime as dt
import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from phuong.kernel.text import nfc

FORMAT, VERSION = "phuong-handover", 1
MANIFEST, RECORD = "manifest.json", "record.json"
MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 40 * 1024 * 1024
MOST_FILES = 200
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}\.[a-z0-9]{1,5}")
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # a ZIP knows no earlier day


T = TypeVar("T", bound=BaseModel)


class Unreadable(ValueError):
    """A package that is not believed. ``code``: what is wrong; ``at``: which file, or which place in it."""

    def __init__(self, code: str, at: str = "") -> None:
        """Keep what is wrong and where."""
        super().__init__(f"{code} {at}".strip())
        self.code, self.at = code, at


Line = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$"), AfterValidator(nfc)
]
Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$"), AfterValidator(nfc)]
Code = Annotated[str, StringConstraints(max_length=40, pattern=r"^[\w.-]*$")]
FullName = Annotated[
    str, StringConstraints(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*\S \S[^\x00-\x1f\x7f]*$"), AfterValidator(nfc)
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HandedLearner(_Part):
    """Who the learner is. ``number``: twelve digits, or empty."""

    full_name: FullName
    birth_date: dt.date
    sex: Literal["male", "female"]
    number: Annotated[str, StringConstraints(pattern=r"^(\d{12})?$")] = ""
    code: Code = ""
    ethnicity: Code = ""
    nationality: Code = "VN"
    birthplace: Text = ""


class HandedGuardian(_Part):
    """A guardian who may be spoken to; codes of the lists guardian_relation and custody."""

    full_name: FullName
    relation: Code
    custody: Literal["full", "shared", "none_contact_allowed"]
    phone: Annotated[str, StringConstraints(max_length=20, pattern=r"^[\d+]*$")] = ""


class HandedEnrolment(_Part):
    """A class the learner sat in; ``until``: the first day no longer there, none while it lasts."""

    school: Line
    class_name: Line
    grade: Annotated[int, Field(ge=0, le=12)]
    school_year: Annotated[int, Field(ge=1950, le=2200)]
    since: dt.date
    until: dt.date | None = None
    status: Code = ""


class HandedRecord(_Part):
    """The record as it is handed over; ``barred``: how many persons may not be told anything about the learner."""

    learner: HandedLearner
    school: Line
    school_code: Code = ""
    province: Line
    class_name: Text = ""
    grade: Annotated[int, Field(ge=0, le=12)]
    enrolments: Annotated[tuple[HandedEnrolment, ...], Field(max_length=60)] = ()
    guardians: Annotated[tuple[HandedGuardian, ...], Field(max_length=12)] = ()
    barred: Annotated[int, Field(ge=0, le=12)] = 0


class ListedFile(_Part):
    """A file of the package with its size and digest."""

    name: str
    title: Text = ""
    size: Annotated[int, Field(ge=0, le=MOST_UNPACKED)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Manifest(_Part):
    """What the package says of itself."""

    format: Literal["phuong-handover"]
    version: Literal[1]
    made_at: dt.datetime
    made_by: Line
    to: Line
    files: Annotated[tuple[ListedFile, ...], Field(min_length=1, max_length=MOST_FILES)]


@dataclass(frozen=True)
class Unpacked:
    """A package that was read and believed."""

    manifest: Manifest
    record: HandedRecord
    files: Mapping[str, bytes]


def pack(
    record: HandedRecord, others: Sequence[tuple[str, str, bytes]], *, made_at: dt.datetime, made_by: str, to: str
) -> bytes:
    """Make a package of the record and further files (name, title, content).

    :raises ValueError: a name that is not allowed, or given twice
    """
    told = record.model_dump_json(indent=1).encode()
    files = [(RECORD, "Hồ sơ học sinh", told), *sorted(others)]
    names = [name for name, _title, _content in files]
    if len(set(names)) < len(names) or not all(_NAME.fullmatch(name) for name in names) or MANIFEST in names:
        raise ValueError(f"names of files: {names}")
    listed = [
        {"name": name, "title": title, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, title, content in files
    ]
    facts = {"format": FORMAT, "version": VERSION, "made_at": made_at.isoformat(), "made_by": made_by, "to": to}
    manifest = json.dumps({**facts, "files": listed}, ensure_ascii=False, indent=1).encode()
    moment = max(made_at.timetuple()[:6], _EARLIEST)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [(MANIFEST, manifest), *((name, content) for name, _title, content in files)]:
            archive.writestr(zipfile.ZipInfo(name, moment), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def unpack(content: bytes) -> Unpacked:
    """Read a package.

    :raises Unreadable: too large, no ZIP, a file more, less or other than the manifest lists, or of another shape
    """
    if len(content) > MOST_BYTES:
        raise Unreadable("too_large")
    files = _files_of(content)
    manifest = _read(Manifest, files.pop(MANIFEST, None), MANIFEST)
    listed = {each.name: each for each in manifest.files}
    if missing := sorted(set(listed) - set(files)):
        raise Unreadable("missing", missing[0])
    if unlisted := sorted(set(files) - set(listed)):
        raise Unreadable("unlisted", unlisted[0])
    for name, each in listed.items():
        if len(files[name]) != each.size or hashlib.sha256(files[name]).hexdigest() != each.sha256:
            raise Unreadable("digest", name)
    return Unpacked(manifest, _read(HandedRecord, files.get(RECORD), RECORD), files)


def _files_of(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _contents(archive)
    except Unreadable:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as trouble:
        raise Unreadable("not_zip") from trouble


def _contents(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MOST_FILES + 1:
        raise Unreadable("too_many")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Unreadable("too_large")
    files: dict[str, bytes] = {}
    for entry in entries:
        if not _NAME.fullmatch(entry.filename):
            raise Unreadable("bad_name", entry.filename[:80])
        if entry.filename in files:
            raise Unreadable("twice", entry.filename)
        if entry.flag_bits & 1:
            raise Unreadable("locked", entry.filename)
        files[entry.filename] = archive.read(entry)
    return files


def _read(shape: type[T], content: bytes | None, name: str) -> T:
    if content is None:
        raise Unreadable("missing", name)
    try:
        return shape.model_validate_json(content)
    except ValidationError as trouble:
        place = ".".join(str(part) for part in trouble.errors()[0]["loc"])
        raise Unreadable("shape", f"{name}: {place}" if place else name) from trouble
