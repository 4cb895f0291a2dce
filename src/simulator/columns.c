#include "simulator/columns.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/tree.h"
#include <stdio.h>
#include <string.h>

const json_t *columns_at(const json_t *object, const char *path)
{
    const json_t *value = object;
    while (value != NULL && *path != '\0') {
        size_t length = strcspn(path, ".");
        CLEANUP_FREE char *key = memory_text_part(path, length);
        value = json_object_get(value, key);
        path += length;
        path += *path == '.';
    }
    return value;
}

json_t *columns_text(const json_t *value)
{
    CLEANUP_FREE char *text = json_is_string(value) ? memory_text(json_string_value(value)) : tree_canonical(value);
    return json_string(text);
}

void columns_format_age(int64_t duration_ms, char *buffer, size_t size)
{
    long long seconds = duration_ms / 1000;
    long long minutes = seconds / 60;
    long long hours = minutes / 60;
    long long days = hours / 24;
    if (seconds < -1)
        snprintf(buffer, size, "<invalid>");
    else if (seconds < 120)
        snprintf(buffer, size, "%llds", seconds < 0 ? 0 : seconds);
    else if (minutes < 10 && seconds % 60 != 0)
        snprintf(buffer, size, "%lldm%llds", minutes, seconds % 60);
    else if (minutes < 180)
        snprintf(buffer, size, "%lldm", minutes);
    else if (hours < 8 && minutes % 60 != 0)
        snprintf(buffer, size, "%lldh%lldm", hours, minutes % 60);
    else if (hours < 48)
        snprintf(buffer, size, "%lldh", hours);
    else if (days < 8 && hours % 24 != 0)
        snprintf(buffer, size, "%lldd%lldh", days, hours % 24);
    else if (days < 365 * 2)
        snprintf(buffer, size, "%lldd", days);
    else if (days < 365 * 8 && days % 365 != 0)
        snprintf(buffer, size, "%lldy%lldd", days / 365, days % 365);
    else
        snprintf(buffer, size, "%lldy", days / 365);
}

json_t *columns_age(const char *timestamp, int64_t now_ms)
{
    char text[32];
    int64_t time;
    if (timestamp == NULL || !clock_parse(timestamp, &time))
        return json_string("<unknown>");
    columns_format_age(now_ms - time, text, sizeof text);
    return json_string(text);
}

/* The cells that come from one place. */

static json_t *cell_age(const struct column *column, const json_t *object, int64_t now_ms)
{
    return columns_age(json_string_value(columns_at(object, column->path)), now_ms);
}

static json_t *cell_created(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    return columns_age(tree_text(object, "metadata", "creationTimestamp"), now_ms);
}

static json_t *text_or(const struct column *column, const json_t *object, const char *otherwise)
{
    const json_t *value = columns_at(object, column->path);
    bool empty = value == NULL || json_is_null(value) || (json_is_string(value) && json_string_length(value) == 0);
    return empty ? json_string(otherwise) : columns_text(value);
}

static json_t *cell_text(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)now_ms;
    return text_or(column, object, "");
}

static json_t *cell_optional(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)now_ms;
    return text_or(column, object, "<none>");
}

static json_t *cell_unset(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)now_ms;
    return text_or(column, object, "<unset>");
}

static json_t *cell_missing(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)now_ms;
    return text_or(column, object, "N/A");
}

static json_t *cell_integer(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)now_ms;
    return json_integer(tree_integer(columns_at(object, column->path), 0));
}

static json_t *cell_boolean(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)now_ms;
    return json_boolean(json_is_true(columns_at(object, column->path)));
}

static json_t *cell_count(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)now_ms;
    const json_t *value = columns_at(object, column->path);
    return json_integer((json_int_t)(json_is_array(value) ? json_array_size(value) : json_object_size(value)));
}

/* A ConfigMap has text and bytes. */
static json_t *cell_data(const struct column *column, const json_t *object, int64_t now_ms)
{
    (void)column;
    (void)now_ms;
    return json_integer((json_int_t)(json_object_size(json_object_get(object, "data")) +
                                     json_object_size(json_object_get(object, "binaryData"))));
}

#define NAME                                                                                                           \
    {                                                                                                                  \
        "Name", "string", 0, cell_text, "metadata.name"                                                                \
    }
#define AGE                                                                                                            \
    {                                                                                                                  \
        "Age", "string", 0, cell_created, NULL                                                                         \
    }
#define CREATED                                                                                                        \
    {                                                                                                                  \
        "Created At", "date", 0, cell_text, "metadata.creationTimestamp"                                               \
    }
#define CONTAINERS                                                                                                     \
    {                                                                                                                  \
        "Containers", "string", 1, columns_containers, NULL                                                            \
    }
#define IMAGES                                                                                                         \
    {                                                                                                                  \
        "Images", "string", 1, columns_images, NULL                                                                    \
    }
#define SELECTOR                                                                                                       \
    {                                                                                                                  \
        "Selector", "string", 1, columns_selector, "spec.selector"                                                     \
    }

static const struct column plain[] = {NAME, CREATED};
static const struct column aged[] = {NAME, AGE};
static const struct column webhooks[] = {NAME, {"Webhooks", "integer", 0, cell_count, "webhooks"}, AGE};
static const struct column config_map[] = {NAME, {"Data", "string", 0, cell_data, NULL}, AGE};
static const struct column secret[] = {
    NAME, {"Type", "string", 0, cell_text, "type"}, {"Data", "string", 0, cell_count, "data"}, AGE};
static const struct column service_account[] = {NAME, {"Secrets", "string", 0, cell_count, "secrets"}, AGE};
static const struct column namespace[] = {NAME, {"Status", "string", 0, cell_text, "status.phase"}, AGE};
static const struct column lease[] = {NAME, {"Holder", "string", 0, cell_text, "spec.holderIdentity"}, AGE};
static const struct column priority_class[] = {NAME,
                                               {"Value", "integer", 0, cell_integer, "value"},
                                               {"Global-Default", "boolean", 0, cell_boolean, "globalDefault"},
                                               AGE,
                                               {"PreemptionPolicy", "string", 0, cell_text, "preemptionPolicy"}};
static const struct column storage_class[] = {
    NAME,
    {"Provisioner", "string", 0, cell_text, "provisioner"},
    {"ReclaimPolicy", "string", 0, cell_text, "reclaimPolicy"},
    {"VolumeBindingMode", "string", 0, cell_text, "volumeBindingMode"},
    {"AllowVolumeExpansion", "string", 0, cell_boolean, "allowVolumeExpansion"},
    AGE};
static const struct column runtime_class[] = {NAME, {"Handler", "string", 0, cell_text, "handler"}, AGE};
static const struct column pod[] = {NAME,
                                    {"Ready", "string", 0, columns_pod_ready, NULL},
                                    {"Status", "string", 0, columns_pod_status, NULL},
                                    {"Restarts", "string", 0, columns_pod_restarts, NULL},
                                    AGE,
                                    {"IP", "string", 1, cell_optional, "status.podIP"},
                                    {"Node", "string", 1, cell_optional, "spec.nodeName"},
                                    {"Nominated Node", "string", 1, cell_optional, "status.nominatedNodeName"},
                                    {"Readiness Gates", "string", 1, cell_optional, "status.readinessGates"}};
static const struct column deployment[] = {NAME,
                                           {"Ready", "string", 0, columns_ready_of, NULL},
                                           {"Up-to-date", "string", 0, cell_integer, "status.updatedReplicas"},
                                           {"Available", "string", 0, cell_integer, "status.availableReplicas"},
                                           AGE,
                                           CONTAINERS,
                                           IMAGES,
                                           SELECTOR};
static const struct column replica_set[] = {NAME,
                                            {"Desired", "integer", 0, cell_integer, "spec.replicas"},
                                            {"Current", "integer", 0, cell_integer, "status.replicas"},
                                            {"Ready", "integer", 0, cell_integer, "status.readyReplicas"},
                                            AGE,
                                            CONTAINERS,
                                            IMAGES,
                                            SELECTOR};
static const struct column replication_controller[] = {NAME,
                                                       {"Desired", "integer", 0, cell_integer, "spec.replicas"},
                                                       {"Current", "integer", 0, cell_integer, "status.replicas"},
                                                       {"Ready", "integer", 0, cell_integer, "status.readyReplicas"},
                                                       AGE,
                                                       CONTAINERS,
                                                       IMAGES,
                                                       {"Selector", "string", 1, columns_map, "spec.selector"}};
static const struct column stateful_set[] = {
    NAME, {"Ready", "string", 0, columns_ready_of, NULL}, AGE, CONTAINERS, IMAGES};
static const struct column daemon_set[] = {
    NAME,
    {"Desired", "integer", 0, cell_integer, "status.desiredNumberScheduled"},
    {"Current", "integer", 0, cell_integer, "status.currentNumberScheduled"},
    {"Ready", "integer", 0, cell_integer, "status.numberReady"},
    {"Up-to-date", "integer", 0, cell_integer, "status.updatedNumberScheduled"},
    {"Available", "integer", 0, cell_integer, "status.numberAvailable"},
    {"Node Selector", "string", 0, columns_map, "spec.template.spec.nodeSelector"},
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR};
static const struct column controller_revision[] = {NAME,
                                                    {"Controller", "string", 0, columns_controller, NULL},
                                                    {"Revision", "string", 0, cell_integer, "revision"},
                                                    AGE};
static const struct column job[] = {NAME,
                                    {"Status", "string", 0, columns_job_status, NULL},
                                    {"Completions", "string", 0, columns_job_completions, NULL},
                                    {"Duration", "string", 0, columns_job_duration, NULL},
                                    AGE,
                                    CONTAINERS,
                                    IMAGES,
                                    SELECTOR};
static const struct column cron_job[] = {NAME,
                                         {"Schedule", "string", 0, cell_text, "spec.schedule"},
                                         {"Timezone", "string", 0, cell_optional, "spec.timeZone"},
                                         {"Suspend", "boolean", 0, cell_boolean, "spec.suspend"},
                                         {"Active", "integer", 0, cell_count, "status.active"},
                                         {"Last Schedule", "string", 0, cell_age, "status.lastScheduleTime"},
                                         AGE,
                                         CONTAINERS,
                                         IMAGES,
                                         {"Selector", "string", 1, columns_selector, "spec.jobTemplate.spec.selector"}};
static const struct column pod_template[] = {NAME,
                                             {"Containers", "string", 0, columns_containers, NULL},
                                             {"Images", "string", 0, columns_images, NULL},
                                             {"Pod Labels", "string", 0, columns_map, "template.metadata.labels"}};
static const struct column node[] = {
    NAME,
    {"Status", "string", 0, columns_node_status, NULL},
    {"Roles", "string", 0, columns_node_roles, NULL},
    AGE,
    {"Version", "string", 0, cell_text, "status.nodeInfo.kubeletVersion"},
    {"Internal-IP", "string", 1, columns_node_address, "InternalIP"},
    {"External-IP", "string", 1, columns_node_address, "ExternalIP"},
    {"OS-Image", "string", 1, cell_text, "status.nodeInfo.osImage"},
    {"Kernel-Version", "string", 1, cell_text, "status.nodeInfo.kernelVersion"},
    {"Container-Runtime", "string", 1, cell_text, "status.nodeInfo.containerRuntimeVersion"}};
static const struct column service[] = {NAME,
                                        {"Type", "string", 0, cell_text, "spec.type"},
                                        {"Cluster-IP", "string", 0, cell_optional, "spec.clusterIP"},
                                        {"External-IP", "string", 0, columns_service_external, NULL},
                                        {"Port(s)", "string", 0, columns_service_ports, NULL},
                                        AGE,
                                        {"Selector", "string", 1, columns_map, "spec.selector"}};
static const struct column endpoints[] = {NAME, {"Endpoints", "string", 0, columns_endpoints, NULL}, AGE};
static const struct column endpoint_slice[] = {NAME,
                                               {"AddressType", "string", 0, cell_text, "addressType"},
                                               {"Ports", "string", 0, columns_slice_ports, NULL},
                                               {"Endpoints", "string", 0, columns_slice_endpoints, NULL},
                                               AGE};
static const struct column ingress[] = {NAME,
                                        {"Class", "string", 0, cell_optional, "spec.ingressClassName"},
                                        {"Hosts", "string", 0, columns_ingress_hosts, NULL},
                                        {"Address", "string", 0, columns_ingress_address, NULL},
                                        {"Ports", "string", 0, columns_ingress_ports, NULL},
                                        AGE};
static const struct column ingress_class[] = {NAME,
                                              {"Controller", "string", 0, cell_text, "spec.controller"},
                                              {"Parameters", "string", 0, cell_optional, "spec.parameters.name"},
                                              AGE};
static const struct column network_policy[] = {
    NAME, {"Pod-Selector", "string", 0, columns_selector, "spec.podSelector"}, AGE};
static const struct column event[] = {{"Last Seen", "string", 0, columns_event_seen, "lastTimestamp"},
                                      {"Type", "string", 0, cell_text, "type"},
                                      {"Reason", "string", 0, cell_text, "reason"},
                                      {"Object", "string", 0, columns_event_object, NULL},
                                      {"Subobject", "string", 1, cell_text, "involvedObject.fieldPath"},
                                      {"Source", "string", 1, columns_event_source, NULL},
                                      {"Message", "string", 0, cell_text, "message"},
                                      {"First Seen", "string", 1, columns_event_seen, "firstTimestamp"},
                                      {"Count", "string", 1, columns_event_count, NULL},
                                      {"Name", "string", 1, cell_text, "metadata.name"}};
static const struct column volume[] = {
    NAME,
    {"Capacity", "string", 0, cell_text, "spec.capacity.storage"},
    {"Access Modes", "string", 0, columns_modes, "spec.accessModes"},
    {"Reclaim Policy", "string", 0, cell_text, "spec.persistentVolumeReclaimPolicy"},
    {"Status", "string", 0, cell_text, "status.phase"},
    {"Claim", "string", 0, columns_claim, NULL},
    {"StorageClass", "string", 0, cell_text, "spec.storageClassName"},
    {"VolumeAttributesClass", "string", 0, cell_unset, "spec.volumeAttributesClassName"},
    {"Reason", "string", 0, cell_text, "status.reason"},
    AGE,
    {"VolumeMode", "string", 1, cell_unset, "spec.volumeMode"}};
static const struct column volume_claim[] = {
    NAME,
    {"Status", "string", 0, cell_text, "status.phase"},
    {"Volume", "string", 0, cell_text, "spec.volumeName"},
    {"Capacity", "string", 0, cell_text, "status.capacity.storage"},
    {"Access Modes", "string", 0, columns_modes, "status.accessModes"},
    {"StorageClass", "string", 0, cell_text, "spec.storageClassName"},
    {"VolumeAttributesClass", "string", 0, cell_unset, "spec.volumeAttributesClassName"},
    AGE,
    {"VolumeMode", "string", 1, cell_unset, "spec.volumeMode"}};
static const struct column disruption_budget[] = {
    NAME,
    {"Min Available", "string", 0, cell_missing, "spec.minAvailable"},
    {"Max Unavailable", "string", 0, cell_missing, "spec.maxUnavailable"},
    {"Allowed Disruptions", "integer", 0, cell_integer, "status.disruptionsAllowed"},
    AGE};
static const struct column role_binding[] = {NAME,
                                             {"Role", "string", 0, columns_role, NULL},
                                             AGE,
                                             {"Users", "string", 1, columns_subjects, "User"},
                                             {"Groups", "string", 1, columns_subjects, "Group"},
                                             {"ServiceAccounts", "string", 1, columns_subjects, "ServiceAccount"}};
static const struct column signing_request[] = {
    NAME,
    AGE,
    {"SignerName", "string", 0, cell_optional, "spec.signerName"},
    {"Requestor", "string", 0, cell_text, "spec.username"},
    {"RequestedDuration", "string", 0, cell_optional, "spec.expirationSeconds"},
    {"Condition", "string", 0, columns_request_condition, NULL}};
static const struct column scaler[] = {NAME,
                                       {"Reference", "string", 0, columns_scaler_reference, NULL},
                                       {"Targets", "string", 0, columns_scaler_targets, NULL},
                                       {"MinPods", "string", 0, cell_unset, "spec.minReplicas"},
                                       {"MaxPods", "string", 0, cell_integer, "spec.maxReplicas"},
                                       {"Replicas", "string", 0, cell_integer, "status.currentReplicas"},
                                       AGE};
static const struct column api_service[] = {NAME,
                                            {"Service", "string", 0, columns_api_service, NULL},
                                            {"Available", "string", 0, columns_api_available, NULL},
                                            AGE};
static const struct column admission_policy[] = {NAME,
                                                 {"Validations", "integer", 0, cell_count, "spec.validations"},
                                                 {"ParamKind", "string", 0, cell_unset, "spec.paramKind.kind"},
                                                 AGE};
static const struct column admission_binding[] = {NAME,
                                                  {"PolicyName", "string", 0, cell_text, "spec.policyName"},
                                                  {"ParamRef", "string", 0, cell_unset, "spec.paramRef.name"},
                                                  AGE};

#define COLUMNS(columns) (columns), LENGTH_OF(columns)

static const struct {
    const char *kind;
    const struct column *columns;
    size_t count;
} kinds[] = {
    {"APIService", COLUMNS(api_service)},
    {"CertificateSigningRequest", COLUMNS(signing_request)},
    {"ClusterRoleBinding", COLUMNS(role_binding)},
    {"ConfigMap", COLUMNS(config_map)},
    {"ControllerRevision", COLUMNS(controller_revision)},
    {"CronJob", COLUMNS(cron_job)},
    {"CSIDriver", COLUMNS(aged)},
    {"DaemonSet", COLUMNS(daemon_set)},
    {"Deployment", COLUMNS(deployment)},
    {"Endpoints", COLUMNS(endpoints)},
    {"EndpointSlice", COLUMNS(endpoint_slice)},
    {"Event", COLUMNS(event)},
    {"HorizontalPodAutoscaler", COLUMNS(scaler)},
    {"Ingress", COLUMNS(ingress)},
    {"IngressClass", COLUMNS(ingress_class)},
    {"Job", COLUMNS(job)},
    {"Lease", COLUMNS(lease)},
    {"MutatingWebhookConfiguration", COLUMNS(webhooks)},
    {"Namespace", COLUMNS(namespace)},
    {"NetworkPolicy", COLUMNS(network_policy)},
    {"Node", COLUMNS(node)},
    {"PersistentVolume", COLUMNS(volume)},
    {"PersistentVolumeClaim", COLUMNS(volume_claim)},
    {"Pod", COLUMNS(pod)},
    {"PodDisruptionBudget", COLUMNS(disruption_budget)},
    {"PodTemplate", COLUMNS(pod_template)},
    {"PriorityClass", COLUMNS(priority_class)},
    {"ReplicaSet", COLUMNS(replica_set)},
    {"ReplicationController", COLUMNS(replication_controller)},
    {"RoleBinding", COLUMNS(role_binding)},
    {"RuntimeClass", COLUMNS(runtime_class)},
    {"Secret", COLUMNS(secret)},
    {"Service", COLUMNS(service)},
    {"ServiceAccount", COLUMNS(service_account)},
    {"StatefulSet", COLUMNS(stateful_set)},
    {"StorageClass", COLUMNS(storage_class)},
    {"ValidatingAdmissionPolicy", COLUMNS(admission_policy)},
    {"ValidatingAdmissionPolicyBinding", COLUMNS(admission_binding)},
    {"ValidatingWebhookConfiguration", COLUMNS(webhooks)},
};

const struct column *columns_of(const char *kind, size_t *ret_count)
{
    for (size_t i = 0; i < LENGTH_OF(kinds); i++) {
        if (strcmp(kinds[i].kind, kind) != 0)
            continue;
        *ret_count = kinds[i].count;
        return kinds[i].columns;
    }
    *ret_count = LENGTH_OF(plain);
    return plain;
}
