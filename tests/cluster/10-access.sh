# How the program gets in, and what it says when it does not. Every way ends with a message, a hint and the documented status.

# kubeconfig FILE STATEMENT…: a whole kubeconfig of the cluster, changed by Python statements over `cluster`, `user`, `context` and `config`.
kubeconfig() {
    local path=$folder/$1
    shift
    "$KUBECTL" config view --raw --flatten --minify -o json >"$path"
    python3 - "$path" "$@" <<'PYTHON'
import json, sys
config = json.load(open(sys.argv[1]))
names = {'config': config, 'json': json}
for kind in ('cluster', 'user', 'context'):
    names[kind] = config[kind + 's'][0][kind]
for statement in sys.argv[2:]:
    exec(statement, names)
json.dump(config, open(sys.argv[1], 'w'), indent=1)
PYTHON
}

# A service account in $namespace that may do nothing yet, and its token.
service_account() {
    fresh_namespace
    "$KUBECTL" create serviceaccount limited -n "$namespace" >/dev/null
    token=$("$KUBECTL" create token limited -n "$namespace")
}

# listen PYTHON: a server on a free port ($port) that treats each connection `c` as the statement says.
listen() {
    python3 -c '
import socket, sys
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
while True:
    c, _ = server.accept()
    exec(sys.argv[1])' "$1" >"$folder/port" &
    at_the_end kill $!
    eventually test -s "$folder/port"
    port=$(cat "$folder/port")
}

case_a_flattened_kubeconfig_works() {
    kubeconfig whole
    console releases -n documentdb-system --kubeconfig whole
    status_is 0
    holds 'one(d["releases"], name="documentdb-operator")["revision"] == 5'
}

case_an_unknown_context_names_the_nearest() {
    console releases --context tset
    fails_with 9 "'tset'" "'test'"
}

case_a_missing_kubeconfig() {
    console releases --kubeconfig nowhere/config
    fails_with 9 nowhere/config
    KUBECONFIG=nowhere/config console releases
    fails_with 9 nowhere/config --kubeconfig
}

case_a_broken_kubeconfig_names_the_place() {
    printf 'current-context: test\ncontexts:\n- name: test\n  context: {cluster: test, user: 5}\n' >broken
    console releases --kubeconfig broken
    fails_with 12 broken:4:28 "'user'" quotes
}

case_the_wrong_authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=other -keyout other.key -out other.crt 2>/dev/null
    kubeconfig wrong 'cluster["certificate-authority-data"] = __import__("base64").b64encode(open("other.crt", "rb").read()).decode()'
    console releases --kubeconfig wrong
    fails_with 10 certificate
}

case_a_server_under_another_name() {
    kubeconfig named 'cluster["tls-server-name"] = "localhost"'
    console releases -n documentdb-system --kubeconfig named
    status_is 0
    kubeconfig misnamed 'cluster["tls-server-name"] = "other.example"'
    console releases -n documentdb-system --kubeconfig misnamed
    fails_with 10 other.example
}

case_a_server_that_is_not_verified() {
    kubeconfig open 'del cluster["certificate-authority-data"]' 'cluster["insecure-skip-tls-verify"] = True'
    console releases -n documentdb-system --kubeconfig open
    status_is 0
}

case_a_server_that_is_down() {
    kubeconfig down 'cluster["server"] = "https://127.0.0.1:1"'
    console releases --kubeconfig down
    fails_with 10 127.0.0.1:1
}

case_a_server_that_has_no_address() {
    kubeconfig lost 'cluster["server"] = "https://no-such-host.invalid:6443"'
    console releases --kubeconfig lost
    fails_with 10 no-such-host.invalid
}

case_a_server_that_hangs_up() {
    listen 'c.recv(1000); c.close()'
    kubeconfig rude "cluster['server'] = 'https://127.0.0.1:$port'"
    console releases --kubeconfig rude
    fails_with 10 "127.0.0.1:$port"
}

case_half_an_answer() {
    listen 'c.recv(4000); c.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"kind\": \"Sec"); c.close()'
    kubeconfig half "cluster['server'] = 'http://127.0.0.1:$port'"
    console releases --kubeconfig half
    fails_with 10
}

case_an_answer_that_is_no_json() {
    listen 'c.recv(4000); c.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 26\r\n\r\n<html>please log in</html>"); c.close()'
    kubeconfig portal "cluster['server'] = 'http://127.0.0.1:$port'"
    console releases --kubeconfig portal
    fails_with 10
}

case_a_proxy_that_is_not_there() {
    kubeconfig proxied 'cluster["proxy-url"] = "http://user:geheim@127.0.0.1:1"'
    console releases --kubeconfig proxied
    fails_with 10 proxy
    holds '"geheim" not in json.dumps(d) + err'
}

case_an_invalid_token() {
    kubeconfig stranger 'user.clear()' 'user["token"] = "geheim"'
    console releases --kubeconfig stranger
    fails_with 10 token
    holds '"geheim" not in json.dumps(d) + err'
}

case_an_expired_token_says_so() {
    # {"alg":"none"} . {"sub":"jan","exp":1700000000}
    kubeconfig old 'user.clear()' 'user["token"] = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJqYW4iLCJleHAiOjE3MDAwMDAwMDB9.c2ln"'
    console releases --kubeconfig old
    fails_with 10 expired 2023-11-14
}

case_a_certificate_of_a_stranger() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=admin/O=system:masters -keyout s.key -out s.crt 2>/dev/null
    kubeconfig forged 'user.clear()' 'user["client-certificate"] = "s.crt"' 'user["client-key"] = "s.key"'
    console releases --kubeconfig forged
    fails_with 10
}

case_an_expired_certificate_says_so() {
    local ca=$CLUSTER_FOLDER/pki/ca
    [ -r "$ca.key" ] || skip "the authority's key is not in $CLUSTER_FOLDER"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=jan -keyout old.key -out old.csr 2>/dev/null
    printf '[ca]\ndefault_ca = d\n[d]\nnew_certs_dir = .\ndatabase = index\nserial = serial\ndefault_md = sha256\npolicy = p\n[p]\ncommonName = supplied\n' >ca.cnf
    : >index
    echo 77 >serial
    openssl ca -batch -notext -config ca.cnf -cert "$ca.crt" -keyfile "$ca.key" -in old.csr -out old.crt \
        -startdate 20240101000000Z -enddate 20240201000000Z 2>/dev/null
    kubeconfig old 'user.clear()' 'user["client-certificate"] = "old.crt"' 'user["client-key"] = "old.key"'
    console releases --kubeconfig old
    fails_with 10 "client certificate" expired 2024-02-01
}

case_a_token_file() {
    "$KUBECTL" create serviceaccount reader -n documentdb-system >/dev/null
    at_the_end "$KUBECTL" delete serviceaccount reader -n documentdb-system
    "$KUBECTL" create rolebinding suite-reader -n documentdb-system --clusterrole admin --serviceaccount documentdb-system:reader >/dev/null
    at_the_end "$KUBECTL" delete rolebinding suite-reader -n documentdb-system
    "$KUBECTL" create token reader -n documentdb-system >token
    kubeconfig filed 'user.clear()' 'user["tokenFile"] = "token"'
    console releases -n documentdb-system --kubeconfig filed
    status_is 0
}

case_whoever_may_not_list_records_is_named() {
    service_account
    kubeconfig limited 'user.clear()' "user['token'] = '$token'"
    console history --release documentdb-operator -n documentdb-system --kubeconfig limited
    fails_with 11 "system:serviceaccount:$namespace:limited" secrets
}

case_one_forbidden_resource_darkens_its_own_part_only() {
    service_account
    cat >role.yaml <<YAML
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: $namespace}
rules:
- {apiGroups: ["", apps, apiextensions.k8s.io, policy, rbac.authorization.k8s.io, db.microsoft.com], resources: ["*"], verbs: [get, list, watch]}
YAML
    "$KUBECTL" create -f role.yaml >/dev/null
    at_the_end "$KUBECTL" delete clusterrole "$namespace"
    "$KUBECTL" create clusterrolebinding "$namespace" --clusterrole "$namespace" --serviceaccount "$namespace:limited" >/dev/null
    at_the_end "$KUBECTL" delete clusterrolebinding "$namespace"
    kubeconfig limited 'user.clear()' "user['token'] = '$token'"
    console status --kubeconfig limited
    status_is 0
    holds 'len(d["components"]) == 5' 'any("clusters" in json.dumps(part) and part["state"] == "unknown" for part in d["ages"].values())' \
        'all(part["state"] != "unknown" or "clusters" in json.dumps(part) for part in d["ages"].values())'
    console hashes --kubeconfig limited
    status_is 0
    holds 'sorted(d["changed"]) == ["cnpg", "operator", "sidecar"]'
}

case_impersonation() {
    kubeconfig other 'user["as"] = "jane@example.com"' 'user["as-groups"] = ["developers"]'
    console history --release documentdb-operator -n documentdb-system --kubeconfig other
    fails_with 11 jane@example.com
    kubeconfig same 'user["as"] = "jane@example.com"' 'user["as-groups"] = ["system:masters"]'
    console history --release documentdb-operator -n documentdb-system --kubeconfig same
    status_is 0
}

# plugin SCRIPT: an exec plugin, counting its runs in the file "runs".
plugin() {
    printf '#!/bin/sh\necho run >>runs\n%s\n' "$1" >plugin
    chmod +x plugin
    kubeconfig plugged 'user.clear()' 'user["exec"] = {"apiVersion": "client.authentication.k8s.io/v1", "command": "./plugin",
        "interactiveMode": "Never", "installHint": "Install it with brew."}'
}

case_a_plugin_runs_once() {
    service_account
    plugin "echo '{\"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/v1\", \"status\": {\"token\": \"$token\"}}'"
    console history --release documentdb-operator -n documentdb-system --kubeconfig plugged
    fails_with 11 "system:serviceaccount:$namespace:limited"
    [ "$(wc -l <runs)" = 1 ]
}

case_a_plugin_runs_again_when_the_server_says_no() {
    service_account
    plugin "t=old; [ \$(wc -l <runs) = 1 ] || t=$token
echo '{\"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/v1\", \"status\": {\"token\": \"'\$t'\"}}'"
    console history --release documentdb-operator -n documentdb-system --kubeconfig plugged
    fails_with 11 "system:serviceaccount:$namespace:limited"
    [ "$(wc -l <runs)" = 2 ]
}

case_a_plugin_that_is_refused_again_is_not_run_for_ever() {
    plugin "echo '{\"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/v1\", \"status\": {\"token\": \"geheim\"}}'"
    console releases -n documentdb-system --kubeconfig plugged
    fails_with 10
    holds '"geheim" not in json.dumps(d) + err'
    [ "$(wc -l <runs)" -le 4 ]
}

case_a_plugin_that_fails() {
    plugin 'echo geheim; echo "the session has expired, run: sso login" >&2; exit 1'
    console releases --kubeconfig plugged
    fails_with 10 plugin "the session has expired, run: sso login"
    holds '"geheim" not in json.dumps(d) + err'
}

case_a_plugin_that_prints_garbage() {
    plugin 'echo "<html>geheim</html>"'
    console releases --kubeconfig plugged
    fails_with 10 plugin
    holds '"geheim" not in json.dumps(d) + err'
}

case_a_plugin_that_is_not_there() {
    plugin true
    rm plugin
    console releases --kubeconfig plugged
    fails_with 10 plugin "Install it with brew."
}
