"""Programs that start together and stop together."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence

from virage.cli.screen import beside

STOP_WITHIN_S = 10
LOOK_EVERY_S = 0.2


def listen_for_stop() -> Callable[[], bool]:
    """Return whether Ctrl-C or a supervisor asked us to stop since this call.

    A list and not an Event: its lock may be held by the very loop that the signal interrupts, and
    setting it would then wait for ever.
    """
    asked: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: asked.append(number))
    return lambda: bool(asked)


def run_together(
    commands: Sequence[Sequence[str]], address: tuple[str, int], when_ready: Callable[[], None]
) -> int:
    """Run programs until one of them ends or the user asks to stop; then stop them all.

    `when_ready` is called once something listens at `address`. Returns 0 when asked to stop, 1
    when a program ended by itself.
    """
    is_asked_to_stop = listen_for_stop()
    if _listens(address):
        beside.print(f"Le port {address[1]} est déjà pris : choisissez-en un autre avec --port.")
        return 1
    # In sessions of their own: Ctrl-C reaches us alone, and we stop them in order.
    children = [subprocess.Popen(command, start_new_session=True) for command in commands]  # noqa: S603
    is_ready = False
    try:
        while not is_asked_to_stop():
            if any(child.poll() is not None for child in children):
                beside.print("Un programme s’est arrêté de lui-même : voyez son message ci-dessus.")
                return 1
            if not is_ready and _listens(address):
                is_ready = True
                when_ready()
            time.sleep(LOOK_EVERY_S)
        return 0
    finally:
        _stop(children)


def _listens(address: tuple[str, int]) -> bool:
    with socket.socket() as probe:
        probe.settimeout(LOOK_EVERY_S)
        return probe.connect_ex(address) == 0


def _stop(children: Sequence["subprocess.Popen[bytes]"]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            # With the programs that it started: they would hold the port and our output.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
