#!/usr/bin/env python3
"""Hostile requests against a simulated cluster: hostile.py PROGRAM. Each gets its refusal, and the server lives on. Prints TAP."""
import base64, http.client, json, os, re, socket, ssl, subprocess, sys, tempfile

MIB = 1024 * 1024
CM = "/api/v1/namespaces/default/configmaps"
JSON = {"Content-Type": "application/json"}
MERGE = {"Content-Type": "application/merge-patch+json"}
APPLY = {"Content-Type": "application/apply-patch+yaml"}


def nested(depth, left="[", right="]"):
    return left * depth + right * depth


# name, method, path, headers, body, the status that is right
REQUESTS = [
    ("no token", "GET", CM, {"Authorization": None}, None, 401),
    ("a token that begins right", "GET", CM, {"Authorization": "cut"}, None, 401),
    ("a token that goes on", "GET", CM, {"Authorization": "long"}, None, 401),
    ("basic authentication", "GET", CM, {"Authorization": "Basic YTpi"}, None, 401),
    ("bad percent-encoding", "GET", "/api/v1/%zz", {}, None, 400),
    ("cut percent-encoding", "GET", "/api/v1/pods%4", {}, None, 400),
    ("an encoded NUL", "GET", "/api/v1/namespaces/a%00b/pods", {}, None, 400),
    ("bytes that are no UTF-8", "GET", "/api/v1/namespaces/%ff%fe/pods", {}, None, 400),
    ("no UTF-8 in the query", "GET", CM + "?labelSelector=%ff", {}, None, 400),
    ("a path of a thousand parts", "GET", "/a" * 1000, {}, None, 400),
    ("a hundred parameters", "GET", CM + "?" + "&".join(f"a{i}=b" for i in range(100)), {}, None, 400),
    ("a method that nobody knows", "FROBNICATE", CM, {}, None, 405),
    ("JSON nested 10,000 deep", "POST", CM, JSON, nested(10000), 400),
    ("objects nested 10,000 deep", "POST", CM, JSON, '{"a":' * 10000 + "1" + "}" * 10000, 400),
    ("YAML nested 10,000 deep", "PATCH", CM + "/x?fieldManager=m", APPLY, nested(10000), 400),
    ("YAML that grows a billion times", "PATCH", CM + "/x?fieldManager=m", APPLY,
     "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(12)), 400),
    ("a patch nested 10,000 deep", "PATCH", CM + "/x", MERGE, nested(10000, '{"a":', "}"), 400),
    ("a body of four MiB", "POST", CM, JSON, '{"metadata":{"name":"x"},"data":{"a":"' + "x" * (4 * MIB) + '"}}', 413),
    ("JSON that is no UTF-8", "POST", CM, JSON, b'{"metadata":{"name":"\xff"}}', 400),
    ("half a character", "POST", CM, JSON, b'{"metadata":{"name":"\\ud800"}}', 400),
    ("an empty body", "POST", CM, JSON, "", 400),
    ("null for an object", "POST", CM, JSON, "null", 400),
    ("metadata that is a text", "POST", CM, JSON, '{"metadata":"x"}', 400),
    ("a name that is a list", "POST", CM, JSON, '{"metadata":{"name":["x"]}}', 400),
    ("labels that are a list", "POST", CM, JSON, '{"metadata":{"name":"x","labels":["x"]}}', 400),
    ("a selector of parentheses", "GET", CM + "?labelSelector=" + "(" * 500, {}, None, 400),
    ("a token to go on with that is garbage", "GET", CM + "?continue=" + "A" * 4000, {}, None, 400),
    ("a token that goes on elsewhere", "GET",
     CM + "?continue=" + base64.urlsafe_b64encode(b'{"v":"meta.k8s.io/v1","rv":-5,"start":"/x\\u0000"}').decode().rstrip("="), {}, None, 400),
    ("a limit beyond all integers", "GET", CM + "?limit=99999999999999999999999", {}, None, 400),
    ("a version beyond all integers", "GET", CM + "?resourceVersion=99999999999999999999999", {}, None, 400),
    ("a delete with a list for options", "DELETE", CM + "/x", JSON, "[]", 500),
    ("an apply of a list", "PATCH", CM + "/x?fieldManager=m", APPLY, "[]", 400),
    ("a JSON patch that is an object", "PATCH", CM + "/kept", {"Content-Type": "application/json-patch+json"}, "{}", 400),
    ("a strategic patch that is a list", "PATCH", CM + "/kept", {"Content-Type": "application/strategic-merge-patch+json"}, "[]", 400),
    ("a review that is a number", "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", JSON, "7", 400),
    ("a definition without anything", "POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", JSON,
     '{"metadata":{"name":"x.y.z"}}', 422),
    ("a definition with texts for lists", "POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", JSON,
     '{"metadata":{"name":"x.y.z"},"spec":{"group":7,"names":"x","scope":[],"versions":{"a":"b"}}}', 400),
    ("a log with limits below nothing", "GET", "/api/v1/namespaces/default/pods/none/log?limitBytes=-1", {}, None, 404),
]


class Server:
    def __init__(self, program):
        self.folder = tempfile.mkdtemp(prefix="hostile-")
        path = os.path.join(self.folder, "kubeconfig")
        self.process = subprocess.Popen([program, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self.process.stdout.readline() != b"ready\n":
            sys.exit("Bail out! the simulated cluster does not start")
        text = open(path).read()
        os.remove(path)
        os.rmdir(self.folder)
        self.port = int(re.search(r"127\.0\.0\.1:(\d+)", text)[1])
        self.token = re.search(r'token: "([^"]+)"', text)[1]
        authority = base64.b64decode(re.search(r"certificate-authority-data: (\S+)", text)[1]).decode()
        self.tls = ssl.create_default_context(cadata=authority)

    def send(self, method, path, headers, body):
        told = {"Authorization": "Bearer " + self.token}
        told.update(headers)
        if told["Authorization"] == "cut":
            told["Authorization"] = "Bearer " + self.token[:-1]
        elif told["Authorization"] == "long":
            told["Authorization"] = "Bearer " + self.token + "0"
        told = {name: value for name, value in told.items() if value is not None}
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.tls, timeout=60)
        try:
            connection.request(method, path, body.encode() if isinstance(body, str) else body, told)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server has said no before it took everything
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, text

    def raw(self, data, tls=True):
        """Bytes on a connection that is then dropped."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        with self.tls.wrap_socket(plain, server_hostname="127.0.0.1") if tls else plain as connection:
            connection.sendall(data)

    def end(self):
        self.process.stdin.close()
        return self.process.wait(60)


def main():
    server = Server(sys.argv[1])
    results = []
    server.send("POST", CM, JSON, '{"metadata":{"name":"kept"}}')
    for name, method, path, headers, body, wanted in REQUESTS:
        try:
            status, text = server.send(method, path, headers, body)
        except (OSError, http.client.HTTPException) as error:
            status, text = 0, repr(error)
        good = status == wanted
        if good and not text.startswith("400 "):
            answer = json.loads(text)
            good = answer["kind"] == "Status" and answer["code"] == wanted and bool(answer["message"])
        results.append((name, good, f"{status} {text[:300]}"))
    for name, data, tls in (("no TLS at all", b"GET / HTTP/1.1\r\n\r\n", False), ("half a request line", b"GET /api", True),
                            ("half a body", b"POST " + CM.encode() + b" HTTP/1.1\r\nContent-Length: 100\r\n\r\n{", True),
                            ("a header without end", b"GET / HTTP/1.1\r\nA: " + b"x" * 200000, True),
                            ("a watch that is left", f"GET {CM}?watch=1 HTTP/1.1\r\nAuthorization: Bearer {server.token}\r\n\r\n".encode(), True)):
        try:
            server.raw(data, tls)
        except OSError:
            pass  # it may close first
        status, _ = server.send("GET", CM + "/kept", {}, None)
        results.append((f"{name}, then the next request", status == 200, str(status)))
    results.append(("it ends when its standard input does", server.end() == 0, ""))
    print(f"1..{len(results)}")
    for number, (name, good, told) in enumerate(results, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {name}")
        if not good:
            print(f"#   {told}")
    sys.exit(0 if all(good for _, good, _ in results) else 1)


main()
