#!/usr/bin/env python3
"""One table of requests, run against the simulated cluster and against a real one: both must answer the same.

    parity.py --kubeconfig FILE            compare a cluster with what was recorded; prints TAP
    parity.py --serve PROGRAM              the same with a simulated cluster that is started for it
    parity.py --kubeconfig FILE --record   write what the (real!) cluster answers as the truth

requests.json is a list of cases, run in order. Each has a name and a request (method, path, headers, body; a body that is a text
is sent as it is), and may have:
    show       paths into the answer whose values are compared ("metadata.name", "items[].metadata.name", "rows[].cells[0]")
    keep       {variable: path}: values for "${variable}" in later cases
    loose      true: of a refusal's message only that it is there is compared (it quotes a parser's own words)
    during     for a watch: requests that are sent while it is open
    until      wait: send it again (for up to 20 s) until this path into the answer has a value, or none (with a "!" before it)
    simulator  why the simulated cluster is known to answer in another way: the case is skipped there
Values that differ from run to run (uids, resourceVersions, times, generated names) are replaced by what they are."""
import argparse, base64, http.client, json, os, re, ssl, subprocess, sys, tempfile, threading, time

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = {"merge": "application/merge-patch+json", "json": "application/json-patch+json",
         "strategic": "application/strategic-merge-patch+json", "apply": "application/apply-patch+yaml"}
FORMS = {"table": "application/json;as=Table;g=meta.k8s.io;v=v1",
         "metadata": "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
         "metadata-list": "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
         "discovery": "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"}


class Cluster:
    """Requests to one API server, by a kubeconfig as the two kinds of test clusters write it."""

    def __init__(self, path):
        text = open(path).read()
        field = lambda name: (re.search(name + r':\s*"?([^\s",}]+)', text) or [None, None])[1]
        beside = lambda name: os.path.join(os.path.dirname(os.path.abspath(path)), name)
        self.port = int(re.search(r"127\.0\.0\.1:(\d+)", text)[1])
        self.token = field("token")
        self.tls = ssl.create_default_context()
        if field("certificate-authority-data"):
            self.tls.load_verify_locations(cadata=base64.b64decode(field("certificate-authority-data")).decode())
        else:
            self.tls.load_verify_locations(beside(field("certificate-authority")))
        if field("client-certificate"):
            self.tls.load_cert_chain(beside(field("client-certificate")), beside(field("client-key")))

    def send(self, case, on_open=None):
        """The answer as (status, headers, text). on_open is called once the headers are there."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.tls, timeout=30)
        headers = {"User-Agent": "parity/1", **case.get("headers", {})}
        if self.token and "Authorization" not in headers:
            headers["Authorization"] = "Bearer " + self.token
        body = case.get("body")
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
            headers["Content-Type"] = KINDS.get(headers["Content-Type"], headers["Content-Type"])
            body = body if isinstance(body, str) else json.dumps(body)
        if headers.get("Accept") in FORMS:
            headers["Accept"] = FORMS[headers["Accept"]]
        connection.request(case["method"], case["path"], body.encode() if body is not None else None, headers)
        response = connection.getresponse()
        if on_open:
            on_open()
        text = response.read().decode()
        connection.close()
        return response.status, response.headers, text


def look(tree, path):
    """The value at "a.b[0].c"; "[]" maps over a list; "a['x.y/z']" for keys with dots; "#" counts; "sorted a[].b" in their order."""
    if path.startswith("sorted "):
        found = look(tree, path[len("sorted "):])
        return sorted(found) if isinstance(found, list) else found
    found = tree
    for step in re.findall(r"\['([^']*)'\]|\[(-?\d+)\]|(\[\])|(#)|([^.\[\]#]+)", path):
        key, index, every, count, name = step
        if every:
            rest = path.split("[]", 1)[1].lstrip(".")
            return [look(item, rest) for item in found] if isinstance(found, list) else None
        if count:
            return len(found) if isinstance(found, (list, dict)) else None
        if index:
            found = found[int(index)] if isinstance(found, list) and -len(found) <= int(index) < len(found) else None
        else:
            found = found.get(key or name) if isinstance(found, dict) else None
    return found


def plain(value, path=""):
    """Replace what differs from run to run by what it is."""
    if isinstance(value, dict):
        return {key: plain(child, key) for key, child in value.items()}
    if isinstance(value, list):
        return [plain(child, path) for child in value]
    if not isinstance(value, str):
        return value
    if path == "resourceVersion" and value.isdigit():
        return "<version>"
    value = re.sub(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "<uid>", value)
    value = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "<time>", value)
    value = re.sub(r"(current: |in record \(|in the precondition \()\d+", r"\1<version>", value)
    value = re.sub(r"generated-[a-z0-9]{5}\b", "generated-<random>", value)
    return re.sub(r"^\d+[smhd](\d+[smh])?$", "<age>", value)


def status_of(answer, loose):
    details = answer.get("details") or {}
    causes = sorted(([cause.get("field", ""), cause.get("reason", "")] for cause in details.get("causes", [])))
    told = {key: plain(details[key], key) for key in ("name", "group", "kind", "uid", "retryAfterSeconds") if key in details}
    message = answer.get("message", "")
    return {"status": answer.get("status"), "reason": answer.get("reason"), "code": answer.get("code"), "details": told,
            "causes": causes, "message": bool(message) if loose else plain(message)}


def summary(case, status, headers, text):
    """What of an answer is compared."""
    result = {"status": status, "type": headers.get("Content-Type", "").split(";")[0]}
    warnings = headers.get_all("Warning") or []
    if warnings:
        result["warnings"] = warnings
    if headers.get("Retry-After"):
        result["retryAfter"] = headers["Retry-After"]
    if "during" in case or "watch=" in case["path"] and status == 200:
        events = [json.loads(line) for line in text.splitlines() if line]
        result["events"] = [{"type": event["type"], **{path: plain(look(event["object"], path), path.split(".")[-1])
                                                       for path in case.get("show", ["metadata.name"])}} for event in events]
        return result
    try:
        answer = json.loads(text)
    except ValueError:
        result["text"] = text.strip()
        return result
    if isinstance(answer, dict) and answer.get("kind") == "Status":
        result["Status"] = status_of(answer, case.get("loose", False))
    else:
        result["kind"] = answer.get("kind")
        result["apiVersion"] = answer.get("apiVersion")
    if "show" in case:
        result["show"] = {path: plain(look(answer, path), path.split(".")[-1]) for path in case["show"]}
    return result


def fill(value, variables):
    if isinstance(value, str):
        return re.sub(r"\$\{(\w+)\}", lambda match: str(variables.get(match[1], match[0])), value)
    if isinstance(value, dict):
        return {key: fill(child, variables) for key, child in value.items()}
    if isinstance(value, list):
        return [fill(child, variables) for child in value]
    return value


def run_during(cluster, cases):
    for case in cases:
        status, _, text = cluster.send(case)
        if status >= 300:
            print(f"# during a watch: {case['method']} {case['path']}: {status} {text[:200]}")


def run(cluster, case, variables):
    case = fill(case, variables)
    limit = time.monotonic() + 20
    while True:
        threads = []
        if "during" in case:
            begin = lambda: threads.append(threading.Thread(target=run_during, args=(cluster, case["during"])))
            status, headers, text = cluster.send(case, lambda: (begin(), threads[0].start()))
        else:
            status, headers, text = cluster.send(case)
        for thread in threads:
            thread.join()
        wanted = case.get("until")
        if not wanted or time.monotonic() > limit:
            break
        try:
            found = look(json.loads(text), wanted.lstrip("!"))
        except ValueError:
            found = None
        if (found is None) == wanted.startswith("!"):
            break
        time.sleep(0.1)
    if "keep" in case and status < 300:
        variables.update({variable: look(json.loads(text), path) for variable, path in case["keep"].items()})
    return summary(case, status, headers, text)


def clean(cluster):
    """Take away what an earlier run left."""
    for path in ("/api/v1/namespaces/parity", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.parity.dev",
                 "/apis/certificates.k8s.io/v1/certificatesigningrequests/parity"):
        cluster.send({"method": "DELETE", "path": path})
        limit = time.monotonic() + 60
        while cluster.send({"method": "GET", "path": path})[0] != 404 and time.monotonic() < limit:
            time.sleep(0.2)


def compare(cluster, cases, truth, simulated):
    variables = {}
    failed = 0
    print(f"1..{len(cases)}")
    for number, case in enumerate(cases, 1):
        if simulated and "simulator" in case:
            print(f"ok {number} - {case['name']} # SKIP {case['simulator']}")
            continue
        got = run(cluster, case, variables)
        want = truth.get(case["name"])
        good = got == want
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {case['name']}")
        if not good:
            print(f"#   {case['method']} {fill(case['path'], variables)}")
            print(f"#   expected {json.dumps(want, sort_keys=True)}")
            print(f"#   got      {json.dumps(got, sort_keys=True)}")
    return failed == 0


def record(cluster, cases, path):
    variables = {}
    truth = {case["name"]: run(cluster, case, variables) for case in cases}
    with open(path, "w") as file:
        file.write("{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in truth.items()) + "\n}\n")
    print(f"# {len(truth)} answers recorded")
    return True


def started(program):
    """A simulated cluster of its own: the process, and its kubeconfig."""
    path = os.path.join(tempfile.mkdtemp(prefix="parity-"), "kubeconfig")
    process = subprocess.Popen([program, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if process.stdout.readline() != b"ready\n":
        sys.exit("Bail out! the simulated cluster does not start")
    return process, path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kubeconfig")
    parser.add_argument("--serve")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--requests", default=os.path.join(HERE, "requests.json"))
    parser.add_argument("--truth", default=os.path.join(HERE, "truth.json"))
    options = parser.parse_args()
    cases = json.load(open(options.requests))
    names = [case["name"] for case in cases]
    if len(set(names)) != len(names):
        sys.exit("Bail out! two cases have the same name: " + next(name for name in names if names.count(name) > 1))
    process, path = started(options.serve) if options.serve else (None, options.kubeconfig)
    cluster = Cluster(path)
    clean(cluster)
    good = record(cluster, cases, options.truth) if options.record else compare(cluster, cases, json.load(open(options.truth)), bool(process))
    clean(cluster)
    if process:
        process.stdin.close()
        process.wait(30)
        os.remove(path)
        os.rmdir(os.path.dirname(path))
    sys.exit(0 if good else 1)


main()
