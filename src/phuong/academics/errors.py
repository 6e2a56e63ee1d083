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


class NoCards(Refused):
    """There is no report card to print: nothing is computed, or a text cannot be printed."""

    code: ClassVar[str] = "academics.no_cards"
    status: ClassVar[int] = 409
    message: ClassVar = _("Chưa có phiếu nào để in. Hiệu trưởng bấm «Tính kết quả» ở bảng tổng hợp rồi làm lại.")
