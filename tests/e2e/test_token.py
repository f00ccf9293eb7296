"""One token a process, fetched once, renewed in time."""
import concurrent.futures
import json
import time

import pytest
from stage import CODES, assert_problem
from fakes import PROTECTED, by_request, hang, reply, slow


def ask_at_once(stage, count, **more):
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(lambda _: stage.ask(**more), range(count)))


def wait_for(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_fifty_requests_in_a_row_make_one_token_call(launch):
    stage = launch()
    assert all(stage.ask().json() == PROTECTED for _ in range(50))
    assert len(stage.interceptor.tokens) == 1


@pytest.mark.parametrize("workers", [1, 3])
def test_cold_start_of_two_hundred_makes_one_token_call(launch, workers):
    stage = launch(workers=workers)
    good = reply(body=json.dumps({"access_token": "t-1", "expires_in": 60}))
    stage.interceptor.token_answer = slow(good, 0.3)
    answers = ask_at_once(stage, 200)
    assert all(a.json() == PROTECTED for a in answers)
    assert len(stage.interceptor.tokens) == 1


@pytest.mark.parametrize("workers", [1, 3])
def test_all_who_wait_learn_of_the_failure(launch, workers):
    stage = launch(workers=workers, settings={"timeoutMs": 1000})
    stage.interceptor.token_answer = hang()
    answers = ask_at_once(stage, 30)
    for answer in answers:
        assert_problem(answer, 504, "timeout")
    assert len(stage.interceptor.tokens) < 15  # one each, if each waited for its own
    stage.interceptor.token_answer = None
    assert stage.ask().json() == PROTECTED


def test_fetch_stands_beside_the_backends_work(launch):
    stage = launch()
    arrived = []

    @by_request
    def page(request):
        arrived.append(len(stage.interceptor.tokens))
        return slow(reply(body="<p>", content_type="text/html"), 0.3)
    stage.backend.on("/page", page)
    assert stage.ask("/page", method="GET").text == "<p>"
    wait_for(lambda: len(stage.interceptor.tokens) == 1)


def test_pending_fetch_does_not_delay_a_page(launch):
    stage = launch()
    stage.interceptor.token_answer = hang()
    stage.backend.on("/page", reply(body="<p>", content_type="text/html"))
    began = time.monotonic()
    assert stage.ask("/page", method="GET").text == "<p>"
    assert time.monotonic() - began < 3


def test_token_is_renewed_before_it_ends(launch):
    stage = launch()
    stage.interceptor.expires_in = 2
    end = time.monotonic() + 5
    while time.monotonic() < end:
        assert stage.ask().json() == PROTECTED
    tokens = len(stage.interceptor.tokens)
    assert 2 <= tokens <= 6
    used = [call.headers["x-resource-token"] for call in stage.interceptor.datasets]
    assert len(set(used)) in (tokens, tokens - 1)


def test_failed_renewal_leaves_the_old_token_good(launch):
    stage = launch()
    stage.interceptor.expires_in = 8  # renewed from the sixth second on, good until 7.6
    stage.ask()
    stage.interceptor.token_answer = reply(500)
    wait_for(lambda: stage.ask().json() == PROTECTED and len(stage.interceptor.tokens) > 1)
    assert stage.ask().json() == PROTECTED


def test_many_401s_fetch_one_token(launch):
    stage = launch()
    stage.ask()
    stage.interceptor.forget()
    stage.interceptor.good_from = 2
    assert all(a.json() == PROTECTED for a in ask_at_once(stage, 50))
    assert len(stage.interceptor.tokens) == 1


def test_two_workers_share_a_new_token_after_a_401(launch):
    stage = launch(workers=3)
    ask_at_once(stage, 30)
    stage.interceptor.forget()
    stage.interceptor.good_from = 2
    assert all(a.json() == PROTECTED for a in ask_at_once(stage, 60))
    assert len(stage.interceptor.tokens) == 1


def test_memory_is_flat_over_many_requests(launch):
    stage = launch()

    def resident():
        with open(f"/proc/{stage.envoy.process.pid}/statm") as file:
            return int(file.read().split()[1]) * 4096
    stage.backend.on("/big", reply(body=json.dumps({"a": ["Robert"] * 100000})))
    for _ in range(20):
        stage.ask("/big")
    before = resident()
    for _ in range(60):
        stage.ask("/big", json=CODES)
    assert resident() - before < 20_000_000
