"""Everything at once: stubs come and go, are asked, proxied, recorded, saved and read again. Under
the thread sanitizer this is what shows races."""

import json
import random
import threading

import httpx
from employees_mock import EmployeesMock, until

ROUNDS = 60


class Storm:
    def __init__(self, near, far):
        self.near = near
        self.far = far
        self.errors = []

    def run(self, work, seed):
        rng = random.Random(seed)
        with httpx.Client(base_url=self.near.url, timeout=30, trust_env=False) as client:
            for _ in range(ROUNDS):
                try:
                    work(client, rng)
                except httpx.HTTPError as error:
                    self.errors.append(f"{work.__name__}: {error!r}")

    def change(self, client, rng):
        stub = client.post("/__admin/mappings", json={
            "request": {"urlPath": f"/s/{rng.randrange(20)}"}, "scenarioName": "s", "newScenarioState": "x", "times": 5,
            "response": {"body": "{{request.url}} {{now}}", "transformers": ["response-template"]}}).json()["id"]
        client.put(f"/__admin/mappings/{stub}", json={
            "request": {"urlPath": "/s/1"}, "response": {"fixedDelayMilliseconds": 3}, "persistent": rng.random() < 0.2})
        if rng.random() < 0.7:
            client.delete(f"/__admin/mappings/{stub}")

    def ask(self, client, rng):
        client.get(f"/s/{rng.randrange(20)}", headers={"Accept-Encoding": "gzip"})
        client.post(f"/far/{rng.randrange(3)}", content="abc")
        client.get("/hook")

    def look(self, client, rng):
        client.get(rng.choice(["/__admin/requests", "/__admin/mappings", "/__admin/scenarios", "/__admin/metrics",
                               "/__admin/settings", "/__admin/requests/unmatched/near-misses", "/__admin/kv",
                               "/__admin/mappings/unmatched", "/__admin/recordings/status"]))

    def store(self, client, rng):
        """Files, the key-value store and scenarios, through the API and as requests see them."""
        name = f"n{rng.randrange(3)}.txt"
        key = rng.randrange(3)
        what = rng.randrange(8)
        if what == 0:
            client.put(f"/__admin/files/{name}", content=str(rng.random()) * 1000)
        elif what == 1:
            client.delete(f"/__admin/files/{name}")
        elif what == 2:
            client.put(f"/__admin/kv/s/{key}", json={"n": rng.random()})
        elif what == 3:
            client.delete(f"/__admin/kv/s/{key}")
        elif what == 4:
            client.put("/__admin/scenarios/s/state", json={"state": rng.choice("xyz")})
        elif what == 5:
            client.post("/__admin/scenarios/reset")
        elif what == 6:
            client.post("/__admin/mappings/import", json={"mappings": [
                {"id": f"00000000-0000-0000-0000-00000000000{n}", "metadata": {"n": n}, "ttlSeconds": 1,
                 "request": {"urlPathTemplate": "/s/{n}", "pathParameters": {"n": {"matches": "[0-9]+"}}},
                 "responses": [{"weight": 1, "bodyFileName": name}, {"weight": 2, "jsonBody": {"n": n}}]} for n in range(4)]})
        else:
            client.post("/__admin/mappings/remove-by-metadata", json={"matchesJsonPath": "$.n"})
        client.get(f"/{name}", headers={"Accept-Encoding": "gzip"})
        client.get("/__admin/files")
        client.get("/kv")

    def record(self, client, rng):
        what = rng.randrange(4)
        if what == 0:
            client.post("/__admin/recordings/start", json={"targetBaseUrl": self.far.url, "persist": False})
        elif what == 1:
            client.post("/__admin/recordings/stop")
        elif what == 2:
            client.post("/__admin/requests/remove", json={"urlPattern": "/s/.*"})
            client.post("/__admin/requests/find", json={"urlPattern": "/.*", "method": "ANY"})
        else:
            client.post("/__admin/mappings/save" if rng.random() < 0.2 else "/__admin/requests/count", json={"method": "ANY"})
        client.get(f"/recorded/{rng.randrange(5)}")

    def stir(self, client, rng):
        what = rng.randrange(6)
        if what == 0:
            client.post("/__admin/reset")
            client.post("/__admin/mappings", json={
                "request": {"urlPattern": "/far/.*"}, "response": {"proxyBaseUrl": self.far.url}})
            client.post("/__admin/mappings", json={
                "request": {"url": "/hook"}, "response": {}, "serveEventListeners": [{"name": "webhook", "parameters": {
                    "method": "POST", "url": f"{self.near.url}/s/1", "body": "{{originalRequest.url}}"}}]})
            client.post("/__admin/mappings", json={"request": {"url": "/kv"}, "response": {
                "body": "{{kvPut 's' '1' (now)}}{{kvGet 's' '1'}}", "transformers": ["response-template"]}})
        elif what == 1:
            client.post("/__admin/recordings/snapshot", json={"persist": False})
        elif what == 2:
            client.post("/__admin/settings", json={"fixedDelay": rng.randrange(3)})
        elif what == 3:
            file = self.near.folder / "mappings" / f"f{rng.randrange(3)}.json"
            file.write_text(json.dumps({"request": {"url": "/file"}, "response": {"body": str(rng.random())}}))
        elif what == 4:
            file = self.near.folder / "mappings" / f"f{rng.randrange(3)}.json"
            file.unlink(missing_ok=True)
            file.with_suffix(".yaml").write_text("request:\n  url: /yaml\n" if rng.random() < 0.7 else "request: [")
        else:
            client.delete("/__admin/requests")


def test_everything_at_once(start_mock):
    far = start_mock(folder="far")
    far.stub({"urlPattern": "/.*"}, {"body": "far"})
    near = start_mock(folder="near")
    (near.folder / "mappings").mkdir(exist_ok=True)
    storm = Storm(near, far)
    work = [storm.stir, storm.change, storm.change, storm.ask, storm.ask, storm.look, storm.store, storm.record]
    threads = [threading.Thread(target=storm.run, args=(one, seed)) for seed, one in enumerate(work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert storm.errors == []
    assert near.http.get("/__admin/health").status_code == 200
    assert near.stop() == 0, near.log()[-5000:]


def test_stubs_that_change_are_served_whole(mock):
    """A client that asks while a stub is replaced gets the old or the new answer, never half."""
    stub = mock.stub({"url": "/swap"}, {"body": "a" * 1000})
    seen = set()

    def ask():
        with httpx.Client(base_url=mock.url, trust_env=False) as client:
            seen.update(client.get("/swap").text for _ in range(200))

    asker = threading.Thread(target=ask)
    asker.start()
    for number in range(100):
        letter = "ab"[number % 2]
        mock.http.put(f"/__admin/mappings/{stub}", json={"request": {"url": "/swap"}, "response": {"body": letter * 1000}})
    asker.join()
    assert seen <= {"a" * 1000, "b" * 1000}


def test_a_stub_of_a_file_that_changes_is_always_there(start_mock):
    mock = start_mock()
    folder = mock.folder / "mappings"
    folder.mkdir(exist_ok=True)

    def write(number):
        new = mock.folder / "new.json"
        new.write_text(json.dumps({"mappings": [
            {"request": {"url": f"/many/{n}"}, "response": {"body": f"{number}"}} for n in range(300)]}))
        new.rename(folder / "many.json")

    write(0)
    until(lambda: mock.http.get("/many/0").status_code == 200)
    for number in range(1, 4):
        write(number)
        seen = set()
        until(lambda: seen.add((answer := mock.http.get("/many/299")).status_code) or answer.text == str(number))
        assert seen == {200}


def test_a_file_of_many_stubs_is_read_again_soon(start_mock, tmp_path):
    stubs = [{"request": {"url": f"/many/{n}"}, "response": {"jsonBody": {"n": n}}} for n in range(3000)]
    folder = tmp_path / "root" / "mappings"
    folder.mkdir(parents=True)
    (folder / "many.json").write_text(json.dumps({"mappings": stubs}))
    mock = start_mock()
    before = {stub["id"] for stub in mock.http.get("/__admin/mappings").json()["mappings"]}
    stubs[0]["response"]["jsonBody"] = "new"
    (folder / "many.json").write_text(json.dumps({"mappings": stubs}))
    until(lambda: mock.http.get("/many/0").json() == "new")
    after = {stub["id"] for stub in mock.http.get("/__admin/mappings").json()["mappings"]}
    assert len(before & after) == 2999  # those that did not change are still themselves


def test_a_stub_that_is_deleted_is_sent_to_its_end(start_mock):
    """The bytes that go out are the stub's own; without a journal only the request holds it. Such a
    large block goes back to the system as soon as it is freed."""
    mock = start_mock("--no-request-journal")
    body = "0123456789abcdef" * (34 << 16)
    mock.stub({"url": "/slow"}, {"body": body, "chunkedDribbleDelay": {"numberOfChunks": 10, "totalDuration": 1000}})
    with mock.http.stream("GET", "/slow", headers={"Accept-Encoding": "identity"}) as answer:
        with httpx.Client(base_url=mock.url, trust_env=False) as other:
            assert other.delete("/__admin/mappings").status_code == 200
        assert answer.read() == body.encode()


def test_one_more_server_beside_it(tmp_path):
    servers = [EmployeesMock(tmp_path / str(number)).start() for number in range(3)]
    assert len({server.ports["http"] for server in servers}) == 3
    assert [server.stop() for server in servers] == [0, 0, 0]
