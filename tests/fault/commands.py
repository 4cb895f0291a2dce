"""The cases, in the order in which a user would meet them: access, network, answers, records, text."""
import base64
import gzip
import json
import re
import socket
import sys

import bench
from bench import case, check
from cluster import BASIC_PASSWORD, PLUGIN_TOKEN, SECRET_VALUES, TOKEN, pack
from hostile import EVIL, spoil
from server import Server, as_told, bomb, drip, flood, half, half_head, refuse, reset, say, silence, squeezed

RELEASES = ['releases', '-A']
STATUS = ['status', '--release', 'shop', '-n', 'shop']
HISTORY = ['history', '--release', 'shop', '-n', 'shop']
HASHES = ['hashes', '--release', 'shop', '-n', 'shop']
DIFF = ['diff', '--release', 'shop', '-n', 'shop']
API_VERSIONS = ['api-versions', '--release', 'shop', '-n', 'shop']


def closed_port():
    with socket.socket() as one:
        one.bind(('127.0.0.1', 0))
        return one.getsockname()[1]


# ---- kubeconfig and context ----


@case('a kubeconfig that does not exist: 9, and how to name one')
def missing_kubeconfig(t):
    t.refuses(RELEASES, 9, 'nowhere: there is no such file', '--kubeconfig', kubeconfig=t.folder + '/nowhere')


@case('no kubeconfig at all: 9, and where one is looked for')
def no_kubeconfig(t):
    t.refuses(RELEASES, 9, 'There is no kubeconfig', '--kubeconfig FILE or KUBECONFIG')


@case('a kubeconfig that is a folder: 12')
def kubeconfig_folder(t):
    t.refuses(RELEASES, 12, re.escape(t.folder), '.', kubeconfig=t.folder)


@case('a kubeconfig that is not YAML: 12, with file, line and column')
def kubeconfig_garbage(t):
    t.refuses(RELEASES, 12, r'broken:\d+:\d+: ', '.', kubeconfig=t.file('broken', 'a: [1, 2\nb: }\n'))


@case('a kubeconfig of bytes: 12')
def kubeconfig_bytes(t):
    path = t.file('bytes', '')
    with open(path, 'wb') as file:
        file.write(bytes(range(256)) * 100)
    t.refuses(RELEASES, 12, 'bytes', '.', kubeconfig=path)


@case('a kubeconfig whose aliases multiply without end: 12')
def kubeconfig_laughs(t):
    lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'] + ['a%d: &a%d [%s]' % (i, i, ', '.join(['*a%d' % (i - 1)] * 10)) for i in range(1, 12)]
    t.refuses(RELEASES, 12, 'laughs', '.', kubeconfig=t.file('laughs', '\n'.join(lines) + '\n'))


@case('a kubeconfig nested 10,000 deep: 12')
def kubeconfig_deep(t):
    t.refuses(RELEASES, 12, 'deep', '.', kubeconfig=t.file('deep', '[' * 10000 + ']' * 10000))


@case('an unknown context: 9, and the nearest names')
def unknown_context(t):
    t.refuses([*RELEASES, '--context', 'shpo'], 9, "'shpo'", "'shop'", kubeconfig=t.kubeconfig('https://127.0.0.1:1'))


@case('a context whose name is full of control characters: 9, and nothing of it reaches the terminal')
def evil_context(t):
    t.refuses([*RELEASES, '--context', EVIL], 9, r'x1b\[2J', '.', kubeconfig=t.kubeconfig('https://127.0.0.1:1'))


@case('a certificate authority that does not exist: 12')
def missing_authority(t):
    t.refuses(RELEASES, 12, 'nowhere.crt', '.', kubeconfig=t.kubeconfig('https://127.0.0.1:1', **{'certificate-authority': t.folder + '/nowhere.crt'}))


@case('a certificate authority that is no certificate: 12')
def garbage_authority(t):
    path = t.file('garbage.crt', 'no certificate\n')
    t.refuses(RELEASES, 12, r"config:\d+:\d+: .*certificate-authority of cluster 'there'.*PEM", '.', kubeconfig=t.kubeconfig('https://127.0.0.1:1', **{'certificate-authority': path}))


# ---- who we are ----


@case('an expired token, 401 for ever: 10, and to log in again')
def expired_token(t):
    server = t.server().on(refuse(401, 'Unauthorized', 'Unauthorized'))
    for command in (RELEASES, STATUS):
        t.refuses(command, 10, "token of user 'on-call'", 'ign in', kubeconfig=t.kubeconfig(server.url))


@case('a wrong password of basic auth: 10, without the password')
def wrong_password(t):
    server = t.server().on(refuse(401, 'Unauthorized', 'bad password for Basic ' + base64.b64encode(b'on-call:' + BASIC_PASSWORD.encode()).decode()))
    user = {'username': 'on-call', 'password': BASIC_PASSWORD}
    for text in t.refuses(RELEASES, 10, "user 'on-call'", '.', kubeconfig=t.kubeconfig(server.url, user)):
        check(base64.b64encode(b'on-call:' + BASIC_PASSWORD.encode()).decode() not in str(text), 'the password is told', text)


@case('a plugin whose token is refused for ever is run twice, not more: 10')
def plugin_refused(t):
    server = t.server().on(refuse(401, 'Unauthorized', 'Unauthorized'))
    user = t.plugin('echo run >>%s/runs; echo \'{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",'
                    '"status":{"token":"%s"}}\'' % (t.folder, PLUGIN_TOKEN))
    t.refuses(RELEASES, 10, "user 'on-call'", '.', kubeconfig=t.kubeconfig(server.url, user))
    runs = open(t.folder + '/runs', encoding='utf-8').read().count('run')
    check(runs == 4, 'two commands ran the plugin %d times, expected 4' % runs)


@case('a plugin that refreshes its token is asked once more, and all is well: 0')
def plugin_refreshes(t):
    def old_is_refused(exchange):
        if exchange.headers['Authorization'] == 'Bearer old':
            refuse(401, 'Unauthorized', 'Unauthorized')(exchange)
        else:
            exchange.well_behaved()
    server = t.server().on(old_is_refused)
    user = t.plugin('if mkdir $0.once; then token=old; else token=%s; fi\necho "{\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",'
                    '\\"kind\\":\\"ExecCredential\\",\\"status\\":{\\"token\\":\\"$token\\"}}"' % PLUGIN_TOKEN)
    result = t.run(*RELEASES, kubeconfig=t.kubeconfig(server.url, user))
    check(result.status == 0 and 'shop-admin' in result.output, 'the releases are not listed', result)


@case('a plugin that is not found: 10, with its own hint how to install it')
def plugin_missing(t):
    user = {'exec': {'apiVersion': 'client.authentication.k8s.io/v1', 'command': 'no-such-plugin', 'interactiveMode': 'Never',
                     'installHint': 'brew install no-such-plugin'}}
    t.refuses(RELEASES, 10, 'no-such-plugin', 'brew install', kubeconfig=t.kubeconfig('https://127.0.0.1:1', user))


@case('a plugin that cannot be executed: 10')
def plugin_not_executable(t):
    user = t.plugin('exit 0')
    t.file('plugin', 'exit 0', 0o600)
    t.refuses(RELEASES, 10, 'plugin', '.', kubeconfig=t.kubeconfig('https://127.0.0.1:1', user))


@case('a plugin that hangs: 10 after its time, and it is gone', slow=True)
def plugin_hangs(t):
    user = t.plugin('echo $$ >>%s/pids; trap "" TERM; while :; do sleep 1000; done' % t.folder)
    t.refuses(RELEASES, 10, 'plugin', 'by hand', kubeconfig=t.kubeconfig('https://127.0.0.1:1', user))
    for pid in open(t.folder + '/pids', encoding='utf-8').read().split():
        check(not is_alive(int(pid)), 'the plugin still runs')


def is_alive(pid):
    try:
        return open('/proc/%d/stat' % pid, encoding='utf-8').read().rsplit(')', 1)[1].split()[0] != 'Z'
    except OSError:
        return False


@case('a plugin that prints garbage: 10')
def plugin_garbage(t):
    for script in ('echo hello', 'head -c 3000 /dev/urandom', 'printf "\\033[2J{}"', 'echo "[[[["', ':', 'echo \'{"kind":"ExecCredential"}\''):
        t.refuses(RELEASES, 10, 'plugin', 'by hand', kubeconfig=t.kubeconfig('https://127.0.0.1:1', t.plugin(script)))


@case('a plugin that prints without end: 10, within bounds')
def plugin_endless(t):
    t.refuses(RELEASES, 10, 'plugin', '.', kubeconfig=t.kubeconfig('https://127.0.0.1:1', t.plugin('exec yes')))


@case('a plugin that fails: 10 with its last words, cleaned, without its secrets')
def plugin_fails(t):
    user = t.plugin("printf '\\033]0;owned\\007your session \\342\\200\\256has expired, token=%s\\n' >&2; exit 3" % PLUGIN_TOKEN)
    t.refuses(RELEASES, 10, 'status 3.*session.*has expired', 'sign in', kubeconfig=t.kubeconfig('https://127.0.0.1:1', user))


@case('a plugin that always asks at the terminal: 12, before it runs')
def plugin_interactive(t):
    user = t.plugin('touch %s/ran' % t.folder, interactiveMode='Always')
    t.refuses(RELEASES, 12, 'terminal', 'without a terminal', kubeconfig=t.kubeconfig('https://127.0.0.1:1', user))


@case('a plugin that reads from the terminal all the same finds none: 10')
def plugin_reads(t):
    user = t.plugin('printf "Your PIN? " >&2; read answer || { echo "no input" >&2; exit 1; }; echo "{}"')
    t.refuses(RELEASES, 10, r'Your PIN\? no input', '.', kubeconfig=t.kubeconfig('https://127.0.0.1:1', user))


# ---- the way to the server ----


@case('a server that is down: 10')
def server_down(t):
    for command in (RELEASES, STATUS):
        t.refuses(command, 10, 'cannot be reached', 'network', kubeconfig=t.kubeconfig('https://127.0.0.1:%d' % closed_port()))


@case('a name that does not resolve: 10')
def unresolved(t):
    t.refuses(RELEASES, 10, 'no-such-server.invalid.* cannot be found', 'network', kubeconfig=t.kubeconfig('https://no-such-server.invalid:6443'),
              environment={'RES_OPTIONS': 'timeout:1 attempts:1'})


@case('the wrong certificate authority: 10, and nothing is sent')
def wrong_authority(t):
    server = t.server()
    t.refuses(RELEASES, 10, 'not signed by the authority that .*stranger', 'another cluster', kubeconfig=t.kubeconfig(server.url, **{'certificate-authority': bench.pki('stranger.crt')}))
    check(not server.requests, 'something was sent to a server that is not trusted')


@case('no certificate authority: 10')
def no_authority(t):
    t.refuses(RELEASES, 10, 'not signed by any authority', 'certificate-authority', kubeconfig=t.kubeconfig(t.server().url, **{'certificate-authority': None}))


@case("a server's certificate that has expired: 10")
def expired_certificate(t):
    t.refuses(RELEASES, 10, 'has expired', 'Renew|clock', kubeconfig=t.kubeconfig(t.server(certificate='expired.crt').url))


@case("another server's certificate: 10, and nothing is sent")
def other_certificate(t):
    server = t.server(certificate='elsewhere.crt')
    t.refuses(RELEASES, 10, 'another name', 'tls-server-name', kubeconfig=t.kubeconfig(server.url))
    check(not server.requests, 'something was sent to another server')


@case('a server that speaks no TLS: 10, and it learns no token')
def no_tls(t):
    server = t.server(tls=False)
    t.refuses(RELEASES, 10, '.', '.', kubeconfig=t.kubeconfig(server.url.replace('http', 'https', 1)))
    check(not server.requests, 'something was sent without TLS')


@case('a server without TLS that the kubeconfig names gets no token')
def plain_server(t):
    server = t.server(tls=False)
    t.run(*RELEASES, kubeconfig=t.kubeconfig(server.url, **{'certificate-authority': None}))
    check(all('Authorization' not in headers for _, _, headers in server.requests), 'the token went over a connection without TLS')


@case('a proxy that is down: 10')
def proxy_down(t):
    server = t.server()
    t.refuses(RELEASES, 10, '.', '.', kubeconfig=t.kubeconfig(server.url, **{'proxy-url': 'http://127.0.0.1:%d' % closed_port()}))
    check(not server.requests, 'the proxy was gone round')


@case('a proxy that refuses: 10, and it sees no token')
def proxy_refuses(t):
    server, proxy = t.server(), t.server(tls=False).on(say('no', 403))
    t.refuses(RELEASES, 10, '403|refus', 'proxy', kubeconfig=t.kubeconfig(server.url, **{'proxy-url': proxy.url}))
    check(not server.requests, 'the proxy was gone round')
    check({method for method, _, _ in proxy.requests} == {'CONNECT'}, 'the proxy was asked for something else')
    check(TOKEN not in str(proxy.requests), 'the proxy saw the token')


@case('a proxy that says nothing: 10', slow=True)
def proxy_frozen(t):
    proxy = t.server(tls=False).on(silence)
    t.refuses(RELEASES, 10, 'did not answer', 'proxy-url', kubeconfig=t.kubeconfig('https://127.0.0.1:1', **{'proxy-url': proxy.url}))


@case('a proxy with a password in its URL: the password is never told')
def proxy_password(t):
    proxy = t.server(tls=False).on(say('no', 407))
    url = proxy.url.replace('http://', 'http://on-call:%s@' % BASIC_PASSWORD)
    t.refuses(RELEASES, 10, '.', '.', kubeconfig=t.kubeconfig('https://127.0.0.1:1', **{'proxy-url': url}))


# ---- how it answers ----

for name, behaviour in (('half an answer', half), ('half a head', half_head), ('a reset instead of an answer', reset)):
    @case('%s, each time: 10 after some tries' % name)
    def torn(t, behaviour=behaviour):
        server = t.server().on(behaviour)
        for command in (RELEASES, STATUS):
            t.refuses(command, 10, 'half an answer', 'Try again', kubeconfig=t.kubeconfig(server.url))

    @case('%s, once: it is asked again, and all is well' % name)
    def torn_once(t, behaviour=behaviour):
        server = t.server().on(behaviour, times=1)
        result = t.run(*RELEASES, kubeconfig=t.kubeconfig(server.url))
        check(result.status == 0 and 'shop-admin' in result.output, 'the releases are not listed', result)


@case('an answer that never ends: 10', slow=True)
def endless(t):
    server = t.server().on(drip)
    t.refuses(RELEASES, 10, 'in time', 'network', kubeconfig=t.kubeconfig(server.url))


@case('a server that accepts and says nothing: 10', slow=True)
def frozen(t):
    t.refuses(RELEASES, 10, 'in time', 'network', kubeconfig=t.kubeconfig(t.server().on(silence).url))


@case('a server that says nothing to `status`: 10', slow=True)
def frozen_status(t):
    t.refuses(STATUS, 10, 'in time', 'network', kubeconfig=t.kubeconfig(t.server().on(silence).url))


@case('a link that swallows everything: 10', slow=True)
def swallowed(t):
    t.refuses(RELEASES, 10, 'in time', 'network', kubeconfig=t.kubeconfig(t.swallower().url))


@case('a server that freezes after the records: `status` tells what it has', slow=True)
def frozen_late(t):
    server = t.server().on(silence, 'deployments|baskets|events')
    text, tree = t.succeeds(*STATUS, kubeconfig=t.kubeconfig(server.url))
    check('in time' in text and 'CHANGE' in text and 'shop-db' in text, 'what is known, and what is not, is not told', text)
    check(tree['ages']['events']['state'] == 'unknown' and tree['workloads'][1]['ready'] == 1, 'the parts are not told apart', tree)


@case('a server that goes away under `status --watch` and comes back: stale lines, then live ones, and no end', slow=True)
def watched(t):
    server = t.server()
    cluster, port = server.cluster, server.port
    with t.follow(*STATUS, '--watch', '--json', kubeconfig=t.kubeconfig(server.url)) as lines:
        t.until(lambda: lines and state_of(lines[-1]) == {'live', 'unused'}, 'it never is live', lines)
        server.close()
        t.until(lambda: 'stale' in state_of(lines[-1]), 'it is never stale', lines)
        t.servers.append(Server(cluster=cluster, port=port))
        t.until(lambda: state_of(lines[-1]) == {'live', 'unused'}, 'it is never live again', lines)


def state_of(line):
    return {part['state'] for part in json.loads(line)['ages'].values()}


# ---- what it refuses ----


@case('403 on one resource: `status` is 0, and only that part is dark')
def forbidden_events(t):
    server = t.server().on(refuse(403, 'Forbidden', 'events is forbidden: User "on-call" cannot list resource "events"'), '/events')
    text, tree = t.succeeds(*STATUS, kubeconfig=t.kubeconfig(server.url))
    check('events' in text and 'forbidden' in text, 'the text does not tell of it', text)
    ages = tree['ages']
    check(ages['events']['state'] == 'unknown' and 'forbidden' in ages['events']['reason'], 'the events are not unknown', ages)
    check(ages['components']['state'] == 'live' and tree['workloads'][0]['ready'] == 1, 'other parts are dark too', tree)


@case('403 on workloads: `status` is 0, and what the records say is told')
def forbidden_workloads(t):
    server = t.server().on(refuse(403, 'Forbidden', 'deployments.apps is forbidden'), '/deployments')
    text, tree = t.succeeds(*STATUS, kubeconfig=t.kubeconfig(server.url))
    check('shop-db' in text and 'changed' in text, 'the changes are not told', text)
    web = next(one for one in tree['workloads'] if one['name'] == 'shop-web')
    check(web['ready'] is None, 'a workload that may not be seen is said to be ready', web)


@case('403 on the records: 11, with the right that is missing')
def forbidden_records(t):
    server = t.server().on(refuse(403, 'Forbidden', 'secrets is forbidden: User "on-call" cannot list resource "secrets"'), '/secrets')
    for command in (RELEASES, STATUS, HASHES, HISTORY):
        t.refuses(command, 11, 'secrets is forbidden', 'right|-n', kubeconfig=t.kubeconfig(server.url))


@case('429 with Retry-After: it waits as told, and all is well')
def busy_once(t):
    server = t.server().on(refuse(429, 'TooManyRequests', 'later', {'Retry-After': '2'}), times=1)
    result = t.run(*RELEASES, kubeconfig=t.kubeconfig(server.url))
    check(result.status == 0 and result.seconds >= 2, 'it did not wait', result)


@case('429 for ever: 10')
def busy(t):
    server = t.server().on(refuse(429, 'TooManyRequests', 'too many requests, please try again later', {'Retry-After': '1'}))
    t.refuses(RELEASES, 10, 'too many requests', 'overloaded', kubeconfig=t.kubeconfig(server.url))


@case('429 with a Retry-After of a day: 10 at once, it is not waited for')
def busy_day(t):
    server = t.server().on(refuse(429, 'TooManyRequests', 'too many requests', {'Retry-After': '86400'}))
    for result in t.refuses(RELEASES, 10, 'too many requests', '.', kubeconfig=t.kubeconfig(server.url)):
        check(result.seconds < 60, 'it waited', result)


@case('500, twice: it is asked again, and all is well')
def broken_twice(t):
    server = t.server().on(refuse(500, 'InternalError', 'etcd'), times=2)
    result = t.run(*RELEASES, kubeconfig=t.kubeconfig(server.url))
    check(result.status == 0 and 'shop-admin' in result.output, 'the releases are not listed', result)


@case('500 for ever: 10')
def broken(t):
    server = t.server().on(refuse(500, 'InternalError', 'etcdserver: leader changed'))
    for command in (RELEASES, STATUS):
        t.refuses(command, 10, 'leader changed', 'overloaded|trouble', kubeconfig=t.kubeconfig(server.url))


@case("a load balancer's 503 page: 10, and the page is not told")
def balancer(t):
    server = t.server().on(say('<html><script>alert(1)</script></html>', 503, {'Content-Type': 'text/html'}))
    for result in t.refuses(RELEASES, 10, '503', '.', kubeconfig=t.kubeconfig(server.url)):
        check('script' not in str(result), 'the page is told', result)


@case('a redirect to another host: 10, and the other host gets nothing')
def redirect(t):
    other = t.server()
    for code in (301, 302, 307, 308):
        server = t.server().on(lambda exchange, code=code: exchange.send(code, b'', {'Location': other.url + exchange.path}))
        t.refuses(RELEASES, 10, str(code), '.', kubeconfig=t.kubeconfig(server.url))
        check(server.requests and 'Authorization' in server.requests[0][2], 'the first server was not asked with the token')
    check(not other.requests, 'the other host was asked', other.requests)


# ---- what is not there ----


@case('a namespace that does not exist: 9, and the nearest names')
def missing_namespace(t):
    server = t.server()
    for command in ('status', 'history', 'hashes'):
        t.refuses([command, '--release', 'shop', '-n', 'shpo'], 9, "namespace 'shpo' does not exist", "'shop'", kubeconfig=t.kubeconfig(server.url))


@case('a release that does not exist: 9, and the nearest names')
def missing_release(t):
    server = t.server()
    for command in ('status', 'history', 'hashes', 'diff', 'api-versions'):
        t.refuses([command, '--release', 'shop-admni', '-n', 'shop'], 9, "'shop-admni'", 'shop-admin', kubeconfig=t.kubeconfig(server.url))


@case('a release in another namespace: 9, and which one')
def elsewhere(t):
    t.refuses(['status', '--release', 'stock', '-n', 'shop'], 9, "'stock'", '-n stock', kubeconfig=t.kubeconfig(t.server().url))


@case('a revision that does not exist: 9, and which there are')
def missing_revision(t):
    t.refuses([*HASHES, '--to', '9'], 9, '9', '[123]', kubeconfig=t.kubeconfig(t.server().url))


@case('names out of the shell that are none: refused, and they reach no URL')
def evil_names(t):
    server = t.server()
    for name in ('../../../api/v1/nodes', 'shop?watch=true', 'shop%2f..', EVIL):
        for result in (t.run('status', '--release', name, '-n', 'shop', kubeconfig=t.kubeconfig(server.url)),
                       t.run('status', '--release', 'shop', '-n', name, kubeconfig=t.kubeconfig(server.url))):
            check(result.status in (2, 9), 'the status is %d' % result.status, result)
    for _, path, _ in server.requests:
        check('/nodes' not in path and '/..' not in path.replace('/..%2F', '') and 'watch=true' not in path, 'a name became a path', path)


# ---- records ----


def spoiled(t, revision, data):
    server = t.server()
    server.cluster.record(revision)['data']['release'] = data
    return server


def outer(data):
    return base64.b64encode(base64.b64encode(data)).decode()


SPOILED = {
    'cut in half': lambda whole: whole[:len(whole) // 2 // 4 * 4],
    'cut in half inside': lambda whole: outer((lambda packed: packed[:len(packed) // 2])(base64.b64decode(base64.b64decode(whole)))),
    'that is not base64': lambda whole: '%%%not base64%%%',
    'that is empty': lambda whole: '',
    'that is not gzip and not JSON': lambda whole: outer(b'\x1f\x8b\x08garbage'),
    'that is a gzip bomb': lambda whole: outer(squeezed(128)),
    'with ten million empty lists': lambda whole: outer(squeezed(30, b'[],', b'{"name":"shop","version":3,"config":{"a":[', b'1]}}')),
    'that is nested 10,000 deep': lambda whole: outer(gzip.compress(b'{"name":"shop","config":' + b'[' * 10000 + b']' * 10000 + b'}')),
    'that is no object': lambda whole: pack([1, 2, 3]),
    'of wrong types': lambda whole: pack({'name': 5, 'info': [], 'chart': 'x', 'manifest': {}, 'version': 'three'}),
    "of another release": lambda whole: pack({'name': 'stock', 'namespace': 'stock', 'version': 3}),
}

for name, spoil in SPOILED.items():
    @case('an old record %s: it is listed with the reason, the others stay usable' % name)
    def old_record(t, spoil=spoil):
        server = t.server()
        data = server.cluster.record(1)['data']
        data['release'] = spoil(data['release'])
        text, tree = t.succeeds(*HISTORY, kubeconfig=t.kubeconfig(server.url))
        rows = {row['revision']: row for row in tree['revisions']}
        check(rows[1].get('error'), 'revision 1 has no reason', rows[1])
        check(rows[3]['live'] and rows[2]['target'] and not rows[2].get('error'), 'the others are not usable', tree)
        check('damaged' in text, 'the text does not tell of it', text)

    @case('the live record %s: `hashes` says why it cannot compare' % name)
    def live_record(t, spoil=spoil):
        server = t.server()
        data = server.cluster.record(3)['data']
        data['release'] = spoil(data['release'])
        t.refuses(HASHES, 12, 'revision 3', '.', kubeconfig=t.kubeconfig(server.url))
        text, tree = t.succeeds(*STATUS, kubeconfig=t.kubeconfig(server.url))
        check('damaged' in text, '`status` does not tell of it', text)


@case('a manifest with a document nested 10,000 deep: that document is unreadable, the others are compared')
def deep_manifest(t):
    server = t.server()
    record = server.cluster.release(3)
    record['manifest'] += '---\n' + '[' * 10000 + ']' * 10000 + '\n'
    server.cluster.record(3)['data']['release'] = pack(record)
    for command in (HASHES, STATUS, DIFF):
        text, _ = t.succeeds(*command, kubeconfig=t.kubeconfig(server.url))
        check('web' in text, 'the other documents are not compared', text)
    text, tree = t.succeeds(*HASHES, kubeconfig=t.kubeconfig(server.url))
    check('unreadable' in text and any(one['change'] == 'unknown' for one in tree['others']), 'the unreadable one is not told', text)


# ---- answers that are none ----

STRANGE = {
    'a page that is not JSON at all': say('<html>Log in to the guest network</html>', headers={'Content-Type': 'text/html'}),
    'an empty page': say(''),
    'JSON nested 10,000 deep': say('{"items":' + '[' * 10000 + ']' * 10000 + '}'),
    'half a JSON document': say('{"kind":"SecretList","items":[{"metadata":{"name":"a"'),
    'JSON that is no object': say('[1,2,3]'),
    'a document that is no list': say('{"kind":"Pod","metadata":{}}'),
    'bytes that are not UTF-8': say(b'{"items":[{"metadata":{"name":"\xff\xfe"}}]}'),
    'a gzip bomb as Content-Encoding': bomb(squeezed(128)),
    'ten million empty lists': bomb(squeezed(30, b'[],', b'{"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"a"},"x":[', b'1]}]}')),
    'damaged gzip as Content-Encoding': say(b'\x1f\x8b\x08 this is not gzip', headers={'Content-Encoding': 'gzip'}),
    'a list page of absurd size': flood,
    'headers of absurd size': say('{}', headers={'X-Long': 'x' * 400000}),
}

for name, behaviour in STRANGE.items():
    @case('%s: 10, within bounds' % name, slow='absurd' in name)
    def strange(t, behaviour=behaviour):
        server = t.server().on(behaviour)
        for command in (RELEASES, STATUS):
            t.refuses(command, 10, '.', '.', kubeconfig=t.kubeconfig(server.url))

    @case('%s where pods should be: `status` is 0, and only that part is dark' % name, slow='absurd' in name)
    def strange_pods(t, behaviour=behaviour):
        server = t.server().on(behaviour, '/pods|/events')
        text, tree = t.succeeds(*STATUS, kubeconfig=t.kubeconfig(server.url))
        check(tree['ages']['events']['state'] == 'unknown' and tree['ages']['events']['reason'], 'the events are not unknown', tree['ages'])
        check(tree['workloads'][0]['ready'] == 1, 'the workloads are dark too', tree['workloads'])


WRONG = [None, 5, 'x', [], {}, {'metadata': None}, {'metadata': {'name': 7}}]
ODD = [{'metadata': {'name': 'a', 'namespace': 'shop', 'labels': 'x', 'managedFields': {}, 'annotations': []}, 'spec': 'x', 'status': []},
       {'metadata': {'name': 'b', 'namespace': 'shop', 'labels': {'owner': 3}}, 'spec': {'containers': 5, 'versions': {}, 'names': 'x'},
        'status': {'conditions': 'x', 'containerStatuses': [5, None]}, 'involvedObject': 3, 'message': [], 'count': 'many'}]


@case('objects of wrong shapes among the right ones: no crash, and what is whole is shown')
def odd_shapes(t):
    def spoil(document):
        document['items'] = ODD + document['items']
    server = t.server().on(as_told(spoil), 'limit=')
    for command in (STATUS, RELEASES, HISTORY, HASHES, API_VERSIONS):
        text, tree = t.succeeds(*command, kubeconfig=t.kubeconfig(server.url))
    check(len(tree['objects']) >= 2, 'the objects that are whole are not shown', tree)


@case('numbers and times beyond all bounds: no crash, and the rest is shown')
def absurd_numbers(t):
    for number in (-1, 2 ** 31, 2 ** 63, 2 ** 64, 10 ** 30, 1e300, -1e300, 0.5):
        server = t.server()
        cluster = server.cluster
        for name in ('deployments', 'statefulsets'):
            live = cluster.objects[name][0]
            live['spec']['replicas'] = live['metadata']['generation'] = number
            live['status'] = {key: number for key in ('observedGeneration', 'replicas', 'readyReplicas', 'updatedReplicas', 'availableReplicas')}
        for found in cluster.objects['events']:
            found.update(count=number, lastTimestamp='99999-99-99T99:99:99Z', series={'count': number})
        cluster.objects['pods'][0]['status']['containerStatuses'][0]['restartCount'] = number
        cluster.record(2)['metadata']['labels'].update(createdAt=str(number), modifiedAt=str(number))
        record = cluster.release(1)
        record['info'].update(last_deployed='0000-00-00T00:00:00+99:99', rollback_revision=number)
        cluster.record(1)['data']['release'] = pack(record)
        for command in (STATUS, HISTORY, HASHES, RELEASES):
            text, _ = t.succeeds(*command, kubeconfig=t.kubeconfig(server.url))
            check('shop' in text or 'lives' in text, 'nothing is shown for %s' % number, text)


@case('revision numbers beyond all bounds are none of Helm')
def absurd_revisions(t):
    server = t.server()
    for number in ('0', '-1', '2147483648', '99999999999999999999', '1e3', '3x', ''):
        found = server.cluster.add_record('shop', 'shop', 1, server.cluster.release(1))
        found['metadata']['name'] = 'sh.helm.release.v1.shop.v' + number
        found['metadata']['labels']['version'] = number
    text, tree = t.succeeds(*HISTORY, kubeconfig=t.kubeconfig(server.url))
    check([row['revision'] for row in tree['revisions']] == [1, 2, 3], 'there are other revisions', tree)
    for argument in ('0', '-1', '2147483648', '99999999999999999999', '3x', ''):
        result = t.run(*HASHES, '--to=' + argument, kubeconfig=t.kubeconfig(server.url))
        check(result.status == 2, '--to %r is taken: status %d' % (argument, result.status), result)


@case('names a megabyte long: bounded lines, whole values in JSON')
def long_names(t):
    server = t.server()
    server.cluster.record(1, 'shop-admin')['metadata']['labels'].update(status='x' * (1 << 20))
    record = server.cluster.release(2)
    record['info']['description'] = 'y' * (1 << 20)
    server.cluster.record(2)['data']['release'] = pack(record)
    for command in (RELEASES, HISTORY):
        text, _ = t.succeeds(*command, kubeconfig=t.kubeconfig(server.url))
        check(len(text) < 100000, 'the text has %d bytes' % len(text))


@case('things in a list that are no objects: that part is unknown, never empty')
def no_objects(t):
    for wrong in WRONG:
        def spoil(document, wrong=wrong):
            document['items'] = [wrong] + document['items']
        server = t.server().on(as_told(spoil), '/events')
        text, tree = t.succeeds(*STATUS, kubeconfig=t.kubeconfig(server.url))
        check(tree['ages']['events']['state'] == 'unknown', 'the events are %s' % tree['ages']['events'], repr(wrong))


@case('a page that names itself as the next one: an end is found')
def circle(t):
    def spoil(document):
        document['metadata']['continue'] = 'again'
        document['items'] *= 200
    server = t.server().on(as_told(spoil), '/secrets')
    t.refuses(RELEASES, 10, '.', '.', kubeconfig=t.kubeconfig(server.url))


# ---- text from outside ----


@case('control characters and turned text in everything that is shown: none is printed')
def evil_text(t):
    server = t.server()
    spoil(server)
    for command in (STATUS, HISTORY, HASHES, API_VERSIONS, RELEASES, [*RELEASES, '--long'], DIFF, [*DIFF, '--live'], [*DIFF, '1', '2']):
        text, tree = t.succeeds(*command, kubeconfig=t.kubeconfig(server.url))
        check(text, 'nothing is printed')


@case('control characters in what the server says when it refuses: none is printed')
def evil_refusal(t):
    for code, ended in ((403, 11), (500, 10), (422, 4)):
        server = t.server().on(refuse(code, EVIL, 'refused by ' + EVIL))
        t.refuses(RELEASES, ended, r'refused by a\\x1b\[2J', '.', kubeconfig=t.kubeconfig(server.url))


@case('control characters in a playbook: its mistakes are told without them')
def evil_playbook(t):
    path = t.file('evil.yaml', json.dumps({'format': 1, 'name': EVIL, 'components': {EVIL: {'workload': EVIL, EVIL: EVIL}}}))
    for arguments in (['playbook', 'lint', path], [*STATUS, '--playbook', path]):
        for json_too in ([], ['--json']):
            result = t.run(*arguments, *json_too, kubeconfig=t.kubeconfig('https://127.0.0.1:1'))
            check(result.status == 12, 'the status is %d, expected 12' % result.status, result)


@case('control characters in a manifest: `diff` prints none')
def evil_manifest(t):
    server = t.server()
    record = server.cluster.release(3)
    record['manifest'] = record['manifest'].replace('web:3', 'web' + json.dumps(EVIL)[1:-1])
    server.cluster.record(3)['data']['release'] = pack(record)
    for command in (DIFF, HASHES, STATUS):
        t.succeeds(*command, kubeconfig=t.kubeconfig(server.url))


# ---- what is never told ----


@case("Secrets' values and tokens are in no output of any command")
def secrets(t):
    server = t.server()
    drifted = server.cluster.find('secrets', 'shop', 'shop-db')
    drifted['data']['password'] = base64.b64encode(SECRET_VALUES[0].encode()).decode()
    for command in (STATUS, HISTORY, HASHES, [*HASHES, '--from', '3', '--to', '1'], DIFF, [*DIFF, '1', '3'], [*DIFF, '--live'],
                    API_VERSIONS, RELEASES, [*RELEASES, '--long']):
        text, tree = t.succeeds(*command, kubeconfig=t.kubeconfig(server.url))
    text, _ = t.succeeds(*DIFF, kubeconfig=t.kubeconfig(server.url))
    check('shop-db' in text and 'redacted' in text, 'the Secret that differs is not shown as such', text)


@case('a token that the server repeats in its refusal is not repeated')
def echoed_token(t):
    server = t.server().on(refuse(403, 'Forbidden', 'no rights for Authorization: Bearer ' + TOKEN))
    t.refuses(RELEASES, 11, 'no rights', '.', kubeconfig=t.kubeconfig(server.url))


sys.exit(bench.run_all(workers=10))
