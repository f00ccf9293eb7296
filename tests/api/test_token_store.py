"""Several services on one token store in PostgreSQL: they share their pseudonyms, lose none, and
fail closed while it is away."""

import os
import random
import selectors
import signal
import socket
import socketserver
import subprocess
import threading
import time

import httpx
import pytest
from postgres import PASSWORD, Postgres, free_port
from service import ROOT, Service, employees, wait_until
from test_crash import HR, assert_all_come_back, kill_at_random

KEY = bytes(range(48))


@pytest.fixture(scope="module")
def postgres():
    server = Postgres()
    try:
        yield server.start()
    finally:
        server.close()


@pytest.fixture
def database(postgres):
    return postgres.new_database()


@pytest.fixture
def share(start, tmp_path, postgres, database):
    """share("a") starts a service with a database of its own, the common key and the shared store."""
    key = tmp_path / "key"
    key.write_bytes(KEY)

    def make(name, **options):
        return start(name, **{"key_file": key, "token_store": postgres.url(database)} | options)

    return make


def names(count, prefix="Name"):
    return [f"{prefix}{n:05}" for n in range(count)]


def send(caller, values):
    return caller.send(employees(*[{"firstName": value} for value in values]), jobType="Pseudonymise",
                       preserveStringLength=True)


def rows_of(answer):
    return [row["firstName"] for row in answer["employees"]["employee"]]


def pseudonyms(caller, values):
    return rows_of(caller.protect(employees(*[{"firstName": value} for value in values]),
                                  jobType="Pseudonymise", preserveStringLength=True))


def originals(caller, values):
    return rows_of(caller.protect(employees(*[{"firstName": value} for value in values]), jobType="Reconstruct",
                                  **HR))


def readiness(service):
    return service.admin(token=False).get("/readyz")


def is_ready(service):
    return readiness(service).status_code == 200


def in_threads(*works):
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()


# ---- shared ----

def test_two_services_share_their_pseudonyms(share):
    a, b = share("a").caller(), share("b").caller()
    values = names(20) + ["Brownforest", "Zoë-Ann", "Ω"]
    made = pseudonyms(a, values)
    assert [len(p) for p in made] == [len(v) for v in values] and not set(made) & set(values)
    assert pseudonyms(b, values) == made
    other = pseudonyms(b, ["Somebody else"])
    assert originals(b, made) == values
    assert originals(a, other) == ["Somebody else"]
    assert originals(a, ["Nobody", "Brownforest"]) == ["Nobody", "Brownforest"]


def test_more_than_a_batch(share):
    a, b = share("a").caller(), share("b").caller()
    values = names(9000)
    made = pseudonyms(a, values)
    assert len(set(made)) == len(values)
    assert originals(b, made) == values


def test_both_asked_for_the_same_values_at_once(share, postgres, database):
    services = [share("a"), share("b")]
    values = names(300)
    found = []

    def ask(service, seed):
        caller, draw = service.caller(), random.Random(seed)
        for _ in range(6):
            order = draw.sample(values, len(values))
            found.append(dict(zip(order, pseudonyms(caller, order))))

    in_threads(*[lambda s=s, n=n: ask(s, n) for n, s in enumerate(services * 2)])
    assert len(found) == 24 and all(answer == found[0] for answer in found)
    assert postgres.sql("SELECT count(*) FROM interceptor_pseudonym", database) == "300"


def test_short_lengths_run_out_and_long_ones_follow(share):
    services = [share("a"), share("b")]
    values = [chr(0x4e00 + n) for n in range(100)]
    found = []

    def ask(service, seed):
        caller, draw = service.caller(), random.Random(seed)
        for _ in range(3):
            for part in range(0, 100, 20):
                order = draw.sample(values[:part + 20], part + 20)
                found.append(dict(zip(order, pseudonyms(caller, order))))

    in_threads(*[lambda s=s, n=n: ask(s, n) for n, s in enumerate(services * 2)])
    whole = {value: answer[value] for answer in found for value in answer}
    assert all(answer.items() <= whole.items() for answer in found)
    assert sorted(map(len, whole.values())) == [1] * 62 + [22] * 38
    assert len(set(whole.values())) == 100
    assert originals(services[0].caller(), list(whole.values())) == list(whole)


def test_two_characters_that_are_nearly_used_up(share):
    caller = share("a").caller()
    values = [chr(0x4e00 + n // 100) + chr(0x4e00 + n % 100) for n in range(3900)]
    made = pseudonyms(caller, values)
    assert sorted(map(len, made)) == [2] * 3844 + [22] * 56
    assert len(set(made)) == len(values)


def test_the_database_sees_no_clear_data(share, postgres, database):
    caller = share("a").caller()
    made = pseudonyms(caller, ["Hidden4Ever"])
    assert originals(caller, made + ["NeverMade"]) == ["Hidden4Ever", "NeverMade"]
    stored = postgres.sql("SELECT scope || lookup || pseudonym || digest || sealed FROM interceptor_pseudonym",
                          database)
    seen = stored + postgres.log()
    for text in ("Hidden4Ever", "NeverMade"):
        assert text not in seen and text.encode().hex() not in seen


def test_more_callers_than_connections(share, postgres, database):
    service = share("a", threads=20)
    peak = []

    def ask(seed):
        caller = service.caller()
        for n in range(10):
            pseudonyms(caller, names(20, f"T{seed}n{n}x"))

    def watch():
        for _ in range(10):
            peak.append(int(postgres.sql(f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}'")))

    in_threads(*[lambda n=n: ask(n) for n in range(20)], watch)
    assert 0 < max(peak) <= 8


# ---- what fails, and comes back ----

def test_no_pseudonym_is_lost_when_a_service_is_killed(share):
    kill_at_random(share("a"), kills=4)


class Load(threading.Thread):
    """Hands out pseudonyms until it is told to stop; every answer is 200, or 503 without data."""

    def __init__(self, service, seed):
        super().__init__()
        self.caller, self.seed, self.handed_out, self.refused, self.end = service.caller(), seed, {}, 0, False
        self.caller.headers()

    def run(self):
        n = 0
        while not self.end and n < 100000:
            values = names(5, f"L{self.seed}n{n}x")
            n += 1
            answer = send(self.caller, values)
            if answer.status_code == 503:
                assert answer.json()["error"] == "unavailable" and values[0] not in answer.text
                self.refused += 1
                time.sleep(0.01)
            else:
                assert answer.status_code == 200, answer.text
                made = rows_of(httpx.Response(200, text=answer.json()["dataSet"]).json())
                self.handed_out.update(zip(made, values))


def run_load(services, disturb):
    load = [Load(service, n) for n, service in enumerate(services * 2)]
    for thread in load:
        thread.start()
    try:
        time.sleep(0.3)
        disturb()
        for service in services:
            wait_until(lambda s=service: is_ready(s), 30, "readiness")
        before = [len(thread.handed_out) for thread in load]
        wait_until(lambda: all(len(t.handed_out) > n for t, n in zip(load, before)), 30, "pseudonyms")
    finally:
        for thread in load:
            thread.end = True
        for thread in load:
            thread.join(60)
    handed_out = {made: value for thread in load for made, value in thread.handed_out.items()}
    for service in services:
        assert_all_come_back(service.caller(), handed_out)
    return sum(thread.refused for thread in load)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_the_store_restarted_under_load(share, postgres, how):
    services = [share("a"), share("b")]

    def restart():
        postgres.stop(how)
        wait_until(lambda: not is_ready(services[0]), 20, "a service that is not ready")
        assert "token store" in readiness(services[1]).json()["message"]
        postgres.start()

    assert run_load(services, restart) > 0
    for service in services:
        assert "token store out of reach" in service.log() and "token store reached" in service.log()


def test_lost_connections_are_made_up_for(share, postgres, database):
    services = [share("a"), share("b")]

    def terminate():
        for _ in range(5):
            postgres.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")
            time.sleep(0.2)

    assert run_load(services, terminate) == 0


READY = b"Z\0\0\0\5I"  # what the server says when a session can begin


class Cutter(socketserver.ThreadingTCPServer):
    """Passes sessions on to the server, and ends the next `cuts` of them as soon as they can begin."""

    daemon_threads = True

    def __init__(self, port):
        super().__init__(("127.0.0.1", 0), None)
        self.port, self.cuts = port, 0

    def finish_request(self, request, client_address):
        cut, self.cuts = self.cuts > 0, max(0, self.cuts - 1)
        # select() takes no descriptor of 1024 or more
        with (socket.create_connection(("127.0.0.1", self.port)) as server, selectors.DefaultSelector() as ends):
            ends.register(request, selectors.EVENT_READ, server)
            ends.register(server, selectors.EVENT_READ, request)
            while True:
                for key, _ in ends.select():
                    data = key.fileobj.recv(65536)
                    if not data or (cut and key.fileobj is server and READY in data):
                        return
                    key.data.sendall(data)


def test_sessions_that_end_while_they_begin_are_made_up_for(share, postgres, database):
    with Cutter(postgres.port) as cutter:
        threading.Thread(target=cutter.serve_forever, daemon=True).start()
        url = postgres.url(database).replace(f":{postgres.port}/", f":{cutter.server_address[1]}/")
        service = share("a", token_store=url)
        pseudonyms(service.caller(), names(2))
        cutter.cuts = 2
        postgres.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")
        assert send(service.caller(), names(2, "More")).status_code == 200
        assert cutter.cuts == 0 and "out of reach" not in service.log()
        service.stop()
        cutter.shutdown()


def test_a_store_that_hangs_holds_nobody_for_long(share, postgres):
    service = share("a")
    caller = service.caller()
    pseudonyms(caller, ["Before"])
    postgres.send_signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert send(caller, ["Meanwhile"]).status_code == 503
        assert time.monotonic() - began < 9
        began = time.monotonic()
        assert send(caller, ["Meanwhile"]).status_code == 503
        assert time.monotonic() - began < 4
        assert readiness(service).status_code == 503
        assert caller.send(employees({"firstName": "Masked"})).status_code == 200
    finally:
        postgres.send_signal(signal.SIGCONT)
    wait_until(lambda: is_ready(service), 30, "readiness")
    assert len(pseudonyms(caller, ["Afterwards"])[0]) == 10


def test_out_of_reach_at_the_start(start, tmp_path, certs):
    server = Postgres()
    try:
        service = start("a", token_store=server.url("postgres"))
        answer = readiness(service)
        assert answer.status_code == 503 and "token store" in answer.json()["message"]
        caller = service.caller()
        assert caller.send(employees({"firstName": "Masked"})).status_code == 200
        assert send(caller, ["Refused"]).status_code == 503
        server.start()
        wait_until(lambda: is_ready(service), 30, "readiness")
        assert originals(caller, pseudonyms(caller, ["Afterwards"])) == ["Afterwards"]
        assert PASSWORD not in service.log() and server.password() not in service.log()
    finally:
        server.close()


# ---- refusals ----

@pytest.fixture
def refuse(tmp_path, certs):
    """A service that has to end with this exit code and word, and to keep the password to itself."""
    def run(url, code, word, **options):
        result = Service(tmp_path / "refused", certs, token_store=url, **options).run()
        assert result.returncode == code and "--token-store" in result.stderr and word in result.stderr
        assert "s3cret" not in result.stderr

    return run


def test_another_key_file_is_refused(share, refuse, tmp_path, postgres, database):
    share("a")
    other = tmp_path / "other"
    other.write_bytes(KEY[::-1])
    refuse(postgres.url(database), 2, "another key file", key_file=other)


def test_a_newer_release_is_refused(share, refuse, tmp_path, postgres, database):
    share("a").stop()
    postgres.sql("INSERT INTO interceptor_schema_step VALUES (99, '9.9')", database)
    refuse(postgres.url(database), 1, "newer release", key_file=tmp_path / "key")


@pytest.mark.parametrize("url", [
    "mysql://u:s3cret@h/d", "host=h password=s3cret", "postgresql://u:s3cret@r@h/d", "postgresql://u:s3cret/r@h/d",
    "postgresql://u:s3cret%ZZ@h/d", "postgresql://u:s3cret@h/d?nonsense=s3cret"])
def test_a_wrong_url_is_refused_and_not_repeated(refuse, url):
    refuse(url, 2, "")


def test_the_password_is_shown_nowhere(start, tmp_path, postgres, database):
    secret = tmp_path / "url"
    secret.write_text(postgres.url(database, password="s3cretButWrong") + "\n")
    service = start("a", env={"INTERCEPTOR_TOKEN_STORE_FILE": str(secret)})
    assert readiness(service).status_code == 503
    assert send(service.caller(), ["Refused"]).status_code == 503
    assert "authentication failed" in service.log()
    shown = service.log() + service.run("--print-config").stdout
    assert "token-store=***" in shown and "s3cret" not in shown


def test_a_user_who_may_make_no_tables(share, postgres, database):
    share("a").stop()
    postgres.sql(f"""CREATE ROLE few LOGIN PASSWORD 'few'; GRANT CONNECT ON DATABASE {database} TO few;
        GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO few""", database)
    service = share("b", token_store=postgres.url(database, "few", "few"))
    assert is_ready(service)
    caller = service.caller()
    assert originals(caller, pseudonyms(caller, ["Brownforest", "x"])) == ["Brownforest", "x"]


# ---- TLS ----

@pytest.fixture(scope="module")
def tls_postgres(certs):
    server = Postgres(ssl="on", ssl_cert_file="server.crt", ssl_key_file="server.key")
    try:
        for name in ("server.crt", "server.key"):
            os.replace(server.write(name, (certs / name).read_text()), server.data / name)
        yield server.start()
    finally:
        server.close()


def test_tls_as_the_url_asks_for(start, certs, tls_postgres):
    url = tls_postgres.url(tls_postgres.new_database(), query=f"sslmode=verify-full&sslrootcert={certs}/ca.crt")
    service = start("a", token_store=url.replace("127.0.0.1", "localhost"))
    assert is_ready(service)
    encrypted = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND application_name = 'interceptor'"
    assert int(tls_postgres.sql(encrypted)) > 0


def test_an_authority_that_did_not_sign_it_is_not_believed(start, tmp_path, tls_postgres):
    subprocess.run([str(ROOT / "certs" / "make-certs.sh"), str(tmp_path / "other")], check=True, capture_output=True)
    query = f"sslmode=verify-ca&sslrootcert={tmp_path}/other/ca.crt"
    service = start("a", token_store=tls_postgres.url("postgres", query=query))
    assert readiness(service).status_code == 503
    assert "certificate verify failed" in service.log()


# ---- none ----

def test_without_a_store_lengths_are_not_kept(start):
    service = start("a", token_store="none")
    caller = service.caller()
    assert is_ready(service)
    answer = send(caller, ["Brownforest"])
    assert answer.status_code == 501 and answer.json()["error"] == "not_implemented"
    made = caller.protect(employees({"firstName": "Brownforest"}), jobType="Pseudonymise")
    assert originals(caller, rows_of(made)) == ["Brownforest"]


def test_a_port_where_nobody_listens(start):
    service = start("a", token_store=f"postgresql://u:p@127.0.0.1:{free_port()}/d")
    assert readiness(service).status_code == 503
    assert "refused" in service.log()


def test_pseudonyms_left_in_the_database_are_told_of(start, tmp_path):
    files = {"database": tmp_path / "db", "key_file": tmp_path / "key"}
    first = start("a", **files)
    made = pseudonyms(first.caller(), ["Brownforest"])
    first.stop()
    other = start("b", token_store="none", **files)
    assert "pseudonyms that are not reversed here" in other.log()
    assert originals(other.caller(), made) == made
    other.stop()
    again = start("c", **files)
    assert "not reversed here" not in again.log() and originals(again.caller(), made) == ["Brownforest"]
