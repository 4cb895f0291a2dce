#include "situation/workloads_live.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "situation/object_pairs.h"
#include "situation/pod.h"
#include "situation/watched.h"
#include "situation/workload.h"
#include <stdlib.h>

#define WORKLOADS_LIMIT 200 /* watched at once; a release of more shows the first ones */

/* What is kept of a workload. The mark changes when anything but the status has; the text is what drift is judged by.
 */
struct kept {
    struct rollout rollout;
    char *text;
    char mark[DIGEST_SIZE];
};

struct entry {
    struct workloads_live *workloads;
    struct workload_live shown;
};

struct workloads_live {
    struct kube_client *client;
    struct workloads_live_options options;
    struct entry *entries;
    size_t count;
};

/* ---- projection ---- */

/* A scale or an edit raises the generation; labels and annotations do not, and are looked at themselves. */
static void make_mark(const json_t *object, char ret_mark[DIGEST_SIZE])
{
    const json_t *metadata = tree_get(object, "metadata");
    json_t *essence = json_object();
    static const char *const fields[] = {"uid", "generation", "labels", "annotations"};
    for (size_t i = 0; i < LENGTH_OF(fields); i++)
        if (json_object_get(metadata, fields[i]) != NULL)
            json_object_set(essence, fields[i], json_object_get(metadata, fields[i]));
    digest_tree(essence, ret_mark);
    json_decref(essence);
}

/* `context` is the kind: objects inside a list do not tell theirs. */
static void *make_kept(const json_t *object, const void *context)
{
    struct kept *kept = memory_new(sizeof *kept);
    rollout_judge(context, object, &kept->rollout);
    kept->text = json_dumps(object, JSON_COMPACT);
    make_mark(object, kept->mark);
    return kept;
}

static void free_kept(void *item)
{
    struct kept *kept = item;
    rollout_release(&kept->rollout);
    free(kept->text);
    free(kept);
}

/* ---- watching ---- */

static void feed(const struct entry *entry)
{
    const struct workload_live *shown = &entry->shown;
    const struct kube_item *item = kube_reflector_find(shown->workload, shown->namespace, shown->name);
    const struct kept *kept = item != NULL ? item->item : NULL;
    struct part part = {.heard_ms = -1};
    watched_part(shown->workload, &part);
    live_objects_feed(entry->workloads->options.objects, shown->kind, shown->namespace, shown->name,
                      kept != NULL ? kept->text : NULL, kept != NULL ? kept->mark : NULL, &part);
    part_release(&part);
}

static void workload_state(void *context)
{
    const struct entry *entry = context;
    /* The first state may be told while the reflector is still being made. */
    if (entry->shown.workload == NULL)
        return;
    feed(entry);
    entry->workloads->options.on_change(entry->workloads->options.context);
}

static void workload_changed(enum kube_change change, const struct kube_item *now, const void *before, void *context)
{
    (void)change, (void)now, (void)before;
    workload_state(context);
}

/* "a=b,c in (d,e)" of a selector in a manifest; NULL when it has none. */
static char *make_selector(const json_t *selector)
{
    struct text text = {0};
    const char *key;
    json_t *value;
    size_t index, at;
    json_object_foreach(tree_get(selector, "matchLabels"), key, value)
    {
        if (json_is_string(value))
            text_append_format(&text, "%s%s=%s", text.size > 0 ? "," : "", key, json_string_value(value));
    }
    json_t *expression, *option;
    json_array_foreach(tree_get(selector, "matchExpressions"), index, expression)
    {
        const char *name = tree_text(expression, "key"), *operator= tree_text(expression, "operator");
        if (name == NULL || operator== NULL)
            continue;
        bool in = text_equal(operator, "In"), not_in = text_equal(operator, "NotIn");
        text_append_format(&text, "%s%s%s", text.size > 0 ? "," : "", text_equal(operator, "DoesNotExist") ? "!" : "",
                           name);
        if (!in && !not_in)
            continue;
        text_append(&text, in ? " in (" : " notin (");
        json_array_foreach(tree_get(expression, "values"), at, option)
        {
            if (json_is_string(option))
                text_append_format(&text, "%s%s", at > 0 ? "," : "", json_string_value(option));
        }
        text_append_char(&text, ')');
    }
    return text.size > 0 ? text_steal(&text) : NULL;
}

static void watch(struct workloads_live *workloads, struct entry *entry, const char *api_version, const json_t *object)
{
    const struct kube_resource *resource = kube_resource_find(api_version, entry->shown.kind);
    CLEANUP_FREE char *by_name = memory_format("metadata.name=%s", entry->shown.name);
    CLEANUP_FREE char *selector = make_selector(tree_get(object, "spec", "selector"));
    struct kube_reflector_options options = {
        .resource = *resource,
        .namespace = entry->shown.namespace,
        .field_selector = by_name,
        .once = workloads->options.once,
        .projection = {make_kept, free_kept, memory_text(entry->shown.kind), free},
        .on_change = workload_changed,
        .on_state = workload_state,
        .context = entry,
    };
    entry->shown.workload = kube_reflector_new(workloads->client, &options);
    if (selector != NULL)
        entry->shown.pods = pod_pool_get(workloads->options.pods, entry->shown.namespace, selector);
}

/* ---- which ones ---- */

static bool is_of(const struct workload_live *shown, const struct component_identity *identity)
{
    return identity->workload != NULL && text_equal(identity->workload, shown->name) &&
           text_equal(identity->kind, shown->kind) && text_equal(identity->namespace, shown->namespace);
}

static struct entry *find_entry(const struct workloads_live *workloads, const struct component_identity *identity)
{
    for (size_t i = 0; i < workloads->count; i++)
        if (is_of(&workloads->entries[i].shown, identity))
            return &workloads->entries[i];
    return NULL;
}

static const struct component_identity *find_identity(const struct workloads_live_options *options,
                                                      const struct workload_live *shown)
{
    for (size_t i = 0; i < options->identity_count; i++)
        if (is_of(shown, &options->identities[i]))
            return &options->identities[i];
    return NULL;
}

static void add_pair(struct workloads_live *workloads, const struct object_pair *pair, bool of_components)
{
    const struct helm_object *object = pair->from != NULL ? pair->from : pair->to;
    if (object->tree == NULL || !workload_is(object->api_version, object->kind) || workloads->count == WORKLOADS_LIMIT)
        return;
    struct workload_live shown = {
        .kind = object->kind, .namespace = object->namespace, .name = object->name, .in_release = pair->from != NULL};
    shown.identity = find_identity(&workloads->options, &shown);
    if ((shown.identity != NULL) != of_components)
        return;
    struct entry *entry = &workloads->entries[workloads->count++];
    *entry = (struct entry){workloads, shown};
    watch(workloads, entry, object->api_version, object->tree);
}

/* A workload that the playbook names and the chart does not contain: something else made it. */
static void add_identity(struct workloads_live *workloads, const struct component_identity *identity)
{
    const char *api_version = text_equal(identity->kind, "CronJob") ? "batch/v1" : "apps/v1";
    if (identity->workload == NULL || identity->kind == NULL || !workload_is(api_version, identity->kind) ||
        find_entry(workloads, identity) != NULL || workloads->count == WORKLOADS_LIMIT)
        return;
    struct entry *entry = &workloads->entries[workloads->count++];
    *entry = (struct entry){
        workloads,
        {.kind = identity->kind, .namespace = identity->namespace, .name = identity->workload, .identity = identity}};
    watch(workloads, entry, api_version, NULL);
}

struct workloads_live *workloads_live_new(struct kube_client *client, const struct workloads_live_options *options)
{
    struct workloads_live *workloads = memory_new(sizeof *workloads);
    struct object_pair *pairs;
    size_t count;
    workloads->client = client;
    workloads->options = *options;
    workloads->options.from = helm_record_hold(options->from);
    workloads->options.to = options->to != NULL ? helm_record_hold(options->to) : NULL;
    workloads->entries = memory_new_array(WORKLOADS_LIMIT, sizeof *workloads->entries);
    object_pairs_make(options->from->manifest, options->to != NULL ? options->to->manifest : NULL, &pairs, &count);
    for (size_t i = 0; i < count; i++)
        add_pair(workloads, &pairs[i], true);
    for (size_t i = 0; i < options->identity_count; i++)
        add_identity(workloads, &options->identities[i]);
    for (size_t i = 0; i < count; i++)
        add_pair(workloads, &pairs[i], false);
    free(pairs);
    return workloads;
}

void workloads_live_free(struct workloads_live *workloads)
{
    if (workloads == NULL)
        return;
    for (size_t i = 0; i < workloads->count; i++) {
        kube_reflector_free(workloads->entries[i].shown.workload);
        pod_pool_put(workloads->options.pods, workloads->entries[i].shown.pods);
    }
    helm_record_free(workloads->options.from);
    helm_record_free(workloads->options.to);
    free(workloads->entries);
    free(workloads);
}

/* ---- reading ---- */

bool workloads_live_complete(const struct workloads_live *workloads)
{
    for (size_t i = 0; i < workloads->count; i++) {
        const struct workload_live *shown = &workloads->entries[i].shown;
        if (!kube_reflector_complete(shown->workload) || (shown->pods != NULL && !kube_reflector_complete(shown->pods)))
            return false;
    }
    return true;
}

size_t workloads_live_count(const struct workloads_live *workloads)
{
    return workloads->count;
}

const struct workload_live *workloads_live_at(const struct workloads_live *workloads, size_t index)
{
    return &workloads->entries[index].shown;
}

const struct workload_live *workloads_live_find(const struct workloads_live *workloads,
                                                const struct component_identity *identity)
{
    const struct entry *entry = find_entry(workloads, identity);
    return entry != NULL ? &entry->shown : NULL;
}

/* What troubles the first pod that is in trouble; NULL when none is. */
static const char *pods_trouble(struct kube_reflector *pods)
{
    for (size_t i = 0; pods != NULL && i < kube_reflector_count(pods); i++) {
        const struct pod *pod = kube_reflector_at(pods, i)->item;
        if (!pod->ready && !pod->ending && *pod->trouble != '\0')
            return pod->trouble;
    }
    return NULL;
}

void workload_live_read(const struct workload_live *workload, struct rollout *ret_rollout, struct part *ret_part)
{
    const struct kube_item *item = kube_reflector_find(workload->workload, workload->namespace, workload->name);
    struct part part = {.heard_ms = -1};
    watched_part(workload->workload, &part);
    if (item != NULL) {
        const struct kept *kept = item->item;
        const char *trouble = kept->rollout.state == ROLLOUT_DONE ? NULL : pods_trouble(workload->pods);
        *ret_rollout = kept->rollout;
        ret_rollout->reason = trouble == NULL                 ? memory_text(kept->rollout.reason)
                              : *kept->rollout.reason != '\0' ? memory_format("%s; %s", kept->rollout.reason, trouble)
                                                              : memory_text(trouble);
    } else if (kube_reflector_complete(workload->workload) && part.state != PART_UNKNOWN) {
        rollout_missing(ret_rollout);
    } else {
        *ret_rollout = (struct rollout){ROLLOUT_UNKNOWN, memory_text(""), -1, -1, -1};
    }
    *ret_part = part;
}

void workload_live_images(struct kube_reflector *pods, const char *container, struct picture_image **ret_images,
                          size_t *ret_count)
{
    struct picture_image *images = NULL;
    size_t count = 0;
    for (size_t i = 0; pods != NULL && i < kube_reflector_count(pods); i++)
        pod_count_image(kube_reflector_at(pods, i)->item, container, &images, &count);
    pod_sort_images(images, count);
    *ret_images = images;
    *ret_count = count;
}
