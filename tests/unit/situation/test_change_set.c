#include "base/memory.h"
#include "base/text.h"
#include "fixture.h"
#include "situation/change_set.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_change_set(void);

static struct change_set *staged(const struct playbook *playbook, int from, int to)
{
    struct helm_record *before = fixture_revision(from), *after = fixture_revision(to);
    struct change_set *set = change_set_make(playbook, before, after);
    helm_record_free(before);
    helm_record_free(after);
    return set;
}

static enum change_kind change_of(const struct change_set *set, const char *name)
{
    return fixture_component(set, name)->change;
}

static const struct object_change *other(const struct change_set *set, const char *kind, const char *name)
{
    for (size_t i = 0; i < set->other_count; i++)
        if (text_equal(set->others[i].kind, kind) && text_equal(set->others[i].name, name))
            return &set->others[i];
    return NULL;
}

START_TEST(staged_5_to_4)
{
    struct playbook *playbook = fixture_playbook();
    struct change_set *set = staged(playbook, 5, 4);
    ck_assert_uint_eq(set->component_count, 5);
    ck_assert_int_eq(change_of(set, "operator"), CHANGE_CHANGED);
    ck_assert_int_eq(change_of(set, "sidecar"), CHANGE_CHANGED);
    ck_assert_int_eq(change_of(set, "cnpg"), CHANGE_CHANGED);
    ck_assert_int_eq(change_of(set, "gateway"), CHANGE_SAME);
    ck_assert_int_eq(change_of(set, "postgres"), CHANGE_SAME);
    ck_assert_str_eq(fixture_component(set, "operator")->summary, "image, 1 env");
    ck_assert_str_eq(fixture_component(set, "sidecar")->summary, "1 env");
    ck_assert_str_eq(fixture_component(set, "gateway")->summary, "same");
    ck_assert_str_eq(fixture_component(set, "gateway")->from.image, "ghcr.io/microsoft/documentdb-gateway:v1.3.0");
    const struct component_change *operator= fixture_component(set, "operator");
    const struct field_change *level = fixture_field(operator->fields, operator->field_count,
                                                     "containers[name=documentdb-operator].env[name=LOG_LEVEL].value");
    ck_assert_ptr_nonnull(level);
    ck_assert_str_eq(level->from, "debug");
    ck_assert_str_eq(level->to, "info");
    ck_assert(!set->equal);
    /* Between the two only the operator's tag is in the CRD's label. */
    ck_assert_uint_eq(set->other_count, 1);
    ck_assert_ptr_nonnull(other(set, "CustomResourceDefinition", "documentdbs.db.microsoft.com"));
    change_set_free(set);
    playbook_free(playbook);
}
END_TEST

START_TEST(staged_5_to_2)
{
    struct playbook *playbook = fixture_playbook();
    struct change_set *set = staged(playbook, 5, 2);
    for (size_t i = 0; i < set->component_count; i++)
        ck_assert_int_eq(set->components[i].change, CHANGE_CHANGED);
    const struct object_change *crd = other(set, "CustomResourceDefinition", "documentdbs.db.microsoft.com");
    ck_assert_ptr_nonnull(crd);
    ck_assert_uint_gt(crd->lines_removed, 5);
    ck_assert_ptr_nonnull(other(set, "ConfigMap", "documentdb-operator-config"));
    ck_assert_int_eq(set->risk, RISK_HIGH); /* CloudNativePG goes back a minor version */
    ck_assert_int_eq(fixture_component(set, "postgres")->risk, RISK_MEDIUM);
    ck_assert_int_eq(fixture_component(set, "gateway")->risk, RISK_LOW);
    ck_assert_int_eq(fixture_component(set, "sidecar")->risk, RISK_MEDIUM);
    change_set_free(set);
    playbook_free(playbook);
}
END_TEST

START_TEST(a_revision_with_itself)
{
    struct playbook *playbook = fixture_playbook();
    struct change_set *set = staged(playbook, 4, 4);
    ck_assert(set->equal);
    ck_assert_uint_eq(set->other_count, 0);
    ck_assert_int_eq(set->risk, RISK_LOW);
    change_set_free(set);
    playbook_free(playbook);
}
END_TEST

START_TEST(nothing_to_compare_with)
{
    struct helm_record *record = fixture_revision(1);
    struct change_set *set = change_set_make(NULL, record, NULL);
    ck_assert(!set->equal);
    ck_assert_int_eq(set->to, 0);
    ck_assert_uint_eq(set->component_count, 3);
    ck_assert_int_eq(set->components[0].change, CHANGE_UNKNOWN);
    ck_assert(set->components[0].from.present);
    change_set_free(set);
    helm_record_free(record);
}
END_TEST

/* Without a playbook, two made-up manifests. */
static struct change_set *made_up(const char *from, const char *to)
{
    struct helm_record *before = fixture_record(2, from), *after = fixture_record(1, to);
    struct change_set *set = change_set_make(NULL, before, after);
    helm_record_free(before);
    helm_record_free(after);
    return set;
}

START_TEST(components_of_any_release)
{
    CLEANUP_FREE char *web = fixture_deployment("x:1.2.0", "");
    CLEANUP_FREE char *from = memory_format(
        "%s---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\n---\n"
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: tidy}\nspec: {jobTemplate: {spec: {template: {spec: "
        "{containers: [{name: c, image: \"y:1\"}]}}}}}\n",
        web);
    CLEANUP_FREE char *to = memory_format(
        "%s---\napiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: log}\nspec: {template: {}}\n", web);
    struct change_set *set = made_up(from, to);
    ck_assert_uint_eq(set->component_count, 4);
    ck_assert_int_eq(change_of(set, "web"), CHANGE_SAME);
    ck_assert(fixture_component(set, "StatefulSet.web")->identity.stateful);
    ck_assert_int_eq(change_of(set, "tidy"), CHANGE_REMOVED);
    ck_assert_int_eq(change_of(set, "log"), CHANGE_ADDED);
    ck_assert_str_eq(fixture_component(set, "tidy")->from.image, "y:1");
    change_set_free(set);
}
END_TEST

START_TEST(labels_alone_are_no_change_but_not_equal)
{
    static const char form[] =
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {helm.sh/chart: shop-%d}}\nspec:\n  "
        "template:\n"
        "    metadata: {labels: {app: web, chart: shop-%d}}\n    spec: {containers: [{name: app, image: \"x:1\"}]}\n"
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, labels: {heritage: H%d}}\ndata: {a: b}\n";
    CLEANUP_FREE char *from = memory_format(form, 2, 2, 2);
    CLEANUP_FREE char *to = memory_format(form, 1, 1, 1);
    struct change_set *set = made_up(from, to);
    ck_assert_int_eq(change_of(set, "web"), CHANGE_SAME);
    ck_assert(fixture_component(set, "web")->labels_only);
    ck_assert_str_eq(fixture_component(set, "web")->summary, "same, labels only");
    ck_assert_uint_eq(set->other_count, 0);
    ck_assert_uint_eq(set->labels_only_count, 2);
    ck_assert(!set->equal);
    change_set_free(set);
}
END_TEST

START_TEST(a_workload_that_differs_beside_its_pods)
{
    CLEANUP_FREE char *from = fixture_deployment("x:1", "");
    CLEANUP_FREE char *to = memory_text(from);
    strstr(to, "replicas: 2")[strlen("replicas: ")] = '3';
    struct change_set *set = made_up(from, to);
    ck_assert_int_eq(change_of(set, "web"), CHANGE_SAME);
    const struct object_change *web = other(set, "Deployment", "web");
    ck_assert_ptr_nonnull(web);
    ck_assert_uint_eq(web->lines_added, 1);
    ck_assert_uint_eq(web->lines_removed, 1);
    ck_assert(!set->equal);
    change_set_free(set);
}
END_TEST

START_TEST(formatting_is_no_difference)
{
    struct change_set *set =
        made_up("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata: {a: 'x', b: \"y\"}\n",
                "# a comment\n{\"kind\": \"ConfigMap\", \"data\": {\"b\": \"y\", \"a\": \"x\"}, \"metadata\": "
                "{\"name\": \"c\"}, \"apiVersion\": \"v1\"}\n");
    ck_assert(set->equal);
    change_set_free(set);
}
END_TEST

START_TEST(what_cannot_be_read_is_not_equal)
{
    struct change_set *set = made_up("a: [\n", "a: [\n");
    ck_assert(!set->equal);
    ck_assert_uint_ge(set->other_count, 1);
    ck_assert_int_eq(set->others[0].change, CHANGE_UNKNOWN);
    change_set_free(set);
}
END_TEST

START_TEST(a_changed_configuration_changes_its_readers)
{
    CLEANUP_FREE char *reader = fixture_deployment("x:1", "        envFrom: [{configMapRef: {name: settings}}]\n");
    CLEANUP_FREE char *from =
        memory_format("%s---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: new}\n", reader);
    CLEANUP_FREE char *to =
        memory_format("%s---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: old}\n", reader);
    struct change_set *set = made_up(from, to);
    const struct component_change *web = fixture_component(set, "web");
    ck_assert_int_eq(web->change, CHANGE_CHANGED);
    ck_assert_str_eq(web->summary, "configuration: ConfigMap settings");
    ck_assert_str_eq(web->from.config_hash, web->to.config_hash);
    ck_assert_ptr_nonnull(other(set, "ConfigMap", "settings"));
    change_set_free(set);
}
END_TEST

Suite *suite_change_set(void)
{
    Suite *suite = suite_create("change_set");
    TCase *tests = tcase_create("change_set");
    tcase_add_test(tests, staged_5_to_4);
    tcase_add_test(tests, staged_5_to_2);
    tcase_add_test(tests, a_revision_with_itself);
    tcase_add_test(tests, nothing_to_compare_with);
    tcase_add_test(tests, components_of_any_release);
    tcase_add_test(tests, labels_alone_are_no_change_but_not_equal);
    tcase_add_test(tests, a_workload_that_differs_beside_its_pods);
    tcase_add_test(tests, formatting_is_no_difference);
    tcase_add_test(tests, what_cannot_be_read_is_not_equal);
    tcase_add_test(tests, a_changed_configuration_changes_its_readers);
    suite_add_tcase(suite, tests);
    return suite;
}
