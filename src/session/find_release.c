#include "session/find_release.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include <stdlib.h>

struct find_release {
    struct kube_client *client;
    struct find_release_options options;
    struct helm_releases_load *load;
    bool everywhere; /* the list covers all namespaces */
    void (*done)(struct find_release_result *result, const struct error *error, void *context);
    void *context;
};

void find_release_result_free(struct find_release_result *result)
{
    if (result == NULL)
        return;
    helm_releases_free(result->releases);
    free(result->candidates);
    free(result);
}

/* How well a playbook fits, 0: not at all. By name and namespace: the chart is known only once the record is decoded. */
static unsigned fit(const struct find_release_options *options, const struct helm_release *release)
{
    const struct playbook_release known = {.name = release->name, .namespace = release->namespace};
    const struct playbook *playbook = options->playbook != NULL ? options->playbook : playbook_library_match(options->library, &known);
    return playbook != NULL ? playbook_match(playbook, &known) : 0;
}

static bool is_meant(const struct find_release_options *options, const struct helm_release *release)
{
    return (options->release == NULL || text_equal(options->release, release->name)) &&
           (options->namespace == NULL || text_equal(options->namespace, release->namespace));
}

/* Rows that fit the names; those that a playbook may match come first, the better match before the other. */
static struct find_release_result *choose(const struct find_release_options *options, struct helm_releases *releases)
{
    struct find_release_result *result = memory_new(sizeof *result);
    CLEANUP_FREE unsigned *fits = memory_new_array(releases->count, sizeof *fits);
    result->releases = releases;
    result->candidates = memory_new_array(releases->count, sizeof(struct helm_release *));
    size_t matching = 0;
    for (size_t i = 0; i < releases->count; i++) {
        const struct helm_release *release = &releases->rows[i];
        if (!is_meant(options, release))
            continue;
        unsigned weight = fit(options, release);
        size_t place = result->candidate_count++;
        for (; place > 0 && fits[place - 1] < weight; place--) {
            fits[place] = fits[place - 1];
            result->candidates[place] = result->candidates[place - 1];
        }
        fits[place] = weight;
        result->candidates[place] = release;
        matching += weight > 0;
    }
    result->decided = result->candidate_count == 1 || matching == 1;
    return result;
}

/* Where a release of that name is, when it is not where it was looked for; NULL: nowhere. */
static const char *elsewhere(const struct find_release_options *options, const struct helm_releases *releases)
{
    for (size_t i = 0; i < releases->count; i++)
        if (text_equal(options->release, releases->rows[i].name))
            return releases->rows[i].namespace;
    return NULL;
}

static bool is_first_of_its_name(const struct helm_releases *releases, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (text_equal(releases->rows[i].name, releases->rows[index].name))
            return false;
    return true;
}

static bool nothing_found(const struct find_release *find, const struct helm_releases *releases, struct error *error)
{
    const char *namespace = find->options.namespace != NULL ? find->options.namespace
                            : find->everywhere             ? NULL
                                                           : find->options.context_namespace;
    if (find->options.release == NULL) {
        if (namespace != NULL)
            error_set(error, ERROR_NOT_FOUND, _("there is no Helm release in namespace '%s'"), namespace);
        else
            error_set(error, ERROR_NOT_FOUND, _("there is no Helm release on this cluster"));
        return error_hint(error, _("name another namespace with -n, another cluster with --context, or set HELM_DRIVER if releases are kept in ConfigMaps"));
    }
    if (namespace != NULL)
        error_set(error, ERROR_NOT_FOUND, _("release '%s' was not found in namespace '%s'"), find->options.release, namespace);
    else
        error_set(error, ERROR_NOT_FOUND, _("release '%s' was not found in any namespace"), find->options.release);
    const char *place = elsewhere(&find->options, releases);
    if (place != NULL)
        return error_hint(error, _("a release of that name is in namespace '%s': name it with -n %s"), place, place);
    CLEANUP_FREE const char **names = memory_new_array(releases->count, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < releases->count; i++)
        if (is_first_of_its_name(releases, i))
            names[count++] = releases->rows[i].name;
    CLEANUP_FREE char *nearest = text_nearest(find->options.release, names, count);
    if (nearest != NULL)
        return error_hint(error, _("did you mean %s? 'rollback-console releases -A' lists all"), nearest);
    return error_hint(error, _("'rollback-console releases -A' lists all releases"));
}

static void start_load(struct find_release *find, const char *namespace);

static const char *own_namespace(const struct find_release *find)
{
    return find->options.namespace != NULL ? find->options.namespace : find->options.context_namespace;
}

static void loaded(struct helm_releases *releases, const struct error *error, void *context)
{
    struct find_release *find = context;
    find->load = NULL;
    if (error != NULL && error->code == ERROR_FORBIDDEN && find->everywhere && own_namespace(find) != NULL) {
        /* Many users may list one namespace only; theirs is the named one or the context's. */
        start_load(find, own_namespace(find));
        return;
    }
    struct error failure = {0};
    struct find_release_result *result = NULL;
    if (error != NULL) {
        error_copy(&failure, error);
    } else {
        result = choose(&find->options, releases);
        if (result->candidate_count == 0) {
            nothing_found(find, releases, &failure);
            find_release_result_free(result);
            result = NULL;
        }
    }
    find->done(result, result == NULL ? &failure : NULL, find->context);
    error_release(&failure);
    free(find);
}

static void start_load(struct find_release *find, const char *namespace)
{
    find->everywhere = namespace == NULL;
    find->load = helm_releases_start(find->client, find->options.driver, namespace, false, loaded, find);
}

struct find_release *find_release_start(struct kube_client *client, const struct find_release_options *options,
                                        void (*done)(struct find_release_result *result, const struct error *error, void *context),
                                        void *context)
{
    struct find_release *find = memory_new(sizeof *find);
    find->client = client;
    find->options = *options;
    find->done = done;
    find->context = context;
    /* A name is looked for everywhere, so that a wrong namespace is told together with the right one. */
    start_load(find, options->release != NULL ? NULL : options->namespace);
    return find;
}

void find_release_cancel(struct find_release *find)
{
    if (find == NULL)
        return;
    helm_releases_cancel(find->load);
    free(find);
}
