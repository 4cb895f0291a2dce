/* The shipped playbooks, and what is read out of a file that is right. */
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "playbook/playbook.h"
#include "reading.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_playbook(void);

static struct playbook *load_shipped(const char *name)
{
    CLEANUP_FREE char *file = memory_format("playbooks/%s.yaml", name);
    CLEANUP_FREE char *path = file_data(file);
    struct playbook *playbook = NULL;
    struct error error = {0};
    ck_assert_msg(playbook_load(path, &playbook, NULL, &error), "%s", error.message);
    ck_assert_str_eq(playbook->name, name);
    ck_assert_str_eq(playbook->source, path);
    return playbook;
}

static const struct playbook_component *component(const struct playbook *playbook, size_t index, const char *name)
{
    ck_assert_uint_lt(index, playbook->component_count);
    ck_assert_str_eq(playbook->components[index].name, name);
    return &playbook->components[index];
}

START_TEST(documentdb_components)
{
    struct playbook *playbook = load_shipped("documentdb");
    ck_assert_uint_eq(playbook->component_count, 5);
    const struct playbook_component *controller = component(playbook, 0, "operator");
    ck_assert_str_eq(controller->kind, "Deployment");
    ck_assert_str_eq(controller->workload, "documentdb-operator");
    ck_assert_ptr_null(controller->namespace);
    ck_assert_str_eq(controller->container, "documentdb-operator");
    ck_assert(controller->unified_version);
    const struct playbook_component *gateway = component(playbook, 1, "gateway");
    ck_assert_ptr_null(gateway->workload);
    ck_assert_ptr_null(gateway->kind);
    ck_assert_str_eq(gateway->values, "image.gateway");
    ck_assert_str_eq(gateway->pods, "cnpg.io/cluster");
    ck_assert_str_eq(gateway->container, "documentdb-gateway");
    ck_assert_str_eq(gateway->risk_impact, "medium");
    ck_assert_str_eq(gateway->risk, "low");
    ck_assert(gateway->restarts_clusters && !gateway->stateful);
    const struct playbook_component *postgres = component(playbook, 2, "postgres");
    ck_assert(postgres->stateful && postgres->restarts_clusters);
    ck_assert_str_eq(postgres->version_scheme, "postgres-extension");
    const struct playbook_component *sidecar = component(playbook, 3, "sidecar");
    ck_assert_str_eq(sidecar->namespace, "cnpg-system");
    ck_assert_str_eq(sidecar->risk, "medium");
    const struct playbook_component *cnpg = component(playbook, 4, "cnpg");
    ck_assert_str_eq(cnpg->workload, "cnpg-controller-manager");
    ck_assert_str_eq(cnpg->container, "manager");
    ck_assert_str_eq(cnpg->version_scheme, "chart");
    ck_assert_str_eq(cnpg->risk_impact, "variable");
    ck_assert_ptr_null(cnpg->risk);
    playbook_free(playbook);
}
END_TEST

START_TEST(documentdb_api_and_databases)
{
    struct playbook *playbook = load_shipped("documentdb");
    ck_assert_uint_eq(playbook->api_count, 1);
    const struct playbook_api *api = &playbook->apis[0];
    ck_assert_str_eq(api->crd, "documentdbs.db.microsoft.com");
    ck_assert_str_eq(api->declared, "spec.version");
    ck_assert_str_eq(api->ready_label, "api-migration.db.microsoft.com/ready-for-{version}");
    ck_assert_str_eq(api->supported_path, "status.supportedApiVersions");
    ck_assert_str_eq(api->compatible_path, "status.compatibleApiVersions");
    ck_assert_str_eq(api->operator_version_path, "status.operatorVersion");
    ck_assert_str_eq(api->deprecated_event, "DeprecatedAPIUsage");
    ck_assert_str_eq(playbook->databases.crd, "clusters.postgresql.cnpg.io");
    ck_assert_str_eq(playbook->databases.label, "cnpg.io/cluster");
    ck_assert_str_eq(playbook_setting_text(playbook, "hash_configmap", ""), "documentdb-component-hashes");
    ck_assert_int_eq(playbook_setting_integer(playbook, "hash_retention", 0), 10);
    playbook_free(playbook);
}
END_TEST

static void expect_upgrade(const struct playbook_component *of, const char *part, const char *change, const char *name,
                           const char *risk)
{
    const struct playbook_upgrade *upgrade = playbook_upgrade_find(of, part, change);
    ck_assert_ptr_nonnull(upgrade);
    ck_assert_str_eq(upgrade->name, name);
    ck_assert_str_eq(upgrade->risk, risk);
}

START_TEST(documentdb_upgrade_classes)
{
    struct playbook *playbook = load_shipped("documentdb");
    const struct playbook_component *postgres = component(playbook, 2, "postgres");
    expect_upgrade(postgres, "postgres", "same", "same version", "low");
    expect_upgrade(postgres, "postgres", "patch", "minor version", "medium");
    expect_upgrade(postgres, "postgres", "minor", "minor version", "medium");
    expect_upgrade(postgres, "postgres", "major", "major version", "high");
    expect_upgrade(postgres, "extension", "same", "compatible", "low");
    expect_upgrade(postgres, "extension", "patch", "compatible", "low");
    expect_upgrade(postgres, "extension", "minor", "enhanced", "medium");
    expect_upgrade(postgres, "extension", "major", "breaking", "high");
    ck_assert_str_eq(playbook_upgrade_find(postgres, "postgres", "major")->method, "blue-green");
    ck_assert_ptr_null(playbook_upgrade_find(postgres, "version", "major"));
    ck_assert_ptr_null(playbook_upgrade_find(postgres, "postgres", "sideways"));
    ck_assert_ptr_null(playbook_upgrade_find(component(playbook, 1, "gateway"), "version", "major"));
    playbook_free(playbook);
}
END_TEST

START_TEST(documentdb_preview)
{
    struct playbook *playbook = load_shipped("documentdb-preview");
    ck_assert_uint_eq(playbook->component_count, 4);
    ck_assert_str_eq(component(playbook, 3, "cnpg")->workload, "documentdb-operator-cloudnative-pg");
    ck_assert_str_eq(component(playbook, 1, "sidecar")->container, "cnpg-i-sidecar-injector");
    ck_assert(component(playbook, 2, "wal-replica")->optional);
    ck_assert_uint_eq(playbook->api_count, 3);
    ck_assert_str_eq(playbook->apis[0].crd, "dbs.documentdb.io");
    ck_assert_ptr_null(playbook->apis[0].declared);
    playbook_free(playbook);
}
END_TEST

START_TEST(defaults_of_what_is_left_out)
{
    struct playbook *playbook = reading_parse(READING_HEAD);
    ck_assert_str_eq(playbook->components[0].title, "app");
    ck_assert_ptr_null(playbook->components[0].upgrades);
    ck_assert_ptr_nonnull(playbook->settings);
    ck_assert_uint_eq(playbook->api_count, 0);
    ck_assert_ptr_null(playbook->databases.crd);
    ck_assert_ptr_null(playbook->match_release);
    playbook_free(playbook);
    playbook_free(NULL);
}
END_TEST

START_TEST(held_until_the_last_lets_go)
{
    struct playbook *playbook = reading_parse(READING_HEAD);
    const struct playbook *held = playbook_hold(playbook);
    playbook_free(playbook);
    ck_assert_str_eq(held->name, "x");
    playbook_free((struct playbook *)held);
}
END_TEST

START_TEST(parameters_fill_texts)
{
    struct playbook *playbook =
        reading_parse("format: 1\nname: x\ntitle: X\nparameters: {ns: {default: a-b}, app: {default: web, title: T, "
                      "optional: true, example: e}}\n"
                      "match: {chart: \"{app}*\", labels: {team: \"{ns}\"}}\ncontexts: {standby: {optional: true}}\n"
                      "components:\n  app: {stateful: true, workload: \"statefulset/{app}-{app}\", namespace: "
                      "\"{ns}\", state: \"{ not one }{\"}\n");
    ck_assert_str_eq(playbook->match_chart, "web*");
    ck_assert_str_eq(json_string_value(json_object_get(playbook->match_labels, "team")), "a-b");
    ck_assert_str_eq(playbook->components[0].kind, "StatefulSet");
    ck_assert_str_eq(playbook->components[0].workload, "web-web");
    ck_assert_str_eq(playbook->components[0].namespace, "a-b");
    ck_assert_str_eq(playbook->components[0].state, "{ not one }{");
    playbook_free(playbook);
}
END_TEST

START_TEST(later_sections_are_let_in)
{
    struct playbook *playbook = reading_parse(
        READING_HEAD
        "facts: {a: {ask: \"{whatever}\"}}\ntriggers: {}\nsymptoms: []\nmatrix: [{id: a}]\nrunbooks: {}\nchecklist: "
        "{}\n"
        "validation: {}\nsuccess: {}\ncommunication: []\nescalation: []\nfollow_ups: []\ndrills: []\nroles: {}\n"
        "contacts: {}\nreport: {}\n");
    playbook_free(playbook);
}
END_TEST

Suite *suite_playbook(void)
{
    Suite *suite = suite_create("playbook");
    TCase *tests = tcase_create("playbook");
    tcase_add_test(tests, documentdb_components);
    tcase_add_test(tests, documentdb_api_and_databases);
    tcase_add_test(tests, documentdb_upgrade_classes);
    tcase_add_test(tests, documentdb_preview);
    tcase_add_test(tests, defaults_of_what_is_left_out);
    tcase_add_test(tests, held_until_the_last_lets_go);
    tcase_add_test(tests, parameters_fill_texts);
    tcase_add_test(tests, later_sections_are_let_in);
    suite_add_tcase(suite, tests);
    return suite;
}
