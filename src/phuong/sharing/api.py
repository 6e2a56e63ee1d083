"""The door of data sharing."""

from phuong.sharing.actions.agreeing import Agreement, ensure_services, record_agreement
from phuong.sharing.declarations import data_services
from phuong.sharing.models import Delivery, Service

__all__ = ["Agreement", "Delivery", "Service", "data_services", "ensure_services", "record_agreement"]
