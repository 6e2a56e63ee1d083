"""SCIM filters as conditions on our tables (RFC 7644, 3.4.2.2): eq, ne, sw, ew, co, pr with and, or, not."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from scim2_models import InvalidFilterException, InvalidValueException
from scim2_models.path.expressions import AttrPath, Comparison, FilterNode, LogicalExpr, Not, Present, ValuePath

from phuong.provisioning.models import ScimClient, ScimMember, ScimUser

NOTHING = Q(pk__in=())
_LOOKUPS = {"eq": "", "sw": "__startswith", "ew": "__endswith", "co": "__contains"}
Test = Callable[[str, Any], Q]  # operator ("eq", "sw", "ew", "co", "pr"), value


def plain(text: str, *, most: int) -> str:
    """Give a text back that a column can hold.

    :raises InvalidValueException: too long, or a character that no text of a database can hold
    """
    if len(text) > most or "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise InvalidValueException(detail=f"A text is too long (most {most}) or holds a NUL character")
    return text


def user_tests(client: ScimClient) -> dict[str, Test]:
    """Give the attributes of a user that can be filtered by."""
    said = ScimUser.objects.filter(client=client, account=OuterRef("pk"))
    members = ScimMember.objects.filter(group__client=client, account=OuterRef("pk"))
    return {
        "id": _key("pk"),
        "username": _folded("username"),
        "displayname": _text("display_name", fold=True),
        "active": _flag("is_active"),
        "emails": _folded("email"),
        "emails.value": _folded("email"),
        "externalid": _within(said, _text("external_id")),
        "usertype": _within(said, _text("user_type", fold=True)),
        "groups": _within(members, _key("group")),
        "groups.value": _within(members, _key("group")),
    }


def group_tests() -> dict[str, Test]:
    """Give the attributes of a group that can be filtered by."""
    members = ScimMember.objects.filter(group=OuterRef("pk"))
    return {
        "id": _key("pk"),
        "displayname": _text("name", fold=True),
        "externalid": _text("external_id"),
        "members": _within(members, _key("account")),
        "members.value": _within(members, _key("account")),
    }


def condition(node: FilterNode, tests: Mapping[str, Test]) -> Q:
    """Turn a parsed filter into a condition; an attribute that these resources lack matches none of them.

    :raises InvalidFilterException: an operator that is not spoken here
    """
    match node:
        case LogicalExpr():
            terms = [condition(term, tests) for term in node.terms]
            joined = terms[0]
            for term in terms[1:]:
                joined = joined & term if str(node.op).lower() == "and" else joined | term
            return joined
        case Not():
            return ~condition(node.expr, tests)
        case Present():
            return _test(node.attr_path, "pr", None, tests)
        case Comparison():
            return _comparison(node, tests)
        case ValuePath():
            prefix = node.attr_path.attr.lower()
            inner = {name.removeprefix(f"{prefix}."): test for name, test in tests.items() if name.startswith(prefix)}
            return condition(node.val_filter, inner)
    raise InvalidFilterException(detail="This filter is not supported")


def _comparison(node: Comparison, tests: Mapping[str, Test]) -> Q:
    operator = str(node.op).lower()
    if operator == "ne":
        return ~_test(node.attr_path, "eq", node.value, tests)
    if operator not in _LOOKUPS:
        raise InvalidFilterException(detail=f"The operator {operator!r} is not supported")
    return _test(node.attr_path, operator, node.value, tests)


def _test(at: AttrPath, operator: str, value: Any, tests: Mapping[str, Test]) -> Q:
    name = f"{at.attr}.{at.sub_attr}" if at.sub_attr else at.attr
    test = tests.get(name.lower())
    return test(operator, value) if test else NOTHING


def _text(column: str, *, fold: bool = False) -> Test:
    def test(operator: str, value: Any) -> Q:
        if operator == "pr":
            return ~Q(**{column: ""})
        if not isinstance(value, str):
            return NOTHING
        lookup = _LOOKUPS[operator]
        if fold:
            lookup = lookup.replace("__", "__i") or "__iexact"
        return Q(**{f"{column}{lookup}": plain(value, most=400)})

    return test


def _folded(column: str) -> Test:
    """Compare a column that is kept in lower case: its index serves."""
    test = _text(column)
    return lambda operator, value: test(operator, value.lower() if isinstance(value, str) else value)


def _flag(column: str) -> Test:
    def test(operator: str, value: Any) -> Q:
        if operator == "pr":
            return Q()
        return Q(**{column: value}) if operator == "eq" and isinstance(value, bool) else NOTHING

    return test


def _key(column: str) -> Test:
    def test(operator: str, value: Any) -> Q:
        if operator == "pr":
            return Q(**{f"{column}__isnull": False})
        key = key_of(value)
        return Q(**{column: key}) if operator == "eq" and key else NOTHING

    return test


def _within(rows: Any, test: Test) -> Test:
    return lambda operator, value: Q(Exists(rows.filter(test(operator, value))))


def key_of(value: Any) -> UUID | None:
    """Read a key of ours; nothing when it is none."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
