"""A FastAGI server that says the plain call's prompts and does nothing else.

No journal, no database, no log, no deadline: what is lost against the dialplan here is lost to
every server in this language, before it does anything of use.
"""

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.processes import Servers, await_port, free_tcp_ports


class BareServers(Servers):
    """They do not note how long they take."""

    def times_s(self) -> list[float]:
        return []


@contextmanager
def bare_servers(count: int, folder: Path) -> Iterator[Servers]:
    """`count` of them, each a process; sounds lie in `folder`."""
    ports = free_tcp_ports(count)
    with ExitStack() as stack:
        pids = []
        for port in ports:
            process = multiprocessing.Process(target=_serve, args=(port, folder), daemon=True)
            process.start()
            stack.callback(process.join)
            stack.callback(process.terminate)
            assert process.pid is not None
            pids.append(process.pid)
        for port in ports:
            await_port(port)
        yield BareServers(ports, tuple(pids), folder)


def _serve(port: int, folder: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def do(command: str) -> None:
            writer.write(command.encode() + b"\n")
            await reader.readline()

        try:
            await reader.readuntil(b"\n\n")
            await do(f'STREAM FILE "{folder}/welcome" "" 0')
            await do(f'STREAM FILE "{folder}/question" "0123456789*#" 0')
            await do(f'STREAM FILE "{folder}/goodbye" "" 0')
            await do('SET VARIABLE "HOTLINE_DONE" "1"')
        except (OSError, EOFError):
            pass  # the caller has left
        finally:
            writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(serve())
