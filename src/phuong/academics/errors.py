"""Refusals of marks and results."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import BadInput, NotThere, Refused


class NothingToJudge(Refused):
    """A result was asked for, but there is nothing that it could rest on."""

    code: ClassVar[str] = "academics.nothing_to_judge"
    message: ClassVar = _(
        "Không có gì để xếp mức. Ghi kết quả của ít nhất một môn, và đủ phẩm chất, năng lực ở tiểu học."
    )


class NotRetested(Refused):
    """A new result was given for a subject that is not one to be tested again."""

    code: ClassVar[str] = "academics.not_retested"
    message: ClassVar = _("Có môn không thuộc diện kiểm tra, đánh giá lại. Bỏ môn đó rồi làm lại.")


class NoProfile(NotThere):
    """No assessment profile or programme of that name, or none that governs the grade in that year."""

    code: ClassVar[str] = "academics.no_profile"
    message: ClassVar = _("Chưa có quy định đánh giá cho cấp học, lớp và năm học này.")


class ColumnClosed(Refused):
    """A column that may not be written: locked, not open yet, or over."""

    code: ClassVar[str] = "academics.column_closed"
    status: ClassVar[int] = 409
    message: ClassVar = _("Cột này không mở để nhập. Cần sửa thì gửi đề nghị sửa điểm, có lí do.")


class NotTheirSheet(Refused):
    """A sheet that somebody may read and not write."""

    code: ClassVar[str] = "academics.not_their_sheet"
    status: ClassVar[int] = 403
    message: ClassVar = _("Chỉ giáo viên được phân công dạy môn này ở lớp mới nhập điểm.")


class NothingToAmend(BadInput):
    """An amendment that changes nothing, names no column, or is decided already."""

    code: ClassVar[str] = "academics.nothing_to_amend"
    message: ClassVar = _("Đề nghị này không sửa gì, hoặc đã được xử lí.")


class PhraseBankFull(Refused):
    """There are as many phrases as a bank holds."""

    code: ClassVar[str] = "academics.phrase_bank_full"
    status: ClassVar[int] = 409
    message: ClassVar = _("Kho câu mẫu đã đầy (300 câu). Bỏ bớt câu không dùng rồi thêm lại.")


class SubstituteThere(Refused):
    """On one of these days somebody else is the substitute of this class and subject."""

    code: ClassVar[str] = "academics.substitute_there"
    status: ClassVar[int] = 409
    message: ClassVar = _("Lớp, môn này đã có người dạy thay trong những ngày ấy. Thôi phân công cũ trước.")


class NotTheirClass(Refused):
    """Records of a class that somebody may read and not write."""

    code: ClassVar[str] = "academics.not_their_class"
    status: ClassVar[int] = 403
    message: ClassVar = _("Chỉ giáo viên chủ nhiệm ghi rèn luyện và nhận xét của lớp.")


class NotTheirGroup(Refused):
    """Sheets of a preschool group that somebody may read and not write."""

    code: ClassVar[str] = "academics.not_their_group"
    status: ClassVar[int] = 403
    message: ClassVar = _("Chỉ giáo viên của nhóm, lớp ghi các mục này; cân đo thì cả nhân viên y tế của trường.")


class NoCards(Refused):
    """There is no report card to print: nothing is computed, or a text cannot be printed."""

    code: ClassVar[str] = "academics.no_cards"
    status: ClassVar[int] = 409
    message: ClassVar = _("Chưa có phiếu nào để in. Hiệu trưởng bấm «Tính kết quả» ở bảng tổng hợp rồi làm lại.")


class PeriodClosed(Refused):
    """A time of the primary year that may not be written now: not open yet, or over."""

    code: ClassVar[str] = "academics.period_closed"
    status: ClassVar[int] = 409
    message: ClassVar = _("Đợt đánh giá này không mở để ghi. Cần sửa thì đề nghị hiệu trưởng mở lại thời hạn.")


class YearClosed(Refused):
    """Marks or records were to be written into a year that is closed."""

    code: ClassVar[str] = "academics.year_closed"
    status: ClassVar[int] = 409
    message: ClassVar = _(
        "Năm học này của trường đã kết thúc nên không ghi vào sổ điểm được. Cần sửa thì gửi đề nghị sửa điểm, "
        "hoặc hiệu trưởng mở lại năm học."
    )


class YearOpen(Refused):
    """Pupils were to move up from a year that is not closed, or a year was to be opened again that is open."""

    code: ClassVar[str] = "academics.year_open"
    status: ClassVar[int] = 409
    message: ClassVar = _("Năm học này chưa kết thúc. Hiệu trưởng kết thúc năm học rồi làm tiếp.")


class AlreadyPromoted(Refused):
    """A year was to be opened again whose pupils have moved up."""

    code: ClassVar[str] = "academics.already_promoted"
    status: ClassVar[int] = 409
    message: ClassVar = _("Học sinh đã được xếp vào lớp của năm sau. Hoàn tác việc lên lớp trước rồi mới mở lại.")


class NamesClash(BadInput):
    """Classes of next year could not be told apart: one name for two grades, or a name that is taken or blank."""

    code: ClassVar[str] = "academics.names_clash"
    message: ClassVar = _("Tên lớp năm sau bị trống hoặc trùng giữa hai khối. Sửa tên rồi làm lại.")


class NothingToUndo(Refused):
    """There is no moving up in force that could be undone."""

    code: ClassVar[str] = "academics.nothing_to_undo"
    status: ClassVar[int] = 409
    message: ClassVar = _("Không có lần lên lớp nào để hoàn tác.")


class NotUndone(Refused):
    """A moving up cannot be undone: its classes are used, or its pupils were moved since."""

    code: ClassVar[str] = "academics.not_undone"
    status: ClassVar[int] = 409
    message: ClassVar = _(
        "Không hoàn tác được: lớp năm sau đã có điểm, phân công, học sinh mới hoặc học sinh đã chuyển đi. "
        "Sửa từng em ở hồ sơ học sinh."
    )
