#include "situation/object_diff.h"
#include "base/diff.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/redact.h"
#include "base/text.h"
#include "base/yaml_write.h"
#include "situation/object_lines.h"
#include "situation/object_pairs.h"
#include <stdlib.h>
#include <string.h>

/* ---- an object as lines ---- */

static void split(struct object_lines *lines)
{
    size_t count = 0;
    for (const char *at = lines->bytes; *at != '\0'; at++)
        count += *at == '\n';
    lines->lines = memory_new_array(count + 1, sizeof *lines->lines);
    for (char *at = lines->bytes; *at != '\0';) {
        char *end = strchrnul(at, '\n');
        lines->lines[lines->count++] = at;
        at = *end == '\n' ? end + 1 : end;
        *end = '\0';
    }
}

void object_lines_of_tree(const char *kind, const json_t *tree, struct object_lines *ret_lines)
{
    struct object_lines lines = {0};
    if (tree == NULL) {
        lines.bytes = memory_text("");
    } else if (text_equal(kind, "Secret")) {
        json_t *masked = json_deep_copy(tree);
        redact_object(masked);
        lines.bytes = yaml_write(masked);
        json_decref(masked);
    } else {
        lines.bytes = yaml_write(tree);
    }
    split(&lines);
    *ret_lines = lines;
}

void object_lines_of(const struct helm_object *object, struct object_lines *ret_lines)
{
    if (object == NULL || object->tree != NULL) {
        object_lines_of_tree(object != NULL ? object->kind : NULL, object != NULL ? object->tree : NULL, ret_lines);
        return;
    }
    struct object_lines lines = {
        .bytes = memory_format(_("# cannot be read: %s\n"), object->error != NULL ? object->error : "")};
    split(&lines);
    *ret_lines = lines;
}

void object_lines_release(struct object_lines *lines)
{
    free(lines->bytes);
    free(lines->lines);
    *lines = (struct object_lines){0};
}

void object_lines_count(const struct object_lines *from, const struct object_lines *to, size_t *ret_added,
                        size_t *ret_removed)
{
    struct diff_run *runs;
    size_t count, added = 0, removed = 0;
    diff_lines(from->lines, from->count, to->lines, to->count, &runs, &count);
    for (size_t i = 0; i < count; i++) {
        added += runs[i].edit == DIFF_EDIT_ADD ? runs[i].count : 0;
        removed += runs[i].edit == DIFF_EDIT_REMOVE ? runs[i].count : 0;
    }
    free(runs);
    *ret_added = added;
    *ret_removed = removed;
}

/* ---- diffs ---- */

bool object_diff_make(const struct object_lines *from, const struct object_lines *to, struct object_diff *ret_diff)
{
    static const enum diff_line_kind kinds[] = {DIFF_CONTEXT, DIFF_REMOVED, DIFF_ADDED};
    struct diff_run *runs;
    size_t run_count;
    diff_lines(from->lines, from->count, to->lines, to->count, &runs, &run_count);
    bool differs = run_count > 1 || (run_count == 1 && runs[0].edit != DIFF_EDIT_KEEP);
    struct object_diff diff = {.change = from->count == 0 ? CHANGE_ADDED
                                         : to->count == 0 ? CHANGE_REMOVED
                                                          : CHANGE_CHANGED};
    diff.lines = differs ? memory_new_array(from->count + to->count, sizeof *diff.lines) : NULL;
    for (size_t i = 0; differs && i < run_count; i++) {
        const char *const *lines = runs[i].edit == DIFF_EDIT_ADD ? to->lines + runs[i].to : from->lines + runs[i].from;
        for (size_t k = 0; k < runs[i].count; k++)
            diff.lines[diff.line_count++] = (struct diff_line){kinds[runs[i].edit], text_clean(lines[k], false, 0)};
    }
    free(runs);
    if (differs)
        *ret_diff = diff;
    return differs;
}

void object_diffs_add(struct object_diffs *diffs, const struct helm_object *object, struct object_diff *diff)
{
    diff->api_version = memory_text(object->tree != NULL ? object->api_version : "");
    diff->kind = memory_text(object->tree != NULL ? object->kind : _("unreadable"));
    diff->namespace = memory_text(object->tree != NULL ? object->namespace : "");
    diff->name = memory_text(object->tree != NULL ? object->name : object->source);
    diffs->objects = memory_resize(diffs->objects, diffs->count + 1, sizeof *diffs->objects);
    diffs->objects[diffs->count++] = *diff;
}

static int compare_diffs(const void *a, const void *b)
{
    const struct object_diff *left = a, *right = b;
    int order = strcmp(left->kind, right->kind);
    order = order != 0 ? order : strcmp(left->namespace, right->namespace);
    return order != 0 ? order : strcmp(left->name, right->name);
}

void object_diffs_sort(struct object_diffs *diffs)
{
    if (diffs->count > 0)
        qsort(diffs->objects, diffs->count, sizeof *diffs->objects, compare_diffs);
}

struct object_diffs *object_diffs_make(const struct helm_manifest *from, const struct helm_manifest *to)
{
    struct object_diffs *diffs = memory_new(sizeof *diffs);
    struct object_pair *pairs;
    size_t count;
    object_pairs_make(from, to, &pairs, &count);
    for (size_t i = 0; i < count; i++) {
        struct object_lines before, after;
        struct object_diff diff;
        if (pairs[i].from != NULL && pairs[i].to != NULL && pairs[i].from->tree != NULL && pairs[i].to->tree != NULL &&
            json_equal(pairs[i].from->tree, pairs[i].to->tree))
            continue;
        object_lines_of(pairs[i].from, &before);
        object_lines_of(pairs[i].to, &after);
        if (object_diff_make(&before, &after, &diff))
            object_diffs_add(diffs, object_pair_any(&pairs[i]), &diff);
        object_lines_release(&before);
        object_lines_release(&after);
    }
    free(pairs);
    return diffs;
}

void object_diffs_free(struct object_diffs *diffs)
{
    if (diffs == NULL)
        return;
    for (size_t i = 0; i < diffs->count; i++) {
        struct object_diff *diff = &diffs->objects[i];
        for (size_t k = 0; k < diff->line_count; k++)
            free(diff->lines[k].text);
        free(diff->lines);
        free(diff->api_version);
        free(diff->kind);
        free(diff->namespace);
        free(diff->name);
    }
    free(diffs->objects);
    free(diffs);
}
