"""Runs the real employees-mock on a free port, in a folder of its own."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import threading
import time

import httpx

ROOT = pathlib.Path(__file__).resolve().parents[3]
BINARY = ROOT / os.environ.get("BUILD", "build") / "employees-mock"
READY_S = 20
STOP_S = 10


class EmployeesMock:
    def __init__(self, folder, *flags):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.flags = flags
        self.lines = []
        self.ports = {}
        self.process = None
        self.http = None

    def launch(self):
        """Starts the process without waiting until it serves."""
        ports = [] if any(flag.startswith("--port") for flag in self.flags) else ["--port", "0"]
        self.process = subprocess.Popen(
            [str(BINARY), "--bind-address", "127.0.0.1", *ports, "--root-dir", str(self.folder), *self.flags],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line)
            if match := re.match(r"(https-)?port:\s+(\d+)", line):
                self.ports["https" if match.group(1) else "http"] = int(match.group(2))
            if line.startswith("extensions:"):
                self.ports["ready"] = 1

    def start(self):
        self.launch()
        deadline = time.monotonic() + READY_S
        while "ready" not in self.ports:
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.005)
        self.http = httpx.Client(base_url=self.url, timeout=20, trust_env=False)
        return self

    @property
    def url(self):
        return f"http://127.0.0.1:{self.ports['http']}"

    def log(self):
        return "".join(self.lines)

    def stub(self, request, response=None, **more):
        """Adds a stub; its id."""
        answer = self.http.post("/__admin/mappings", json={"request": request, "response": response or {}, **more})
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def raw(self, request):
        """Sends bytes that no client library would, for an answer that ends the connection: head and body of it."""
        with socket.create_connection(("127.0.0.1", self.ports["http"]), 20) as s:
            s.sendall(request.encode())
            answer = b"".join(iter(lambda: s.recv(65536), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        return head.decode(), body.decode()

    def clear(self):
        self.http.post("/__admin/reset")
        self.http.delete("/__admin/mappings")
        self.http.post("/__admin/settings", json={})
        self.http.delete("/__admin/kv")

    def stop(self):
        """Ends it by SIGTERM; its exit code."""
        if self.http:
            self.http.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


def until(condition, seconds=15):
    """Waits for a condition; what it gave."""
    deadline = time.monotonic() + seconds
    while not (got := condition()):
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.01)
    return got
