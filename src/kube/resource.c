#include "kube/resource.h"
#include "base/memory.h"
#include "base/text.h"
#include <stdlib.h>
#include <string.h>

/* Group, version, plural, kind, namespaced. Older versions stand beside the current ones: stored manifests name them.
 */
static const struct kube_resource resources[] = {
    {"", "v1", "configmaps", "ConfigMap", true},
    {"", "v1", "endpoints", "Endpoints", true},
    {"", "v1", "events", "Event", true},
    {"", "v1", "limitranges", "LimitRange", true},
    {"", "v1", "namespaces", "Namespace", false},
    {"", "v1", "nodes", "Node", false},
    {"", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true},
    {"", "v1", "persistentvolumes", "PersistentVolume", false},
    {"", "v1", "pods", "Pod", true},
    {"", "v1", "podtemplates", "PodTemplate", true},
    {"", "v1", "replicationcontrollers", "ReplicationController", true},
    {"", "v1", "resourcequotas", "ResourceQuota", true},
    {"", "v1", "secrets", "Secret", true},
    {"", "v1", "serviceaccounts", "ServiceAccount", true},
    {"", "v1", "services", "Service", true},
    {"admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", false},
    {"admissionregistration.k8s.io", "v1", "validatingadmissionpolicies", "ValidatingAdmissionPolicy", false},
    {"admissionregistration.k8s.io", "v1", "validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding",
     false},
    {"admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", false},
    {"apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", false},
    {"apiregistration.k8s.io", "v1", "apiservices", "APIService", false},
    {"apps", "v1", "controllerrevisions", "ControllerRevision", true},
    {"apps", "v1", "daemonsets", "DaemonSet", true},
    {"apps", "v1", "deployments", "Deployment", true},
    {"apps", "v1", "replicasets", "ReplicaSet", true},
    {"apps", "v1", "statefulsets", "StatefulSet", true},
    {"autoscaling", "v1", "horizontalpodautoscalers", "HorizontalPodAutoscaler", true},
    {"autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", true},
    {"batch", "v1", "cronjobs", "CronJob", true},
    {"batch", "v1", "jobs", "Job", true},
    {"batch", "v1beta1", "cronjobs", "CronJob", true},
    {"certificates.k8s.io", "v1", "certificatesigningrequests", "CertificateSigningRequest", false},
    {"coordination.k8s.io", "v1", "leases", "Lease", true},
    {"discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true},
    {"extensions", "v1beta1", "ingresses", "Ingress", true},
    {"flowcontrol.apiserver.k8s.io", "v1", "flowschemas", "FlowSchema", false},
    {"flowcontrol.apiserver.k8s.io", "v1", "prioritylevelconfigurations", "PriorityLevelConfiguration", false},
    {"networking.k8s.io", "v1", "ingressclasses", "IngressClass", false},
    {"networking.k8s.io", "v1", "ingresses", "Ingress", true},
    {"networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true},
    {"networking.k8s.io", "v1beta1", "ingresses", "Ingress", true},
    {"node.k8s.io", "v1", "runtimeclasses", "RuntimeClass", false},
    {"policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true},
    {"policy", "v1beta1", "poddisruptionbudgets", "PodDisruptionBudget", true},
    {"rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", false},
    {"rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false},
    {"rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", true},
    {"rbac.authorization.k8s.io", "v1", "roles", "Role", true},
    {"scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", false},
    {"storage.k8s.io", "v1", "csidrivers", "CSIDriver", false},
    {"storage.k8s.io", "v1", "storageclasses", "StorageClass", false},
};

/* "v1" is the core group's; else "group/version". */
static bool is_version_of(const char *api_version, const struct kube_resource *resource)
{
    size_t group = strlen(resource->group);
    if (group == 0)
        return text_equal(api_version, resource->version);
    return strncmp(api_version, resource->group, group) == 0 && api_version[group] == '/' &&
           text_equal(api_version + group + 1, resource->version);
}

const struct kube_resource *kube_resource_find(const char *api_version, const char *kind)
{
    for (size_t i = 0; i < LENGTH_OF(resources); i++)
        if (text_equal(resources[i].kind, kind) && is_version_of(api_version, &resources[i]))
            return &resources[i];
    return NULL;
}

/* RFC 3986: everything but unreserved characters. */
static void append_encoded(struct text *path, const char *text)
{
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *text != '\0'; text++) {
        if (strchr(unreserved, *text) != NULL)
            text_append_char(path, *text);
        else
            text_append_format(path, "%%%02X", (unsigned char)*text);
    }
}

static void append_segment(struct text *path, const char *segment)
{
    text_append_char(path, '/');
    /* A segment of dots alone would be folded away on its way to the server. */
    if (text_equal(segment, ".") || text_equal(segment, ".."))
        text_append(path, segment[1] == '\0' ? "%2E" : "%2E%2E");
    else
        append_encoded(path, segment);
}

char *kube_resource_path(const struct kube_resource *resource, const char *namespace, const char *name,
                         const char *subresource)
{
    struct text path = {0};
    text_append(&path, resource->group[0] == '\0' ? "/api" : "/apis");
    if (resource->group[0] != '\0')
        append_segment(&path, resource->group);
    append_segment(&path, resource->version);
    if (resource->namespaced && namespace != NULL) {
        text_append(&path, "/namespaces");
        append_segment(&path, namespace);
    }
    append_segment(&path, resource->plural);
    if (name != NULL)
        append_segment(&path, name);
    if (subresource != NULL)
        append_segment(&path, subresource);
    return text_steal(&path);
}

void kube_path_add(char **path, const char *name, const char *value)
{
    struct text longer = {0};
    text_append(&longer, *path);
    text_append_char(&longer, strchr(*path, '?') == NULL ? '?' : '&');
    append_encoded(&longer, name);
    text_append_char(&longer, '=');
    append_encoded(&longer, value);
    free(*path);
    *path = text_steal(&longer);
}
