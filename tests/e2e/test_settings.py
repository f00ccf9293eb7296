"""What the plugin takes and refuses when Envoy loads it."""
import json

import pytest
from envoy import SETTINGS
from fakes import PROTECTED

ENVIRONMENT = {"JOB_TYPE": "DataMasking", "CLIENT_ID": "env-client", "CLIENT_SECRET": "env-secret", "API_KEY": "env-key",
               "RESTRICTED_TEXT": "xx", "MANIFEST_NAME": "EnvManifest", "PROTECT_NULL_VALUES": "true",
               "PRESERVE_STRING_LENGTH": "TRUE", "SNAPSHOT_DATE": "2023-03-20T00:00:00Z",
               "INTERCEPTOR_CLUSTER_NAME": "interceptor_service"}

REFUSED = [
    ({"nonsense": 1}, "nonsense"), ({"timeoutMs": 0}, "timeoutMs"), ({"timeoutMs": "5"}, "timeoutMs"), ({"timeoutMs": 1.5}, "timeoutMs"),
    ({"timeoutMs": -1}, "timeoutMs"), ({"maxBodyBytes": 10 ** 12}, "maxBodyBytes"), ({"maxBodyBytes": None}, "maxBodyBytes"),
    ({"jobType": "Mask"}, "jobType"), ({"jobType": ""}, "jobType"), ({"responseBody": "x"}, "responseBody"), ({"onFailure": "maybe"}, "onFailure"),
    ({"holdResponseHeaders": True}, "holdResponseHeaders"), ({"requireCountry": "yes"}, "requireCountry"), ({"requireCountry": "true"}, "requireCountry"),
    ({"protectNullValues": "maybe"}, "protectNullValues"), ({"preserveStringLength": 1}, "preserveStringLength"),
    ({"snapshotDate": "yesterday"}, "snapshotDate"), ({"apiKey": "a\r\nx: y"}, "apiKey"), ({"apiKey": ""}, "apiKey"), ({"clientId": 5}, "clientId"),
    ({"clientSecret": None}, "clientSecret"), ({"interceptorCluster": ""}, "interceptorCluster"), ({"interceptorAuthority": "a b"}, "interceptorAuthority"),
    ({"basePath": "apigator"}, "basePath"), ({"basePath": "/a\n"}, "basePath"), ({"countryCode": 5}, "countryCode"), ({"dataUsageId": "210"}, "dataUsageId"),
    ({"matchingRule": []}, "matchingRule"), ({"matchingRule": {"claims": {}}}, "matchingRule"), ({"matchingRule": {}}, "matchingRule"),
    ({"claimHeaders": {"x y": "A"}}, "claimHeaders"), ({"claimHeaders": {"x": 5}}, "claimHeaders"), ({"claimHeaders": []}, "claimHeaders"),
    ({"passContentTypes": "text/plain"}, "passContentTypes"), ({"passContentTypes": [5]}, "passContentTypes"), ({"passContentTypes": ["x"]}, "passContentTypes"),
    ({"routes": {}}, "routes"), ({"routes": [{}]}, "pathPrefix"), ({"routes": [{"pathPrefix": "x"}]}, "pathPrefix"), ({"routes": [5]}, "routes"),
    ({"routes": [{"pathPrefix": "/", "apiKey": "k"}]}, "apiKey"), ({"routes": [{"pathPrefix": "/", "what": 1}]}, "what"),
    ({"routes": [{"pathPrefix": "/", "intercept": "no"}]}, "intercept"), ({"routes": [{"pathPrefix": "/", "timeoutMs": 0}]}, "timeoutMs"),
    ({"routes": [{"pathPrefix": "/a/../b"}]}, "pathPrefix"), ({"routes": [{"pathPrefix": "/a%2fb"}]}, "pathPrefix"), ({"routes": [{"pathPrefix": ""}]}, "pathPrefix"),
    ({"snapshotDate": "2023-13-01T00:00:00Z"}, "snapshotDate"), ({"snapshotDate": "2023-01-01T24:00:00Z"}, "snapshotDate"),
    ({"snapshotDate": "2023-01-00T00:00:00Z"}, "snapshotDate"), ({"claimHeaders": {"x-a": "A", "X-A": "B"}}, "claimHeaders"),
]


@pytest.mark.parametrize("change, member", REFUSED, ids=range(len(REFUSED)))
def test_impossible_setting_is_refused_by_name(launch, change, member):
    stage = launch(settings=change)
    assert not stage.serves
    assert f"configuration refused: {member} " in stage.envoy.text()
    assert SETTINGS["clientSecret"] not in stage.envoy.text()


@pytest.mark.parametrize("member", ["interceptorCluster", "apiKey", "clientId", "clientSecret", "manifestName", "jobType"])
def test_missing_setting_is_refused_by_name(launch, member):
    stage = launch(whole={k: v for k, v in SETTINGS.items() if k != member})
    assert not stage.serves
    assert f"configuration refused: {member} is missing" in stage.envoy.text()


@pytest.mark.parametrize("text", ["[]", "5", "{", '{"apiKey":"a"', '{"apiKey":"a"}x', '{"apiKey":"a","apiKey":"b"}', "{'a':1}", "tests",
                                  '{"value":"te st"}', '{"value":"test","x":1}', '{"value":"test"}}'])
def test_broken_configuration_is_refused(launch, text):
    assert not launch(whole=text, environment=ENVIRONMENT).serves


@pytest.mark.parametrize("text", ["test", '{"value":"test"}', ' { "value" : "test" }\n', '"test"'])
def test_placeholder_is_ignored_with_a_warning(launch, text):
    stage = launch(whole=text, environment=ENVIRONMENT, hold="none")
    assert stage.serves
    assert "placeholder" in stage.envoy.text()
    assert stage.ask().json() == PROTECTED


def test_environment_is_enough(launch):
    stage = launch(whole="", environment=ENVIRONMENT, hold="none")
    assert stage.ask().json() == PROTECTED
    call = stage.interceptor.datasets[0]
    assert call.headers["x-api-key"] == "env-key"
    body = call.json()
    body.pop("dataSet")
    assert body == {"manifestName": "EnvManifest", "jobType": "DataMasking", "countryCode": "GB", "dataOwningCountryCode": "IT",
                    "protectNullValues": True, "preserveStringLength": True, "restrictedText": "xx",
                    "snapshotDate": "2023-03-20T00:00:00Z"}


def test_bad_variable_is_refused_by_name(launch):
    stage = launch(whole="", environment={**ENVIRONMENT, "JOB_TYPE": "Mask"})
    assert not stage.serves
    assert "configuration refused: JOB_TYPE " in stage.envoy.text()


def test_configuration_overrides_the_environment(launch):
    stage = launch(whole={"manifestName": "Mine", "interceptorAuthority": "masks.example:8443", "basePath": "/v2/", "jobType": "restrict",
                          "protectNullValues": "false", "preserveStringLength": False, "restrictedText": ""},
                   environment=ENVIRONMENT)
    stage.interceptor.answer_anything = True
    stage.ask()
    paths = [r.path for r in stage.interceptor.requests]
    assert paths[0] == "/v2/identity/v1/token"
    assert stage.interceptor.requests[0].headers["host"] == "masks.example:8443"
    log = stage.envoy.text()
    assert 'manifestName=\\"Mine\\" from the configuration' in log
    assert 'manifestName=EnvManifest from the environment' in log
    assert "apiKey=*** from the environment" in log
    assert "env-key" not in log and "env-secret" not in log


def test_numbers_may_come_as_reals(launch):
    assert launch(whole=json.dumps({**SETTINGS, "timeoutMs": 1}).replace('"timeoutMs": 1', '"timeoutMs": 2000.0')).serves
