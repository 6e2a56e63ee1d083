"""Backup and restore with PostgreSQL's own programs."""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from psycopg import sql

from phuong.config import embedded
from phuong.kernel.past import build_past

FRESH, BEFORE = "_fresh", "_before"


class BackupNotUsable(RuntimeError):
    """The backup cannot be brought back here; the message says why and what to do."""


def back_up(file: Path) -> None:
    """Write the whole database to ``file`` (PostgreSQL's custom format, compressed).

    Dumps as the batch role, which sees every row; whoever holds the file holds every record.
    """
    target = file.absolute()
    fresh = target.with_name(target.name + ".part")
    fresh.touch(mode=0o600)
    with fresh.open("wb") as output:
        _run(
            "pg_dump",
            "--format=custom",
            "--compress=gzip:4",
            "--no-owner",
            "--exclude-schema=past",  # views over the rest, made anew when brought back
            f"--dbname={_url('owner')}",
            "--role=phuong_batch",
            output=output,
        )
    fresh.replace(target)


def bring_back(file: Path, *, replace: bool) -> None:
    """Bring a backup back; everything or nothing: it is read into a new database, which then takes the old one's name.

    :raises BackupNotUsable: no such file, not a backup, the database holds data and ``replace`` is not asked, or
        somebody is connected to it
    """
    if not file.exists():
        raise BackupNotUsable(f"Không có tệp {file}.")
    contents = _contents(file)
    url = _url("owner")
    with psycopg.connect(url) as connection:
        if _holds_data(connection) and not replace:
            raise BackupNotUsable("Cơ sở dữ liệu đang có dữ liệu. Thêm --replace nếu chắc chắn muốn thay.")
    name = urlsplit(url).path.lstrip("/")
    with psycopg.connect(_with_database(url, "postgres"), autocommit=True) as connection:
        _create(connection, f"{name}{FRESH}")
        try:
            _fill(_with_database(url, f"{name}{FRESH}"), file, contents)
            _swap(connection, name)
        except (subprocess.CalledProcessError, psycopg.Error) as error:
            connection.execute(sql.SQL("drop database {}").format(sql.Identifier(f"{name}{FRESH}")))
            told = error.stderr.decode()[-500:] if isinstance(error, subprocess.CalledProcessError) else str(error)
            raise BackupNotUsable(
                f"Không khôi phục được (đã dừng máy chủ web và công việc nền chưa?): {told}"
            ) from error


def _holds_data(connection: psycopg.Connection) -> bool:
    known = connection.execute("select to_regclass('registry_organisation')").fetchone()
    if not known or not known[0]:
        return False
    return connection.execute("select 1 from registry_organisation limit 1").fetchone() is not None


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _create(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))
    connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def _fill(url: str, file: Path, contents: Path) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for extension in embedded.EXTENSIONS:
            connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))
        connection.execute("grant usage on schema public to phuong_app, phuong_batch")
    options = ["--no-owner", "--single-transaction", "--exit-on-error", "--no-comments"]
    _run("pg_restore", *options, f"--dbname={url}", f"--use-list={contents}", str(file.absolute()))
    with psycopg.connect(url, autocommit=True) as connection:
        build_past(connection.cursor())


def _swap(connection: psycopg.Connection, name: str) -> None:
    """Give the fresh database the name of the old one, and drop that; both or neither is renamed."""
    old, fresh, kept = (sql.Identifier(each) for each in (name, f"{name}{FRESH}", f"{name}{BEFORE}"))
    with connection.transaction():
        connection.execute(sql.SQL("alter database {} rename to {}").format(old, kept))
        connection.execute(sql.SQL("alter database {} rename to {}").format(fresh, old))
    connection.execute(sql.SQL("drop database {}").format(kept))


def _contents(file: Path) -> Path:
    """List what to restore: all but extensions and the schema itself, which stand already."""
    try:
        listed = _run("pg_restore", "--list", str(file.absolute()))
    except subprocess.CalledProcessError as error:
        raise BackupNotUsable(f"{file} không phải tệp sao lưu của Phượng.") from error
    kept = [line for line in listed.decode().splitlines() if " EXTENSION " not in line and " SCHEMA - " not in line]
    target = Path(settings.PHUONG_HOME) / "restore.list"
    target.write_text("\n".join(kept))
    return target


def _url(role: str) -> str:
    named = os.environ.get(f"DATABASE_URL_{role.upper()}")
    if named:
        return named
    embedded.start()
    return embedded.url(f"phuong_{role}")


def _run(program: str, *arguments: str, output: object = None) -> bytes:
    """Run one of PostgreSQL's programs: the operator's own where there is one, else the embedded server's."""
    path = embedded.binaries() / program
    chosen = str(path) if path.exists() else (shutil.which(program) or program)
    done = subprocess.run(
        [chosen, *arguments],
        check=True,
        stdout=output or subprocess.PIPE,  # type: ignore[call-overload]
        stderr=subprocess.PIPE,
    )
    return bytes(done.stdout or b"")
