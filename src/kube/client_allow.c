/* The one allow-list of what a read-only console may send. What it does not recognise, it refuses. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "kube/client.h"
#include <string.h>

enum { SEGMENTS_MAX = 10 };

/* A path without its query, cut at its slashes. */
struct path {
    char *text; /* what the segments point into */
    const char *segments[SEGMENTS_MAX];
    size_t count;
    bool plain; /* no empty, dot or encoded segments: the server reads it as it stands */
};

static void path_cut(struct path *path, const char *text)
{
    *path = (struct path){.text = memory_text_part(text, strcspn(text, "?")), .plain = text[0] == '/'};
    char *rest = path->text + (path->plain ? 1 : 0);
    while (rest != NULL && path->plain) {
        char *segment = strsep(&rest, "/");
        if (segment[0] == '\0' || text_equal(segment, ".") || text_equal(segment, "..") || strchr(segment, '%') != NULL ||
            path->count == SEGMENTS_MAX)
            path->plain = false;
        else
            path->segments[path->count++] = segment;
    }
}

/* What follows group and version: {collection, name, subresource …}; the namespace is passed over. */
static size_t resource_start(const struct path *path)
{
    size_t start = text_equal(path->segments[0], "api") ? 2 : text_equal(path->segments[0], "apis") ? 3 : path->count;
    if (path->count > start + 2 && text_equal(path->segments[start], "namespaces"))
        start += 2;
    return start < path->count ? start : path->count;
}

/* Subresources that act although they are asked for with GET, or that do not honour dryRun. */
static bool subresource_acts(const struct path *path)
{
    static const char *const acting[] = {"exec", "attach", "portforward", "proxy", "token", "binding", "eviction", "approval", "finalize"};
    for (size_t i = resource_start(path) + 1; i < path->count; i++)
        for (size_t j = 0; j < LENGTH_OF(acting); j++)
            if (text_equal(path->segments[i], acting[j]))
                return i > resource_start(path) + 1 || text_equal(acting[j], "proxy");
    return false;
}

static bool is_review_of_oneself(const struct path *path)
{
    static const char *const reviews[] = {"selfsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews"};
    if (path->count != 4 || !text_equal(path->segments[0], "apis"))
        return false;
    bool authorization = text_equal(path->segments[1], "authorization.k8s.io");
    bool authentication = text_equal(path->segments[1], "authentication.k8s.io");
    if (text_equal(path->segments[3], reviews[2]))
        return authentication;
    return authorization && (text_equal(path->segments[3], reviews[0]) || text_equal(path->segments[3], reviews[1]));
}

/* Exactly one dryRun parameter, written plainly and with the value All; nothing that could decode to a second one. */
static bool is_dry_run(const char *path)
{
    const char *query = strchr(path, '?');
    if (query == NULL)
        return false;
    CLEANUP_FREE char *copy = memory_text(query + 1);
    size_t plain = 0;
    char *rest = copy;
    for (char *parameter = strsep(&rest, "&;"); parameter != NULL; parameter = strsep(&rest, "&;")) {
        CLEANUP_FREE char *name = memory_text_part(parameter, strcspn(parameter, "="));
        if (strchr(name, '%') != NULL || strchr(name, '+') != NULL)
            return false;
        if (strcasecmp(name, "dryRun") != 0)
            continue;
        if (!text_equal(parameter, "dryRun=All"))
            return false;
        plain++;
    }
    return plain == 1;
}

static bool is_write(const char *method)
{
    return text_equal(method, "POST") || text_equal(method, "PUT") || text_equal(method, "PATCH") || text_equal(method, "DELETE");
}

/* A dry run of a plain object, its status or its scale: other subresources may act all the same. */
static bool may_dry_run(const char *method, const char *text, const struct path *path)
{
    if (!is_write(method) || !is_dry_run(text))
        return false;
    size_t depth = path->count - resource_start(path);
    if (depth == 3) {
        const char *subresource = path->segments[path->count - 1];
        return text_equal(subresource, "status") || text_equal(subresource, "scale");
    }
    return depth == 1 || depth == 2;
}

bool kube_client_allows(enum kube_access access, const char *method, const char *text, struct error *error)
{
    if (access == KUBE_READ_WRITE)
        return true;
    struct path path;
    path_cut(&path, text);
    bool known = path.plain && path.count > 0;
    bool allowed = known && ((text_equal(method, "GET") && !subresource_acts(&path)) ||
                             (text_equal(method, "POST") && is_review_of_oneself(&path)) ||
                             (access == KUBE_READ_ONLY_DRY_RUN && may_dry_run(method, text, &path)));
    memory_free_pointer(&path.text);
    if (allowed)
        return true;
    CLEANUP_FREE char *shown = text_clean(text, false, 200);
    error_set(error, ERROR_REFUSED, _("this console is read-only: %s %s is not sent"), method, shown);
    return error_hint(error, access == KUBE_READ_ONLY ? _("start it without --read-only, or with --read-only=dry-run to allow dry runs")
                                                      : _("start it without --read-only"));
}
