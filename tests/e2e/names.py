"""DNS and servers of the tests of fetching: what they answer is told beforehand."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_network

from aiohttp.abc import AbstractResolver, ResolveResult

from whosays.reading.address import Reach

#: This machine under one of its addresses, and no other.
HERE = Reach(also=(ip_network("127.0.0.1/32"),), ports=None)


class Names(AbstractResolver):
    """DNS of the tests: each name's answers, one after the other, the last one for ever."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        self.asked.append(host)
        known = self.answers.get(host.partition(".")[0])
        if known is None:
            raise OSError(None, "no such host")
        found = known.pop(0) if len(known) > 1 else known[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in found
        ]

    async def close(self) -> None:
        pass


@asynccontextmanager
async def sending(answer: bytes) -> AsyncIterator[str]:
    """Serve these very bytes to whoever asks for anything."""

    async def answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answering, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
