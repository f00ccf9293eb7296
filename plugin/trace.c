#include "plugin/trace.h"

#include "plugin/text.h"

enum { ID_AT = 3, ID_LEN = 32, PARENT_AT = 36, PARENT_LEN = 16, FLAGS_AT = 53 };
enum { REQUEST_ID_MAX = 256, STATE_MAX = 2048 };

/* Lower-case hex digits, and, for an id, not all of them 0. */
static bool is_hex(const char *at, size_t len, bool is_id)
{
    bool some = !is_id;

    for (size_t i = 0; i < len; i++) {
        if (text_hex_digit(at[i]) < 0 || (at[i] >= 'A' && at[i] <= 'F'))
            return false;
        some |= at[i] != '0';
    }
    return some;
}

bool trace_is_parent(struct slice text)
{
    const char *at = text.data;

    if (text.len < TRACE_PARENT_LEN || (at[0] == 'f' && at[1] == 'f'))
        return false;
    /* Later versions may have more behind the flags. */
    if (text.len > TRACE_PARENT_LEN &&
        ((at[0] == '0' && at[1] == '0') || at[TRACE_PARENT_LEN] != '-'))
        return false;
    return is_hex(at, 2, false) && at[2] == '-' && is_hex(at + ID_AT, ID_LEN, true) &&
           at[35] == '-' && is_hex(at + PARENT_AT, PARENT_LEN, true) && at[52] == '-' &&
           is_hex(at + FLAGS_AT, 2, false);
}

/* The token call goes for all who wait: no caller may make it one that is refused for its size. */
static struct slice copy_short(struct slice headers, const char *name, size_t most)
{
    struct slice value = host_headers_find(headers, name);

    if (value.len > most)
        value.len = 0;
    return host_slice_copy(value);
}

void trace_read(struct trace *trace, struct slice headers)
{
    struct slice parent = host_headers_find(headers, "traceparent");

    trace->request_id = copy_short(headers, "x-request-id", REQUEST_ID_MAX);
    if (!trace_is_parent(parent))
        return;
    trace->parent = host_slice_copy(parent);
    trace->state = copy_short(headers, "tracestate", STATE_MAX);
}

void trace_done(struct trace *trace)
{
    host_slice_free(&trace->parent);
    host_slice_free(&trace->state);
    host_slice_free(&trace->request_id);
}

static bool write_parent(const struct trace *trace, char *fresh)
{
    unsigned char id[PARENT_LEN / 2];
    auto_buf struct buf hex = BUF_INIT(PARENT_LEN);

    if (!host_random(id, sizeof id))
        return false;
    id[0] |= 1; /* never all zeros */
    text_put_hex(&hex, id, sizeof id);
    if (hex.failed != ST_OK)
        return false;
    memcpy(fresh, trace->parent.data, TRACE_PARENT_LEN);
    memcpy(fresh, "00", 2);
    memcpy(fresh + PARENT_AT, hex.data, PARENT_LEN);
    return true;
}

size_t trace_headers(const struct trace *trace, char fresh[TRACE_PARENT_LEN],
                     struct host_header_pair headers[TRACE_HEADERS_MAX])
{
    size_t count = 0;

    if (!trace)
        return 0;
    if (trace->request_id.len > 0)
        headers[count++] = (struct host_header_pair){SLICE("x-request-id"), trace->request_id};
    if (trace->parent.len == 0 || !write_parent(trace, fresh))
        return count;
    headers[count++] = (struct host_header_pair){SLICE("traceparent"), {fresh, TRACE_PARENT_LEN}};
    if (trace->state.len > 0)
        headers[count++] = (struct host_header_pair){SLICE("tracestate"), trace->state};
    return count;
}
