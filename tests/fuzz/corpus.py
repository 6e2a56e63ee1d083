"""What is thrown: texts for any field, files, raw queries, raw bodies, pieces of an address."""

import base64
import json
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

LONG = "ạ" * 10_000
DEEP = "[" * 5_000 + "]" * 5_000
DEEP_KEY = base64.urlsafe_b64encode(DEEP[:2_400].encode()).decode()
TEXTS = (
    "",
    " \t\n",
    "\0",
    "An\0Bình",
    "🦜👩‍👩‍👧🇻🇳",
    "\u202eđảo\u202d\ufeff",
    "e\u0301" * 300,
    "İıſẞ",
    LONG,
    "'\"><script>x</script>",
    "%s%n%%{0}{x}{{7*7}}{% now %}",
    "../../../etc/passwd",
    "\r\nSet-Cookie: a=b",
    "\n" * 60,
    "-1",
    "-0",
    "1.5",
    "1,5",
    "1_000",
    "0x10",
    "²",
    "½",
    "٣",
    "９９",
    "NaN",
    "-inf",
    "1e400",
    "9" * 5_000,
    str(2**15),
    str(2**31),
    str(2**63),
    str(-(2**63) - 1),
    "true",
    "null",
    "[]",
    DEEP,
    DEEP_KEY,
    base64.urlsafe_b64encode(b'["\\u0000", "x"]').decode(),
    '{"a": [1]}',
    "2026-02-30",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "1/1/1",
    "31/02/2026",
    "31/12/9999",
    "2026-13",
    "9999-12",
    "0001-01",
    "25:61",
    "00:00",
    "00000000-0000-0000-0000-000000000000",
    "g" * 36,
    "urn:uuid:019a3c5e-7d10-7b6e-8f21-3c4d5e6f7a8b",
    "{019a3c5e-7d10-7b6e-8f21-3c4d5e6f7a8b}",
    "019a3c5e7d107b6e8f213c4d5e6f7a8b",
    "//evil.example/",
    "javascript:alert(1)",
    "a@b",
    "x" * 300 + "@example.vn",
)
_PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
FILES: tuple[Callable[[], Any], ...] = (
    lambda: SimpleUploadedFile("a.pdf", _PDF, "application/pdf"),
    lambda: SimpleUploadedFile("a.pdf", b"", "application/pdf"),
    lambda: SimpleUploadedFile("a.exe", b"MZ\x90\0", "application/x-msdownload"),
    lambda: SimpleUploadedFile("a.pdf", b"MZ\x90\0", "application/pdf"),
    lambda: SimpleUploadedFile("ảnh" * 200 + ".png", b"\x89PNG\r\n\x1a\n", "image/png"),
    lambda: SimpleUploadedFile("..\\..\\x\u202e.docx", b"PK\3\4" + b"\0" * 50, "application/zip"),
    lambda: SimpleUploadedFile("a", b"\xff" * 100, "nonsense"),
)
QUERIES = (
    "%",
    "%ff%fe=%ff%fe",
    "q=%ED%A0%80",
    "q=%00&after=%00&page=%00",
    "&&==&=;",
    "q[]=1&q[0]=2&q[a][b]=3",
    "=&".join(f"p{n}" for n in range(300)),
    "q=" + "%E1%BA%A1" * 2_000,
    "as_of=9999-99-99&lang=xx&next=//evil.example",
    "as_of=0001-01-01&day=9999-12-31",
    "as=exe&format=xml&part=rows",
    "after=" + DEEP_KEY,
    "changes_after=" + DEEP_KEY + "&code=%00&unit=%00&client_id=%00&state=%00",
    "after=" + "A" * 3_000 + "&before=%F0%9F%A6%9C&size=99999999999999999999",
)
_CUT = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nx'
_NAMED = b'--x\r\nContent-Disposition: form-data; name="file"; filename="\0a\xff"\r\n'
_ODD = _NAMED + b"Content-Type: \xff\r\n\r\nx\r\n--x--\r\n"
BODIES: tuple[tuple[bytes, str], ...] = (
    (b"", "application/x-www-form-urlencoded"),
    (b"x=x", "application/x-www-form-urlencoded"),
    (b"%ff=%fe&text=%ff%00&=&&&", "application/x-www-form-urlencoded"),
    (b"a=" + b"b" * 3_000_000, "application/x-www-form-urlencoded"),
    (b"&".join(b"a%d=1" % n for n in range(1_500)), "application/x-www-form-urlencoded"),
    (b"text=x", "application/x-www-form-urlencoded; charset=utf-99"),
    (b"text=\xff", "application/x-www-form-urlencoded; charset=utf-16"),
    (b'{"text": "x"}', "application/json"),
    (b'{"text": ', "application/json"),
    (DEEP.encode(), "application/json"),
    (json.dumps({"text": {"a": [None, 10**400, "\0"]}}).encode(), "application/json"),
    (b"\xff\xfe\0\0", "text/plain; charset=utf-16"),
    (b"<a/>", "application/xml"),
    (_CUT, "multipart/form-data; boundary=x"),
    (_ODD, "multipart/form-data; boundary=x"),
    (b"x", "multipart/form-data"),
    (b"x", "multipart/form-data; boundary=" + "y" * 300),
    (b"x", ""),
)
VALUES: tuple[Any, ...] = (None, True, -1, 10**400, 1.5, [], {}, [[]], {"a": {"b": [None]}}, [None, "\0"], *TEXTS)
PIECES = ("%00", "a%00b", "%F0%9F%A6%9C", "%ff", "9" * 40, "-1", "x" * 2_000, "..%2F..", "%25s", "a%0Ab", "None")
HEADERS = (
    {"HX-Request": "true", "HX-Target": "\u00ff", "HX-Current-URL": "http://[::1"},
    {"Accept-Language": "xx-" + "y" * 500 + ";q=NaN, vi;q=-1"},
    {"If-Modified-Since": "nonsense", "If-None-Match": "x", "Range": "bytes=9-1"},
    {"Authorization": "Bearer \u00ff.\0", "X-Forwarded-For": "nonsense, 1.2.3"},
    {"Cookie": "sessionid=\u00ff%00; theme=<x>; django_language=xx; messages=!!"},
    {"Referer": "http://[", "Origin": "null", "Accept": "*/nonsense;q=x"},
)
