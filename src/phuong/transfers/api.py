"""The door of transfers: what other apps put into a hand-over package."""

from phuong.transfers.declarations import HandOver, PackedFile

__all__ = ["HandOver", "PackedFile"]
