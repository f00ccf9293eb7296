"""`make demo` itself: what it prints, and that it leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys

import pytest
from service import BUILD, ROOT, wait_until

PORTS = ("MOCK_PORT", "INTERCEPTOR_PORT", "INTERCEPTOR_ADMIN_PORT", "ENVOY_PORT", "ENVOY_ADMIN_PORT")
DEMO_S = 60


def free_ports():
    """All are bound at once, so that they differ."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in PORTS]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return dict(zip(PORTS, ports))


@pytest.fixture
def settings(tmp_path):
    ports = free_ports()
    return ports, {**os.environ, **{k: str(v) for k, v in ports.items()}, "BUILD": str(BUILD.resolve()),
                   "DEMO_DIR": str(tmp_path / "demo")}


def start(environment):
    return subprocess.Popen([sys.executable, ROOT / "tools" / "demo.py"], env=environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)


def is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_it_shows_a_protected_answer_and_fifty_calls(settings):
    ports, environment = settings
    out, err = start(environment).communicate(timeout=DEMO_S)
    assert "50 of 50 answers were protected" in out, err
    assert "p50" in out and "p99" in out
    assert '"lastName": "Brownforest"' in out and '"lastName": "*********"' in out
    assert "\033" not in out, "colours where there is no terminal"
    assert not [port for port in ports.values() if is_open(port)]


@pytest.mark.parametrize("change, said", [
    ({"MOCK_PORT": "abc"}, "MOCK_PORT must be a port"), ({"ENVOY_PORT": "65536"}, "ENVOY_PORT must be a port"),
    ({"ENVOY_ADMIN_PORT": "0"}, "ENVOY_ADMIN_PORT must be a port"), ({"MOCK_PORT": "7", "ENVOY_PORT": "7"}, "are the same"),
    ({"DEMO_DIR": "/etc"}, "/etc is not empty"), ({"DEMO_DIR": "/etc/passwd"}, "/etc/passwd can't be used"),
    ({"DEMO_DIR": "/proc/demo"}, "/proc/demo can't be used")])
def test_what_it_can_not_start_with_is_told_in_one_line(settings, change, said):
    demo = start(settings[1] | change)
    out, err = demo.communicate(timeout=DEMO_S)
    assert (demo.returncode, out, err.count("\n")) == (1, "", 1) and err.startswith("demo: ") and said in err, err


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_kept_running_it_ends_all_when_interrupted(settings, stop):
    ports, environment = settings
    demo = start({**environment, "KEEP": "1"})
    try:
        for line in demo.stdout:
            if "keeps running" in line:
                break
        assert all(is_open(port) for port in ports.values())
        demo.send_signal(stop)
        out, err = demo.communicate(timeout=DEMO_S)
        assert demo.returncode == 0, err
        assert not [port for port in ports.values() if is_open(port)]
    finally:
        demo.kill()
        demo.wait()


def test_nothing_is_left_when_it_is_killed(settings):
    ports, environment = settings
    demo = start({**environment, "KEEP": "1"})
    for line in demo.stdout:
        if "keeps running" in line:
            break
    demo.kill()
    demo.communicate(timeout=DEMO_S)
    wait_until(lambda: not any(is_open(port) for port in ports.values()), DEMO_S, "the end of all processes")


@pytest.mark.parametrize("taken", PORTS)
def test_a_port_in_use_is_named_with_its_variable(settings, taken):
    ports, environment = settings
    with socket.create_server(("127.0.0.1", ports[taken])):
        demo = start(environment)
        out, err = demo.communicate(timeout=DEMO_S)
    assert demo.returncode == 1
    assert str(ports[taken]) in err and f"{taken}=" in err
    assert "Traceback" not in err
