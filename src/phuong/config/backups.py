"""Backup and restore with PostgreSQL's own programs."""

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
from django.conf import settings

from phuong.config import embedded


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
            f"--dbname={_url('owner')}",
            "--role=phuong_batch",
            output=output,
        )
    fresh.replace(target)


def bring_back(file: Path, *, replace: bool) -> None:
    """Bring a backup back; everything or nothing.

    :raises BackupNotUsable: no such file, not a backup, or the database holds data and ``replace`` is not asked
    """
    if not file.exists():
        raise BackupNotUsable(f"Không có tệp {file}.")
    with psycopg.connect(_url("owner")) as connection:
        known = connection.execute("select to_regclass('registry_organisation')").fetchone()
        holds_data = known and known[0] and connection.execute("select 1 from registry_organisation limit 1").fetchone()
        if holds_data and not replace:
            raise BackupNotUsable("Cơ sở dữ liệu đang có dữ liệu. Thêm --replace nếu chắc chắn muốn thay.")
        connection.execute("drop schema public cascade")
        connection.execute("create schema public")
        connection.execute("grant usage on schema public to phuong_app, phuong_batch")
    _prepare_extensions()
    try:
        _run(
            "pg_restore",
            "--no-owner",
            "--single-transaction",
            "--exit-on-error",
            f"--dbname={_url('owner')}",
            "--no-comments",
            "--use-list=" + str(_contents(file)),
            str(file.absolute()),
        )
    except subprocess.CalledProcessError as error:
        raise BackupNotUsable(f"Tệp sao lưu không đọc được: {error.stderr.decode()[-500:]}") from error


def _contents(file: Path) -> Path:
    """List what to restore: all but extensions and the schema itself, which stand already."""
    listed = _run("pg_restore", "--list", str(file.absolute()))
    kept = [line for line in listed.decode().splitlines() if " EXTENSION " not in line and " SCHEMA - " not in line]
    target = Path(settings.PHUONG_HOME) / "restore.list"
    target.write_text("\n".join(kept))
    return target


def _prepare_extensions() -> None:
    with psycopg.connect(embedded.url(embedded.SUPERUSER), autocommit=True) as connection:
        for extension in embedded.EXTENSIONS:
            connection.execute(f"create extension if not exists {extension}")


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
