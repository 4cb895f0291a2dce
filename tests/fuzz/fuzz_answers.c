/* What an API server sends (pages of lists, lines of watches), and paths that the allow-list of a read-only console is
 * asked about. */
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "kube/client.h"
#include "kube/list_page.h"
#include "kube/watch_batch.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void *keep_kind(const json_t *object, const void *context)
{
    (void)context;
    return memory_text(tree_text(object, "kind"));
}

static const struct kube_projection projection = {.make = keep_kind, .free_item = free};

/* Cutting a page and parsing it whole must agree on how many objects there are. */
static void try_page(const char *bytes, size_t size)
{
    struct list_page page = {0};
    json_t *tree = NULL;
    if (list_page_parse(&page, bytes, size, &projection) && tree_parse(bytes, size, &tree, NULL)) {
        if (page.items.count != json_array_size(tree_get(tree, "items")))
            abort();
        json_decref(tree);
    }
    list_page_release(&page, &projection);
}

static void try_lines(const char *bytes, size_t size)
{
    struct watch_batch batch = {0};
    bool good = watch_batch_parse(&batch, bytes, size, &projection);
    if (good != (batch.error.code == ERROR_NONE))
        abort();
    watch_batch_release(&batch, &projection);
}

/* A write is only ever allowed with exactly one plain dryRun=All, and no path with a fragment, which would not be sent.
 */
static void check_allowed(const char *method, const char *path)
{
    bool read_only = kube_client_allows(KUBE_READ_ONLY, method, path, NULL);
    bool dry_run = kube_client_allows(KUBE_READ_ONLY_DRY_RUN, method, path, NULL);
    if (read_only && !dry_run)
        abort();
    if (!dry_run)
        return;
    if (path[0] != '/' || strpbrk(path, "# \r\n\t\\") != NULL || strstr(path, "/exec/") != NULL ||
        text_ends(path, "/p/exec"))
        abort();
    const char *first = strstr(path, "dryRun");
    if (!read_only && (first == NULL || strncmp(first, "dryRun=All", 10) != 0 || strstr(first + 1, "dryRun") != NULL))
        abort();
}

static void try_path(const char *bytes, size_t size)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    static const char *const starts[] = {"", "/api/v1/namespaces/x/pods/p", "/apis/apps/v1/deployments?dryRun=All"};
    CLEANUP_FREE char *rest = memory_text_part(bytes, size < 200 ? size : 200);
    for (size_t i = 0; i < LENGTH_OF(starts); i++) {
        CLEANUP_FREE char *path = memory_format("%s%s", starts[i], rest);
        for (size_t j = 0; j < LENGTH_OF(methods); j++)
            check_allowed(methods[j], path);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP_FREE char *copy = memory_copy(bytes, size); /* its own block: a byte too far is found */
    try_page(copy, size);
    try_lines(copy, size);
    if (size > 0)
        try_path(copy, size);
    return 0;
}
