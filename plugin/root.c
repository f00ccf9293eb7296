#include "plugin/root.h"

#include "common/cleanup.h"
#include "plugin/stream.h"
#include "plugin/text.h"

enum { TICK_MS = 5, LINE_MAX = 1024, ANSWER_MAX = 65536, GROWTH = 8 };

struct root *root_new(uint32_t id, struct id_map *streams, size_t *held_bytes)
{
    struct root *root = calloc(1, sizeof *root);

    if (!root)
        return NULL;
    root->id = id;
    root->streams = streams;
    root->held_bytes = held_bytes;
    return root;
}

void root_free(struct root *root)
{
    if (!root)
        return;
    token_cache_free(root->tokens);
    settings_free(root->settings);
    id_map_done(&root->calls);
    free(root);
}

static void set_ticks(struct root *root, bool on)
{
    if (root->ticks == on)
        return;
    root->ticks = on;
    host_tick_every_ms(on ? TICK_MS : 0);
}

/* ---- configuration ---- */

static void log_fault(const struct why *why)
{
    auto_buf struct buf line = BUF_INIT(LINE_MAX);

    buf_put_slice(&line, SLICE("configuration refused: "));
    text_put_json(&line, slice_of(why->place));
    buf_put_char(&line, ' ');
    buf_put_text(&line, why->text);
    host_log(ABI_LOG_ERROR, buf_slice(&line));
}

/* The host configures one VM a worker; one of them is enough to tell. */
static bool is_told_first(const struct settings *settings, struct slice configuration)
{
    auto_buf struct buf key = BUF_INIT(LINE_MAX);
    uint64_t hash =
        text_hash(text_hash(TEXT_HASH_SEED, configuration), buf_slice(&settings->origins));
    auto_slice struct slice told = {NULL, 0};
    uint32_t cas;

    buf_put_slice(&key, SLICE("interception.told."));
    text_put_hex(&key, &hash, sizeof hash);
    if (key.failed != ST_OK)
        return false;
    told = host_shared_load(buf_slice(&key), &cas);
    if (told.len > 0)
        return false;
    host_shared_store(buf_slice(&key), SLICE("1"), 0);
    return true;
}

static bool fails_open(const struct settings *settings)
{
    bool open = settings->base.on_failure == FAIL_OPEN;

    for (uint32_t i = 0; i < settings->routes_count; i++)
        open |= settings->routes[i].on_failure == FAIL_OPEN;
    return open;
}

static void tell(const struct settings *settings)
{
    const char *at = settings->origins.data;
    const char *end = at + settings->origins.len;

    if (settings->placeholder)
        host_log(ABI_LOG_WARN, SLICE("the configuration is a placeholder and is ignored"));
    if (fails_open(settings))
        host_log(ABI_LOG_WARN,
                 SLICE("onFailure is open: answers go out unprotected when protection fails"));
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));

        if (!line_end)
            return; /* memory ended within the line */
        host_log(ABI_LOG_INFO, (struct slice){at, (size_t)(line_end - at)});
        at = line_end + 1;
    }
}

bool root_configure(struct root *root, struct slice configuration)
{
    struct settings *settings = NULL;
    struct token_cache *tokens;
    struct why why = {0};

    if (settings_read(configuration, &settings, &why) != ST_OK) {
        log_fault(&why);
        return false;
    }
    tokens = token_cache_new(settings);
    if (!tokens) {
        settings_free(settings);
        return false;
    }
    if (is_told_first(settings, configuration))
        tell(settings);
    buf_done(&settings->origins);
    statistics_define(&root->statistics);
    token_cache_free(root->tokens);
    settings_free(root->settings);
    root->tokens = tokens;
    root->settings = settings;
    if (root->first_waits) { /* for a call that went with the former settings */
        token_cache_watch(tokens);
        set_ticks(root, true);
    }
    return true;
}

/* ---- who waits for a token ---- */

static void count_fetch(const struct root *root, uint32_t call_before)
{
    if (token_cache_call(root->tokens) != call_before)
        statistics_add(&root->statistics, COUNT_TOKEN_FETCHES, 1);
}

enum token_state root_want_token(struct root *root, const struct trace *trace)
{
    uint32_t before = token_cache_call(root->tokens);
    enum token_state state = token_cache_want(root->tokens, trace);

    count_fetch(root, before);
    return state;
}

void root_await(struct root *root, struct stream *stream)
{
    if (!root->first_waits)
        token_cache_watch(root->tokens);
    stream->waits = true;
    stream->next_waits = NULL;
    stream->previous_waits = root->last_waits;
    if (root->last_waits)
        root->last_waits->next_waits = stream;
    else
        root->first_waits = stream;
    root->last_waits = stream;
    if (token_cache_call(root->tokens) == 0)
        set_ticks(root, true);
}

void root_forget(struct root *root, struct stream *stream)
{
    if (!stream->waits)
        return;
    stream->waits = false;
    if (stream->previous_waits)
        stream->previous_waits->next_waits = stream->next_waits;
    else
        root->first_waits = stream->next_waits;
    if (stream->next_waits)
        stream->next_waits->previous_waits = stream->previous_waits;
    else
        root->last_waits = stream->previous_waits;
}

/* Only those who wait now: a stream whose turn it was may wait again. */
static void wake_all(struct root *root, enum token_state state)
{
    const struct stream *last = root->last_waits;
    struct stream *stream;
    bool more = last != NULL;

    while (more && (stream = root->first_waits)) {
        more = stream != last;
        root_forget(root, stream);
        if (host_become(stream->id))
            stream_on_token(stream, state);
    }
}

void root_on_tick(struct root *root)
{
    enum token_state state;
    uint32_t before;

    if (!root->settings || !root->first_waits) {
        set_ticks(root, false);
        return;
    }
    before = token_cache_call(root->tokens);
    state = token_cache_poll(root->tokens);
    count_fetch(root, before);
    set_ticks(root, state == TOKEN_ELSEWHERE);
    if (state == TOKEN_READY || state == TOKEN_FAILED)
        wake_all(root, state);
}

/* ---- answers ---- */

static uint32_t status_of_answer(void)
{
    auto_slice struct slice text = host_header(ABI_CALL_HEADERS, ":status");

    return host_status(text);
}

/* The proxy speaks for an interceptor that it can't reach, in these words of its own. */
static bool is_of_proxy(void)
{
    auto_slice struct slice type = host_header(ABI_CALL_HEADERS, "content-type");
    auto_slice struct slice text = host_bytes(ABI_CALL_BODY, 0, 32);

    return slice_is(type, "text/plain") && (slice_starts(text, SLICE("upstream ")) ||
                                            slice_starts(text, SLICE("no healthy upstream")));
}

static enum cause judge(uint32_t status, uint32_t headers, uint64_t took_ms, uint32_t timeout_ms)
{
    if (headers == 0)
        return took_ms + took_ms / 20 >= timeout_ms ? CAUSE_TIMEOUT : CAUSE_UNREACHABLE;
    if (status == 200)
        return CAUSE_NONE;
    if (status == 503 && is_of_proxy())
        return CAUSE_UNREACHABLE;
    if (status == 504 && is_of_proxy())
        return CAUSE_TIMEOUT;
    if (status == 502 && is_of_proxy())
        return CAUSE_NONSENSE;
    return CAUSE_REFUSED;
}

static void on_token_answer(struct root *root, uint32_t headers, size_t body_len)
{
    uint32_t status = headers ? status_of_answer() : 0;
    uint64_t took_ms = host_now_ms() - token_cache_call_began_ms(root->tokens);
    enum cause cause = judge(status, headers, took_ms, root->settings->base.timeout_ms);
    auto_slice struct slice body = {NULL, 0};
    enum token_state state;

    if (cause == CAUSE_NONE && body_len <= ANSWER_MAX)
        body = host_bytes(ABI_CALL_BODY, 0, body_len);
    state = token_cache_answered(root->tokens, cause, (char *)body.data, body.len);
    if (state == TOKEN_FAILED) {
        statistics_add(&root->statistics, COUNT_TOKEN_FAILURES, 1);
        root_log_refusal("token call", token_cache_cause(root->tokens), status,
                         (struct slice){NULL, 0});
    }
    wake_all(root, state);
}

static void on_data_set_answer(struct root *root, struct stream *stream, uint32_t headers,
                               size_t body_len)
{
    uint32_t status = headers ? status_of_answer() : 0;
    uint64_t took_ms = host_now_ms() - stream->call_began_ms;
    enum cause cause = judge(status, headers, took_ms, stream->policy->timeout_ms);
    auto_slice struct slice body = {NULL, 0};

    statistics_record_call(&root->statistics, took_ms);
    if (cause == CAUSE_NONE &&
        body_len > (uint64_t)stream->policy->max_body_bytes * GROWTH + ANSWER_MAX) {
        cause = CAUSE_TOO_BIG;
    } else if (cause == CAUSE_NONE && body_len > 0) {
        body = host_bytes(ABI_CALL_BODY, 0, body_len);
        if (!body.data)
            cause = CAUSE_OVERLOADED;
    }
    if (host_become(stream->id))
        stream_on_protected(stream, cause, status, (char *)body.data, body.len);
}

void root_on_answer(struct root *root, uint32_t call, uint32_t headers, size_t body_len)
{
    struct stream *stream;
    uint32_t id;

    if (!root->settings)
        return;
    if (call != 0 && call == token_cache_call(root->tokens)) {
        on_token_answer(root, headers, body_len);
        return;
    }
    id = (uint32_t)(uintptr_t)id_map_take(&root->calls, call);
    stream = id_map_find(root->streams, id);
    if (stream && stream->root == root) /* else it has gone */
        on_data_set_answer(root, stream, headers, body_len);
}

void root_log_refusal(const char *what, enum cause cause, uint32_t status, struct slice request_id)
{
    auto_buf struct buf line = BUF_INIT(LINE_MAX);

    buf_put_text(&line, what);
    buf_put_slice(&line, SLICE(" failed: cause="));
    buf_put_slice(&line, cause_word(cause));
    if (status != 0) {
        buf_put_slice(&line, SLICE(" interceptor_status="));
        text_put_number(&line, status);
    }
    if (request_id.len > 0) {
        buf_put_slice(&line, SLICE(" request_id="));
        buf_put_slice(&line, request_id);
    }
    host_log(ABI_LOG_WARN, buf_slice(&line));
}
