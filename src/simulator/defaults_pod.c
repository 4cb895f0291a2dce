#include "simulator/defaults_pod.h"
#include "base/text.h"
#include "base/tree.h"
#include <string.h>

void defaults_integer(json_t *object, const char *key, json_int_t value)
{
    if (json_object_get(object, key) == NULL)
        json_object_set_new(object, key, json_integer(value));
}

void defaults_text(json_t *object, const char *key, const char *value)
{
    const json_t *there = json_object_get(object, key);
    if (there == NULL || (json_is_string(there) && json_string_length(there) == 0))
        json_object_set_new(object, key, json_string(value));
}

void defaults_boolean(json_t *object, const char *key, bool value)
{
    if (json_object_get(object, key) == NULL)
        json_object_set_new(object, key, json_boolean(value));
}

json_t *defaults_object(json_t *object, const char *key)
{
    json_t *there = json_object_get(object, key);
    if (there == NULL) {
        there = json_object();
        json_object_set_new(object, key, there);
    }
    return there;
}

static void probe(json_t *probe)
{
    if (!json_is_object(probe))
        return;
    defaults_integer(probe, "timeoutSeconds", 1);
    defaults_integer(probe, "periodSeconds", 10);
    defaults_integer(probe, "successThreshold", 1);
    defaults_integer(probe, "failureThreshold", 3);
    json_t *http = json_object_get(probe, "httpGet");
    if (http != NULL) {
        defaults_text(http, "path", "/");
        defaults_text(http, "scheme", "HTTP");
    }
    if (json_object_get(probe, "grpc") != NULL)
        defaults_text(json_object_get(probe, "grpc"), "service", "");
}

/* Always for ':latest' and for images without a tag, unless they have a digest. */
static const char *pull_policy(const char *image)
{
    const char *slash = strrchr(image, '/');
    const char *tag = strchr(slash != NULL ? slash : image, ':');
    if (strchr(image, '@') != NULL)
        return "IfNotPresent";
    return tag == NULL || strcmp(tag, ":latest") == 0 ? "Always" : "IfNotPresent";
}

static void container(json_t *container)
{
    const char *image = tree_text(container, "image");
    if (image != NULL)
        defaults_text(container, "imagePullPolicy", pull_policy(image));
    defaults_text(container, "terminationMessagePath", "/dev/termination-log");
    defaults_text(container, "terminationMessagePolicy", "File");
    defaults_object(container, "resources");
    size_t index;
    json_t *item;
    json_array_foreach(json_object_get(container, "ports"), index, item)
    {
        defaults_text(item, "protocol", "TCP");
    }
    json_array_foreach(json_object_get(container, "env"), index, item)
    {
        json_t *reference = tree_get(item, "valueFrom", "fieldRef");
        if (reference != NULL)
            defaults_text(reference, "apiVersion", "v1");
    }
    probe(json_object_get(container, "readinessProbe"));
    probe(json_object_get(container, "livenessProbe"));
    probe(json_object_get(container, "startupProbe"));
}

/* In pods, not in templates, what is limited and not asked for is asked for. */
static void ask_for_limits(json_t *container)
{
    json_t *requests = tree_get(container, "resources", "requests"),
           *limits = tree_get(container, "resources", "limits");
    const char *name;
    json_t *limit;
    json_object_foreach(limits, name, limit)
    {
        if (requests == NULL)
            requests = defaults_object(json_object_get(container, "resources"), "requests");
        if (json_object_get(requests, name) == NULL)
            json_object_set(requests, name, limit);
    }
}

static void volume(json_t *volume)
{
    static const char *const with_mode[] = {"configMap", "secret", "projected", "downwardAPI"};
    for (size_t i = 0; i < sizeof(with_mode) / sizeof(with_mode[0]); i++)
        if (json_object_get(volume, with_mode[i]) != NULL)
            defaults_integer(json_object_get(volume, with_mode[i]), "defaultMode", 0644);
    json_t *host_path = json_object_get(volume, "hostPath");
    if (host_path != NULL && json_object_get(host_path, "type") == NULL)
        json_object_set_new(host_path, "type", json_string(""));
    if (json_object_size(volume) == 1 && json_object_get(volume, "name") != NULL)
        defaults_object(volume, "emptyDir");
}

/* What pods and templates have in common. */
static void pod_spec(json_t *spec)
{
    static const char *const lists[] = {"containers", "initContainers"};
    defaults_text(spec, "restartPolicy", "Always");
    defaults_integer(spec, "terminationGracePeriodSeconds", 30);
    defaults_text(spec, "dnsPolicy", "ClusterFirst");
    defaults_text(spec, "schedulerName", "default-scheduler");
    defaults_object(spec, "securityContext");
    const char *account = tree_text(spec, "serviceAccountName");
    const char *old_name = tree_text(spec, "serviceAccount");
    if (account == NULL && old_name != NULL)
        json_object_set_new(spec, "serviceAccountName", json_string(old_name));
    else if (account != NULL && account[0] != '\0')
        json_object_set_new(spec, "serviceAccount", json_string(account));
    size_t index;
    json_t *item;
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        json_array_foreach(json_object_get(spec, lists[i]), index, item)
        {
            container(item);
        }
    }
    json_array_foreach(json_object_get(spec, "volumes"), index, item)
    {
        volume(item);
    }
}

void defaults_pod_template(json_t *pod_template)
{
    json_t *spec = json_object_get(pod_template, "spec");
    if (spec == NULL)
        return;
    defaults_object(pod_template, "metadata");
    pod_spec(spec);
}

void defaults_pod(json_t *spec)
{
    if (spec == NULL)
        return;
    pod_spec(spec);
    size_t index;
    json_t *item;
    json_array_foreach(json_object_get(spec, "containers"), index, item)
    {
        ask_for_limits(item);
    }
    defaults_boolean(spec, "enableServiceLinks", true);
}

void defaults_admit_pod(json_t *spec)
{
    if (spec == NULL)
        return;
    defaults_text(spec, "serviceAccountName", "default");
    defaults_text(spec, "serviceAccount", tree_text(spec, "serviceAccountName"));
    defaults_text(spec, "preemptionPolicy", "PreemptLowerPriority");
    defaults_integer(spec, "priority", 0);
    if (json_object_get(spec, "tolerations") == NULL)
        json_object_set_new(spec, "tolerations",
                            json_pack("[{s:s, s:s, s:s, s:i}, {s:s, s:s, s:s, s:i}]", "key",
                                      "node.kubernetes.io/not-ready", "operator", "Exists", "effect", "NoExecute",
                                      "tolerationSeconds", 300, "key", "node.kubernetes.io/unreachable", "operator",
                                      "Exists", "effect", "NoExecute", "tolerationSeconds", 300));
}
