#include "simulator/defaults.h"
#include "base/base64.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include "simulator/defaults_pod.h"
#include <stdio.h>
#include <string.h>

/* Maps whose field is left out when it is empty; other empty objects mean something ("emptyDir: {}"). */
static const char *const maps[] = {"annotations", "binaryData",   "data",     "labels",    "limits",
                                   "matchLabels", "nodeSelector", "requests", "stringData"};

static bool is_map(const char *key)
{
    for (size_t i = 0; i < LENGTH_OF(maps); i++)
        if (strcmp(maps[i], key) == 0)
            return true;
    return false;
}

/* Schemas and managedFields are free-form JSON: they stay as they are. */
static bool is_free_form(const char *key)
{
    return strcmp(key, "openAPIV3Schema") == 0 || strcmp(key, "fieldsV1") == 0;
}

static void normalise(json_t *value)
{
    const char *key;
    json_t *child;
    void *next;
    size_t index;
    if (json_is_object(value)) {
        json_object_foreach_safe(value, next, key, child)
        {
            if (is_free_form(key))
                continue;
            normalise(child);
            bool empty_text = json_is_string(child) && json_string_length(child) == 0;
            if (empty_text && strcmp(key, "value") == 0 && json_object_get(value, "name") != NULL) {
                json_object_del(value, key); /* an environment variable without a value */
                continue;
            }
            if (json_is_null(child) || (json_is_array(child) && json_array_size(child) == 0) ||
                (json_is_object(child) && json_object_size(child) == 0 && is_map(key)))
                json_object_del(value, key);
        }
    } else if (json_is_array(value)) {
        json_array_foreach(value, index, child)
        {
            normalise(child);
        }
    }
}

static void encode_string_data(json_t *secret)
{
    json_t *plain = json_object_get(secret, "stringData");
    if (!json_is_object(plain))
        return;
    json_t *data = defaults_object(secret, "data");
    const char *key;
    json_t *value;
    json_object_foreach(plain, key, value)
    {
        const char *text = json_string_value(value);
        if (text == NULL)
            continue;
        CLEANUP_FREE char *encoded = base64_encode(text, json_string_length(value));
        json_object_set_new(data, key, json_string(encoded));
    }
    json_object_del(secret, "stringData");
}

void defaults_normalise(json_t *object, const char *kind)
{
    normalise(object);
    if (strcmp(kind, "Secret") == 0)
        encode_string_data(object);
}

static void deployment(json_t *spec)
{
    defaults_integer(spec, "replicas", 1);
    defaults_integer(spec, "revisionHistoryLimit", 10);
    defaults_integer(spec, "progressDeadlineSeconds", 600);
    json_t *strategy = defaults_object(spec, "strategy");
    defaults_text(strategy, "type", "RollingUpdate");
    if (text_equal(tree_text(strategy, "type"), "RollingUpdate")) {
        json_t *rolling = defaults_object(strategy, "rollingUpdate");
        defaults_text(rolling, "maxUnavailable", "25%");
        defaults_text(rolling, "maxSurge", "25%");
    }
}

static void claim_template(json_t *claim)
{
    defaults_text(claim, "apiVersion", "v1");
    defaults_text(claim, "kind", "PersistentVolumeClaim");
    defaults_text(defaults_object(claim, "spec"), "volumeMode", "Filesystem");
    defaults_text(defaults_object(claim, "status"), "phase", "Pending");
}

static void stateful_set(json_t *spec)
{
    defaults_integer(spec, "replicas", 1);
    defaults_integer(spec, "revisionHistoryLimit", 10);
    defaults_text(spec, "podManagementPolicy", "OrderedReady");
    defaults_text(spec, "serviceName", "");
    json_t *strategy = defaults_object(spec, "updateStrategy");
    defaults_text(strategy, "type", "RollingUpdate");
    if (text_equal(tree_text(strategy, "type"), "RollingUpdate"))
        defaults_integer(defaults_object(strategy, "rollingUpdate"), "partition", 0);
    json_t *retention = defaults_object(spec, "persistentVolumeClaimRetentionPolicy");
    defaults_text(retention, "whenDeleted", "Retain");
    defaults_text(retention, "whenScaled", "Retain");
    size_t index;
    json_t *claim;
    json_array_foreach(json_object_get(spec, "volumeClaimTemplates"), index, claim)
    {
        claim_template(claim);
    }
}

static void daemon_set(json_t *spec)
{
    defaults_integer(spec, "revisionHistoryLimit", 10);
    json_t *strategy = defaults_object(spec, "updateStrategy");
    defaults_text(strategy, "type", "RollingUpdate");
    if (text_equal(tree_text(strategy, "type"), "RollingUpdate")) {
        json_t *rolling = defaults_object(strategy, "rollingUpdate");
        defaults_integer(rolling, "maxUnavailable", 1);
        defaults_integer(rolling, "maxSurge", 0);
    }
}

static void job(json_t *spec)
{
    if (json_object_get(spec, "completions") == NULL && json_object_get(spec, "parallelism") == NULL)
        defaults_integer(spec, "completions", 1);
    defaults_integer(spec, "parallelism", 1);
    defaults_integer(spec, "backoffLimit", 6);
    defaults_text(spec, "completionMode", "NonIndexed");
    defaults_boolean(spec, "suspend", false);
    defaults_boolean(spec, "manualSelector", false);
    defaults_text(spec, "podReplacementPolicy", "TerminatingOrFailed");
    if (json_is_false(json_object_get(spec, "manualSelector")))
        json_object_del(spec, "manualSelector");
}

static void cron_job(json_t *spec)
{
    defaults_text(spec, "concurrencyPolicy", "Allow");
    defaults_boolean(spec, "suspend", false);
    defaults_integer(spec, "successfulJobsHistoryLimit", 3);
    defaults_integer(spec, "failedJobsHistoryLimit", 1);
    defaults_object(defaults_object(spec, "jobTemplate"), "metadata");
    defaults_pod_template(tree_get(spec, "jobTemplate", "spec", "template"));
}

static void service(json_t *spec)
{
    defaults_text(spec, "sessionAffinity", "None");
    defaults_text(spec, "type", "ClusterIP");
    const char *type = tree_text(spec, "type");
    if (!text_equal(type, "ExternalName"))
        defaults_text(spec, "internalTrafficPolicy", "Cluster");
    if (text_equal(type, "NodePort") || text_equal(type, "LoadBalancer"))
        defaults_text(spec, "externalTrafficPolicy", "Cluster");
    if (text_equal(type, "LoadBalancer"))
        defaults_boolean(spec, "allocateLoadBalancerNodePorts", true);
    size_t index;
    json_t *port;
    json_array_foreach(json_object_get(spec, "ports"), index, port)
    {
        defaults_text(port, "protocol", "TCP");
        if (json_object_get(port, "targetPort") == NULL && json_object_get(port, "port") != NULL)
            json_object_set(port, "targetPort", json_object_get(port, "port"));
    }
}

static void default_protocols(json_t *rules)
{
    size_t index, at;
    json_t *rule, *port;
    json_array_foreach(rules, index, rule)
    {
        json_array_foreach(json_object_get(rule, "ports"), at, port)
        {
            defaults_text(port, "protocol", "TCP");
        }
    }
}

static void network_policy(json_t *spec)
{
    default_protocols(json_object_get(spec, "ingress"));
    default_protocols(json_object_get(spec, "egress"));
    if (json_object_get(spec, "policyTypes") != NULL)
        return;
    json_t *types = json_pack("[s]", "Ingress");
    if (json_array_size(json_object_get(spec, "egress")) > 0)
        json_array_append_new(types, json_string("Egress"));
    json_object_set_new(spec, "policyTypes", types);
}

static void autoscaler(json_t *spec)
{
    defaults_integer(spec, "minReplicas", 1);
    if (json_object_get(spec, "metrics") == NULL)
        json_object_set_new(spec, "metrics",
                            json_pack("[{s:s, s:{s:s, s:{s:s, s:i}}}]", "type", "Resource", "resource", "name", "cpu",
                                      "target", "type", "Utilization", "averageUtilization", 80));
}

static void webhooks(json_t *list)
{
    size_t index, at;
    json_t *hook, *rule;
    json_array_foreach(list, index, hook)
    {
        defaults_text(hook, "failurePolicy", "Fail");
        defaults_text(hook, "matchPolicy", "Equivalent");
        defaults_integer(hook, "timeoutSeconds", 10);
        defaults_object(hook, "namespaceSelector");
        defaults_object(hook, "objectSelector");
        json_array_foreach(json_object_get(hook, "rules"), at, rule)
        {
            defaults_text(rule, "scope", "*");
        }
    }
}

static void role_binding(json_t *object)
{
    size_t index;
    json_t *subject;
    if (json_object_get(object, "roleRef") != NULL)
        defaults_text(json_object_get(object, "roleRef"), "apiGroup", "rbac.authorization.k8s.io");
    json_array_foreach(json_object_get(object, "subjects"), index, subject)
    {
        if (!text_equal(tree_text(subject, "kind"), "ServiceAccount"))
            defaults_text(subject, "apiGroup", "rbac.authorization.k8s.io");
    }
}

static void definition(json_t *spec)
{
    json_t *names = json_object_get(spec, "names");
    const char *kind = tree_text(names, "kind");
    if (kind != NULL) {
        CLEANUP_FREE char *list = memory_format("%sList", kind);
        CLEANUP_FREE char *singular = memory_text(kind);
        for (char *at = singular; *at != '\0'; at++)
            *at = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
        defaults_text(names, "singular", singular);
        defaults_text(names, "listKind", list);
    }
    defaults_text(defaults_object(spec, "conversion"), "strategy", "None");
}

static void namespace_object(json_t *object)
{
    const char *name = tree_text(object, "metadata", "name");
    if (name != NULL)
        defaults_text(defaults_object(defaults_object(object, "metadata"), "labels"), "kubernetes.io/metadata.name",
                      name);
}

/* The kinds whose defaults all stand in the spec. */
static const struct {
    const char *kind;
    void (*fill)(json_t *spec);
} by_kind[] = {
    {"Deployment", deployment},
    {"StatefulSet", stateful_set},
    {"DaemonSet", daemon_set},
    {"Job", job},
    {"NetworkPolicy", network_policy},
    {"HorizontalPodAutoscaler", autoscaler},
    {"CronJob", cron_job},
    {"CustomResourceDefinition", definition},
    {"Service", service},
};

void defaults_apply(json_t *object, const char *kind)
{
    json_t *spec = json_object_get(object, "spec");
    for (size_t i = 0; i < LENGTH_OF(by_kind) && spec != NULL; i++)
        if (strcmp(by_kind[i].kind, kind) == 0)
            by_kind[i].fill(spec);
    if (strcmp(kind, "Pod") == 0)
        defaults_pod(spec);
    else if (strcmp(kind, "CronJob") != 0 && json_object_get(spec, "template") != NULL)
        defaults_pod_template(json_object_get(spec, "template"));
    if (strcmp(kind, "ReplicaSet") == 0)
        defaults_integer(spec, "replicas", 1);
    else if (strcmp(kind, "DaemonSet") == 0)
        defaults_text(defaults_object(defaults_object(object, "metadata"), "annotations"), DEFAULTS_TEMPLATE_GENERATION,
                      "1");
    else if (strcmp(kind, "Secret") == 0)
        defaults_text(object, "type", "Opaque");
    else if (strcmp(kind, "Namespace") == 0)
        namespace_object(object);
    else if (text_ends(kind, "WebhookConfiguration"))
        webhooks(json_object_get(object, "webhooks"));
    else if (text_ends(kind, "RoleBinding"))
        role_binding(object);
    else if (strcmp(kind, "PersistentVolumeClaim") == 0 && spec != NULL)
        claim_template(object);
}

void defaults_admit(json_t *object, const char *kind)
{
    json_t *metadata = json_object_get(object, "metadata");
    size_t index;
    const json_t *version;
    if (strcmp(kind, "Pod") == 0) {
        defaults_admit_pod(json_object_get(object, "spec"));
    } else if (strcmp(kind, "Namespace") == 0) {
        json_object_set_new(object, "spec", json_pack("{s:[s]}", "finalizers", "kubernetes"));
    } else if (strcmp(kind, "PersistentVolumeClaim") == 0) {
        if (json_object_get(metadata, "finalizers") == NULL)
            json_object_set_new(metadata, "finalizers", json_pack("[s]", "kubernetes.io/pvc-protection"));
    } else if (strcmp(kind, "CustomResourceDefinition") == 0) {
        json_array_foreach(tree_get(object, "spec", "versions"), index, version)
        {
            if (json_is_true(json_object_get(version, "storage")))
                json_object_set_new(json_object_get(object, "status"), "storedVersions",
                                    json_pack("[s*]", tree_text(version, "name")));
        }
    }
}

json_t *defaults_zero(const char *kind)
{
#define WORKLOAD "'selector':null,'template':{'metadata':{},'spec':{'containers':null}}"
    static const char *const zero[][2] = {
        {"ClusterRole", "{'rules':null}"},
        {"ClusterRoleBinding", "{'roleRef':{'apiGroup':'','kind':'','name':''}}"},
        {"CronJob", "{'spec':{'schedule':'','jobTemplate':{'metadata':{},'spec':{'template':{'metadata':{},'spec':"
                    "{'containers':null}}}}},'status':{}}"},
        {"CustomResourceDefinition", "{'spec':{'group':'','names':{'plural':'','kind':''},'scope':'','versions':null},"
                                     "'status':{'conditions':null,'acceptedNames':{'plural':'','kind':''},"
                                     "'storedVersions':null}}"},
        {"DaemonSet", "{'spec':{" WORKLOAD ",'updateStrategy':{}},'status':{'currentNumberScheduled':0,"
                      "'numberMisscheduled':0,'desiredNumberScheduled':0,'numberReady':0}}"},
        {"Deployment", "{'spec':{" WORKLOAD ",'strategy':{}},'status':{}}"},
        {"EndpointSlice", "{'addressType':'','endpoints':null,'ports':null}"},
        {"Event", "{'involvedObject':{},'source':{},'firstTimestamp':null,'lastTimestamp':null,'eventTime':null,"
                  "'reportingComponent':'','reportingInstance':''}"},
        {"HorizontalPodAutoscaler", "{'spec':{'scaleTargetRef':{'kind':'','name':''},'maxReplicas':0},'status':"
                                    "{'desiredReplicas':0,'currentMetrics':null}}"},
        {"Ingress", "{'spec':{},'status':{'loadBalancer':{}}}"},
        {"Job", "{'spec':{'template':{'metadata':{},'spec':{'containers':null}}},'status':{}}"},
        {"Lease", "{'spec':{}}"},
        {"Namespace", "{'spec':{},'status':{}}"},
        {"NetworkPolicy", "{'spec':{'podSelector':{}}}"},
        {"Node", "{'spec':{},'status':{}}"},
        {"PersistentVolume", "{'spec':{},'status':{}}"},
        {"PersistentVolumeClaim", "{'spec':{'resources':{}},'status':{}}"},
        {"Pod", "{'spec':{'containers':null},'status':{}}"},
        {"PodDisruptionBudget", "{'spec':{},'status':{'disruptionsAllowed':0,'currentHealthy':0,'desiredHealthy':0,"
                                "'expectedPods':0}}"},
        {"ReplicaSet", "{'spec':{" WORKLOAD "},'status':{'replicas':0}}"},
        {"ResourceQuota", "{'spec':{},'status':{}}"},
        {"Role", "{'rules':null}"},
        {"RoleBinding", "{'roleRef':{'apiGroup':'','kind':'','name':''}}"},
        {"Service", "{'spec':{},'status':{'loadBalancer':{}}}"},
        {"StatefulSet", "{'spec':{" WORKLOAD ",'serviceName':'','updateStrategy':{}},'status':{'replicas':0,"
                        "'availableReplicas':0}}"},
    };
#undef WORKLOAD
    json_t *object = NULL;
    for (size_t i = 0; i < LENGTH_OF(zero) && object == NULL; i++) {
        if (strcmp(zero[i][0], kind) != 0)
            continue;
        CLEANUP_FREE char *text = memory_text(zero[i][1]);
        for (char *at = text; *at != '\0'; at++)
            *at = *at == '\'' ? '"' : *at;
        object = json_loads(text, 0, NULL);
    }
    if (object == NULL)
        object = json_object();
    json_object_set_new(object, "metadata", json_object());
    return object;
}
