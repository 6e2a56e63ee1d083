"""What facilities count: populations, then the measures over them."""

from phuong.facilities.measures.definitions import MEASURES

__all__ = ["MEASURES"]
