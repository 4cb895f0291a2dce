#include "playbook/playbook.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/yaml.h"
#include "playbook/check.h"
#include "playbook/sections.h"
#include <stdlib.h>

void playbook_mistakes_release(struct playbook_mistakes *mistakes)
{
    for (size_t i = 0; i < mistakes->count; i++)
        free(mistakes->texts[i]);
    free(mistakes->texts);
    *mistakes = (struct playbook_mistakes){0};
}

/* A failure that is the file's one mistake. Takes `failure`; returns false. */
static bool fail_whole(struct error *failure, struct playbook_mistakes *mistakes, struct error *error)
{
    if (mistakes != NULL) {
        mistakes->texts = memory_new_array(1, sizeof *mistakes->texts);
        mistakes->texts[0] = memory_text(failure->message);
        mistakes->count = 1;
    }
    error_move(error, failure);
    return false;
}

const struct playbook *playbook_hold(const struct playbook *playbook)
{
    ((struct playbook *)playbook)->holds++; /* the only part that changes after loading */
    return playbook;
}

void playbook_free(struct playbook *playbook)
{
    if (playbook == NULL || playbook->holds-- > 0)
        return;
    for (size_t i = 0; i < playbook->component_count; i++)
        free(playbook->components[i].upgrades);
    free(playbook->components);
    free(playbook->apis);
    json_decref(playbook->settings);
    json_decref(playbook->tree);
    free(playbook->source);
    free(playbook);
}

bool playbook_parse(const char *name, const char *bytes, size_t size, struct playbook **ret_playbook,
                    struct playbook_mistakes *mistakes, struct error *error)
{
    CLEANUP_FREE char *shown = text_clean(name, false, 0);
    json_t *tree = NULL;
    struct yaml_positions *positions = NULL;
    struct error failure = {0};
    if (!yaml_parse(YAML_STRICT, shown, bytes, size, &tree, &positions, &failure))
        return fail_whole(&failure, mistakes, error);
    struct playbook *playbook = memory_new(sizeof *playbook);
    playbook->source = memory_text(name);
    playbook->tree = tree;
    playbook->settings = json_object();
    struct check *check = check_new(shown, tree, positions);
    sections_read(check, playbook);
    bool right = check_finish(check, mistakes, error);
    check_free(check);
    yaml_positions_free(positions);
    if (right)
        *ret_playbook = playbook;
    else
        playbook_free(playbook);
    return right;
}

bool playbook_load(const char *path, struct playbook **ret_playbook, struct playbook_mistakes *mistakes,
                   struct error *error)
{
    CLEANUP_FREE char *bytes = NULL;
    size_t size = 0;
    struct error failure = {0};
    if (!file_read(path, PLAYBOOK_SIZE_LIMIT, &bytes, &size, &failure))
        return fail_whole(&failure, mistakes, error);
    return playbook_parse(path, bytes, size, ret_playbook, mistakes, error);
}
