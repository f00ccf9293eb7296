/* What libFuzzer calls with each input. A target returns 0; what it dislikes it aborts on. */
#ifndef FUZZ_TARGET_H
#define FUZZ_TARGET_H

#include "common/buf.h"

/* What is before the first `end` of the input, which then begins behind it; all where it has none. */
static inline struct slice fuzz_take(struct slice *input, char end)
{
    size_t len = slice_find(*input, 0, end);
    struct slice part = {input->data, len};

    *input = slice_from(*input, len + (len < input->len));
    return part;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
