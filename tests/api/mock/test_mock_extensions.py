"""What goes beyond WireMock: times, ttlSeconds, weights, templated status, key-value stores, metrics."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from employees_mock import until

TEMPLATE = {"transformers": ["response-template"]}


def test_times_then_no_more(mock):
    mock.stub({"url": "/t"}, {"body": "older"})
    mock.stub({"url": "/t"}, {"body": "twice"}, times=2)
    assert [mock.http.get("/t").text for _ in range(4)] == ["twice", "twice", "older", "older"]
    assert mock.http.get("/__admin/mappings").json()["meta"]["total"] == 1


def test_times_holds_under_concurrency(mock):
    mock.stub({"url": "/t"}, {"body": "x"}, times=20)
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: httpx.get(mock.url + "/t", trust_env=False).status_code, range(60)))
    assert codes.count(200) == 20


def test_ttl_ends_a_stub(mock):
    mock.stub({"url": "/ttl"}, {"body": "x"}, ttlSeconds=1)
    assert mock.http.get("/ttl").status_code == 200
    until(lambda: mock.http.get("/ttl").status_code == 404)
    assert mock.http.get("/__admin/mappings").json()["meta"]["total"] == 0


@pytest.mark.parametrize("member, value", [("times", 0), ("times", "x"), ("ttlSeconds", -1)])
def test_bad_limits_are_refused(mock, member, value):
    answer = mock.http.post("/__admin/mappings", json={member: value})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["source"]["pointer"] == f"/{member}"


def test_weighted_answers_come_in_proportion(mock):
    answer = mock.http.post("/__admin/mappings", json={
        "request": {"url": "/w"},
        "responses": [{"weight": 9, "body": "often"}, {"weight": 1, "status": 503}, {"weight": 0, "status": 500}]})
    assert answer.status_code == 201
    codes = [mock.http.get("/w").status_code for _ in range(400)]
    assert 300 < codes.count(200) < 399 and codes.count(500) == 0


def test_weights_must_add_up_to_something(mock):
    answer = mock.http.post("/__admin/mappings", json={"responses": [{"weight": 0}]})
    assert answer.status_code == 422
    answer = mock.http.post("/__admin/mappings", json={"response": {"weight": 1}})
    assert answer.json()["errors"][0]["source"]["pointer"] == "/response/weight"


def test_templated_status(mock):
    mock.stub({"urlPath": "/s"}, {"status": "{{request.query.code}}", "body": "b", **TEMPLATE})
    assert [mock.http.get(f"/s?code={code}").status_code for code in (201, 404, 503)] == [201, 404, 503]
    assert mock.http.get("/s?code=nonsense").status_code == 500


def test_templates_that_do_not_parse_are_refused(mock):
    answer = mock.http.post("/__admin/mappings", json={"response": {"body": "{{#if a}}", **TEMPLATE}})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["source"]["pointer"] == "/response/body"


def test_lives_of_values_in_templates_are_checked(mock):
    mock.stub({"url": "/kv"}, {"body": "{{#kvPut 'x' ttlSeconds=(jsonPath request.body '$')}}v{{/kvPut}}{{kvGet 'x'}}", **TEMPLATE})
    for ttl in ("0", "-1", "0.0001", "1e300", "2147483648", '"x"'):
        assert "ttlSeconds must be a number above 0" in mock.http.post("/kv", content=ttl).text, ttl
    for ttl in ("1.5", "2147483647"):
        assert mock.http.post("/kv", content=ttl).text == "v"


def test_key_value_store_over_the_admin_api(mock):
    assert mock.http.put("/__admin/kv/stock/apples", json={"n": 3}).status_code == 200
    assert mock.http.get("/__admin/kv/stock/apples").json() == {"n": 3}
    assert mock.http.get("/__admin/kv/stock").json() == {"apples": {"n": 3}}
    assert mock.http.get("/__admin/kv").json() == {"stores": ["stock"]}
    assert mock.http.delete("/__admin/kv/stock/apples").status_code == 200
    assert mock.http.get("/__admin/kv/stock/apples").status_code == 404
    for ttl in ("", "x", "1x", "-1", "1.5", "2147483648", "9223372036854775807", "99999999999999999999"):
        refused = mock.http.put("/__admin/kv/stock/apples", params={"ttlSeconds": ttl}, json=1)
        assert refused.status_code == 422, ttl
    assert mock.http.put("/__admin/kv/stock/apples?ttlSeconds=2147483647", json=1).status_code == 200


def test_metrics_count_requests(mock):
    mock.stub({"url": "/m"}, {})
    mock.http.get("/m")
    text = mock.http.get("/__admin/metrics").text
    assert "employees_mock_stubs 1" in text
    assert 'employees_mock_requests_total{class="2"}' in text


def test_files_that_change_are_read_again(start_mock, tmp_path):
    mappings = tmp_path / "root" / "mappings"
    mappings.mkdir(parents=True)
    one = mappings / "one.json"
    one.write_text(json.dumps({"request": {"url": "/one"}, "response": {"body": "first"}}))
    server = start_mock()
    one.write_text(json.dumps({"request": {"url": "/one"}, "response": {"body": "second"}}))
    until(lambda: server.http.get("/one").text == "second")
    (mappings / "sub").mkdir()
    (mappings / "sub" / "two.yml").write_text("request: {url: /two}\nresponse: {body: two}\n")
    until(lambda: server.http.get("/two").text == "two")
    one.unlink()
    until(lambda: server.http.get("/one").status_code == 404)
    assert server.http.get("/two").text == "two"


def test_a_broken_change_keeps_the_old_stubs(start_mock, tmp_path):
    mappings = tmp_path / "root" / "mappings"
    mappings.mkdir(parents=True)
    one = mappings / "one.json"
    one.write_text(json.dumps({"request": {"url": "/one"}, "response": {"body": "first"}}))
    server = start_mock()
    one.write_text('{"request": {"bogus": 1}}')
    until(lambda: "bogus" in server.log())
    assert server.http.get("/one").text == "first"


def test_files_beside_the_mappings_are_no_change_of_them(start_mock, tmp_path):
    (tmp_path / "root" / "mappings").mkdir(parents=True)
    server = start_mock()
    (tmp_path / "root" / "mapping").write_text("a file")
    time.sleep(0.2)  # longer than it is waited for more changes
    (tmp_path / "root" / "mappings" / "one.json").write_text(json.dumps({"request": {"url": "/one"}}))
    until(lambda: server.http.get("/one").status_code == 200)
    assert "stubs=0" not in server.log()


def test_two_files_with_one_id_keep_the_old_stubs(start_mock, tmp_path):
    mappings = tmp_path / "root" / "mappings"
    mappings.mkdir(parents=True)
    stub = {"id": "11111111-1111-1111-1111-111111111111", "request": {"url": "/one"}}
    (mappings / "one.json").write_text(json.dumps({**stub, "response": {"body": "first"}}))
    server = start_mock()
    (mappings / "two.json").write_text(json.dumps({**stub, "response": {"body": "second"}}))
    until(lambda: "two.json:1" in server.log())
    assert server.http.get("/one").text == "first"
    answer = server.http.post("/__admin/mappings/reset")
    assert answer.status_code == 422 and "two.json:1: /id: " in answer.json()["errors"][0]["detail"]
    (mappings / "one.json").unlink()
    until(lambda: server.http.get("/one").text == "second")
    assert server.http.post("/__admin/mappings/reset").status_code == 200
    (mappings / "two.json").write_text('{"bogus": 1}')
    assert "two.json:1:\n/bogus: " in server.http.post("/__admin/reset").text


def test_stubs_of_the_admin_api_survive_a_reload(start_mock, tmp_path):
    mappings = tmp_path / "root" / "mappings"
    mappings.mkdir(parents=True)
    server = start_mock()
    server.stub({"url": "/api"}, {"body": "api"})
    (mappings / "one.json").write_text(json.dumps({"request": {"url": "/one"}}))
    until(lambda: server.http.get("/one").status_code == 200)
    assert server.http.get("/api").text == "api"


def test_a_reload_leaves_stubs_alone_whose_file_says_what_it_said(start_mock, tmp_path):
    mappings = tmp_path / "root" / "mappings"
    mappings.mkdir(parents=True)
    ids = [f"{n}1111111-1111-1111-1111-111111111111" for n in (1, 2)]
    for stub in ids:
        (mappings / f"{stub}.json").write_text(json.dumps(
            {"id": stub, "request": {"url": "/" + stub[0]}, "response": {"body": "file"}}))
    server = start_mock()
    saved = server.stub({"url": "/saved"}, {"body": "saved"}, persistent=True)
    for stub, url in ((ids[0], "/1"), (saved, "/saved")):
        server.http.put(f"/__admin/mappings/{stub}", json={"request": {"url": url}, "response": {"body": "edited"}})
    server.http.delete(f"/__admin/mappings/{ids[1]}")
    (mappings / "new.json").write_text(json.dumps({"request": {"url": "/new"}}))
    until(lambda: server.http.get("/new").status_code == 200)
    assert [server.http.get(url).text for url in ("/1", "/saved")] == ["edited", "edited"]
    assert server.http.get("/2").status_code == 404
    (mappings / f"{ids[0]}.json").write_text(json.dumps({"id": ids[0], "request": {"url": "/1"}, "response": {"body": "news"}}))
    until(lambda: server.http.get("/1").text == "news")
    server.http.post("/__admin/mappings/reset")
    assert [server.http.get(url).text for url in ("/1", "/2", "/saved")] == ["news", "file", "saved"]


@pytest.mark.parametrize("path, body", [
    ("", {"persistent": True, "request": {"url": "/p"}}),
    ("/import", {"mappings": [{"persistent": True, "request": {"url": "/p"}}]})])
def test_a_stub_that_can_not_be_saved_is_an_error(start_mock, path, body):
    """A client that was told 201 would miss it after a restart."""
    server = start_mock()
    (server.folder / "mappings").write_text("no folder")
    answer = server.http.post(f"/__admin/mappings{path}", json=body)
    assert answer.status_code == 500, answer.text
    assert "mappings" in answer.text
    until(lambda: "can't be read: Not a directory" in server.log())
    assert server.http.get("/p").status_code == 200


def test_persistent_stubs_are_saved_and_deleted(start_mock):
    server = start_mock()
    stub = server.stub({"url": "/p"}, {"body": "kept"}, name="Kept One", persistent=True)
    file = server.folder / "mappings" / f"kept-one-{stub}.json"
    assert file.exists()
    server.stop()
    again = start_mock()
    assert again.http.get("/p").text == "kept"
    again.http.delete(f"/__admin/mappings/{stub}")
    assert not file.exists()


def test_save_writes_all_stubs(start_mock):
    server = start_mock()
    server.stub({"url": "/a"}, {"body": "a"})
    assert server.http.post("/__admin/mappings/save").status_code == 200
    server.stop()
    assert start_mock().http.get("/a").text == "a"


def bodies(server, *paths):
    return [server.http.get(path).text for path in paths]


def test_saved_stubs_are_tried_in_the_same_order_after_a_start(start_mock):
    server = start_mock()
    for name in ("z", "a", "m"):
        server.stub({"url": "/same"}, {"body": name}, name=name, persistent=name != "m")
    server.http.post("/__admin/mappings/save")
    files = [json.loads(path.read_text()) for path in sorted((server.folder / "mappings").iterdir())]
    assert [(one["name"], one["insertionIndex"]) for one in files] == [("a", 1), ("m", 2), ("z", 0)]
    assert "insertionIndex" not in server.http.get("/__admin/mappings").text
    server.stop()
    server = start_mock()
    assert bodies(server, "/same") == ["m"]
    server.http.post("/__admin/mappings/reset")
    middle = next(one["id"] for one in files if one["name"] == "a")
    server.http.put(f"/__admin/mappings/{middle}", json={"name": "a", "persistent": True, "request": {"url": "/same"}})
    server.stub({"url": "/same"}, {"body": "new"}, persistent=True)
    server.stop()
    server = start_mock()
    assert [stub["response"].get("body") for stub in server.http.get("/__admin/mappings").json()["mappings"]] == [
        "new", "m", None, "z"]


def test_what_is_saved_later_is_tried_first_though_all_was_deleted(start_mock):
    server = start_mock()
    for name in ("one", "two"):
        server.stub({"url": "/same"}, {"body": name}, persistent=True)
    server.stop()
    server = start_mock()
    for path in (server.folder / "mappings").iterdir():
        path.write_text(path.read_text().replace('"persistent" : true', '"persistent" : false'))
    server.http.post("/__admin/mappings/reset")
    server.http.delete("/__admin/mappings")
    server.stub({"url": "/same"}, {"body": "three"}, persistent=True)
    server.stop()
    assert bodies(start_mock(), "/same") == ["three"]


def test_stubs_of_a_file_of_many_are_not_saved_over_it(start_mock, tmp_path):
    ids = [f"{n}1111111-1111-1111-1111-111111111111" for n in (1, 2)]
    many = tmp_path / "root" / "mappings" / "many.json"
    many.parent.mkdir(parents=True)
    many.write_text(json.dumps({"mappings": [{"id": one, "request": {"url": "/" + one[0]}} for one in ids]}))
    server = start_mock()
    server.stub({"url": "/api"}, {"body": "api"})
    assert server.http.post("/__admin/mappings/save").status_code == 200
    assert len(list(many.parent.iterdir())) == 2
    edited = {"request": {"url": "/1"}, "response": {"body": "edited"}, "persistent": True}
    assert server.http.put(f"/__admin/mappings/{ids[0]}", json=edited).status_code == 500
    refused = server.http.post("/__admin/mappings/import", json={"mappings": [{"id": ids[0], **edited}]})
    assert refused.status_code == 500 and "NotWritableException" in refused.text
    server.stub({"url": "/later"}, {"body": "later"})
    refused = server.http.post("/__admin/mappings/save")
    assert refused.status_code == 500 and "NotWritableException" in refused.text
    server.http.delete(f"/__admin/mappings/{ids[1]}")
    refused = server.http.post("/__admin/mappings", json={"id": ids[1], **edited})
    assert refused.status_code == 500 and "NotWritableException" in refused.text
    assert bodies(server, "/1", "/later") == ["edited", "later"]
    server.stop()
    assert bodies(start_mock(), "/1", "/2", "/api", "/later") == ["", "", "api", "later"]


def test_a_stub_takes_over_the_file_of_a_removed_one_with_its_id(start_mock, tmp_path):
    stub = {"id": "11111111-1111-1111-1111-111111111111", "request": {"url": "/one"}}
    one = tmp_path / "root" / "mappings" / "one.json"
    one.parent.mkdir(parents=True)
    one.write_text(json.dumps(stub))
    server = start_mock()
    server.http.delete(f"/__admin/mappings/{stub['id']}")
    answer = server.http.post("/__admin/mappings", json={**stub, "response": {"body": "again"}, "persistent": True})
    assert answer.status_code == 201 and list(one.parent.iterdir()) == [one]
    server.stop()
    assert bodies(start_mock(), "/one") == ["again"]


def test_stubs_that_a_template_names_alike_are_all_saved(start_mock):
    template = ("--filename-template", "{{{method}}}-{{{url}}}.json")
    server = start_mock(*template)
    ids = [server.stub({"url": "/x", "method": "GET"}, {"body": str(n)}, persistent=True) for n in range(2)]
    folder = server.folder / "mappings"
    assert {path.name for path in folder.iterdir()} == {"get-x.json", f"get-x-{ids[1]}.json"}
    server.http.put(f"/__admin/mappings/{ids[0]}", json={"persistent": True, "request": {"url": "/y"}})
    server.stop()
    server = start_mock(*template)
    assert len(list(folder.iterdir())) == 2
    assert (bodies(server, "/x"), server.http.get("/y").status_code) == (["1"], 200)
