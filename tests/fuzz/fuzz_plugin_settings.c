/* The plugin's configuration: refused with words, or complete enough to work. */
#include "plugin/settings.h"
#include "tests/fuzz/target.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct settings *settings = NULL;
    struct why why = {0};

    if (settings_read((struct slice){(const char *)data, size}, &settings, &why) == ST_OK) {
        assert(settings->cluster.len > 0 && settings->api_key.len > 0);
        assert(settings->base.max_body_bytes > 0 && settings->base.timeout_ms > 0);
        assert(!memchr(settings->api_key.data, '\n', settings->api_key.len));
    } else {
        assert(why.place[0] != '\0' || why.text[0] != '\0');
    }
    settings_free(settings);
    return 0;
}
