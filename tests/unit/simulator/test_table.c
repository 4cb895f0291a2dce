/* What kubectl prints: ages, JSON paths, and the cells of kinds. */
#include "base/memory.h"
#include "simulator/columns.h"
#include "simulator/jsonpath.h"
#include "simulator/table.h"
#include <check.h>
#include <stdlib.h>

Suite *suite_table(void);

#define S(n) ((n)*INT64_C(1000))
#define M(n) S((n)*INT64_C(60))
#define H(n) M((n)*INT64_C(60))
#define D(n) H((n)*INT64_C(24))

static const struct {
    int64_t duration;
    const char *text;
} ages[] = {
    {S(-5), "<invalid>"}, {S(-1), "0s"},         {0, "0s"},         {S(119), "119s"},      {S(120), "2m"},
    {S(150), "2m30s"},    {M(10) + S(5), "10m"}, {M(179), "179m"},  {H(3), "3h"},          {H(3) + M(7), "3h7m"},
    {H(8) + M(7), "8h"},  {H(47), "47h"},        {D(2), "2d"},      {D(2) + H(3), "2d3h"}, {D(8) + H(3), "8d"},
    {D(729), "729d"},     {D(730), "2y"},        {D(740), "2y10d"}, {D(365 * 9), "9y"},
};

START_TEST(ages_read_as_kubectl_has_them)
{
    char text[32];
    columns_format_age(ages[_i].duration, text, sizeof text);
    ck_assert_str_eq(text, ages[_i].text);
}
END_TEST

static const struct {
    const char *path;
    const char *found; /* as JSON */
} paths[] = {
    {".spec.size", "[3]"},
    {".spec['size']", "[3]"},
    {".spec.a\\.b", "[7]"},
    {".spec['a.b']", "[7]"},
    {".list[0].name", "[\"x\"]"},
    {".list[-1].name", "[\"y\"]"},
    {".list[*].name", "[\"x\", \"y\"]"},
    {".list[9].name", "[]"},
    {".list[?(@.name=='y')].on", "[true]"},
    {".list[?(@.name==\"y\")].on", "[true]"},
    {".list[?(@.on==true)].name", "[\"y\"]"},
    {".list[?(@.name!='y')].name", "[\"x\"]"},
    {".none.x", "[]"},
    {"", "[{\"spec\": {\"size\": 3, \"a.b\": 7}, \"list\": [{\"name\": \"x\"}, {\"name\": \"y\", \"on\": true}]}]"},
    {"spec", "[]"},
    {".list[", "[]"},
    {".list[?(", "[]"},
    {".list[?(@.name)]", "[]"},
    {".list['x", "[]"},
    {".list[1", "[]"},
};

START_TEST(paths_lead_to_values)
{
    json_t *tree = json_loads(paths[13].found, 0, NULL);
    json_t *expected = json_loads(paths[_i].found, 0, NULL);
    json_t *found = jsonpath_find(json_array_get(tree, 0), paths[_i].path);
    ck_assert_msg(json_equal(found, expected), "%s", paths[_i].path);
    json_decref(found);
    json_decref(expected);
    json_decref(tree);
}
END_TEST

static const struct {
    const char *kind;
    const char *object;
    const char *cells;
} rows[] = {
    {"Pod",
     "{'metadata': {'name': 'p', 'creationTimestamp': '2026-01-01T00:00:00Z'}, 'spec': {'containers': [{}, {}], "
     "'nodeName': 'n'},"
     "'status': {'phase': 'Running', 'podIP': '10.0.0.1', 'containerStatuses': [{'ready': true, 'state': {'running': "
     "{}}},"
     "{'ready': false, 'restartCount': 4, 'state': {'waiting': {'reason': 'CrashLoopBackOff'}}, 'lastState': "
     "{'terminated':"
     "{'finishedAt': '2026-01-01T00:04:00Z'}}}]}}",
     "['p', '1/2', 'CrashLoopBackOff', '4 (60s ago)', '5m', '10.0.0.1', 'n', '<none>', '<none>']"},
    {"Pod",
     "{'metadata': {'name': 'p', 'deletionTimestamp': '2026-01-01T00:00:00Z'}, 'spec': {'containers': [{}]}, 'status': "
     "{'phase':"
     "'Running'}}",
     "['p', '0/1', 'Terminating', '0', '<unknown>', '<none>', '<none>', '<none>', '<none>']"},
    {"Pod",
     "{'metadata': {'name': 'p'}, 'spec': {'containers': [{}], 'initContainers': [{}, {}]}, 'status': {'phase': "
     "'Pending',"
     "'initContainerStatuses': [{'state': {'terminated': {'exitCode': 0}}}, {'state': {'running': {}}}]}}",
     "['p', '0/1', 'Init:1/2', '0', '<unknown>', '<none>', '<none>', '<none>', '<none>']"},
    {"Pod",
     "{'metadata': {'name': 'p'}, 'spec': {'containers': [{}]}, 'status': {'phase': 'Failed', 'containerStatuses': "
     "[{'state':"
     "{'terminated': {'exitCode': 137, 'signal': 9}}}]}}",
     "['p', '0/1', 'Signal:9', '0', '<unknown>', '<none>', '<none>', '<none>', '<none>']"},
    {"Deployment",
     "{'metadata': {'name': 'd', 'creationTimestamp': '2026-01-01T00:00:00Z'}, 'spec': {'replicas': 3, 'selector':"
     "{'matchLabels': {'a': 'b'}, 'matchExpressions': [{'key': 'c', 'operator': 'In', 'values': ['d', 'e']}]}, "
     "'template':"
     "{'spec': {'containers': [{'name': 'x', 'image': 'i:1'}, {'name': 'y', 'image': 'i:2'}]}}}, 'status': "
     "{'readyReplicas':"
     "1, 'updatedReplicas': 2, 'availableReplicas': 1}}",
     "['d', '1/3', 2, 1, '5m', 'x,y', 'i:1,i:2', 'a=b,c in (d,e)']"},
    {"Service",
     "{'metadata': {'name': 's'}, 'spec': {'type': 'NodePort', 'clusterIP': '10.96.0.1', 'ports': [{'port': 80, "
     "'nodePort':"
     "30080}, {'port': 53, 'protocol': 'UDP'}]}}",
     "['s', 'NodePort', '10.96.0.1', '<none>', '80:30080/TCP,53/UDP', '<unknown>', '<none>']"},
    {"Service", "{'metadata': {'name': 's'}, 'spec': {'type': 'LoadBalancer'}}",
     "['s', 'LoadBalancer', '<none>', '<pending>', '<none>', '<unknown>', '<none>']"},
    {"Event",
     "{'metadata': {'name': 'e'}, 'type': 'Warning', 'reason': 'BackOff', 'message': 'm', 'count': 7, "
     "'involvedObject': {'kind':"
     "'Pod', 'name': 'p'}, 'source': {'component': 'kubelet', 'host': 'n'}, 'lastTimestamp': '2026-01-01T00:04:00Z',"
     "'firstTimestamp': '2026-01-01T00:00:00Z'}",
     "['60s', 'Warning', 'BackOff', 'pod/p', '', 'kubelet, n', 'm', '5m', 7, 'e']"},
    {"Node",
     "{'metadata': {'name': 'n', 'labels': {'node-role.kubernetes.io/worker': ''}}, 'spec': {'unschedulable': true}, "
     "'status':"
     "{'conditions': [{'type': 'Ready', 'status': 'True'}], 'addresses': [{'type': 'InternalIP', 'address': "
     "'1.2.3.4'}]}}",
     "['n', 'Ready,SchedulingDisabled', 'worker', '<unknown>', '', '1.2.3.4', '<none>', '', '', '']"},
    {"Job", "{'metadata': {'name': 'j'}, 'spec': {'completions': 2}, 'status': {'succeeded': 1}}",
     "['j', 'Running', '1/2', '', '<unknown>', '', '', '<none>']"},
    {"LimitRange", "{'metadata': {'name': 'l', 'creationTimestamp': '2026-01-01T00:00:00Z'}}",
     "['l', '2026-01-01T00:00:00Z']"},
};

/* JSON that is written with ' for ". */
static json_t *tree_of(const char *text)
{
    CLEANUP_FREE char *copy = memory_text(text);
    for (char *at = copy; *at != '\0'; at++)
        *at = *at == '\'' ? '"' : *at;
    json_error_t error;
    json_t *tree = json_loads(copy, 0, &error);
    ck_assert_msg(tree != NULL, "%s in %s", error.text, copy);
    return tree;
}

START_TEST(rows_read_as_kubectl_has_them)
{
    struct resource resource = {.kind = rows[_i].kind, .group = ""};
    json_t *object = tree_of(rows[_i].object);
    json_t *expected = tree_of(rows[_i].cells);
    json_t *cells = table_cells(&resource, "v1", object, INT64_C(1767225600000) + M(5));
    char *shown = json_dumps(cells, 0);
    ck_assert_msg(json_equal(cells, expected), "%s", shown);
    json_t *columns = table_columns(&resource, "v1");
    ck_assert_uint_eq(json_array_size(columns), json_array_size(cells));
    json_decref(columns);
    free(shown);
    json_decref(cells);
    json_decref(expected);
    json_decref(object);
}
END_TEST

/* Objects are as clients wrote them: of every kind, cells come out whatever is in them. */
START_TEST(strange_objects_have_cells)
{
    static const char *const strange[] = {
        "{}", "{'metadata': {'name': 7}, 'spec': [], 'status': 'x', 'subjects': {}, 'data': 1}",
        "{'metadata': {'labels': [], 'ownerReferences': [{'controller': true}]}, 'spec': {'ports': [1],"
        "'rules': [{}], 'containers': {}, 'template': 1, 'metrics': [{}], 'selector': [1]}, 'status':"
        "{'conditions': [1, {}], 'containerStatuses': [[]], 'addresses': [{}]}, 'subsets': [{}],"
        "'endpoints': [{'addresses': [1]}], 'ports': [{}], 'roleRef': 1, 'involvedObject': []}"};
    struct resources *resources = resources_new();
    for (size_t i = 0; i < resources_count(resources); i++)
        for (size_t k = 0; k < LENGTH_OF(strange); k++) {
            const struct resource *resource = resources_at(resources, i);
            json_t *object = tree_of(strange[k]);
            json_t *cells = table_cells(resource, "v1", object, 0);
            json_t *columns = table_columns(resource, "v1");
            ck_assert_msg(json_array_size(cells) == json_array_size(columns), "%s %zu", resource->kind, k);
            json_decref(columns);
            json_decref(cells);
            json_decref(object);
        }
    resources_free(resources);
}
END_TEST

Suite *suite_table(void)
{
    Suite *suite = suite_create("table");
    TCase *tests = tcase_create("table");
    tcase_add_loop_test(tests, ages_read_as_kubectl_has_them, 0, (int)LENGTH_OF(ages));
    tcase_add_loop_test(tests, paths_lead_to_values, 0, (int)LENGTH_OF(paths));
    tcase_add_loop_test(tests, rows_read_as_kubectl_has_them, 0, (int)LENGTH_OF(rows));
    tcase_add_test(tests, strange_objects_have_cells);
    suite_add_tcase(suite, tests);
    return suite;
}
