#include "base/memory.h"
#include "fixture.h"
#include "situation/rollout.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *suite_rollout(void);

static void expect(const char *kind, const char *json, enum rollout_state state, const char *reason)
{
    json_t *object = fixture_parse(json);
    struct rollout rollout;
    rollout_judge(kind, object, &rollout);
    ck_assert_msg(rollout.state == state, "%s: %s", json, rollout_state_name(rollout.state));
    ck_assert_msg(strstr(rollout.reason, reason) != NULL, "'%s' lacks '%s'", rollout.reason, reason);
    rollout_release(&rollout);
    json_decref(object);
}

START_TEST(deployments)
{
    expect("Deployment", "{'metadata':{'generation':2},'spec':{'replicas':2},'status':{'observedGeneration':1}}",
           ROLLOUT_PROGRESSING, "not yet observed");
    expect("Deployment", "{'spec':{'replicas':2},'status':{'updatedReplicas':1,'replicas':2}}", ROLLOUT_PROGRESSING,
           "1 of 2 updated");
    expect("Deployment", "{'spec':{'replicas':2},'status':{'updatedReplicas':2,'replicas':3,'availableReplicas':3}}",
           ROLLOUT_PROGRESSING, "1 old pods");
    expect("Deployment", "{'spec':{'replicas':2},'status':{'updatedReplicas':2,'replicas':2,'availableReplicas':1}}",
           ROLLOUT_PROGRESSING, "1 of 2 updated are available");
    expect(
        "Deployment",
        "{'spec':{'replicas':2},'status':{'updatedReplicas':2,'replicas':2,'availableReplicas':2,'readyReplicas':2}}",
        ROLLOUT_DONE, "");
    expect("Deployment", "{'spec':{},'status':{'updatedReplicas':1,'replicas':1,'availableReplicas':1}}", ROLLOUT_DONE,
           "");
    expect("Deployment", "{'spec':{'replicas':0},'status':{}}", ROLLOUT_DONE, "");
    expect("Deployment", "{'spec':{'paused':true},'status':{}}", ROLLOUT_PAUSED, "paused");
    expect("Deployment",
           "{'spec':{'replicas':1},'status':{'conditions':[{'type':'Progressing','reason':'ProgressDeadlineExceeded','"
           "message':'timed out'}]}}",
           ROLLOUT_STUCK, "timed out");
}
END_TEST

START_TEST(stateful_sets)
{
    expect("StatefulSet", "{'spec':{'replicas':3},'status':{'readyReplicas':2}}", ROLLOUT_PROGRESSING, "2 of 3 ready");
    expect("StatefulSet",
           "{'spec':{'replicas':3},'status':{'readyReplicas':3,'updatedReplicas':1,'currentRevision':'a','"
           "updateRevision':'b'}}",
           ROLLOUT_PROGRESSING, "1 of 3 updated");
    expect("StatefulSet",
           "{'spec':{'replicas':3},'status':{'readyReplicas':3,'updatedReplicas':3,'currentRevision':'b','"
           "updateRevision':'b'}}",
           ROLLOUT_DONE, "");
    expect("StatefulSet",
           "{'spec':{'replicas':3,'updateStrategy':{'rollingUpdate':{'partition':2}}},'status':{'readyReplicas':3,'"
           "updatedReplicas':1,"
           "'currentRevision':'a','updateRevision':'b'}}",
           ROLLOUT_DONE, "");
    expect("StatefulSet", "{'spec':{'replicas':3,'updateStrategy':{'type':'OnDelete'}},'status':{'readyReplicas':3}}",
           ROLLOUT_DONE, "OnDelete");
}
END_TEST

START_TEST(the_others)
{
    expect("DaemonSet", "{'spec':{},'status':{'desiredNumberScheduled':3,'updatedNumberScheduled':2}}",
           ROLLOUT_PROGRESSING, "2 of 3 updated");
    expect("DaemonSet",
           "{'spec':{},'status':{'desiredNumberScheduled':3,'updatedNumberScheduled':3,'numberAvailable':3}}",
           ROLLOUT_DONE, "");
    expect("CronJob", "{'spec':{'suspend':true}}", ROLLOUT_PAUSED, "suspended");
    expect("CronJob", "{'spec':{}}", ROLLOUT_DONE, "");
    expect("Thing", "{}", ROLLOUT_UNKNOWN, "");
    expect("Deployment", "{'spec':{'replicas':-4},'status':{'updatedReplicas':'x','replicas':99999999999999}}",
           ROLLOUT_PROGRESSING, "0 of 1");
}
END_TEST

START_TEST(recorded_deployment)
{
    json_t *object = fixture_json("deployment-operator.json");
    struct rollout rollout;
    rollout_judge("Deployment", object, &rollout);
    ck_assert_int_eq(rollout.state, ROLLOUT_DONE);
    ck_assert_int_eq(rollout.ready, 2);
    ck_assert_int_eq(rollout.desired, 2);
    rollout_release(&rollout);
    json_decref(object);
}
END_TEST

Suite *suite_rollout(void)
{
    Suite *suite = suite_create("rollout");
    TCase *tests = tcase_create("rollout");
    tcase_add_test(tests, deployments);
    tcase_add_test(tests, stateful_sets);
    tcase_add_test(tests, the_others);
    tcase_add_test(tests, recorded_deployment);
    suite_add_tcase(suite, tests);
    return suite;
}
