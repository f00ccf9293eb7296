"""When the interceptor fails, the client gets an error in time and nothing else."""

import socket
import threading
import time

import httpx
import pytest

ASK = {"countryCode": "GB", "dataOwningCountryCode": "IT"}
PERSONAL = (b"Robert", b"Brownforest\"", b"18/12/1965", b"\"Rip\"", b"\"Van Winkle\"", b"18/01/1972")
WITHIN_S = 20  # far below what the faults would hold a caller that waits

# What the interceptor is told to do with data set calls, and how the client sees it.
FAULTS = {
    "401": ({"path": "dataset", "status": 401}, {502}),
    "500": ({"path": "dataset", "status": 500}, {502}),
    "broken JSON": ({"path": "dataset", "malformed": True}, {502}),
    "a reset": ({"path": "dataset", "reset": True}, {502, 503}),
    "slow": ({"path": "dataset", "delayMs": 60000}, {504}),
    "no token": ({"path": "token", "status": 500}, {502}),
}


def ask_timed(envoy):
    start = time.monotonic()
    answer = httpx.post(envoy.url + "/employees", json=ASK, timeout=30, trust_env=False)
    return answer, time.monotonic() - start


def assert_refused(answer, took, statuses):
    assert answer.status_code in statuses, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert took < WITHIN_S
    for word in PERSONAL:
        assert word not in answer.content


@pytest.mark.parametrize("name", FAULTS)
def test_a_failing_interceptor_gives_an_error_in_time_and_no_data(chain, name):
    fault, statuses = FAULTS[name]
    admin = chain.service.admin()
    fresh = chain.envoy()  # without a token
    set_fault = admin.put("/admin/v1/faults", json={"faults": [fault]})
    assert set_fault.status_code in (200, 204), set_fault.text
    try:
        assert_refused(*ask_timed(fresh), statuses)
    finally:
        assert admin.delete("/admin/v1/faults").status_code in (200, 204)
    answer, _ = ask_timed(fresh)
    assert answer.status_code == 200 and b"Robert\"" not in answer.content


def test_a_stopped_interceptor_gives_503_and_no_data(chain):
    with socket.socket() as closed:  # bound, and nobody listens
        closed.bind(("127.0.0.1", 0))
        envoy = chain.envoy(interceptor_port=closed.getsockname()[1])
        assert_refused(*ask_timed(envoy), {503})


def test_an_interceptor_that_never_answers_gives_504_and_no_data(chain):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        envoy = chain.envoy(interceptor_port=silent.getsockname()[1])
        kept = []
        threading.Thread(target=lambda: kept.append(silent.accept()), daemon=True).start()
        answer, took = ask_timed(envoy)
        assert_refused(answer, took, {503, 504})


def test_a_certificate_of_another_authority_gives_503_and_no_data(chain, tmp_path):
    import subprocess

    from service import ROOT
    subprocess.run([ROOT / "certs" / "make-certs.sh", tmp_path], check=True, capture_output=True)
    ours, chain.certs = chain.certs, tmp_path
    try:
        envoy = chain.envoy()
    finally:
        chain.certs = ours
    assert_refused(*ask_timed(envoy), {503})
