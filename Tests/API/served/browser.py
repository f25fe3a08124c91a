"""A headless Chromium, spoken to over its debugging pipe (file descriptors 3 and 4): no driver, no port."""

import base64
import fcntl
import json
import os
import shutil
import signal
import subprocess
import time

PROGRAM = shutil.which("chromium")


def _pipe():
    """A pipe with high numbers, so that the shell can give the program its own two without closing one."""
    ends = os.pipe()
    high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for end in ends]
    for end in ends:
        os.close(end)
    return high


class Browser:
    """One tab. `errors` are the messages of its console that are errors, and the exceptions of its scripts."""

    def __init__(self, folder, *prefix, width=1280, height=900, dark=False):
        """Starts it behind the words of `prefix` (to enter a namespace), with its profile in `folder`."""
        self.errors, self._number, self._rest = [], 0, b""
        requests, self._write = _pipe()
        self._read, answers = _pipe()
        arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--ignore-certificate-errors", f"--user-data-dir={folder}",
            "--remote-debugging-pipe",
        ]  # fmt: skip
        # The two descriptors get the numbers the program expects.
        shell = f'exec 3<&{requests} 4>&{answers} {requests}<&- {answers}>&-; exec "$@"'
        self.process = subprocess.Popen(
            ["bash", "-c", shell, "browser", *prefix, PROGRAM, *arguments, "about:blank"],
            pass_fds=(requests, answers), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        os.close(requests)
        os.close(answers)
        pages = [target for target in self._call("Target.getTargets")["targetInfos"] if target["type"] == "page"]
        self._session = self._call("Target.attachToTarget", targetId=pages[0]["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        self.resize(width, height, dark)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._write)
        os.close(self._read)

    def resize(self, width, height, dark=False):
        """Sets the size of the window and the colour scheme that the reader prefers."""
        mobile = width < 500
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def open(self, address):
        """Loads a page and waits until it has run."""
        self.call("Page.navigate", url=address)
        self.wait("document.readyState === 'complete'")

    def run(self, expression):
        """The value of a JavaScript expression; a promise is awaited."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait(self, expression, seconds=15):
        """Waits until an expression is true."""
        end = time.monotonic() + seconds
        while not self.run(expression):
            assert time.monotonic() < end, f"still not: {expression}"
            time.sleep(0.05)

    def press(self, key):
        """Presses a key, as a person does."""
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        for kind in ("keyDown", "keyUp"):
            code = (
                {"windowsVirtualKeyCode": 13}
                if key == "Enter"
                else {"windowsVirtualKeyCode": 9}
                if key == "Tab"
                else {}
            )
            self.call("Input.dispatchKeyEvent", type=kind, key=key, text=text if kind == "keyDown" else "", **code)

    def type(self, text):
        """Types a text into what has the focus."""
        self.call("Input.insertText", text=text)

    def screenshot(self, path, whole=False):
        """Writes a picture of the window, or of the whole page."""
        answer = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(answer["data"]))

    def call(self, method, **parameters):
        """Calls a method of the protocol for the tab."""
        return self._call(method, self._session, **parameters)

    def _call(self, method, session=None, **parameters):
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data) :]
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer["error"]
                return answer["result"]
            self._notice(answer)

    def _receive(self):
        while b"\0" not in self._rest:
            data = os.read(self._read, 1 << 20)
            assert data, "the browser has ended"
            self._rest += data
        line, self._rest = self._rest.split(b"\0", 1)
        return json.loads(line)

    def _notice(self, message):
        parameters = message.get("params", {})
        if message.get("method") == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.errors.append(parameters["entry"]["text"])
        if message.get("method") == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "assert"):
            self.errors.append(json.dumps(parameters["args"]))
        if message.get("method") == "Runtime.exceptionThrown":
            self.errors.append(parameters["exceptionDetails"].get("exception", {}).get("description", "an exception"))
