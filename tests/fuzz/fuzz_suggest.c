/* The body of a request for a proposal; its data set, where it has none the whole, is the sample. */
#include "common/json.h"
#include "interceptor/proposal.h"
#include "interceptor/sample_body.h"
#include "tests/fuzz/target.h"

static void propose(struct slice sample)
{
    for (int type = 0; type < DATA_SET_TYPES; type++) {
        auto_json json_t *proposal = NULL;

        (void)!proposal_write((enum data_set_type)type, sample, "m", &proposal, NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice body = {(const char *)data, size};
    auto_json json_t *read = NULL;
    const json_t *sample;

    if (sample_body_read(body, &read, NULL) != ST_OK) {
        propose(body);
        return 0;
    }
    sample = json_object_get(read, "dataSet");
    if (json_is_string(sample))
        propose((struct slice){json_string_value(sample), json_string_length(sample)});
    return 0;
}
