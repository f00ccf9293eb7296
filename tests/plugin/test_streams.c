/* Many streams in one VM at once: each client gets its own data or none, whatever the order in
 * which requests, answers and calls come and go. */
#include "tests/plugin/fake_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define MEMBERS                                                                                    \
    "\"jobType\":\"Restrict\",\"clientId\":\"c\",\"clientSecret\":\"s\",\"apiKey\":\"k\","         \
    "\"manifestName\":\"Employee\",\"interceptorCluster\":\"i\""
#define STOP       "{" MEMBERS ",\"holdResponseHeaders\":\"stop\"}"
#define GOOD_TOKEN "{\"access_token\":\"t\",\"expires_in\":600}"

enum { STREAMS = FAKE_STREAMS_MAX, TEXT = 128, ROUNDS = 300 };

static struct fake_faults no_faults;

static uint32_t next_random(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525 + 1013904223;
    return (*seed >> 8) % below;
}

/* What stream number n asks with, is answered, and is to get. */
static void begin(uint32_t n)
{
    char body[TEXT];

    snprintf(body, sizeof body, "{\"countryCode\":\"C%02u\"}", n);
    fake_request(FAKE_STREAM + n, (struct fake_request){.body = body});
}

static void answer(uint32_t n)
{
    char body[TEXT];

    snprintf(body, sizeof body, "{\"Robert\":\"%02u\"}", n);
    fake_answer(FAKE_STREAM + n, (struct fake_answer){n % 3 ? "application/json" : "text/plain",
                                                      body, n % 2, false});
}

/* The interceptor's part: the number of the stream is in the data set, and its country beside. */
static void protect(unsigned index)
{
    const struct fake_call *call = fake_call(index);
    char country[TEXT], reply[TEXT];
    const char *data;

    assert_non_null(data = memmem(call->body.data, call->body.len, "Robert\\\":\\\"", 11));
    snprintf(country, sizeof country, "\"countryCode\":\"C%.2s\"", data + 11);
    assert_non_null(memmem(call->body.data, call->body.len, country, strlen(country)));
    snprintf(reply, sizeof reply, "{\"dataSet\":\"{\\\"name\\\":\\\"%.2s\\\"}\"}", data + 11);
    fake_answer_call(index, "200", reply);
}

/* Answers one call that waits, beginning the search anywhere. False: none waits. */
static bool answer_one_call(uint32_t from)
{
    unsigned count = 0;

    while (fake_call(count)->id != 0)
        count++;
    for (unsigned i = 0; i < count; i++) {
        unsigned index = (from + i) % count;

        if (fake_call(index)->answered)
            continue;
        if (fake_call(index)->is_token)
            fake_answer_call(index, "200", GOOD_TOKEN);
        else
            protect(index);
        return true;
    }
    return false;
}

static unsigned token_calls(void)
{
    unsigned count = 0;

    for (unsigned i = 0; fake_call(i)->id != 0; i++)
        count += fake_call(i)->is_token;
    return count;
}

static bool got_own(uint32_t n)
{
    char own[TEXT];

    snprintf(own, sizeof own, "{\"name\":\"%02u\"}", n);
    return slice_is(buf_slice(&fake_client(FAKE_STREAM + n)->bytes), own);
}

static void assert_own_or_nothing(uint32_t n)
{
    const struct fake_client *client = fake_client(FAKE_STREAM + n);

    assert_true(client->bytes.len == 0 || client->status != 0 || got_own(n));
    assert_true(client->bytes.len == 0 ||
                !memmem(client->bytes.data, client->bytes.len, "Robert", 6));
}

/* One round: every stream goes through its steps, in an order of chance; some clients hang up. */
static void play_round(uint32_t seed, bool closed[STREAMS])
{
    uint8_t step[STREAMS] = {0};

    for (int i = 0; i < STREAMS * 4; i++) {
        uint32_t n = next_random(&seed, STREAMS);

        if (step[n] == 0)
            begin(n);
        else if (step[n] == 1)
            answer(n);
        else if (n % 5 == 0) {
            fake_close(FAKE_STREAM + n);
            closed[n] = true;
        }
        step[n]++;
        if (next_random(&seed, 3) == 0)
            answer_one_call(next_random(&seed, 64));
        if (next_random(&seed, 8) == 0)
            fake_tick();
    }
    for (uint32_t n = 0; n < STREAMS; n++) {
        if (step[n] == 0)
            begin(n);
        if (step[n] <= 1)
            answer(n);
    }
    while (answer_one_call(seed))
        ;
}

static void each_stream_gets_its_own(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        bool closed[STREAMS] = {0};

        assert_true(fake_start(STOP, &no_faults));
        play_round(round, closed);
        for (uint32_t n = 0; n < STREAMS; n++) {
            assert_own_or_nothing(n);
            assert_true(closed[n] || got_own(n));
        }
        assert_int_equal(token_calls(), 1);
        fake_end();
    }
}

/* The host refuses one call, or memory ends once: that may cost one stream its answer, or all who
 * wait for the token, but nobody gets what is another's. */
static void a_fault_mixes_nothing(void **state)
{
    unsigned most = 1;

    (void)state;
    for (unsigned n = 0; n <= most; n += 3) {
        for (int memory = 0; memory < 2; memory++) {
            struct fake_faults faults = {.fail_host = memory ? 0 : n,
                                         .fail_memory = memory ? n : 0};
            bool closed[STREAMS] = {0};

            if (fake_start(STOP, &faults))
                play_round(n, closed);
            for (uint32_t i = 0; i < STREAMS; i++)
                assert_own_or_nothing(i);
            most = faults.host_calls > most ? faults.host_calls : most;
            fake_end();
        }
    }
    assert_true(most > 500);
}

static void who_hangs_up_while_waiting_harms_nobody(void **state)
{
    (void)state;
    assert_true(fake_start(STOP, &no_faults));
    for (uint32_t n = 0; n < 9; n++) {
        begin(n);
        answer(n);
    }
    fake_close(FAKE_STREAM + 0); /* the first, one in the middle and the last who wait */
    fake_close(FAKE_STREAM + 4);
    fake_close(FAKE_STREAM + 8);
    while (answer_one_call(0))
        ;
    for (uint32_t n = 0; n < 9; n++)
        assert_int_equal(got_own(n), n % 4 != 0);
    fake_end();
}

static void a_failed_token_call_is_told_to_all(void **state)
{
    (void)state;
    assert_true(fake_start(STOP, &no_faults));
    for (uint32_t n = 0; n < 9; n++) {
        begin(n);
        answer(n);
    }
    fake_answer_call(0, "500", "Robert");
    for (uint32_t n = 0; n < 9; n++) {
        assert_int_equal(fake_client(FAKE_STREAM + n)->status, 502);
        assert_own_or_nothing(n);
    }
    assert_int_equal(token_calls(), 1);
    fake_end();
}

/* All are told 401 of the same token: one more is fetched, and each asks once more. */
static void a_spoiled_token_is_fetched_anew_once(void **state)
{
    (void)state;
    assert_true(fake_start(STOP, &no_faults));
    for (uint32_t n = 0; n < 9; n++) {
        begin(n);
        answer(n);
    }
    fake_answer_call(0, "200", GOOD_TOKEN);
    for (unsigned i = 1; i <= 9; i++)
        fake_answer_call(i, "401", "");
    while (answer_one_call(0))
        ;
    for (uint32_t n = 0; n < 9; n++)
        assert_true(got_own(n));
    assert_int_equal(token_calls(), 2);
    fake_end();
}

/* Streams keep the settings that they began with; those who wait for a token are not forgotten
 * with the call that they wait for. */
static void streams_outlive_their_settings(void **state)
{
    (void)state;
    assert_true(fake_start(STOP, &no_faults));
    begin(0);
    begin(1);
    answer(1);
    assert_true(fake_configure("{" MEMBERS ",\"holdResponseHeaders\":\"stop\",\"timeoutMs\":1}"));
    assert_false(fake_configure("{" MEMBERS ",\"odd\":1}"));
    begin(2);
    fake_answer_call(0, "200", GOOD_TOKEN); /* of a call that nobody knows any more */
    answer(0);
    answer(2);
    for (int i = 0; i < 3; i++)
        fake_tick();
    while (answer_one_call(0))
        ;
    for (uint32_t n = 0; n < 3; n++)
        assert_true(got_own(n));
    fake_end();
}

/* 256 MiB a VM, of answers and of requests that are held for their country; only the lengths are
 * told here. What goes makes room. */
static void what_all_hold_back_has_a_bound(void **state)
{
    static const char configuration[] =
        "{" MEMBERS ",\"holdResponseHeaders\":\"stop\",\"requireCountry\":true,"
        "\"maxBodyBytes\":268435456}";
    static const uint32_t most = 200u << 20, other_root = 1000;

    (void)state;
    assert_true(fake_start(configuration, &no_faults));
    for (uint32_t n = 0; n < 2; n++) {
        begin(n);
        fake_answer(FAKE_STREAM + n, (struct fake_answer){"application/json", "{", false, true});
    }
    assert_int_equal(proxy_on_response_body(FAKE_STREAM, most, false), ABI_PAUSE);
    assert_int_equal(fake_client(FAKE_STREAM)->status, 0);
    proxy_set_effective_context(FAKE_STREAM + 1);
    proxy_on_response_body(FAKE_STREAM + 1, most, false);
    assert_int_equal(fake_client(FAKE_STREAM + 1)->status, 503);

    fake_request(FAKE_STREAM + 2, (struct fake_request){.body = "{", .open = true});
    proxy_on_request_body(FAKE_STREAM + 2, most, false);
    assert_int_equal(fake_client(FAKE_STREAM + 2)->status, 503);

    proxy_on_context_create(other_root, 0); /* as while another configuration comes */
    assert_true(proxy_on_configure(other_root, sizeof configuration - 1));
    fake_request(FAKE_STREAM + 4,
                 (struct fake_request){.body = "{", .open = true, .root = other_root});
    proxy_on_request_body(FAKE_STREAM + 4, most, false);
    assert_int_equal(fake_client(FAKE_STREAM + 4)->status, 503);
    fake_close(FAKE_STREAM + 4);
    proxy_on_delete(other_root);

    fake_close(FAKE_STREAM);
    begin(3);
    fake_answer(FAKE_STREAM + 3, (struct fake_answer){"application/json", "{", false, true});
    assert_int_equal(proxy_on_response_body(FAKE_STREAM + 3, most, false), ABI_PAUSE);
    assert_int_equal(fake_client(FAKE_STREAM + 3)->status, 0);
    fake_end();
}

static void a_body_above_the_hosts_limit_ends_the_stream(void **state)
{
    (void)state;
    assert_true(fake_start(STOP, &no_faults));
    for (uint32_t n = 0; n < 3; n++) {
        fake_answer_max = n == 1 ? 5 : 0;
        begin(n);
        answer(n);
        while (answer_one_call(0))
            ;
        assert_int_equal(got_own(n), n != 1);
        assert_true(got_own(n) || fake_client(FAKE_STREAM + n)->bytes.len == 0);
    }
    fake_end();
}

/* Where the headers of a request that is held have gone, its answer may begin before it ends. */
static void a_request_may_end_within_its_answer(void **state)
{
    static const char *const configurations[] = {
        "{" MEMBERS ",\"requireCountry\":true}",
        "{" MEMBERS ",\"requireCountry\":true,\"holdResponseHeaders\":\"filter\"}",
    };

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        assert_true(fake_start(configurations[i / 2], &no_faults));
        fake_request(FAKE_STREAM, (struct fake_request){.body = "{\"countryCode\":", .open = true});
        fake_answer(FAKE_STREAM, (struct fake_answer){i % 2 ? "application/json" : "text/plain",
                                                      "{\"Robert\":\"00\"}", false, true});
        fake_request_piece(FAKE_STREAM, "\"C00\"}", true);
        fake_answer_trailers(FAKE_STREAM);
        while (answer_one_call(0))
            ;
        assert_true(got_own(0));
        fake_end();
    }
}

static void a_request_without_memory_is_refused(void **state)
{
    (void)state;
    for (unsigned n = 1; n < 4; n++) {
        struct fake_faults faults = {0};

        assert_true(fake_start(STOP, &faults));
        faults.fail_memory = faults.allocations + n;
        begin(0);
        answer(0);
        while (answer_one_call(0))
            ;
        assert_own_or_nothing(0);
        assert_true(fake_client(FAKE_STREAM)->ended);
        begin(1);
        answer(1);
        while (answer_one_call(0))
            ;
        assert_true(got_own(1));
        fake_end();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_stream_gets_its_own),
        cmocka_unit_test(a_fault_mixes_nothing),
        cmocka_unit_test(who_hangs_up_while_waiting_harms_nobody),
        cmocka_unit_test(a_failed_token_call_is_told_to_all),
        cmocka_unit_test(a_spoiled_token_is_fetched_anew_once),
        cmocka_unit_test(streams_outlive_their_settings),
        cmocka_unit_test(what_all_hold_back_has_a_bound),
        cmocka_unit_test(a_body_above_the_hosts_limit_ends_the_stream),
        cmocka_unit_test(a_request_may_end_within_its_answer),
        cmocka_unit_test(a_request_without_memory_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
