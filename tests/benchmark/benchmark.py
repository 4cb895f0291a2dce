#!/usr/bin/env python3
"""The benchmark's table: benchmark.py DIR

DIR is the folder of a test cluster (its file `kubeconfig`), staged with the documentdb system and filled with some 200 releases, 2,000 records and
5,000 pods. Times are whole processes, medians of several runs taken in turn with their reference, so that a slow machine slows both. Needs
kubectl, helm ($HELM, default helm3 or helm) and python3."""

import ctypes
import fcntl
import http.client
import json
import os
import pty
import re
import select
import shutil
import ssl
import statistics
import struct
import subprocess
import sys
import termios
import threading
import time
import urllib.parse

PROGRAM = os.environ.get("ROLLBACK_CONSOLE_PROGRAM", "./rollback-console")
RELEASE, NAMESPACE = "documentdb-operator", "documentdb-system"
ROWS = []


def row(what, value, bar, holds):
    ROWS.append((what, value, bar, "holds" if holds else "MISSED"))
    print(f"  {what}: {value} ({bar}: {ROWS[-1][3]})", file=sys.stderr, flush=True)


def helm_program():
    for name in (os.environ.get("HELM"), "helm3", "helm"):
        if name and shutil.which(name):
            return shutil.which(name)
    sys.exit("benchmark: no helm: name one in $HELM")


def measure(arguments):
    """Wall seconds of one run."""
    start = time.monotonic()
    done = subprocess.run(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"benchmark: {' '.join(arguments)} ended with {done.returncode}: {done.stderr.decode(errors='replace')[:500]}")
    return time.monotonic() - start


def peak_kib(arguments):
    """Peak memory of one run. The kernel counts what a process was before exec, too: so a small shell starts it, and hands it over to us."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
    shell = subprocess.run(["sh", "-c", '"$@" >/dev/null 2>&1 & echo $!', "sh", *arguments], stdout=subprocess.PIPE)
    return os.wait4(int(shell.stdout), 0)[2].ru_maxrss


def in_turn(ours, reference, rounds):
    """Medians of both, taken in turn after one run of each that does not count."""
    ours_runs, reference_runs = [], []
    for number in range(rounds + 1):
        first, second = measure(ours), measure(reference)
        if number > 0:
            ours_runs.append(first)
            reference_runs.append(second)
    return statistics.median(ours_runs), statistics.median(reference_runs)


def by_hand(folder, helm):
    """The same question asked with helm and kubectl, call by call: values of two revisions, three live images for each, hashes kept and read back."""
    path = os.path.join(folder, "by-hand.sh")
    with open(path, "w") as script:
        script.write(f"""set -u
export KUBECONFIG={folder}/kubeconfig
for revision in 5 4; do
  {helm} get values {RELEASE} -n {NAMESPACE} --revision $revision -o json >{folder}/values.json
  for pair in documentdb-operator/{NAMESPACE} sidecar-injector/cnpg-system cnpg-controller-manager/cnpg-system; do
    kubectl get deployment ${{pair%/*}} -n ${{pair#*/}} -o jsonpath='{{.spec.template.spec.containers[0].image}}' | sha256sum
  done
  kubectl create configmap benchmark-hashes-r$revision -n {NAMESPACE} --from-literal=key=value --dry-run=client -o yaml | kubectl apply -f -
done
for component in operator gateway postgres sidecar cnpg; do
  for revision in 5 4; do
    kubectl get configmap benchmark-hashes-r$revision -n {NAMESPACE} -o jsonpath='{{.data.key}}'
    kubectl get configmap benchmark-hashes-r$revision -n {NAMESPACE} -o jsonpath='{{.data.other}}'
  done
done
""")
    return ["sh", path]


class Api:
    """Raw requests with the test cluster's own certificate."""

    def __init__(self, folder):
        text = open(f"{folder}/kubeconfig").read()
        self.port = int(re.search(r"127\.0\.0\.1:(\d+)", text).group(1))
        self.tls = ssl.create_default_context(cafile=f"{folder}/pki/ca.crt")
        self.tls.load_cert_chain(f"{folder}/pki/admin.crt", f"{folder}/pki/admin.key")
        self.local = threading.local()

    def call(self, method, path, body=None, kind="application/json", accept="application/json"):
        if not hasattr(self.local, "connection"):
            self.local.connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.tls, timeout=60)
        self.local.connection.request(method, path, json.dumps(body) if body is not None else None,
                                      {"Content-Type": kind, "Accept": accept})
        response = self.local.connection.getresponse()
        return response.status, response.read()


class Dashboard:
    """The program on a terminal of its own; its screen is read as a plain stream of bytes."""

    def __init__(self, folder, log):
        environment = dict(os.environ, KUBECONFIG=f"{folder}/kubeconfig", TERM="xterm-256color", LANG="C.UTF-8", LC_ALL="C.UTF-8")
        self.started = time.monotonic()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(PROGRAM, [PROGRAM, "-n", NAMESPACE, "--release", RELEASE, "--log", log], environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 140, 0, 0))
        self.seen = b""

    def read(self, seconds):
        """Whatever comes within a time; b'' when nothing does."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            sys.exit("benchmark: the dashboard ended: " + self.seen[-2000:].decode(errors="replace"))
        self.seen += data
        return data

    def until(self, words, limit=30):
        """Seconds since the start when all words have been drawn."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            self.read(0.5)
            if all(word in self.seen for word in words):
                return time.monotonic() - self.started
        sys.exit(f"benchmark: the dashboard did not show {words}")

    def drain(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(0.1)

    def memory_kib(self, field):
        return int(re.search(field + r":\s+(\d+)", open(f"/proc/{self.pid}/status").read()).group(1))

    def cpu_seconds(self):
        fields = open(f"/proc/{self.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        os.write(self.fd, b"q")
        end = time.monotonic() + 10
        while time.monotonic() < end and os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            if select.select([self.fd], [], [], 0.1)[0]:
                try:
                    os.read(self.fd, 1 << 16)
                except OSError:
                    pass
        os.close(self.fd)


# What only a complete overview shows: a component's state, a database cluster, an API version's count.
COMPLETE = [b"cnpg", b"audit", b"v2"]


def start_up(folder):
    times, peaks, bytes_read = [], [], 0
    for number in range(6):
        log = os.path.join(folder, f"benchmark-{number}.log")
        if os.path.exists(log):
            os.unlink(log)
        dashboard = Dashboard(folder, log)
        seconds = dashboard.until(COMPLETE)
        dashboard.drain(1)
        match = re.search(r"complete after (\d+) ms, (\d+) bytes", open(log).read())
        if not match:
            sys.exit("benchmark: the log does not say when the picture was complete")
        if number > 0:
            times.append(max(seconds, int(match.group(1)) / 1000))
            peaks.append(dashboard.memory_kib("VmHWM"))
            bytes_read = int(match.group(2))
        dashboard.close()
    median, peak = statistics.median(times), statistics.median(peaks)
    row("start to complete overview, 5,000 pods in the cluster", f"{median * 1000:.0f} ms", "≤ 120 ms", median <= 0.120)
    row("  its peak memory", f"{peak / 1024:.1f} MiB", "≤ 20 MiB", peak <= 20 * 1024)
    return bytes_read


def needed_bytes(api, folder):
    """The sum of what the overview shows, each asked for once and alone."""
    crd = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/documentdbs.db.microsoft.com"
    records = f"/api/v1/namespaces/{NAMESPACE}/secrets"
    metadata_list = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
    selector = urllib.parse.quote(f"owner=helm,name={RELEASE}")
    parts = {
        "history (metadata of 5 records)": (f"{records}?labelSelector={selector}", metadata_list),
        "record of the live revision": (f"{records}/sh.helm.release.v1.{RELEASE}.v5", "application/json"),
        "record of the target": (f"{records}/sh.helm.release.v1.{RELEASE}.v4", "application/json"),
        "CRD": (crd, "application/json"),
        "custom objects": ("/apis/db.microsoft.com/v2/documentdbs", "application/json"),
        "database clusters": ("/apis/postgresql.cnpg.io/v1/clusters", "application/json"),
        "database pods": ("/api/v1/pods?labelSelector=cnpg.io/cluster", "application/json"),
        "deployment operator": (f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments/documentdb-operator", "application/json"),
        "deployment sidecar": ("/apis/apps/v1/namespaces/cnpg-system/deployments/sidecar-injector", "application/json"),
        "deployment cnpg": ("/apis/apps/v1/namespaces/cnpg-system/deployments/cnpg-controller-manager", "application/json"),
        "operators' pods": (f"/api/v1/namespaces/{NAMESPACE}/pods", "application/json"),
        "pods of cnpg-system": ("/api/v1/namespaces/cnpg-system/pods", "application/json"),
        "events": (f"/api/v1/namespaces/{NAMESPACE}/events", "application/json"),
        "hash ConfigMaps (metadata)": (f"/api/v1/namespaces/{NAMESPACE}/configmaps", metadata_list),
    }
    total = 0
    for name, (path, accept) in parts.items():
        status, body = api.call("GET", path, accept=accept)
        print(f"  {len(body) if status == 200 else 0:8d} bytes  {name}", file=sys.stderr)
        total += len(body) if status == 200 else 0
    return total


def idle(folder):
    dashboard = Dashboard(folder, os.devnull)
    dashboard.until(COMPLETE)
    dashboard.drain(5)
    shares = []
    for _ in range(3):
        before, start = dashboard.cpu_seconds(), time.monotonic()
        dashboard.drain(20)
        shares.append((dashboard.cpu_seconds() - before) / (time.monotonic() - start))
    dashboard.close()
    share = statistics.median(shares)
    row("idle dashboard", f"{share * 100:.2f} % of a core", "≤ 0.2 %", share <= 0.002)


STORM_OBJECTS = [f"benchmark-{number}" for number in range(20)]
STORM_PATH = "/apis/db.microsoft.com/v2/namespaces/dev/documentdbs"


def storm_worker(folder, worker, rate):
    """Changes watched objects `rate` times a second until standard input closes; prints how many changes were made. A process of its own, so that
    it does not share an interpreter with the one that measures."""
    api, sent, start = Api(folder), 0, time.monotonic()
    while not select.select([sys.stdin], [], [], max(0.0, start + sent / rate - time.monotonic()))[0]:
        api.call("PATCH", f"{STORM_PATH}/{STORM_OBJECTS[(worker + sent) % len(STORM_OBJECTS)]}",
                 {"metadata": {"annotations": {"benchmark": f"{worker}-{sent}"}}}, "application/merge-patch+json")
        sent += 1
    print(sent / (time.monotonic() - start))


def storm(api, folder):
    """Watched objects change 1,000 times a second in all; meanwhile keys are pressed and the screen's answer is timed."""
    for name in STORM_OBJECTS:
        api.call("POST", STORM_PATH, {"apiVersion": "db.microsoft.com/v2", "kind": "DocumentDB", "metadata": {"name": name},
                                      "spec": {"version": "v2", "instances": 1}})
    dashboard = Dashboard(folder, os.devnull)
    dashboard.until(COMPLETE)
    workers = [subprocess.Popen([sys.executable, __file__, "--storm", folder, str(number), "250"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                preexec_fn=lambda: os.nice(5)) for number in range(4)]
    dashboard.drain(5)
    before, answers = dashboard.memory_kib("VmRSS"), []
    for number in range(300):
        while dashboard.read(0):
            pass
        pressed = time.monotonic()
        os.write(dashboard.fd, b"2" if number % 2 == 0 else b"1")
        if dashboard.read(2):
            answers.append(time.monotonic() - pressed)
        dashboard.drain(0.05)
    after = dashboard.memory_kib("VmRSS")
    rate = sum(float(worker.communicate(b"stop")[0]) for worker in workers)
    dashboard.close()
    for name in STORM_OBJECTS:
        api.call("DELETE", f"{STORM_PATH}/{name}")
    answers.sort()
    p99 = answers[int(len(answers) * 0.99) - 1]
    row(f"key to screen, p99, at {rate:.0f} watch events/s", f"{p99 * 1000:.1f} ms", "≤ 16 ms", p99 <= 0.016)
    row("  growth of memory meanwhile", f"{(after - before) / 1024:.1f} MiB", "none (≤ 1 MiB)", after - before <= 1024)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder, helm = os.path.abspath(sys.argv[1]), helm_program()
    os.environ["KUBECONFIG"] = f"{folder}/kubeconfig"
    api = Api(folder)

    hashes = [PROGRAM, "hashes", "--json", "-n", NAMESPACE, "--release", RELEASE]
    ours, reference = in_turn(hashes, by_hand(folder, helm), 5)
    row("hashes --json, whole process", f"{ours * 1000:.0f} ms", "≤ 40 ms", ours <= 0.040)
    row("  against the same by helm and kubectl", f"{reference / ours:.0f}× faster ({reference:.2f} s)", "≥ 50×", reference / ours >= 50)

    releases = [PROGRAM, "releases", "-A", "--json"]
    ours, reference = in_turn(releases, [helm, "list", "-A", "--max", "1000"], 5)
    peak = statistics.median(peak_kib(releases) for _ in range(5))
    row("releases -A --json, 200 releases", f"{ours * 1000:.0f} ms", "", True)
    row("  against helm list -A --max 1000", f"{reference / ours:.0f}× faster ({reference:.2f} s)", "≥ 20×", reference / ours >= 20)
    row("  its peak memory", f"{peak / 1024:.1f} MiB", "≤ 16 MiB", peak <= 16 * 1024)

    read = start_up(folder)
    needed = needed_bytes(api, folder)
    row("bytes read at start", f"{read} of {needed} needed: {read / needed:.2f}×", "≤ 1.3×", read <= 1.3 * needed)
    idle(folder)
    storm(api, folder)

    width = max(len(what) for what, _, _, _ in ROWS)
    for what, value, bar, verdict in ROWS:
        print(f"{what:{width}}  {value:32}  {bar:16}  {verdict}")
    return 0 if all(verdict == "holds" for *_, verdict in ROWS) else 1


if __name__ == "__main__":
    if len(sys.argv) == 5 and sys.argv[1] == "--storm":
        storm_worker(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
    else:
        sys.exit(main())
