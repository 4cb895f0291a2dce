"""A small cluster in memory: enough of the Kubernetes API for the console to see one release whole. Cases spoil parts of it."""
import base64
import gzip
import json
import re

# What must never be told: the tests look for each of these in everything that the console prints and logs.
TOKEN = 'tok-5f2b8c0e9a7d41'
BASIC_PASSWORD = 'pass-c1d0a6f34b'
PLUGIN_TOKEN = 'plug-8812fe09dd'
SECRET_VALUES = ['hunter2-old-7f31', 'hunter2-new-a90c']
SECRETS = [TOKEN, BASIC_PASSWORD, PLUGIN_TOKEN, *SECRET_VALUES, *(base64.b64encode(value.encode()).decode() for value in SECRET_VALUES)]

UIDS = '00000000-0000-4000-8000-%012d'
CREATED = '2026-01-05T10:00:00Z'

KINDS = {  # plural: (apiVersion, kind)
    'namespaces': ('v1', 'Namespace'),
    'secrets': ('v1', 'Secret'),
    'configmaps': ('v1', 'ConfigMap'),
    'services': ('v1', 'Service'),
    'pods': ('v1', 'Pod'),
    'events': ('v1', 'Event'),
    'deployments': ('apps/v1', 'Deployment'),
    'statefulsets': ('apps/v1', 'StatefulSet'),
    'daemonsets': ('apps/v1', 'DaemonSet'),
    'replicasets': ('apps/v1', 'ReplicaSet'),
    'cronjobs': ('batch/v1', 'CronJob'),
    'customresourcedefinitions': ('apiextensions.k8s.io/v1', 'CustomResourceDefinition'),
    'baskets': ('shop.example/v1', 'Basket'),
    'clusters': ('postgresql.cnpg.io/v1', 'Cluster'),
}


def status(code, reason, message):
    """A metav1.Status, as the API server says no."""
    return {'kind': 'Status', 'apiVersion': 'v1', 'status': 'Failure', 'reason': reason, 'code': code, 'message': message}


def pack(record):
    """A release record as Helm stores it, as the API shows it."""
    packed = gzip.compress(json.dumps(record).encode(), mtime=0)
    return base64.b64encode(base64.b64encode(packed)).decode()


class Cluster:
    def __init__(self):
        self.objects = {plural: [] for plural in KINDS}
        self.version = 1000
        for name in ('default', 'kube-system', 'shop', 'stock'):
            self.add('namespaces', None, name)
        for revision in (1, 2, 3):
            self.add_record('shop', 'shop', revision, self.release(revision))
        self.add_record('shop', 'shop-admin', 1, {'name': 'shop-admin', 'namespace': 'shop', 'version': 1})
        self.add_record('stock', 'stock', 1, {'name': 'stock', 'namespace': 'stock', 'version': 1})
        for document in self.manifest(3):
            plural = next(plural for plural, (_, kind) in KINDS.items() if kind == document['kind'])
            self.add(plural, document['metadata'].get('namespace'), document['metadata']['name'], **self.lived(document))
        for name in ('ann', 'bob'):
            self.add('baskets', 'shop', name, spec={'items': 3}, metadata={'managedFields': [
                {'manager': 'kubectl', 'operation': 'Update', 'apiVersion': 'shop.example/v1', 'time': CREATED}]})
        self.add('pods', 'shop', 'shop-web-6c9-x2x4z', spec={'containers': [{'name': 'web', 'image': 'web:3'}]},
                 metadata={'labels': {'app': 'web'}}, status={'phase': 'Running', 'containerStatuses': [
                     {'name': 'web', 'ready': True, 'imageID': 'sha256:' + 64 * 'a', 'restartCount': 0}]})
        self.add('events', 'shop', 'shop-web.1', type='Warning', reason='BackOff', message='restarting failed container', count=3,
                 lastTimestamp=CREATED, involvedObject={'kind': 'Deployment', 'namespace': 'shop', 'name': 'shop-web'})

    # ---- what there is ----

    def add(self, plural, namespace, name, metadata=None, **fields):
        self.version += 1
        api_version, kind = KINDS[plural]
        head = {'name': name, 'uid': UIDS % self.version, 'resourceVersion': str(self.version), 'creationTimestamp': CREATED,
                'generation': 1}
        if namespace is not None:
            head['namespace'] = namespace
        head.update(metadata or {})
        found = {'apiVersion': api_version, 'kind': kind, 'metadata': head, **fields}
        self.objects[plural].append(found)
        return found

    def add_record(self, namespace, release, revision, content):
        state = content.get('info', {}).get('status', 'deployed')
        labels = {'owner': 'helm', 'name': release, 'version': str(revision), 'status': state, 'createdAt': '1767607200'}
        return self.add('secrets', namespace, 'sh.helm.release.v1.%s.v%d' % (release, revision), metadata={'labels': labels},
                        type='helm.sh/release.v1', data={'release': pack(content)})

    def record(self, revision, release='shop'):
        return self.find('secrets', 'shop', 'sh.helm.release.v1.%s.v%d' % (release, revision))

    def find(self, plural, namespace, name):
        for found in self.objects[plural]:
            if found['metadata']['name'] == name and found['metadata'].get('namespace') == namespace:
                return found
        return None

    def manifest(self, revision):
        """Three kinds of workload data: a Deployment whose image changes, a Secret whose value changes, things that stay."""
        def head(name):
            return {'name': name, 'namespace': 'shop', 'labels': {'app.kubernetes.io/managed-by': 'Helm'}, 'annotations': {
                'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': 'shop'}}
        def workload(kind, name, image, **spec):
            pod = {'metadata': {'labels': {'app': name}}, 'spec': {'containers': [{'name': name, 'image': image, 'env': [
                {'name': 'PASSWORD', 'valueFrom': {'secretKeyRef': {'name': 'shop-db', 'key': 'password'}}}]}]}}
            return {'apiVersion': 'apps/v1', 'kind': kind, 'metadata': head('shop-' + name),
                    'spec': {'replicas': 1, 'selector': {'matchLabels': {'app': name}}, 'template': pod, **spec}}
        password = SECRET_VALUES[revision >= 3].encode()
        definition = {'apiVersion': 'apiextensions.k8s.io/v1', 'kind': 'CustomResourceDefinition', 'metadata': {
            **head('baskets.shop.example'), 'namespace': None}, 'spec': {
                'group': 'shop.example', 'scope': 'Namespaced', 'names': {'plural': 'baskets', 'kind': 'Basket', 'singular': 'basket'},
                'versions': [{'name': 'v1', 'served': True, 'storage': True, 'schema': {'openAPIV3Schema': {'type': 'object'}}}]}}
        del definition['metadata']['namespace']
        return [
            {'apiVersion': 'v1', 'kind': 'Secret', 'metadata': head('shop-db'), 'type': 'Opaque',
             'data': {'password': base64.b64encode(password).decode()}},
            {'apiVersion': 'v1', 'kind': 'Service', 'metadata': head('shop-web'),
             'spec': {'selector': {'app': 'web'}, 'ports': [{'port': 80}]}},
            workload('Deployment', 'web', 'web:%d' % revision),
            workload('StatefulSet', 'db', 'db:1', serviceName='shop-db'),
            definition,
        ]

    def release(self, revision):
        text = ''.join('---\n%s\n' % json.dumps(document) for document in self.manifest(revision))
        return {'name': 'shop', 'namespace': 'shop', 'version': revision, 'manifest': text, 'config': {'replicas': 1}, 'hooks': [],
                'info': {'status': 'deployed' if revision == 3 else 'superseded', 'last_deployed': CREATED, 'first_deployed': CREATED,
                         'description': 'Install complete' if revision == 1 else 'Upgrade complete'},
                'chart': {'metadata': {'name': 'shop', 'version': '1.%d.0' % revision, 'appVersion': '1.%d' % revision},
                          'values': {'replicas': 1}}}

    @staticmethod
    def lived(document):
        """The rest of a live object, with what its controller has written."""
        rest = {key: value for key, value in document.items() if key not in ('apiVersion', 'kind')}
        rest['metadata'] = dict(rest['metadata'])
        if document['kind'] in ('Deployment', 'StatefulSet'):
            rest['status'] = {'observedGeneration': 1, 'replicas': 1, 'readyReplicas': 1, 'updatedReplicas': 1, 'availableReplicas': 1}
        if document['kind'] == 'CustomResourceDefinition':
            rest['status'] = {'storedVersions': ['v1'], 'conditions': [{'type': 'Established', 'status': 'True'}]}
        return rest

    # ---- how it is asked ----

    PATH = re.compile(r'/(?:api/(?P<core>v1)|apis/(?P<group>[^/]+/[^/]+))(?:/namespaces/(?P<namespace>[^/]+)(?=/))?'
                      r'(?:/(?P<plural>[^/]+)(?:/(?P<name>[^/]+))?)?$')

    def get(self, path, query):
        """(code, document) of a GET that is no watch."""
        match = self.PATH.match(path)
        if not match:
            return 404, status(404, 'NotFound', 'the server could not find the requested resource')
        api_version = match['core'] or match['group']
        if match['plural'] is None:
            return 200, {'kind': 'APIResourceList', 'apiVersion': 'v1', 'groupVersion': api_version, 'resources': [
                {'name': plural, 'kind': kind, 'namespaced': plural not in ('namespaces', 'customresourcedefinitions')}
                for plural, (version, kind) in KINDS.items() if version == api_version]}
        if KINDS.get(match['plural'], ('',))[0] != api_version:
            return 404, status(404, 'NotFound', 'the server could not find the requested resource')
        if match['name'] is None:
            return 200, self.list(match['plural'], match['namespace'], query)
        found = self.find(match['plural'], match['namespace'], match['name'])
        if found is None:
            return 404, status(404, 'NotFound', '%s "%s" not found' % (match['plural'], match['name']))
        return 200, found

    def select(self, plural, namespace, query):
        def holds(found, requirement, read):
            key, negated, value = re.fullmatch(r'([^!=]+)(!?)=(.*)', requirement).groups()
            return (read(found, key) == value) != bool(negated)
        def label(found, key):
            return found['metadata'].get('labels', {}).get(key)
        def field(found, key):
            for part in key.split('.'):
                found = found.get(part, {})
            return found
        def selected(found):
            labels, fields = query.get('labelSelector', ''), query.get('fieldSelector', '')
            return (all(holds(found, one, label) if '=' in one else label(found, one) is not None for one in labels.split(',') if one) and
                    all(holds(found, one, field) for one in fields.split(',') if one))
        return [found for found in self.objects[plural]
                if (namespace is None or found['metadata'].get('namespace') == namespace) and selected(found)]

    def list(self, plural, namespace, query):
        api_version, kind = KINDS[plural]
        return {'apiVersion': api_version, 'kind': kind + 'List', 'metadata': {'resourceVersion': str(self.version)},
                'items': self.select(plural, namespace, query)}
