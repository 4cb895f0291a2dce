/* API versions in use: how many objects each has, and which objects these are. */
#include "base/i18n.h"
#include "base/memory.h"
#include "ui/list_view.h"
#include "ui/theme.h"
#include "ui/views/views.h"
#include "ui/words.h"
#include <stdlib.h>
#include <string.h>

/* ---- versions: a row for each version of each API ---- */

enum { VERSION_API, VERSION_NAME, VERSION_STATE, VERSION_BAR, VERSION_COUNT, VERSION_NOTE };

static const struct pane_column version_columns[] = {
    [VERSION_API] = {.title = "", .least = 8, .most = 30, .drop = 3},
    [VERSION_NAME] = {.title = "", .least = 3, .most = 12},
    [VERSION_STATE] = {.title = "", .least = 10, .most = 20},
    [VERSION_BAR] = {.title = "", .least = 8, .drop = 2},
    [VERSION_COUNT] = {.title = N_("objects"), .least = 3, .right = true},
    [VERSION_NOTE] = {.title = "", .least = 12, .most = 40, .drop = 1},
};

static size_t version_count(const struct scene *scene)
{
    size_t count = 0;
    for (size_t i = 0; i < scene->picture->api_count; i++)
        count += scene->picture->apis[i].version_count;
    return count;
}

/* The API and version of a row; NULL when there is no such row any more. */
static const struct picture_api_version *version_at(const struct scene *scene, size_t row,
                                                    const struct picture_api **ret_api)
{
    for (size_t i = 0; i < scene->picture->api_count; i++) {
        const struct picture_api *api = &scene->picture->apis[i];
        if (row < api->version_count) {
            *ret_api = api;
            return &api->versions[row];
        }
        row -= api->version_count;
    }
    return NULL;
}

static void version_key(const struct scene *scene, size_t row, struct text *text)
{
    const struct picture_api *api = NULL;
    const struct picture_api_version *version = version_at(scene, row, &api);
    if (version != NULL)
        text_append_format(text, "%s/%s", api->crd, version->name);
}

static void cell_state(const struct picture_api_version *version, struct pane_cell *cell)
{
    const char *word = version->deprecated ? _("deprecated") : version->served ? _("served") : _("NOT SERVED");
    unsigned style = version->deprecated || !version->served ? STYLE_WARN : STYLE_PLAIN;
    pane_cell_format(cell, style, "%s%s", word, version->storage ? _(", stored") : "");
    if (version->storage && version->served && !version->deprecated) {
        text_clear(&cell->text);
        text_append(&cell->text, _("stored"));
    }
}

static void version_cell(const struct scene *scene, size_t row, size_t column, struct pane_cell *cell)
{
    const struct picture_api *api = NULL;
    const struct picture_api_version *version = version_at(scene, row, &api);
    if (version == NULL)
        return;
    switch (column) {
    case VERSION_API:
        if (scene->picture->api_count > 1)
            text_append(&cell->text, api->plural);
        break;
    case VERSION_NAME:
        pane_cell_format(cell, STYLE_STRONG, "%s", version->name);
        break;
    case VERSION_STATE:
        cell_state(version, cell);
        break;
    case VERSION_BAR:
        cell->bar = api->object_count > 0 ? (double)version->count / (double)api->object_count : 0;
        cell->style = version->deprecated || !version->served ? STYLE_WARN : STYLE_INFO;
        break;
    case VERSION_COUNT:
        pane_cell_format(cell, STYLE_PLAIN, "%zu", version->count);
        break;
    default:
        if (version->not_ready > 0)
            pane_cell_format(cell, STYLE_WARN, _("%zu not ready"), version->not_ready);
        break;
    }
}

/* With several APIs the worst of them. */
static const struct part *part(const struct scene *scene)
{
    static const struct part unused = {.state = PART_UNUSED, .heard_ms = -1};
    static const int order[] = {
        [PART_UNUSED] = 0, [PART_LIVE] = 1, [PART_WAITING] = 2, [PART_UNKNOWN] = 3, [PART_STALE] = 4};
    const struct part *worst = &unused;
    for (size_t i = 0; i < scene->picture->api_count; i++)
        if (order[scene->picture->apis[i].part.state] > order[worst->state])
            worst = &scene->picture->apis[i].part;
    return scene->picture->api_count == 0 ? &scene->picture->components_part : worst;
}

static size_t orphaned_count(const struct picture_api *api)
{
    size_t count = 0;
    while (api->orphaned != NULL && api->orphaned[count] != NULL)
        count++;
    return count;
}

static void version_note(const struct scene *scene, struct text *note, unsigned *style)
{
    size_t orphaned = 0;
    for (size_t i = 0; i < scene->picture->api_count; i++)
        orphaned += orphaned_count(&scene->picture->apis[i]);
    *style = orphaned > 0 ? STYLE_BAD : STYLE_DIM;
    if (orphaned > 0)
        text_append_format(note, _("%zu NOT SERVED by r%d"), orphaned, scene->picture->target_revision);
    else if (scene->picture->api_count == 1)
        text_append(note, scene->picture->apis[0].crd);
}

static void version_empty(const struct scene *scene, struct text *sentence)
{
    (void)scene;
    text_append(sentence, _("The release has no custom resource definition."));
}

const struct pane pane_apis = {
    .title = N_("API versions"),
    .columns = version_columns,
    .column_count = LENGTH_OF(version_columns),
    .count = version_count,
    .key = version_key,
    .cell = version_cell,
    .part = part,
    .title_note = version_note,
    .empty = version_empty,
};

/* ---- the same with a first row for all objects, to choose from ---- */

static size_t choice_count(const struct scene *scene)
{
    size_t count = version_count(scene);
    return count > 0 ? count + 1 : 0;
}

static void choice_key(const struct scene *scene, size_t row, struct text *text)
{
    if (row == 0)
        text_append(text, "all");
    else
        version_key(scene, row - 1, text);
}

static void choice_cell(const struct scene *scene, size_t row, size_t column, struct pane_cell *cell)
{
    size_t total = 0;
    for (size_t i = 0; i < scene->picture->api_count; i++)
        total += scene->picture->apis[i].object_count;
    if (row > 0)
        version_cell(scene, row - 1, column, cell);
    else if (column == VERSION_NAME)
        pane_cell_format(cell, STYLE_STRONG, "%s", _("all"));
    else if (column == VERSION_COUNT)
        pane_cell_format(cell, STYLE_PLAIN, "%zu", total);
}

static const struct pane pane_choices = {
    .title = N_("API versions"),
    .columns = version_columns,
    .column_count = LENGTH_OF(version_columns),
    .count = choice_count,
    .key = choice_key,
    .cell = choice_cell,
    .part = part,
    .title_note = version_note,
    .empty = version_empty,
};

/* ---- objects ---- */

enum { OBJECT_NAME, OBJECT_VERSION, OBJECT_EVIDENCE, OBJECT_WRITER, OBJECT_READY, OBJECT_NEXT, OBJECT_KIND };

static const struct pane_column object_columns[] = {
    [OBJECT_NAME] = {.title = "", .least = 16, .most = 60},
    [OBJECT_VERSION] = {.title = N_("version"), .least = 7, .most = 12},
    [OBJECT_EVIDENCE] = {.title = N_("evidence"), .least = 12, .most = 16},
    [OBJECT_WRITER] = {.title = N_("last written by"), .least = 15, .most = 48, .drop = 1},
    [OBJECT_READY] = {.title = N_("state"), .least = 6, .most = 24, .drop = 2},
    [OBJECT_NEXT] = {.title = N_("next"), .least = 8, .drop = 3},
    [OBJECT_KIND] = {.title = N_("kind"), .least = 6, .most = 24, .drop = 4},
};

static size_t object_count(const struct scene *scene)
{
    size_t count = 0;
    for (size_t i = 0; i < scene->picture->api_count; i++)
        count += scene->picture->apis[i].object_count;
    return count;
}

static const struct picture_api_object *object_at(const struct scene *scene, size_t row,
                                                  const struct picture_api **ret_api)
{
    for (size_t i = 0; i < scene->picture->api_count; i++) {
        const struct picture_api *api = &scene->picture->apis[i];
        if (row < api->object_count) {
            *ret_api = api;
            return &api->objects[row];
        }
        row -= api->object_count;
    }
    return NULL;
}

static void object_key(const struct scene *scene, size_t row, struct text *text)
{
    const struct picture_api *api = NULL;
    const struct picture_api_object *object = object_at(scene, row, &api);
    text_append_format(text, "%s %s/%s", api->kind, object->namespace, object->name);
}

static void object_cell(const struct scene *scene, size_t row, size_t column, struct pane_cell *cell)
{
    const struct picture_api *api = NULL;
    const struct picture_api_object *object = object_at(scene, row, &api);
    switch (column) {
    case OBJECT_NAME:
        pane_cell_format(cell, STYLE_STRONG, "%s%s%s", object->namespace, object->namespace[0] != '\0' ? "/" : "",
                         object->name);
        break;
    case OBJECT_VERSION:
        text_append(&cell->text, object->version[0] != '\0' ? object->version : _("unknown"));
        break;
    case OBJECT_EVIDENCE:
        pane_cell_format(cell, STYLE_DIM, "%s", object->evidence);
        break;
    case OBJECT_WRITER:
        text_append(&cell->text, object->last_written_by);
        break;
    case OBJECT_READY:
        text_append(&cell->text, object->ready);
        break;
    case OBJECT_NEXT:
        pane_cell_format(cell, object->ready_for_next == 0 ? STYLE_WARN : STYLE_DIM, "%s",
                         object->ready_for_next < 0   ? ""
                         : object->ready_for_next > 0 ? _("ready")
                                                      : _("not ready"));
        break;
    default:
        pane_cell_format(cell, STYLE_DIM, "%s", api->kind);
        break;
    }
}

static void object_note(const struct scene *scene, struct text *note, unsigned *style)
{
    (void)scene;
    *style = STYLE_DIM;
    text_append(note, _("'written with', by the best evidence there is"));
}

static void object_empty(const struct scene *scene, struct text *sentence)
{
    (void)scene;
    text_append(sentence, _("There is no object of these kinds yet."));
}

static bool is_orphaned(const struct picture_api *api, const struct picture_api_object *object)
{
    CLEANUP_FREE char *name = memory_format("%s/%s", object->namespace, object->name);
    for (size_t i = 0; api->orphaned != NULL && api->orphaned[i] != NULL; i++)
        if (text_equal(api->orphaned[i], name))
            return true;
    return false;
}

static void object_detail(const struct scene *scene, size_t row, struct document *document)
{
    const struct picture_api *api = NULL;
    const struct picture_api_object *object = object_at(scene, row, &api);
    document_field(document, _("written with"), STYLE_PLAIN, _("%s, says %s"),
                   object->version[0] != '\0' ? object->version : _("unknown"),
                   object->evidence[0] != '\0' ? object->evidence : _("nothing"));
    document_field(document, _("last writer"), STYLE_PLAIN, "%s", object->last_written_by);
    if (is_orphaned(api, object))
        document_field(document, _("target"), STYLE_BAD,
                       _("r%d does not serve this version: a rollback would leave the object out of reach"),
                       scene->picture->target_revision);
    document_field(document, _("state"), STYLE_PLAIN, "%s", object->ready);
    document_field(document, _("ready for next"), object->ready_for_next == 0 ? STYLE_WARN : STYLE_PLAIN, "%s",
                   words_yes_no(object->ready_for_next));
    document_field(document, _("supported"), STYLE_PLAIN, "%s", object->supported);
    document_field(document, _("compatible"), STYLE_PLAIN, "%s", object->compatible);
    document_field(document, _("operator"), STYLE_PLAIN, "%s", object->operator_version);
    struct text stored = {0};
    for (size_t i = 0; api->stored_versions != NULL && api->stored_versions[i] != NULL; i++)
        text_append_format(&stored, "%s%s", i > 0 ? ", " : "", api->stored_versions[i]);
    document_field(document, _("definition"), STYLE_DIM, _("%s; stored versions: %s"), api->crd, text_peek(&stored));
    text_release(&stored);
}

static const struct pane pane_objects = {
    .title = N_("Objects"),
    .columns = object_columns,
    .column_count = LENGTH_OF(object_columns),
    .count = object_count,
    .key = object_key,
    .cell = object_cell,
    .part = part,
    .title_note = object_note,
    .empty = object_empty,
    .detail = object_detail,
};

/* ---- the view: versions above, the objects of the one that the pointer is on below ---- */

struct state {
    struct table versions;
    struct list_view objects;
    char *chosen; /* "crd/version"; NULL: all */
    bool in_objects;
};

static bool is_chosen(const struct scene *scene, size_t row, const void *context)
{
    const struct state *state = context;
    const struct picture_api *api = NULL;
    const struct picture_api_object *object = object_at(scene, row, &api);
    size_t crd = strlen(api->crd);
    return text_starts(state->chosen, api->crd) && state->chosen[crd] == '/' &&
           text_equal(state->chosen + crd + 1, object->version);
}

/* The pointer among the versions chooses which objects are listed. */
static void choose(struct state *state, const struct scene *scene)
{
    size_t row = 0;
    struct text key = {0};
    table_update(&state->versions, &pane_choices, scene);
    if (table_row(&state->versions, &row) && row > 0)
        choice_key(scene, row, &key);
    const char *chosen = key.size > 0 ? text_peek(&key) : NULL;
    if (!text_equal(chosen, state->chosen)) {
        free(state->chosen);
        state->chosen = memory_text(chosen);
        state->objects.table.accepts = chosen != NULL ? is_chosen : NULL;
        state->objects.table.accepts_context = state;
        state->objects.table.known = false;
    }
    text_release(&key);
}

static void *open_view(const struct scene *scene, const struct view_request *request)
{
    (void)scene;
    (void)request;
    struct state *state = memory_new(sizeof *state);
    list_view_init(&state->objects, &pane_objects);
    return state;
}

static void close_view(void *opened)
{
    struct state *state = opened;
    table_release(&state->versions);
    list_view_release(&state->objects);
    free(state->chosen);
    free(state);
}

static void draw(void *opened, const struct scene *scene, struct canvas *canvas)
{
    struct state *state = opened;
    choose(state, scene);
    struct rect above = {0};
    struct rect below = {0};
    layout_split(canvas_whole(canvas), (int)state->versions.total, &above, &below);
    struct canvas upper = canvas_part(canvas, above);
    struct canvas lower = canvas_part(canvas, below);
    pane_draw(&pane_choices, &state->versions, scene, &upper, !state->in_objects, true);
    list_view_draw(&state->objects, scene, &lower);
}

static bool act(void *opened, const struct scene *scene, enum action action)
{
    struct state *state = opened;
    if (action == ACTION_OPEN || action == ACTION_NEXT_PANE || action == ACTION_PREVIOUS_PANE) {
        state->in_objects = action == ACTION_OPEN || !state->in_objects;
        return true;
    }
    if (state->in_objects)
        return list_view_act(&state->objects, scene, action);
    bool acted = table_act(&state->versions, &pane_choices, scene, action);
    choose(state, scene);
    return acted;
}

static void filter(void *opened, const struct scene *scene, const char *text, bool kept)
{
    struct state *state = opened;
    (void)scene;
    (void)kept;
    list_view_filter(&state->objects, text);
    state->in_objects = text != NULL;
}

static const char *filtered_by(const void *opened)
{
    const struct state *state = opened;
    return list_view_filtered_by(&state->objects);
}

const struct view view_api = {
    .name = "api",
    .number = 3,
    .scope = SCOPE_LIST,
    .footer = {ACTION_NEXT_PANE, ACTION_NONE},
    .open = open_view,
    .close = close_view,
    .draw = draw,
    .act = act,
    .filter = filter,
    .filtered_by = filtered_by,
};
