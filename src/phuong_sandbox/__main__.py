"""``python -m phuong_sandbox``: start every service, until interrupted."""

import argparse
import json
import logging
import signal

from werkzeug.serving import make_server

from phuong_sandbox.registry import SERVICES
from phuong_sandbox.server import make_app
from phuong_sandbox.service import LOOPBACK


def main() -> None:
    """Start, tell where everything is, serve."""
    options = _options()
    signal.signal(signal.SIGTERM, _interrupt)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    services = [make(options) for make in SERVICES]
    server = make_server(LOOPBACK, options.port, make_app(services), threaded=True)
    root = f"http://{LOOPBACK}:{server.port}"
    started = {each.code: {"page": f"{root}/{each.code}/", **each.start()} for each in services}
    try:
        _tell(root, started, as_json=options.json)
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
    finally:
        for each in services:
            each.stop()


def _tell(root: str, started: dict[str, dict[str, str]], *, as_json: bool) -> None:
    """Say where everything is; whoever reads it may stop us from then on."""
    lines = [f"sandbox  {root}/", *(f"{code:<7}  {'  '.join(one.values())}" for code, one in started.items())]
    text = json.dumps({"page": f"{root}/", "services": started}) if as_json else "\n".join(lines)
    print(text, flush=True)  # noqa: T201


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m phuong_sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8090, help="HTTP port; 0 takes a free one")
    parser.add_argument("--smtp-port", type=int, default=8025, help="SMTP port; 0 takes a free one")
    parser.add_argument("--sms-key", default="phuong-sandbox", help="the API key that senders of SMS must show")
    parser.add_argument("--vneid-client", default="phuong", help="the site that VNeID knows")
    parser.add_argument("--vneid-secret", default="phuong-sandbox", help="the secret of that site")
    parser.add_argument("--suite-key", default="phuong-sandbox", help="the key that who keeps mailboxes must show")
    parser.add_argument(
        "--lgsp-port", type=int, default=8443, help="HTTPS port of the LGSP gateway; 0 takes a free one"
    )
    parser.add_argument("--lgsp-folder", default="", help="where its certificates go; a new folder when not given")
    parser.add_argument(
        "--warehouse-port", type=int, default=8444, help="HTTPS port of the offices that take data in; 0: a free one"
    )
    parser.add_argument("--warehouse-folder", default="", help="where their certificates go; a new folder by default")
    parser.add_argument("--json", action="store_true", help="tell the addresses as one line of JSON")
    return parser.parse_args()


def _interrupt(*_signal: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
