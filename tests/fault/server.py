"""An API server over TLS on 127.0.0.1 that misbehaves where it is told to, and remembers what it was asked."""
import http.server
import json
import os
import re
import socket
import socketserver
import ssl
import threading
import urllib.parse
import zlib

from cluster import Cluster, status

PKI = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'pki')


def pki(name):
    return os.path.join(PKI, name)


def cut(connection):
    """Ends a connection at once, without TLS's goodbye."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()


class Exchange(http.server.BaseHTTPRequestHandler):
    """One connection; answers are written by the rules' behaviours, or by the cluster."""
    protocol_version = 'HTTP/1.1'
    wbufsize = 0

    def log_message(self, *arguments):
        pass

    def setup(self):
        if self.server.tls is not None:
            self.request.settimeout(30)
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
            self.request.settimeout(None)
        self.server.connections.append(self.request)
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().setup()

    def handle(self):
        try:
            super().handle()
        except (OSError, ValueError):
            pass  # the console went away, or was sent away
        finally:
            cut(self.connection)

    def answer(self):
        length = int(self.headers.get('Content-Length') or 0)
        self.body = self.rfile.read(length) if length else b''
        split = urllib.parse.urlsplit(self.path)
        self.place, self.query = split.path, dict(urllib.parse.parse_qsl(split.query))
        self.server.requests.append((self.command, self.path, dict(self.headers.items())))
        for rule in self.server.rules:
            if rule.takes(self):
                rule.behaviour(self)
                return
        self.well_behaved()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_CONNECT = answer

    # ---- writing ----

    def send(self, code, body, headers=None):
        self.send_response(code)
        for name, value in {'Content-Type': 'application/json', 'Content-Length': str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def send_json(self, code, document, headers=None):
        self.send(code, json.dumps(document).encode(), headers)

    def start_chunks(self):
        self.send_response(200)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Transfer-Encoding', 'chunked')
        self.end_headers()

    def chunk(self, data):
        self.wfile.write(b'%x\r\n%s\r\n' % (len(data), data))

    def hang_up(self):
        """Without a word, in the middle of whatever it is."""
        self.close_connection = True
        cut(self.connection)

    def hold(self):
        """Keeps the connection and says nothing more, until the case is over."""
        self.server.closing.wait()
        self.close_connection = True

    # ---- as a server should ----

    def well_behaved(self):
        cluster = self.server.cluster
        if self.command == 'GET' and self.query.get('watch') == 'true':
            self.watch(cluster)
        elif self.command == 'GET':
            code, document = cluster.get(self.place, self.query)
            self.send_json(code, self.trim(document))
        elif self.place.endswith('/selfsubjectreviews'):
            self.send_json(201, {'kind': 'SelfSubjectReview', 'apiVersion': 'authentication.k8s.io/v1',
                                 'status': {'userInfo': {'username': 'on-call'}}})
        else:  # a dry run: the object as it is
            code, document = cluster.get(self.place, {})
            self.send_json(code, document)

    def trim(self, document):
        """Metadata only, when that is asked for."""
        if 'as=PartialObjectMetadata' not in self.headers.get('Accept', ''):
            return document
        if 'items' in document:
            return {**document, 'kind': 'PartialObjectMetadataList', 'apiVersion': 'meta.k8s.io/v1',
                    'items': [{'metadata': found['metadata']} for found in document['items']]}
        if 'metadata' in document and document['kind'] != 'Status':
            return {'kind': 'PartialObjectMetadata', 'apiVersion': 'meta.k8s.io/v1', 'metadata': document['metadata']}
        return document

    def watch(self, cluster):
        code, document = cluster.get(self.place, self.query)
        if code != 200:
            self.send_json(code, document)
            return
        initial = 'sendInitialEvents' in self.query
        if not initial and int(self.query.get('resourceVersion') or 0) < self.server.oldest:
            self.send_json(410, status(410, 'Expired', 'too old resource version'))
            return
        self.start_chunks()
        if initial:
            for found in document['items']:
                self.event('ADDED', {'apiVersion': document['apiVersion'], 'kind': document['kind'][:-4], **found})
            self.event('BOOKMARK', {'kind': document['kind'][:-4], 'metadata': {
                'resourceVersion': document['metadata']['resourceVersion'], 'annotations': {'k8s.io/initial-events-end': 'true'}}})
        seen = 0
        cuts = self.server.cuts
        while not self.server.closing.is_set() and cuts == self.server.cuts:
            with self.server.news:
                self.server.news.wait_for(lambda: len(self.server.events) > seen or self.server.closing.is_set() or cuts != self.server.cuts)
                events, seen = self.server.events[seen:], len(self.server.events)
            for plural, kind, found in events:
                if ('/' + plural) in self.place:
                    self.event(kind, found)
        self.hang_up()

    def event(self, kind, found):
        self.chunk(json.dumps({'type': kind, 'object': self.trim(found) if kind != 'BOOKMARK' else found}).encode() + b'\n')


class Rule:
    def __init__(self, behaviour, path, method, times):
        self.behaviour, self.path, self.method, self.times = behaviour, re.compile(path), method, times

    def takes(self, exchange):
        if self.method not in (None, exchange.command) or not self.path.search(exchange.path) or self.times == 0:
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, cluster=None, certificate='server.crt', port=0, tls=True):
        self.cluster = cluster or Cluster()
        self.rules, self.requests, self.events = [], [], []
        self.cuts = 0
        self.oldest = self.cluster.version  # what happened before this server began, it does not know
        self.news = threading.Condition()
        self.closing = threading.Event()
        self.connections = []
        self.tls = None
        if tls:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(pki(certificate), pki('server.key'))
        super().__init__(('127.0.0.1', port), Exchange)
        self.port = self.server_address[1]
        self.url = '%s://127.0.0.1:%d' % ('https' if tls else 'http', self.port)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def on(self, behaviour, path='', method=None, times=None):
        """Requests whose path (with query) matches are answered so; the rule told first wins."""
        self.rules.append(Rule(behaviour, path, method, times))
        return self

    def tell(self, plural, kind, found):
        """An event for the watches."""
        with self.news:
            self.events.append((plural, kind, found))
            self.news.notify_all()

    def cut_watches(self):
        """All watches break off; what comes next is a new request."""
        with self.news:
            self.cuts += 1
            self.news.notify_all()

    def handle_error(self, request, client_address):
        pass  # a refused handshake is what some cases are about

    def close(self):
        """The server goes away: no port, no connection."""
        self.closing.set()
        with self.news:
            self.news.notify_all()
        self.shutdown()
        self.server_close()
        for connection in self.connections:
            cut(connection)


class Swallower:
    """Takes connections and bytes, and never says a word: a link that swallows everything."""

    def __init__(self):
        self.socket = socket.create_server(('127.0.0.1', 0))
        self.port = self.socket.getsockname()[1]
        self.url = 'https://127.0.0.1:%d' % self.port
        self.connections = []
        self.requests = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                self.connections.append(self.socket.accept()[0])
            except OSError:
                return

    def close(self):
        self.socket.close()
        for connection in self.connections:
            connection.close()


# ---- behaviours: functions from an exchange to what it does ----

def refuse(code, reason, message, headers=None):
    return lambda exchange: exchange.send_json(code, status(code, reason, message), headers)


def say(body, code=200, headers=None):
    return lambda exchange: exchange.send(code, body.encode() if isinstance(body, str) else body, headers)


def silence(exchange):
    exchange.hold()


def reset(exchange):
    exchange.hang_up()


def half(exchange):
    """The head and the first half of the right answer, then nothing more."""
    body = json.dumps(exchange.trim(exchange.server.cluster.get(exchange.place, exchange.query)[1])).encode()
    exchange.send_response(200)
    exchange.send_header('Content-Type', 'application/json')
    exchange.send_header('Content-Length', str(len(body)))
    exchange.end_headers()
    exchange.wfile.write(body[:len(body) // 2])
    exchange.hang_up()


def half_head(exchange):
    exchange.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Type: appl')
    exchange.hang_up()


def drip(exchange):
    """An answer that never ends: a byte, and another one, and another one."""
    exchange.start_chunks()
    exchange.chunk(b'{"items": [')
    while not exchange.server.closing.wait(0.2):
        exchange.chunk(b' ')


def flood(exchange):
    """A list page without end, as fast as it is taken."""
    exchange.start_chunks()
    exchange.chunk(b'{"kind": "SecretList", "apiVersion": "v1", "metadata": {}, "items": [')
    row = (json.dumps({'metadata': {'name': 'x' * 200, 'namespace': 'shop'}}) + ',').encode() * 500
    while not exchange.server.closing.is_set():
        exchange.chunk(row)


def squeezed(size, piece=b' ', start=b'', end=b''):
    """`size` MiB of one piece, which gzip makes a thousandth of; never whole in memory."""
    packer, block = zlib.compressobj(9, zlib.DEFLATED, 31), piece * ((1 << 20) // len(piece))
    return b''.join([packer.compress(start), *(packer.compress(block) for _ in range(size)), packer.compress(end), packer.flush()])


def bomb(packed):
    """A hundred kilobytes on the wire and a thousand times that inside."""
    return lambda exchange: exchange.send(200, packed, {'Content-Encoding': 'gzip'})


def as_told(change):
    """The right answer, changed by a function of the document."""
    def answer(exchange):
        code, document = exchange.server.cluster.get(exchange.place, exchange.query)
        document = json.loads(json.dumps(exchange.trim(document)))
        change(document)
        exchange.send_json(code, document)
    return answer
