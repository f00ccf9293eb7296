"""A real Envoy with plugin.wasm, on free ports of loopback."""
import glob
import json
import os
import pathlib
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

TOP = pathlib.Path(__file__).resolve().parents[2]
PLUGIN = pathlib.Path(os.environ.get("PLUGIN", pathlib.Path(os.environ.get("BUILD", TOP / "build")) / "plugin.wasm"))
WASM_TYPE = "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm"
LUA_LINE = "function envoy_on_response(h) h:body() end"
START_SECONDS = 30

SETTINGS = {"jobType": "Restrict", "clientId": "post+man", "clientSecret": "s'e`c&r=e t%", "apiKey": "api-key-1",
            "restrictedText": "*********", "manifestName": "Employee", "interceptorCluster": "interceptor_service"}


def binary():
    if "ENVOY" in os.environ:
        return os.environ["ENVOY"]
    found = glob.glob(str(TOP / "build/venv/lib/python3*/site-packages/envoy/_bin/envoy"))
    if not found:
        raise RuntimeError("Envoy is not installed; `make deps` does it")
    os.chmod(found[0], 0o755)
    return found[0]


def cluster(name, port, http2=False, **more):
    result = {"name": name, "type": "STATIC", "connect_timeout": "1s", "per_connection_buffer_limit_bytes": 50331648,
              "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [{"endpoint": {"address": {
                  "socket_address": {"address": "127.0.0.1", "port_value": port}}}}]}]}, **more}
    options = {"explicit_http_config": {"http2_protocol_options": {}} if http2 else {
        "http_protocol_options": {"enable_trailers": True}}}
    result["typed_extension_protocol_options"] = {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions", **options}}
    return result


def wasm_filter(settings, hold, environment):
    config = {"name": "interception", "root_id": "interception", "fail_open": False,
              "vm_config": {"vm_id": "interception", "runtime": "envoy.wasm.runtime.v8",
                            "code": {"local": {"filename": str(PLUGIN)}}}}
    if environment:
        config["vm_config"]["environment_variables"] = {"key_values": environment}
    if settings is not None:
        text = settings if isinstance(settings, str) else json.dumps({"holdResponseHeaders": hold, **settings})
        config["configuration"] = {"@type": "type.googleapis.com/google.protobuf.StringValue", "value": text}
    if hold == "stop":
        config["allow_on_headers_stop_iteration"] = True
    return {"name": "interception", "typed_config": {"@type": WASM_TYPE, "config": config}}


def configuration(settings, hold, environment, backend_port, interceptor_port, http2, plugin, limit):
    lua = {"name": "lua", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua",
        "default_source_code": {"inline_string": LUA_LINE}}}
    router = {"name": "envoy.filters.http.router", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}
    filters = ([lua] if hold == "filter" and plugin else []) + (
        [wasm_filter(settings, hold, environment)] if plugin else []) + [router]
    manager = {
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "ingress", "codec_type": "AUTO", "http_protocol_options": {"enable_trailers": True},
        "upgrade_configs": [{"upgrade_type": "websocket"}, {"upgrade_type": "CONNECT"}],
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [
            {"match": {"connect_matcher": {}}, "route": {"cluster": "employees_service", "upgrade_configs": [
                {"upgrade_type": "CONNECT"}]}},
            {"match": {"prefix": "/"}, "route": {"cluster": "employees_service", "timeout": "30s"}}]}]},
        "http_filters": filters}
    return {
        "admin": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}}},
        "static_resources": {
            "listeners": [{"name": "main", "per_connection_buffer_limit_bytes": limit,
                           "address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}},
                           "filter_chains": [{"filters": [{
                               "name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]}]}],
            "clusters": [cluster("employees_service", backend_port, http2),
                         cluster("interceptor_service", interceptor_port)]}}


class Envoy:
    """hold: none, filter (with the Lua line before the plugin) or stop (with the knob)."""

    def __init__(self, backend_port, interceptor_port, settings=None, hold="stop", environment=None, workers=1,
                 http2=False, plugin=True, whole=None, limit=50331648):
        self.folder = tempfile.TemporaryDirectory(prefix="envoy-")
        folder = pathlib.Path(self.folder.name)
        if whole is None:
            whole = SETTINGS if settings is None else {**SETTINGS, **settings}
        config = folder / "envoy.json"
        config.write_text(json.dumps(configuration(
            whole, hold, environment, backend_port, interceptor_port, http2, plugin, limit)))
        self.log = folder / "log"
        self.admin_file = folder / "admin"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [binary(), "-c", str(config), "--concurrency", str(workers), "--use-dynamic-base-id",
                 "--log-level", "info", "--admin-address-path", str(self.admin_file)],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def wait(self):
        """True once it serves; False when it has ended instead."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                return False
            try:
                self.admin = "http://" + self.admin_file.read_text().strip()
                if self.get("/ready").strip() == "LIVE":
                    address = json.loads(self.get("/listeners?format=json"))["listener_statuses"][0]["local_address"]
                    self.port = address["socket_address"]["port_value"]
                    self.url = f"http://127.0.0.1:{self.port}"
                    return True
            except (OSError, KeyError, IndexError, ValueError, urllib.error.URLError):
                pass
            time.sleep(0.02)
        raise RuntimeError("Envoy did not start:\n" + self.text()[-3000:])

    def get(self, path):
        with urllib.request.urlopen(self.admin + path, timeout=5) as answer:
            return answer.read().decode()

    def text(self):
        return self.log.read_text(errors="replace")

    def counter(self, name):
        """The value of interception.NAME; 0 when it was never counted."""
        for line in self.get("/stats?filter=interception").splitlines():
            key, _, value = line.partition(": ")
            if key.endswith("interception." + name):
                return int(value)
        return 0

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.folder.cleanup()
