"""Settings, by topic. Everything an operator may set is an environment variable (docs/operations.md)."""

from phuong.config.settings.applications import *  # noqa: F403
from phuong.config.settings.database import *  # noqa: F403
from phuong.config.settings.pages import *  # noqa: F403
from phuong.config.settings.safety import *  # noqa: F403
