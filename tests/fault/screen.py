"""The dashboard in a real terminal (tmux), while the server misbehaves: it never stops, never lies about its age, and comes back by itself."""
import os
import re
import subprocess
import sys
import time

import bench
from bench import UNSAFE, Failure, case, check
from cluster import SECRETS, pack
from hostile import EVIL, spoil
from server import Server, refuse, silence

SIZE = ('100', '30')


class Terminal:
    """A terminal of its own with the dashboard in it; everything that the program writes to it is kept."""

    def __init__(self, t, *arguments, release=True):
        self.t = t
        self.raw = os.path.join(t.folder, 'raw')
        self.log = os.path.join(t.folder, 'log')
        words = [bench.PROGRAM, *(['--release', 'shop', '-n', 'shop'] if release else []), '--log', self.log, *arguments]
        environment = {**t.environment, 'TERM': 'xterm-256color'}
        script = t.file('start', 'read go\n%s %s; echo "status $?"; exec sleep 1000\n' % (
            ' '.join("%s='%s'" % pair for pair in environment.items()), ' '.join("'%s'" % word for word in words)))
        self.tmux('new-session', '-d', '-x', SIZE[0], '-y', SIZE[1], 'exec sh ' + script)
        self.tmux('set-option', '-g', 'status', 'off')
        self.tmux('set-option', '-g', 'escape-time', '0')
        self.tmux('pipe-pane', 'cat >%s' % self.raw)
        self.keys('Enter')

    def tmux(self, *words):
        command = ['tmux', '-u', '-S', os.path.join(self.t.folder, 'socket'), '-f', '/dev/null', *words]
        environment = {name: value for name, value in os.environ.items() if name not in ('TMUX', 'LINES', 'COLUMNS', 'NO_COLOR')}
        environment['LC_ALL'] = 'C.UTF-8'
        return subprocess.run(command, env=environment, capture_output=True, check=False).stdout.decode('utf-8', 'replace')

    def keys(self, *keys):
        for key in keys:
            self.tmux('send-keys', key)

    def look(self):
        return self.tmux('capture-pane', '-p')

    def clock(self):
        found = re.search(r'\d\d:\d\d:\d\d UTC', self.look())
        return found.group() if found else None

    def until(self, held, why):
        try:
            self.t.until(held, why)
        except Failure as failure:
            raise Failure('%s\n%s' % (failure, self.look())) from None

    def sees(self, pattern, why=None):
        self.until(lambda: re.search(pattern, self.look(), re.S), why or 'the screen never shows /%s/' % pattern)

    def goes_on(self):
        """The clock moves, and keys are answered."""
        before = self.clock()
        self.until(lambda: self.clock() not in (before, None), 'the clock stands still')
        self.keys('?')
        self.sees('Help|help.*q', 'the help does not open')
        self.keys('Escape')
        self.keys('4')
        self.sees('History', 'the history does not open')
        self.keys('1')
        self.sees('─ (Components|Nothing)', 'the overview does not come back')

    def ends(self):
        """q leaves, at once and clean; nothing unsafe was ever written, and nothing secret."""
        self.keys('q')
        time.sleep(0.2)
        self.keys('q')
        self.sees('status 0')
        self.looks_clean()

    def looks_clean(self):
        with open(self.raw, encoding='utf-8', errors='surrogateescape') as file:
            raw = file.read()
        # What a program may send a terminal: its own sequences; their texts are judged without them.
        bare = re.sub('\x1b(\\[[0-9;?>!]*[ -/]*[@-~]|[()][0-9A-Z]|[=>78M])|[\r\b\x0e\x0f\t]', '', raw)
        found = UNSAFE.search(bare)
        check(found is None, 'something unsafe was written: %r' % (bare[max(0, found.start() - 40):found.end() + 40] if found else ''))
        logged = open(self.log, encoding='utf-8', errors='surrogateescape').read()
        for secret in SECRETS:
            check(secret not in raw, 'a secret was on the screen')
            check(secret not in logged, 'a secret is in the log')


def dashboard(t, url, *arguments, user=None, **options):
    terminal = Terminal(t, '--kubeconfig', t.kubeconfig(url, user), *arguments, **options)
    t.ends.append(lambda: terminal.tmux('kill-server'))
    return terminal


LIVE = r'UTC  live'


@case('a server that freezes after the first answers: the clock and the keys go on')
def frozen(t):
    server = t.server()
    screen = dashboard(t, server.url)
    screen.sees(LIVE)
    screen.sees('shop-web')
    server.rules.clear()
    server.on(silence)
    screen.goes_on()
    screen.ends()


@case('a server that is frozen from the start: the first frame comes, the clock and the keys go on')
def frozen_from_start(t):
    screen = dashboard(t, t.server().on(silence).url)
    screen.sees('connecting|WAITING')
    before = screen.clock()
    screen.until(lambda: screen.clock() not in (before, None), 'the clock stands still')
    screen.ends()


@case('a link that swallows everything from the start: the first frame comes, then the reason')
def swallowed(t):
    screen = dashboard(t, t.swallower().url)
    screen.sees('connecting|WAITING')
    screen.sees('did not answer')
    screen.ends()


@case('a server that goes away and comes back: stale, then live again, without a restart')
def away_and_back(t):
    server = t.server()
    cluster, port = server.cluster, server.port
    screen = dashboard(t, server.url)
    screen.sees(LIVE)
    screen.sees('shop-web')
    server.close()
    screen.sees('(?i)stale')
    check('shop-web' in screen.look(), 'what was known is not shown any more', screen.look())
    screen.goes_on()
    live = cluster.find('deployments', 'shop', 'shop-web')
    live['status'] = {'observedGeneration': 1, 'replicas': 7, 'readyReplicas': 3, 'updatedReplicas': 7}
    live['spec']['replicas'] = 7
    live['metadata']['resourceVersion'] = '5000'
    cluster.version = 5000
    t.servers.append(Server(cluster=cluster, port=port))
    screen.sees(LIVE)
    screen.sees('3/7', 'what changed meanwhile is not shown')
    screen.ends()


@case('a server that is down at the start and comes up: the reason, then everything')
def late(t):
    server = t.server()
    port = server.port
    server.close()
    screen = dashboard(t, server.url)
    screen.sees('cannot be reached')
    t.servers.append(Server(port=port))
    screen.sees(LIVE)
    screen.sees('shop-web')
    screen.goes_on()
    screen.ends()


@case('errors for a while: stale with the reason, then live again')
def errors(t):
    server = t.server()
    screen = dashboard(t, server.url)
    screen.sees(LIVE)
    server.on(refuse(500, 'InternalError', 'etcdserver: leader changed'))
    server.cut_watches()
    screen.sees('(?i)stale')
    screen.goes_on()
    server.rules.clear()
    screen.sees(LIVE)
    screen.ends()


@case('a token that expires while it runs: stale with the reason; no end, no loop')
def expired(t):
    server = t.server()
    screen = dashboard(t, server.url)
    screen.sees(LIVE)
    server.on(refuse(401, 'Unauthorized', 'Unauthorized'))
    server.cut_watches()
    screen.sees('(?i)stale')
    asked = len(server.requests)
    screen.goes_on()
    time.sleep(2)
    check(len(server.requests) - asked < 200, 'the server is asked without a pause: %d times' % (len(server.requests) - asked))
    screen.ends()


@case('403 on one resource: that pane says so, the others are live')
def forbidden(t):
    server = t.server().on(refuse(403, 'Forbidden', 'events is forbidden: User "on-call" cannot list resource "events"'), '/events')
    screen = dashboard(t, server.url)
    screen.sees('shop-web.*1/1')
    screen.sees('events is forbidden')
    screen.goes_on()
    screen.ends()


@case('a damaged record: the history says so, and the others are compared')
def damaged(t):
    server = t.server()
    server.cluster.record(1)['data']['release'] = pack({'name': 5})
    screen = dashboard(t, server.url)
    screen.sees('shop-web')
    screen.keys('4')
    screen.sees('once deployed')
    screen.keys('G')
    screen.sees('is.damaged')
    screen.keys('1')
    screen.sees('CHANGED')
    screen.ends()


@case('changes that come with hostile text: it is shown, and nothing of it is obeyed')
def hostile(t):
    server = t.server()
    spoil(server)
    screen = dashboard(t, server.url)
    screen.sees(LIVE)
    screen.sees(r'x1b')
    for key in '1234w!?':
        screen.keys(key)
        screen.until(lambda: screen.look().strip() != '', 'the screen is empty')
        screen.keys('Enter')
        screen.keys('j', 'Tab', 'Enter')
        screen.goes_on()
    title = screen.tmux('display-message', '-p', '#{pane_title}')
    check('owned' not in title, 'the title of the window was changed', title)
    screen.ends()


@case('releases with hostile names in the picker: shown, not obeyed')
def hostile_picker(t):
    server = t.server()
    server.cluster.record(1, 'shop-admin')['metadata']['labels'].update(status=EVIL)
    screen = dashboard(t, server.url, release=False)
    screen.sees('shop-admin')
    screen.sees('x1b')
    screen.ends()


@case('a plugin that writes to the terminal does not reach it')
def plugin_writes(t):
    user = t.plugin('echo SPILLED >/dev/tty; echo SPILLED >&2; echo SPILLED; exit 1')
    screen = dashboard(t, t.server().url, user=user)
    screen.sees('plugin')
    spilled = [line for line in screen.look().split('\n') if line.startswith('SPILLED')]
    check(not spilled, 'the plugin wrote on the screen', screen.look())
    screen.ends()


sys.exit(bench.run_all(workers=6))
