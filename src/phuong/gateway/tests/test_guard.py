"""Where webhooks may lead: the public network, whatever an address is wrapped in."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.gateway.outgoing.guard import is_open, is_public

INSIDE = (
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.1.2.3", "224.0.0.1"),
    *("255.255.255.255", "192.0.0.1", "198.18.0.1", "240.0.0.1"),
    *("::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"),
)
OUTSIDE = ("8.8.8.8", "203.113.131.1", "2606:4700::1111")


@pytest.mark.parametrize("text", INSIDE)
def test_an_address_inside_is_shut(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", OUTSIDE)
def test_an_address_of_the_public_network_is_open(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@given(st.ip_addresses(v=4))
def test_an_address_wrapped_in_another_is_no_more_open_than_itself(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    wrapped = (
        ipaddress.IPv6Address((0xFFFF << 32) | number),  # mapped
        ipaddress.IPv6Address((0x2002 << 112) | (number << 80)),  # 6to4
        ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | number),  # NAT64
        ipaddress.IPv6Address((0x20010000 << 96) | (number ^ 0xFFFFFFFF)),  # Teredo
    )

    for each in wrapped:
        assert not is_public(each) or is_public(address)


def test_one_address_inside_shuts_the_name_and_no_address_opens_none() -> None:
    assert is_open(["8.8.8.8"], with_loopback=False)
    assert not is_open(["8.8.8.8", "10.0.0.1"], with_loopback=False)
    assert not is_open(["fe80::1%eth0"], with_loopback=False)
    assert not is_open([], with_loopback=True)
    assert is_open(["127.0.0.1"], with_loopback=True)
    assert not is_open(["127.0.0.1"], with_loopback=False)
    assert not is_open(["10.0.0.1"], with_loopback=True)
