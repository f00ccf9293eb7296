#include "interceptor/engine/envelope.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>

static void check(struct slice s, const char *body, size_t size)
{
    if (s.data && (s.data < body || s.data + s.len > body + size))
        abort();
}

/* Every slice that is told must lie within the body. */
static void check_all(const struct envelope *e, const char *body, size_t size)
{
    check(e->data_set, body, size);
    check(e->manifest_name, body, size);
    check(e->third_party_name, body, size);
    check(e->classification_model, body, size);
    for (size_t i = 0; i < e->claim_count; i++) {
        check(e->claims[i].name, body, size);
        check(e->claims[i].value, body, size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *body = malloc(size ? size : 1);
    struct envelope e;
    struct why why;

    for (size_t i = 0; i < size; i++)
        body[i] = (char)data[i];
    if (envelope_read(body, size, size % 2, &e, &why) == ENVELOPE_FINE)
        check_all(&e, body, size);
    envelope_done(&e);
    free(body);
    return 0;
}
