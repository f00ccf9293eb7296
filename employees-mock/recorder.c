#include "employees-mock/recorder.h"

void recorder_note(struct app *app, struct event *event)
{
    (void)app;
    (void)event;
}
