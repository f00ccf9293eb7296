/* The hash of member names: a multiplication folded, with a secret seed, so that nobody outside
 * can make names that fall together. No factor is known outside: with one that has few bits, names
 * could be made that fall together whatever the seed. */
#ifndef ENGINE_NAME_HASH_H
#define ENGINE_NAME_HASH_H

#include "common/buf.h"
#include "interceptor/engine/short_text.h"

#include <stdint.h>

static inline uint64_t name_hash_mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t name_hash(uint64_t seed, struct slice name)
{
    const uint64_t key = seed * 0x9e3779b97f4a7c15u, odd = 0xd1b54a32d192ed03u;
    const char *p = name.data;
    size_t len = name.len;
    uint64_t a = 0, b = 0;

    for (; len > 16; len -= 16, p += 16)
        seed = name_hash_mix(short_word(p) ^ seed, short_word(p + 8) ^ key);
    if (len >= 8) {
        a = short_word(p);
        b = short_word(p + len - 8);
    } else if (len >= 4) {
        a = short_half(p);
        b = short_half(p + len - 4);
    } else if (len > 0) {
        a = (uint64_t)(unsigned char)p[0] << 16 | (uint64_t)(unsigned char)p[len / 2] << 8 |
            (unsigned char)p[len - 1];
    }
    return name_hash_mix(name_hash_mix(a ^ seed, b ^ key) ^ key, name.len ^ odd);
}

#endif
