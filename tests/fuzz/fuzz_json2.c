#include "tests/fuzz/engine_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    /* Blindly replaced, as the clients of the second encoding do. */
    for (size_t i = 1; i < size; i++)
        text[i - 1] = data[i] == '"' ? '\'' : (char)data[i];
    if (size > 0)
        fuzz_data_set(DATA_SET_JSON, 0, data[0], (struct slice){text, size - 1});
    free(text);
    return 0;
}
