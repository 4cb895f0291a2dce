#include "base/yaml_write.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>

static int keep_bytes(void *context, unsigned char *bytes, size_t size)
{
    text_append_bytes(context, bytes, size);
    return 1;
}

/* The emitter fails only for want of memory: trees hold valid UTF-8, and events come in their order. */
static void emit(yaml_emitter_t *emitter, yaml_event_t *event, int made)
{
    if (!made || !yaml_emitter_emit(emitter, event))
        abort();
}

/* Plain, it would be read as a number, a date, a boolean or nothing. */
static bool is_special(const char *text, size_t size)
{
    static const char *const words[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "=", "<<"};
    if (size == 0 || isdigit((unsigned char)text[0]) || strchr("+-.", text[0]) != NULL)
        return true;
    for (size_t i = 0; i < LENGTH_OF(words); i++)
        if (strcasecmp(words[i], text) == 0)
            return true;
    return false;
}

static void write_scalar(yaml_emitter_t *emitter, const char *text, size_t size, bool plain, yaml_scalar_style_t style)
{
    yaml_event_t event;
    if (size > INT32_MAX)
        abort();
    emit(emitter, &event,
         yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text, (int)size, plain, true, style));
}

static void write_text(yaml_emitter_t *emitter, const char *text, size_t size)
{
    bool special = is_special(text, size);
    yaml_scalar_style_t style = YAML_PLAIN_SCALAR_STYLE;
    if (memchr(text, '\n', size) != NULL)
        style = YAML_LITERAL_SCALAR_STYLE;
    else if (special)
        style = YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    write_scalar(emitter, text, size, !special, style);
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void write_tree(yaml_emitter_t *emitter, const json_t *tree);

static void write_object(yaml_emitter_t *emitter, const json_t *object)
{
    yaml_event_t event;
    size_t count = 0;
    const char **keys = memory_new_array(json_object_size(object), sizeof *keys);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        keys[count++] = key;
    }
    qsort(keys, count, sizeof *keys, compare_keys);
    emit(emitter, &event, yaml_mapping_start_event_initialize(&event, NULL, NULL, true, YAML_BLOCK_MAPPING_STYLE));
    for (size_t i = 0; i < count; i++) {
        write_text(emitter, keys[i], strlen(keys[i]));
        write_tree(emitter, json_object_get(object, keys[i]));
    }
    emit(emitter, &event, yaml_mapping_end_event_initialize(&event));
    free(keys);
}

static void write_array(yaml_emitter_t *emitter, const json_t *array)
{
    yaml_event_t event;
    size_t index;
    json_t *value;
    emit(emitter, &event, yaml_sequence_start_event_initialize(&event, NULL, NULL, true, YAML_BLOCK_SEQUENCE_STYLE));
    json_array_foreach(array, index, value)
    {
        write_tree(emitter, value);
    }
    emit(emitter, &event, yaml_sequence_end_event_initialize(&event));
}

static void write_tree(yaml_emitter_t *emitter, const json_t *tree)
{
    if (json_is_object(tree)) {
        write_object(emitter, tree);
    } else if (json_is_array(tree)) {
        write_array(emitter, tree);
    } else if (json_is_string(tree)) {
        write_text(emitter, json_string_value(tree), json_string_length(tree));
    } else {
        CLEANUP_FREE char *text = tree_canonical(tree);
        write_scalar(emitter, text, strlen(text), true, YAML_PLAIN_SCALAR_STYLE);
    }
}

char *yaml_write(const json_t *tree)
{
    struct text text = {0};
    yaml_emitter_t emitter;
    yaml_event_t event;
    if (!yaml_emitter_initialize(&emitter))
        abort();
    yaml_emitter_set_output(&emitter, keep_bytes, &text);
    yaml_emitter_set_unicode(&emitter, true);
    yaml_emitter_set_width(&emitter, -1);
    emit(&emitter, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
    emit(&emitter, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, true));
    write_tree(&emitter, tree);
    emit(&emitter, &event, yaml_document_end_event_initialize(&event, true));
    emit(&emitter, &event, yaml_stream_end_event_initialize(&event));
    yaml_emitter_delete(&emitter);
    return text_steal(&text);
}
