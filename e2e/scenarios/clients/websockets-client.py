"""Python's websockets: negotiates compression, sends text, binary and a ping, and reads how the server closes."""

import asyncio
import sys

import websockets


async def talk(url: str) -> None:
    async with websockets.connect(url, subprotocols=["chat.v2", "chat.v1"]) as socket:
        extensions = [extension.name for extension in socket.extensions]
        print("subprotocol", socket.subprotocol)
        print("extensions", ",".join(extensions))
        await socket.send("grüße " * 1000)
        print("text", await socket.recv() == "grüße " * 1000)
        await socket.send(bytes(range(256)) * 1000)
        print("binary", await socket.recv() == bytes(range(256)) * 1000)
        await asyncio.wait_for(await socket.ping(), 5)
        print("pong")
        await socket.send("close 4001 enough")
        try:
            await socket.recv()
        except websockets.ConnectionClosed as closed:
            print("closed", closed.rcvd.code, closed.rcvd.reason)


asyncio.run(asyncio.wait_for(talk(sys.argv[1]), 20))
