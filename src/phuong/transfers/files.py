"""The hand-over package: the record as it stands, as JSON and as a paper to sign, and what other apps hand over."""

import base64
import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from phuong.kernel.codelists import entries_of, title_of
from phuong.kernel.contributions import contributions
from phuong.kernel.vault import seal, unseal
from phuong.paper.api import Column, Grid, Heading, Listing, Paper, Paragraph, to_pdf
from phuong.registry.api import Organisation, Person, province_of
from phuong.transfers.declarations import HandOver
from phuong.transfers.errors import BadPackage
from phuong.transfers.models import Package, Transfer
from phuong.transfers.queries import enrolments_told, guardians_told
from phuong.transfers.rules.package import (
    HandedEnrolment,
    HandedGuardian,
    HandedLearner,
    HandedRecord,
    Unpacked,
    Unreadable,
    pack,
    unpack,
)

PAPER = "phieu-chuyen.pdf"
ZIP = "application/zip"
NO_CUSTODY = "none"


def record_of(transfer: Transfer, learner: Person) -> HandedRecord:
    """Gather the record of a learner as it is handed over; of persons who may not be told anything only how many."""
    school = transfer.from_school
    guardians = list(guardians_told(learner))
    return HandedRecord(
        learner=HandedLearner(
            full_name=learner.full_name,
            birth_date=transfer.birth_date,
            sex="female" if learner.sex == "female" else "male",
            number=_number(learner),
            code=learner.code,
            ethnicity=learner.ethnicity,
            nationality=learner.nationality,
            birthplace=learner.birthplace,
        ),
        school=transfer.from_name,
        school_code=school.code if school else "",
        province=_province(school),
        class_name=transfer.from_class,
        grade=transfer.grade,
        enrolments=tuple(
            HandedEnrolment(
                school=row.organisation.name,
                class_name=row.class_group.name,
                grade=row.class_group.grade,
                school_year=row.school_year,
                since=row.starts_on,
                until=row.ends_on,
                status=row.status,
            )
            for row in enrolments_told(learner)
        ),
        guardians=tuple(
            HandedGuardian(
                full_name=tie.guardian.full_name,
                relation=tie.relation,
                custody=tie.custody,  # type: ignore[arg-type]  # checked there
                phone="".join(char for char in tie.guardian.phone if char in "+0123456789"),
            )
            for tie in guardians
            if tie.custody != NO_CUSTODY
        ),
        barred=sum(tie.custody == NO_CUSTODY for tie in guardians),
    )


def _number(learner: Person) -> str:
    number = unseal(bytes(learner.number_cipher)) if learner.number_cipher else ""
    return number if learner.number_check in ("agrees", "disagrees") else ""


def _province(school: Organisation | None) -> str:
    found = province_of(school.path) if school else None
    return found.name if found else ""


def made_package(transfer: Transfer, learner: Person, *, made_at: dt.datetime) -> tuple[str, bytes]:
    """Make the package of a transfer, with what every app hands over; gives its name and content.

    :raises BadPackage: the record holds something that cannot be handed over or printed
    """
    try:
        record = record_of(transfer, learner)
        paper = to_pdf(_paper(transfer, record, made_at.date()))
        others = [
            (each.name, each.title, each.content)
            for source in contributions(HandOver)
            for each in source.files(learner)
        ]
        files = [(PAPER, "Phiếu chuyển hồ sơ", paper), *others]
        content = pack(record, files, made_at=made_at, made_by=transfer.from_name, to=transfer.to_name)
    except ValueError as trouble:
        raise BadPackage(
            _("Hồ sơ của em có chỗ không đưa vào gói được: %s. Sửa hồ sơ rồi làm lại.") % trouble
        ) from trouble
    return f"chuyen-truong-{made_at:%Y-%m-%d}-{str(transfer.pk)[-6:]}.zip", content


def read_package(content: bytes) -> Unpacked:
    """Read a package that came in.

    :raises BadPackage: it is not believed; says why and where
    """
    try:
        read = unpack(content)
    except Unreadable as trouble:
        raise BadPackage(_words(trouble)) from trouble
    known = entries_of("guardian_relation")
    for place, guardian in enumerate(read.record.guardians):
        if guardian.relation not in known:
            raise BadPackage(_words(Unreadable("shape", f"record.json: guardians.{place}.relation")))
    return read


def _words(trouble: Unreadable) -> str:
    words = {
        "too_large": _("Gói nặng quá 10 MB, hoặc giải nén ra quá lớn."),
        "not_zip": _("Tệp không phải gói ZIP, hoặc đã hỏng khi gửi. Xin trường kia gửi lại."),
        "too_many": _("Gói có quá nhiều tệp."),
        "bad_name": _("Tên tệp trong gói không đúng quy ước: %s."),
        "twice": _("Gói có hai tệp trùng tên: %s."),
        "locked": _("Tệp %s trong gói đặt mật khẩu. Xin trường kia gửi gói không mật khẩu."),
        "missing": _("Gói thiếu tệp %s."),
        "unlisted": _("Gói có tệp %s không ghi trong manifest.json. Gói đã bị thêm bớt."),
        "digest": _("Tệp %s khác với lúc trường kia lập gói (SHA-256 không khớp). Xin gửi lại gói gốc."),
        "shape": _("Chỗ này trong gói không đọc được: %s."),
    }[trouble.code]
    return words % trouble.at if "%s" in words else words


def record_in(transfer: Transfer) -> HandedRecord:
    """Give the record under which a learner from another province was asked for."""
    return HandedRecord.model_validate_json(unseal(bytes(transfer.record_cipher or b"")))


def sealed(content: bytes) -> bytes:
    """Seal the content of a package as it is kept."""
    return seal(base64.b64encode(content).decode())


def content_of(package: Package) -> bytes:
    """Give the ZIP of a kept package."""
    return base64.b64decode(unseal(bytes(package.content)))


def _paper(transfer: Transfer, record: HandedRecord, day: dt.date) -> Paper:
    with override("vi"):
        return Paper(
            body=transfer.from_name,
            parent_body=_managing(transfer.from_school),
            kind="Phiếu chuyển hồ sơ",
            abstract=f"Học sinh {record.learner.full_name} chuyển đến {transfer.to_name}",
            blocks=[Heading("Học sinh"), _facts(record), *_past(record), *_family(record), _close(transfer)],
            place=_town(record.province),
            day=day,
            recipients=[transfer.to_name, "Gia đình học sinh", "Lưu: VT"],
            signer_title="Hiệu trưởng",
        )


def _managing(school: Organisation | None) -> str:
    return school.parent.name if school and school.parent else ""


def _town(province: str) -> str:
    return province.removeprefix("Thành phố ").removeprefix("Tỉnh ")


def _facts(record: HandedRecord) -> Grid:
    learner = record.learner
    rows = [
        ("Họ và tên", learner.full_name),
        ("Ngày sinh", f"{learner.birth_date:%d/%m/%Y}"),
        ("Giới tính", title_of("sex", learner.sex)),
        ("Số định danh cá nhân", learner.number or "chưa có"),
        ("Mã học sinh", learner.code or "chưa có"),
        ("Dân tộc", title_of("ethnicity", learner.ethnicity) if learner.ethnicity else ""),
        ("Quốc tịch", title_of("nationality", learner.nationality) if learner.nationality else ""),
        ("Nơi sinh", learner.birthplace),
        ("Đang học", f"Lớp {record.class_name}, {record.school}"),
    ]
    return Grid([Column("Mục", 1), Column("Nội dung", 2)], [row for row in rows if row[1]])


def _past(record: HandedRecord) -> Sequence[Heading | Grid]:
    columns = [Column("Năm học"), Column("Trường", 2), Column("Lớp"), Column("Từ ngày"), Column("Đến trước ngày")]
    rows = [
        [
            f"{each.school_year}–{each.school_year + 1}",
            each.school,
            each.class_name,
            f"{each.since:%d/%m/%Y}",
            f"{each.until:%d/%m/%Y}" if each.until else "",
        ]
        for each in record.enrolments
    ]
    return [Heading("Quá trình học"), Grid(columns, rows)] if rows else []


def _family(record: HandedRecord) -> Sequence[Heading | Listing | Paragraph]:
    told = [
        ", ".join(part for part in (title_of("guardian_relation", each.relation), each.full_name, each.phone) if part)
        for each in record.guardians
    ]
    parts: list[Heading | Listing | Paragraph] = [Heading("Gia đình")] if told or record.barred else []
    if told:
        parts.append(Listing(told))
    if record.barred:
        parts.append(Paragraph(f"Có {record.barred} người bị hạn chế quyền với em; trường nhận hỏi trường này trước."))
    return parts


def _close(transfer: Transfer) -> Paragraph:
    return Paragraph(
        f"Nhà trường đồng ý cho em chuyển đến {transfer.to_name} và bàn giao hồ sơ gồm các tệp kèm theo gói này."
    )
