#include "base/digest.h"
#include "base/memory.h"
#include "base/tree.h"
#include "fixture.h"
#include "helm/manifest.h"
#include "situation/fingerprint.h"
#include "situation/image.h"
#include <check.h>
#include <stdlib.h>

Suite *suite_fingerprint(void);

static void image_is(const char *values, const char *expected)
{
    json_t *tree = fixture_parse(values);
    CLEANUP_FREE char *image = image_from_values(tree);
    ck_assert_str_eq(image, expected);
    json_decref(tree);
}

START_TEST(images_out_of_values)
{
    image_is("{'repository':'ghcr.io/x/y','tag':'v1'}", "ghcr.io/x/y:v1");
    image_is("{'registry':'ghcr.io','repository':'x/y','tag':1.25}", "ghcr.io/x/y:1.25");
    image_is("{'repository':'x','tag':'v1','digest':'sha256:ab'}", "x:v1@sha256:ab");
    image_is("'x/y:v2'", "x/y:v2");
    image_is("{'tag':'v1'}", "");
    image_is("[1]", "");
}
END_TEST

START_TEST(tags_and_digests)
{
    static const char *const cases[][2] = {{"ghcr.io/x:v1", "v1"},      {"localhost:5000/x", ""},
                                           {"localhost:5000/x:2", "2"}, {"x:v1@sha256:ab", "v1"},
                                           {"x@sha256:ab", ""},         {"", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CLEANUP_FREE char *tag = image_tag(cases[i][0]);
        ck_assert_str_eq(tag, cases[i][1]);
    }
    ck_assert_str_eq(image_digest("docker.io/x@sha256:ab"), "sha256:ab");
    ck_assert_str_eq(image_digest("sha256:ab"), "sha256:ab");
    ck_assert_str_eq(image_digest("x:latest"), "");
}
END_TEST

static void make(const struct component_identity *identity, const char *manifest, struct fingerprint *fingerprint)
{
    struct helm_record *record = fixture_record(1, manifest);
    fingerprint_make(identity, record, fingerprint);
    helm_record_free(record);
}

static const struct component_identity web = {
    .name = "web", .kind = "Deployment", .namespace = "shop", .workload = "web"};

START_TEST(image_hash_is_the_text_of_the_first_container)
{
    struct fingerprint fingerprint;
    char expected[DIGEST_SIZE];
    CLEANUP_FREE char *manifest = fixture_deployment(
        "x:v1", "      - {name: second, image: \"y:v2\"}\n      initContainers: [{name: init, image: \"z:v3\"}]\n");
    make(&web, manifest, &fingerprint);
    digest_text("x:v1", expected);
    ck_assert(fingerprint.present);
    ck_assert_str_eq(fingerprint.image_hash, expected);
    ck_assert_uint_eq(fingerprint.container_count, 3);
    ck_assert_str_eq(fingerprint.containers[2].image, "z:v3");
    fingerprint_release(&fingerprint);
}
END_TEST

START_TEST(what_helm_changes_is_left_out_of_the_config)
{
    struct fingerprint plain, labelled, other;
    static const char with[] =
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n"
        "    metadata: {labels: {helm.sh/chart: shop-2, app: web}, annotations: {heritage: Helm}}\n"
        "    spec: {containers: [{image: \"x:v1\", name: app}]}\n";
    static const char without[] =
        "kind: Deployment\napiVersion: apps/v1\nspec: {template: {spec: {containers: [{name: app, image: \"x:v1\"}]},"
        " metadata: {annotations: {}, labels: {app: web}}}}\nmetadata: {name: web}\n";
    static const char checksum[] = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n"
                                   "    metadata: {labels: {app: web}, annotations: {checksum/config: abc}}\n"
                                   "    spec: {containers: [{name: app, image: \"x:v1\"}]}\n";
    make(&web, with, &labelled);
    make(&web, without, &plain);
    make(&web, checksum, &other);
    ck_assert_str_eq(plain.config_hash, labelled.config_hash);
    ck_assert_str_ne(plain.config_hash, other.config_hash);
    ck_assert_uint_eq(json_object_size(plain.labels), 0);
    ck_assert_str_eq(tree_text(labelled.labels, "labels", "helm.sh/chart"), "shop-2");
    ck_assert_str_eq(tree_text(labelled.labels, "annotations", "heritage"), "Helm");
    fingerprint_release(&plain);
    fingerprint_release(&labelled);
    fingerprint_release(&other);
}
END_TEST

START_TEST(absent_components)
{
    struct fingerprint fingerprint;
    const struct component_identity values = {.name = "v", .values = "image.nothing"};
    make(&web, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n", &fingerprint);
    ck_assert(!fingerprint.present);
    ck_assert_str_eq(fingerprint.image, "");
    ck_assert_str_eq(fingerprint.config_hash, "");
    fingerprint_release(&fingerprint);
    make(&values, "", &fingerprint);
    ck_assert(!fingerprint.present);
    fingerprint_release(&fingerprint);
}
END_TEST

START_TEST(live_hash_equals_the_manifests_when_nothing_drifted)
{
    const struct component_identity operator= {
        .name = "operator", .kind = "Deployment", .namespace = "documentdb-system", .workload = "documentdb-operator"};
    struct helm_record *record = fixture_revision(5);
    json_t *live = fixture_json("deployment-operator.json");
    struct fingerprint manifest, lives;
    fingerprint_make(&operator, record, &manifest);
    const struct helm_object *object =
        helm_manifest_find(record->manifest, "Deployment", "documentdb-system", "documentdb-operator");
    fingerprint_make_live(&operator, live, object->tree, &lives);
    ck_assert_str_eq(manifest.config_hash, lives.config_hash);
    ck_assert_str_eq(manifest.image_hash, lives.image_hash);
    fingerprint_release(&lives);

    json_t *env = tree_get(json_array_get(tree_get(live, "spec", "template", "spec", "containers"), 0), "env");
    json_object_set_new(json_array_get(env, 0), "value", json_string("trace"));
    fingerprint_make_live(&operator, live, object->tree, &lives);
    ck_assert_str_ne(manifest.config_hash, lives.config_hash);
    ck_assert_str_eq(manifest.image_hash, lives.image_hash);
    fingerprint_release(&lives);
    fingerprint_release(&manifest);
    json_decref(live);
    helm_record_free(record);
}
END_TEST

Suite *suite_fingerprint(void)
{
    Suite *suite = suite_create("fingerprint");
    TCase *tests = tcase_create("fingerprint");
    tcase_add_test(tests, images_out_of_values);
    tcase_add_test(tests, tags_and_digests);
    tcase_add_test(tests, image_hash_is_the_text_of_the_first_container);
    tcase_add_test(tests, what_helm_changes_is_left_out_of_the_config);
    tcase_add_test(tests, absent_components);
    tcase_add_test(tests, live_hash_equals_the_manifests_when_nothing_drifted);
    suite_add_tcase(suite, tests);
    return suite;
}
