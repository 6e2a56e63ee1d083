"""One account for each role, tied to people of one lower secondary school."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.contrib.auth.hashers import make_password
from django.db.models import Prefetch

from phuong.demo.chance import Chance
from phuong.demo.organisations import DEPARTMENT_PATH, PROVINCE_PATH
from phuong.demo.preschool import PRESCHOOL_PRINCIPAL, PRESCHOOL_TEACHER
from phuong.demo.primary import PRIMARY_PRINCIPAL, PRIMARY_TEACHER
from phuong.demo.province import Piece, Province
from phuong.identity.api import FAMILY, ROLES, Account, RoleAssignment
from phuong.kernel.scope import SYSTEM, acting

PASSWORD = "phuong-demo-2026"  # noqa: S105
_MAIL_HOST = "haiphong.example"  # a name that RFC 2606 keeps from ever being somebody's
_SINCE = dt.date(2025, 8, 1)
_SECOND_STREAM = 2


@dataclass(frozen=True)
class Seat:
    """An account to be made. ``at``: whose scope it opens: province, commune or school."""

    username: str
    roles: tuple[str, ...]
    at: str
    name: str  # shown where no person stands behind the account


SEATS = (
    Seat("lanhdao.so", ("department_leader",), "province", "Lãnh đạo Sở"),
    Seat("chuyenvien.so", ("division_officer",), "province", "Chuyên viên Sở"),
    Seat("canbo.xa", ("commune_officer",), "commune", "Cán bộ xã, phường"),
    Seat("hieutruong", ("principal",), "school", "Hiệu trưởng"),
    Seat("hieupho", ("teacher",), "school", "Phó hiệu trưởng"),
    Seat("giaovien", ("teacher", "homeroom_teacher"), "school", "Giáo viên"),
    Seat("chunhiem", ("homeroom_teacher",), "school", "Giáo viên chủ nhiệm"),
    Seat("vanthu", ("clerk",), "school", "Văn thư"),
    Seat("ketoan", ("accountant",), "school", "Kế toán"),
    Seat("phuhuynh", ("guardian",), "school", "Phụ huynh"),
    Seat("hocsinh", ("learner",), "school", "Học sinh"),
    Seat("thanhtra", ("auditor",), "province", "Thanh tra"),
    Seat("quantri", ("system_operator",), "province", "Quản trị hệ thống"),
    Seat("truongphong.so", ("division_head",), "province", "Trưởng phòng"),
    Seat("lanhdao.xa", ("commune_leader",), "commune", "Lãnh đạo xã, phường"),
    Seat("hotro", ("support",), "province", "Hỗ trợ kĩ thuật"),
)


def with_accounts(province: Province) -> Iterator[Piece]:
    """Pass on the province's pieces; the piece with the chosen school also gets the accounts."""
    tree: dict[str, str] = {}
    given = False
    for piece in province.pieces():
        if "registry.Organisation" in piece.tables:
            rows = piece.tables["registry.Organisation"][0]
            tree = dict(zip(rows["path"].to_list(), rows["id"].to_list(), strict=True))
        elif not given and (school := _chosen(province, piece)):
            piece.tables.update(_tables(piece, tree, school, province))
            given = True
        yield piece


def _chosen(province: Province, piece: Piece) -> str | None:
    """Give the path of the largest lower secondary school of this piece."""
    here = set(piece.tables["registry.StaffPosition"][0]["path"].unique().to_list())
    fitting = [unit for unit in province.units if unit.level == "lower_secondary" and unit.path in here]
    return max(fitting, key=lambda unit: unit.learners).path if fitting else None


def _tables(piece: Piece, tree: dict[str, str], school: str, province: Province) -> dict[str, list[pl.DataFrame]]:
    chance = Chance(province.seed, province.learners, _SECOND_STREAM)
    people = pl.concat([frame.select("id", "full_name", "path") for frame in piece.tables["registry.Person"]])
    names = dict(zip(people["id"].to_list(), people["full_name"].to_list(), strict=True))
    holders = _holders(piece, school)
    hashed = make_password(PASSWORD)
    places = {  # scope, organisation
        "province": (PROVINCE_PATH, tree[DEPARTMENT_PATH]),
        "commune": (school.rpartition(".")[0], tree[school.rpartition(".")[0]]),
        "school": (school, tree[school]),
    }
    accounts: list[dict[str, Any]] = []
    roles: list[dict[str, Any]] = []
    for seat in SEATS:
        person, (path, unit), key = holders.get(seat.username), places[seat.at], chance.key()
        accounts.append(
            {
                "id": key,
                "path": path,
                "username": seat.username,
                "display_name": names.get(person or "", seat.name),
                "email": "" if FAMILY & set(seat.roles) else f"{seat.username}@{_MAIL_HOST}",
                "person_id": person,
                "is_active": True,
                "password": hashed,
                "last_login": None,
                "created_at": f"{province.today.isoformat()} 00:00:00+00",
            }
        )
        roles += [
            {
                "id": chance.key(),
                "path": path,
                "account_id": key,
                "organisation_id": unit,
                "role": role,
                "during": f"[{_SINCE},)",
            }
            for role in seat.roles
        ]
    return {
        "identity.Account": [pl.DataFrame(accounts, infer_schema_length=None)],
        "identity.RoleAssignment": [pl.DataFrame(roles)],
    }


def _holders(piece: Piece, school: str) -> dict[str, str | None]:
    """Find the people behind the accounts: key of a person by sign-in name."""
    posts = piece.tables["registry.StaffPosition"][0].filter(
        (pl.col("path") == school) & pl.col("during").str.ends_with(",)")
    )
    classes = piece.tables["registry.ClassGroup"][0]
    homeroom = posts.filter(pl.col("person_id").is_in(classes["homeroom_id"].to_list()))["person_id"].to_list()

    def holding(position: str) -> str | None:
        found = posts.filter(pl.col("position") == position)["person_id"]
        return str(found[0]) if len(found) else None

    guardian, learner = _family(piece, school)
    return {
        "hieutruong": holding("principal"),
        "hieupho": holding("deputy_principal"),
        "vanthu": holding("clerk"),
        "ketoan": holding("accountant"),
        "chunhiem": homeroom[0] if homeroom else None,
        "giaovien": homeroom[1] if len(homeroom) > 1 else None,
        "phuhuynh": guardian,
        "hocsinh": learner,
    }


def _family(piece: Piece, school: str) -> tuple[str | None, str | None]:
    """Give a guardian at this school, of two children if there is one, and one child at the school."""
    ties = piece.tables["registry.Guardianship"][0].filter(pl.col("custody") == "full")
    gone = piece.tables["registry.Enrolment"][0].filter(~pl.col("during").str.ends_with(",)"))["learner_id"]
    counts = ties.group_by("guardian_id", maintain_order=True).len()
    here = ties.filter((pl.col("path") == school) & ~pl.col("learner_id").is_in(gone.to_list()))
    best = here.join(counts, on="guardian_id", how="left", maintain_order="left").sort(
        "len", descending=True, maintain_order=True
    )
    return (str(best["guardian_id"][0]), str(best["learner_id"][0])) if len(best) else (None, None)


def demo_accounts() -> list[tuple[str, str, str]]:
    """List ``(username, titles of its roles, who it is)`` of the demo's accounts, in the order of roles."""
    titles = {role.code: str(role.title) for role in ROLES}
    young = (PRESCHOOL_TEACHER, PRESCHOOL_PRINCIPAL, PRIMARY_TEACHER, PRIMARY_PRINCIPAL)
    names = [*(seat.username for seat in SEATS), *young]
    order = {name: place for place, name in enumerate(names)}
    held = RoleAssignment.objects.in_force().order_by("id")
    with acting(SYSTEM):
        found = list(Account.objects.filter(username__in=order).prefetch_related(Prefetch("roles", held)))
    return [
        (one.username, ", ".join(titles[role.role] for role in one.roles.all()), one.display_name)
        for one in sorted(found, key=lambda account: order[account.username])
    ]
