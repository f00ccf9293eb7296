"""Starts the real interceptor on free ports, asks it, and stops it again."""

import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import time

import httpx

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", "build"))
BINARY = (BUILD if BUILD.is_absolute() else ROOT / BUILD) / "interceptor"
REFERENCE = ROOT / "interceptor" / "config" / "reference.json"
TOKEN = "/apigator/identity/v1/token"
DATASET = "/apigator/protect/v1/dataset"
ADMIN_TOKEN = "test-admin-token"
START_DEADLINE_S = 20
STOP_DEADLINE_S = 20


class Service:
    """One process with a folder of its own. Options are flags: audit="off", config=[a, b]."""

    def __init__(self, folder, certs, *, config=(REFERENCE,), admin_token=ADMIN_TOKEN, env=None,
                 tls=True, prefix=(), **options):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.certs = certs
        self.log_path = self.folder / "log"
        self.port_file = self.folder / "ports"
        self.admin_token = admin_token
        self.config = [str(path) for path in config]
        self.options = {"listen-plain": "127.0.0.1:0", "admin-listen": "127.0.0.1:0",
                        "database": str(self.folder / "interceptor.db"),
                        "key-file": str(self.folder / "interceptor.key"),
                        "port-file": str(self.port_file)}
        if tls:
            self.options |= {"listen": "127.0.0.1:0", "tls-cert": str(certs / "server.crt"),
                             "tls-key": str(certs / "server.key")}
        else:
            self.options["listen"] = "off"
        self.options |= {name.replace("_", "-"): str(value) for name, value in options.items()}
        self.env = clean_environment() | (env or {})
        if admin_token:
            self.env["INTERCEPTOR_ADMIN_TOKEN"] = admin_token
        self.prefix = list(prefix)
        self.process = None
        self.clients = []

    def command(self, *words):
        flags = [f"--{name}={value}" for name, value in self.options.items()]
        flags += [f"--config={path}" for path in self.config]
        return [*self.prefix, str(BINARY), *words, *flags]

    def run(self, *words, **kwargs):
        """A subcommand with this service's options; returns what it printed and its exit code."""
        return subprocess.run(self.command(*words), cwd=ROOT, env=self.env, text=True,
                              capture_output=True, timeout=60, **kwargs)

    def start(self):
        self.port_file.unlink(missing_ok=True)
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(self.command(), cwd=ROOT, env=self.env, stderr=log,
                                            stdout=log, stdin=subprocess.DEVNULL)
        wait_until(lambda: self.port_file.exists() or self.process.poll() is not None,
                   START_DEADLINE_S, "the port file")
        assert self.process.poll() is None, f"did not start:\n{self.log()}"
        self.ports = dict(line.split("=") for line in self.port_file.read_text().split())
        self.context = ssl.create_default_context(cafile=str(self.certs / "ca.crt"))
        return self

    def stop(self, expect=0):
        for client in self.clients:
            client.close()
        self.clients = []
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(STOP_DEADLINE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"did not stop:\n{self.log()}") from None
        self.process = None
        assert code == expect, f"ended with {code}:\n{self.log()}"

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process = None
        self.clients = []

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    # ---- asking ----

    def _client(self, base, **kwargs):
        client = httpx.Client(base_url=base, timeout=30, trust_env=False, **kwargs)
        self.clients.append(client)
        return client

    def https(self):
        return self._client(f"https://localhost:{self.ports['listen']}", verify=self.context)

    def http(self):
        return self._client(f"http://127.0.0.1:{self.ports['listen-plain']}")

    def admin(self, token=True):
        headers = {"Authorization": f"Bearer {self.admin_token}"} if token and self.admin_token else {}
        return self._client(f"http://127.0.0.1:{self.ports['admin-listen']}", headers=headers)

    def raw(self, request):
        """Sends bytes that no client library would, with "Connection: close" among them; status, head
        and body of the answer come back."""
        data = request.encode() if isinstance(request, str) else request
        with socket.create_connection(("127.0.0.1", int(self.ports["listen-plain"])), 20) as s:
            s.sendall(data)
            answer = b"".join(iter(lambda: s.recv(65536), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        return (int(head.split()[1]) if head else 0), head.decode(), body.decode()

    def caller(self, **kwargs):
        return Caller(self.http(), **kwargs)


class Caller:
    """A tenant's client: has a token, and sends data sets."""

    def __init__(self, http, api_key="changeme", client_id="postman", client_secret="changeme"):
        self.http = http
        self.api_key = api_key
        self.form = {"client_id": client_id, "client_secret": client_secret,
                     "grant_type": "client_credentials"}
        self.token = None

    def get_token(self, **changes):
        headers = {"X-Api-Key": self.api_key}
        return self.http.post(TOKEN, headers=headers, data=self.form | changes)

    def headers(self):
        if self.token is None:
            answer = self.get_token()
            assert answer.status_code == 200, answer.text
            self.token = answer.json()["access_token"]
        return {"X-Api-Key": self.api_key, "X-Resource-Token": f"Bearer {self.token}"}

    def send(self, data_set, *, headers=None, **fields):
        """The answer to a protect call; a field that is None is left out."""
        body = envelope(data_set, **fields)
        return self.http.post(DATASET, headers=self.headers() | (headers or {}), json=body)

    def protect(self, data_set, **fields):
        """The protected document, parsed."""
        answer = self.send(data_set, **fields)
        assert answer.status_code == 200, answer.text
        return json.loads(answer.json()["dataSet"])


def envelope(data_set, **fields):
    body = {"manifestName": "Employee", "jobType": "Restrict", "countryCode": "GB",
            "dataOwningCountryCode": "IT", "protectNullValues": False,
            "preserveStringLength": False,
            "dataSet": data_set if isinstance(data_set, str) else json.dumps(data_set)}
    body |= fields
    return {name: value for name, value in body.items() if value is not None}


def employees(*rows):
    return {"employees": {"employee": list(rows)}}


def rows_as_json(rows):
    return json.dumps(employees(*rows), separators=(",", ":"))


def rows_as_xml(rows):
    return "<employees>" + "".join("<employee>" + "".join(f"<{name}>{value}</{name}>" for name, value in row.items())
                                   + "</employee>" for row in rows) + "</employees>"


def rows_as_sql(rows):
    return f"INSERT INTO employee ({','.join(rows[0])}) VALUES " + ",".join(
        "(" + ",".join(f"'{value}'" for value in row.values()) + ")" for row in rows)


def memory_mib(process, field):
    """VmRSS or VmHWM."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(rf"^{field}:\s+(\d+)", status, re.M)[1]) / 1024


def resident_mib(process):
    return memory_mib(process, "VmRSS")


def claims(**named):
    return {"claims": [{"attributeName": name, "attributeValue": value}
                       for name, value in named.items()]}


def clean_environment():
    """The caller's settings must not change what the tests see."""
    ours = ("INTERCEPTOR_", "API_KEY", "CLIENT_ID", "CLIENT_SECRET", "OTHER_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def wait_until(condition, deadline_s, what):
    end = time.monotonic() + deadline_s
    pause = 0.002
    while not condition():
        assert time.monotonic() < end, f"waited {deadline_s} s for {what}"
        time.sleep(pause)
        pause = min(pause * 2, 0.1)
