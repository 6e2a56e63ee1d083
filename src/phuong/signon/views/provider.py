"""The OpenID provider: discovery, keys, consent, tokens, claims, sign-out."""

from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

from allauth.idp.oidc import views as provider
from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.internal.oauthlib.utils import (
    convert_response,
    extract_params,
    get_validator_context,
    respond_html_error,
)
from allauth.idp.oidc.internal.resources import get_resources
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from oauthlib.oauth2.rfc6749.errors import FatalClientError, InvalidRequestError, OAuth2Error

from phuong.identity.api import at_the_door, lacks_second_factor
from phuong.kernel.gates import public
from phuong.signon.actions.signing import agree, exchange
from phuong.signon.actions.sites import SCOPES
from phuong.signon.backend import server
from phuong.signon.forms import Agree
from phuong.signon.queries import agreed_scopes, party_of, published_keys
from phuong.ui.api import in_chosen_language

KEYS_SECONDS = 600


@public
@require_safe
def configuration(request: HttpRequest) -> HttpResponse:
    """Tell sites where everything is (OpenID Connect Discovery 1.0)."""
    issuer = get_adapter().get_issuer()
    here = {
        "authorization_endpoint": "authorization",
        "token_endpoint": "token",
        "userinfo_endpoint": "userinfo",
        "revocation_endpoint": "revoke",
        "end_session_endpoint": "logout",
        "jwks_uri": "jwks",
    }
    told: dict[str, Any] = {name: issuer + reverse(f"idp:oidc:{route}") for name, route in here.items()}
    told |= {
        "issuer": issuer,
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": ["sub", "name", "preferred_username", "roles", "sid"],
        "ui_locales_supported": ["vi", "en"],
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "authorization_response_iss_parameter_supported": False,
    }
    return _shared(JsonResponse(told))


@public
@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """Publish the keys that sign what sites are told, the coming one included."""
    del request
    return _shared(JsonResponse({"keys": [key.public for key in published_keys()]}))


def _shared(answer: HttpResponse) -> HttpResponse:
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = f"public, max-age={KEYS_SECONDS}"
    return answer


class Authorization(provider.AuthorizationView):  # type: ignore[misc]
    """Ask the person whether a site may know who they are, once, and hand the site a code."""

    template_name = "signon/consent.html"
    form_class = Agree

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse what is not «code with PKCE» of a site in use; then sign in, agree, go back."""
        if party_of(request.GET.get("client_id", "")) is None:
            return self._wrong(request, "unknown or ended client")
        is_pkce = request.GET.get("code_challenge") and request.GET.get("code_challenge_method") == "S256"
        if request.GET.get("response_type") != "code" or not is_pkce:
            return self._wrong(request, "response_type=code with code_challenge_method=S256 is required")
        if away := self._login_required(request):
            return away
        scopes = request.GET.get("scope", "").split()
        if self._asks_nothing(request, scopes):
            self._request_info: dict[str, Any] = {}
            return self._hand_over(scopes)
        return super().get(request, *args, **kwargs)  # type: ignore[no-any-return]

    def _asks_nothing(self, request: HttpRequest, scopes: list[str]) -> bool:
        """Say whether the person need not be asked: all was agreed before, or the site would rather hear that not."""
        prompts = request.GET.get("prompt", "").split()
        account: Any = request.user
        agreed = bool(scopes) and not prompts and set(scopes) <= agreed_scopes(account, request.GET["client_id"])
        return agreed or "none" in prompts

    def _wrong(self, request: HttpRequest, why: str) -> HttpResponse:
        answer: HttpResponse = respond_html_error(request, error=InvalidRequestError(description=why))
        answer.status_code = 400
        return answer

    def _login_required(self, request: Any) -> HttpResponse | None:
        if request.user.is_authenticated and lacks_second_factor(request):
            return HttpResponseRedirect(f"{reverse('identity:account')}?{urlencode({'next': request.get_full_path()})}")
        if not request.user.is_authenticated and "none" not in request.GET.get("prompt", ""):
            entrance = resolve_url("identity:sign_in")
            return HttpResponseRedirect(f"{entrance}?{urlencode({'next': request.get_full_path()})}")
        return super()._login_required(request)  # type: ignore[no-any-return]

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Show the question; browsers are told where its form may lead on."""
        context["party"] = party_of(self._client_id())
        answer: Any = super().render_to_response(context, **kwargs)
        back = urlsplit(str(self._request_info["redirect_uri"]))
        answer._csp_update = {"form-action": [f"{back.scheme}://{back.netloc}"]}  # browsers check where a form leads on
        return answer  # type: ignore[no-any-return]

    def _client_id(self) -> str:
        return str(self._request_info["client_id"])

    def form_valid(self, form: Any) -> HttpResponse:
        """Hand over the code, and keep the consent."""
        scopes = list(form.cleaned_data["scopes"])
        answer = self._hand_over(scopes)
        if "code" in parse_qs(urlsplit(answer.get("Location", "")).query):
            account: Any = self.request.user
            agree(account, self._client_id(), scopes)
        return answer

    def _hand_over(self, scopes: list[str]) -> HttpResponse:
        """Send the person back with a code for what was agreed, or with what is wrong."""
        credentials = {"user": self.request.user, **self._request_info}
        asked = credentials.pop("resources", None)
        try:
            get_validator_context().requested_resources = get_resources(self.request) if asked is None else asked
            told = server().create_authorization_response(
                *extract_params(self.request), scopes=scopes, credentials=credentials
            )
        except (FatalClientError, ValidationError) as error:
            return respond_html_error(self.request, error=error)  # type: ignore[no-any-return]
        return convert_response(*told)  # type: ignore[no-any-return]


class Token(provider.TokenView):  # type: ignore[misc]
    """Exchange a code or a refresh token."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answer each code and refresh token once."""
        return exchange(request.POST, partial(self._create_token_response, request))

    def _create_token_response(self, request: HttpRequest, **_others: Any) -> HttpResponse:
        try:
            get_validator_context().requested_resources = get_resources(request)
            answer: HttpResponse = convert_response(*server().create_token_response(*extract_params(request)))
        except ValidationError:
            return JsonResponse({"error": "invalid_target"}, status=400)
        except OAuth2Error as error:
            return JsonResponse(dict(error.twotuples), status=error.status_code)
        return answer


authorization = in_chosen_language(at_the_door(Authorization.as_view()))
token = at_the_door(Token.as_view())
userinfo = at_the_door(provider.user_info)
revoke = at_the_door(provider.revoke)
logout = in_chosen_language(at_the_door(provider.logout))
