#include "base/clock.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/registry.h"
#include <check.h>
#include <string.h>

Suite *suite_registry(void);

static struct clock_manual now;
static struct registry *registry;
static struct refusal refusal;

static void setup(void)
{
    clock_manual_init(&now, 1767225600000);
    registry = registry_new(&now.clock, 1000);
    refusal = (struct refusal){0};
}

static void teardown(void)
{
    refusal_release(&refusal);
    registry_free(registry);
}

static json_t *json(const char *text)
{
    json_error_t error;
    json_t *tree = json_loads(text, 0, &error);
    ck_assert_msg(tree != NULL, "%s: %s", error.text, text);
    return tree;
}

static struct registry_call call_of(const char *api_version, const char *kind, const char *namespace, const char *name)
{
    struct registry_call call = {.namespace = namespace, .name = name, .manager = "test"};
    ck_assert(registry_resolve(registry, api_version, kind, &call));
    return call;
}

static bool create(const char *text)
{
    json_t *body = json(text);
    struct registry_call call =
        call_of(tree_text(body, "apiVersion"), tree_text(body, "kind"), tree_text(body, "metadata", "namespace"), NULL);
    bool good = registry_create(registry, &call, body, NULL, &refusal);
    json_decref(body);
    return good;
}

static void must_create(const char *text)
{
    ck_assert_msg(create(text), "%s: %s", text, refusal.message != NULL ? refusal.message : "");
}

static const json_t *live(const char *kind, const char *namespace, const char *name)
{
    const struct resource *resource = resources_find_kind(registry_resources(registry), "", kind);
    return store_get(registry_store(registry), resource, namespace, name);
}

static void run_to_rest(void)
{
    for (int i = 0; i < 20 && registry_step(registry); i++)
        ;
}

static bool delete (const char *kind, const char *namespace, const char *name, const struct registry_delete *options)
{
    struct registry_call call = call_of("v1", kind, namespace, name);
    return registry_delete(registry, &call, options, NULL, NULL, &refusal);
}

START_TEST(created_objects_get_what_the_server_gives)
{
    must_create(
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\",\"namespace\":\"default\"}}");
    const json_t *object = live("ConfigMap", "default", "a");
    ck_assert_uint_eq(strlen(tree_text(object, "metadata", "uid")), 36);
    ck_assert_str_eq(tree_text(object, "metadata", "creationTimestamp"), "2026-01-01T00:00:00Z");
    ck_assert(!create("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\",\"namespace\":"
                      "\"default\"}}"));
    ck_assert_int_eq(refusal.code, 409);
    ck_assert_str_eq(refusal.reason, "AlreadyExists");
}
END_TEST

START_TEST(names_are_generated)
{
    must_create("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"generateName\":\"job-\",\"namespace\":"
                "\"default\"}}");
    const struct resource *configmaps = resources_find(registry_resources(registry), "", "configmaps");
    const char *name = tree_text(store_at(registry_store(registry), configmaps, 0), "metadata", "name");
    ck_assert(text_starts(name, "job-"));
    ck_assert_uint_eq(strlen(name), strlen("job-") + 5);
}
END_TEST

START_TEST(namespaces_must_be_there)
{
    ck_assert(
        !create("{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"a\",\"namespace\":\"no\"}}"));
    ck_assert_str_eq(refusal.message, "namespaces \"no\" not found");
    ck_assert_int_eq(refusal.code, 404);
}
END_TEST

START_TEST(an_ending_namespace_takes_its_content_along)
{
    must_create("{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"shop\"}}");
    must_create("{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"a\",\"namespace\":\"shop\","
                "\"finalizers\":[\"test.io/hold\"]}}");
    ck_assert(delete ("Namespace", NULL, "shop", NULL));
    ck_assert_str_eq(tree_text(live("Namespace", NULL, "shop"), "status", "phase"), "Terminating");
    ck_assert(
        !create("{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"b\",\"namespace\":\"shop\"}}"));
    ck_assert_int_eq(refusal.code, 403);
    run_to_rest();
    ck_assert_ptr_nonnull(tree_get(live("Secret", "shop", "a"), "metadata", "deletionTimestamp"));
    ck_assert_ptr_nonnull(live("Namespace", NULL, "shop"));

    struct registry_call call = call_of("v1", "Secret", "shop", "a");
    json_t *patch = json("{\"metadata\":{\"finalizers\":null}}");
    ck_assert(registry_patch(registry, &call, PATCH_MERGE, patch, NULL, NULL, &refusal));
    json_decref(patch);
    ck_assert_ptr_null(live("Secret", "shop", "a"));
    run_to_rest();
    ck_assert_ptr_null(live("Namespace", NULL, "shop"));
    ck_assert(!delete ("Namespace", NULL, "default", NULL));
    ck_assert_int_eq(refusal.code, 403);
}
END_TEST

START_TEST(preconditions_bind_deletes)
{
    must_create(
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\",\"namespace\":\"default\"}}");
    struct registry_delete options = {.uid = "other", .grace_s = -1};
    ck_assert(!delete ("ConfigMap", "default", "a", &options));
    ck_assert_int_eq(refusal.code, 409);
    options = (struct registry_delete){.resource_version = "1", .grace_s = -1};
    ck_assert(!delete ("ConfigMap", "default", "a", &options));
    options.resource_version = tree_text(live("ConfigMap", "default", "a"), "metadata", "resourceVersion");
    ck_assert(delete ("ConfigMap", "default", "a", &options));
    ck_assert_ptr_null(live("ConfigMap", "default", "a"));
}
END_TEST

/* A Secret "owner" with a ConfigMap "owned" that refers to it. */
static void make_family(const char *block)
{
    must_create(
        "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"owner\",\"namespace\":\"default\"}}");
    json_t *body =
        json_pack("{s:s, s:s, s:{s:s, s:s, s:[{s:s, s:s, s:s, s:s, s:b}]}}", "apiVersion", "v1", "kind", "ConfigMap",
                  "metadata", "name", "owned", "namespace", "default", "ownerReferences", "apiVersion", "v1", "kind",
                  "Secret", "name", "owner", "uid", tree_text(live("Secret", "default", "owner"), "metadata", "uid"),
                  "blockOwnerDeletion", block != NULL);
    char *text = json_dumps(body, 0);
    must_create(text);
    free(text);
    json_decref(body);
}

START_TEST(dependents_go_in_the_background)
{
    make_family(NULL);
    ck_assert(delete ("Secret", "default", "owner", NULL));
    ck_assert_ptr_null(live("Secret", "default", "owner"));
    ck_assert_ptr_nonnull(live("ConfigMap", "default", "owned"));
    run_to_rest();
    ck_assert_ptr_null(live("ConfigMap", "default", "owned"));
}
END_TEST

START_TEST(dependents_go_first_in_the_foreground)
{
    make_family("block");
    struct registry_delete options = {.grace_s = -1, .propagation = REGISTRY_FOREGROUND};
    ck_assert(delete ("Secret", "default", "owner", &options));
    ck_assert_ptr_nonnull(live("Secret", "default", "owner"));
    run_to_rest();
    ck_assert_ptr_null(live("ConfigMap", "default", "owned"));
    ck_assert_ptr_null(live("Secret", "default", "owner"));
}
END_TEST

START_TEST(orphans_stay)
{
    make_family(NULL);
    struct registry_delete options = {.grace_s = -1, .propagation = REGISTRY_ORPHAN};
    ck_assert(delete ("Secret", "default", "owner", &options));
    run_to_rest();
    ck_assert_ptr_null(live("Secret", "default", "owner"));
    ck_assert_ptr_null(tree_get(live("ConfigMap", "default", "owned"), "metadata", "ownerReferences"));
}
END_TEST

START_TEST(pods_with_a_node_wait_for_their_kubelet)
{
    must_create("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\",\"namespace\":\"default\"},"
                "\"spec\":{\"nodeName\":\"n\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
    ck_assert(delete ("Pod", "default", "p", NULL));
    const json_t *pod = live("Pod", "default", "p");
    ck_assert_str_eq(tree_text(pod, "metadata", "deletionTimestamp"), "2026-01-01T00:00:30Z");
    ck_assert_int_eq(json_integer_value(tree_get(pod, "metadata", "deletionGracePeriodSeconds")), 30);
    struct registry_delete options = {.grace_s = 0};
    ck_assert(delete ("Pod", "default", "p", &options));
    ck_assert_ptr_null(live("Pod", "default", "p"));
}
END_TEST

START_TEST(dry_runs_store_nothing)
{
    uint64_t before = store_version(registry_store(registry));
    struct registry_call call = call_of("v1", "ConfigMap", "default", "a");
    call.dry_run = true;
    json_t *body = json("{\"metadata\":{\"name\":\"a\"}}");
    json_t *made = NULL;
    ck_assert(registry_create(registry, &call, body, &made, &refusal));
    ck_assert_ptr_nonnull(tree_text(made, "metadata", "uid"));
    ck_assert_ptr_null(tree_text(made, "metadata", "resourceVersion"));
    json_decref(made);
    json_decref(body);
    ck_assert_uint_eq(store_version(registry_store(registry)), before);
}
END_TEST

START_TEST(put_makes_only_some_kinds)
{
    json_t *body = json("{\"metadata\":{\"name\":\"a\"}}");
    bool created = false;
    struct registry_call call = call_of("coordination.k8s.io/v1", "Lease", "default", "a");
    ck_assert(registry_update(registry, &call, body, NULL, &created, &refusal));
    ck_assert(created);
    call = call_of("v1", "ConfigMap", "default", "a");
    ck_assert(!registry_update(registry, &call, body, NULL, &created, &refusal));
    ck_assert_int_eq(refusal.code, 404);
    json_decref(body);
}
END_TEST

START_TEST(an_unchanged_put_writes_nothing)
{
    must_create("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\",\"namespace\":\"default\"},"
                "\"data\":{\"x\":\"1\"}}");
    uint64_t before = store_version(registry_store(registry));
    json_t *body = json("{\"metadata\":{\"name\":\"a\"},\"data\":{\"x\":\"1\"}}");
    struct registry_call call = call_of("v1", "ConfigMap", "default", "a");
    ck_assert(registry_update(registry, &call, body, NULL, NULL, &refusal));
    ck_assert_uint_eq(store_version(registry_store(registry)), before);
    json_decref(body);
}
END_TEST

#define DEFINITION                                                                                                     \
    "{\"apiVersion\":\"apiextensions.k8s.io/v1\",\"kind\":\"CustomResourceDefinition\",\"metadata\":{\"name\":"        \
    "\"things.x.io\"},\"spec\":{\"group\":\"x.io\",\"scope\":\"Namespaced\",\"names\":{\"plural\":\"things\","         \
    "\"singular\":\"thing\",\"kind\":\"Thing\",\"listKind\":\"ThingList\"},\"versions\":[{\"name\":\"v1\",\"served\":" \
    "true,\"storage\":true,\"subresources\":{\"scale\":{\"specReplicasPath\":\".spec.size\",\"statusReplicasPath\":"   \
    "\".status.size\"}},\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\",\"properties\":{\"spec\":{\"type\":"      \
    "\"object\",\"properties\":{\"size\":{\"type\":\"integer\"}}}}}}}]}}"

START_TEST(definitions_come_and_go_with_their_objects)
{
    must_create(DEFINITION);
    const struct resource *things = resources_find(registry_resources(registry), "x.io", "things");
    ck_assert_ptr_nonnull(things);
    const struct resource *definitions =
        resources_find(registry_resources(registry), "apiextensions.k8s.io", "customresourcedefinitions");
    const json_t *stored = store_get(registry_store(registry), definitions, NULL, "things.x.io");
    ck_assert_str_eq(json_string_value(json_array_get(tree_get(stored, "status", "storedVersions"), 0)), "v1");
    must_create(
        "{\"apiVersion\":\"x.io/v1\",\"kind\":\"Thing\",\"metadata\":{\"name\":\"t\",\"namespace\":\"default\"},"
        "\"spec\":{\"size\":2,\"other\":1}}");
    const json_t *thing = store_get(registry_store(registry), things, "default", "t");
    ck_assert_ptr_null(tree_get(thing, "spec", "other"));

    struct registry_call call = {.resource = definitions, .name = "things.x.io"};
    ck_assert(registry_delete(registry, &call, NULL, NULL, NULL, &refusal));
    ck_assert_ptr_nonnull(store_get(registry_store(registry), definitions, NULL, "things.x.io"));
    run_to_rest();
    ck_assert_ptr_null(store_get(registry_store(registry), definitions, NULL, "things.x.io"));
    ck_assert_uint_eq(store_count(registry_store(registry), things), 0);
    ck_assert_ptr_null(resources_find(registry_resources(registry), "x.io", "things"));
}
END_TEST

START_TEST(custom_resources_scale_where_they_say)
{
    must_create(DEFINITION);
    must_create(
        "{\"apiVersion\":\"x.io/v1\",\"kind\":\"Thing\",\"metadata\":{\"name\":\"t\",\"namespace\":\"default\"},"
        "\"spec\":{\"size\":2}}");
    struct registry_call call = call_of("x.io/v1", "Thing", "default", "t");
    call.subresource = "scale";
    json_t *patch = json("{\"spec\":{\"replicas\":5}}");
    json_t *scale = NULL;
    ck_assert(registry_patch(registry, &call, PATCH_MERGE, patch, &scale, NULL, &refusal));
    ck_assert_int_eq(json_integer_value(tree_get(scale, "spec", "replicas")), 5);
    ck_assert_str_eq(tree_text(scale, "kind"), "Scale");
    const json_t *thing = store_get(registry_store(registry), call.resource, "default", "t");
    ck_assert_int_eq(json_integer_value(tree_get(thing, "spec", "size")), 5);
    json_decref(scale);
    json_decref(patch);
    patch = json("{\"spec\":{\"replicas\":-5}}");
    ck_assert(!registry_patch(registry, &call, PATCH_MERGE, patch, &scale, NULL, &refusal));
    ck_assert_int_eq(refusal.code, 422);
    json_decref(patch);
}
END_TEST

static bool refuse_frozen(void *context, const struct registry_call *call, const char *operation, const json_t *object,
                          struct refusal *ret_refusal)
{
    (void)context;
    if (tree_get(object, "metadata", "labels", "frozen") == NULL || strcmp(operation, "DELETE") != 0)
        return true;
    return refusal_forbidden(ret_refusal, call->resource->group, call->resource->plural, call->name, "frozen");
}

START_TEST(admission_binds_users_only)
{
    registry_set_admission(registry, refuse_frozen, NULL);
    must_create("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\",\"namespace\":\"default\","
                "\"labels\":{\"frozen\":\"yes\"}}}");
    struct registry_call call = call_of("v1", "ConfigMap", "default", "a");
    call.user = "someone";
    ck_assert(!registry_delete(registry, &call, NULL, NULL, NULL, &refusal));
    ck_assert_int_eq(refusal.code, 403);
    call.user = NULL;
    ck_assert(registry_delete(registry, &call, NULL, NULL, NULL, &refusal));
}
END_TEST

/* An EC request for the subject "parity". */
#define REQUEST                                                                                                        \
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlITE1ITUNBUUF3RVRFUE1BMEdBMVVFQXd3R2NHRnlhWFI1TUZr"             \
    "d0V3WUhLb1pJemowQ0FRWUlLb1pJemowRApBUWNEUWdBRTNWOHFDb01ndklUN3JjOWlzUjFmckxpQjFCak1tVURFSlNlZFM0RUdP"             \
    "azMyUWhZSm1IdzhDbE9sCmNFV1FXcHd3ODY4QWtSZC93eWlLYWJkK0tWckV3S0FBTUFvR0NDcUdTTTQ5QkFNQ0EwZ0FNRVVDSUJi"             \
    "dW9kTVYKTzVBcVZCKy91TCtVN1BzTEhuRlhRUHdtazU3bWlqNzJBc1JTQWlFQXkvMjlQY0RwY1FYUTdyNmYrenlpNHFPdQo0QjAr"             \
    "RHJJZS9CKzdaNWZFWHZRPQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K"

START_TEST(signing_requests_tell_who_made_them)
{
    struct registry_call call = call_of("certificates.k8s.io/v1", "CertificateSigningRequest", NULL, NULL);
    json_t *groups = json("[\"leads\"]");
    call.user = "lead";
    call.groups = groups;
    json_t *body = json("{\"metadata\":{\"name\":\"r\"},\"spec\":{\"username\":\"forged\",\"signerName\":\"x.io/a\","
                        "\"usages\":[\"client auth\"],\"request\":\"" REQUEST "\"}}");
    json_t *made = NULL;
    ck_assert_msg(registry_create(registry, &call, body, &made, &refusal), "%s", refusal.message);
    ck_assert_str_eq(tree_text(made, "spec", "username"), "lead");
    ck_assert(json_equal(tree_get(made, "spec", "groups"), groups));
    json_decref(made);
    json_decref(body);
    json_decref(groups);
}
END_TEST

Suite *suite_registry(void)
{
    Suite *suite = suite_create("registry");
    TCase *tests = tcase_create("registry");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, created_objects_get_what_the_server_gives);
    tcase_add_test(tests, names_are_generated);
    tcase_add_test(tests, namespaces_must_be_there);
    tcase_add_test(tests, an_ending_namespace_takes_its_content_along);
    tcase_add_test(tests, preconditions_bind_deletes);
    tcase_add_test(tests, dependents_go_in_the_background);
    tcase_add_test(tests, dependents_go_first_in_the_foreground);
    tcase_add_test(tests, orphans_stay);
    tcase_add_test(tests, pods_with_a_node_wait_for_their_kubelet);
    tcase_add_test(tests, dry_runs_store_nothing);
    tcase_add_test(tests, put_makes_only_some_kinds);
    tcase_add_test(tests, an_unchanged_put_writes_nothing);
    tcase_add_test(tests, definitions_come_and_go_with_their_objects);
    tcase_add_test(tests, custom_resources_scale_where_they_say);
    tcase_add_test(tests, admission_binds_users_only);
    tcase_add_test(tests, signing_requests_tell_who_made_them);
    suite_add_tcase(suite, tests);
    return suite;
}
