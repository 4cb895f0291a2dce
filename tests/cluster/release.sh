# Releases of the small chart, and their records. Sourced by cases.

# upgrade NAME [OPTION…]: one more revision in $namespace; what the server refuses leaves a failed revision.
upgrade() {
    local name=$1
    shift
    "$HELM" upgrade --install "$name" "$SUITE_FOLDER/chart" -n "$namespace" "$@" >/dev/null 2>"$folder/helm"
}

# upgrade_fails NAME [OPTION…]: the upgrade is refused by the server after the first objects were changed.
upgrade_fails() {
    refuses upgrade "$@" --set broken=true
}

# edit_record NAME REVISION STATEMENT…: Python statements over `record` (the decoded JSON), `secret` and `pack` (None: pack as Helm does; else bytes
# that become the Secret's `release` value as they are).
edit_record() {
    local name=$1 revision=$2 kind=${RECORD_KIND:-secret}
    shift 2
    "$KUBECTL" get "$kind" "sh.helm.release.v1.$name.v$revision" -n "$namespace" -o json >"$folder/record.json"
    python3 - "$folder/record.json" "$@" <<'PYTHON'
import base64, gzip, json, sys, zlib
path = sys.argv[1]
secret = json.load(open(path))
record = json.loads(gzip.decompress(base64.b64decode(base64.b64decode(secret['data']['release']))))
names = {'record': record, 'secret': secret, 'pack': None, 'base64': base64, 'gzip': gzip, 'json': json, 'zlib': zlib}
for statement in sys.argv[2:]:
    exec(statement, names)
packed = names['pack']
if packed is None:
    packed = base64.b64encode(gzip.compress(json.dumps(names['record']).encode()))
if 'data' in secret and 'release' in secret['data']:
    secret['data']['release'] = base64.b64encode(packed).decode()
for field in ('managedFields', 'resourceVersion', 'uid', 'creationTimestamp'):
    secret['metadata'].pop(field, None)
json.dump(secret, open(path, 'w'))
PYTHON
    # Records are too large for kubectl apply, which keeps a copy in an annotation.
    "$KUBECTL" replace -f "$folder/record.json" >/dev/null
}

# keep_staged_release: whatever the case does to the staged release, its objects and its records are put back afterwards.
keep_staged_release() {
    "$KUBECTL" get secret -n documentdb-system -l owner=helm,name=documentdb-operator -o json >"$folder/kept.json"
    at_the_end restore_staged_release
}

restore_staged_release() {
    local ns=documentdb-system selector=owner=helm,name=documentdb-operator
    "$HELM" rollback documentdb-operator 5 -n "$ns" || return
    "$KUBECTL" delete secret -n "$ns" -l "$selector"
    python3 - "$folder/kept.json" <<'PYTHON'
import json, sys
kept = json.load(open(sys.argv[1]))
for item in kept['items']:
    for field in ('managedFields', 'resourceVersion', 'uid', 'creationTimestamp'):
        item['metadata'].pop(field, None)
json.dump(kept, open(sys.argv[1], 'w'))
PYTHON
    "$KUBECTL" create -f "$folder/kept.json" || return
    "$KUBECTL" rollout status -n "$ns" deployment/documentdb-operator --timeout 60s
}

# The staged system's own chart with the values of its live revision, and more on top.
upgrade_staged() {
    "$HELM" get values documentdb-operator -n documentdb-system -o yaml >"$folder/values.yaml"
    "$HELM" upgrade documentdb-operator "$folder/staged" -n documentdb-system -f "$folder/values.yaml" "$@" >/dev/null 2>"$folder/helm"
}

# The chart is not stored in one piece with the release: it is put together again from its record.
unpack_staged_chart() {
    "$KUBECTL" get secret sh.helm.release.v1.documentdb-operator.v5 -n documentdb-system -o json >"$folder/record.json"
    python3 - "$folder/record.json" "$folder/staged" <<'PYTHON'
import base64, gzip, json, os, sys
record = json.loads(gzip.decompress(base64.b64decode(base64.b64decode(json.load(open(sys.argv[1]))['data']['release']))))
chart = record['chart']
def write(path, data):
    path = os.path.join(sys.argv[2], path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    open(path, 'wb').write(data)
write('Chart.yaml', json.dumps(chart['metadata']).encode())
write('values.yaml', json.dumps(chart['values']).encode())
for part in chart['templates']:
    write(part['name'], base64.b64decode(part['data']))
PYTHON
}
