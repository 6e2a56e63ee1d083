"""Where a message may go: public places only, looked at when an address is kept and each time something is sent.

The connection is made to the very address that was looked at, so a name that leads elsewhere a moment later
(DNS rebinding) changes nothing.
"""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from phuong.gateway.errors import BadAddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
MOST_LETTERS = 500
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa")


def checked_url(text: str, *, with_loopback: bool) -> str:
    """Give the address back when a webhook may have it, as far as can be told without asking for its name.

    ``with_loopback``: this installation may speak to this machine, without TLS too (demo, tests).

    :raises BadAddress: not https, no host, a name or password, a fragment, or a place that is not public
    """
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise BadAddress from error
    is_plain = text.isascii() and text.isprintable() and " " not in text and len(text) <= MOST_LETTERS and port != 0
    if not (is_plain and host) or "@" in parts.netloc or "#" in text or "\\" in text:
        raise BadAddress
    is_here = with_loopback and _is_loopback(host)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
        raise BadAddress
    if not is_here and _is_forbidden(host):
        raise BadAddress
    return text


def is_open(addresses: Iterable[str], *, with_loopback: bool) -> bool:
    """Say whether every address that a name leads to is public; of none it is not."""
    found = [ipaddress.ip_address(each.partition("%")[0]) for each in addresses]
    return bool(found) and all(is_public(each) or (with_loopback and each.is_loopback) for each in found)


def is_public(address: Address) -> bool:
    """Say whether an address is on the public network, whatever it is wrapped in."""
    if isinstance(address, ipaddress.IPv6Address):
        inside = _inside(address)
        if inside is not None:
            return is_public(inside)
    shut = (
        address.is_private,
        address.is_loopback,
        address.is_link_local,
        address.is_multicast,
        address.is_reserved,
        address.is_unspecified,
    )
    return address.is_global and not any(shut)


def _inside(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Give the IPv4 address that an IPv6 address stands for."""
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _NAT64):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _is_loopback(host: str) -> bool:
    address = _literal(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _is_forbidden(host: str) -> bool:
    address = _literal(host)
    if address is not None:
        return not is_public(address)
    name = host.rstrip(".").lower()
    is_number = name.rpartition(".")[2].isdigit() or name.rpartition(".")[2].startswith("0x")  # 127.1, 0x7f000001
    is_local = any(name == each or name.endswith("." + each) for each in _LOCAL_NAMES)
    return is_number or is_local or "." not in name


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
