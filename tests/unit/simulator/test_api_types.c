/* The table of built-in types: it can be read, and what a type does not have is dropped. */
#include "base/memory.h"
#include "simulator/api_types.h"
#include "simulator/resources.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_api_types(void);

static void check_rows(const struct api_type *types, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *cursor = NULL;
        struct api_field field;
        ck_assert_msg(i == 0 || strcmp(types[i - 1].name, types[i].name) < 0, "%s is out of order", types[i].name);
        while (api_type_next(&types[i], &cursor, &field)) {
            ck_assert_msg(field.number > 0, "%s: %.10s", types[i].name, field.name);
            ck_assert_msg(field.type != NULL || (field.scalar != 0 && strchr("sbidyTQIR", field.scalar) != NULL),
                          "%s: %.20s has no type", types[i].name, field.name);
        }
    }
}

START_TEST(every_row_can_be_read)
{
    check_rows(api_types_core, api_types_core_count);
    check_rows(api_types_groups, api_types_groups_count);
}
END_TEST

START_TEST(every_stored_kind_has_a_type)
{
    static const char *const without[] = {"APIService", "CustomResourceDefinition"};
    struct resources *resources = resources_new();
    for (size_t i = 0; i < resources_count(resources); i++) {
        const struct resource *resource = resources_at(resources, i);
        bool expected = strcmp(resource->group, "metrics.k8s.io") != 0;
        for (size_t k = 0; k < LENGTH_OF(without); k++)
            expected = expected && strcmp(resource->kind, without[k]) != 0;
        ck_assert_msg((api_type_of_kind(resource->group, resource->kind) != NULL) == expected, "%s", resource->kind);
    }
    resources_free(resources);
}
END_TEST

START_TEST(what_a_type_does_not_have_is_dropped)
{
    json_t *object = json_loads(
        "{\"apiVersion\": \"apps/v1\", \"kind\": \"StatefulSet\", \"foo\": 1, \"metadata\": {\"name\": \"a\", "
        "\"nmae\": "
        "\"b\", \"labels\": {\"any\": \"thing\"}}, \"spec\": {\"replcias\": 2, \"volumeClaimTemplates\": [{\"kind\": "
        "\"PersistentVolumeClaim\", \"metadata\": {}, \"bar\": 1}], \"template\": {\"spec\": {\"containers\": "
        "[{\"name\": "
        "\"x\", \"img\": \"y\", \"resources\": {\"limits\": {\"any/thing\": \"1\"}}}], \"volumes\": [{\"name\": \"v\", "
        "\"configMap\": {\"name\": \"c\", \"baz\": 1}}]}}}}",
        0, NULL);
    json_t *expected =
        json_pack("[s, s, s, s, s, s]", "foo", "metadata.nmae", "spec.replcias", "spec.volumeClaimTemplates[0].bar",
                  "spec.template.spec.containers[0].img", "spec.template.spec.volumes[0].configMap.baz");
    json_t *unknown = json_array();
    api_type_prune(api_type_of_kind("apps", "StatefulSet"), object, unknown);
    char *shown = json_dumps(unknown, 0);
    ck_assert_msg(json_equal(unknown, expected), "%s", shown);
    json_array_clear(unknown);
    api_type_prune(api_type_of_kind("apps", "StatefulSet"), object, unknown);
    ck_assert_uint_eq(json_array_size(unknown), 0);
    free(shown);
    json_decref(unknown);
    json_decref(expected);
    json_decref(object);
}
END_TEST

Suite *suite_api_types(void)
{
    Suite *suite = suite_create("api types");
    TCase *tests = tcase_create("api types");
    tcase_add_test(tests, every_row_can_be_read);
    tcase_add_test(tests, every_stored_kind_has_a_type);
    tcase_add_test(tests, what_a_type_does_not_have_is_dropped);
    suite_add_tcase(suite, tests);
    return suite;
}
