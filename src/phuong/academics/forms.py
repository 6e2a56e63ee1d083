"""Forms of marks: cells as the page's script or a plain form sends them, windows, amendments."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.academics.actions.marks import MOST_CELLS, Cell
from phuong.academics.actions.remarks import LONGEST
from phuong.academics.models import EntryWindow
from phuong.academics.rules.cells import BadCell, columns_of, read_cell
from phuong.kernel.refusals import BadInput
from phuong.records.api import Day, Words


def words_of(problem: BadCell) -> str:
    """Say what is wrong with a cell, and what to type."""
    return {
        "range": _("Điểm từ 0 đến 10. Gõ 75 để được 7,5."),
        "remark": _("Gõ Đ (đạt) hoặc CĐ (chưa đạt), V nếu vắng."),
    }.get(str(problem), _("Gõ điểm từ 0 đến 10, ví dụ 7,5; V nếu vắng."))


def cells_of(body: bytes, *, is_scored: bool) -> tuple[list[Cell], list[dict[str, str]]]:
    """Read the cells a script sends: ``{"cells": [{"l", "c", "v", "w"}]}``; gives them, and those that are no marks.

    :raises BadInput: it is not written like that
    """
    try:
        told = json.loads(body)
        sent = told["cells"]
        if not isinstance(sent, list) or len(sent) > MOST_CELLS:
            raise ValueError
        return _read(sent, is_scored=is_scored)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput from error


def _read(sent: Sequence[Any], *, is_scored: bool) -> tuple[list[Cell], list[dict[str, str]]]:
    cells, wrong = [], []
    for each in sent:
        learner, column, typed, was = UUID(each["l"]), str(each["c"]), str(each["v"]), each["w"]
        if was is not None and (isinstance(was, bool) or not isinstance(was, int)):
            raise ValueError
        try:
            cells.append(Cell(learner, column, read_cell(typed[:20], is_scored=is_scored), was))
        except BadCell as problem:
            wrong.append({"l": str(learner), "c": column, "message": words_of(problem)})
    return cells, wrong


def cells_of_form(data: Any, columns: int, *, is_scored: bool) -> tuple[list[tuple[UUID, str, int | None]], list[str]]:
    """Read the cells of the plain form: one ``l`` a row, one value a row for each open column; and what is wrong.

    :raises BadInput: rows and values do not go together
    """
    try:
        learners = [UUID(each) for each in data.getlist("l")]
    except ValueError as error:
        raise BadInput from error
    cells: list[tuple[UUID, str, int | None]] = []
    wrong: list[str] = []
    for column in columns_of(columns):
        typed = data.getlist(column)
        if not typed:
            continue
        if len(typed) != len(learners):
            raise BadInput
        for row, (learner, text) in enumerate(zip(learners, typed, strict=True), start=1):
            if text == EXEMPT:
                continue
            try:
                cells.append((learner, column, read_cell(text[:20], is_scored=is_scored)))
            except BadCell as problem:
                wrong.append(_("Dòng %(row)d: %(words)s") % {"row": row, "words": words_of(problem)})
    return cells, wrong


EXEMPT = "M"


class WindowsForm(forms.Form):
    """The windows of a term: for each kind of column the first and last day, both or neither."""

    def __init__(self, present: Mapping[str, EntryWindow], *data: Any) -> None:
        """Ask for two days a kind of column."""
        super().__init__(*data)
        for column, label in EntryWindow.Column.choices:
            kept = present.get(column)
            for name, words in (("opens_on", gettext_lazy("từ ngày")), ("closes_on", gettext_lazy("đến hết ngày"))):
                self.fields[f"{column}_{name}"] = Day(
                    label=f"{label} {words}", required=False, initial=getattr(kept, name, None)
                )

    def clean(self) -> dict[str, Any]:
        """Refuse half a window, and one that ends before it begins."""
        facts = super().clean() or {}
        for column in EntryWindow.Column.values:
            first, last = facts.get(f"{column}_opens_on"), facts.get(f"{column}_closes_on")
            if bool(first) != bool(last):
                self.add_error(f"{column}_closes_on", _("Ghi cả ngày mở và ngày đóng, hoặc để trống cả hai."))
            elif first and last and first > last:
                self.add_error(f"{column}_closes_on", _("Ngày đóng phải sau ngày mở."))
        return facts

    def windows(self) -> dict[str, tuple[Any, Any] | None]:
        """Give the days of each kind of column; ``None``: no window."""
        facts = self.cleaned_data
        return {
            column: (facts[f"{column}_opens_on"], facts[f"{column}_closes_on"]) if facts[f"{column}_opens_on"] else None
            for column in EntryWindow.Column.values
        }


class AmendForm(forms.Form):
    """A change of what stands in one locked cell, with its reason."""

    value = Words(label=gettext_lazy("Điểm đúng"), max_length=20, required=False)
    reason = Words(
        label=gettext_lazy("Lí do"), max_length=500, help_text=gettext_lazy("Ví dụ: vào nhầm bài của em khác.")
    )

    def __init__(
        self, *data: Any, label: str, now: str = "", options: Sequence[tuple[str, str]] = (), is_long: bool = False
    ) -> None:
        """Ask for what is right: chosen of ``options`` (value and title), typed, or words that begin with ``now``."""
        super().__init__(*data)
        if options:
            self.fields["value"] = forms.ChoiceField(choices=[("", "∅"), *options], required=False)
        elif is_long:
            box = forms.Textarea(attrs={"rows": 4})
            self.fields["value"] = Words(max_length=LONGEST, required=False, initial=now, widget=box)
        self.fields["value"].label = label
