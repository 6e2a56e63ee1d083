"""The offices that take the sector's data in: the city's shared warehouse, its operations centre, the Ministry."""

from phuong_sandbox.warehouse.service import Warehouse

__all__ = ["Warehouse"]
