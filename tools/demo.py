"""The demo: client -> Envoy with the plugin -> employees-mock, protected by the interceptor over TLS.

Starts all of it on loopback, waits until each is ready, shows one answer before and after, makes
the 50 calls of the walk-through, and stops all of it again. Only Python's own library is used.

  KEEP=1              leaves it running until Ctrl-C
  DEMO_DIR            where logs and certificates go, instead of build/demo
  MOCK_PORT, INTERCEPTOR_PORT, INTERCEPTOR_ADMIN_PORT, ENVOY_PORT, ENVOY_ADMIN_PORT   other ports
"""
import ctypes
import glob
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import string
import subprocess
import sys
import time

TOP = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", TOP / "build")).resolve()
WORK = pathlib.Path(os.environ.get("DEMO_DIR", TOP / "build" / "demo")).resolve()
CERTS = WORK / "certs"
MARK = ".demo"  # in the folder that a run may empty
CALLS = 50
START_SECONDS = 30
REQUEST = {"countryCode": "GB", "dataOwningCountryCode": "IT"}
KEEP = os.environ.get("KEEP", "0") not in ("", "0")
PROTECTED = ("firstName", "lastName", "DOB")

PORTS = {
    "MOCK_PORT": 9999,
    "INTERCEPTOR_PORT": 8443,
    "INTERCEPTOR_ADMIN_PORT": 8081,
    "ENVOY_PORT": 18000,
    "ENVOY_ADMIN_PORT": 8001,
}

# What the plugin reads; the credentials are those of interceptor/config/demo.json.
PLUGIN = {
    "JOB_TYPE": "Restrict",
    "CLIENT_ID": "postman",
    "CLIENT_SECRET": "changeme",
    "API_KEY": "changeme",
    "MANIFEST_NAME": "Employee",
    "RESTRICTED_TEXT": "*********",
    "PROTECT_NULL_VALUES": "false",
    "PRESERVE_STRING_LENGTH": "false",
    "SNAPSHOT_DATE": "2023-03-20T00:00:00Z",
    "INTERCEPTOR_CLUSTER_NAME": "interceptor_service",
}


class Failed(Exception):
    """Something the user can read and act on."""


def die_with_parent():
    """In the child: the kernel ends it when this script is gone, however that came about."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


class Service:
    """One process, its log, and how to ask whether it is ready."""

    def __init__(self, name, command, ready, environment=None):
        self.name = name
        self.log = WORK / f"{name}.log"
        self.ready = ready
        environment = {**base_environment(), **(environment or {})}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment,
                start_new_session=True, preexec_fn=die_with_parent, cwd=WORK)

    def wait_until_ready(self):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise Failed(f"{self.name} ended with status {self.process.returncode}:\n{self.tail()}")
            try:
                if self.ready():
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.02)
        raise Failed(f"{self.name} was not ready after {START_SECONDS} s:\n{self.tail()}")

    def tail(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:]) + f"\n(all of it: {self.log})"

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def base_environment():
    """This one without the variables that would change what the demo shows; the page may have its token."""
    return {k: v for k, v in os.environ.items()
            if k == "INTERCEPTOR_ADMIN_TOKEN" or not k.startswith("INTERCEPTOR_") and k not in PLUGIN}


def call(method, port, path, body=None, tls=None, timeout=10):
    """(status, body as text)"""
    if tls:
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=timeout, context=tls)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    finally:
        connection.close()


def is_200(*arguments, **named):
    return lambda: call(*arguments, timeout=2, **named)[0] == 200


def choose_ports():
    """The environment's in the place of the defaults; an empty variable counts as none."""
    for variable in PORTS:
        text = os.environ.get(variable) or str(PORTS[variable])
        if not text.isdecimal() or not 1 <= int(text) <= 65535:
            raise Failed(f"{variable} must be a port from 1 to 65535, not {text!r}")
        PORTS[variable] = int(text)
    if len(set(PORTS.values())) < len(PORTS):
        raise Failed(f"two of the ports are the same: {PORTS}")


def check_ports():
    for variable, port in PORTS.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise Failed(f"port {port} can't be used ({error.strerror}); choose another with "
                             f"{variable}, such as: make demo {variable}={port + 1}") from None


def envoy_binary():
    found = glob.glob(str(TOP / "build/venv/lib/python3*/site-packages/envoy/_bin/envoy"))
    if not found:
        raise Failed("Envoy is not installed; `make deps` does it")
    os.chmod(found[0], 0o755)
    return found[0]


def write_envoy_config():
    values = {
        "LISTEN_PORT": PORTS["ENVOY_PORT"],
        "ADMIN_PORT": PORTS["ENVOY_ADMIN_PORT"],
        "EMPLOYEES_HOST": "127.0.0.1",
        "EMPLOYEES_PORT": PORTS["MOCK_PORT"],
        "INTERCEPTOR_HOST": "127.0.0.1",
        "INTERCEPTOR_PORT": PORTS["INTERCEPTOR_PORT"],
        "CA_FILE": CERTS / "ca.crt",
        "PLUGIN_FILE": BUILD / "plugin.wasm",
    }
    template = string.Template((TOP / "plugin/envoy.yaml").read_text())
    target = WORK / "envoy.yaml"
    target.write_text(template.safe_substitute(values))
    return target


def clear(folder):
    """What a former run left; a folder that is no demo's stays as it is."""
    try:
        if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
            raise Failed(f"{folder} is not empty and holds no demo; choose another DEMO_DIR")
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "mock").mkdir(parents=True)
        (folder / MARK).touch()
    except OSError as error:
        raise Failed(f"{folder} can't be used ({error.strerror}); choose another DEMO_DIR") from None


def start_all(services):
    """Appends each service as soon as it runs, so that a failure stops those before it."""
    subprocess.run([TOP / "certs/make-certs.sh", CERTS], check=True)
    tls = ssl.create_default_context(cafile=CERTS / "ca.crt")

    services.append(Service(
        "employees-mock",
        [BUILD / "employees-mock", "--port", str(PORTS["MOCK_PORT"]), "--bind-address", "127.0.0.1",
         "--root-dir", WORK / "mock"],
        is_200("GET", PORTS["MOCK_PORT"], "/__admin/health")))
    services.append(Service(
        "interceptor",
        [BUILD / "interceptor", "--listen", f"127.0.0.1:{PORTS['INTERCEPTOR_PORT']}",
         "--admin-listen", f"127.0.0.1:{PORTS['INTERCEPTOR_ADMIN_PORT']}",
         "--envoy-admin", f"http://127.0.0.1:{PORTS['ENVOY_ADMIN_PORT']}",
         "--tls-cert", CERTS / "server.crt", "--tls-key", CERTS / "server.key",
         "--database", WORK / "interceptor.db", "--key-file", WORK / "interceptor.key",
         "--config", TOP / "interceptor/config/demo.json"],
        is_200("GET", PORTS["INTERCEPTOR_PORT"], "/healthz", tls=tls)))
    for service in services:
        service.wait_until_ready()

    mapping = (TOP / "employees-mock/mappings/employees.json").read_bytes()
    status, text = call("POST", PORTS["MOCK_PORT"], "/__admin/mappings/import", mapping)
    if status != 200:
        raise Failed(f"employees-mock refused the mapping with {status}: {text}")

    services.append(Service(
        "envoy",
        [envoy_binary(), "-c", write_envoy_config(), "--log-level", "info", "--concurrency", "1",
         "--use-dynamic-base-id"],
        is_200("GET", PORTS["ENVOY_ADMIN_PORT"], "/ready"), PLUGIN))
    services[-1].wait_until_ready()


class Paint:
    """Colours on a terminal, plain text elsewhere and where NO_COLOR asks for it."""

    def __init__(self):
        self.on = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def __call__(self, code, text):
        return f"\033[{code}m{text}\033[0m" if self.on else text


def fit(text, width):
    return text.ljust(width) if len(text) <= width else text[:width - 1] + "…"


def show_side_by_side(paint, before, after):
    rows = [json.dumps(json.loads(text), indent=2, ensure_ascii=False).splitlines()
            for text in (before, after)]
    width = min((shutil.get_terminal_size((150, 24)).columns - 3) // 2, max(map(len, rows[0] + rows[1])))
    print(paint("1", fit("employees-mock answered", width)) + " | " + paint("1", "the client got"))
    for left, right in zip(*rows):
        mark = "32" if left != right else "0"
        changed = left != right
        print(paint("33" if changed else "0", fit(left, width)) + " | " + paint(mark, fit(right, width).rstrip()))


def is_protected(before, after):
    """The unprotected fields are equal, no protected one is."""
    try:
        pairs = list(zip(json.loads(before)["employees"]["employee"],
                         json.loads(after)["employees"]["employee"], strict=True))
        return bool(pairs) and all((b[name] == a[name]) == (name not in PROTECTED)
                                   for b, a in pairs for name in b)
    except (ValueError, KeyError, TypeError):
        return False


def progress(done):
    if sys.stdout.isatty():
        bar = "#" * (30 * done // CALLS)
        print(f"\r  [{bar:<30}] {done}/{CALLS}", end="\n" if done == CALLS else "", flush=True)


def make_calls(before):
    """(how many answers were protected, sorted durations in ms)"""
    protected, durations = 0, []
    for done in range(1, CALLS + 1):
        start = time.perf_counter()
        status, text = call("POST", PORTS["ENVOY_PORT"], "/employees", json.dumps(REQUEST))
        durations.append((time.perf_counter() - start) * 1000)
        protected += status == 200 and is_protected(before, text)
        progress(done)
    return protected, sorted(durations)


def percentile(ordered, share):
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def show(paint):
    body = json.dumps(REQUEST)
    print(f"POST /employees {body}\n")
    before = call("POST", PORTS["MOCK_PORT"], "/employees", body)[1]
    status, after = call("POST", PORTS["ENVOY_PORT"], "/employees", body)
    if status != 200:
        raise Failed(f"Envoy answered {status}: {after}\nThe logs are in {WORK}")
    show_side_by_side(paint, before, after)

    print(f"\n{CALLS} calls through Envoy:")
    protected, durations = make_calls(before)
    good = protected == CALLS
    print(paint("32" if good else "31", f"  {protected} of {CALLS} answers were protected") +
          f", p50 {percentile(durations, 0.5):.1f} ms, p99 {percentile(durations, 0.99):.1f} ms")
    if not good:
        raise Failed(f"{CALLS - protected} answers were not what they should be; the logs are in {WORK}")


def keep_running(services):
    print(f"""
All of it keeps running; Ctrl-C stops it.
  the protected service   curl -X POST http://127.0.0.1:{PORTS['ENVOY_PORT']}/employees -d '{json.dumps(REQUEST)}'
  the backend itself      http://127.0.0.1:{PORTS['MOCK_PORT']}/employees   (POST), /__admin/mappings, /__admin/requests
  the interceptor         https://127.0.0.1:{PORTS['INTERCEPTOR_PORT']}/healthz   (its authority: {CERTS / 'ca.crt'})
  its page and metrics    http://127.0.0.1:{PORTS['INTERCEPTOR_ADMIN_PORT']}/   /metrics   (INTERCEPTOR_ADMIN_TOKEN=... make demo KEEP=1: it may write, too)
  Envoy's administration  http://127.0.0.1:{PORTS['ENVOY_ADMIN_PORT']}/""", flush=True)
    while True:
        for service in services:
            if service.process.poll() is not None:
                raise Failed(f"{service.name} ended with status {service.process.returncode}:\n{service.tail()}")
        time.sleep(0.5)


def interrupted(*_):
    raise KeyboardInterrupt


def main():
    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGHUP, interrupted)
    services = []
    try:
        choose_ports()
        check_ports()
        clear(WORK)
        start_all(services)
        show(Paint())
        if KEEP:
            keep_running(services)
        return 0
    except Failed as failure:
        print(f"demo: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ndemo: stopping", file=sys.stderr)
        return 0 if KEEP else 130
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for service in reversed(services):
            service.stop()


if __name__ == "__main__":
    sys.exit(main())
