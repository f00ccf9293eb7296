#include "employees-mock/exchange.h"

void exchange_delay(const struct exchange *x)
{
    uint64_t delay_ms = settings_delay_ms(x->app->settings, x->answer);

    if (delay_ms)
        http_reply_delay(x->http, delay_ms);
    if (x->event)
        x->event->added_delay_ms = delay_ms;
}

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
