"""Rows as OneRoster writes them in JSON."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from phuong.roster.queries.gradebook import GRADEBOOK
from phuong.roster.queries.lists import key_of

Row = Mapping[str, Any]
Link = Callable[[str, str], dict[str, str]]  # collection, sourcedId
SERVICE, GRADEBOOK_SERVICE = "rostering/v1p2/", "gradebook/v1p2/"
_TYPES = {
    "categories": "category",
    "lineItems": "lineItem",
    "scoreScales": "scoreScale",
    "orgs": "org",
    "academicSessions": "academicSession",
    "courses": "course",
    "classes": "class",
    "users": "user",
}


def written(name: str, row: Row, address: str, fields: tuple[str, ...] = ()) -> dict[str, Any]:
    """Write a row of a kind, without empty facts.

    ``address``: below which the services lie, for links; ``fields``: only these.
    """

    def link(collection: str, sourced_id: str) -> dict[str, str]:
        service = GRADEBOOK_SERVICE if collection in GRADEBOOK else SERVICE
        return {
            "href": f"{address}{service}{collection}/{sourced_id}",
            "sourcedId": sourced_id,
            "type": _TYPES[collection],
        }

    facts: dict[str, Any] = {
        "sourcedId": key_of(row),
        "status": row["status"],
        "dateLastModified": instant(row["modified"]),
        **{field: value for field, value in _WRITERS[name](row, link).items() if value not in (None, "", [])},
    }
    return {field: facts[field] for field in fields if field in facts} if fields else facts


def instant(moment: dt.datetime) -> str:
    """Write a moment in UTC with milliseconds."""
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def pair(first: Any, second: str) -> str:
    """Write a sourcedId of two parts."""
    return f"{first}.{second}" if second else str(first)


def _org(row: Row, link: Link) -> dict[str, Any]:
    return {
        "name": row["name"],
        "type": row["type"],
        "identifier": row["identifier"],
        "parent": link("orgs", str(row["parent"])) if row["parent"] else None,
        "children": [link("orgs", each) for each in row["children"] or ()],
    }


def _session(row: Row, link: Link) -> dict[str, Any]:
    is_year = not row["k2"]
    return {
        "title": row["title"],
        "type": row["type"],
        "startDate": _day(row["starts_on"]),
        "endDate": _day(row["ends_on"]),
        "parent": None if is_year else link("academicSessions", row["k1"]),
        "children": [link("academicSessions", each) for each in _sessions_of(row["k1"])] if is_year else [],
        "schoolYear": row["school_year"],
    }


def terms_of(year: str | int) -> list[str]:
    """Name the terms of a school year."""
    return [f"{year}.1", f"{year}.2"]


def _sessions_of(year: str) -> list[str]:
    """Name the terms of a school year, and the grading periods: marks are given by term."""
    return [*terms_of(year), f"{year}.g1", f"{year}.g2"]


def _course(row: Row, link: Link) -> dict[str, Any]:
    return {
        "title": row["title"],
        "schoolYear": link("academicSessions", str(row["year"])),
        "courseCode": pair(row["grade"], row["subject"]),
        "grades": [row["grade"]],
        "subjects": [row["subject_title"] or row["subject"]] if row["subject"] else [],
        "subjectCodes": [row["subject"]] if row["subject"] else [],
        "org": link("orgs", str(row["org"])) if row["org"] else None,
    }


def _class(row: Row, link: Link) -> dict[str, Any]:
    return {
        "title": row["title"],
        "classCode": row["code"],
        "classType": row["type"],
        "grades": [row["grade"]],
        "subjects": [row["subject_title"] or row["subject"]] if row["subject"] else [],
        "subjectCodes": [row["subject"]] if row["subject"] else [],
        "course": link("courses", pair(row["grade"], row["subject"])),
        "school": link("orgs", str(row["school"])),
        "terms": [link("academicSessions", each) for each in terms_of(row["year"])],
    }


def _enrollment(row: Row, link: Link) -> dict[str, Any]:
    return {
        "user": link("users", str(row["person"])),
        "class": link("classes", pair(row["class_1"], row["class_2"])),
        "school": link("orgs", str(row["school"])),
        "role": row["role"],
        "primary": "true" if row["is_first"] else "false",
        "beginDate": _day(row["starts_on"]),
        "endDate": _day(row["ends_on"]),
    }


def _user(row: Row, link: Link) -> dict[str, Any]:
    return {
        "enabledUser": "true" if row["status"] == "active" else "false",
        "username": row["work_email"] or str(row["k1"]),
        "userIds": [{"type": "phuong", "identifier": row["code"]}] if row["code"] else [],
        "givenName": row["given"],
        "familyName": row["family"],
        "middleName": row["middle"],
        "identifier": row["code"],
        "email": row["work_email"] or row["email"],
        "phone": row["phone"],
        "roles": [_role(each, link) for each in roles_of(row)],
        "userProfiles": [_profile(row)] if row["work_email"] else [],
        "primaryOrg": link("orgs", str(row["place_id"])),
        "agents": [link("users", each) for each in agents_of(row)],
        "grades": [grade for grade in [_grade(row)] if grade],
    }


def agents_of(row: Row) -> list[str]:
    """Name the people linked to somebody: guardians and wards, as far as custody allows."""
    return [*(row["guardians"] or ()), *(row["wards"] or ())]


def _grade(row: Row) -> str:
    sits = row["sits"] or []
    return (f"{sits[0][0]:02d}" if sits[0][0] else "PR") if sits else ""


def roles_of(row: Row) -> list[dict[str, Any]]:
    """Give what somebody is, and where: ``role``, ``org`` (key), ``type``, ``begin``, ``end``; the main post first."""
    found: list[dict[str, Any]] = []
    for position, group, org, _is_main, begin, end in row["posts"] or ():
        found.append({"role": _ROLE.get(position) or _ROLE[group], "org": org, "begin": begin, "end": end})
    if row["is_teacher"] and not any(each["role"] == "teacher" for each in found):
        found.append({"role": "teacher", "org": str(row["place_id"]), "begin": None, "end": None})
    if row["is_learner"]:
        sits = row["sits"] or [(None, str(row["place_id"]), None)]
        found += [{"role": "student", "org": org, "begin": begin, "end": None} for _grade_now, org, begin in sits]
    if row["is_agent"]:
        is_parent = any(each in ("father", "mother") for each in (row["relations"] or "").split(","))
        role = "parent" if is_parent else "guardian"
        found.append({"role": role, "org": str(row["place_id"]), "begin": None, "end": None})
    if not found:  # nothing in force: what the person was
        role = "student" if row["is_learner"] else "aide" if row["is_staff"] else "guardian"
        found.append({"role": role, "org": str(row["place_id"]), "begin": None, "end": None})
    return [{**each, "type": "secondary" if place else "primary"} for place, each in enumerate(found)]


_ROLE = {"principal": "principal", "manager": "siteAdministrator", "teacher": "teacher", "staff": "aide"}


def _role(facts: dict[str, Any], link: Link) -> dict[str, Any]:
    told = {
        "roleType": facts["type"],
        "role": facts["role"],
        "org": link("orgs", str(facts["org"])),
        "beginDate": facts["begin"],
        "endDate": facts["end"],
    }
    return {name: value for name, value in told.items() if value}


def _profile(row: Row) -> dict[str, Any]:
    """Give the account of the work mailbox."""
    return {
        "profileId": row["work_email"],
        "profileType": "mail",
        "vendorId": "phuong",
        "credentials": [{"type": "email", "username": row["work_email"]}],
    }


def _demographics(row: Row, link: Link) -> dict[str, Any]:
    del link
    return {
        "birthDate": _day(row["birth_date"]),
        "sex": row["sex"] if row["sex"] in ("male", "female") else "unspecified",
        "cityOfBirth": row["birthplace"],
    }


def _category(row: Row, link: Link) -> dict[str, Any]:
    del link
    return {"title": row["title"]}


def _line_item(row: Row, link: Link) -> dict[str, Any]:
    return {
        "title": row["title"],
        "assignDate": f"{_day(row['starts_on'])}T00:00:00.000Z",
        "dueDate": f"{_day(row['ends_on'])}T00:00:00.000Z",
        "class": link("classes", pair(row["class_1"], row["class_2"])),
        "school": link("orgs", str(row["school"])),
        "category": link("categories", row["category"]),
        "gradingPeriod": link("academicSessions", pair(row["year"], row["period"])),
        "academicSession": link("academicSessions", pair(row["year"], row["term"])),
        "scoreScale": _scale_of(row, link),
        "resultValueMin": 0.0,
        "resultValueMax": 10.0 if row["is_scored"] else 1.0,
    }


def _scale_of(row: Row, link: Link) -> dict[str, str] | None:
    return None if row["is_scored"] else link("scoreScales", pair(row["class_1"], row["subject"]))


def _result(row: Row, link: Link) -> dict[str, Any]:
    score = row["score"]
    return {
        "lineItem": link("lineItems", pair(row["sheet"], row["k2"])),
        "student": link("users", str(row["student"])),
        "class": link("classes", pair(row["class_1"], row["class_2"])),
        "scoreScale": _scale_of(row, link),
        "scoreStatus": row["score_status"],
        "score": None if score is None else float(score),
        "textScore": None if score is None or row["is_scored"] else _REMARKS[int(score)],
        "scoreDate": _day(row["scored_on"]),
        "comment": row["comment"],
        "missing": "true" if row["is_missing"] else None,
    }


_REMARKS = ("Chưa đạt", "Đạt")  # what 0 and 1 mean in a subject assessed by remarks


def _score_scale(row: Row, link: Link) -> dict[str, Any]:
    return {
        "title": row["title"],
        "type": "Đạt, Chưa đạt",
        "class": link("classes", pair(row["class_1"], row["class_2"])),
        "scoreScaleValue": [{"itemValueLHS": str(value), "itemValueRHS": word} for value, word in enumerate(_REMARKS)],
    }


_WRITERS: dict[str, Callable[[Row, Link], dict[str, Any]]] = {
    "orgs": _org,
    "academicSessions": _session,
    "courses": _course,
    "classes": _class,
    "enrollments": _enrollment,
    "users": _user,
    "demographics": _demographics,
    "categories": _category,
    "lineItems": _line_item,
    "results": _result,
    "scoreScales": _score_scale,
}
