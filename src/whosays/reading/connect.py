"""Connections that keep to a reach: the very address that is connected to is checked, so that DNS cannot change its mind."""

from __future__ import annotations

import socket
from ipaddress import ip_address

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from whosays.errors import RefusedAddressError
from whosays.reading.address import Reach, why_not

AddressInfo = tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]]


class PublicResolver(AbstractResolver):
    """Asks DNS through another resolver, and refuses a name of which any address is out of reach."""

    def __init__(self, resolver: AbstractResolver, reach: Reach) -> None:
        self._resolver = resolver
        self._reach = reach

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        """Return a host's addresses. Raises RefusedAddressError, and OSError where DNS knows none."""
        found = await self._resolver.resolve(host, port, family)
        for result in found:
            if reason := why_not(ip_address(result["host"]), self._reach):
                raise RefusedAddressError(f"{host} is at {result['host']}, which is {reason}; only public addresses are fetched")
        return found

    async def close(self) -> None:
        """Let go of the other resolver."""
        await self._resolver.close()


def connector(reach: Reach, resolver: AbstractResolver | None = None) -> aiohttp.TCPConnector:
    """Return what opens connections within reach. DNS is asked for each; `resolver` stands in for the system's."""

    def open_socket(info: AddressInfo) -> socket.socket:
        family, kind, protocol, _, address = info
        if reason := why_not(ip_address(str(address[0])), reach):
            raise RefusedAddressError(f"{address[0]} is {reason}; only public addresses are fetched")
        return socket.socket(family, kind, protocol)

    return aiohttp.TCPConnector(
        resolver=PublicResolver(resolver or aiohttp.ThreadedResolver(), reach),
        socket_factory=open_socket,
        use_dns_cache=False,
        limit=0,  # Fetcher counts
    )
