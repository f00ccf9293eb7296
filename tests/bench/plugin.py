"""What the plugin costs: Envoy with it against Envoy without, in one run, on the same stand-ins.

Backend and interceptor are one more Envoy that answers at once from memory (direct_response), so
that the proxy under test is what is measured. Prints ratios, the worst of three rounds counts for
nobody: the median of the rounds is taken. Needs wrk. SECONDS=3 is the length of each round.

The CPU time that the proxy under test spends on a request is the steadier figure where other work
shares the machine. `busy` is the share of a core that it and the stand-in kept busy in the rounds
with the plugin: requests/s compare the proxies only where the first is near 1.
"""
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests/e2e"))

from envoy import PLUGIN, SETTINGS, Envoy, binary  # noqa: E402
from fakes import DATASET_PATH, TOKEN_PATH, Backend, Interceptor, reply, slow  # noqa: E402

SECONDS = int(os.environ.get("SECONDS", "3"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
CONNECTIONS = 16
TARGETS = {"443 B": 0.42, "100 KB": 0.22, "1 MB": 0.18}


def rows(size):
    """Employees until the compact text has about that size."""
    one = {"id": "1", "firstName": "Robert", "lastName": "Brownforest", "fullName": "Robert Brownforest",
           "DOB": "18/12/1965", "email": "RB1@exate.com", "photo": "https://pbs.twimg.com/profile_images/735509975649378305/B81JwLT7.jpg"}
    count = max(1, round(size / len(json.dumps(one, separators=(",", ":")))))
    return {"employees": {"employee": [one] * count}}


def stand_in(folder, body):
    """An Envoy that is backend and interceptor: its two ports."""
    document = rows(body)
    compact = json.dumps(document, separators=(",", ":"))
    if body < 1000:
        compact += " " * (443 - len(compact))
    protected = json.dumps({"dataSet": json.dumps(document, indent=2)}, separators=(",", ":"))
    files = {"backend": compact, "dataset": protected,
             "token": json.dumps({"access_token": "t" * 200, "expires_in": 3600, "token_type": "bearer"})}
    for name, text in files.items():
        (folder / name).write_text(text)

    def route(match, name):
        return {"match": match, "direct_response": {"status": 200, "body": {"filename": str(folder / name)}},
                "response_headers_to_add": [{"header": {"key": "content-type", "value": "application/json"},
                                             "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}]}

    def listener(name, routes):
        return {"name": name, "address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}},
                "filter_chains": [{"filters": [{"name": "envoy.filters.network.http_connection_manager", "typed_config": {
                    "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                    "stat_prefix": name, "route_config": {"max_direct_response_body_size_bytes": 1 << 25, "virtual_hosts": [
                        {"name": "all", "domains": ["*"], "routes": routes}]},
                    "http_filters": [{"name": "envoy.filters.http.buffer", "typed_config": {
                        "@type": "type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer",
                        "max_request_bytes": 1 << 26}}, {"name": "envoy.filters.http.router", "typed_config": {
                            "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}]}}]}],
                "per_connection_buffer_limit_bytes": 1 << 26}
    config = folder / "stand-in.json"
    config.write_text(json.dumps({
        "admin": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}}},
        "static_resources": {"listeners": [
            listener("backend", [route({"prefix": "/"}, "backend")]),
            listener("interceptor", [route({"path": TOKEN_PATH}, "token"), route({"path": DATASET_PATH}, "dataset")])]}}))
    server = Envoy.__new__(Envoy)
    server.folder = tempfile.TemporaryDirectory(prefix="stand-in-")
    server.log, server.admin_file = folder / "stand-in.log", folder / "stand-in.admin"
    with open(server.log, "wb") as log:
        server.process = subprocess.Popen([binary(), "-c", str(config), "--concurrency", "1", "--use-dynamic-base-id",
                                           "--log-level", "error", "--admin-address-path", str(server.admin_file)],
                                          stdout=log, stderr=log)
    assert server.wait(), server.text()
    listeners = json.loads(server.get("/listeners?format=json"))["listener_statuses"]
    ports = {entry["name"]: entry["local_address"]["socket_address"]["port_value"] for entry in listeners}
    return server, ports["backend"], ports["interceptor"]


def wrk(url, seconds):
    """(requests, requests a second, p99 in ms)"""
    script = tempfile.NamedTemporaryFile("w", suffix=".lua")
    script.write('wrk.method="POST"; wrk.headers["Content-Type"]="application/json"\n'
                 'wrk.body=\'{"countryCode":"GB","dataOwningCountryCode":"IT"}\'\n')
    script.flush()
    out = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", script.name, url],
                         capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit("not all requests went well:\n" + out)
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", out).groups()
    return (int(re.search(r"(\d+) requests in", out)[1]), float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]),
            float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit])


def cpu_seconds(envoy):
    times = pathlib.Path(f"/proc/{envoy.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")


class Round:
    """One load on one proxy: what it got done, and what CPU time it and the stand-in took for it."""

    def __init__(self, envoy, server):
        before = cpu_seconds(envoy), cpu_seconds(server)
        requests, self.rate, self.p99 = wrk(envoy.url + "/", SECONDS)
        own, other = cpu_seconds(envoy) - before[0], cpu_seconds(server) - before[1]
        self.cpu_us = own / requests * 1e6
        self.busy, self.server_busy = own / SECONDS, other / SECONDS


def resident_mb(envoy):
    with open(f"/proc/{envoy.process.pid}/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6


def started(*ports, **options):
    begin = time.monotonic()
    envoy = Envoy(*ports, **options)
    assert envoy.wait(), envoy.text()
    return envoy, time.monotonic() - begin


def measure(name, size):
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        server, *ports = stand_in(pathlib.Path(folder), size)
        bare, _ = started(*ports, plugin=False)
        ours, _ = started(*ports, hold="stop")
        try:
            for envoy in (bare, ours):
                wrk(envoy.url + "/", 1)
            rounds = [(Round(bare, server), Round(ours, server)) for _ in range(ROUNDS)]
            middle = lambda figure: statistics.median(figure(*pair) for pair in rounds)  # noqa: E731
            ratio = middle(lambda without, with_it: with_it.rate / without.rate)
            print(f"{name:>7}: {middle(lambda b, _: b.rate):9.0f} requests/s without, {middle(lambda _, o: o.rate):9.0f} with: "
                  f"{ratio:.3f} (at least {TARGETS[name]}), p99 {middle(lambda b, o: o.p99 / b.p99):.2f} times, "
                  f"memory {resident_mb(bare):.0f} and {resident_mb(ours):.0f} MB")
            print(f"{'':8} CPU {middle(lambda b, _: b.cpu_us):6.0f} us a request without, {middle(lambda _, o: o.cpu_us):6.0f} with: "
                  f"{middle(lambda b, o: b.cpu_us / o.cpu_us):.3f}; busy {middle(lambda _, o: o.busy):.2f}, "
                  f"the stand-in {middle(lambda _, o: o.server_busy):.2f}", flush=True)
            return ratio >= TARGETS[name]
        finally:
            for envoy in (bare, ours, server):
                envoy.stop()


def measure_start():
    times = {False: [], True: []}
    for _ in range(5):
        for plugin in times:
            envoy, took = started(1, 2, plugin=plugin)
            times[plugin].append(took)
            envoy.stop()
    extra = statistics.median(times[True]) - statistics.median(times[False])
    print(f"  start: {statistics.median(times[False]):.3f} s without, {extra:+.3f} s with the plugin (at most +0.15)")
    return extra <= 0.15


def measure_tokens():
    import concurrent.futures
    import httpx
    backend, interceptor = Backend(), Interceptor()
    envoy, _ = started(backend.port, interceptor.port, workers=2)
    try:
        interceptor.token_answer = slow(reply(body=json.dumps({"access_token": "t-1", "expires_in": 60})), 0.2)
        ask = lambda _: httpx.post(envoy.url + "/employees", json={"countryCode": "GB"}, timeout=20).status_code  # noqa: E731
        with concurrent.futures.ThreadPoolExecutor(200) as pool:
            assert set(pool.map(ask, range(200))) == {200}
        cold = len(interceptor.tokens)
        for _ in range(50):
            assert ask(None) == 200
        print(f" tokens: {cold} call for 200 at once on a cold start, {len(interceptor.tokens) - cold} more for 50 in a row")
        return cold == 1 and len(interceptor.tokens) == 1
    finally:
        envoy.stop()
        backend.stop()
        interceptor.stop()


def main():
    size = PLUGIN.stat().st_size
    print(f"   size: {size} bytes of wasm (at most 40960)")
    good = [size <= 40960]
    good += [measure(name, wanted) for name, wanted in (("443 B", 300), ("100 KB", 100_000), ("1 MB", 1_000_000))]
    good += [measure_start(), measure_tokens()]
    return 0 if all(good) else 1


if __name__ == "__main__":
    assert SETTINGS
    sys.exit(main())
