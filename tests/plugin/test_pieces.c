/* Pieces of requests, answers and calls in any order that Envoy allows, by chance, under every way
 * of holding headers: each client gets what was protected for it or a refusal, and nothing else. */
#include "tests/plugin/fake_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define MEMBERS                                                                                    \
    "\"jobType\":\"Restrict\",\"clientId\":\"c\",\"clientSecret\":\"s\",\"apiKey\":\"k\","         \
    "\"manifestName\":\"Employee\",\"interceptorCluster\":\"i\",\"maxBodyBytes\":64"

enum { STREAMS = 4, TEXT = 256, ROUNDS = 20000, MOST_STEPS = 200 };

struct player {
    unsigned request_step;
    unsigned answer_step;
    unsigned fault; /* which part of it is not as it should be; most numbers: none */
    bool request_trailers;
    bool answer_trailers;
    bool closed;
    const char *type;
};

static struct player players[STREAMS];
static uint32_t seed;
static bool open_on_failure;
static char configuration[TEXT * 2];

static uint32_t chance(uint32_t below)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % below;
}

static void configure(struct fake_faults *faults)
{
    static const char *const holds[] = {"none", "filter", "stop"};
    open_on_failure = chance(4) == 0;
    snprintf(configuration, sizeof configuration,
             "{" MEMBERS ",\"holdResponseHeaders\":\"%s\",\"requireCountry\":%s,"
             "\"responseBody\":\"%s\",\"onFailure\":\"%s\"}",
             holds[chance(3)], chance(2) ? "true" : "false", chance(4) ? "dataSet" : "envelope",
             open_on_failure ? "open" : "close");
    if (chance(2)) {
        faults->fail_host = chance(3) ? 0 : 10 + chance(150);
        faults->fail_memory = chance(3) ? 0 : 10 + chance(150);
    }
    (void)fake_start(configuration, faults);
    for (uint32_t n = 0; n < STREAMS; n++) {
        static const char *const types[] = {"application/json", "text/plain", "text/csv",
                                            "image/png", "application/pdf"};

        players[n] = (struct player){.fault = chance(20),
                                     .request_trailers = chance(2),
                                     .answer_trailers = chance(2),
                                     .type = types[chance(8) < 5 ? chance(2) : chance(5)]};
    }
}

/* Headers with a piece, a piece, and an end of one kind or another. */
static void step_request(uint32_t n)
{
    struct player *player = &players[n];
    char code[TEXT];

    switch (player->request_step++) {
    case 0:
        fake_request(FAKE_STREAM + n,
                     (struct fake_request){.body = "{\"countryCode\":", .open = true});
        break;
    case 1:
        snprintf(code, sizeof code, player->fault == 1 ? "\"C%02u" : "\"C%02u\"}", n);
        fake_request_piece(FAKE_STREAM + n, code, false);
        break;
    case 2:
        if (player->request_trailers)
            fake_request_trailers(FAKE_STREAM + n);
        else
            fake_request_piece(FAKE_STREAM + n, player->fault == 2 ? "x" : "", true);
        break;
    default:
        break;
    }
}

static void step_answer(uint32_t n)
{
    struct player *player = &players[n];
    char piece[TEXT];

    if (!fake_is_asked(FAKE_STREAM + n))
        return;
    switch (player->answer_step++) {
    case 0:
        fake_answer(FAKE_STREAM + n, (struct fake_answer){player->type, "{", false, true});
        break;
    case 1:
        snprintf(piece, sizeof piece, "\"Robert\":\"%02u\"%s}", n,
                 player->fault == 3
                     ? ",\"x\":\"much more than sixty-four bytes, which are too many\""
                     : "");
        fake_answer_piece(FAKE_STREAM + n, piece, false);
        break;
    case 2:
        if (player->answer_trailers)
            fake_answer_trailers(FAKE_STREAM + n);
        else
            fake_answer_piece(FAKE_STREAM + n, "", true);
        break;
    default:
        break;
    }
}

static void answer_data_set(unsigned index)
{
    const struct fake_call *call = fake_call(index);
    char country[TEXT], reply[TEXT];
    const char *data = memmem(call->body.data, call->body.len, "Robert\\\":\\\"", 11);

    assert_non_null(data); /* the whole of somebody's, and no other's country */
    snprintf(country, sizeof country, "\"countryCode\":\"C%.2s\"", data + 11);
    assert_non_null(memmem(call->body.data, call->body.len, country, strlen(country)));
    snprintf(reply, sizeof reply, "{\"dataSet\":\"{\\\"name\\\":\\\"%.2s\\\"}\"}", data + 11);
    switch (chance(8)) {
    case 0:
        fake_answer_call(index, "401", "");
        break;
    case 1:
        fake_answer_call(index, chance(2) ? "500" : "", "Robert");
        break;
    case 2:
        fake_answer_call(index, "200", "{\"dataSet\":1}");
        break;
    default:
        fake_answer_call(index, "200", reply);
        break;
    }
}

/* False: no call waits. */
static bool step_call(void)
{
    for (unsigned i = 0; fake_call(i)->id != 0; i++) {
        if (fake_call(i)->answered)
            continue;
        if (!fake_call(i)->is_token)
            answer_data_set(i);
        else if (chance(8) == 0)
            fake_answer_call(i, "503", "");
        else
            fake_answer_call(i, "200", "{\"access_token\":\"t\",\"expires_in\":600}");
        return true;
    }
    return false;
}

static void step(void)
{
    uint32_t n = chance(STREAMS);

    switch (chance(8)) {
    case 0:
    case 1:
    case 2:
        step_request(n);
        break;
    case 3:
    case 4:
    case 5:
        step_answer(n);
        break;
    case 6:
        step_call();
        break;
    default:
        fake_tick();
        if (chance(100) == 0)
            (void)fake_configure(configuration);
        if (chance(60) == 0) {
            fake_close(FAKE_STREAM + n);
            players[n].closed = true;
        }
        break;
    }
}

/* What the backend sent, of which nothing may be seen; or all, if it is not marked as protected. */
static void check_original(const struct fake_client *client)
{
    assert_true(open_on_failure);
    assert_true(client->status != 0 || !client->marked);
    assert_true(!client->ended || client->bytes.data[client->bytes.len - 1] == '}');
}

static void check_client(uint32_t n, bool faulty)
{
    const struct fake_client *client = fake_client(FAKE_STREAM + n);
    char own[TEXT], enveloped[TEXT];

    snprintf(own, sizeof own, "{\"name\":\"%02u\"}", n);
    snprintf(enveloped, sizeof enveloped, "{\"dataSet\":\"{\\\"name\\\":\\\"%02u\\\"}\"}", n);
    assert_true(client->ended || players[n].closed || faulty);
    if (client->bytes.len == 0 || slice_is(buf_slice(&client->bytes), own) ||
        slice_is(buf_slice(&client->bytes), enveloped))
        return;
    if (memmem(client->bytes.data, client->bytes.len, "urn:interception:", 17)) {
        assert_true(client->status != 0);
        assert_null(memmem(client->bytes.data, client->bytes.len, "Robert", 6));
    } else {
        check_original(client);
    }
}

static void any_order_is_safe(void **state)
{
    unsigned whole = 0;

    (void)state;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct fake_faults faults = {0};

        seed = round;
        configure(&faults);
        for (unsigned i = 0; i < MOST_STEPS; i++)
            step();
        for (uint32_t n = 0; n < STREAMS; n++) {
            for (unsigned i = 0; i < 4; i++)
                step_request(n);
            for (unsigned i = 0; i < 4; i++)
                step_answer(n);
        }
        fake_now_ms += 10000; /* claims to fetch a token for settings that have gone run out */
        for (fake_tick(); step_call(); fake_tick())
            ;
        for (uint32_t n = 0; n < STREAMS; n++) {
            fake_close(FAKE_STREAM + n);
            check_client(n, faults.fail_host || faults.fail_memory);
            whole += fake_client(FAKE_STREAM + n)->status == 0 &&
                     fake_client(FAKE_STREAM + n)->bytes.len > 0;
        }
        fake_end();
    }
    assert_true(whole > ROUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_is_safe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
