"""Python's websockets: negotiates compression, exchanges messages of several sizes and pings, and closes or is closed.

Argument: the URL.
"""

import asyncio
import random
import sys

import websockets


def connect(url: str) -> websockets.connect:
    return websockets.connect(url, subprotocols=["chat.v2", "chat.v1"], max_size=None)


async def talk(url: str) -> None:
    async with connect(url) as socket:
        print("subprotocol", socket.subprotocol)
        print("extensions", ",".join(extension.name for extension in socket.extensions))
        for size in (1, 64 << 10, 1 << 20):
            for kind, message in (("text", "t" * size), ("binary", random.randbytes(size))):
                await socket.send(message)
                print(f"{kind} of {size}:", await socket.recv() == message)
        await (await socket.ping())
        print("pong")
        await socket.close(1000, "bye")
        print("closed", socket.close_code, socket.close_reason)


async def be_closed(url: str) -> None:
    async with connect(url) as socket:
        await socket.send("close 4001 enough")
        try:
            await socket.recv()
        except websockets.ConnectionClosed as closed:
            print("closed", closed.rcvd.code, closed.rcvd.reason)


async def both(url: str) -> None:
    await talk(url)
    await be_closed(url)


asyncio.run(asyncio.wait_for(both(sys.argv[1]), 50))
