/* Between the files of the settings: settings.c goes through the members, settings_member.c is
 * the table of them and reads single values, settings_list.c those that are lists. */
#ifndef PLUGIN_SETTINGS_INTERNAL_H
#define PLUGIN_SETTINGS_INTERNAL_H

#include "plugin/json_in.h"
#include "plugin/settings.h"

struct member;

/* One value, given as JSON or as the plain text of a variable. */
struct reading {
    struct settings *settings;
    struct policy *policy; /* the base or a route */
    const struct member *member;
    struct why *why;
};

typedef enum status member_read(struct reading *reading, struct json_in *in);

struct member {
    const char *name;
    const char *variable; /* NULL: none */
    bool in_routes;       /* may stand in a route too */
    bool secret;
    size_t offset; /* in struct policy, or in struct settings when it can't stand in a route */
    member_read *read;
    enum status (*read_text)(struct reading *reading, struct slice text); /* for strings */
    const char *choices; /* words, each with a blank before and behind it */
    uint32_t max;
};

/* NULL: there is no such member. */
const struct member *settings_member_find(struct slice name);
extern const struct member settings_members[];
extern const size_t settings_members_count;

/* Writes the words, and the member's name, if there is one, as the place. `why` begins zeroed. */
enum status settings_fault(const struct reading *reading, const char *text);

/* Zeroed memory that lives as long as the settings; NULL when there is none. */
void *settings_alloc(struct settings *settings, size_t size);

member_read settings_read_claim_headers, settings_read_matching_rule, settings_read_pass_types;

/* The types that pass by default. */
enum status settings_default_passes(struct settings *settings, struct why *why);

#endif
