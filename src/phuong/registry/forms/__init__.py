"""Forms of the registry: filters of its lists, and the acts that change the network of units."""

from phuong.registry.forms.acts import CloseForm, MergeForm, MoveForm, OpenForm, OrderForm, RenameForm, SplitForm
from phuong.registry.forms.filters import LearnerFilter, NetworkFilter, SchoolFilter, StaffFilter

__all__ = [
    "CloseForm",
    "LearnerFilter",
    "MergeForm",
    "MoveForm",
    "NetworkFilter",
    "OpenForm",
    "OrderForm",
    "RenameForm",
    "SchoolFilter",
    "SplitForm",
    "StaffFilter",
]
