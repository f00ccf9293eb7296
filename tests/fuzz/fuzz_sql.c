#include "tests/fuzz/engine_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1)
        fuzz_data_set(DATA_SET_SQL, (enum sql_type)(data[1] % SQL_TYPES), data[0],
                      (struct slice){(const char *)data + 2, size - 2});
    return 0;
}
