"""Which services there are: a new one is a module and a line here."""

from argparse import Namespace
from collections.abc import Callable

from phuong_sandbox.hooks import Hooks
from phuong_sandbox.lgsp import Lgsp
from phuong_sandbox.mail import Mail
from phuong_sandbox.mailsuite import MailSuite
from phuong_sandbox.service import Service
from phuong_sandbox.sms import Sms
from phuong_sandbox.vneid import Vneid
from phuong_sandbox.warehouse import Warehouse

SERVICES: tuple[Callable[[Namespace], Service], ...] = (
    lambda options: Mail(options.smtp_port),
    lambda options: Sms(options.sms_key),
    lambda options: Vneid(options.vneid_client, options.vneid_secret),
    lambda options: MailSuite(options.suite_key),
    lambda _options: Hooks(),
    lambda options: Lgsp(options.lgsp_port, options.lgsp_folder),
    lambda options: Warehouse(options.warehouse_port, options.warehouse_folder),
)
