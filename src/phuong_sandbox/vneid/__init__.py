"""The national electronic identity, played: an OpenID provider with keys of its own."""

from phuong_sandbox.vneid.service import Vneid

__all__ = ["Vneid"]
