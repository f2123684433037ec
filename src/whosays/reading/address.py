"""Which addresses may be fetched: public ones alone. Plain functions, of what a link says and of what DNS gives for its host.

A link comes from anybody: from a chat, a feed, a redirect. It must not lead into this machine or the network around it, whose
services trust whoever reaches them (CWE-918). So an address is judged twice: by its text, before DNS is asked, and each IP
address that DNS gives, at the moment of connecting to it (`whosays.reading.connect`).
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from yarl import URL

from whosays.errors import RefusedAddressError

IPAddress = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: Code points of a link.
MAX_LINK = 2_000
#: Ports of the web, and its usual second ones; others belong to services that a web page should not be asked of.
WEB_PORTS = frozenset({80, 443, 8080, 8443})

# What the IANA registries of special-purpose addresses hold that is not to be reached over the public internet:
# https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry. The first that fits counts.
_SPECIAL: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), what)
    for network, what in (
        ("127.0.0.0/8", "this machine itself (loopback)"),
        ("0.0.0.0/8", "this machine itself (unspecified)"),
        ("169.254.0.0/16", "link-local, where a cloud keeps its secrets"),
        ("10.0.0.0/8", "a private network's"),
        ("172.16.0.0/12", "a private network's"),
        ("192.168.0.0/16", "a private network's"),
        ("100.64.0.0/10", "a carrier's own network's"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "reserved for documentation"),
        ("198.51.100.0/24", "reserved for documentation"),
        ("203.0.113.0/24", "reserved for documentation"),
        ("192.88.99.0/24", "a relay's of 6to4"),
        ("198.18.0.0/15", "reserved for measuring"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("240.0.0.0/4", "reserved"),
        ("::1/128", "this machine itself (loopback)"),
        ("::/128", "this machine itself (unspecified)"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "a private network's (site-local)"),
        ("fc00::/7", "a private network's (unique local)"),
        ("ff00::/8", "multicast"),
        ("64:ff9b:1::/48", "a private network's (local translation)"),
        ("100::/64", "reserved for discarding"),
        ("2001::/32", "inside a Teredo tunnel"),
        ("2002::/16", "inside a 6to4 tunnel"),
        ("2001:db8::/32", "reserved for documentation"),
        ("2001::/23", "reserved for protocols"),
        ("3fff::/20", "reserved for documentation"),
    )
)
_GLOBAL = IPv6Network("2000::/3")
# Addresses that carry an IPv4 address, which is where they lead: mapped, compatible, translated (NAT64's well-known prefix).
_CARRIERS = tuple(IPv6Network(network) for network in ("::ffff:0:0/96", "::/96", "64:ff9b::/96", "::ffff:0:0:0/96"))
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)

_LOCAL_NAMES = ("localhost", "localdomain", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa")
_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
# A host whose last label is a number is an IPv4 address, to browsers and to the C library: https://url.spec.whatwg.org/#ends-in-a-number-checker
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far a fetch may reach: public addresses on the web's ports, and the networks of `also`. `ports` None: any."""

    also: tuple[Network, ...] = ()
    ports: frozenset[int] | None = WEB_PORTS


#: The default, and the only one for links of other people.
PUBLIC = Reach()
#: For tests and for outlets on one's own network: this machine and private networks too, on any port. Never a default.
LOCAL = Reach(
    also=tuple(
        ip_network(network)
        for network in (
            *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
            *("::1/128", "fc00::/7"),
        )
    ),
    ports=None,
)


def reach(local: bool) -> Reach:
    """Return the reach that the setting WHOSAYS_FETCH_LOCAL gives."""
    return LOCAL if local else PUBLIC


def link(text: str, reach: Reach = PUBLIC) -> URL:
    """Return a link, ready to be fetched. Raises RefusedAddressError, which says what is wrong with it.

    What DNS gives for its host is to be judged by `why_not` still.
    """
    shown = repr(text[:80])[1:-1] + ("…" if len(text) > 80 else "")
    if len(text) > MAX_LINK:
        raise RefusedAddressError(f"{shown} is longer than {MAX_LINK:,} characters")
    try:
        url = URL(text)
        host, port = url.raw_host, url.port
    except (ValueError, TypeError, UnicodeError) as error:
        raise RefusedAddressError(f"{shown} is no web address: {error}") from error
    if url.scheme not in ("http", "https") or not host or any(c.isspace() or c < " " or c == "\x7f" for c in text):
        raise RefusedAddressError(f"{shown} is no web address: give one that begins with http:// or https://")
    if "\\" in text:
        raise RefusedAddressError(f"{shown} holds a backslash, which not all read alike")
    if (
        url.raw_user is not None
        or url.raw_password is not None
        or "@" in re.split(r"[/?#]", text.partition("://")[2], maxsplit=1)[0]
    ):
        raise RefusedAddressError(f"{shown} holds a user's name or password before its host: give it without")
    if reach.ports is not None and port not in reach.ports:
        ports = ", ".join(str(number) for number in sorted(reach.ports))
        raise RefusedAddressError(f"{shown} is on port {port}; only {ports} are fetched")
    if reason := _why_not_host(host, reach):
        raise RefusedAddressError(f"{shown}: {reason}")
    return url.with_fragment(None)


def why_not(address: IPAddress, reach: Reach = PUBLIC) -> str | None:
    """Return why an IP address must not be connected to, in words that follow it; None where it may be."""
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return "of one network card alone (scoped)"
    if any(address in network for network in reach.also):
        return None
    for network, what in _SPECIAL:
        if address in network:
            return what
    if isinstance(address, IPv4Address):
        return None
    carried = IPv4Address(int(address) & 0xFFFF_FFFF)
    if any(address in network for network in _CARRIERS):
        reason = why_not(carried, reach)
        return f"{carried} in another dress, which is {reason}" if reason else None
    if (int(address) >> 32) & 0xFFFF_FFFF in _ISATAP:
        return "inside an ISATAP tunnel"
    return None if address in _GLOBAL else "of no public network"


def _why_not_host(host: str, reach: Reach) -> str | None:
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return _why_not_name(host, reach)
    reason = why_not(address, reach)
    return f"{address} is {reason}; only public addresses are fetched" if reason else None


def _why_not_name(host: str, reach: Reach) -> str | None:
    name = host.rstrip(".").lower()
    if not _HOST.fullmatch(name):
        return "it names no host"
    if _NUMBER.fullmatch(name):
        try:
            meant = socket.inet_ntoa(socket.inet_aton(name))
        except OSError:
            return f"{host} ends in a number and is no IPv4 address"
        return f"{host} is an odd spelling of {meant}; give it as that"
    if not reach.also and any(name == local or name.endswith(f".{local}") for local in _LOCAL_NAMES):
        return f"{host} names this machine or its network; only public addresses are fetched"
    if not reach.also and "." not in name:
        return f"{host} is a name of the network here, without a domain; only public addresses are fetched"
    return None
