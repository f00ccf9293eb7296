"""The cluster's setup job (deploy/tools/cluster-setup.sh) against an API server that knows its four objects."""

import base64
import http.server
import json
import os
import ssl
import subprocess
import threading

import pytest
from service import ROOT

OBJECTS = ("secrets/interceptor-key", "secrets/interceptor-authority", "secrets/interceptor-tls",
           "configmaps/interceptor-ca")


class Server(http.server.ThreadingHTTPServer):
    """objects: path -> data; broken: (method, path) that are answered with 403."""

    def __init__(self, certs):
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects = {name: {} for name in OBJECTS}
        self.broken = set()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certs / "server.crt", certs / "server.key")
        self.socket = context.wrap_socket(self.socket, server_side=True)


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        name = self.path.split("?")[0].removeprefix("/api/v1/namespaces/team/")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        known = name in self.server.objects and self.headers["Authorization"] == "Bearer token"
        if not known or (self.command, name) in self.server.broken:
            self.send_error(403)
            return
        data = self.server.objects[name]
        if self.command == "PATCH":
            data.update(json.loads(body)["data"])
        text = json.dumps({"kind": "x", "data": data, "metadata": {"name": name}}, indent=2).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_PATCH = answer

    def log_message(self, *_):
        pass


@pytest.fixture
def server(certs):
    with Server(certs) as s:
        threading.Thread(target=s.serve_forever, daemon=True).start()
        yield s
        s.shutdown()


@pytest.fixture
def run(server, certs, tmp_path):
    account = tmp_path / "account"
    account.mkdir()
    (account / "token").write_text("token")
    (account / "ca.crt").write_bytes((certs / "ca.crt").read_bytes())

    def make(code=0):
        work = tmp_path / f"work{len(list(tmp_path.iterdir()))}"
        work.mkdir()
        env = os.environ | {"PATH": f"{ROOT}/certs:{os.environ['PATH']}", "NAMESPACE": "team", "ACCOUNT": str(account),
                            "WORK": str(work), "KUBERNETES_SERVICE_HOST": "127.0.0.1", "no_proxy": "*",
                            "KUBERNETES_SERVICE_PORT": str(server.server_port)}
        done = subprocess.run(["sh", str(ROOT / "deploy/tools/cluster-setup.sh")], env=env, text=True,
                              capture_output=True, timeout=60)
        assert (done.returncode != 0) == (code != 0), done.stderr
        return done.stdout
    return make


def copy(server):
    return {name: dict(data) for name, data in server.objects.items()}


def certificate(server, *question):
    text = base64.b64decode(server.objects["secrets/interceptor-tls"]["tls.crt"])
    return subprocess.run(["openssl", "x509", "-noout", *question], input=text, capture_output=True).stdout.decode()


def test_the_first_run_fills_all_and_a_second_changes_nothing(server, run):
    assert "made the master key" in run()
    assert len(base64.b64decode(server.objects["secrets/interceptor-key"]["key"])) == 48
    names = certificate(server, "-ext", "subjectAltName")
    for name in ("DNS:api.exate.co", "DNS:localhost", "IP Address:127.0.0.1", "DNS:interceptor.team.svc.cluster.local"):
        assert name in names
    authority = base64.b64decode(server.objects["secrets/interceptor-authority"]["ca.crt"]).decode()
    assert server.objects["configmaps/interceptor-ca"]["ca.crt"] == authority
    before = copy(server)
    assert "made the master key" not in run()
    assert copy(server) == before


@pytest.mark.parametrize("days, name", [("many", "good.name"), ("", "a,b"), ("10", "999.1.1.1")])
def test_a_certificate_that_can_not_be_made_is_told_in_one_line(tmp_path, days, name):
    done = subprocess.run([str(ROOT / "certs/make-certs.sh"), str(tmp_path), name], env=os.environ | {"DAYS": days},
                          text=True, capture_output=True)
    assert done.returncode == 1 and done.stderr.count("\n") == 1, done
    assert done.stderr.startswith("make-certs.sh: ") and name in done.stderr and days in done.stderr
    assert not (tmp_path / "server.crt").exists()


def pair(folder):
    return [(folder / name).read_bytes() for name in ("server.key", "server.crt")]


def test_a_renewal_that_fails_leaves_the_pair_and_a_torn_one_is_made_anew(tmp_path):
    script = [str(ROOT / "certs/make-certs.sh"), str(tmp_path)]
    subprocess.run(script, env=os.environ | {"DAYS": "10"}, check=True)
    before = pair(tmp_path)
    assert subprocess.run(script, env=os.environ | {"DAYS": "x"}, capture_output=True).returncode == 1
    assert pair(tmp_path) == before
    subprocess.run(script, check=True)
    fresh = pair(tmp_path)
    assert fresh[0] != before[0] and fresh[1] != before[1]
    subprocess.run(script, check=True)
    assert pair(tmp_path) == fresh
    (tmp_path / "server.key").write_bytes(before[0])
    subprocess.run(script, check=True)
    assert pair(tmp_path) != [before[0], fresh[1]] and pair(tmp_path) != fresh


def test_what_is_due_is_renewed_under_the_same_authority_and_key(server, run, monkeypatch):
    monkeypatch.setenv("DAYS", "10")
    run()
    before = copy(server)
    monkeypatch.delenv("DAYS")
    run()
    after = copy(server)
    assert after["secrets/interceptor-tls"]["tls.crt"] != before["secrets/interceptor-tls"]["tls.crt"]
    for name in set(OBJECTS) - {"secrets/interceptor-tls"}:
        assert after[name] == before[name]


@pytest.mark.parametrize("ran_before", [True, False])
def test_a_certificate_of_somebody_else_stays(server, run, tmp_path, ran_before):
    if ran_before:
        run()
    subprocess.run("openssl req -x509 -newkey rsa:2048 -nodes -keyout own.key -out own.crt -subj /CN=own -days 2".split(),
                   cwd=tmp_path, check=True, capture_output=True)
    own = {f"tls.{end}": base64.b64encode((tmp_path / f"own.{end}").read_bytes()).decode() for end in ("crt", "key")}
    server.objects["secrets/interceptor-tls"].update(own)
    server.objects["configmaps/interceptor-ca"]["ca.crt"] = "theirs"
    before = copy(server)
    assert "somebody else" in run()
    before["secrets/interceptor-key"] = server.objects["secrets/interceptor-key"]
    assert copy(server) == before


@pytest.mark.parametrize("name", OBJECTS[:3])
def test_what_can_not_be_read_is_never_taken_for_empty(server, run, name):
    run()
    before = copy(server)
    server.broken.add(("GET", name))
    run(code=1)
    assert copy(server) == before
