"""Settings, by topic. Everything an operator may set is an environment variable (docs/operations.md)."""

from phuong.config.settings.applications import *
from phuong.config.settings.database import *
from phuong.config.settings.hooks import *
from phuong.config.settings.lgsp import *
from phuong.config.settings.mail import *
from phuong.config.settings.messages import *
from phuong.config.settings.pages import *
from phuong.config.settings.safety import *
from phuong.config.settings.sharing import *
from phuong.config.settings.signon import *
