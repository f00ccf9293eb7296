#include "employees-mock/exchange.h"

enum status exchange_fill(const struct exchange *x, const struct answer_text *text, struct buf *ret,
                          struct why *why)
{
    struct template_context context = {
        .settings = &x->app->templates,
        .request = x->request,
        .request_id = x->event ? slice_of(x->event->id) : (struct slice){0},
        .path_template = x->stub->path_template,
        .parameters = x->answer->parameters,
    };

    if (text->filled)
        return template_render(text->filled, &context, ret, why);
    buf_put(ret, text->text, text->len);
    return buf_status(ret, why);
}
