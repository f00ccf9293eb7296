#!/usr/bin/env python3
"""Speed and size of employees-mock, as ratios within one run: mock.py [--build DIR] [--seconds N].

Beside it stand a bare libmicrohttpd server (bench/bare_mhd) and, where java and wiremock.jar (named by
$WIREMOCK_JAR) are there, WireMock itself. Load comes from wrk where it is installed, else from this
process (which then is the bottleneck, and makes fast servers look alike), over keep-alive connections
on loopback; all of it is bounded."""

import argparse
import json
import os
import pathlib
import re
import selectors
import shutil
import socket
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BODY = json.dumps({"countryCode": "GB", "dataOwningCountryCode": "IT"}).encode()


def request(path, method="POST", body=BODY):
    head = f"{method} {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Answers:
    """Counts whole answers in a stream of bytes; all have the same head and length."""

    def __init__(self):
        self.buffer = b""
        self.size = 0

    def feed(self, data):
        self.buffer += data
        count = 0
        while True:
            if not self.size and not self.learn():
                return count
            if len(self.buffer) < self.size:
                return count
            self.buffer = self.buffer[self.size:]
            self.size = 0
            count += 1

    def learn(self):
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        if match := re.search(rb"content-length: (\d+)", self.buffer[:end], re.I):
            self.size = end + 4 + int(match.group(1))
            return True
        last = self.buffer.find(b"0\r\n\r\n", end)
        self.size = last + 5 if last >= 0 else 0
        return last >= 0


def load_by_wrk(port, payload, seconds, connections):
    head, _, body = payload.partition(b"\r\n\r\n")
    path = head.split(b" ")[1].decode()
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f'wrk.method="POST" wrk.body={json.dumps(body.decode())} '
                     'wrk.headers["Content-Type"]="application/json"')
        script.flush()
        told = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--latency", "-s", script.name,
             f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True).stdout
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", told).groups()
    return (float(re.search(r"Requests/sec:\s+([\d.]+)", told).group(1)),
            float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit])


def load(port, payload, seconds, connections=16):
    """Requests a second and the 99th percentile in ms."""
    if shutil.which("wrk"):
        return load_by_wrk(port, payload, seconds, connections)
    selector = selectors.DefaultSelector()
    for _ in range(connections):
        peer = socket.create_connection(("127.0.0.1", port))
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(peer, selectors.EVENT_READ, [Answers(), 0.0])
    started = time.perf_counter()
    for key in selector.get_map().values():
        key.fileobj.sendall(payload)
        key.data[1] = time.perf_counter()
    took = []
    while time.perf_counter() - started < seconds:
        for key, _ in selector.select(1):
            data = key.fileobj.recv(65536)
            if not data:
                raise SystemExit(f"port {port} closed a connection")
            if key.data[0].feed(data):
                now = time.perf_counter()
                took.append(now - key.data[1])
                key.fileobj.sendall(payload)
                key.data[1] = now
    elapsed = time.perf_counter() - started
    for key in list(selector.get_map().values()):
        key.fileobj.close()
    return len(took) / elapsed, sorted(took)[int(len(took) * 0.99)] * 1000


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


def ask(port, method, path, document=None):
    body = json.dumps(document).encode() if document is not None else b""
    with socket.create_connection(("127.0.0.1", port), 60) as peer:
        peer.sendall(request(path, method, body).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        answer = b"".join(iter(lambda: peer.recv(65536), b""))
    return int(answer.split(b" ", 2)[1])


class Server:
    def __init__(self, name, command, port_line=r"port:?\s+(\d+)"):
        self.name = name
        started = time.perf_counter()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            if match := re.match(port_line, line):
                self.port = int(match.group(1))
                break
        else:
            raise SystemExit(f"{name} did not start")
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.001)
        self.start_ms = (time.perf_counter() - started) * 1000
        self.start_mb = resident_mb(self.process.pid)

    def measure(self, payload, seconds):
        before, started = cpu_seconds(self.process.pid), time.perf_counter()
        rate, p99 = load(self.port, payload, seconds)
        took = time.perf_counter() - started
        cpu_us = (cpu_seconds(self.process.pid) - before) / (rate * took) * 1e6
        return rate, p99, cpu_us

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def stub(path, body, **more):
    return {"request": {"method": "POST", "urlPath": path}, "response": {"body": body, **more}}


def show(what, value, wanted=""):
    print(f"  {what:<58} {value:>12}  {wanted}")


def compare(servers, payload, seconds, rounds=7):
    """Medians of measurements that take turns, so that a noisy moment hits all of them."""
    measured = [[server.measure(payload, seconds) for server in servers] for _ in range(rounds)]
    return [[statistics.median(column) for column in zip(*rows)] for rows in zip(*measured)]


def bench_seed(mock, bare, java, seconds):
    print("the seed's stub")
    theirs, mine = compare((bare, mock), request("/employees"), seconds)
    show("requests/s, bare libmicrohttpd = 100 %", f"{mine[0] / theirs[0]:.0%}", ">= 70 %")
    show("p99, bare libmicrohttpd's = 1 (the scheduler's share)", f"{mine[1] / theirs[1]:.1f}")
    if java:
        java.measure(request("/employees"), seconds)  # the JVM warms up
        theirs, mine = compare((java, mock), request("/employees"), seconds)
        show("requests/s, times WireMock's", f"{mine[0] / theirs[0]:.1f}", ">= 8")
        show("CPU a request, WireMock's is times as much", f"{theirs[2] / mine[2]:.1f}", ">= 15")
        show("p99, WireMock's is times as long", f"{theirs[1] / mine[1]:.1f}", ">= 10")


def bench_template(mock, bare, java, seconds):
    """The JVM is warmer by now than it was at the seed's stub, so that its rate is a higher one."""
    if not java:
        return
    print("a templated answer")
    for server in (mock, java):
        ask(server.port, "POST", "/__admin/mappings", stub(
            "/templated", "{{jsonPath request.body '$.countryCode'}} {{request.method}}",
            transformers=["response-template"]))
    java.measure(request("/templated"), seconds)
    theirs, mine, most = compare((java, mock, bare), request("/templated"), seconds)
    show("requests/s, times WireMock's", f"{mine[0] / theirs[0]:.1f}", ">= 8")
    show("the same of bare libmicrohttpd, which fills nothing in", f"{most[0] / theirs[0]:.1f}")


def bench_many(mock, seconds):
    print("10,000 stubs")
    ask(mock.port, "DELETE", "/__admin/mappings")
    mappings = [stub(f"/many/{n}", f"answer {n}") for n in range(10000)]
    started = time.perf_counter()
    assert ask(mock.port, "POST", "/__admin/mappings/import", {"mappings": mappings}) == 200
    show("import", f"{time.perf_counter() - started:.2f} s", "< 1 s")
    first, last = [], []
    for _ in range(3):
        first.append(mock.measure(request("/many/0"), seconds)[2])
        last.append(mock.measure(request("/many/9999"), seconds)[2])
    show("CPU of the last, the first = 1", f"{statistics.median(last) / statistics.median(first):.2f}", "<= 1.2")


def bench_delayed(mock, seconds, waiting=5000):
    print(f"{waiting} connections in delayed answers")
    ask(mock.port, "POST", "/__admin/mappings", stub("/slow", "late", fixedDelayMilliseconds=600000))
    before, _, _ = mock.measure(request("/many/0"), seconds)
    tasks = pathlib.Path(f"/proc/{mock.process.pid}/task")
    threads = len(list(tasks.iterdir()))
    held = []
    try:
        for _ in range(waiting):
            peer = socket.create_connection(("127.0.0.1", mock.port))
            peer.sendall(request("/slow"))
            held.append(peer)
        while True:
            if ask(mock.port, "POST", "/__admin/requests/count", {"urlPath": "/slow"}) == 200:
                break
        after, _, _ = mock.measure(request("/many/0"), seconds)
        show("threads more", str(len(list(tasks.iterdir())) - threads), "0")
        show("speed of others, without them = 100 %", f"{after / before:.0%}", "about 100 %")
    finally:
        for peer in held:
            peer.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=os.environ.get("BUILD", "build"))
    parser.add_argument("--seconds", type=float, default=2.0)
    args = parser.parse_args()
    build = ROOT / args.build
    jar = os.environ.get("WIREMOCK_JAR")
    servers = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            common = ["--port", "0", "--bind-address", "127.0.0.1", "--disable-banner", "--root-dir"]
            mock = Server("employees-mock", [str(build / "employees-mock"), *common, folder])
            servers.append(mock)
            mappings = json.loads((ROOT / "employees-mock/mappings/employees.json").read_text())
            ask(mock.port, "POST", "/__admin/mappings/import", mappings)
            answer = json.dumps(mappings["mappings"][0]["response"]["jsonBody"], separators=(",", ":"))
            (pathlib.Path(folder) / "body.json").write_text(answer)
            bare = Server("bare", [str(build / "bench/bare_mhd"), str(free_port()), str(os.cpu_count()),
                                   f"{folder}/body.json"])
            servers.append(bare)
            java = None
            if jar and shutil.which("java") and pathlib.Path(jar).exists():
                java = Server("WireMock", ["java", "-jar", jar, *common, f"{folder}/java"])
                servers.append(java)
                ask(java.port, "POST", "/__admin/mappings/import", mappings)
            print("start")
            show("to the first answer", f"{mock.start_ms:.0f} ms", "< 50 ms")
            show("resident at start", f"{mock.start_mb:.1f} MB", "< 15 MB")
            bench_seed(mock, bare, java, args.seconds)
            bench_template(mock, bare, java, args.seconds)
            bench_many(mock, args.seconds)
            bench_delayed(mock, args.seconds)
            show("resident after all", f"{resident_mb(mock.process.pid):.1f} MB", "bounded")
        finally:
            for server in servers:
                server.stop()


if __name__ == "__main__":
    main()
