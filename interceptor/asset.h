/* Files that are part of the program: put into the object by the assembler, each followed by a NUL
 * that does not count.
 *
 *     ASSET(page_index, "interceptor/web/index.html")
 *     ... asset_text(page_index) ... asset_slice(page_index) ...
 *
 * Paths are relative to the folder in which make runs. */
#ifndef INTERCEPTOR_ASSET_H
#define INTERCEPTOR_ASSET_H

#include "common/buf.h"

#define ASSET(name, file)                                                                          \
    __asm__(".pushsection .rodata\n"                                                               \
            ".balign 16\n" #name "_begin:\n"                                                       \
            ".incbin \"" file "\"\n" #name "_end:\n"                                               \
            ".byte 0\n"                                                                            \
            ".popsection\n");                                                                      \
    extern const char name##_begin[];                                                              \
    extern const char name##_end[]

#define asset_text(name)  (name##_begin)
#define asset_slice(name) ((struct slice){name##_begin, (size_t)(name##_end - name##_begin)})

#endif
