#include "simulator/fields.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <stdlib.h>
#include <string.h>

#define SELF "."

bool fields_has(const json_t *node)
{
    return json_object_get(node, SELF) != NULL;
}

void fields_mark(json_t *node)
{
    json_object_set_new(node, SELF, json_object());
}

bool fields_empty(const json_t *set)
{
    return json_object_size(set) == 0;
}

void fields_put(json_t *set, const char *step, json_t *node)
{
    if (fields_empty(node))
        json_decref(node);
    else
        json_object_set_new(set, step, node);
}

json_t *fields_decode(const json_t *fields_v1)
{
    json_t *set = json_object();
    const char *step;
    json_t *value;
    json_object_foreach((json_t *)fields_v1, step, value)
    {
        if (strcmp(step, SELF) == 0) {
            fields_mark(set);
        } else if (text_starts(step, "f:") || text_starts(step, "k:") || text_starts(step, "v:")) {
            json_t *node = fields_decode(value);
            if (json_object_size(node) == 0)
                fields_mark(node);
            json_object_set_new(set, step, node);
        }
    }
    return set;
}

json_t *fields_encode(const json_t *set)
{
    json_t *fields_v1 = json_object();
    const char *step;
    json_t *node;
    bool alone = json_object_size(set) == 1;
    json_object_foreach((json_t *)set, step, node)
    {
        if (strcmp(step, SELF) != 0)
            json_object_set_new(fields_v1, step, fields_encode(node));
        else if (!alone)
            json_object_set_new(fields_v1, SELF, json_object());
    }
    return fields_v1;
}

json_t *fields_union(const json_t *a, const json_t *b)
{
    json_t *result = a != NULL ? json_copy((json_t *)a) : json_object();
    const char *step;
    json_t *node;
    json_object_foreach((json_t *)b, step, node)
    {
        const json_t *other = json_object_get(result, step);
        json_object_set_new(result, step, other != NULL ? fields_union(other, node) : json_incref(node));
    }
    return result;
}

json_t *fields_intersection(const json_t *a, const json_t *b)
{
    json_t *result = json_object();
    const char *step;
    json_t *node;
    json_object_foreach((json_t *)a, step, node)
    {
        const json_t *other = json_object_get(b, step);
        if (other == NULL)
            continue;
        if (strcmp(step, SELF) == 0)
            fields_mark(result);
        else
            fields_put(result, step, fields_intersection(node, other));
    }
    return result;
}

static json_t *subtract(const json_t *a, const json_t *b, bool recursive)
{
    json_t *result = json_object();
    const char *step;
    json_t *node;
    json_object_foreach((json_t *)a, step, node)
    {
        const json_t *other = json_object_get(b, step);
        if (other == NULL)
            json_object_set(result, step, node);
        else if (strcmp(step, SELF) != 0 && !(recursive && fields_has(other)))
            fields_put(result, step, subtract(node, other, recursive));
    }
    return result;
}

json_t *fields_difference(const json_t *a, const json_t *b)
{
    return subtract(a, b, false);
}

json_t *fields_exclude(const json_t *a, const json_t *b)
{
    return subtract(a, b, true);
}

json_t *fields_only(const json_t *a, const char *field)
{
    CLEANUP_FREE char *step = fields_step(field);
    json_t *result = json_object();
    json_t *node = json_object_get(a, step);
    if (node != NULL)
        json_object_set(result, step, node);
    return result;
}

char *fields_step(const char *field)
{
    return memory_format("f:%s", field);
}

/* A value as Go prints it in a path: text quoted, all else plain. */
static char *value_text(const json_t *value)
{
    return json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
}

static char *keys_text(const char *step)
{
    json_t *keys = json_loads(step + 2, JSON_DECODE_ANY, NULL);
    struct text text = {0};
    const char *key;
    json_t *value;
    json_object_foreach(keys, key, value)
    {
        CLEANUP_FREE char *shown = value_text(value);
        text_append_format(&text, "%s%s=%s", text.size > 0 ? "," : "", key, shown);
    }
    json_decref(keys);
    return text_steal(&text);
}

char *fields_append_step_text(const char *path, const char *step)
{
    if (text_starts(step, "f:"))
        return memory_format("%s.%s", path, step + 2);
    if (text_starts(step, "v:"))
        return memory_format("%s[=%s]", path, step + 2);
    CLEANUP_FREE char *keys = keys_text(step);
    return memory_format("%s[%s]", path, keys);
}

static void each_below(const json_t *set, const char *path, void (*visit)(void *context, const char *path),
                       void *context)
{
    for (int below = 0; below <= 1; below++) {
        const char *step;
        json_t *node;
        json_object_foreach((json_t *)set, step, node)
        {
            if (strcmp(step, SELF) == 0)
                continue;
            CLEANUP_FREE char *longer = fields_append_step_text(path, step);
            if (below == 0 && fields_has(node))
                visit(context, longer);
            if (below == 1)
                each_below(node, longer, visit, context);
        }
    }
}

void fields_each(const json_t *set, void (*visit)(void *context, const char *path), void *context)
{
    each_below(set, "", visit, context);
}
