/* The plugin's reader of token answers: what it takes is a token that can stand in a header. */
#include "plugin/message.h"
#include "tests/fuzz/target.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    struct token_reply reply;

    memcpy(text, data, size);
    if (message_read_token(text, size, &reply)) {
        assert(reply.expires_in_s > 0 && reply.token.len > 0);
        for (size_t i = 0; i < reply.token.len; i++)
            assert(reply.token.data[i] > 0x20 && reply.token.data[i] < 0x7f);
    }
    free(text);
    return 0;
}
