"""A small typed client of Phượng's REST v1."""

from phuong_client.calls import Problem
from phuong_client.client import RESOURCES, Client
from phuong_client.resources import Changes, Plans, Resource, Tasks

__all__ = ["RESOURCES", "Changes", "Client", "Plans", "Problem", "Resource", "Tasks"]
