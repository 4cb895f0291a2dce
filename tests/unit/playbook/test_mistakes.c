#include "base/memory.h"
#include "base/text.h"
#include "reading.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_mistakes(void);

START_TEST(nothing_at_all)
{
    reading_expect("", "x.yaml:1:1: an object (name: value) is expected; there is nothing");
    reading_expect("- a", "x.yaml:1:1: an object (name: value) is expected");
    reading_expect("{}", "x.yaml:1:1: the section 'format' is missing", "x.yaml:1:1: the section 'name' is missing",
                   "x.yaml:1:1: the section 'title' is missing", "x.yaml:1:1: the section 'match' is missing",
                   "x.yaml:1:1: the section 'components' is missing");
}
END_TEST

START_TEST(not_yaml)
{
    reading_expect("format: 1\n\tname: x", "x.yaml:2:1: lines are indented with spaces, not tabs");
    reading_expect("name: x\nname: y", "x.yaml:2:1: the key 'name' stands here a second time");
    reading_expect("a: &a [*a]", "x.yaml:1:8: this alias stands within the very value that it names");
}
END_TEST

START_TEST(unknown_names_have_neighbours)
{
    reading_expect(READING_HEAD "componets: {}\nzzz: 1\n",
                   "x.yaml:7:1: a playbook has no section 'componets'; did you mean 'components'?",
                   "x.yaml:8:1: a playbook has no section 'zzz'");
    reading_expect("format: 1\nname: x\ntitle: X\nmatch: {chart: x, relaese: y}\n"
                   "components:\n  app: {statefull: true, workload: deployment/x}\n",
                   "x.yaml:4:19: the key 'relaese' is not known here; did you mean 'release'?",
                   "x.yaml:6:3: the key 'stateful' is missing here",
                   "x.yaml:6:9: the key 'statefull' is not known here; did you mean 'stateful' or 'state'?");
}
END_TEST

START_TEST(head)
{
    reading_expect(
        "format: 2\nname: X y\ntitle: \"\"\nmatch: {}\ncomponents: {}\n",
        "x.yaml:1:9: this program reads playbooks of format 1, not 2",
        "x.yaml:2:1: 'X y' is no name: a name has lower-case letters, digits, '-' and '_' and begins with a letter",
        "x.yaml:3:8: this text is empty",
        "x.yaml:4:8: one of chart, chart_version, release, namespace and labels is expected here",
        "x.yaml:5:13: a system has at least one component");
    reading_expect(
        "format: one\nname: 5\ntitle: true\nmatch: [a]\ncomponents: text\n", "x.yaml:1:9: a whole number is expected",
        "x.yaml:2:7: a text is expected; put it in quotes", "x.yaml:3:8: a text is expected; put it in quotes",
        "x.yaml:4:8: an object (name: value) is expected", "x.yaml:5:13: an object (name: value) is expected");
}
END_TEST

START_TEST(later_sections_have_a_shape)
{
    reading_expect(READING_HEAD "facts: []\nmatrix: {}\nsymptoms: text\nrunbooks:\n",
                   "x.yaml:7:8: an object (name: value) is expected", "x.yaml:8:9: a list is expected",
                   "x.yaml:9:11: an object or a list is expected",
                   "x.yaml:10:10: an object (name: value) is expected; there is nothing");
}
END_TEST

START_TEST(components)
{
    reading_expect(
        "format: 1\nname: x\ntitle: X\nmatch: {chart: x}\ncomponents:\n"
        "  one: {stateful: false}\n"
        "  two: {stateful: yes, workload: pod/x, risk: tiny}\n"
        "  three: {stateful: true, workload: deployment/Big, namespace: -a, values: a..b, pods: \"\", impact: 3}\n"
        "  Four: {}\n"
        "  five:\n"
        "  six: {stateful: true, values: a.b, restarts: everything, version: {scheme: semver, unified: 1}}\n",
        "x.yaml:6:3: a component has a workload, values, or both: its fingerprint is made of them",
        "x.yaml:7:19: true or false is expected",
        "x.yaml:7:34: deployment/NAME, statefulset/NAME, daemonset/NAME or cronjob/NAME is expected, not 'pod/x'",
        "x.yaml:7:47: low, medium, high or variable is expected, not 'tiny'",
        "x.yaml:8:37: deployment/NAME, statefulset/NAME, daemonset/NAME or cronjob/NAME is expected, not "
        "'deployment/Big'",
        "x.yaml:8:64: a namespace's name is expected, not '-a'",
        "x.yaml:8:76: a dotted path like image.gateway is expected, not 'a..b'", "x.yaml:8:88: this text is empty",
        "x.yaml:8:100: a text is expected; put it in quotes",
        "x.yaml:9:3: 'Four' is no name: a name has lower-case letters, digits, '-' and '_' and begins with a letter",
        "x.yaml:10:8: an object (name: value) is expected; there is nothing",
        "x.yaml:11:48: clusters is expected, not 'everything'",
        "x.yaml:11:78: plain, postgres-extension or chart is expected, not 'semver'",
        "x.yaml:11:95: true or false is expected");
}
END_TEST

START_TEST(upgrade_classes)
{
    reading_expect("format: 1\nname: x\ntitle: X\nmatch: {chart: x}\ncomponents:\n"
                   "  a: {stateful: true, values: a, upgrades: {postgres: {major: {risk: high}}}}\n"
                   "  b: {stateful: true, values: a, version: {scheme: postgres-extension}, upgrades: {postgres: "
                   "{huge: {risk: high}}}}\n"
                   "  c: {stateful: true, values: a, upgrades: {version: {major: {risk: variable, method: hope}, "
                   "minor: {}, same: 1}}}\n",
                   "x.yaml:6:45: the key 'postgres' is not known here", "x.yaml:7:95: the key 'huge' is not known here",
                   "x.yaml:8:69: low, medium or high is expected, not 'variable'",
                   "x.yaml:8:87: configuration, rolling, blue-green or restore is expected, not 'hope'",
                   "x.yaml:8:94: the key 'risk' is missing here", "x.yaml:8:111: an object (name: value) is expected");
}
END_TEST

START_TEST(parameters)
{
    reading_expect("format: 1\nname: x\ntitle: X\n"
                   "parameters:\n  namespace: {default: a}\n  url: {example: b}\n  a-b: {}\n  loop: {default: "
                   "\"{namespace}\"}\n  n: {default: 5}\n"
                   "match: {chart: \"{nmaespace}\", release: \"{url}\"}\n"
                   "components:\n  app: {stateful: false, workload: \"deployment/{zzz}\"}\n",
                   "x.yaml:7:3: a parameter's name has no '-'; use '_'",
                   "x.yaml:8:19: a parameter's default cannot refer to parameters",
                   "x.yaml:9:16: a text is expected; put it in quotes",
                   "x.yaml:10:16: there is no parameter 'nmaespace'; did you mean 'namespace'?",
                   "x.yaml:10:40: the parameter 'url' has no default, so it cannot be used here",
                   "x.yaml:12:36: there is no parameter 'zzz'");
}
END_TEST

START_TEST(settings)
{
    reading_expect(READING_HEAD
                   "settings: {change_detection: 1, hash_retention: 0, hash_configmap: Upper, hash_retentoin: 3}\n",
                   "x.yaml:7:30: true or false is expected", "x.yaml:7:49: a number from 1 to 1000 is expected, not 0",
                   "x.yaml:7:68: what ConfigMaps' names begin with is expected, not 'Upper'",
                   "x.yaml:7:75: the key 'hash_retentoin' is not known here; did you mean 'hash_retention'?");
}
END_TEST

START_TEST(api_and_databases)
{
    reading_expect(
        READING_HEAD
        "api:\n- {crd: things}\n- {crd: a.b, declared: .x, ready_label: x/ready, supported: \"a b\"}\n- text\n- {}\n"
        "databases: {label: \"a/b/c d\"}\n",
        "x.yaml:8:9: a custom resource's full name (plural.group) is expected, not 'things'",
        "x.yaml:9:24: a dotted path like status.phase is expected, not '.x'",
        "x.yaml:9:41: a label's name with {version} in it is expected, not 'x/ready'",
        "x.yaml:9:61: a dotted path like status.phase is expected, not 'a b'",
        "x.yaml:10:3: an object (name: value) is expected", "x.yaml:11:3: the key 'crd' is missing here",
        "x.yaml:12:1: the key 'crd' is missing here", "x.yaml:12:20: a label's name is expected, not 'a/b/c d'");
}
END_TEST

START_TEST(texts_from_the_file_are_cleaned)
{
    reading_expect(READING_HEAD "\"a\\e[31m\\u202e\": 1\n",
                   "x.yaml:7:1: a playbook has no section 'a\\x1b[31m\\u202e'");
}
END_TEST

START_TEST(the_first_names_the_others)
{
    const char *text = "format: 2\nname: x\ntitle: X\n";
    struct playbook *playbook = NULL;
    struct error error = {0};
    ck_assert(!playbook_parse("x.yaml", text, strlen(text), &playbook, NULL, &error));
    ck_assert_str_eq(error.message, "x.yaml:1:1: the section 'match' is missing");
    ck_assert_str_eq(error.hint, "2 more mistakes are named by 'rollback-console playbook lint x.yaml'");
    error_release(&error);
}
END_TEST

START_TEST(endless_mistakes_are_cut)
{
    struct text text = {0};
    text_append(&text, READING_HEAD);
    for (int i = 0; i < 5000; i++)
        text_append_format(&text, "key%d: 1\n", i);
    struct playbook *playbook = NULL;
    struct playbook_mistakes mistakes = {0};
    ck_assert(!playbook_parse("x.yaml", text.bytes, text.size, &playbook, &mistakes, NULL));
    ck_assert_uint_eq(mistakes.count, 500);
    playbook_mistakes_release(&mistakes);
    text_release(&text);
}
END_TEST

START_TEST(unreadable_files)
{
    struct playbook *playbook = NULL;
    struct playbook_mistakes mistakes = {0};
    struct error error = {0};
    ck_assert(!playbook_load("/nowhere/x.yaml", &playbook, &mistakes, &error));
    ck_assert_int_eq(error.code, ERROR_NOT_FOUND);
    ck_assert_uint_eq(mistakes.count, 1);
    playbook_mistakes_release(&mistakes);
    ck_assert(!playbook_load("/dev/zero", &playbook, &mistakes, &error));
    ck_assert_int_eq(error.code, ERROR_INVALID);
    playbook_mistakes_release(&mistakes);
    error_release(&error);
}
END_TEST

Suite *suite_mistakes(void)
{
    Suite *suite = suite_create("mistakes");
    TCase *tests = tcase_create("mistakes");
    tcase_add_test(tests, nothing_at_all);
    tcase_add_test(tests, not_yaml);
    tcase_add_test(tests, unknown_names_have_neighbours);
    tcase_add_test(tests, head);
    tcase_add_test(tests, later_sections_have_a_shape);
    tcase_add_test(tests, components);
    tcase_add_test(tests, upgrade_classes);
    tcase_add_test(tests, parameters);
    tcase_add_test(tests, settings);
    tcase_add_test(tests, api_and_databases);
    tcase_add_test(tests, texts_from_the_file_are_cleaned);
    tcase_add_test(tests, the_first_names_the_others);
    tcase_add_test(tests, endless_mistakes_are_cut);
    tcase_add_test(tests, unreadable_files);
    suite_add_tcase(suite, tests);
    return suite;
}
