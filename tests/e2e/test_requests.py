"""Whose data set it is: country codes and claims of requests of every kind."""
import json

import pytest
from stage import CODES, assert_problem
from fakes import EMPLOYEES, PROTECTED, SECRETS, in_chunks, reply


def sent(stage):
    body = stage.interceptor.datasets[-1].json()
    return body["countryCode"], body.get("dataOwningCountryCode")


GIVEN = {
    "plain": b'{"countryCode":"GB","dataOwningCountryCode":"IT"}',
    "blanks": b' \r\n\t{ "countryCode" : "GB" ,\n"dataOwningCountryCode":"IT" } \n',
    "escapes": rb'{"\u0063ountryCode":"\u0047B","dataOwningCountryCode":"\u0049\u0054"}',
    "last": b'{"a":{"countryCode":"XX"},"b":["countryCode","XX"],"countryCode":"GB","dataOwningCountryCode":"IT"}',
    "deep": b'{"a":' + b"[" * 50000 + b"]" * 50000 + b',"countryCode":"GB","dataOwningCountryCode":"IT"}',
    "numbers": b'{"n":[0,-0.5e+10,1E400,12345678901234567890,true,false,null],"countryCode":"GB","dataOwningCountryCode":"IT"}',
    "long": b'{"x":"' + b"y" * 2_000_000 + b'","countryCode":"GB","dataOwningCountryCode":"IT"}',
    "in_text": rb'{"x":"\",\"countryCode\":\"XX","countryCode":"GB","dataOwningCountryCode":"IT"}',
}
NOT_GIVEN = {
    "empty": b"", "array": b'[{"countryCode":"GB"}]', "string": b'"GB"', "number": b"5", "cut": b'{"countryCode":"GB"', "tail": b'{"countryCode":"GB"}}',
    "two": b'{"countryCode":"GB"}{"countryCode":"GB"}', "null": b'{"countryCode":null}', "count": b'{"countryCode":5}', "list": b'{"countryCode":["GB"]}',
    "object": b'{"countryCode":{"countryCode":"GB"}}', "true": b'{"countryCode":true}', "blank": b'{"countryCode":""}',
    "nested": b'{"a":{"countryCode":"GB"}}', "case": b'{"CountryCode":"GB"}', "twice": b'{"countryCode":"GB","countryCode":"US"}',
    "twice_other": b'{"countryCode":"GB","countryCode":5}', "comma": b'{"countryCode":"GB",}', "single": b"{'countryCode':'GB'}",
    "literal": b'{"a":tru,"countryCode":"GB"}', "zero": b'{"a":01,"countryCode":"GB"}', "form": b"countryCode=GB", "mismatch": b'{"a":[},"countryCode":"GB"}',
    "control": b'{"a":"\n","countryCode":"GB"}', "escape": rb'{"a":"\x","countryCode":"GB"}', "long": b'{"countryCode":"' + b"G" * 100 + b'"}',
    "xml": b"<countryCode>GB</countryCode>", "bytes": b"\xff\xfe\0", "bad_hex": rb'{"a":"\u12G4","countryCode":"GB"}',
}


@pytest.mark.parametrize("name", GIVEN)
@pytest.mark.parametrize("kind", ["application/json", "text/plain", None])
def test_codes_of_the_body(stage, name, kind):
    answer = stage.ask(content=GIVEN[name], headers={"content-type": kind} if kind else {})
    assert answer.json() == PROTECTED
    assert sent(stage) == ("GB", "IT")
    assert stage.backend.requests[-1].body == GIVEN[name]


@pytest.mark.parametrize("name", NOT_GIVEN)
def test_no_code_in_the_body(stage, name):
    assert_problem(stage.ask(content=NOT_GIVEN[name]), 400, "no_country")
    assert stage.backend.requests[-1].body == NOT_GIVEN[name]
    answer = stage.ask(content=NOT_GIVEN[name], headers={"X-Country-Code": "FR"})
    assert answer.json() == PROTECTED
    assert sent(stage) == ("FR", None)


def test_codes_of_headers(stage):
    for method in ("GET", "DELETE", "PUT"):
        answer = stage.ask(method=method, headers={"X-Country-Code": "GB", "x-data-owning-country-code": "IT"})
        assert answer.json() == PROTECTED
        assert sent(stage) == ("GB", "IT")


def test_body_goes_before_headers(stage):
    stage.ask(headers={"X-Country-Code": "FR", "X-Data-Owning-Country-Code": "DE"})
    assert sent(stage) == ("GB", "IT")
    stage.ask(codes={"countryCode": "GB"}, headers={"X-Data-Owning-Country-Code": "DE"})
    assert sent(stage) == ("GB", "DE")
    stage.ask(codes={"dataOwningCountryCode": "IT"}, headers={"X-Country-Code": "FR"})
    assert sent(stage) == ("FR", "IT")


def test_configuration_comes_last(launch):
    stage = launch(settings={"countryCode": "CH", "dataOwningCountryCode": "AT"})
    stage.ask(method="GET")
    assert sent(stage) == ("CH", "AT")
    stage.ask(method="GET", headers={"X-Country-Code": "FR"})
    assert sent(stage) == ("FR", "AT")
    stage.ask()
    assert sent(stage) == ("GB", "IT")


def test_chunked_request_with_trailers(stage):
    import socket
    with socket.create_connection(("127.0.0.1", stage.envoy.port)) as raw:
        raw.settimeout(10)
        raw.sendall(b"POST /employees HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n")
        for piece in (b'{"countr', b'yCode":"\\u00', b'47B"', b"}"):
            raw.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
        raw.sendall(b"0\r\nx-check: 1\r\n\r\n")
        data = b""
        while piece := raw.recv(65536):
            data += piece
    assert b" 200 OK" in data and b"*********" in data and b"Robert" not in data
    assert sent(stage) == ("GB", None)
    assert stage.backend.requests[-1].trailers == {"x-check": "1"}


def test_unusual_code_is_sent_as_it_is(stage):
    stage.ask(codes={"countryCode": 'G"\\\n/'})
    assert sent(stage)[0] == 'G"\\\n/'


def test_required_country_refuses_before_the_backend_is_asked(launch):
    stage = launch(settings={"requireCountry": True})
    for more in ({"method": "GET"}, {"content": b"{}"}, {"content": b"[1]"}, {"content": b'{"countryCode":5}'}, {"content": b"x" * 100000}):
        assert_problem(stage.ask(**more), 400, "no_country")
    assert stage.backend.requests == []
    for more in ({}, {"method": "GET", "headers": {"X-Country-Code": "GB"}}, {"content": b'{"countryCode":"GB"}'},
                 {"content": b'{"x":"' + b"y" * 500_000 + b'","countryCode":"GB"}'}):
        assert stage.ask(**more).json() == PROTECTED
        assert sent(stage)[0] == "GB"


@pytest.mark.parametrize("hold", ["filter", "none"])
def test_required_country_without_the_knob(launch, hold):
    stage = launch(hold=hold, settings={"requireCountry": True})
    assert_problem(stage.ask(method="GET"), 400, "no_country")
    assert stage.backend.requests == []
    assert_problem(stage.ask(content=b"{}"), 400, "no_country")
    assert not [r for r in stage.backend.requests if r.body]
    assert stage.ask().json() == PROTECTED


@pytest.mark.parametrize("hold", ["none", "filter", "stop"])
@pytest.mark.parametrize("ending, known", [(b"GB\"}", True), (b"GB\"", False)])
def test_request_that_ends_within_its_answer(launch, hold, ending, known):
    stage = launch(hold=hold, settings={"requireCountry": True})
    stage.backend.early = True
    body = json.dumps(EMPLOYEES).encode()
    stage.backend.on("/early", in_chunks([body], trailers=b"x-sum: 1\r\n", seconds=1))
    answer = stage.ask_raw(b"POST /early HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                           b"10\r\n{\"countryCode\":\"\r\n", 1.5, b"%x\r\n%s\r\n0\r\n\r\n" % (len(ending), ending))
    assert not any(secret in answer for secret in SECRETS)
    assert (b"*********" in answer) == known
    if hold != "none":
        assert (b" 200 OK" in answer) == known and (b"urn:interception:no_country" in answer) != known


def test_claims_come_from_headers(launch):
    rule = {"claims": [{"attributeName": "Role", "attributeValue": "Admin"}]}
    stage = launch(settings={"claimHeaders": {"X-ADGroup": "ADGroup", "x-region": "Region"}, "matchingRule": rule, "dataUsageId": 210})
    stage.ask(headers={"x-adgroup": 'H"R', "X-Region": "EMEA"})
    body = stage.interceptor.datasets[-1].json()
    assert body["dataUsageId"] == 210
    assert body["matchingRule"] == {"claims": rule["claims"] + [
        {"attributeName": "ADGroup", "attributeValue": 'H"R'}, {"attributeName": "Region", "attributeValue": "EMEA"}]}
    stage.ask()
    assert stage.interceptor.datasets[-1].json()["matchingRule"] == rule


def test_headers_that_are_no_text_count_as_none(launch):
    stage = launch(settings={"claimHeaders": {"x-adgroup": "ADGroup", "x-region": "Region"}})
    latin = "Köln".encode("latin-1")
    assert stage.ask(headers={"x-adgroup": latin, "x-region": "Köln".encode()}).json() == PROTECTED
    assert stage.interceptor.datasets[-1].json()["matchingRule"] == {
        "claims": [{"attributeName": "Region", "attributeValue": "Köln"}]}
    assert_problem(stage.ask(method="GET", headers={"X-Country-Code": latin}), 400, "no_country")
    assert stage.ask(headers={"X-Country-Code": latin, "X-Data-Owning-Country-Code": latin}).json() == PROTECTED


def test_claims_without_a_rule(launch):
    stage = launch(settings={"claimHeaders": {"x-adgroup": "ADGroup"}})
    stage.ask(headers={"x-adgroup": "HR"})
    assert stage.interceptor.datasets[-1].json()["matchingRule"] == {
        "claims": [{"attributeName": "ADGroup", "attributeValue": "HR"}]}
    stage.ask()
    assert "matchingRule" not in stage.interceptor.datasets[-1].json()


def test_routes_override_and_let_through(launch):
    stage = launch(settings={"routes": [
        {"pathPrefix": "/customers", "manifestName": "Customer", "jobType": "datamasking", "countryCode": "DE", "preserveStringLength": True},
        {"pathPrefix": "/public", "intercept": False},
        {"pathPrefix": "/", "manifestName": "Other"}]})
    for path, manifest, job in (("/customers?x=1", "Customer", "DataMasking"), ("/customersX", "Customer", "DataMasking"),
                                ("//customers/1", "Customer", "DataMasking"), ("/%63ustomers", "Customer", "DataMasking"), ("/x", "Other", "Restrict")):
        stage.ask(path)
        body = stage.interceptor.datasets[-1].json()
        assert (body["manifestName"], body["jobType"]) == (manifest, job)
        assert body["preserveStringLength"] is (manifest == "Customer")
    calls = len(stage.interceptor.datasets)
    stage.backend.on("/public/list", reply(body=json.dumps(EMPLOYEES), headers=[("ETag", "1")]))
    answer = stage.ask("/public/list", codes={})
    assert answer.json() == EMPLOYEES and answer.headers["etag"] == "1"
    assert len(stage.interceptor.datasets) == calls


def test_prefix_is_compared_as_paths_are(launch):
    stage = launch(settings={"routes": [{"pathPrefix": "//caf%C3%A9//x", "manifestName": "Menu"}]})
    for path in ("/caf%c3%a9/x", "/caf%C3%A9//x?y=1", "/c%61f%C3%A9/x/1"):
        stage.ask(path)
        assert stage.interceptor.datasets[-1].json()["manifestName"] == "Menu"
    stage.ask("/caf/x")
    assert stage.interceptor.datasets[-1].json()["manifestName"] == "Employee"


@pytest.mark.parametrize("path", ["/public/%2e%2e/employees", "/public/..;x/employees", "/public%2f..%2femployees",
                                  "/public/%5c..%5cemployees", "/public/%", "/public/%252e%252e/employees", "/public/%00"])
def test_path_that_may_slip_past_a_route_is_refused(launch, path):
    stage = launch(settings={"routes": [{"pathPrefix": "/public", "intercept": False}]})
    assert stage.ask(path).status_code == 400
    assert stage.backend.requests == []


def test_country_codes_stay_with_their_request(launch):
    import concurrent.futures
    from fakes import by_request
    stage = launch(workers=2)
    stage.backend.on("/echo", by_request(lambda r: reply(body=r.body)))
    codes = [{"countryCode": f"C{i}", "dataOwningCountryCode": f"O{i}", "id": i} for i in range(200)]
    with concurrent.futures.ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(lambda c: stage.ask("/echo", codes=c), codes))
    assert [a.status_code for a in answers] == [200] * 200
    assert [a.json() for a in answers] == codes
    for call in stage.interceptor.datasets:
        body = call.json()
        mine = json.loads(body["dataSet"])
        assert (body["countryCode"], body["dataOwningCountryCode"]) == (mine["countryCode"], mine["dataOwningCountryCode"])
    assert len(stage.interceptor.datasets) == 200
    assert len(stage.interceptor.tokens) == 1
