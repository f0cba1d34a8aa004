"""A TCP relay as one writes it in Python: `relay.py PORT ADDRESS PORT` copies bytes both ways.

In: connections at a port. Out: the same bytes at another place. Never keeps the client's address, as no relay does.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until the reading side ends."""
    with suppress(OSError):
        while part := await reader.read(65536):
            writer.write(part)
            await writer.drain()
    # Whatever ended one side ends the other, or its server would wait for more.
    with suppress(OSError, RuntimeError):
        writer.write_eof()


async def relay(address: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection."""
    with suppress(OSError):
        far_reader, far_writer = await asyncio.open_connection(address, port)
        await asyncio.gather(copy(reader, far_writer), copy(far_reader, writer))
        far_writer.close()
    writer.close()


async def main() -> None:
    """Listen for ever."""
    listen, address, port = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    server = await asyncio.start_server(lambda r, w: relay(address, port, r, w), "0.0.0.0", listen)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
