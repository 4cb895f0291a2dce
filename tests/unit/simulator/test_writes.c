/*
 * Replays what a real API server (1.34) answered: tests/data/simulator/writes.json holds for each case the object that
 * was there, the write that was sent and the answer (how it was recorded: tests/data/simulator/record).
 */
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/write.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NULL when the file cannot be read. Called outside of tests too, where nothing may be asserted. */
static json_t *load_cases(void)
{
    const char *folder = getenv("srcdir");
    CLEANUP_FREE char *path = memory_format("%s/tests/data/simulator/writes.json", folder != NULL ? folder : ".");
    CLEANUP_FREE char *bytes = NULL;
    size_t size = 0;
    json_t *cases = NULL;
    if (file_read(path, 8 << 20, &bytes, &size, NULL))
        tree_parse(bytes, size, &cases, NULL);
    return cases;
}

/* Is the key one whose value differs from run to run? */
static bool varies(const char *key)
{
    return strcmp(key, "uid") == 0 || strcmp(key, "resourceVersion") == 0 || strcmp(key, "creationTimestamp") == 0 ||
           strcmp(key, "time") == 0 || strcmp(key, "selfLink") == 0;
}

static void drop_varying(json_t *value)
{
    const char *key;
    json_t *child;
    void *next;
    size_t index;
    if (json_is_array(value)) {
        json_array_foreach(value, index, child)
        {
            drop_varying(child);
        }
        return;
    }
    json_object_foreach_safe(value, next, key, child)
    {
        if (varies(key))
            json_object_del(value, key);
        else
            drop_varying(child);
    }
}

static int compare_entries(const void *a, const void *b)
{
    CLEANUP_FREE char *left = tree_canonical(*(json_t *const *)a);
    CLEANUP_FREE char *right = tree_canonical(*(json_t *const *)b);
    return strcmp(left, right);
}

/* managedFields are ordered by time, which the replay does not have. */
static void sort_managed_fields(json_t *object)
{
    json_t *list = tree_get(object, "metadata", "managedFields");
    size_t count = json_array_size(list);
    if (count < 2)
        return;
    json_t **items = memory_new_array(count, sizeof(*items));
    for (size_t i = 0; i < count; i++)
        items[i] = json_incref(json_array_get(list, i));
    qsort(items, count, sizeof(*items), compare_entries);
    json_array_clear(list);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, items[i]);
    free(items);
}

/* The real server gives the causes of an Invalid answer in a random order, and some of them twice. */
static void sort_causes(json_t *status)
{
    json_t *causes = tree_get(status, "details", "causes"), *unique = json_object();
    size_t index;
    json_t *cause;
    json_array_foreach(causes, index, cause)
    {
        CLEANUP_FREE char *text = tree_canonical(cause);
        json_object_set(unique, text, cause);
    }
    if (json_object_size(unique) > 1 && text_equal(tree_text(status, "reason"), "Invalid"))
        json_object_del(status, "message");
    if (causes != NULL)
        json_object_set(json_object_get(status, "details"), "causes", unique);
    json_decref(unique);
}

static char *comparable(const json_t *object)
{
    json_t *copy = json_deep_copy(object);
    drop_varying(copy);
    sort_managed_fields(copy);
    sort_causes(copy);
    char *text = json_dumps(copy, JSON_SORT_KEYS | JSON_INDENT(1));
    json_decref(copy);
    return text;
}

static bool perform(const json_t *item, json_t **ret_object, struct refusal *refusal)
{
    struct write_kind kind = {.group = tree_text(item, "group"),
                              .kind = tree_text(item, "kind"),
                              .resource = tree_text(item, "resource"),
                              .crd = json_is_object(json_object_get(item, "crd")) ? json_object_get(item, "crd") : NULL,
                              .has_status = json_is_true(json_object_get(item, "hasStatus"))};
    struct write_options options = {.version = tree_text(item, "version"),
                                    .subresource = tree_text(item, "subresource"),
                                    .manager = tree_text(item, "manager"),
                                    .force = json_is_true(json_object_get(item, "force")),
                                    .validation =
                                        text_equal(tree_text(item, "validation"), "Strict") ? WRITE_STRICT : WRITE_WARN,
                                    .now_ms = 1800000000000};
    const json_t *body = json_object_get(item, "body");
    const json_t *live = json_is_object(json_object_get(item, "live")) ? json_object_get(item, "live") : NULL;
    const char *how = tree_text(item, "how");
    if (strcmp(how, "POST") == 0) {
        json_t *named = json_deep_copy(body); /* the server takes the namespace from the URL */
        bool cluster = strcmp(kind.resource, "namespaces") == 0 ||
                       strcmp(kind.resource, "customresourcedefinitions") == 0 ||
                       strcmp(kind.resource, "validatingwebhookconfigurations") == 0;
        if (!cluster && json_object_get(named, "metadata") != NULL)
            json_object_set_new(json_object_get(named, "metadata"), "namespace", json_string("recorded"));
        bool good = write_create(&kind, named, &options, ret_object, NULL, refusal);
        json_decref(named);
        return good;
    }
    if (strcmp(how, "PUT") == 0)
        return write_update(&kind, live, body, &options, ret_object, NULL, refusal);
    enum patch_type type = strcmp(how, "json") == 0        ? PATCH_JSON
                           : strcmp(how, "merge") == 0     ? PATCH_MERGE
                           : strcmp(how, "strategic") == 0 ? PATCH_STRATEGIC
                                                           : PATCH_APPLY;
    return write_patch(&kind, live, type, body, "recorded", tree_text(body, "metadata", "name"), &options, ret_object,
                       NULL, refusal);
}

/* What differs is shown whole: it is read by a person. */
static bool check_case(const json_t *item)
{
    json_t *object = NULL;
    struct refusal refusal = {0};
    json_int_t code = json_integer_value(json_object_get(item, "code"));
    bool good = perform(item, &object, &refusal);
    json_t *answer = NULL;
    if (good) {
        struct write_kind kind = {.group = tree_text(item, "group"),
                                  .crd = json_is_object(json_object_get(item, "crd")) ? json_object_get(item, "crd")
                                                                                      : NULL};
        answer = write_convert(&kind, object, tree_text(item, "version"));
    } else {
        answer = refusal_status(&refusal);
    }
    CLEANUP_FREE char *expected = comparable(json_object_get(item, "answer"));
    CLEANUP_FREE char *found = comparable(answer);
    bool same = good == (code < 400) && (good || refusal.code == code) && strcmp(expected, found) == 0;
    if (!same)
        fprintf(stderr, "# %s\n--- the real server: %lld\n%s\n--- here: %d\n%s\n", tree_text(item, "name"),
                (long long)code, expected, refusal.code, found);
    json_decref(object);
    json_decref(answer);
    refusal_release(&refusal);
    return same;
}

START_TEST(test_recorded_write)
{
    json_t *cases = load_cases();
    const json_t *item = json_array_get(cases, (size_t)_i);
    ck_assert_msg(item != NULL, "the recorded writes cannot be read");
    ck_assert_msg(check_case(item), "%s", tree_text(item, "name"));
    json_decref(cases);
}
END_TEST

Suite *suite_writes(void);

Suite *suite_writes(void)
{
    Suite *suite = suite_create("recorded writes");
    TCase *tests = tcase_create("writes");
    json_t *cases = load_cases();
    tcase_add_loop_test(tests, test_recorded_write, 0, cases != NULL ? (int)json_array_size(cases) : 1);
    json_decref(cases);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return suite;
}
