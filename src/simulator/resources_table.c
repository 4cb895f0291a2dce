/*
 * Taken from the discovery documents of Kubernetes 1.34. Left out is what no chart or console needs here
 * (resource.k8s.io, flowcontrol, …) and autoscaling/v1, whose objects would have to be converted.
 */
#include "simulator/resources_table.h"
#include "base/memory.h"

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NONE       ((const char *const[]){NULL})
#define ALL        NAMES("all")
#define EXTENSION  NAMES("api-extensions")

#define N RESOURCE_NAMESPACED
#define S RESOURCE_STATUS
#define C RESOURCE_SCALE
#define V RESOURCE_VIRTUAL
#define P RESOURCE_PUT_CREATES
#define D RESOURCE_RETURNS_DELETED
#define U RESOURCE_CONDITIONAL

#define RBAC      "rbac.authorization.k8s.io"
#define ADMISSION "admissionregistration.k8s.io"
#define REVIEW    "authorization.k8s.io"
#define IDENTITY  "authentication.k8s.io"

/* clang-format off */
const struct resource_row resource_rows[] = {
    {"", "v1", "configmaps", "configmap", "ConfigMap", NAMES("cm"), NONE, NONE, N},
    {"", "v1", "endpoints", "endpoints", "Endpoints", NAMES("ep"), NONE, NONE, N | P},
    {"", "v1", "events", "event", "Event", NAMES("ev"), NONE, NONE, N | P},
    {"", "v1", "limitranges", "limitrange", "LimitRange", NAMES("limits"), NONE, NONE, N | P},
    {"", "v1", "namespaces", "namespace", "Namespace", NAMES("ns"), NONE, NONE, S},
    {"", "v1", "nodes", "node", "Node", NAMES("no"), NONE, NONE, S},
    {"", "v1", "persistentvolumeclaims", "persistentvolumeclaim", "PersistentVolumeClaim", NAMES("pvc"), NONE, NONE, N | S | D},
    {"", "v1", "persistentvolumes", "persistentvolume", "PersistentVolume", NAMES("pv"), NONE, NONE, S | D},
    {"", "v1", "pods", "pod", "Pod", NAMES("po"), ALL, NAMES("log", "proxy"), N | S | D},
    {"", "v1", "podtemplates", "podtemplate", "PodTemplate", NONE, NONE, NONE, N | D},
    {"", "v1", "replicationcontrollers", "replicationcontroller", "ReplicationController", NAMES("rc"), ALL, NONE, N | S | C},
    {"", "v1", "resourcequotas", "resourcequota", "ResourceQuota", NAMES("quota"), NONE, NONE, N | S | D},
    {"", "v1", "secrets", "secret", "Secret", NONE, NONE, NONE, N},
    {"", "v1", "serviceaccounts", "serviceaccount", "ServiceAccount", NAMES("sa"), NONE, NONE, N | D},
    {"", "v1", "services", "service", "Service", NAMES("svc"), ALL, NAMES("proxy"), N | S | P | D},
    {"apiregistration.k8s.io", "v1", "apiservices", "apiservice", "APIService", NONE, EXTENSION, NONE, S | U},
    {"apps", "v1", "controllerrevisions", "controllerrevision", "ControllerRevision", NONE, NONE, NONE, N},
    {"apps", "v1", "daemonsets", "daemonset", "DaemonSet", NAMES("ds"), ALL, NONE, N | S},
    {"apps", "v1", "deployments", "deployment", "Deployment", NAMES("deploy"), ALL, NONE, N | S | C},
    {"apps", "v1", "replicasets", "replicaset", "ReplicaSet", NAMES("rs"), ALL, NONE, N | S | C},
    {"apps", "v1", "statefulsets", "statefulset", "StatefulSet", NAMES("sts"), ALL, NONE, N | S | C},
    {IDENTITY, "v1", "selfsubjectreviews", "selfsubjectreview", "SelfSubjectReview", NONE, NONE, NONE, V},
    {REVIEW, "v1", "localsubjectaccessreviews", "localsubjectaccessreview", "LocalSubjectAccessReview", NONE, NONE, NONE, V | N},
    {REVIEW, "v1", "selfsubjectaccessreviews", "selfsubjectaccessreview", "SelfSubjectAccessReview", NONE, NONE, NONE, V},
    {REVIEW, "v1", "selfsubjectrulesreviews", "selfsubjectrulesreview", "SelfSubjectRulesReview", NONE, NONE, NONE, V},
    {REVIEW, "v1", "subjectaccessreviews", "subjectaccessreview", "SubjectAccessReview", NONE, NONE, NONE, V},
    {"autoscaling", "v2", "horizontalpodautoscalers", "horizontalpodautoscaler", "HorizontalPodAutoscaler", NAMES("hpa"), ALL, NONE, N | S},
    {"batch", "v1", "cronjobs", "cronjob", "CronJob", NAMES("cj"), ALL, NONE, N | S},
    {"batch", "v1", "jobs", "job", "Job", NONE, ALL, NONE, N | S},
    {"certificates.k8s.io", "v1", "certificatesigningrequests", "certificatesigningrequest", "CertificateSigningRequest", NAMES("csr"), NONE, NAMES("approval"), S},
    {"networking.k8s.io", "v1", "ingressclasses", "ingressclass", "IngressClass", NONE, NONE, NONE, 0},
    {"networking.k8s.io", "v1", "ingresses", "ingress", "Ingress", NAMES("ing"), NONE, NONE, N | S},
    {"networking.k8s.io", "v1", "networkpolicies", "networkpolicy", "NetworkPolicy", NAMES("netpol"), NONE, NONE, N},
    {"policy", "v1", "poddisruptionbudgets", "poddisruptionbudget", "PodDisruptionBudget", NAMES("pdb"), NONE, NONE, N | S | U},
    {RBAC, "v1", "clusterrolebindings", "clusterrolebinding", "ClusterRoleBinding", NONE, NONE, NONE, P},
    {RBAC, "v1", "clusterroles", "clusterrole", "ClusterRole", NONE, NONE, NONE, P},
    {RBAC, "v1", "rolebindings", "rolebinding", "RoleBinding", NONE, NONE, NONE, N | P},
    {RBAC, "v1", "roles", "role", "Role", NONE, NONE, NONE, N | P},
    {"storage.k8s.io", "v1", "csidrivers", "csidriver", "CSIDriver", NONE, NONE, NONE, D | U},
    {"storage.k8s.io", "v1", "storageclasses", "storageclass", "StorageClass", NAMES("sc"), NONE, NONE, D},
    {ADMISSION, "v1", "mutatingwebhookconfigurations", "mutatingwebhookconfiguration", "MutatingWebhookConfiguration", NONE, EXTENSION, NONE, U},
    {ADMISSION, "v1", "validatingadmissionpolicies", "validatingadmissionpolicy", "ValidatingAdmissionPolicy", NONE, EXTENSION, NONE, S | U},
    {ADMISSION, "v1", "validatingadmissionpolicybindings", "validatingadmissionpolicybinding", "ValidatingAdmissionPolicyBinding", NONE, EXTENSION, NONE, U},
    {ADMISSION, "v1", "validatingwebhookconfigurations", "validatingwebhookconfiguration", "ValidatingWebhookConfiguration", NONE, EXTENSION, NONE, U},
    {"apiextensions.k8s.io", "v1", "customresourcedefinitions", "customresourcedefinition", "CustomResourceDefinition", NAMES("crd", "crds"), EXTENSION, NONE, S | U},
    {"scheduling.k8s.io", "v1", "priorityclasses", "priorityclass", "PriorityClass", NAMES("pc"), NONE, NONE, 0},
    {"coordination.k8s.io", "v1", "leases", "lease", "Lease", NONE, NONE, NONE, N | P | U},
    {"node.k8s.io", "v1", "runtimeclasses", "runtimeclass", "RuntimeClass", NONE, NONE, NONE, P | U},
    {"discovery.k8s.io", "v1", "endpointslices", "endpointslice", "EndpointSlice", NONE, NONE, NONE, N},
    {"metrics.k8s.io", "v1beta1", "nodes", "", "NodeMetrics", NONE, NONE, NONE, V},
    {"metrics.k8s.io", "v1beta1", "pods", "", "PodMetrics", NONE, NONE, NONE, V | N},
};
/* clang-format on */
const size_t resource_row_count = LENGTH_OF(resource_rows);
