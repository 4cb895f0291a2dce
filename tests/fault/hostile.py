"""Text from outside at its worst, in every place that is shown."""
from cluster import pack

# Clears the screen, renames the window, colours, turns text around, hides.
EVIL = 'a\x1b[2J\x1b]0;owned\x07b\x9b31mc\u202edlrow\u202c\u2066d\u200b\r\x7f'


def spoil(server):
    """Everything that the console shows of this server's cluster becomes EVIL; so do its warnings."""
    cluster = server.cluster
    record = cluster.release(2)
    record['info']['description'] = EVIL
    record['chart']['metadata'].update(name=EVIL, version=EVIL, appVersion=EVIL)
    cluster.record(2)['data']['release'] = pack(record)
    cluster.record(1)['metadata']['labels']['status'] = EVIL
    cluster.record(1, 'shop-admin')['metadata']['labels'].update(name='shop-' + EVIL, status=EVIL)
    for found in cluster.objects['events']:
        found.update(message=EVIL, reason=EVIL)
    for found in cluster.objects['baskets']:
        found['metadata'].update(name=EVIL, managedFields=[{'manager': EVIL, 'apiVersion': 'shop.example/' + EVIL, 'operation': 'Update'}])
        found['spec']['version'] = EVIL
        found['status'] = {'phase': EVIL, 'conditions': [{'type': 'Ready', 'status': 'False', 'reason': EVIL, 'message': EVIL}]}
    live = cluster.find('deployments', 'shop', 'shop-web')
    live['spec']['template']['spec']['containers'][0]['image'] = EVIL
    live['metadata']['managedFields'] = [{'manager': EVIL, 'operation': 'Update', 'apiVersion': 'apps/v1', 'fieldsV1': {
        'f:spec': {'f:template': {'f:spec': {'f:containers': {'k:{"name":"web"}': {'f:image': {}}}}}}}}]
    live['status']['readyReplicas'] = 0
    live['status']['conditions'] = [{'type': 'Progressing', 'status': 'False', 'reason': EVIL, 'message': EVIL}]
    cluster.objects['pods'][0]['status']['containerStatuses'][0].update(
        ready=False, image=EVIL, imageID=EVIL, state={'waiting': {'reason': EVIL, 'message': EVIL}})
    definition = cluster.objects['customresourcedefinitions'][0]
    definition['spec']['versions'][0].update(deprecated=True, deprecationWarning=EVIL)
    server.on(warned, method='GET')


def warned(exchange):
    """The right answer, with a warning of the worst kind."""
    code, document = exchange.server.cluster.get(exchange.place, exchange.query)
    exchange.send_json(code, exchange.trim(document), {'Warning': '299 - "%s"' % 'old \\"\x1b]0;owned\x07\x9b31m'})
