"""Section 3 of docs/contract.md: the envelope, its errors in their order, modes and the answer."""

import json

import pytest
from service import DATASET, claims, employees, envelope

ROW = {"id": "1", "firstName": "Robert", "lastName": "Brownforest", "DOB": "18/12/1965"}
DATA = employees(ROW)


def error(answer):
    return answer.status_code, answer.json()["error"], answer.json().get("field")


# ---- recorded answers ----

PHOTO = "https://pbs.twimg.com/profile_images/735509975649378305/B81JwLT7.jpg"


def recorded_input():
    rows = [{"id": "1", "firstName": "Robert", "lastName": "Brownforest",
             "fullName": "Robert Brownforest", "DOB": "18/12/1965", "email": "RB1@exate.com",
             "photo": PHOTO},
            {"id": "2", "firstName": "Rip", "lastName": "Van Winkle", "fullName": "Rip Van Winkle",
             "DOB": "18/01/1972", "email": "RVW1@exate.com", "photo": PHOTO}]
    return json.dumps(employees(*rows)).replace('"', "'")


RECORDED = (r'{"dataSet":"{\n  \"employees\": {\n    \"employee\": [\n      {\n        \"id\": \"1\",\n        \"firstName\": \"*********\",\n        \"lastName\": \"*********\",\n        \"fullName\": \"Robert Brownforest\",\n        \"DOB\": \"01/01/0001\",\n        \"email\": \"RB1@exate.com\",\n        \"photo\": \"P\"\n      },\n      {\n        \"id\": \"2\",\n        \"firstName\": \"*********\",\n        \"lastName\": \"*********\",\n        \"fullName\": \"Rip Van Winkle\",\n        \"DOB\": \"01/01/0001\",\n        \"email\": \"RVW1@exate.com\",\n        \"photo\": \"P\"\n      }\n    ]\n  }\n}"}')


def test_recorded_answer_1_byte_for_byte(caller):
    expected = RECORDED.replace('\\"P\\"', '\\"' + PHOTO + '\\"')
    answer = caller.send(recorded_input(), restrictedText="*********",
                         snapshotDate="2023-03-20T00:00:00Z")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-length"] == "733"
    assert answer.text == expected


def test_recorded_answer_2_in_form(caller):
    data = ('{"employees":{"employee":[{"id":"56","firstName":"John","lastName":"doe","age":51,'
            '"accessToken":"someSecretAccessTokenValue","secret":"someConfidentialSecretValue"}]}}')
    row = caller.protect(data, jobType="DataMasking", dataOwningCountryCode=None,
                         preserveStringLength=True)["employees"]["employee"][0]
    assert len(row["firstName"]) == 4 and len(row["lastName"]) == 3
    assert set(row["firstName"] + row["lastName"]) <= set("0123456789abcdef")
    assert row["age"] == 51 and row["accessToken"] == "someSecretAccessTokenValue"


def test_router_own_test_gets_another_data_set_than_it_sent(caller):
    answer = caller.send(DATA, dataOwningCountryCode="GB", dataUsageId=430,
                         matchingRule=claims(Role="Admin"))
    assert answer.json()["dataSet"] != json.dumps(DATA)
    assert json.loads(answer.json()["dataSet"])["employees"]["employee"][0]["firstName"] == "*********"


# ---- the order of the tests ----

def test_errors_come_in_the_order_of_the_contract(caller):
    """A call with every fault at once, mended one by one, tells of each in turn."""
    good = caller.headers()
    headers = {"Content-Type": "text/plain", "X-Data-Set-Type": "CSV"}
    body = "x" * (33554432 + 1)

    def ask():
        answer = caller.http.post(DATASET, headers=headers, content=body)
        return answer.status_code, answer.json()["error"], answer.json().get("field")

    assert ask() == (401, "invalid_api_key", "X-Api-Key")
    headers["X-Api-Key"] = good["X-Api-Key"]
    assert ask() == (401, "invalid_token", "X-Resource-Token")
    headers["X-Resource-Token"] = good["X-Resource-Token"]
    assert ask() == (415, "unsupported_media_type", "Content-Type")
    headers["Content-Type"] = "application/json"
    assert ask() == (413, "payload_too_large", None)
    body = "{"
    assert ask() == (400, "malformed_json", None)
    fields = {"manifestName": "Nope", "jobType": "Restrict", "countryCode": "XX", "dataSet": "x",
              "protectNullValues": False}
    body = json.dumps(fields)
    assert ask() == (400, "missing_field", "preserveStringLength")
    body = json.dumps(fields | {"preserveStringLength": False})
    assert ask() == (400, "invalid_field", "countryCode")
    fields |= {"preserveStringLength": False, "countryCode": "GB"}
    body = json.dumps(fields)
    assert ask() == (400, "invalid_request", "X-Data-Set-Type")
    headers["X-Data-Set-Type"] = "JSON"
    assert ask() == (400, "unknown_manifest", "manifestName")
    fields["manifestName"] = "Employee"
    body = json.dumps(fields)
    assert ask() == (400, "invalid_dataset", "dataSet")
    body = json.dumps(fields | {"dataSet": "{}"})
    answer = caller.http.post(DATASET, headers=headers, content=body)
    assert answer.status_code == 200 and answer.text == '{"dataSet":"{}"}'


MANDATORY = ["manifestName", "jobType", "countryCode", "protectNullValues", "preserveStringLength",
             "dataSet"]


@pytest.mark.parametrize("field", MANDATORY)
def test_missing_field_is_named(caller, field):
    assert error(caller.send(DATA, **{field: None})) == (400, "missing_field", field)


@pytest.mark.parametrize("field", MANDATORY)
def test_null_counts_as_absent(caller, field):
    body = envelope(DATA)
    body[field] = None
    answer = caller.http.post(DATASET, headers=caller.headers(), json=body)
    assert error(answer) == (400, "missing_field", field)


def test_first_missing_field_of_the_table_is_named(caller):
    for at, field in enumerate(MANDATORY):
        body = {name: value for name, value in envelope(DATA).items() if name in MANDATORY[:at]}
        answer = caller.http.post(DATASET, headers=caller.headers(), json=body)
        assert error(answer) == (400, "missing_field", field)


@pytest.mark.parametrize("fields,field", [
    ({"manifestName": 1}, "manifestName"), ({"jobType": "Shred"}, "jobType"),
    ({"jobType": 1}, "jobType"), ({"countryCode": "GBR"}, "countryCode"),
    ({"countryCode": "ZZ"}, "countryCode"), ({"countryCode": ""}, "countryCode"),
    ({"countryCode": 44}, "countryCode"), ({"protectNullValues": "yes"}, "protectNullValues"),
    ({"protectNullValues": 1}, "protectNullValues"),
    ({"preserveStringLength": "True "}, "preserveStringLength"), ({"dataSet": {}}, "dataSet"),
    ({"dataOwningCountryCode": "UKK"}, "dataOwningCountryCode"),
    ({"snapshotDate": "yesterday"}, "snapshotDate"), ({"snapshotDate": "2023-03-20"}, "snapshotDate"),
    ({"snapshotDate": "2023-02-30T00:00:00Z"}, "snapshotDate"),
    ({"restrictedText": 1}, "restrictedText"), ({"dataUsageId": "1"}, "dataUsageId"),
    ({"dataUsageId": 1.5}, "dataUsageId"), ({"matchingRule": []}, "matchingRule"),
    ({"matchingRule": {"claims": {}}}, "matchingRule"),
    ({"matchingRule": {"claims": ["x"]}}, "matchingRule"),
    ({"matchingRule": {"claims": [{"adgroup": 1}]}}, "matchingRule"),
    ({"matchingRule": {"claims": [{"attributeName": "a"}]}}, "matchingRule"),
    ({"matchingRule": {"claims": [{"attributeName": "a", "attributeValue": 1}]}}, "matchingRule"),
    ({"thirdPartyIdentifer": "x"}, "thirdPartyIdentifer"),
    ({"thirdPartyIdentifer": {"thirdPartyName": "a", "thirdPartyId": 1}}, "thirdPartyIdentifer"),
    ({"sqlType": "DB2"}, "sqlType"), ({"classificationModel": 1}, "classificationModel"),
    ({"jobType": "x", "manifestName": 1}, "manifestName"),
    ({"dataUsageId": "x", "snapshotDate": "x"}, "snapshotDate"),
])
def test_invalid_field_is_named(caller, fields, field):
    assert error(caller.send(DATA, **fields)) == (400, "invalid_field", field)


@pytest.mark.parametrize("fields", [
    {"jobType": "restrict"}, {"jobType": "RESTRICT"}, {"countryCode": "gb"},
    {"dataOwningCountryCode": "it"}, {"dataOwningCountryCode": None}, {"protectNullValues": "true"},
    {"preserveStringLength": "false"}, {"snapshotDate": "2023-03-20T00:00:00.123456789Z"},
    {"snapshotDate": "2023-03-20T00:00:00+01:30"}, {"restrictedText": ""}, {"dataUsageId": -1},
    {"matchingRule": {"claims": []}}, {"matchingRule": {"claims": [{"adgroup": "Analytics"}]}},
    {"matchingRule": {"claims": [{"a": "1", "b": "2"}]}},
    {"thirdPartyIdentifer": {"thirdPartyName": "x", "thirdPartyId": None}},
    {"thirdPartyIdentifer": {"thirdPartyId": 5, "thirdPartyName": None}},
    {"sqlType": "postgresql"}, {"classificationModel": "x"}, {"unknown": {"a": [1]}},
])
def test_fields_that_are_read(caller, fields):
    assert caller.send(DATA, **fields).status_code == 200


@pytest.mark.parametrize("body", ["", "{", "[]", "1", '"x"', "null", '{"a":1} x', '{"a":1,"a":2}',
                                  "{'a':1}", '{"a":NaN}'])
def test_body_that_is_not_one_object_is_malformed(caller, body):
    answer = caller.http.post(DATASET, headers=caller.headers() | {"Content-Type": "application/json"},
                              content=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed_json")


def test_raw_line_breaks_and_escaped_apostrophes_in_strings(caller):
    body = ('{"manifestName":"Employee","jobType":"Restrict","countryCode":"GB",'
            '"protectNullValues":false,"preserveStringLength":false,'
            '"dataSet":"{\n\t\\"employees\\": {\r\n \\"employee\\": [{\\"firstName\\": \\"O\\\'Brien\\"}]}}"}')
    answer = caller.http.post(DATASET, headers=caller.headers() | {"Content-Type": "application/json"},
                              content=body)
    assert answer.status_code == 200, answer.text
    row = json.loads(answer.json()["dataSet"])["employees"]["employee"][0]
    assert row == {"firstName": "*********"}


@pytest.mark.parametrize("data_set", ["", "x", "1", '"text"', "null", "{", '{"a":1,"a":2}', "{'a':}",
                                      '{"a":"\\ud800"}', "[" * 513 + "]" * 513])
def test_data_set_that_is_none_is_invalid(caller, data_set):
    answer = caller.send(data_set)
    assert error(answer) == (400, "invalid_dataset", "dataSet")


def test_depth_of_512_is_taken(caller):
    assert caller.send("[" * 512 + "]" * 512).status_code == 200


@pytest.mark.parametrize("media,status", [(None, 415), ("text/plain", 415), ("application/json", 200),
                                          ("application/json; charset=utf-16", 200),
                                          ("APPLICATION/JSON ;x", 200), ("application/xml", 415)])
def test_content_type(caller, media, status):
    headers = caller.headers() | ({"Content-Type": media} if media else {})
    answer = caller.http.post(DATASET, headers=headers, content=json.dumps(envelope({})))
    assert answer.status_code == status


@pytest.mark.parametrize("kind,status", [("JSON", 200), ("json", 200), (None, 200), ("CSV", 400),
                                         ("", 400)])
def test_data_set_type_header(caller, kind, status):
    headers = {} if kind is None else {"X-Data-Set-Type": kind}
    answer = caller.send({}, headers=headers)
    assert answer.status_code == status
    if status == 400:
        assert error(answer) == (400, "invalid_request", "X-Data-Set-Type")


def test_limit_of_the_body_is_configurable(start):
    caller = start(body_max_bytes=2000).caller()
    assert caller.send({"a": "x" * 1000}).status_code == 200
    answer = caller.send({"a": "x" * 2000})
    assert (answer.status_code, answer.json()["error"]) == (413, "payload_too_large")
    # Nothing of a body without a declared length is taken beyond the limit either.
    answer = caller.http.post(DATASET, headers=caller.headers() | {"Content-Type": "application/json"},
                              content=iter([b" " * 1500, b" " * 1500]))
    assert answer.status_code == 413


def test_an_answer_that_would_be_too_large_is_said_to_be(start):
    """Eight times the largest body, and 4 KiB."""
    caller = start(body_max_bytes=2000).caller()
    rows = employees(*[{"firstName": ""}] * 40)
    assert caller.send(rows, restrictedText="x" * 300).status_code == 200
    answer = caller.send(rows, restrictedText="x" * 600)
    assert (answer.status_code, answer.json()["error"]) == (413, "payload_too_large")
    assert answer.json()["message"] == "the answer would have more than 20096 bytes"


# ---- manifests and modes ----

@pytest.mark.parametrize("name", ["Nope", "employee", ""])
def test_unknown_manifest(caller, name):
    answer = caller.send(DATA, manifestName=name)
    assert answer.status_code == 400
    assert answer.json()["error"] in ("unknown_manifest", "invalid_field")
    assert answer.json()["field"] == "manifestName"


def test_unknown_manifest_by_request_is_no_error(caller):
    answer = caller.send(DATA, manifestName="Nope", headers={"X-Dataset-On-Invalid-Manifest": "true"})
    assert answer.status_code == 200
    assert answer.headers["x-dataset-protected"] == "false"
    assert answer.json()["dataSet"] == json.dumps(DATA, indent=2)


def test_inactive_manifest_is_unknown(start):
    service = start()
    manifest = {"active": False, "attributes": [{"path": "a"}]}
    assert service.admin().put("/admin/v1/manifests/Old", json=manifest).status_code == 201
    assert error(service.caller().send({"a": "x"}, manifestName="Old"))[1] == "unknown_manifest"
    answer = service.caller().send({"a": "x"}, manifestName="Old",
                                   headers={"X-Dataset-On-Invalid-Manifest": "true"})
    assert answer.headers["x-dataset-protected"] == "false"


def test_on_invalid_manifest_changes_nothing_for_a_known_one(caller):
    answer = caller.send(DATA, headers={"X-Dataset-On-Invalid-Manifest": "true"})
    assert "x-dataset-protected" not in answer.headers
    assert "Robert" not in answer.text


def test_silent_mode_changes_nothing_and_says_so(caller):
    answer = caller.send(DATA, headers={"X-Silent-Mode": "true"})
    assert answer.status_code == 200
    assert answer.headers["x-dataset-protected"] == "false"
    assert answer.json()["dataSet"] == json.dumps(DATA, indent=2)


def test_silent_mode_other_than_true_protects(caller):
    assert "Robert" not in caller.send(DATA, headers={"X-Silent-Mode": "false"}).text


def test_context_headers_have_no_effect(caller):
    plain = caller.send(DATA)
    other = caller.send(DATA, headers={"X-Execution-Context": "x", "X-Validation-Key": "y"})
    assert other.text == plain.text


def test_default_job_is_the_manifests(caller):
    assert caller.send(DATA, jobType="Default").text == caller.send(DATA, jobType="Restrict").text


# ---- lossless ----

@pytest.mark.parametrize("text", ["O'Brien", 'quo"ted', "back\\slash", "\b\f\n\r\t\x00\x1f", "é€😀",
                                  "/", "</script>", "\u2028"])
def test_unprotected_text_comes_through(caller, text):
    assert caller.protect({"a": text, "b": [text]}) == {"a": text, "b": [text]}


@pytest.mark.parametrize("number", ["1.10", "1E400", "12345678901234567890", "-0", "1e-7", "0.1"])
def test_unprotected_numbers_keep_their_digits(caller, number):
    answer = caller.send('{"a":%s}' % number)
    assert answer.json()["dataSet"] == '{\n  "a": %s\n}' % number


def test_answers_layout(caller):
    data = '{"e":{},"l":[],"n":null,"t":true,"u":"é/","c":"\\u0001\\u007f","d":[1,[2]]}'
    answer = caller.send(data)
    assert answer.json()["dataSet"] == ('{\n  "e": {},\n  "l": [],\n  "n": null,\n  "t": true,\n'
                                        '  "u": "é/",\n  "c": "\\u0001\x7f",\n  "d": [\n    1,\n'
                                        '    [\n      2\n    ]\n  ]\n}')
    assert answer.content.startswith(b'{"dataSet":"') and answer.content.endswith(b'"}')


@pytest.mark.parametrize("name", ["O'Brien", "D'Arcy, 'Bob'", "'", "it's: fine"])
def test_apostrophes_in_the_second_encoding(caller, name):
    text = json.dumps({"a": name, "b": 1}).replace('"', "'")
    assert caller.protect(text) == {"a": name, "b": 1}


# ---- audit of what was asked ----

def test_data_of_a_call_stays_out_of_log_calls_metrics_and_trail(start):
    service = start(log_level="debug")
    caller = service.caller()
    secret = "Zanzibarovich"
    data = employees({"firstName": secret, "DOB": "18/12/1965", "note": secret})
    caller.send(data, matchingRule=claims(ADGroup="Topsecretgroup"))
    caller.send(secret)
    caller.send(data, manifestName=None)
    caller.get_token(client_secret=secret)
    admin = service.admin()
    seen = [admin.get("/admin/v1/calls").text, admin.get("/admin/v1/audit").text,
            admin.get("/metrics").text]
    token = caller.token
    service.stop()
    seen += [service.log(), (service.folder / "interceptor.db").read_bytes().decode("latin-1")]
    for text in seen:
        for word in (secret, "Topsecretgroup", token, "18/12/1965"):
            assert word not in text
    assert "changeme" not in seen[-1] and "changeme" not in seen[-2]
