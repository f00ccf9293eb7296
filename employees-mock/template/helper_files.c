/* i18n, i18nJs, embedded, precompile: helpers of Handlebars.java that need files beside Java's.
 * They are known, as a template that only names them works; to call one fails. */
#include "employees-mock/template/helper.h"

#include "employees-mock/template/render.h"

/* False: the first argument is no text, which was thrown. */
static bool has_text(struct call *c)
{
    if (c->context.kind == V_STRING)
        return true;
    call_throw_cast(c, c->context, "java.lang.String");
    return false;
}

static struct value run_template_file(struct call *c)
{
    if (!has_text(c))
        return VALUE_NULL;
    return call_throw(c, "java.io.FileNotFoundException: /%.*s.hbs", SHOW(c->context.text));
}

static struct value run_i18n(struct call *c)
{
    struct slice bundle = SLICE("messages");
    struct slice locale = SLICE("en");

    if (!has_text(c) || !call_hash_text(c, "bundle", &bundle) ||
        !call_hash_text(c, "locale", &locale))
        return VALUE_NULL;
    return call_throw(c,
                      "java.util.MissingResourceException: Can't find bundle for base name %.*s, "
                      "locale %.*s",
                      SHOW(bundle), SHOW(locale));
}

static struct value run_i18n_js(struct call *c)
{
    if (!has_text(c))
        return VALUE_NULL;
    return call_throw(c, "java.lang.IllegalArgumentException: Invalid locale format: %.*s",
                      SHOW(c->context.text));
}

const struct helper helpers_files[] = {
    {.name = "embedded", .run = run_template_file},
    {.name = "precompile", .run = run_template_file},
    {.name = "i18n", .run = run_i18n},
    {.name = "i18nJs", .run = run_i18n_js},
    {.name = NULL},
};
