"""Which pages are looked at as whom; the keys of the demo's records are found by following links."""

import re

from playwright.sync_api import Page

from tests.e2e.conftest import Visitor, hrefs

PLAN = "/ke-hoach/cat-hai-nq57-2025/"
UUID = "[0-9a-f-]{36}"
FIXED = {
    "lanhdao.so": [
        "/",
        "/chi-tieu/?plan=cat-hai-nq57-2025",
        "/ke-hoach/",
        "/ke-hoach/doi-chieu/",
        PLAN,
        f"{PLAN}nhiem-vu/",
        f"{PLAN}chi-tieu/4/",
        "/ke-hoach/hai-phong-5363-2025/chi-tieu/x4/",
        "/hoc-sinh/",
        "/doi-ngu/",
        "/truong/",
        "/chi-so/",
        "/chuc-nang/",
        "/cong-viec/",
        "/tro-giup/",
        "/tim-kiem/?q=nguyen",
        "/tim-kiem/?q=khong-co-ai-ten-nay",
        "/ui/",
        "/khong-co/",
        "/nhiem-vu/",
        "/nhiem-vu/bang/",
        "/nhiem-vu/lich/",
        "/nhiem-vu/khoi-luong/",
        "/nhiem-vu/moi/",
        "/nhiem-vu/doi-chieu/",
        "/nhiem-vu/bao-cap-tren/",
        "/nhiem-vu/bao-cap-tren/moi/",
        "/bao-cao/",
        "/thong-bao/",
        "/thong-bao/cai-dat/",
        "/tai-khoan/",
        "/tai-khoan/mat-khau/",
        "/tai-khoan/ung-dung/",
        "/mang-luoi/",
        "/ngay-xem/",
        "/api/",
        "/en/",
    ],
    "chuyenvien.so": [
        "/ke-hoach/hai-phong-nq57-2026/chi-tieu/PL1-11.6/",
        "/bao-so-lieu/",
        "/bao-so-lieu/duyet/",
        "/bao-so-lieu/chua-bao/hai-phong-strategy-2045/xb1/",
        "/ke-hoach/hai-phong-strategy-2045/chi-tieu/xb1/",
        "/bao-cao/",
        "/bao-cao/chua-gui/",
        "/trang-dang-nhap/",
        "/doi-chieu-dan-cu/",
        "/doi-chieu-dan-cu/tien-do/",
        "/du-lieu-mo/quan-li/",
        "/du-lieu-mo/quan-li/chi-tieu/",
    ],
    "canbo.xa": ["/", "/truong/", "/bao-so-lieu/", "/bao-so-lieu/ke-hoach/hai-phong-strategy-2045/xb1/"],
    "hieutruong": ["/", "/bao-so-lieu/", "/he-thong-ket-noi/", "/he-thong-ket-noi/moi/", "/chuyen-truong/?tab=di"],
    "vanthu": [
        "/",
        "/chuyen-truong/",
        "/chuyen-truong/nhan/",
        "/chuyen-truong/den-tu-tinh-khac/",
        "/chuyen-truong/den-tu-tinh-khac/goi/",
        "/chuyen-truong/di-tinh-khac/?q=a",
        "/tai-khoan-truong/",
    ],
    "quantri": ["/cap-tai-khoan/", "/cap-tai-khoan/moi/", "/hop-thu-cong-vu/"],
    "giaovien": ["/"],
    "chunhiem": ["/"],
    "phuhuynh": ["/", "/thong-bao/cai-dat/", "/chuyen-truong/con/"],
    "hocsinh": ["/"],
    "": ["/dang-nhap/", "/en/dang-nhap/", "/kich-hoat/", "/du-lieu-mo/"],
}
# account → (page, pattern of the first link to take from it), each page found on the way is looked at
TRAILS = {
    "lanhdao.so": [
        ["/ke-hoach/hai-phong-5363-2025/chi-tieu/x4/", rf"/chi-so/[\w.]+/{UUID}/", rf"/chi-so/[\w.]+/{UUID}/ho-so/"],
        ["/truong/?q=Gia", rf"/truong/{UUID}/", rf"/lop/{UUID}/", rf"/nguoi/{UUID}/"],
        ["/doi-ngu/", rf"/nguoi/{UUID}/"],
        ["/nhiem-vu/", rf"/nhiem-vu/{UUID}/", rf"/nhiem-vu/{UUID}/giao-xuong/"],
        ["/nhiem-vu/bao-cap-tren/", rf"/nhiem-vu/bao-cap-tren/{UUID}/"],
        ["/truong/?q=Gia", rf"/truong/{UUID}/", rf"/truong/{UUID}/phong/"],
    ],
    "chuyenvien.so": [["/bao-so-lieu/duyet/", rf"/bao-so-lieu/so/{UUID}/"]],
    "vanthu": [
        ["/hoc-sinh/", rf"/nguoi/{UUID}/", rf"/ho-so/learner/{UUID}/sua/"],
        ["/hoc-sinh/", rf"/nguoi/{UUID}/", rf"/ho-so/learner/{UUID}/lich-su/"],
        ["/hoc-sinh/", "/ho-so/learner/hang-loat/"],
        ["/tai-khoan-truong/", rf"/tai-khoan-truong/{UUID}/cap-lai/"],
    ],
    "canbo.xa": [["/", rf"/chi-so/[\w.]+/{UUID}/"]],
    "hieutruong": [["/", rf"/chi-so/[\w.]+/{UUID}/", rf"/chi-so/[\w.]+/{UUID}/ho-so/"]],
    "giaovien": [["/", rf"/lop/{UUID}/", rf"/nguoi/{UUID}/"]],
    "phuhuynh": [
        ["/", rf"/nguoi/{UUID}/"],
        ["/chuyen-truong/con/", rf"/chuyen-truong/con/{UUID}/xin/"],
        ["/chuyen-truong/con/", rf"/chuyen-truong/con/{UUID}/xin-tinh-khac/"],
    ],
}


def follow(page: Page, start: str, *patterns: str) -> list[str]:
    """Give the addresses met when the first link that matches is taken from each page in turn."""
    met = [start]
    for pattern in patterns:
        page.goto(met[-1])
        met.append(next(link for link in hrefs(page) if link and re.fullmatch(pattern, link)))
    return met[1:]


def pages_of(visitor: Visitor, account: str) -> list[str]:
    """Give every address to look at as ``account``, each once."""
    page = visitor.blank(account)
    found = [address for trail in TRAILS.get(account, []) for address in follow(page, *trail)]
    page.close()
    return list(dict.fromkeys([*FIXED[account], *found]))


def person_of(visitor: Visitor) -> str:
    """Give the page of one learner."""
    page = visitor.blank("giaovien")
    address = follow(page, *TRAILS["giaovien"][0])[-1]
    page.close()
    return address
