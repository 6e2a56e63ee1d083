"""The command ``phuong``: starts what is needed, then hands over to the command named.

Commands of an app are Django management commands of that app; those of the operator live in ``config``.
"""

import os
import sys

SERVING = {"serve", "demo"}
WITHOUT_DATABASE = {"rules", "stop", "help", "build-assets", "restore", "sandbox"}


def main() -> None:
    """Run one command and leave with its exit code."""
    arguments = [part.replace("-", "_") if place == 0 else part for place, part in enumerate(sys.argv[1:])] or ["help"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "phuong.config.settings")
    if arguments[0] in SERVING:
        os.environ["PHUONG_SERVING"] = "1"
    if arguments[0].replace("_", "-") not in WITHOUT_DATABASE:
        _reach_database()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["phuong", *arguments])


def _reach_database() -> None:
    """Use the database of ``DATABASE_URL``; without one, start the embedded server."""
    if os.environ.get("DATABASE_URL"):
        return
    from phuong.config import embedded

    try:
        os.environ["DATABASE_URL"] = embedded.start()
    except embedded.PostgresDoesNotStart as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    os.environ["DATABASE_URL_OWNER"] = embedded.url(embedded.OWNER)
    os.environ["DATABASE_URL_BATCH"] = embedded.url(embedded.BATCH)


if __name__ == "__main__":
    main()
