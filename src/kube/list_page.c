#include "kube/list_page.h"
#include "base/gzip.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "kube/answer.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define UNPACKED_LIMIT ((size_t)64 << 20)

/* A place in JSON text that is only cut, not understood: what is cut out is parsed for real afterwards. */
struct scan {
    const char *at;
    const char *end;
};

/* A piece of the text. */
struct slice {
    const char *start;
    size_t size;
};

static void skip_space(struct scan *scan)
{
    while (scan->at < scan->end && strchr(" \t\r\n", *scan->at) != NULL && *scan->at != '\0')
        scan->at++;
}

static bool take(struct scan *scan, char character)
{
    skip_space(scan);
    if (scan->at == scan->end || *scan->at != character)
        return false;
    scan->at++;
    return true;
}

/* From behind the opening quote to behind the closing one. */
static bool skip_text(struct scan *scan)
{
    while (scan->at < scan->end) {
        const char *quote = memchr(scan->at, '"', (size_t)(scan->end - scan->at));
        if (quote == NULL)
            return false;
        const char *escapes = quote;
        while (escapes > scan->at && escapes[-1] == '\\')
            escapes--;
        scan->at = quote + 1;
        if ((quote - escapes) % 2 == 0)
            return true;
    }
    return false;
}

/* From behind an opening bracket to behind its closing one. Their kinds are not compared: a wrong pair is found by the
 * parser. */
static bool skip_brackets(struct scan *scan)
{
    for (size_t depth = 1; depth > 0;) {
        if (scan->at == scan->end)
            return false;
        char character = *scan->at++;
        if (character == '"' && !skip_text(scan))
            return false;
        if (character == '{' || character == '[')
            depth++;
        if (character == '}' || character == ']')
            depth--;
    }
    return true;
}

/* One value: a text, an object, an array, or a word. */
static bool cut_value(struct scan *scan, struct slice *ret_slice)
{
    skip_space(scan);
    const char *start = scan->at;
    bool whole = true;
    if (take(scan, '"'))
        whole = skip_text(scan);
    else if (take(scan, '{') || take(scan, '['))
        whole = skip_brackets(scan);
    else
        while (scan->at < scan->end && strchr(",:]} \t\r\n", *scan->at) == NULL)
            scan->at++;
    *ret_slice = (struct slice){start, (size_t)(scan->at - start)};
    return whole && scan->at > start;
}

static bool is_key(const struct slice *key, const char *name)
{
    size_t size = strlen(name);
    return key->size == size + 2 && key->start[0] == '"' && memcmp(key->start + 1, name, size) == 0;
}

static bool read_metadata(struct list_page *page, const struct slice *slice)
{
    json_t *tree = NULL;
    if (!tree_parse(slice->start, slice->size, &tree, &page->error))
        return false;
    const char *version = tree_text(tree, "resourceVersion");
    const char *token = tree_text(tree, "continue");
    free(page->resource_version);
    free(page->continue_token);
    page->resource_version = memory_text(version != NULL ? version : "");
    page->continue_token = memory_text(token != NULL ? token : "");
    json_decref(tree);
    return true;
}

static bool read_item(struct list_page *page, const struct slice *slice, const struct kube_projection *projection)
{
    json_t *tree = NULL;
    if (!tree_parse(slice->start, slice->size, &tree, &page->error))
        return false;
    struct kube_item *item = item_make(tree, projection);
    json_decref(tree);
    if (item == NULL)
        return error_set(&page->error, ERROR_INVALID, _("an object has no name"));
    item_store_append(&page->items, item);
    return true;
}

static bool read_items(struct list_page *page, const struct slice *slice, const struct kube_projection *projection)
{
    struct scan scan = {slice->start, slice->start + slice->size};
    if (slice->size == 4 && memcmp(slice->start, "null", 4) == 0)
        return true; /* how Go writes an empty list */
    if (!take(&scan, '['))
        return error_set(&page->error, ERROR_INVALID, _("its items are no list"));
    if (take(&scan, ']'))
        return true;
    do {
        struct slice item;
        if (!cut_value(&scan, &item))
            return error_set(&page->error, ERROR_INVALID, _("it ends in the middle"));
        if (!read_item(page, &item, projection))
            return false;
    } while (take(&scan, ','));
    return take(&scan, ']') || error_set(&page->error, ERROR_INVALID, _("it is not JSON"));
}

static bool read_list(struct list_page *page, const char *bytes, size_t size, const struct kube_projection *projection)
{
    struct scan scan = {bytes, bytes + size};
    bool has_items = false;
    if (!take(&scan, '{'))
        return error_set(&page->error, ERROR_INVALID, _("it is not a JSON object"));
    do {
        struct slice key, value;
        if (!cut_value(&scan, &key) || !take(&scan, ':') || !cut_value(&scan, &value))
            return error_set(&page->error, ERROR_INVALID, _("it ends in the middle"));
        if (is_key(&key, "metadata") && !read_metadata(page, &value))
            return false;
        if (!is_key(&key, "items"))
            continue;
        if (has_items)
            return error_set(&page->error, ERROR_INVALID, _("it has two lists of items"));
        if (!read_items(page, &value, projection))
            return false;
        has_items = true;
    } while (take(&scan, ','));
    if (!take(&scan, '}') || !has_items || page->resource_version == NULL || page->resource_version[0] == '\0')
        return error_set(&page->error, ERROR_INVALID, _("it is no list of objects with a version"));
    return true;
}

/* The size that gzip's last four bytes tell (modulo 2^32). */
static bool unpacks_too_large(const char *bytes, size_t size)
{
    uint32_t told = 0;
    for (size_t i = 0; i < 4 && size >= 4; i++)
        told |= (uint32_t)(unsigned char)bytes[size - 4 + i] << (8 * i);
    return told > UNPACKED_LIMIT;
}

bool list_page_parse(struct list_page *page, const char *bytes, size_t size, const struct kube_projection *projection)
{
    CLEANUP_FREE char *unpacked = NULL;
    if (gzip_is(bytes, size)) {
        size_t unpacked_size = 0;
        page->too_large = unpacks_too_large(bytes, size);
        if (page->too_large)
            error_set(&page->error, ERROR_INVALID, _("it is larger than what is read at once"));
        else if (gzip_unpack(bytes, size, UNPACKED_LIMIT, &unpacked, &unpacked_size, &page->error))
            read_list(page, unpacked, unpacked_size, projection);
    } else {
        read_list(page, bytes, size, projection);
    }
    if (page->error.code == ERROR_NONE)
        return true;
    error_prefix(&page->error, _("The server's list cannot be read"));
    return kube_answer_blame(&page->error);
}

void list_page_release(struct list_page *page, const struct kube_projection *projection)
{
    item_store_release(&page->items, projection);
    free(page->resource_version);
    free(page->continue_token);
    error_release(&page->error);
    *page = (struct list_page){0};
}
