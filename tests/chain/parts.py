"""The whole chain on free ports of loopback, every part real: employees-mock with the demo's mapping,
the interceptor over TLS, and Envoy with plugin.wasm and the configuration that is shipped."""

import json
import os
import pathlib
import string
import subprocess
import urllib.request

import httpx
from envoy import binary
from service import BUILD, ROOT, Service, wait_until

MAPPING = ROOT / "employees-mock" / "mappings" / "employees.json"
PLUGIN = {
    "JOB_TYPE": "Restrict", "CLIENT_ID": "postman", "CLIENT_SECRET": "changeme", "API_KEY": "changeme",
    "RESTRICTED_TEXT": "*********", "MANIFEST_NAME": "Employee", "PROTECT_NULL_VALUES": "false",
    "PRESERVE_STRING_LENGTH": "false", "SNAPSHOT_DATE": "2023-03-20T00:00:00Z",
    "INTERCEPTOR_CLUSTER_NAME": "interceptor_service"}
SHIPPED = """'{"holdResponseHeaders":"stop"}'"""
READY_S = 30
STOP_S = 15


def end(process):
    """Ends a process that was started here."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Mock:
    def __init__(self, folder):
        folder.mkdir(parents=True)
        self.log_path = folder / "mock.log"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [BUILD.resolve() / "employees-mock", "--port", "0", "--bind-address", "127.0.0.1",
                 "--root-dir", folder], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        wait_until(lambda: self.find_port() or self.process.poll() is not None, READY_S, "employees-mock")
        self.port = self.find_port()
        assert self.port, self.log_path.read_text()
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=20, trust_env=False)

    def find_port(self):
        """The banner's line "port:   12345"."""
        for line in self.log_path.read_text().splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "port" and value.strip().isdigit():
                return int(value)
        return None

    def import_demo(self):
        answer = self.http.post("/__admin/mappings/import", content=MAPPING.read_bytes())
        assert answer.status_code == 200, answer.text

    def answer_with(self, path, body, content_type="application/json"):
        """POST path answers these bytes."""
        stub = {"request": {"method": "POST", "url": path},
                "response": {"status": 200, "headers": {"Content-Type": content_type}, "body": body}}
        answer = self.http.post("/__admin/mappings", json=stub)
        assert answer.status_code == 201, answer.text

    def stop(self):
        self.http.close()
        end(self.process)


class Envoy:
    """settings: members of the plugin's configuration; environment: what differs from the demo's."""

    def __init__(self, folder, mock_port, interceptor_port, certs, settings=None, environment=None, workers=2):
        folder.mkdir(parents=True)
        self.log_path = folder / "envoy.log"
        self.admin_file = folder / "admin"
        values = {"LISTEN_PORT": 0, "ADMIN_PORT": 0, "EMPLOYEES_HOST": "127.0.0.1", "EMPLOYEES_PORT": mock_port,
                  "INTERCEPTOR_HOST": "127.0.0.1", "INTERCEPTOR_PORT": interceptor_port,
                  "CA_FILE": certs / "ca.crt", "PLUGIN_FILE": BUILD.resolve() / "plugin.wasm"}
        text = string.Template((ROOT / "plugin" / "envoy.yaml").read_text()).safe_substitute(values)
        if settings:
            assert SHIPPED in text
            text = text.replace(SHIPPED, "'" + json.dumps({"holdResponseHeaders": "stop", **settings}) + "'")
        config = folder / "envoy.yaml"
        config.write_text(text)
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [binary(), "-c", config, "--concurrency", str(workers), "--use-dynamic-base-id",
                 "--admin-address-path", self.admin_file],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, env={**os.environ, **PLUGIN, **(environment or {})})
        wait_until(self.is_ready, READY_S, "Envoy")

    def is_ready(self):
        assert self.process.poll() is None, self.log_path.read_text()[-3000:]
        try:
            admin = "http://" + self.admin_file.read_text().strip()
            if self.get(admin + "/ready").strip() != "LIVE":
                return False
            address = json.loads(self.get(admin + "/listeners?format=json"))["listener_statuses"][0]["local_address"]
            self.url = f"http://127.0.0.1:{address['socket_address']['port_value']}"
            return True
        except (OSError, LookupError, ValueError):
            return False

    @staticmethod
    def get(url):
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.read().decode()

    def stop(self):
        end(self.process)


class Chain:
    def __init__(self, folder, certs, **service_options):
        self.folder, self.certs = pathlib.Path(folder), certs
        self.mock = Mock(self.folder / "mock")
        self.mock.import_demo()
        self.service = Service(self.folder / "interceptor", certs, **service_options).start()
        self.envoys = []

    def envoy(self, interceptor_port=None, **options):
        envoy = Envoy(self.folder / f"envoy{len(self.envoys)}", self.mock.port,
                      interceptor_port or self.service.ports["listen"], self.certs, **options)
        self.envoys.append(envoy)
        return envoy

    def logs(self):
        paths = [self.mock.log_path, self.service.log_path, *(envoy.log_path for envoy in self.envoys)]
        return {path.name: path.read_text(errors="replace") for path in paths}

    def stop(self):
        for envoy in self.envoys:
            envoy.stop()
        self.mock.stop()
        self.service.stop()
