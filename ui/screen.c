/* Views on a stack, keys to actions, the typed line. */
#include "ui/screen.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "session/session.h"
#include "ui/frame.h"
#include "ui/keys.h"
#include "ui/marks.h"
#include "ui/views/views.h"
#include "ui/widgets/dialog.h"
#include "ui/widgets/prompt.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX  4 /* overview, a place, diff, help */
#define PLACES_MAX 16

enum mode { MODE_VIEW, MODE_FILTER, MODE_COMMAND, MODE_LEAVING };

struct layer {
    const struct view *view; /* NULL: none */
    void *state;
};

struct screen {
    struct screen_options options;
    struct marks *marks;
    void *places[PLACES_MAX]; /* states of views_at(i), kept while they are not looked at; NULL: not opened yet */
    struct layer stack[DEPTH_MAX];
    size_t depth;                /* at least 1: the overview */
    struct layer forced;         /* picker or error: the session cannot go on otherwise */
    struct situation *situation; /* that the views' states belong to */
    const struct picture
        *picture; /* fetched once for a key or a frame: the next fetch may free what views still read */
    enum mode mode;
    struct prompt prompt;
    char *message; /* NULL: none */
    enum screen_wish wish;
};

/* ---- layers ---- */

static struct scene make_scene(struct screen *screen)
{
    return (struct scene){
        .session = screen->options.session,
        .picture = screen->picture,
        .screen = screen,
        .keys = screen->options.keys,
        .marks = screen->marks,
        .wall_ms = clock_wall_ms(screen->options.clock),
        .boot_ms = clock_boot_ms(screen->options.clock),
    };
}

static struct layer *top_layer(struct screen *screen)
{
    struct layer *top = &screen->stack[screen->depth - 1];
    return screen->forced.view != NULL && top->view != &view_help ? &screen->forced : top;
}

static bool is_overlay(const struct view *view)
{
    return view == &view_diff || view == &view_help;
}

static void *place_state(struct screen *screen, size_t index)
{
    if (screen->places[index] == NULL) {
        struct scene scene = make_scene(screen);
        screen->places[index] = views_at(index)->open(&scene, NULL);
    }
    return screen->places[index];
}

static void pop(struct screen *screen)
{
    struct layer *top = &screen->stack[--screen->depth];
    if (is_overlay(top->view))
        top->view->close(top->state);
    *top = (struct layer){0};
}

static void show_place(struct screen *screen, const struct view *view)
{
    while (screen->depth > 1)
        pop(screen);
    for (size_t i = 0; i < views_count(); i++)
        if (views_at(i) == view && view != &view_overview)
            screen->stack[screen->depth++] = (struct layer){view, place_state(screen, i)};
}

static void open_overlay(struct screen *screen, const struct view *view, const struct view_request *request)
{
    struct scene scene = make_scene(screen);
    if (screen->stack[screen->depth - 1].view == view)
        pop(screen);
    if (screen->depth == DEPTH_MAX)
        return;
    void *state = view->open(&scene, request);
    screen->stack[screen->depth++] = (struct layer){view, state};
}

static void close_everything(struct screen *screen)
{
    while (screen->depth > 1)
        pop(screen);
    if (screen->forced.view != NULL)
        screen->forced.view->close(screen->forced.state);
    screen->forced = (struct layer){0};
    for (size_t i = 0; i < views_count(); i++)
        if (screen->places[i] != NULL)
            views_at(i)->close(STEAL(screen->places[i]));
    screen->depth = 0;
}

static void open_overview(struct screen *screen)
{
    screen->stack[0] = (struct layer){views_at(0), place_state(screen, 0)};
    screen->depth = 1;
}

/* What was looked at belongs to one situation; with another one everything begins anew. */
static void follow_phase(struct screen *screen)
{
    struct session *session = screen->options.session;
    enum session_phase phase = session_phase(session);
    struct situation *situation = phase == SESSION_WATCHING ? session_situation(session) : NULL;
    const struct view *forced = phase == SESSION_PICKING ? &view_picker : phase == SESSION_FAILED ? &view_error : NULL;
    if (situation == screen->situation && forced == screen->forced.view)
        return;
    close_everything(screen);
    screen->picture = NULL;
    screen->situation = situation;
    screen->mode = MODE_VIEW;
    open_overview(screen);
    if (forced != NULL) {
        struct scene scene = make_scene(screen);
        screen->forced = (struct layer){forced, forced->open(&scene, NULL)};
    }
}

void screen_session_changed(struct screen *screen)
{
    screen->picture = NULL;
    follow_phase(screen);
}

/* A key or a frame begins: what it sees is as of now, and stays until it is done. */
static void begin(struct screen *screen)
{
    struct session *session = screen->options.session;
    follow_phase(screen);
    screen->picture = session_phase(session) == SESSION_WATCHING ? session_picture(session) : NULL;
}

/* ---- life ---- */

struct screen *screen_new(const struct screen_options *options)
{
    struct screen *screen = memory_new(sizeof *screen);
    screen->options = *options;
    screen->marks = marks_new();
    open_overview(screen);
    follow_phase(screen);
    return screen;
}

void screen_free(struct screen *screen)
{
    if (screen == NULL)
        return;
    close_everything(screen);
    marks_free(screen->marks);
    prompt_release(&screen->prompt);
    free(screen->message);
    free(screen);
}

void screen_dirty(struct screen *screen)
{
    screen->options.on_dirty(screen->options.context);
}

void screen_say(struct screen *screen, const char *format, ...)
{
    struct text text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(&text, format, arguments);
    va_end(arguments);
    free(screen->message);
    screen->message = text_steal(&text);
}

/* ---- actions ---- */

void screen_open_diff(struct screen *screen, const struct view_request *request)
{
    if (session_phase(screen->options.session) == SESSION_WATCHING)
        open_overlay(screen, &view_diff, request);
    else
        screen_say(screen, _("There is nothing to compare before a release is being watched."));
}

static void clear_filter(struct layer *top, const struct scene *scene)
{
    top->view->filter(top->state, scene, NULL, true);
}

static void go_back(struct screen *screen, const struct scene *scene)
{
    struct layer *top = top_layer(screen);
    if (top->view->filter != NULL && top->view->filtered_by(top->state)[0] != '\0')
        clear_filter(top, scene);
    else if (screen->depth > 1)
        pop(screen);
}

static void start_filter(struct screen *screen)
{
    struct layer *top = top_layer(screen);
    if (top->view->filter == NULL) {
        screen_say(screen, _("There is nothing to filter here."));
        return;
    }
    prompt_clear(&screen->prompt);
    text_append(&screen->prompt.line, top->view->filtered_by(top->state));
    screen->mode = MODE_FILTER;
}

/* The situation goes away with this; whatever belongs to it must be closed before. */
static void repick(struct screen *screen)
{
    close_everything(screen);
    screen->picture = NULL;
    screen->situation = NULL;
    open_overview(screen);
    session_repick(screen->options.session);
    follow_phase(screen);
}

/* Actions that mean the same in every view. */
static bool act_everywhere(struct screen *screen, const struct scene *scene, enum action action)
{
    switch (action) {
    case ACTION_DIFF:
        screen_open_diff(screen, &(struct view_request){0});
        return true;
    case ACTION_DRIFT:
        screen_open_diff(screen, &(struct view_request){.live = true});
        return true;
    case ACTION_HELP:
        open_overlay(screen, &view_help, NULL);
        return true;
    case ACTION_FILTER:
        start_filter(screen);
        return true;
    case ACTION_COMMAND:
        prompt_clear(&screen->prompt);
        screen->mode = MODE_COMMAND;
        return true;
    case ACTION_BACK:
        go_back(screen, scene);
        return true;
    case ACTION_QUIT:
        if (screen->depth > 1)
            pop(screen);
        else
            screen->mode = MODE_LEAVING;
        return true;
    case ACTION_RELEASES:
        repick(screen);
        return true;
    case ACTION_EXIT:
        screen->wish = SCREEN_EXIT;
        return true;
    case ACTION_SUSPEND:
        screen->wish = SCREEN_SUSPEND;
        return true;
    case ACTION_REDRAW:
        screen->wish = SCREEN_REDRAW;
        return true;
    default:
        return false;
    }
}

void screen_do(struct screen *screen, enum action action)
{
    struct scene scene = make_scene(screen);
    struct layer *top = top_layer(screen);
    if (top->view->act(top->state, &scene, action))
        return;
    for (size_t i = 0; screen->forced.view == NULL && i < views_count(); i++)
        if (action == action_find(views_at(i)->name, false)) {
            show_place(screen, views_at(i));
            return;
        }
    act_everywhere(screen, &scene, action);
}

/* ---- the typed line ---- */

static bool command_diff(struct screen *screen, const char *line)
{
    int from = 0;
    int to = 0;
    char rest = '\0';
    if (sscanf(line, "diff %9d %9d %c", &from, &to, &rest) != 2 || from <= 0 || to <= 0)
        return false;
    screen_open_diff(screen, &(struct view_request){.from = from, .to = to});
    return true;
}

static void run_command(struct screen *screen)
{
    const char *line = text_peek(&screen->prompt.line);
    if (line[0] == '\0' || command_diff(screen, line))
        return;
    enum action action = action_find(line, true);
    if (action != ACTION_NONE) {
        screen_do(screen, action);
        return;
    }
    const char *names[ACTION_COUNT];
    for (int i = 0; i < ACTION_COUNT; i++)
        names[i] = action_info((enum action)i)->name;
    CLEANUP_FREE char *nearest = text_nearest(line, names, ACTION_COUNT);
    if (nearest != NULL)
        screen_say(screen, _("There is no command '%s'; did you mean %s?"), line, nearest);
    else
        screen_say(screen, _("There is no command '%s'; the help ('?') names them all."), line);
}

static void complete(struct prompt *prompt)
{
    enum action action = action_find(text_peek(&prompt->line), true);
    if (action == ACTION_NONE)
        return;
    prompt_clear(prompt);
    text_append(&prompt->line, action_info(action)->name);
}

static void filter_now(struct screen *screen, const char *text, bool kept)
{
    struct scene scene = make_scene(screen);
    struct layer *top = top_layer(screen);
    if (top->view->filter != NULL)
        top->view->filter(top->state, &scene, text, kept);
}

static void key_in_prompt(struct screen *screen, uint32_t key)
{
    enum mode mode = screen->mode;
    enum action action = keys_action(screen->options.keys, SCOPE_PROMPT, key);
    bool changed = action == ACTION_NONE ? prompt_type(&screen->prompt, key) : prompt_act(&screen->prompt, action);
    if (action == ACTION_COMPLETE && mode == MODE_COMMAND)
        complete(&screen->prompt);
    if (action == ACTION_ACCEPT || action == ACTION_CANCEL)
        screen->mode = MODE_VIEW;
    if (mode == MODE_FILTER && action == ACTION_CANCEL)
        filter_now(screen, NULL, true);
    else if (mode == MODE_FILTER && (changed || action == ACTION_ACCEPT))
        filter_now(screen, text_peek(&screen->prompt.line), action == ACTION_ACCEPT);
    else if (mode == MODE_COMMAND && action == ACTION_ACCEPT)
        run_command(screen);
}

static void key_when_leaving(struct screen *screen, uint32_t key)
{
    enum action action = keys_action(screen->options.keys, SCOPE_DIALOG, key);
    enum action everywhere = keys_action(screen->options.keys, SCOPE_EVERYWHERE, key);
    screen->mode = MODE_VIEW;
    /* The key that asked, pressed again, is meant. */
    if (action == ACTION_CONFIRM || everywhere == ACTION_QUIT || everywhere == ACTION_EXIT)
        screen->wish = SCREEN_EXIT;
}

enum screen_wish screen_key(struct screen *screen, uint32_t key)
{
    screen->wish = SCREEN_NOTHING;
    free(STEAL(screen->message));
    begin(screen);
    if (screen->mode == MODE_FILTER || screen->mode == MODE_COMMAND) {
        key_in_prompt(screen, key);
    } else if (screen->mode == MODE_LEAVING) {
        key_when_leaving(screen, key);
    } else {
        enum action action = keys_action(screen->options.keys, top_layer(screen)->view->scope, key);
        if (action != ACTION_NONE)
            screen_do(screen, action);
    }
    return screen->wish;
}

/* ---- drawing ---- */

static void draw_too_small(struct canvas *canvas)
{
    int row = canvas->area.rows / 2;
    canvas_format(canvas, row > 0 ? row - 1 : 0, 0, canvas->area.columns, STYLE_WARN, _("The window is %d×%d."),
                  canvas->area.columns, canvas->area.rows);
    canvas_format(canvas, row > 0 ? row : 1, 0, canvas->area.columns, STYLE_PLAIN, _("The console needs %d×%d."),
                  LAYOUT_COLUMNS_MIN, LAYOUT_ROWS_MIN);
}

static void draw_bottom(struct screen *screen, const struct scene *scene, struct canvas *canvas)
{
    if (screen->mode == MODE_FILTER)
        prompt_draw(&screen->prompt, "/", canvas);
    else if (screen->mode == MODE_COMMAND)
        prompt_draw(&screen->prompt, ":", canvas);
    else if (screen->message != NULL)
        canvas_text(canvas, 0, 1, canvas->area.columns - 1, STYLE_WARN, screen->message);
    else
        frame_draw_footer(scene, top_layer(screen)->view, canvas);
}

void screen_draw(struct screen *screen, void *window, int rows, int columns)
{
    begin(screen);
    struct scene scene = make_scene(screen);
    struct canvas whole = {.window = window, .theme = screen->options.theme, .area = {0, 0, rows, columns}};
    struct layout_screen layout = layout_screen(rows, columns);
    if (layout.too_small) {
        draw_too_small(&whole);
        return;
    }
    struct canvas header = canvas_part(&whole, layout.header);
    struct canvas body = canvas_part(&whole, layout.body);
    struct canvas footer = canvas_part(&whole, layout.footer);
    frame_draw_header(&scene, &header);
    struct layer *top = top_layer(screen);
    top->view->draw(top->state, &scene, &body);
    if (screen->mode == MODE_LEAVING)
        dialog_draw(
            &(struct dialog){_("Leave"), _("Leave the console? The cluster stays as it is."), _("leave"), _("stay")},
            screen->options.keys, &body);
    draw_bottom(screen, &scene, &footer);
}
