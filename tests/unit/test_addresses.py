"""Where a link may lead: a table of tricks, each refused with its reason, and of what must not be refused."""

from __future__ import annotations

import socket
from contextlib import suppress
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whosays.errors import RefusedAddressError
from whosays.reading.address import LOCAL, PUBLIC, Reach, link, reach, why_not
from whosays.reading.connect import connector


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        # loopback, in all spellings
        ("http://127.0.0.1/", "this machine itself"),
        ("http://127.8.9.1/", "this machine itself"),
        ("http://localhost/", "names this machine"),
        ("http://LOCALHOST./", "names this machine"),
        ("http://a.localhost:8080/", "names this machine"),
        ("http://2130706433/", "odd spelling of 127.0.0.1"),
        ("http://0x7f000001/", "odd spelling of 127.0.0.1"),
        ("http://0x7f.0.0.1/", "odd spelling of 127.0.0.1"),
        ("http://0177.0.0.1/", "odd spelling of 127.0.0.1"),
        ("http://017700000001/", "odd spelling of 127.0.0.1"),
        ("http://127.1/", "odd spelling of 127.0.0.1"),
        ("http://127.0.1/", "odd spelling of 127.0.0.1"),
        ("http://127.0.0.1./", "this machine itself|odd spelling of 127.0.0.1"),
        ("http://①②⑦.⓪.⓪.①/", "this machine itself"),
        ("http://127。0。0。1/", "this machine itself"),
        ("http://%31%32%37.0.0.1/", "127.0.0.1|names no host"),
        ("http://127.0.0.1%00.gazette.example/", "names no host"),
        ("http://[::1]/", "this machine itself"),
        ("http://[0:0:0:0:0:0:0:1]/", "this machine itself"),
        ("http://0/", "odd spelling of 0.0.0.0"),
        ("http://0.0.0.0/", "this machine itself"),
        ("http://[::]/", "this machine itself"),
        ("http://999.1.1.1/", "no IPv4 address"),
        ("http://1.2.3.4.5/", "no IPv4 address"),
        # IPv4 in the dress of IPv6
        ("http://[::ffff:127.0.0.1]/", "127.0.0.1 in another dress"),
        ("http://[::ffff:7f00:1]/", "127.0.0.1 in another dress"),
        ("http://[::127.0.0.1]/", "127.0.0.1 in another dress"),
        ("http://[::ffff:0:127.0.0.1]/", "127.0.0.1 in another dress"),
        ("http://[64:ff9b::169.254.169.254]/", "169.254.169.254 in another dress"),
        ("http://[64:ff9b:1::10.0.0.1]/", "local translation"),
        ("http://[2002:7f00:1::]/", "6to4"),
        ("http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/", "Teredo"),
        ("http://[2a00::200:5efe:10.0.0.1]/", "ISATAP"),
        # the network around
        ("http://10.0.0.1/", "private"),
        ("http://172.16.0.1/", "private"),
        ("http://172.31.255.255/", "private"),
        ("http://192.168.1.1/", "private"),
        ("http://100.64.0.1/", "carrier"),
        ("http://169.254.169.254/latest/meta-data/", "link-local, where a cloud keeps its secrets"),
        ("http://[fd00:ec2::254]/", "private"),
        ("http://[fe80::1]/", "link-local"),
        ("http://[fe80::1%25eth0]/", "scoped|link-local|no web address"),
        ("http://[fec0::1]/", "site-local"),
        ("http://printer/", "without a domain"),
        ("http://nas.local/", "names this machine or its network"),
        ("http://metadata.google.internal/", "names this machine or its network"),
        # nobody's
        ("http://224.0.0.1/", "multicast"),
        ("http://239.255.255.250/", "multicast"),
        ("http://[ff02::1]/", "multicast"),
        ("http://240.0.0.1/", "reserved"),
        ("http://255.255.255.255/", "broadcast"),
        ("http://192.0.2.1/", "documentation"),
        ("http://198.51.100.7/", "documentation"),
        ("http://203.0.113.9/", "documentation"),
        ("http://[2001:db8::1]/", "documentation"),
        ("http://[3fff::1]/", "documentation"),
        ("http://198.18.0.1/", "measuring"),
        ("http://192.0.0.1/", "protocols"),
        ("http://192.88.99.1/", "6to4"),
        ("http://[100::1]/", "discarding"),
        ("http://[4000::1]/", "no public network"),
        ("http://[5f00::1]/", "no public network"),
        # users, ports, schemes, forms
        ("http://gazette.example@127.0.0.1/", "user's name"),
        ("http://user:word@gazette.example/", "user's name"),
        ("http://:word@gazette.example/", "user's name"),
        ("http://@gazette.example/", "user's name"),
        ("http://gazette.example:80@127.0.0.1/", "user's name"),
        ("http://gazette.example\\@127.0.0.1/", "backslash|no web address|user's name"),
        ("http:\\\\gazette.example/", "backslash|no web address"),
        ("http://gazette.example:22/", "on port 22"),
        ("http://gazette.example:6379/", "on port 6379"),
        ("http://gazette.example:0/", "on port 0|no web address"),
        ("http://gazette.example:99999/", "no web address"),
        ("https://gazette.example:25/", "only 80, 443, 8080, 8443 are fetched"),
        ("file:///etc/passwd", "no web address"),
        ("ftp://gazette.example/", "no web address"),
        ("gopher://gazette.example/", "no web address"),
        ("javascript:alert(1)", "no web address"),
        ("data:text/html,hello", "no web address"),
        ("//gazette.example/", "no web address"),
        ("http:/gazette.example/", "no web address"),
        ("http:///etc/passwd", "no web address"),
        ("", "no web address"),
        ("gazette.example", "no web address"),
        ("http://gazette.example/a b", "no web address"),
        ("http://gazette.example/\r\nHost: other", "no web address"),
        ("http://[::1", "no web address"),
        ("http://./", "names no host|no web address"),
        ("http://gazette.example/" + "a" * 100_000, "longer than 2,000 characters"),
    ],
)
def test_a_link_that_leads_where_it_must_not_is_refused_with_its_reason(url: str, reason: str) -> None:
    with pytest.raises(RefusedAddressError, match=reason) as raised:
        link(url)
    assert len(str(raised.value)) < 400


@pytest.mark.parametrize(
    "url",
    [
        "http://gazette.example/a",
        "https://gazette.example:8443/a?b=c#d",
        "http://gazette.example./",
        "https://bücher.example/ä",
        "HTTP://GAZETTE.EXAMPLE/",
        "http://8.8.8.8/",
        "http://[2606:4700:4700::1111]/",
        "http://[64:ff9b::8.8.8.8]/",
        "http://1.gazette.example/",
        "http://0x7f.gazette.example/",
        "http://localhost.gazette.example/",
        "http://172.15.0.1/",
        "http://172.32.0.1/",
        "http://100.63.255.255/",
        "http://100.128.0.1/",
        "https://gazette.example/a@b",
    ],
)
def test_a_public_link_is_taken(url: str) -> None:
    assert link(url).raw_fragment == ""


def test_an_allowance_is_explicit_and_no_wider_than_it_says() -> None:
    assert reach(local=False) == PUBLIC
    assert str(link("http://127.0.0.1:81/a", LOCAL)) == "http://127.0.0.1:81/a"
    assert str(link("http://localhost:81/a", reach(local=True))) == "http://localhost:81/a"
    for still in ("169.254.169.254", "224.0.0.1", "0.0.0.0", "fe80::1", "::", "64:ff9b::a9fe:a9fe"):
        assert why_not(ip_address(still), LOCAL)
    one = Reach(also=(ip_network("127.0.0.1/32"),), ports=frozenset({81}))
    assert link("http://127.0.0.1:81/", one)
    for url in ("http://127.0.0.2:81/", "http://127.0.0.1:82/", "http://10.0.0.1:81/"):
        with pytest.raises(RefusedAddressError):
            link(url, one)


@given(st.ip_addresses())
def test_what_python_knows_as_special_is_never_reached(address: object) -> None:
    ip = ip_address(str(address))
    if ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_reserved or ip.is_unspecified:
        # What carries a public IPv4 address leads there, and is for the next test.
        carries = any(ip in ip_network(network) for network in ("64:ff9b::/96", "::ffff:0:0/96", "::/96", "::ffff:0:0:0/96"))
        assert carries or why_not(ip)


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_fares_the_same_in_the_dress_of_ipv6(number: int) -> None:
    bare = ip_address(number)
    for prefix in (0xFFFF << 32, 0x64FF9B << 96, 0xFFFF << 48):
        dressed = ip_address(int(prefix) | number)
        assert bool(why_not(dressed)) == bool(why_not(bare))


@settings(deadline=None)  # IDNA loads with the first name that needs it
@given(st.text(max_size=60))
def test_no_text_breaks_the_check(text: str) -> None:
    for url in (text, f"http://{text}", f"http://{text}/", f"http://gazette.example{text}"):
        with suppress(RefusedAddressError):
            assert link(url).scheme in ("http", "https")


async def test_the_last_look_is_at_the_very_address_that_is_connected_to() -> None:
    opens = connector(PUBLIC)
    factory = opens._socket_factory
    assert factory is not None
    with pytest.raises(RefusedAddressError, match="this machine itself"):
        factory((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80)))
    with pytest.raises(RefusedAddressError, match="link-local"):
        factory((socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("fe80::1", 80, 0, 2)))
    factory((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 80))).close()
    await opens.close()
