"""Whether the document that a command printed is as it should be: holds.py STDOUT STDERR EXPRESSION…"""
import json, sys
text = open(sys.argv[1], encoding='utf-8').read()
err = open(sys.argv[2], encoding='utf-8', errors='surrogateescape').read()
try:
    d = json.loads(text)
except ValueError as problem:
    sys.exit(f'no JSON document: {problem}')
if not text.endswith('\n'):
    sys.exit('the document does not end in a newline')


def one(items, **wanted):
    """The item whose fields are as wanted; exactly one."""
    found = [item for item in items if all(item.get(key) == value for key, value in wanted.items())]
    assert len(found) == 1, f'{len(found)} items with {wanted}'
    return found[0]


for expression in sys.argv[3:]:
    try:
        value = eval(expression, {'d': d, 'err': err, 'one': one, 'json': json})
    except Exception as problem:
        sys.exit(f'{expression}: {problem!r}')
    if not value:
        sys.exit(f'does not hold: {expression}')
