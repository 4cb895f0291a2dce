#include "situation/change_set.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "helm/manifest.h"
#include "situation/field_changes.h"
#include "situation/helm_labels.h"
#include "situation/identity.h"
#include "situation/object_lines.h"
#include "situation/object_pairs.h"
#include "situation/reads.h"
#include "situation/risk.h"
#include "situation/workload.h"
#include <stdlib.h>

const char *change_kind_name(enum change_kind kind)
{
    static const char *const names[] = {"same", "changed", "added", "removed", "unknown"};
    return names[kind];
}

/* ---- components ---- */

static bool trees_same(const json_t *a, const json_t *b)
{
    return a == b || (a != NULL && b != NULL && tree_equal(a, b));
}

static bool images_differ(const struct fingerprint *from, const struct fingerprint *to)
{
    if (from->container_count != to->container_count)
        return true;
    for (size_t i = 0; i < from->container_count; i++)
        if (!text_equal(from->containers[i].image_hash, to->containers[i].image_hash))
            return true;
    return false;
}

/* Everything of a workload but its pod template, without what Helm changes on every revision. */
static json_t *without_template(const struct helm_object *object)
{
    json_t *copy = json_deep_copy(object->tree);
    json_decref(helm_labels_take(copy));
    json_t *holder =
        text_equal(object->kind, "CronJob") ? tree_get(copy, "spec", "jobTemplate", "spec") : tree_get(copy, "spec");
    json_object_del(holder, "template");
    return copy;
}

static void note_fields(const struct component_identity *identity, const struct component_change *change,
                        const struct helm_record *from, const struct helm_record *to, struct field_changes *fields)
{
    struct compare compare = {
        .scope = COMPARE_BOTH,
        .builtin = identity->values == NULL,
        .kind = identity->values == NULL && identity->kind != NULL ? identity->kind : "",
        .differs = field_changes_note,
        .context = fields,
    };
    struct place root = {.key = identity->values};
    compare_trees(&compare, identity->values != NULL ? &root : NULL, change->from.config, change->to.config);
    const struct helm_object *before = identity_object(identity, from), *after = identity_object(identity, to);
    if (identity->values != NULL || before == NULL || after == NULL)
        return;
    json_t *rest_before = without_template(before), *rest_after = without_template(after);
    compare_trees(&compare, NULL, rest_before, rest_after);
    json_decref(rest_before);
    json_decref(rest_after);
}

static char *changed_reads(const struct component_identity *identity, const struct helm_record *from,
                           const struct helm_record *to)
{
    const struct helm_object *before = identity_object(identity, from), *after = identity_object(identity, to);
    const json_t *old_template = before != NULL ? workload_template(before->kind, before->tree) : NULL;
    const json_t *new_template = after != NULL ? workload_template(after->kind, after->tree) : NULL;
    if (old_template == NULL || new_template == NULL)
        return NULL;
    return reads_changed(identity->namespace, old_template, new_template, from->manifest, to->manifest);
}

/* Both revisions have the component. */
static void compare_component(struct component_change *change, const struct helm_record *from,
                              const struct helm_record *to)
{
    CLEANUP_FREE char *configuration = changed_reads(&change->identity, from, to);
    bool differs =
        images_differ(&change->from, &change->to) || !text_equal(change->from.config_hash, change->to.config_hash);
    if (!differs && configuration == NULL) {
        change->change = CHANGE_SAME;
        change->labels_only = !trees_same(change->from.labels, change->to.labels);
        change->summary = memory_text(change->labels_only ? _("same, labels only") : _("same"));
        return;
    }
    struct field_changes fields = {0};
    if (differs)
        note_fields(&change->identity, change, from, to, &fields);
    CLEANUP_FREE char *parts = field_changes_summary(&fields);
    CLEANUP_FREE char *reads =
        configuration != NULL ? memory_format(_("configuration: %s"), configuration) : memory_text("");
    change->change = CHANGE_CHANGED;
    change->fields = fields.items;
    change->field_count = fields.count;
    change->summary = memory_format("%s%s%s", parts, *parts != '\0' && *reads != '\0' ? ", " : "", reads);
}

static void make_component(struct component_change *change, const struct helm_record *from,
                           const struct helm_record *to)
{
    fingerprint_make(&change->identity, from, &change->from);
    fingerprint_make(&change->identity, to, &change->to);
    if (to == NULL) {
        change->change = CHANGE_UNKNOWN;
        change->summary = memory_text(_("nothing to compare with"));
    } else if (change->from.present && change->to.present) {
        compare_component(change, from, to);
    } else if (change->from.present) {
        change->change = CHANGE_REMOVED;
        change->summary = memory_format(_("not in revision %d"), to->revision);
    } else if (change->to.present) {
        change->change = CHANGE_ADDED;
        change->summary = memory_format(_("not in revision %d"), from->revision);
    } else {
        change->change = CHANGE_UNKNOWN;
        bool optional = change->identity.playbook != NULL && change->identity.playbook->optional;
        change->summary = memory_text(optional ? _("not installed") : _("in neither revision"));
    }
    risk_assess(change);
}

/* ---- the other objects ---- */

/* The component whose workload an object is; NULL when its fingerprint is made of something else. */
static const struct component_change *component_of(const struct change_set *set, const struct helm_object *object)
{
    for (size_t i = 0; i < set->component_count; i++) {
        const struct component_identity *identity = &set->components[i].identity;
        if (identity->values == NULL && text_equal(identity->workload, object->name) &&
            text_equal(identity->kind, object->kind) && text_equal(identity->namespace, object->namespace))
            return &set->components[i];
    }
    return NULL;
}

static json_t *without_helm_labels(const struct helm_object *object)
{
    json_t *copy = json_deep_copy(object->tree);
    json_decref(helm_labels_take(copy));
    json_t *template = (json_t *)workload_template(object->kind, copy);
    if (template != NULL)
        json_decref(helm_labels_take(template));
    return copy;
}

static bool differs_by_labels_alone(const struct object_pair *pair)
{
    json_t *before = without_helm_labels(pair->from), *after = without_helm_labels(pair->to);
    bool same = tree_equal(before, after);
    json_decref(before);
    json_decref(after);
    return same;
}

static void add_other(struct change_set *set, const struct object_pair *pair, enum change_kind kind)
{
    const struct helm_object *object = object_pair_any(pair);
    bool readable = object->tree != NULL;
    struct object_change other = {
        .api_version = memory_text(readable ? object->api_version : ""),
        .kind = memory_text(readable ? object->kind : _("unreadable")),
        .namespace = memory_text(readable ? object->namespace : ""),
        .name = memory_text(readable ? object->name : object->source),
        .change = kind,
    };
    struct object_lines before, after;
    object_lines_of(pair->from, &before);
    object_lines_of(pair->to, &after);
    object_lines_count(&before, &after, &other.lines_added, &other.lines_removed);
    object_lines_release(&before);
    object_lines_release(&after);
    set->others = memory_resize(set->others, set->other_count + 1, sizeof *set->others);
    set->others[set->other_count++] = other;
}

static void compare_pair(struct change_set *set, const struct object_pair *pair)
{
    const struct helm_object *from = pair->from, *to = pair->to;
    if ((from != NULL && from->tree == NULL) || (to != NULL && to->tree == NULL)) {
        set->equal = false;
        add_other(set, pair, CHANGE_UNKNOWN);
        return;
    }
    if (from != NULL && to != NULL && tree_equal(from->tree, to->tree))
        return;
    set->equal = false;
    const struct component_change *component = component_of(set, object_pair_any(pair));
    /* A component tells all that differs of its workload, unless its fingerprint is the same and something beside the
     * pods differs. */
    if (component != NULL && component->change != CHANGE_SAME)
        return;
    if (from == NULL || to == NULL)
        add_other(set, pair, from == NULL ? CHANGE_ADDED : CHANGE_REMOVED);
    else if (differs_by_labels_alone(pair))
        set->labels_only_count++;
    else
        add_other(set, pair, CHANGE_CHANGED);
}

static void compare_others(struct change_set *set, const struct helm_record *from, const struct helm_record *to)
{
    struct object_pair *pairs;
    size_t count;
    object_pairs_make(from->manifest, to->manifest, &pairs, &count);
    for (size_t i = 0; i < count; i++)
        compare_pair(set, &pairs[i]);
    free(pairs);
}

struct change_set *change_set_make(const struct playbook *playbook, const struct helm_record *from,
                                   const struct helm_record *to)
{
    struct change_set *set = memory_new(sizeof *set);
    set->from = from->revision;
    set->to = to != NULL ? to->revision : 0;
    identities_make(playbook, from, to, &set->identities, &set->component_count, &set->texts);
    set->components = memory_new_array(set->component_count, sizeof *set->components);
    set->equal = to != NULL;
    set->risk = RISK_LOW;
    for (size_t i = 0; i < set->component_count; i++) {
        struct component_change *change = &set->components[i];
        change->identity = set->identities[i];
        make_component(change, from, to);
        if (change->change == CHANGE_SAME || change->change == CHANGE_UNKNOWN)
            continue;
        set->equal = false;
        set->risk = risk_worse(set->risk, change->risk);
    }
    if (to != NULL)
        compare_others(set, from, to);
    return set;
}

static void free_component(struct component_change *change)
{
    free(change->summary);
    free(change->risk_reason);
    fingerprint_release(&change->from);
    fingerprint_release(&change->to);
    field_changes_free_items(change->fields, change->field_count);
}

void change_set_free(struct change_set *change_set)
{
    if (change_set == NULL)
        return;
    for (size_t i = 0; i < change_set->component_count; i++)
        free_component(&change_set->components[i]);
    for (size_t i = 0; i < change_set->other_count; i++) {
        free(change_set->others[i].api_version);
        free(change_set->others[i].kind);
        free(change_set->others[i].namespace);
        free(change_set->others[i].name);
    }
    free(change_set->components);
    free(change_set->others);
    free(change_set->identities);
    identities_free_texts(change_set->texts);
    free(change_set);
}
