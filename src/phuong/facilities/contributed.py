"""What facilities tell the floors below."""

from django.utils.translation import gettext_lazy as _

from phuong.facilities.actions import count_facilities, hand_over
from phuong.kernel.contributions import FollowUp

ALL = (FollowUp("facilities", _("Phòng, thiết bị"), count_facilities, hand_over),)
