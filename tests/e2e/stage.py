"""What the tests of this folder share: the stage that an Envoy stands on, and how a refusal looks."""
import contextlib
import socket
import time

import httpx
from envoy import Envoy
from fakes import SECRETS, Backend, Interceptor

CODES = {"countryCode": "GB", "dataOwningCountryCode": "IT"}


class Stage:
    """Backend, interceptor and an Envoy between client and backend."""

    def __init__(self, **options):
        self.backend, self.interceptor = Backend(), Interceptor()
        self.hold = options.get("hold", "stop")
        self.envoy = Envoy(self.backend.port, self.interceptor.port, **options)
        self.serves = self.envoy.wait()

    def ask(self, path="/employees", method="POST", codes=CODES, **more):
        if method == "POST" and codes is not None and not {"content", "json", "data"} & set(more):
            more["json"] = codes
        with httpx.Client(timeout=20) as client:
            return client.request(method, self.envoy.url + path, **more)

    def ask_raw(self, *parts):
        """All that comes back for these bytes, until the proxy ends the connection. A number among
        the parts is a pause in seconds."""
        with socket.create_connection(("127.0.0.1", self.envoy.port)) as raw:
            raw.settimeout(10)
            for part in parts:
                raw.sendall(part) if isinstance(part, bytes) else time.sleep(part)
            answer = b""
            with contextlib.suppress(ConnectionResetError):  # what was not read of a request causes one
                while piece := raw.recv(65536):
                    answer += piece
        return answer

    def stop(self):
        self.envoy.stop()
        self.backend.stop()
        self.interceptor.stop()


def assert_problem(answer, status, *causes):
    assert answer.status_code == status, (answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status"}
    assert problem["status"] == status
    assert problem["type"].removeprefix("urn:interception:") in causes
    assert_no_secret(answer)


def assert_no_secret(answer):
    for secret in SECRETS:
        assert secret not in answer.content
    assert b"secret-token" not in answer.content
