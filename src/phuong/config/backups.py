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
    """Bring a backup back; everything or nothing: what stood here is dropped only once the backup is in.

    :raises BackupNotUsable: no such file, not a backup, or the database holds data and ``replace`` is not asked
    """
    if not file.exists():
        raise BackupNotUsable(f"Không có tệp {file}.")
    contents = _contents(file)
    with psycopg.connect(_url("owner"), autocommit=True) as connection:
        if _holds_data(connection) and not replace:
            raise BackupNotUsable("Cơ sở dữ liệu đang có dữ liệu. Thêm --replace nếu chắc chắn muốn thay.")
        _move(connection, "public", "before_restore")
        connection.execute("grant usage on schema public to phuong_app, phuong_batch")
        try:
            _run(
                "pg_restore",
                "--no-owner",
                "--single-transaction",
                "--exit-on-error",
                f"--dbname={_url('owner')}",
                "--no-comments",
                f"--use-list={contents}",
                str(file.absolute()),
            )
        except subprocess.CalledProcessError as error:
            _put_back(connection)
            raise BackupNotUsable(f"Không khôi phục được: {error.stderr.decode()[-500:]}") from error
        connection.execute("drop schema before_restore cascade")


def _holds_data(connection: psycopg.Connection) -> bool:
    known = connection.execute("select to_regclass('registry_organisation')").fetchone()
    if not known or not known[0]:
        return False
    connection.execute("select set_config('app.scope', 'vn', false)")
    return connection.execute("select 1 from registry_organisation limit 1").fetchone() is not None


def _move(connection: psycopg.Connection, schema: str, aside: str) -> None:
    """Move what stands in ``schema`` aside, and make the schema anew with the extensions in it."""
    with connection.transaction():
        connection.execute(f"alter schema {schema} rename to {aside}")
        connection.execute(f"create schema {schema}")
        for extension in embedded.EXTENSIONS:
            connection.execute(f"alter extension {extension} set schema {schema}")


def _put_back(connection: psycopg.Connection) -> None:
    with connection.transaction():
        for extension in embedded.EXTENSIONS:
            connection.execute(f"alter extension {extension} set schema before_restore")
        connection.execute("drop schema public cascade")
        connection.execute("alter schema before_restore rename to public")


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
