"""SIGHUP: configuration, certificate and data keys are taken anew, and no call is dropped."""

import concurrent.futures
import contextlib
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import threading

import httpx
from service import DATASET, REFERENCE, ROOT, employees, envelope, wait_until

ROW = employees({"firstName": "Robert", "DOB": "18/12/1965"})


def manifest(name):
    return {"manifests": [{"name": name, "attributes": [{"path": "a"}]}]}


def hang_up(s, event):
    before = s.log().count(event)
    s.process.send_signal(signal.SIGHUP)
    wait_until(lambda: s.log().count(event) > before, 20, event)


def test_sighup_reloads_configuration_without_dropping_a_call(start, tmp_path):
    path = tmp_path / "c.json"
    path.write_text(json.dumps(manifest("First")))
    s = start(config=[REFERENCE, path])
    caller = s.caller()
    s.caller().headers()
    assert caller.send({}, manifestName="First").status_code == 200
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        def many(_):
            mine = s.caller()
            mine.token = caller.token
            return [mine.send(ROW).status_code for _ in range(100)]
        calls = [pool.submit(many, i) for i in range(4)]
        for n in range(10):
            path.write_text(json.dumps(manifest(f"Turn{n}")))
            hang_up(s, " configuration reloaded")
        assert {code for call in calls for code in call.result()} == {200}
    assert caller.send({}, manifestName="Turn9").status_code == 200
    assert caller.send({}, manifestName="First").status_code == 400


def test_wrong_configuration_at_sighup_keeps_the_old_one(start, tmp_path):
    path = tmp_path / "c.json"
    path.write_text(json.dumps(manifest("First")))
    s = start(config=[REFERENCE, path])
    path.write_text("{")
    hang_up(s, "configuration not reloaded")
    assert s.caller().send({}, manifestName="First").status_code == 200


def serial(s):
    with socket.create_connection(("127.0.0.1", int(s.ports["listen"])), 10) as raw:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with context.wrap_socket(raw) as tls:
            return tls.getpeercert(binary_form=True)


def told_end(s):
    """When the certificate ends, as /metrics has it."""
    found = re.search(r"^interceptor_certificate_end_timestamp_seconds (\d+)$", s.admin(token=False).get("/metrics").text, re.M)
    return found and int(found[1])


def test_metrics_tell_when_the_certificate_ends(start, certs, tmp_path):
    for name in ("server.crt", "server.key", "ca.crt", "ca.key"):
        (tmp_path / name).write_bytes((certs / name).read_bytes())
    s = start(tls_cert=tmp_path / "server.crt", tls_key=tmp_path / "server.key")
    def true_end():
        text = subprocess.run(["openssl", "x509", "-noout", "-enddate", "-in", tmp_path / "server.crt"], text=True,
                              check=True, capture_output=True).stdout
        return ssl.cert_time_to_seconds(text.strip().removeprefix("notAfter="))
    first = true_end()
    assert told_end(s) == first
    subprocess.run([str(ROOT / "certs" / "make-certs.sh"), str(tmp_path), "another.name"], check=True,
                   env=os.environ | {"DAYS": "40"})
    assert true_end() < first
    s.process.send_signal(signal.SIGHUP)
    wait_until(lambda: told_end(s) == true_end(), 20, "the new certificate")
    assert told_end(start("plain", tls=False)) is None


def test_sighup_takes_a_new_certificate(start, certs, tmp_path):
    for name in ("server.crt", "server.key"):
        (tmp_path / name).write_bytes((certs / name).read_bytes())
    s = start(tls_cert=tmp_path / "server.crt", tls_key=tmp_path / "server.key")
    old = serial(s)
    other = tmp_path / "other"
    subprocess.run([str(ROOT / "certs" / "make-certs.sh"), str(other)], check=True, capture_output=True)
    for name in ("server.crt", "server.key"):
        (tmp_path / name).write_bytes((other / name).read_bytes())
    hang_up(s, " configuration reloaded")
    wait_until(lambda: serial(s) != old, 20, "the new certificate")
    (tmp_path / "server.key").write_text("nonsense")
    new = serial(s)
    hang_up(s, "certificate not reloaded")
    assert serial(s) == new


def test_sighup_under_tls_load_takes_certificate_configuration_and_key_and_drops_no_call(
        start, certs, tmp_path):
    pairs = [certs, tmp_path / "other"]
    subprocess.run([str(ROOT / "certs" / "make-certs.sh"), str(pairs[1])], check=True,
                   capture_output=True)
    both = ssl.create_default_context(cafile=str(certs / "ca.crt"))
    both.load_verify_locations(cafile=str(pairs[1] / "ca.crt"))
    path = tmp_path / "c.json"

    def put_in_place(turn):
        for name in ("server.crt", "server.key"):
            (tmp_path / name).write_bytes((pairs[turn % 2] / name).read_bytes())
        path.write_text(json.dumps(manifest(f"Turn{turn}")))

    put_in_place(0)
    s = start(config=[REFERENCE, path], tls_cert=tmp_path / "server.crt",
              tls_key=tmp_path / "server.key")
    headers = s.caller().headers()
    body = envelope(ROW, jobType="Encrypt")
    done = threading.Event()

    def many(keep_alive):
        codes = []
        with contextlib.ExitStack() as kept:
            def fresh():
                return httpx.Client(verify=both, trust_env=False, timeout=30)
            client = kept.enter_context(fresh()) if keep_alive else None
            while not done.is_set():
                with contextlib.nullcontext(client) if client else fresh() as c:
                    answer = c.post(f"https://localhost:{s.ports['listen']}{DATASET}",
                                    headers=headers, json=body)
                    codes.append(answer.status_code)
        return codes

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(many, keep_alive) for keep_alive in (True, True, False, False)]
        try:
            for turn in range(1, 9):
                before = serial(s)
                put_in_place(turn)
                assert s.run("key", "rotate").returncode == 0
                hang_up(s, " configuration reloaded")
                wait_until(lambda old=before: serial(s) != old, 20, "the new certificate")
        finally:
            done.set()
        for call in calls:
            codes = call.result()
            assert set(codes) == {200} and len(codes) >= 8
    assert s.caller().send({}, manifestName="Turn8").status_code == 200
    assert [k["id"] for k in s.admin().get("/admin/v1/keys").json()["keys"] if k["newest"]] == [9]


def test_sighup_takes_keys_that_were_rotated_from_the_command_line(start):
    s = start()
    assert s.run("key", "rotate").returncode == 0
    hang_up(s, " configuration reloaded")
    keys = s.admin().get("/admin/v1/keys").json()["keys"]
    assert [k["id"] for k in keys if k["newest"]] == [2]
    assert json.loads(s.run("key", "list").stdout) == {"keys": keys}
