"""A real browser, told what to do over its debugging protocol."""

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
START_LIMIT_S = 30.0
ANSWER_LIMIT_S = 20.0
LOOK_S = 0.05
WIDTH, HEIGHT = 360, 740


class BrowserMissing(Exception):
    """There is no Chromium here, or it does not start."""


class Page:
    """The only page of a browser, as wide as a small telephone."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._asked = 0
        self.complaints: list[str] = []
        for domain in ("Page", "Runtime", "DOM", "Log", "Network"):
            self.tell(f"{domain}.enable")
        self.tell(
            "Emulation.setDeviceMetricsOverride",
            width=WIDTH,
            height=HEIGHT,
            deviceScaleFactor=2,
            mobile=True,
        )

    def tell(self, method: str, **parameters: Any) -> dict[str, Any]:
        """What the browser answers."""
        self._asked += 1
        self._connection.send(
            json.dumps({"id": self._asked, "method": method, "params": parameters})
        )
        while True:
            told = json.loads(self._connection.recv(ANSWER_LIMIT_S))
            if told.get("id") == self._asked:
                assert "error" not in told, told["error"]
                result: dict[str, Any] = told["result"]
                return result
            self._listen(told)

    def _listen(self, told: dict[str, Any]) -> None:
        if told["method"] == "Runtime.exceptionThrown":
            details = told["params"]["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description", str(details)))
        elif told["method"] == "Log.entryAdded":
            entry = told["params"]["entry"]
            if entry["source"] in ("security", "violation"):
                self.complaints.append(entry["text"])

    def open(self, url: str) -> None:
        self.run("self.before = true")  # the next page has no such mark
        self.tell("Page.navigate", url=url)
        self.wait("!self.before && document.readyState === 'complete'")

    def run(self, script: str) -> Any:
        """The value of an expression on the page; promises are waited for."""
        told = self.tell(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def wait(self, condition: str, limit_s: float = ANSWER_LIMIT_S) -> Any:
        """The condition's value, once it is true."""
        until = time.monotonic() + limit_s
        while time.monotonic() < until:
            # An element comes by value as an empty object: true all the same.
            given = f"((found) => found instanceof Node || found)({condition})"
            found = self.tell("Runtime.evaluate", expression=given, returnByValue=True)
            value = found["result"].get("value")
            if value and "exceptionDetails" not in found:
                return value
            time.sleep(LOOK_S)
        raise AssertionError(f"not within {limit_s} s: {condition}\n{self.text}")

    def fill(self, selector: str, text: str) -> None:
        """Type, as fingers do it."""
        self.run(f"document.querySelector({json.dumps(selector)}).focus()")
        self.tell("Input.insertText", text=text)

    def press(self, selector: str) -> None:
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    def choose_files(self, selector: str, *files: Path) -> None:
        root = self.tell("DOM.getDocument")["root"]["nodeId"]
        node = self.tell("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.tell("DOM.setFileInputFiles", nodeId=node, files=[str(file) for file in files])

    def accessible(self) -> list[dict[str, Any]]:
        """What a screen reader is told of the page, piece by piece."""
        self.tell("Accessibility.enable")
        nodes: list[dict[str, Any]] = self.tell("Accessibility.getFullAXTree")["nodes"]
        return [node for node in nodes if not node.get("ignored")]

    def photograph(self, path: Path) -> None:
        told = self.tell("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(told["data"]))

    @property
    def text(self) -> str:
        return str(self.run("document.body.innerText"))


@contextmanager
def chromium(folder: Path) -> Iterator[Page]:
    """A fresh browser that keeps what it keeps in `folder`.

    Raises:
        BrowserMissing: there is none.
    """
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise BrowserMissing(f"none of {', '.join(PROGRAMS)} is installed")
    folder.mkdir(parents=True, exist_ok=True)
    arguments = ["--headless", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # it refuses to run as root otherwise
    process = subprocess.Popen(
        [program, *arguments, f"--user-data-dir={folder}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # As on a machine without a network beyond itself.
        env=os.environ | {"no_proxy": "127.0.0.1"},
    )
    try:
        with connect(_page_address(folder, process), max_size=None, proxy=None) as connection:
            yield Page(connection)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _page_address(folder: Path, process: "subprocess.Popen[bytes]") -> str:
    port_file = folder / "DevToolsActivePort"
    until = time.monotonic() + START_LIMIT_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise BrowserMissing(f"the browser ended with {process.returncode}")
        if port_file.exists() and len(lines := port_file.read_text().splitlines()) == 2:
            return _first_page(int(lines[0]), lines[1])
        time.sleep(LOOK_S)
    raise BrowserMissing(f"the browser did not start within {START_LIMIT_S} s")


def _first_page(port: int, path: str) -> str:
    """Ask the browser itself which pages there are."""
    with connect(f"ws://127.0.0.1:{port}{path}", proxy=None) as browser:
        browser.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
        told = json.loads(browser.recv(ANSWER_LIMIT_S))
    pages = [one for one in told["result"]["targetInfos"] if one["type"] == "page"]
    return f"ws://127.0.0.1:{port}/devtools/page/{pages[0]['targetId']}"
