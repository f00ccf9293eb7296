"""Many clients at once, with fates of their own; some hang up."""
import concurrent.futures
import json
import socket
import struct
import time
import types

import httpx
import pytest
from fakes import EMPLOYEES, MASK, PROTECTED, by_request, cut, hang, reply, reset, slow

STREAMS = 200
FATES = {"good": (200, None), "slow": (200, None), "refused": (502, "refused"), "spoiled": (502, "refused"),
         "nonsense": (502, "nonsense"), "reset": (503, "unreachable"), "broken": (503, "unreachable"), "nobody": (400, "no_country")}


def meet_fates(interceptor):
    """The interceptor treats each data set as that asks for by its `fate`."""
    protect = type(interceptor).good_dataset

    def play(self, request):
        good = protect(self, request)
        fate = json.loads(request.json()["dataSet"])["fate"]
        return {"good": good, "slow": slow(good, 0.3), "refused": reply(500), "spoiled": reply(401), "reset": reset,
                "nonsense": reply(body='{"dataSet":'), "broken": cut(good, len(good) - 5)}[fate]
    interceptor.good_dataset = types.MethodType(play, interceptor)


@pytest.mark.parametrize("hold", ["stop", "filter"])
def test_each_stream_meets_its_own_fate(launch, hold):
    stage = launch(hold=hold, workers=2, settings={"timeoutMs": 15000, "claimHeaders": {"x-number": "Number"}})
    stage.backend.on("/echo", by_request(lambda r: reply(body=r.body)))
    meet_fates(stage.interceptor)
    fates = [list(FATES)[i % len(FATES)] for i in range(STREAMS)]

    def ask(number):
        own = {"fate": fates[number], "number": number, "firstName": f"Robert-{number}"}
        if fates[number] != "nobody":
            own |= {"countryCode": f"C{number}", "dataOwningCountryCode": f"O{number}"}
        with httpx.Client(http2=number % 3 == 0, http1=number % 3 != 0, timeout=30) as client:
            return own, client.post(stage.envoy.url + "/echo", json=own, headers={"x-number": str(number)})
    with concurrent.futures.ThreadPoolExecutor(STREAMS) as pool:
        answers = list(pool.map(ask, range(STREAMS)))
    for own, answer in answers:
        status, cause = FATES[own["fate"]]
        assert answer.status_code == status, (own, answer.text)
        assert b"Robert" not in answer.content
        if cause:
            assert answer.json()["type"] == "urn:interception:" + cause
        else:
            assert answer.json() == {**own, "firstName": MASK}
    for call in stage.interceptor.datasets:
        body = call.json()
        own = json.loads(body["dataSet"])
        assert (body["countryCode"], body["dataOwningCountryCode"]) == (own["countryCode"], own["dataOwningCountryCode"])
        assert body["matchingRule"]["claims"][0]["attributeValue"] == str(own["number"])


STEPS = {
    "in_headers": b"POST /employees HTTP/1.1\r\nHost: x\r\n",
    "in_body": b"POST /employees HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{\"country",
    "at_backend": b"POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{\"countryCode\":\"GB\"}",
    "in_answer": b"POST /half HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{\"countryCode\":\"GB\"}",
    "at_interceptor": b"POST /employees HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{\"countryCode\":\"GB\"}",
}


@pytest.mark.parametrize("step", STEPS)
def test_clients_hang_up_at_every_step(stage, step):
    whole = reply(body=json.dumps(EMPLOYEES))
    stage.backend.on("/slow", slow(whole, 0.3))
    stage.backend.on("/half", hang(whole[:-20]))
    stage.interceptor.token_answer = slow(reply(body=json.dumps({"access_token": "t-1", "expires_in": 1})), 0.1)
    stage.interceptor.dataset_answer = slow(reply(401), 0.1)
    for pause in (0, 0.05, 0.15, 0.25):
        clients = [socket.create_connection(("127.0.0.1", stage.envoy.port)) for _ in range(10)]
        for client in clients:
            client.sendall(STEPS[step])
        time.sleep(pause)
        for client in clients[::2]:  # half of them with a reset
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        for client in clients:
            client.close()
    stage.interceptor.reset_script()
    assert stage.ask().json() == PROTECTED
