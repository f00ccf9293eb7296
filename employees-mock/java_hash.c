#include "employees-mock/java_hash.h"

#include "common/utf8.h"

int32_t java_hash(struct slice text)
{
    uint32_t hash = 0;
    uint32_t code;
    size_t len;

    for (; text.len > 0; text = slice_from(text, len)) {
        len = utf8_step(text, &code);
        if (len == 0) {
            code = 0xfffd;
            len = 1;
        }
        if (code >= 0x10000) { /* two units */
            hash = hash * 31 + (0xd800 + ((code - 0x10000) >> 10));
            code = 0xdc00 + ((code - 0x10000) & 0x3ff);
        }
        hash = hash * 31 + code;
    }
    return (int32_t)hash;
}

uint32_t java_bucket_of(struct slice name, uint32_t buckets)
{
    uint32_t hash = (uint32_t)java_hash(name);

    return (hash ^ hash >> 16) & (buckets - 1);
}

static uint32_t grown(uint32_t buckets, size_t count)
{
    while (count > (size_t)buckets / 4 * 3)
        buckets *= 2;
    return buckets;
}

uint32_t java_bucket(struct slice name, size_t count)
{
    return java_bucket_of(name, grown(16, count));
}

uint32_t java_buckets_of_copy(size_t copied, size_t count)
{
    uint32_t buckets = 1;

    if (copied == 0)
        return grown(16, count);
    while (buckets < copied * 4 / 3 + 1)
        buckets *= 2;
    return buckets < 4 && count > buckets * 3 / 4 ? 4 : grown(buckets, count);
}

void java_set_sort(const char **texts, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const char *moved = texts[i];
        uint32_t bucket = java_bucket(slice_of(moved), count);
        size_t at = i;

        for (; at > 0 && java_bucket(slice_of(texts[at - 1]), count) > bucket; at--)
            texts[at] = texts[at - 1];
        texts[at] = moved;
    }
}
