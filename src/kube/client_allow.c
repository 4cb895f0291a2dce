/* The one allow-list of what a read-only console may send. What it does not recognise, it refuses. */
#include "kube/client_allow.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The longest: /apis/GROUP/VERSION/namespaces/NS/RESOURCE/NAME/SUBRESOURCE */
#define SEGMENTS_MAX 8

/* A path without its query, cut at its slashes, each segment decoded. */
struct path {
    char *segments[SEGMENTS_MAX];
    size_t count;
};

/* What the API server makes of a path (apiserver's RequestInfo). Borrowed from the path; NULL where there is none. */
struct target {
    const char *group;
    const char *resource;
    const char *name;
    const char *subresource;
};

static void path_release(struct path *path)
{
    for (size_t i = 0; i < path->count; i++)
        free(path->segments[i]);
}

/* Characters that need no second look: no spaces, no controls, nothing that a URL gives another meaning, '#' above all:
 * what follows it is never sent. */
static bool is_plain_text(const char *text)
{
    for (; *text != '\0'; text++)
        if (!isalnum((unsigned char)*text) && strchr("-._~!$&'()*+,/:;=?@%", *text) == NULL)
            return false;
    return true;
}

/* One segment with its %XX decoded; NULL when the server could read it in another way than it looks: empty, dots, or
 * hiding a slash, a percent sign or a control character. */
static char *decode_segment(const char *segment, size_t size)
{
    struct text decoded = {0};
    bool good = size > 0;
    for (size_t i = 0; i < size && good; i++) {
        char character = segment[i];
        if (character == '%') {
            char digits[3] = {0};
            good = size - i > 2 && isxdigit((unsigned char)segment[i + 1]) && isxdigit((unsigned char)segment[i + 2]);
            if (!good)
                break;
            memcpy(digits, segment + i + 1, 2);
            character = (char)strtoul(digits, NULL, 16);
            good = isgraph((unsigned char)character) && strchr("/%\\?#", character) == NULL;
            i += 2;
        }
        text_append_char(&decoded, character);
    }
    char *text = text_steal(&decoded);
    if (good && !text_equal(text, ".") && !text_equal(text, ".."))
        return text;
    free(text);
    return NULL;
}

/* False when it is no path that every reader reads alike. */
static bool path_cut(const char *text, struct path *path)
{
    *path = (struct path){0};
    if (text[0] != '/' || !is_plain_text(text))
        return false;
    const char *end = text + strcspn(text, "?");
    while (text < end) {
        text++;
        size_t size = strcspn(text, "/?");
        char *segment = path->count < SEGMENTS_MAX ? decode_segment(text, size) : NULL;
        if (segment == NULL) {
            path_release(path);
            return false;
        }
        path->segments[path->count++] = segment;
        text += size;
    }
    return path->count > 0;
}

/* False for paths that lead to no resource, and for those that are longer than a resource's. */
static bool find_target(const struct path *path, struct target *target)
{
    *target = (struct target){.group = ""};
    bool core = text_equal(path->segments[0], "api");
    if (!core && !text_equal(path->segments[0], "apis"))
        return false;
    size_t start = core ? 2 : 3;
    if (path->count <= start)
        return false;
    if (!core)
        target->group = path->segments[1];
    const char *third = path->count > start + 2 ? path->segments[start + 2] : "";
    if (text_equal(path->segments[start], "namespaces") && third[0] != '\0' && !text_equal(third, "status") &&
        !text_equal(third, "finalize"))
        start += 2;
    const char *parts[3] = {0};
    if (path->count - start > LENGTH_OF(parts))
        return false;
    for (size_t i = 0; start + i < path->count; i++)
        parts[i] = path->segments[start + i];
    target->resource = parts[0];
    target->name = parts[1];
    target->subresource = parts[2];
    /* The first word of paths of old, which proxied or watched what follows. */
    return !text_equal(target->resource, "proxy") && !text_equal(target->resource, "redirect") &&
           !text_equal(target->resource, "watch");
}

static bool is_one_of(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text_equal(text, words[i]))
            return true;
    return false;
}

/* Discovery, schemas, health: GETs beside the resources. */
static bool is_about_the_server(const struct path *path)
{
    static const char *const roots[] = {"version", "healthz", "livez", "readyz", "openapi"};
    const char *root = path->segments[0];
    return is_one_of(root, roots, LENGTH_OF(roots)) || (text_equal(root, "api") && path->count <= 2) ||
           (text_equal(root, "apis") && path->count <= 3);
}

/* Subresources can act though they are asked for with GET (exec, attach, portforward, proxy, a VM's console …): only
 * those known to read. */
static bool may_read(const struct path *path)
{
    static const char *const reading[] = {"status", "scale", "log"};
    struct target target;
    if (!find_target(path, &target))
        return is_about_the_server(path);
    return target.subresource == NULL || is_one_of(target.subresource, reading, LENGTH_OF(reading));
}

static bool is_review_of_oneself(const struct path *path, const char *text)
{
    struct target target;
    if (!find_target(path, &target) || target.name != NULL || path->count != 4 || strchr(text, '?') != NULL)
        return false;
    if (text_equal(target.group, "authentication.k8s.io"))
        return text_equal(target.resource, "selfsubjectreviews");
    return text_equal(target.group, "authorization.k8s.io") &&
           (text_equal(target.resource, "selfsubjectaccessreviews") ||
            text_equal(target.resource, "selfsubjectrulesreviews"));
}

/* Exactly one dryRun parameter, written plainly and with the value All; nothing that could be read as a second one, or
 * hide it. */
static bool query_is_dry_run(const char *text)
{
    const char *query = strchr(text, '?');
    if (query == NULL || strchr(query, ';') != NULL)
        return false;
    CLEANUP_FREE char *copy = memory_text(query + 1);
    size_t plain = 0;
    char *rest = copy;
    for (char *parameter; (parameter = strsep(&rest, "&")) != NULL;) {
        size_t name = strcspn(parameter, "=");
        for (size_t i = 0; i < name; i++)
            if (!isalpha((unsigned char)parameter[i]))
                return false;
        if (strncasecmp(parameter, "dryrun", strlen("dryrun")) != 0)
            continue;
        if (!text_equal(parameter, "dryRun=All"))
            return false;
        plain++;
    }
    return plain == 1;
}

static bool is_write(const char *method)
{
    return text_equal(method, "POST") || text_equal(method, "PUT") || text_equal(method, "PATCH") ||
           text_equal(method, "DELETE");
}

/* Only where the API server honours dryRun: plain objects, their status and scale. A token would be made all the same.
 */
static bool may_dry_run(const char *method, const char *text, const struct path *path)
{
    struct target target;
    if (!is_write(method) || !query_is_dry_run(text) || !find_target(path, &target))
        return false;
    if (text_equal(method, "DELETE") && target.name == NULL)
        return false;
    return target.subresource == NULL || text_equal(target.subresource, "status") ||
           text_equal(target.subresource, "scale");
}

static bool refuse(enum kube_access access, const char *method, const char *path, struct error *error)
{
    CLEANUP_FREE char *shown = text_clean(path, false, 200);
    CLEANUP_FREE char *shown_method = text_clean(method, false, 20);
    error_set(error, ERROR_REFUSED, _("This console is read-only: %s %s is not sent."), shown_method, shown);
    return error_hint(error, access == KUBE_READ_ONLY
                                 ? _("Start it without --read-only, or with --read-only=dry-run to allow dry runs.")
                                 : _("Start it without --read-only."));
}

bool kube_client_allows(enum kube_access access, const char *method, const char *text, struct error *error)
{
    if (access == KUBE_READ_WRITE)
        return true;
    struct path path;
    if (!path_cut(text, &path))
        return refuse(access, method, text, error);
    bool allowed = (text_equal(method, "GET") && may_read(&path)) ||
                   (text_equal(method, "POST") && is_review_of_oneself(&path, text)) ||
                   (access == KUBE_READ_ONLY_DRY_RUN && may_dry_run(method, text, &path));
    path_release(&path);
    return allowed || refuse(access, method, text, error);
}

/* With a body, a DELETE's query is not looked at: the body alone says whether it is a dry run (apiserver's
 * DeleteResource). */
static bool body_is_dry_run(const struct kube_request *request)
{
    if (request->body == NULL || request->body[0] == '\0')
        return true;
    if (request->content_type != NULL && !text_equal(request->content_type, "application/json"))
        return false;
    json_t *options = NULL;
    if (!tree_parse(request->body, strlen(request->body), &options, NULL))
        return false;
    const json_t *dry_run = tree_get(options, "dryRun");
    bool good = json_array_size(dry_run) == 1 && text_equal(json_string_value(json_array_get(dry_run, 0)), "All");
    json_decref(options);
    return good;
}

/* True unless the path is a resource's and names no object. */
static bool names_an_object(const char *text)
{
    struct path path;
    struct target target;
    if (!path_cut(text, &path))
        return false;
    bool named = find_target(&path, &target) && target.name != NULL;
    path_release(&path);
    return named;
}

bool client_allow_request(enum kube_access access, const struct kube_request *request, struct error *error)
{
    CLEANUP_FREE char *shown = text_clean(request->path, false, 200);
    bool deletes = text_equal(request->method, "DELETE");
    /* Anything but a slash would become part of the server's name. */
    if (request->path[0] != '/' || strpbrk(request->path, "# \t\r\n") != NULL)
        return error_set(error, ERROR_INTERNAL, _("The path '%s' is none that can be sent to an API server."), shown);
    if (deletes && !names_an_object(request->path))
        return error_set(error, ERROR_INTERNAL, _("DELETE %s is not sent: it names no single object."), shown);
    if (!kube_client_allows(access, request->method, request->path, error))
        return false;
    if (access == KUBE_READ_ONLY_DRY_RUN && deletes && !body_is_dry_run(request))
        return refuse(access, request->method, request->path, error);
    return true;
}
