"""Whether changes may be told to receivers on this machine, for the demo and for tests; never in production."""

import os

PHUONG_HOOKS_LOOPBACK = os.environ.get("PHUONG_HOOKS_LOOPBACK") == "1"
