/* Locals that release themselves when they leave their scope.
 *
 *     auto_free char *name = strdup(text);
 *     ...
 *     *ret = take(name);      handed over: the local is NULL now, nothing is released
 *
 * A module with a type of its own adds an attribute beside it, by DEFINE_CLEANUP:
 *     DEFINE_CLEANUP(manifest, struct manifest *, manifest_free)
 *     #define auto_manifest __attribute__((cleanup(cleanup_manifest)))  */
#ifndef COMMON_CLEANUP_H
#define COMMON_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

#define DEFINE_CLEANUP(name, type, release)                                                        \
    static inline void cleanup_##name(type *p)                                                     \
    {                                                                                              \
        if (*p)                                                                                    \
            release(*p);                                                                           \
    }

static inline void cleanup_free(void *p)
{
    free(*(void **)p);
}

static inline void cleanup_fd(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

#define auto_free __attribute__((cleanup(cleanup_free)))
#define auto_fd   __attribute__((cleanup(cleanup_fd)))

/* The value of a pointer, which is NULL from then on. */
#define take(p)                                                                                    \
    __extension__({                                                                                \
        __typeof__(p) taken_ = (p);                                                                \
        (p) = NULL;                                                                                \
        taken_;                                                                                    \
    })

#endif
