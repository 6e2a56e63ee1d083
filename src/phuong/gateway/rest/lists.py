"""The official code lists."""

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Path, Router, Schema

from phuong.gateway.access import Caller
from phuong.gateway.rest.answers import answer
from phuong.gateway.rest.schemas import PROBLEMS
from phuong.kernel.codelists import entries_of
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import acting

Code = Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9_-]+$")]


class CodeItem(Schema):
    """One entry of a code list."""

    code: str
    title: str
    title_en: str


lists = Router(tags=["code-lists"])


@lists.get("/{code}", response={200: list[CodeItem], **PROBLEMS}, operation_id="get_code_list")
def one_list(request: Any, code: Code) -> HttpResponse:
    """Give the entries of one official code list, in their order."""
    caller: Caller = request.auth
    with acting(caller.actor):
        entries = entries_of(code)
    if not entries:
        raise NotThere
    facts = [{"code": key, "title": title, "title_en": title_en} for key, (title, title_en) in entries.items()]
    return answer(facts)
