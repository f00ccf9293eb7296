"""HTTP/2 on both sides."""
import asyncio
import json
import threading

import h2.config
import h2.connection
import h2.events
import httpx
import pytest
from stage import CODES, Stage, assert_problem
from envoy import Envoy
from fakes import EMPLOYEES, PROTECTED, Interceptor, reply


class Http2Backend:
    """Cleartext HTTP/2 with prior knowledge; answers all requests alike."""

    def __init__(self):
        self.requests, self.body, self.kind, self.trailers = [], json.dumps(EMPLOYEES).encode(), "application/json", ()
        self.loop = asyncio.new_event_loop()
        started = threading.Event()
        threading.Thread(target=self._run, args=(started,), daemon=True).start()
        assert started.wait(10)

    def _run(self, started):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self.loop.run_forever()

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)

    async def _serve(self, reader, writer):
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        connection.initiate_connection()
        pending = {}
        writer.write(connection.data_to_send())
        while data := await reader.read(65536):
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    self.requests.append(dict(event.headers))
                elif isinstance(event, h2.events.DataReceived):
                    connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.StreamEnded):
                    connection.send_headers(event.stream_id, [(":status", "200"), ("content-type", self.kind)])
                    pending[event.stream_id] = self.body
            for stream in list(pending):
                self._send(connection, pending, stream)
            writer.write(connection.data_to_send())
            await writer.drain()

    def _send(self, connection, pending, stream):
        while pending[stream]:
            size = min(connection.local_flow_control_window(stream), connection.max_outbound_frame_size)
            if size <= 0:
                return
            connection.send_data(stream, pending[stream][:size], end_stream=False)
            pending[stream] = pending[stream][size:]
        if self.trailers:
            connection.send_headers(stream, list(self.trailers), end_stream=True)
        else:
            connection.end_stream(stream)
        del pending[stream]


@pytest.fixture(scope="module", params=["stop", "filter"])
def both(request):
    backend, interceptor = Http2Backend(), Interceptor()
    stage = Stage.__new__(Stage)
    stage.backend, stage.interceptor = backend, interceptor
    stage.envoy = Envoy(backend.port, interceptor.port, hold=request.param, http2=True,
                        settings={"timeoutMs": 30000})  # the stand-ins are slow with many at once
    assert stage.envoy.wait(), stage.envoy.text()
    yield stage
    stage.stop()


def ask(stage, **more):
    with httpx.Client(http2=True, http1=False, timeout=20) as client:
        answer = client.post(stage.envoy.url + "/employees", **{"json": CODES, **more})
        assert answer.http_version == "HTTP/2"
        return answer


@pytest.mark.parametrize("trailers", [(), (("x-t", "1"), ("digest", "x"))])
def test_protected_over_http2(both, trailers):
    both.backend.trailers = trailers
    assert ask(both).json() == PROTECTED


def test_big_body_over_http2(both):
    rows = {"rows": [{"firstName": "Robert", "x": "y" * 100}] * 20000}
    both.backend.trailers, both.backend.body = (), json.dumps(rows).encode()
    answer = ask(both)
    both.backend.body = json.dumps(EMPLOYEES).encode()
    assert answer.json() == {"rows": [{"firstName": "*********", "x": "y" * 100}] * 20000}


def test_refused_over_http2(both):
    both.backend.trailers = ()
    assert_problem(ask(both, json={}), 400, "no_country")
    both.interceptor.dataset_answer = reply(500)
    assert_problem(ask(both), 502, "refused")
    both.interceptor.dataset_answer = None


def test_many_streams_of_one_connection(both):
    both.backend.trailers = ()

    async def all_of_them():
        async with httpx.AsyncClient(http2=True, http1=False, timeout=60) as client:
            return await asyncio.gather(*[client.post(both.envoy.url + "/employees", json={"countryCode": f"C{i}"})
                                          for i in range(100)])
    both.interceptor.forget()
    assert all(a.json() == PROTECTED for a in asyncio.run(all_of_them()))
    assert {c.json()["countryCode"] for c in both.interceptor.datasets} == {f"C{i}" for i in range(100)}
