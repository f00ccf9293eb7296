#include "tests/plugin/fake_script.h"

static struct fake_reply reply_to(const struct fake_script *script, bool is_token,
                                  struct fake_outcome *outcome)
{
    static const struct fake_reply token = {"200", "{\"access_token\":\"t\",\"expires_in\":60}"};
    static const struct fake_reply data_set = {"200", "{\"dataSet\":\"{\\\"name\\\":\\\"*\\\"}\"}"};
    unsigned nth = is_token ? outcome->token_calls++ : outcome->data_set_calls++;
    struct fake_reply scripted = is_token ? script->token : script->data_set[nth > 0 ? 1 : 0];

    return scripted.status ? scripted : is_token ? token : data_set;
}

static void answer_calls(const struct fake_script *script, unsigned *next,
                         struct fake_outcome *outcome)
{
    for (; fake_call(*next)->id != 0; ++*next) {
        struct fake_reply reply = reply_to(script, fake_call(*next)->is_token, outcome);

        fake_answer_call(*next, reply.status, reply.body);
    }
}

static void play(const struct fake_script *script, struct fake_outcome *outcome)
{
    unsigned next = 0;

    fake_request(FAKE_STREAM,
                 (struct fake_request){.path = script->path, .body = script->request_body});
    fake_answer(FAKE_STREAM, (struct fake_answer){script->content_type, script->answer_body,
                                                  script->trailers, false});
    if (script->again) {
        fake_configure(script->configuration);
        fake_now_ms += 10000; /* the former call's claim has run out, if it stands there still */
    }
    if (script->aborts)
        fake_close(FAKE_STREAM);
    answer_calls(script, &next, outcome);
    for (int i = 0; i < 3; i++)
        fake_tick();
    answer_calls(script, &next, outcome);
    fake_close(FAKE_STREAM);
    outcome->client = *fake_client(FAKE_STREAM);
    fake_client(FAKE_STREAM)->bytes = (struct buf){0};
}

void fake_run(const struct fake_script *script, unsigned fail_host, unsigned fail_memory,
              struct fake_outcome *ret)
{
    *ret = (struct fake_outcome){.faults = {.fail_host = fail_host, .fail_memory = fail_memory}};
    ret->configured = fake_start(script->configuration, &ret->faults);
    if (ret->configured)
        play(script, ret);
    fake_end();
}
