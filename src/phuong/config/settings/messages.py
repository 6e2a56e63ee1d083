"""The gateway that takes our short messages, and the keys of personal links."""

import os

PHUONG_SMS_URL = os.environ.get("PHUONG_SMS_URL", "")
PHUONG_SMS_KEY = os.environ.get("PHUONG_SMS_KEY", "")
PHUONG_LINK_KEY_VERSION = int(
    os.environ.get("PHUONG_LINK_KEY_VERSION", "1")
)  # 1 to 255; raising it twice ends all links
