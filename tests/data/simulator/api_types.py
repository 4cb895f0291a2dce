#!/usr/bin/env python3
"""Write src/simulator/api_types_*.c from the Go sources of k8s.io/api and k8s.io/apimachinery: api_types.py API APIMACHINERY FOLDER.

Each struct of the kinds that the simulated cluster serves becomes a row: its JSON names with their protobuf numbers and types, in the
notation of src/simulator/api_types.h."""
import os, re, sys

PACKAGES = {"core/v1": "core", "apps/v1": "apps", "batch/v1": "batch", "rbac/v1": "rbac", "networking/v1": "networking", "policy/v1": "policy",
            "autoscaling/v2": "autoscaling", "autoscaling/v1": "autoscaling1", "coordination/v1": "coordination",
            "certificates/v1": "certificates", "authorization/v1": "authorization", "authentication/v1": "authentication",
            "admissionregistration/v1": "admission", "storage/v1": "storage", "scheduling/v1": "scheduling", "discovery/v1": "discovery",
            "node/v1": "node"}
ROOTS = """core.ConfigMap core.Endpoints core.Event core.LimitRange core.Namespace core.Node core.PersistentVolumeClaim core.PersistentVolume core.Pod
core.PodTemplate core.ReplicationController core.ResourceQuota core.Secret core.ServiceAccount core.Service apps.ControllerRevision apps.DaemonSet
apps.Deployment apps.ReplicaSet apps.StatefulSet batch.Job batch.CronJob rbac.Role rbac.ClusterRole rbac.RoleBinding rbac.ClusterRoleBinding
networking.Ingress networking.IngressClass networking.NetworkPolicy policy.PodDisruptionBudget autoscaling.HorizontalPodAutoscaler
autoscaling1.Scale coordination.Lease certificates.CertificateSigningRequest authorization.SelfSubjectAccessReview
authorization.SubjectAccessReview authorization.LocalSubjectAccessReview authorization.SelfSubjectRulesReview authentication.SelfSubjectReview
admission.ValidatingWebhookConfiguration admission.MutatingWebhookConfiguration admission.ValidatingAdmissionPolicy
admission.ValidatingAdmissionPolicyBinding storage.StorageClass storage.CSIDriver scheduling.PriorityClass discovery.EndpointSlice
node.RuntimeClass meta.DeleteOptions""".split()
IMPORTS = {"v1": None, "metav1": "meta", "corev1": "core", "core": "core", "api": "core", "apiv1": "core", "rbacv1": "rbac"}
SCALARS = {"string": "s", "bool": "b", "int": "i", "int32": "i", "int64": "i", "uint32": "i", "float64": "d", "[]byte": "y"}
SPECIAL = {"meta.Time": "T", "meta.MicroTime": "T", "resource.Quantity": "Q", "intstr.IntOrString": "I", "runtime.RawExtension": "R",
           "meta.FieldsV1": "R", "types.UID": "s", "types.NodeName": "s", "types.NamespacedName": "s", "meta.Duration": "s"}
TAG = re.compile(r'^\s*(\w+\s+)?([\w.*\[\]]+)\s+`json:"([^"]*)"(?:\s+patch\w+:"[^"]*")*(?:\s+protobuf:"([^"]*)")?')


def read(path, package, structs, aliases):
    text = open(path).read()
    for name, body in re.findall(r"^type (\w+) struct \{\n(.*?)^\}", text, re.S | re.M):
        structs[f"{package}.{name}"] = body
    for name, of in re.findall(r"^type (\w+) ([\w.\[\]*]+)$", text, re.M):
        aliases[f"{package}.{name}"] = (package, of)
    for body in re.findall(r"^type \(\n(.*?)^\)", text, re.S | re.M):
        for name, of in re.findall(r"^\t(\w+) ([\w.\[\]*]+)$", body, re.M):
            aliases[f"{package}.{name}"] = (package, of)


def qualify(name, package):
    if name in SCALARS:
        return name
    if "." not in name:
        return f"{package}.{name}"
    prefix, rest = name.split(".")
    meta_or_core = "meta" if package != "meta" else "meta"
    mapped = IMPORTS.get(prefix, prefix)
    if mapped is None:  # "v1." is core in most packages, and meta where a type of that name is there
        mapped = "core" if f"core.{rest}" in STRUCTS or f"core.{rest}" in ALIASES else meta_or_core
    return f"{mapped}.{rest}"


def notation(kind, package):
    """(shape, type, pointer): shape is "", "*" (list) or "{}" (map)."""
    if kind == "[]byte":
        return "", "y", False
    if kind.startswith("*"):
        shape, of, _ = notation(kind[1:], package)
        return shape, of, True
    if kind.startswith("[]"):
        shape, of, _ = notation(kind[2:], package)
        return "*", of, False
    match = re.match(r"map\[[\w.]+\](.*)", kind)
    if match:
        inner, of, _ = notation(match[1], package)
        return "{}", ("*" if inner == "*" else "") + of, False
    if kind in SCALARS:
        return "", SCALARS[kind], False
    name = qualify(kind, package)
    if name in SPECIAL:
        return "", SPECIAL[name], False
    if name in ALIASES:
        home, of = ALIASES[name]
        return notation(of, home)
    if name in STRUCTS:
        NEEDED.append(name)
        return "", name, False
    raise SystemExit(f"unknown type {kind} ({name}) in {package}")


def row(name):
    package = name.split(".")[0]
    fields = []
    for line in STRUCTS[name].splitlines():
        match = TAG.match(line)
        if not match:
            continue
        kind, json, protobuf = match[2], match[3], match[4]
        label = json.split(",")[0]
        if label == "-" or not protobuf:
            if "inline" in json and not kind.endswith("TypeMeta"):
                raise SystemExit(f"{name}: inline {kind} without protobuf")
            continue
        number = protobuf.split(",")[1]
        shape, of, pointer = notation(kind, package)
        of = of.replace(package + ".", "", 1) if of.startswith(package + ".") else of
        fields.append(f"{label}={number}{shape}{of}{'?' if pointer and len(of) == 1 else ''}")
    return " ".join(fields)


def wrap(text, width=96):
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            lines.append(line + " ")
            line = word
        else:
            line = f"{line} {word}" if line else word
    return lines + [line]


STRUCTS, ALIASES, NEEDED = {}, {}, list(ROOTS)
api, machinery, folder = sys.argv[1:4]
for path, package in PACKAGES.items():
    read(os.path.join(api, path, "types.go"), package, STRUCTS, ALIASES)
    for extra in ("well_known_labels.go",):
        pass
read(os.path.join(machinery, "pkg/apis/meta/v1/types.go"), "meta", STRUCTS, ALIASES)
rows = {}
while NEEDED:
    name = NEEDED.pop()
    if name not in rows:
        rows[name] = row(name)
names = sorted(rows)
files = {"core": [n for n in names if n.startswith("core.")], "groups": [n for n in names if not n.startswith("core.")]}
for part, members in files.items():
    with open(os.path.join(folder, f"api_types_{part}.c"), "w") as out:
        out.write("/* Made by tests/data/simulator/api_types.py from k8s.io/api and k8s.io/apimachinery 0.34: do not edit. */\n"
                  '#include "simulator/api_types.h"\n\n/* clang-format off */\n'
                  f"const struct api_type api_types_{part}[] = {{\n")
        for name in members:
            lines = wrap(rows[name])
            out.write(f'    {{"{name}",\n' + "\n".join(f'     "{line}"' for line in lines) + "},\n")
        out.write(f"}};\nconst size_t api_types_{part}_count = sizeof api_types_{part} / sizeof *api_types_{part};\n")
    print(part, len(members))
