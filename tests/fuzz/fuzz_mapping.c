/* Mapping JSON: whatever it says, a stub is made or refused with a place, and what is made writes
 * itself back as a mapping that is taken again. */
#include "common/json.h"
#include "employees-mock/admin/partial_read.h"
#include "employees-mock/match/json_loose.h"
#include "employees-mock/stub.h"
#include "tests/fuzz/target.h"

#include <assert.h>
#include <stddef.h>

/* What was read of a text that breaks off is bound like any other document. */
static void bind_partial(struct slice text, const struct stub_rules *rules)
{
    static const char *const objects[] = {"request", "response", NULL};
    auto_partial struct partial partial = {0};
    auto_stub struct stub *s = NULL;
    struct match_fault fault = {0};

    partial_read(text, objects, &partial);
    if (partial.document && stub_parse(partial.document, "", rules, &s, &fault) != ST_OK)
        (void)partial_counts(&partial, &fault);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct stub_rules rules = {TEMPLATING_LOCAL};
    auto_json json_t *json = NULL;
    auto_stub struct stub *s = NULL;
    auto_stub struct stub *again = NULL;
    struct match_fault fault = {0};

    if (json_loose_read((struct slice){(const char *)data, size}, &json, NULL) != ST_OK) {
        bind_partial((struct slice){(const char *)data, size}, &rules);
        return 0;
    }
    if (stub_parse(json, "", &rules, &s, &fault) != ST_OK) {
        assert(fault.title[0]);
        return 0;
    }
    assert(stub_parse(s->json, "", &rules, &again, &fault) == ST_OK);
    return 0;
}
