"""Speed and size of the interceptor, as ratios within one run: small calls (recorded answer 1,
keep-alive, the token reused) beside a bare libmicrohttpd server that returns the same bytes, and one
that returns the same body but none of the headers; plain and over TLS; start and memory; the peak of memory during large calls.
Needs wrk. SECONDS=3 is the length of a load, ROUNDS=3 how many."""
import json
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests/api"))

from service import (BUILD, DATASET, REFERENCE, Service, envelope, memory_mib, resident_mib,  # noqa: E402
                     rows_as_json, rows_as_sql, rows_as_xml, wait_until)

SECONDS = os.environ.get("SECONDS", "3")
ROUNDS = int(os.environ.get("ROUNDS", "3"))
TICKS = os.sysconf("SC_CLK_TCK")
LARGEST = 32 << 20  # --body-max-bytes
OF_EVERY_ANSWER = ("content-type", "content-length", "connection", "date")  # also of the bare server's
ROWS = [{"id": number, "firstName": first, "lastName": last, "fullName": f"{first} {last}", "DOB": born,
         "email": f"{mail}@exate.com",
         "photo": "https://pbs.twimg.com/profile_images/735509975649378305/B81JwLT7.jpg"}
        for number, first, last, born, mail in (("1", "Robert", "Brownforest", "18/12/1965", "RB1"),
                                                ("2", "Rip", "Van Winkle", "18/01/1972", "RVW1"))]


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def load(url, script, pid):
    """(requests a second, CPU microseconds a request) of one run of wrk."""
    before = cpu_seconds(pid)
    result = subprocess.run(["wrk", "-t1", "-c16", f"-d{SECONDS}s", "-s", script, url], capture_output=True, text=True,
                            check=True).stdout
    used = cpu_seconds(pid) - before
    assert "Non-2xx" not in result, result
    total = int(next(line for line in result.splitlines() if " requests in " in line).split()[0])
    rate = float(next(line for line in result.splitlines() if line.startswith("Requests/sec")).split()[1])
    return rate, used / total * 1e6


def write_script(folder, caller):
    """What each request of wrk is."""
    body = json.dumps(envelope({"employees": {"employee": ROWS}}, snapshotDate="2023-03-20T00:00:00Z"))
    headers = caller.headers() | {"Content-Type": "application/json"}
    lines = ['wrk.method = "POST"', f"wrk.body = {json.dumps(body)}"]
    lines += [f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}" for name, value in headers.items()]
    script = folder / "call.lua"
    script.write_text("\n".join(lines))
    answer = caller.http.post(DATASET, headers=headers, content=body)
    assert answer.status_code == 200 and len(answer.content) == 733, answer.text
    (folder / "answer").write_bytes(answer.content)
    (folder / "headers").write_text(json.dumps(
        [part for header in answer.headers.items() if header[0] not in OF_EVERY_ANSWER for part in header]))
    return script


def start_bare(folder, headers=()):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen([BUILD / "bench" / "bare_mhd", str(port), "1", folder / "answer", *headers])

    def listens():
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", port)) == 0
    wait_until(listens, 10, "the bare server")
    return process, f"http://127.0.0.1:{port}{DATASET}"


def without_limit(folder):
    """The reference configuration, whose million calls a minute a load of 18 seconds can use up."""
    document = json.loads(REFERENCE.read_text())
    for tenant in document["tenants"]:
        tenant["rateLimitPerMinute"] = 10 ** 9
    path = folder / "config.json"
    path.write_text(json.dumps(document))
    return path


def measure(folder, audit):
    certs = folder / "certs"
    subprocess.run([TOP / "certs/make-certs.sh", certs], check=True)
    start_ns = time.time_ns()
    service = Service(folder / audit, certs, config=(without_limit(folder),), threads=1, audit=audit,
                      log_level="warn").start()
    started_ms = (service.port_file.stat().st_mtime_ns - start_ns) / 1e6  # not when this program saw it
    idle = resident_mib(service.process)
    script = write_script(folder, service.caller())
    bare, bare_url = start_bare(folder, json.loads((folder / "headers").read_text()))
    bodies, bodies_url = start_bare(folder)
    urls = {"plain": f"http://127.0.0.1:{service.ports['listen-plain']}{DATASET}",
            "TLS": f"https://127.0.0.1:{service.ports['listen']}{DATASET}"}
    rates, cpus, tls, rates_of_bodies, cpus_of_bodies = [], [], [], [], []
    try:
        for _ in range(ROUNDS):
            bare_rate, bare_cpu = load(bare_url, script, bare.pid)
            bodies_rate, bodies_cpu = load(bodies_url, script, bodies.pid)
            rate, cpu = load(urls["plain"], script, service.process.pid)
            tls_rate, _ = load(urls["TLS"], script, service.process.pid)
            rates.append(rate / bare_rate)
            cpus.append(cpu / bare_cpu)
            rates_of_bodies.append(rate / bodies_rate)
            cpus_of_bodies.append(cpu / bodies_cpu)
            tls.append(tls_rate / rate)
        print(f"  audit {audit}: requests/s {statistics.median(rates):.2f} of a bare server (target 0.45), "
              f"CPU a call {statistics.median(cpus):.2f} times (target 2.5); of one without the headers "
              f"{statistics.median(rates_of_bodies):.2f} and {statistics.median(cpus_of_bodies):.2f} times; TLS {statistics.median(tls):.2f} of plain "
              f"(target 0.70); start to ready {started_ms:.0f} ms (target 50), "
              f"idle {idle:.1f} MiB (target 20), after load {resident_mib(service.process):.1f} MiB")
    finally:
        for process in (bare, bodies):
            process.terminate()
            process.wait()
        service.stop()


def large_body(write, rows, **fields):
    """Just under the largest body that is taken, with the rows again and again."""
    def body(times):
        return json.dumps(envelope(write(rows * times), **fields)).encode()
    empty, one = len(body(1)), len(body(2)) - len(body(1))
    return body((LARGEST - empty) // one)


def peak(folder, write, rows, kind, job):
    """(the peak, the answer) of one large call to a new service, in bodies."""
    service = Service(folder, folder.parent / "certs", config=(REFERENCE,), threads=1, log_level="warn").start()
    try:
        caller = service.caller()
        body = large_body(write, rows, jobType=job, countryCode="US", sqlType="PostgreSQL" if kind == "SQL" else None)
        headers = caller.headers() | {"Content-Type": "application/json", "X-Data-Set-Type": kind}
        answer = caller.http.post(DATASET, headers=headers, content=body, timeout=60)
        assert answer.status_code == 200, answer.text
        mib = len(body) / 2**20
        return memory_mib(service.process, "VmHWM") / mib, len(answer.content) / 2**20 / mib
    finally:
        service.stop()


def measure_peaks(folder):
    subprocess.run([TOP / "certs/make-certs.sh", folder / "certs"], check=True)
    print(f"  peak memory of the process in a call of {LARGEST >> 20} MiB, in bodies (target 4), and the answer alone:")
    protected = [{name: row[name] for name in ("firstName", "lastName", "DOB")} for row in ROWS]
    for kind, write in (("JSON", rows_as_json), ("XML", rows_as_xml), ("SQL", rows_as_sql)):
        for what, rows in (("records", ROWS), ("records of protected values alone", protected)):
            found = []
            for job in ("Restrict", "DataMasking", "Pseudonymise", "Encrypt"):
                most, answer = peak(folder / f"{kind}-{what[-5:]}-{job}", write, rows, kind, job)
                found.append(f"{job} {most:.1f} ({answer:.1f})")
            print(f"    {kind}, {what}: {', '.join(found)}")


def main():
    print(f"interceptor: median of {ROUNDS} rounds of {SECONDS} s, one thread, 16 connections")
    for audit in ("off", "on"):
        with tempfile.TemporaryDirectory() as folder:
            measure(pathlib.Path(folder), audit)
    with tempfile.TemporaryDirectory() as folder:
        measure_peaks(pathlib.Path(folder))


if __name__ == "__main__":
    main()
