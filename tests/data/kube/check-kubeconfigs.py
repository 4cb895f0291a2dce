#!/usr/bin/env python3
"""Ask the real kubectl what kubeconfigs.txt expects. Usage: check-kubeconfigs.py [part of a case's name]

A small server with a certificate of its own writes down what kubectl sends: headers, client certificate, the name it asks for. Run it whenever a
case is added; the unit tests need neither kubectl nor this."""
import base64, hashlib, http.server, json, os, re, shutil, ssl, subprocess, sys, tempfile, threading

HERE = os.path.dirname(os.path.abspath(__file__))
SECURE, PLAIN = 27463, 27464


def cases():
    case = part = None
    for line in open(os.path.join(HERE, 'kubeconfigs.txt')):
        if line.startswith('==== '):
            case = {'name': line[5:].strip(), 'files': {}}
            part = None
            yield case
        elif case is not None and line.startswith('---- '):
            part = line[5:].strip()
            case['files'][part] = ''
        elif case is not None and part is not None:
            case['files'][part] += line


def fill(text, folder):
    text = text.replace('{{server}}', f'https://127.0.0.1:{SECURE}').replace('{{plain}}', f'http://127.0.0.1:{PLAIN}')
    text = text.replace('{{plain-host}}', f'127.0.0.1:{PLAIN}').replace('{{folder}}', folder)
    return re.sub(r'\{\{([a-z]+\.[a-z]+)\}\}', lambda m: base64.b64encode(open(f'{HERE}/pki/{m[1]}', 'rb').read()).decode(), text)


class Seen:
    request = None
    name = None


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        certificate = self.connection.getpeercert() if hasattr(self.connection, 'getpeercert') else None
        names = dict(pair for group in (certificate or {}).get('subject', ()) for pair in group)
        Seen.request = {'method': self.command, 'path': self.path, 'headers': list(self.headers.items()), 'certificate': names.get('commonName')}
        self.send_response(502 if self.command == 'CONNECT' else 200)
        self.send_header('Content-Length', '2')
        self.end_headers()
        self.wfile.write(b'{}')

    do_GET = do_CONNECT = answer

    def log_message(self, *arguments):
        pass


def serve(folder):
    run = lambda *command: subprocess.run(command, check=True, capture_output=True, cwd=folder)
    # The authority of the cases has no key here, so the checking server has its own; its certificate takes ca.crt's place below.
    run('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=checker',
        '-addext', 'subjectAltName=IP:127.0.0.1,DNS:other.example', '-keyout', 'server.key', '-out', 'server.crt')
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f'{folder}/server.crt', f'{folder}/server.key')
    context.load_verify_locations(f'{HERE}/pki/ca.crt')
    context.verify_mode = ssl.CERT_OPTIONAL
    context.sni_callback = lambda sock, name, ctx: setattr(Seen, 'name', name)
    for port, tls in ((SECURE, context), (PLAIN, None)):
        server = http.server.ThreadingHTTPServer(('127.0.0.1', port), Handler)
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()


def prepare(case, work, authority):
    folder = os.path.join(work, 'case')
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(f'{HERE}/pki', f'{folder}/pki')
    shutil.copy(authority, f'{folder}/pki/ca.crt')
    own = base64.b64encode(open(authority, 'rb').read()).decode()
    for path, text in case['files'].items():
        text = fill(text.replace('{{ca.crt}}', own), folder)
        if path in ('run', 'expect'):
            case[path] = json.loads(text)
            continue
        os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
        with open(os.path.join(folder, path), 'w') as file:
            file.write(text)
        if text.startswith('#!'):
            os.chmod(os.path.join(folder, path), 0o755)
    return folder


def kubectl(case, folder, *arguments):
    run = case.get('run', {})
    environment = {k: v for k, v in os.environ.items() if k not in ('KUBECONFIG', 'HTTPS_PROXY', 'https_proxy')}
    environment.update(KUBECONFIG=run.get('KUBECONFIG', 'config'), HOME=folder)
    options = [f'--{key}={run[key]}' for key in ('kubeconfig', 'context', 'namespace') if key in run]
    Seen.request = Seen.name = None
    return subprocess.run(['kubectl', *arguments, *options], cwd=folder, env=environment, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=30)


def check(case, folder):
    expect, wrong = case['expect'], []

    def same(what, is_, should):
        if is_ != should:
            wrong.append(f'{what} is {is_!r}, should be {should!r}')

    result = kubectl(case, folder, 'version')
    request = Seen.request
    if 'error' in expect:
        if result.returncode == 0 or request:
            wrong.append(f'kubectl goes on: {result.stdout} {result.stderr}')
        return wrong
    if not request:
        return [f'nothing was sent: {result.stderr}']
    headers = {key.lower(): value for key, value in request['headers']}
    if 'proxy' in expect:
        same('method', request['method'], 'CONNECT')
        return wrong
    if 'authorization' in expect:
        should = expect['authorization']
        digest = re.search(r'\{\{digest (.*)\}\}', should or '')
        if digest:
            told = digest[1] + '|' + json.dumps(expect['exec-info'], sort_keys=True, separators=(',', ':'))
            should = 'Bearer ' + hashlib.sha256(told.encode()).hexdigest()
        same('authorization', headers.get('authorization'), should)
    if 'certificate' in expect:
        same('certificate', request['certificate'], expect['certificate'])
    if 'name' in expect:
        same('name', Seen.name, expect['name'])
    if 'impersonate' in expect:
        sent = [(key, value) for key, value in request['headers'] if key.lower().startswith('impersonate-')]
        should = [tuple(line.split(': ', 1)) for line in expect['impersonate']]
        lower = lambda pairs: sorted((key.lower(), value) for key, value in pairs)
        same('impersonation', lower(sent), lower(should))
    if 'compression' in expect:
        same('compression', 'accept-encoding' in headers, expect['compression'])
    if 'server' in expect:
        same('path', request['path'].split('?')[0], re.sub(r'https?://[^/]*', '', expect['server']) + '/version')
    view = json.loads(kubectl(case, folder, 'config', 'view', '--minify', '--raw', '-o', 'json').stdout)
    context = view['contexts'][0]
    if 'context' in expect:
        same('context', context['name'], expect['context'])
    if 'namespace' in expect and 'namespace' not in case.get('run', {}):
        same('namespace', context['context'].get('namespace', 'default'), expect['namespace'])
    return wrong


def main():
    failed = differing = passed = 0
    with tempfile.TemporaryDirectory() as work:
        serve(work)
        for case in list(cases()):
            if len(sys.argv) > 1 and sys.argv[1] not in case['name']:
                continue
            folder = prepare(case, work, f'{work}/server.crt')
            wrong = check(case, folder)
            differs = case['expect'].get('kubectl')
            if differs and wrong:
                differing += 1
                print(f'differs   {case["name"]}: kubectl {differs}')
            elif wrong or differs:
                failed += 1
                print(f'not ok    {case["name"]}:', '; '.join(wrong) or 'kubectl does the same after all')
            else:
                passed += 1
    print(f'{passed} as kubectl does it, {differing} different on purpose, {failed} wrong')
    sys.exit(failed > 0)


main()
