"""Runs the real program for the cases, looks at all that it says, and prints TAP."""
import concurrent.futures
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback

from cluster import SECRETS, TOKEN
from server import Server, Swallower, pki

PROGRAM = os.environ.get('ROLLBACK_CONSOLE_PROGRAM', './rollback-console')
HANGS = int(os.environ.get('FAULT_LIMIT', 200))  # seconds; a limit against waiting for ever, not a bar


def sanitized():
    with open(PROGRAM, 'rb') as program:
        return b'__asan_init' in program.read()


MEMORY = (1200 if sanitized() else 400) << 10  # KiB at the peak; a sanitizer takes a multiple
CODES = {1: 'internal', 2: 'usage', 9: 'not_found', 10: 'unreachable', 11: 'forbidden', 12: 'invalid', 4: 'refused'}

# What no terminal may be sent from outside: control characters (newline and tab apart), and what turns text around or cannot be seen.
UNSAFE = re.compile('[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]')


class Failure(Exception):
    pass


def check(held, why, *shown):
    if not held:
        raise Failure('\n'.join([why, *('  ' + str(one)[:1500] for one in shown)]))


class Result:
    """What one run of the program came to."""

    def __init__(self, arguments, status, output, errors, log, seconds, peak):
        self.arguments, self.status, self.output, self.errors = arguments, status, output, errors
        self.log, self.seconds, self.peak = log, seconds, peak

    def __str__(self):
        return 'rollback-console %s → %d in %.1f s, %d KiB\nstdout: %s\nstderr: %s' % (
            ' '.join(self.arguments), self.status, self.seconds, self.peak, self.output[:3000], self.errors[:3000])

    def json(self):
        check(self.output.endswith('\n'), 'standard output does not end in a newline', self)
        try:
            return json.loads(self.output)
        except ValueError as wrong:
            raise Failure('standard output is not one JSON document: %s\n%s' % (wrong, self))


class Bench:
    """What one case works with: a folder, servers, kubeconfigs, the program."""

    living = set()

    def __init__(self):
        self.living.add(self)
        self.folder = tempfile.mkdtemp(prefix='rollback-console-fault-')
        self.servers = []
        self.ends = []  # functions that end what else was started
        self.runs = 0
        self.environment = {'LC_ALL': 'C.UTF-8', 'HOME': self.folder, 'PATH': os.environ['PATH']}
        for name in ('ROLLBACK_CONSOLE_DATA', 'ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LSAN_OPTIONS'):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def close(self):
        self.living.discard(self)
        for end in self.ends:
            end()
        for server in self.servers:
            server.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def server(self, **options):
        self.servers.append(Server(**options))
        return self.servers[-1]

    def swallower(self):
        self.servers.append(Swallower())
        return self.servers[-1]

    def file(self, name, text, mode=0o600):
        path = os.path.join(self.folder, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def kubeconfig(self, url, user=None, name='config', **cluster):
        """JSON is YAML; contexts `shop` (used) and `stock`."""
        entry = {'server': url, 'certificate-authority': pki('authority.crt'), **cluster}
        return self.file(name, json.dumps({
            'apiVersion': 'v1', 'kind': 'Config', 'current-context': 'shop',
            'clusters': [{'name': 'there', 'cluster': {key: value for key, value in entry.items() if value is not None}}],
            'users': [{'name': 'on-call', 'user': user if user is not None else {'token': TOKEN}}],
            'contexts': [{'name': name, 'context': {'cluster': 'there', 'user': 'on-call', 'namespace': 'shop'}}
                         for name in ('shop', 'stock')]}))

    def plugin(self, script, **fields):
        """A user whose credential comes from a script."""
        path = self.file('plugin', '#!/bin/sh\n' + script, 0o700)
        return {'exec': {'apiVersion': 'client.authentication.k8s.io/v1', 'command': path, 'interactiveMode': 'IfAvailable', **fields}}

    def run(self, *arguments, kubeconfig=None, environment=None):
        self.runs += 1
        log = os.path.join(self.folder, 'log-%d' % self.runs)
        arguments = [*arguments, '--log', log]
        if kubeconfig is not None:
            arguments += ['--kubeconfig', kubeconfig]
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            started = time.monotonic()
            process = subprocess.Popen([PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=output, stderr=errors, cwd=self.folder,
                                       env={**self.environment, **(environment or {})}, start_new_session=True)
            status, peak = self.wait(process)
            seconds = time.monotonic() - started
            texts = []
            for stream in (output, errors):
                stream.seek(0)
                texts.append(stream.read().decode('utf-8', 'surrogateescape'))
        logged = open(log, encoding='utf-8', errors='surrogateescape').read() if os.path.exists(log) else ''
        result = Result(arguments, status, *texts, logged, seconds, peak)
        self.look_at(result)
        return result

    @contextlib.contextmanager
    def follow(self, *arguments, kubeconfig):
        """The lines of a command that goes on, as they come; in the end it is asked to stop, which is no failure."""
        lines = []

        def read(stream):
            for line in stream:
                lines.append(line)

        with subprocess.Popen([PROGRAM, *arguments, '--kubeconfig', kubeconfig], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              env=self.environment, encoding='utf-8') as process:
            reader = threading.Thread(target=read, args=(process.stdout,), daemon=True)
            reader.start()
            try:
                yield lines
                process.terminate()
                self.until(lambda: process.poll() is not None, 'it does not stop when asked to')
                check(process.returncode == 0, 'stopped, its status is %d' % process.returncode)
            finally:
                process.kill()
                reader.join()

    @staticmethod
    def until(held, why, *shown):
        end = time.monotonic() + HANGS
        while not held():
            check(time.monotonic() < end, why, *shown)
            time.sleep(0.05)

    @staticmethod
    def wait(process):
        """Exit status and peak memory; a program that hangs is ended and told of."""
        end = time.monotonic() + HANGS
        while time.monotonic() < end:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid != 0:
                process.returncode = os.waitstatus_to_exitcode(status)
                return process.returncode, usage.ru_maxrss
            time.sleep(0.01)
        process.kill()
        process.wait()
        raise Failure('the program hangs: %s' % ' '.join(process.args))

    @staticmethod
    def look_at(result):
        """What holds for every run, whatever the fault."""
        check(result.status >= 0, 'the program crashed', result)
        check('Sanitizer' not in result.errors, 'a sanitizer found something', result)
        check(result.peak < MEMORY, 'the program took too much memory', result)
        for where, text in (('stdout', result.output), ('stderr', result.errors), ('the log', result.log)):
            for secret in SECRETS:
                check(secret not in text, 'a secret is in %s: %s' % (where, secret), result)
            found = UNSAFE.search(text)
            check(found is None, 'an unsafe character is in %s: %r' % (where, text[max(0, found.start() - 30):found.end() + 30] if found else ''))

    # ---- what a case asks for ----

    def refuses(self, arguments, status, says, hint, **run):
        """The program ends with this status and one clear message with a hint: as text, and with --json as one document."""
        both = [arguments, [*arguments, '--json']]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            text, tree = pool.map(lambda words: self.run(*words, **run), both)
        for result in (text, tree):
            check(result.status == status, 'the status is %d, expected %d' % (result.status, status), result)
        check(text.output == '', 'a failure prints on standard output', text)
        lines = text.errors.rstrip('\n').split('\n')
        check(lines[0].startswith('rollback-console: '), 'the message does not begin with the program', text)
        check(len(lines) == 2 and lines[1].startswith('  ') and len(lines[1]) > 12, 'there is not one message with one hint', text)
        check(re.search(says, lines[0]), 'the message does not say /%s/' % says, text)
        check(re.search(hint, lines[1]), 'the hint does not say /%s/' % hint, text)
        check(tree.errors == '', 'with --json something is on standard error', tree)
        error = tree.json().get('error')
        check(set(tree.json()) == {'error'} and set(error) == {'code', 'message', 'hint'}, 'the JSON is not the documented one', tree)
        check(error['code'] == CODES[status], 'the code is %s, expected %s' % (error['code'], CODES[status]), tree)
        check(re.search(says, error['message']) and re.search(hint, error['hint']), 'the JSON says something else', tree)
        return text, tree

    def succeeds(self, *arguments, **run):
        """Status 0, as text and as JSON; returns the text and the document."""
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            text, tree = pool.map(lambda words: self.run(*words, **run), [arguments, [*arguments, '--json']])
        for result in (text, tree):
            check(result.status == 0, 'the status is %d, expected 0' % result.status, result)
        return text.output, tree.json()


# ---- cases ----

CASES = []


def case(title, slow=False):
    """A function of a bench; slow ones begin first."""
    def add(function):
        CASES.append((title, slow, function))
        return function
    return add


def judge(function):
    """(why it failed or None, seconds)"""
    started, bench = time.monotonic(), Bench()
    try:
        function(bench)
        return None, time.monotonic() - started
    except Failure as failure:
        return str(failure), time.monotonic() - started
    except Exception:  # a mistake in the test is a failed test
        return traceback.format_exc(), time.monotonic() - started
    finally:
        bench.close()


def interrupted(number, frame):
    """Nothing is left behind: no terminal, no server, no folder."""
    for one in list(Bench.living):
        one.close()
    os._exit(1)


def run_all(workers):
    """All cases at once, most of which wait; results in the order of the file. Arguments on the command line choose by title."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    chosen = [one for one in CASES if all(word in one[0] for word in sys.argv[1:])]
    print('1..%d' % len(chosen), flush=True)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        began = sorted(range(len(chosen)), key=lambda index: not chosen[index][1])
        futures = {index: pool.submit(judge, chosen[index][2]) for index in began}
        for index, (title, _, _) in enumerate(chosen):
            failure, seconds = futures[index].result()
            if failure is not None:
                failed += 1
                print('\n'.join('# ' + line.encode('unicode_escape').decode() for line in failure.split('\n')))
            print('%s %d - %s' % ('ok' if failure is None else 'not ok', index + 1, title), flush=True)
            if seconds > 10:
                print('# it took %d s' % seconds)
    return 1 if failed else 0
