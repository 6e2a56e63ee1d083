"""The OpenAPI document: what the endpoints say of themselves, made complete for readers of either language.

Codes of official lists are named types with their titles. A list is fixed within a release of the platform, so its
codes are an ``enum``; what grows day by day (units, classes, people) is referred to by id and is none. A code that
leaves a list stays in old records: readers take what they do not know as it is.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import override

from phuong.gateway.declarations import PLURALS
from phuong.gateway.rest.schemas import CODE_LIST
from phuong.gateway.rest.service import api
from phuong.records.api import kind_named
from phuong.registry.api import catalog_of

_ABOUT = """REST v1 của Phượng: đọc, ghi hồ sơ trong phạm vi được cấp, theo dõi thay đổi không sót. Hướng dẫn: /api/.

Phượng's REST v1: records within the client's place, read, written and followed without loss. The guide is at /api/.

Khóa (Bearer) gắn với một đơn vị và các quyền. Hồ sơ ngoài phạm vi và thiếu quyền đều trả 404. Mọi từ chối là
application/problem+json (RFC 9457) với code không đổi. A key belongs to a unit and its permissions; what lies outside
looks as if it were not there (404). Every refusal is problem+json with a stable code.

Mã của danh mục chính thức là enum, cố định trong một bản phát hành; hồ sơ cũ có thể giữ mã đã bỏ. Codes of official
lists are enums, fixed within a release; old records may hold codes that have left their list.
"""
_ACTS = {
    "list": ("Danh sách, thay đổi", "List, or what changed"),
    "get": ("Một", "One"),
    "make": ("Thêm", "Make"),
    "change": ("Sửa", "Change"),
    "end": ("Kết thúc", "End"),
}
_OTHERS = {
    "list_programme_files": ("Tệp minh chứng của chương trình", "Evidence files of a programme"),
    "keep_programme_file": ("Gửi tệp minh chứng", "Keep an evidence file"),
    "get_programme_file": ("Nội dung một tệp minh chứng", "Content of one evidence file"),
    "list_feed": ("Dòng thay đổi của mọi loại, theo thứ tự", "What changed in every resource, in order"),
    "list_task": ("Danh sách nhiệm vụ, thay đổi", "List of tasks, or what changed"),
    "get_task": ("Một nhiệm vụ", "One task"),
    "list_task_progress": ("Diễn biến của nhiệm vụ", "What happened to a task"),
    "give_task": ("Giao việc cho các đơn vị", "Give a task to units"),
    "note_task": ("Ghi tiến độ", "Note progress"),
    "step_task": ("Chuyển tình trạng nhiệm vụ", "Take a task to its next state"),
    "list_plan": ("Các kế hoạch của tỉnh", "Plans of the province"),
    "list_indicator": ("Chỉ tiêu và số liệu", "Indicators with their figures"),
    "list_target": ("Mục tiêu theo năm", "Targets by year"),
    "list_plan_task": ("Nhiệm vụ in trong kế hoạch", "Tasks as printed in the plan"),
    "list_duty": ("Việc báo cáo in trong kế hoạch", "Reporting duties as printed"),
    "list_doubt": ("Chỗ bản quét chưa rõ", "What the scan left in doubt"),
    "settle_doubt": ("Kết luận một chỗ chưa rõ", "Settle a doubt"),
    "report_value": ("Báo số liệu của một tháng", "Report a value of a month"),
    "list_value": ("Số đơn vị đã báo cáo", "Values that units reported"),
    "get_code_list": ("Một danh mục mã", "One code list"),
}
_LIMITS = {
    "RateLimit-Limit": "Số lần gọi mỗi phút. Calls a minute.",
    "RateLimit-Remaining": "Còn lại. Calls left.",
    "RateLimit-Reset": "Số giây đến khi đầy lại. Seconds until all are there again.",
    "RateLimit-Policy": "draft-ietf-httpapi-ratelimit-headers-06",
}
_WAIT = {"Retry-After": "Số giây phải chờ. Seconds to wait."}
_REFUSED, _UNKNOWN, _TOO_OFTEN = 400, 401, 429
_ETAG = {"ETag": "Phiên bản; gửi lại bằng If-Match. The version; sent back as If-Match."}


@cache
def document_text() -> str:
    """Write the OpenAPI 3.1 document; the same on every machine."""
    with override("vi"):
        document: Any = api.get_openapi_schema(path_prefix="/api/v1/")
        facts = json.loads(json.dumps(document, cls=DjangoJSONEncoder, default=str))
        _finish(facts)
        return json.dumps(facts, ensure_ascii=False, indent=1)


def _finish(facts: dict[str, Any]) -> None:
    english = _english()
    facts["info"]["description"] = _ABOUT
    facts["security"] = [{"ClientKey": []}]
    kept = facts["components"]["schemas"]
    for each in list(_parts(facts)):
        if isinstance(each.get("description"), str):
            each["description"] = _in_both(each["description"], english)
        if name := each.pop(CODE_LIST, ""):
            each.clear()
            each["$ref"] = f"#/components/schemas/{_type_name(name)}"
            kept.setdefault(_type_name(name), _code_type(name))
    told = _LIMITS | _WAIT | _ETAG
    headers = {name: {"description": words, "schema": {"type": "string"}} for name, words in told.items()}
    shared = facts["components"] = {**facts["components"], "headers": headers, "responses": {}}
    for acts in facts["paths"].values():
        for act in acts.values():
            _finish_operation(act, shared, english)


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _parts(each)


def _finish_operation(act: dict[str, Any], shared: dict[str, Any], english: dict[str, str]) -> None:
    act["summary"] = _summary(act["operationId"], english)
    has_version = not act["operationId"].startswith(("list_", "end_"))
    for status, response in act["responses"].items():
        if int(status) >= _REFUSED:
            name = f"Problem{status}"
            shared["responses"].setdefault(name, _refusal(int(status), response))
            act["responses"][status] = {"$ref": f"#/components/responses/{name}"}
        else:
            response["headers"] = _headers(*_LIMITS, *(_ETAG if has_version else ()))


def _refusal(status: int, response: dict[str, Any]) -> dict[str, Any]:
    told = () if status == _UNKNOWN else (*_LIMITS, *(_WAIT if status == _TOO_OFTEN else ()))
    content = {"application/problem+json": next(iter(response["content"].values()))}
    return {"description": response["description"], "headers": _headers(*told), "content": content}


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _summary(name: str, english: dict[str, str]) -> str:
    act, _line, code = name.partition("_")
    if name in _OTHERS or code not in PLURALS:
        return ". ".join(_OTHERS[name])
    title = str(kind_named(code).title)
    vi, en = _ACTS[act]
    return f"{vi} {title}. {en}: {english.get(title, title)}"


def _in_both(words: str, english: dict[str, str]) -> str:
    label, opened, rest = words.partition(" (id: ")
    return f"{label}. {english[label]}{opened}{rest}" if english.get(label) else words


@cache
def _english() -> dict[str, str]:
    """Give the English of the labels, from the catalog itself: it need not be compiled."""
    file = Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES" / "django.po"
    with file.open("rb") as source:
        return {each.id: each.string for each in read_po(source, locale="en") if isinstance(each.id, str) and each.id}


def _type_name(list_code: str) -> str:
    return "Code" + "".join(part.capitalize() for part in re.split(r"[_-]", list_code))


def _code_type(list_code: str) -> dict[str, Any]:
    catalog = catalog_of(list_code)
    entries = catalog["entries"]
    return {
        "type": "string",
        "title": list_code,
        "description": f"{catalog['title']}. {catalog['title_en']}. /code-lists/{list_code}",
        "enum": [each["code"] for each in entries],
        "x-titles": {each["code"]: f"{each['title']}. {each['title_en']}" for each in entries},
        "examples": [entries[0]["code"]],
    }
