/* The token endpoint's form: fields stay inside the decoded text, whatever the body. */
#include "interceptor/token_form.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    auto_token_form struct token_form form = {0};
    struct why why = {0};

    if (token_form_parse((struct slice){(const char *)data, size}, &form, &why) != ST_OK)
        return 0;
    for (int field = 0; field < FORM_FIELDS; field++) {
        struct slice value = form.fields[field];

        if (!value.data)
            continue;
        if (value.data < form.text || value.data + value.len > form.text + size)
            abort();
        for (size_t i = 0; i < value.len; i++) { /* every byte may be read */
            volatile char c = value.data[i];

            (void)c;
        }
    }
    return 0;
}
