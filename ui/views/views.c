/* The list of views. A new one is a file, a line here, and its action in the table. */
#include "ui/views/views.h"
#include "base/memory.h"

static const struct view *const all[] = {
    &view_overview,  &view_components, &view_api,    &view_history,
    &view_workloads, &view_databases,  &view_events, &view_concerns,
};

size_t views_count(void)
{
    return LENGTH_OF(all);
}

const struct view *views_at(size_t index)
{
    return all[index];
}
