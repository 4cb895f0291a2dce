/* Database clusters, as their operator reports them. */
#include "base/i18n.h"
#include "base/memory.h"
#include "ui/list_view.h"
#include "ui/theme.h"
#include "ui/views/views.h"
#include "ui/words.h"
#include <string.h>

enum { COLUMN_NAME, COLUMN_READY, COLUMN_PHASE, COLUMN_PRIMARY, COLUMN_IMAGE };

static const struct pane_column columns[] = {
    [COLUMN_NAME] = {.title = "", .least = 14, .most = 40},
    [COLUMN_READY] = {.title = N_("ready"), .least = 5, .right = true},
    [COLUMN_PHASE] = {.title = N_("phase"), .least = 12, .most = 60},
    [COLUMN_PRIMARY] = {.title = N_("primary"), .least = 10, .most = 30, .drop = PANE_DROP_NICE},
    [COLUMN_IMAGE] = {.title = N_("image"), .tail = true, .least = 14, .most = 40, .drop = 4},
};

static size_t count(const struct scene *scene)
{
    return scene->picture->database_count;
}

static void key(const struct scene *scene, size_t row, struct text *text)
{
    const struct picture_database *database = &scene->picture->databases[row];
    text_append_format(text, "%s/%s", database->namespace, database->name);
}

static bool moving(const struct picture_database *database)
{
    return database->target_primary[0] != '\0' && !text_equal(database->primary, database->target_primary);
}

static const char *short_image(const char *image)
{
    const char *slash = strrchr(image, '/');
    return slash != NULL ? slash + 1 : image;
}

static void cell(const struct scene *scene, size_t row, size_t column, struct pane_cell *cell)
{
    const struct picture_database *database = &scene->picture->databases[row];
    unsigned style = database->healthy ? STYLE_PLAIN : STYLE_BAD;
    switch (column) {
    case COLUMN_NAME:
        pane_cell_format(cell, STYLE_STRONG, "%s/%s", database->namespace, database->name);
        break;
    case COLUMN_READY:
        words_append_ready(&cell->text, database->ready, database->instances);
        cell->style = database->ready < database->instances ? STYLE_BAD : STYLE_PLAIN;
        break;
    case COLUMN_PHASE:
        if (database->healthy)
            pane_cell_format(cell, style, "%s", _("healthy"));
        else
            pane_cell_format(cell, style, "%s%s%s", database->phase[0] != '\0' ? database->phase : _("no phase told"),
                             moving(database) ? " → " : "", moving(database) ? database->target_primary : "");
        break;
    case COLUMN_PRIMARY:
        pane_cell_format(cell, STYLE_DIM, "%s", database->primary);
        break;
    default:
        pane_cell_format(cell, STYLE_DIM, "%s", short_image(database->image));
        break;
    }
}

static const struct part *part(const struct scene *scene)
{
    return &scene->picture->databases_part;
}

static void title_note(const struct scene *scene, struct text *note, unsigned *style)
{
    size_t total = scene->picture->database_count;
    size_t healthy = 0;
    for (size_t i = 0; i < total; i++)
        healthy += scene->picture->databases[i].healthy;
    *style = healthy < total ? STYLE_BAD : STYLE_DIM;
    if (total > 0)
        text_append_format(note, _("%zu of %zu healthy"), healthy, total);
}

static void empty(const struct scene *scene, struct text *sentence)
{
    if (scene->picture->databases_part.state == PART_UNUSED)
        text_append(sentence, _("No playbook says that this system has database clusters."));
    else
        text_append(sentence, _("There is no database cluster here."));
}

static void describe_images(struct document *document, const char *label, const struct picture_image *images,
                            size_t image_count)
{
    for (size_t i = 0; i < image_count; i++)
        document_field(document, i == 0 ? label : "", image_count > 1 ? STYLE_WARN : STYLE_PLAIN,
                       ngettext("%d pod: %s %s", "%d pods: %s %s", (unsigned long)images[i].pods), images[i].pods,
                       images[i].image, images[i].digest);
}

static void detail(const struct scene *scene, size_t row, struct document *document)
{
    const struct picture_database *database = &scene->picture->databases[row];
    document_field(document, _("phase"), database->healthy ? STYLE_GOOD : STYLE_BAD, "%s", database->phase);
    document_field(document, _("why"), STYLE_PLAIN, "%s", database->phase_reason);
    document_field(document, _("instances"), STYLE_PLAIN, _("%d of %d ready"), database->ready, database->instances);
    document_field(document, _("primary"), moving(database) ? STYLE_WARN : STYLE_PLAIN, "%s%s%s", database->primary,
                   moving(database) ? " → " : "", moving(database) ? database->target_primary : "");
    document_field(document, _("image"), STYLE_PLAIN, "%s", database->image);
    describe_images(document, _("postgres"), database->postgres, database->postgres_count);
    describe_images(document, _("gateway"), database->gateway, database->gateway_count);
}

const struct pane pane_databases = {
    .title = N_("Database clusters"),
    .columns = columns,
    .column_count = LENGTH_OF(columns),
    .count = count,
    .key = key,
    .cell = cell,
    .part = part,
    .title_note = title_note,
    .empty = empty,
    .detail = detail,
};

static void *open_view(const struct scene *scene, const struct view_request *request)
{
    (void)scene;
    (void)request;
    struct list_view *list = memory_new(sizeof *list);
    list_view_init(list, &pane_databases);
    return list;
}

const struct view view_databases = {
    .name = "databases",
    .scope = SCOPE_LIST,
    .footer = {ACTION_NEXT_PANE, ACTION_NONE},
    .open = open_view,
    .close = list_view_close,
    .draw = list_view_draw_state,
    .act = list_view_act_state,
    .filter = list_view_filter_state,
    .filtered_by = list_view_filtered_by,
};
