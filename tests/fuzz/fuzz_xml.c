#include "tests/fuzz/engine_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0)
        fuzz_data_set(DATA_SET_XML, 0, data[0], (struct slice){(const char *)data + 1, size - 1});
    return 0;
}
