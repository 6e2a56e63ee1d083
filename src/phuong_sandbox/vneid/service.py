"""VNeID as other systems meet it: OpenID Connect with PKCE, and a page on which one plays the citizen."""

import hmac
import time
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from phuong_sandbox.kept import Kept, now
from phuong_sandbox.service import Service
from phuong_sandbox.switches import Switch, Switches
from phuong_sandbox.texts import Text
from phuong_sandbox.vneid.citizens import CITIZENS, Citizen, citizen_from
from phuong_sandbox.vneid.tokens import CODE_SECONDS, TOKEN_SECONDS, Grant, Grants, Signer, challenge_of, claims_of

SHOWN = 200
ASKED = ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge")
_LOOPBACK = ("127.0.0.1", "localhost")
_POLICY = (  # the form ends at the site that asked, which is on this machine too
    "default-src 'none'; style-src 'self'; form-action 'self' http://127.0.0.1:* http://localhost:*; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Visit:
    """One answer of a citizen to a site."""

    id: int
    received_at: str
    client: str
    number: str
    level: int
    did: str  # agreed, refused


class Vneid(Service):
    """Signs invented citizens in."""

    code = "vneid"
    title = Text("VNeID (đóng vai)", "VNeID (played)")
    purpose = Text(
        "Nơi cấp định danh điện tử: đăng nhập hộ trang khác bằng OpenID Connect, với công dân bịa ra.",
        "The electronic identity: signs invented citizens in for other sites by OpenID Connect.",
    )

    def __init__(self, client: str, secret: str) -> None:
        """Know one site, ``client``, by its ``secret``."""
        self.client, self.secret = client, secret
        self.visits: Kept[Visit] = Kept()
        self.codes, self.accesses = Grants(), Grants()
        self.signer = Signer()
        self.switches = Switches(
            Switch("refuse", Text("Từ chối dù bấm Đồng ý (access_denied)", "Refuse in any case (access_denied)")),
            Switch("mismatch", Text("userinfo nói số khác", "userinfo tells another number")),
            Switch("other_subject", Text("userinfo nói mã người khác", "userinfo tells another subject")),
            Switch("down", Text("Ngừng phục vụ khi đổi mã (503)", "Out of service at the token (503)")),
            Switch("slow", Text("Trả lời chậm, giây", "Answer slowly, seconds"), is_seconds=True),
            Switch("bad_signature", Text("Chữ kí sai", "Bad signature")),
            Switch("expired", Text("Thẻ hết hạn", "Expired token")),
            Switch("wrong_nonce", Text("nonce sai", "Wrong nonce")),
            Switch("wrong_audience", Text("Thẻ cấp cho trang khác", "Token for another site")),
        )

    def count(self) -> int:
        """Count the answers kept."""
        return len(self.visits.newest_first())

    def reset(self) -> None:
        """Forget all answers, codes and tokens."""
        for each in (self.visits, self.codes, self.accesses, self.switches):
            each.clear()

    def routes(self, pages: Blueprint) -> None:
        """Speak OpenID Connect; show what was answered as a page and as JSON."""

        @pages.get("/")
        def page() -> str:
            visits = self.visits.newest_first()
            return render_template("vneid.html", service=self, visits=visits[:SHOWN], total=len(visits))

        @pages.get("/messages.json")
        def messages() -> Response:
            visits = self.visits.newest_first()
            return jsonify({"count": len(visits), "messages": [asdict(each) for each in visits]})

        pages.add_url_rule("/.well-known/openid-configuration", "configuration", self._configuration)
        pages.add_url_rule("/jwks.json", "jwks", lambda: jsonify(self.signer.published()))
        pages.add_url_rule("/authorize", "authorize", self._authorize, methods=["GET", "POST"])
        pages.add_url_rule("/token", "token", self._token, methods=["POST"])
        pages.add_url_rule("/userinfo", "userinfo", self._userinfo, methods=["GET", "POST"])

    def _configuration(self) -> Response:
        self._dawdle()
        issuer = _issuer()
        return jsonify(
            {
                "issuer": issuer,
                **{f"{name}_endpoint": f"{issuer}/{name}" for name in ("token", "userinfo")},
                "authorization_endpoint": f"{issuer}/authorize",
                "jwks_uri": f"{issuer}/jwks.json",
                "response_types_supported": ["code"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
                "code_challenge_methods_supported": ["S256"],
                "scopes_supported": ["openid", "profile"],
                "claims_supported": ["sub", "name", "birthdate", "citizen_id", "level"],
            }
        )

    def _authorize(self) -> Answer | tuple[str, int]:
        asked = {name: request.args.get(name, "") for name in ASKED}
        if wrong := self._wrong(asked):
            return render_template("vneid_wrong.html", service=self, wrong=wrong), 400
        citizen = citizen_from(request.form.to_dict()) if request.method == "POST" else None
        if request.form.get("answer") == "refuse":
            return self._go_back(asked, citizen, is_agreed=False)
        if citizen is not None:
            return self._go_back(asked, citizen, is_agreed=not self.switches.meets("refuse", citizen.number))
        words = {"service": self, "asked": asked, "citizens": CITIZENS, "bad": request.method == "POST"}
        answer = make_response(render_template("vneid_authorize.html", **words), 422 if words["bad"] else 200)
        answer.headers["Content-Security-Policy"] = _POLICY
        return answer

    def _wrong(self, asked: dict[str, str]) -> str:
        """Name what is wrong with a question; such a one is never answered to its redirect address."""
        back = urlsplit(asked["redirect_uri"])
        checks = {
            "client_id": asked["client_id"] == self.client,
            "redirect_uri": back.scheme == "http" and back.hostname in _LOOPBACK,
            "response_type": asked["response_type"] == "code",
            "scope": "openid" in asked["scope"].split(),
            "state": bool(asked["state"]),
            "nonce": bool(asked["nonce"]),
            "code_challenge": bool(asked["code_challenge"]) and request.args.get("code_challenge_method") == "S256",
        }
        return next((name for name, is_right in checks.items() if not is_right), "")

    def _go_back(self, asked: dict[str, str], citizen: Citizen | None, *, is_agreed: bool) -> Answer:
        number, level = (citizen.number, citizen.level) if citizen else ("", 0)
        did = "agreed" if is_agreed else "refused"
        self.visits.add(lambda key: Visit(key, now(), asked["client_id"], number, level, did))
        told = {"error": "access_denied"}
        if is_agreed and citizen is not None:
            grant = Grant(
                citizen,
                asked["client_id"],
                asked["redirect_uri"],
                asked["code_challenge"],
                asked["nonce"],
                time.time(),
            )
            told = {"code": self.codes.add(grant)}
        mark = "&" if urlsplit(asked["redirect_uri"]).query else "?"
        answer = redirect(f"{asked['redirect_uri']}{mark}{urlencode({**told, 'state': asked['state']})}")
        answer.headers["Content-Security-Policy"] = _POLICY
        return answer

    def _token(self) -> tuple[Response, int]:
        self._dawdle()
        if not self._is_client():
            return jsonify({"error": "invalid_client"}), 401
        grant = self.codes.take(request.form.get("code", ""))
        if grant is not None and self.switches.meets("down", grant.citizen.number):
            return jsonify({"error": "temporarily_unavailable"}), 503
        is_good = (
            grant is not None
            and request.form.get("grant_type") == "authorization_code"
            and time.time() - grant.at < CODE_SECONDS
            and request.form.get("redirect_uri") == grant.redirect_uri
            and hmac.compare_digest(challenge_of(request.form.get("code_verifier", "")), grant.challenge)
        )
        if grant is None or not is_good:
            return jsonify({"error": "invalid_grant"}), 400
        told = {
            "access_token": self.accesses.add(replace(grant, at=time.time())),
            "id_token": self.signer.id_token(grant, _issuer(), self.switches),
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
        }
        return jsonify(told), 200

    def _is_client(self) -> bool:
        shown = request.authorization
        name = shown.username if shown and shown.type == "basic" else request.form.get("client_id")
        secret = shown.password if shown and shown.type == "basic" else request.form.get("client_secret")
        return name == self.client and hmac.compare_digest((secret or "").encode(), self.secret.encode())

    def _userinfo(self) -> tuple[Response, int]:
        self._dawdle()
        shown = request.authorization
        grant = self.accesses.get(shown.token or "") if shown and shown.type == "bearer" else None
        if grant is None or time.time() - grant.at > TOKEN_SECONDS:
            return jsonify({"error": "invalid_token"}), 401
        told: dict[str, Any] = claims_of(grant.citizen)
        number = grant.citizen.number
        if self.switches.meets("mismatch", number):
            told["citizen_id"] = f"{number[:-1]}{(int(number[-1]) + 1) % 10}"
        if self.switches.meets("other_subject", number):
            told["sub"] = f"x{told['sub'][1:]}"
        return jsonify(told), 200

    def _dawdle(self) -> None:
        time.sleep(self.switches.seconds("slow"))


def _issuer() -> str:
    return f"{request.url_root}vneid"
