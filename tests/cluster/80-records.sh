# Records that are not as they should be: each is listed with its reason, the others stay usable.
. "$SUITE_FOLDER/release.sh"

# Three good revisions, of which the second is spoiled by the statements.
spoil() {
    fresh_namespace
    upgrade shop
    upgrade shop --set tag=v2
    upgrade shop --set tag=v3
    edit_record shop 2 "$@"
}

# The second revision is listed with an error; the first is the target, and the hashes are there.
spoiled_is_listed() {
    console history --release shop -n "$namespace"
    status_is 0
    holds 'len(d["revisions"]) == 3' 'one(d["revisions"], revision=2)["error"]' \
        'not any(r.get("error") for r in d["revisions"] if r["revision"] != 2)' '[r["revision"] for r in d["revisions"] if r["target"]] == [1]'
    console hashes --release shop -n "$namespace"
    status_is 0
    holds 'd["from"] == 3 and d["to"] == 1' 'd["changed"] == ["shop-web"]'
    console hashes --to 2 --release shop -n "$namespace"
    fails_with 12 2
}

case_cut_in_half() {
    spoil 'whole = base64.b64encode(gzip.compress(json.dumps(record).encode()))' 'pack = whole[:len(whole) // 2]'
    spoiled_is_listed
}

case_not_base64() {
    spoil 'pack = b"%%% no record %%%"'
    spoiled_is_listed
}

case_empty() {
    spoil 'pack = b""'
    spoiled_is_listed
}

case_without_its_key() {
    spoil 'secret["data"] = {"other": secret["data"]["release"]}'
    spoiled_is_listed
}

case_no_json_inside() {
    spoil 'pack = base64.b64encode(gzip.compress(b"<html>"))'
    spoiled_is_listed
}

case_a_damaged_checksum() {
    spoil 'whole = bytearray(gzip.compress(json.dumps(record).encode()))' 'whole[-6] ^= 255' 'pack = base64.b64encode(bytes(whole))'
    spoiled_is_listed
}

case_a_gzip_bomb() {
    spoil 'pack = base64.b64encode(gzip.compress(b" " * (500 << 20), 9))'
    spoiled_is_listed
}

case_nested_ten_thousand_deep() {
    spoil 'text = json.dumps(record).encode()' \
        'pack = base64.b64encode(gzip.compress(text[:-1] + b", \"deep\": " + b"[" * 10000 + b"]" * 10000 + b"}"))'
    console history --release shop -n "$namespace"
    status_is 0
    holds 'sorted(r["revision"] for r in d["revisions"]) == [1, 2, 3]'
    edit_record shop 1 'text = json.dumps(record).encode()' \
        'pack = base64.b64encode(gzip.compress(b"{\"chart\": " + b"{\"a\": " * 10000 + b"1" + b"}" * 10000 + b"}"))'
    console history --release shop -n "$namespace"
    status_is 0
    holds 'one(d["revisions"], revision=1)["error"]' '[r["revision"] for r in d["revisions"] if r["live"]] == [3]'
}

case_another_release_inside() {
    spoil 'record["name"] = "other"' 'record["version"] = 7'
    console history --release shop -n "$namespace"
    status_is 0
    holds 'sorted(r["revision"] for r in d["revisions"]) == [1, 2, 3]'
}

case_an_uncompressed_record_is_read() {
    spoil 'pack = base64.b64encode(json.dumps(record).encode())'
    console history --release shop -n "$namespace"
    status_is 0
    holds 'not any(r.get("error") for r in d["revisions"])' '[r["revision"] for r in d["revisions"] if r["target"]] == [2]'
}

case_a_record_of_a_mebibyte_is_read() {
    fresh_namespace
    head -c 690000 /dev/urandom | base64 -w0 | sed 's/^/ballast: /' >large.yaml
    upgrade shop
    upgrade shop -f large.yaml --set tag=v2
    [ "$("$KUBECTL" get secret sh.helm.release.v1.shop.v2 -n "$namespace" -o jsonpath='{.data.release}' | wc -c)" -gt 1200000 ]
    console hashes --release shop -n "$namespace"
    status_is 0
    holds 'd["from"] == 2 and d["to"] == 1' 'd["changed"] == ["shop-web"]'
}

case_the_live_record_is_damaged() {
    fresh_namespace
    upgrade shop
    upgrade shop --set tag=v2
    edit_record shop 2 'pack = b"%%%"'
    console history --release shop -n "$namespace"
    status_is 0
    holds 'one(d["revisions"], revision=2)["live"] and one(d["revisions"], revision=2)["error"]'
    console hashes --release shop -n "$namespace"
    fails_with 12 2
}

case_control_characters_never_reach_the_terminal() {
    fresh_namespace
    upgrade shop
    upgrade shop --set tag=v2
    edit_record shop 1 'record["info"]["description"] = "Install complete \u001b[2J \u202e evil \u0007"' \
        'record["chart"]["metadata"]["version"] = "1\u001b]0;owned\u0007"' \
        'record["manifest"] = record["manifest"].replace("registry.example/web", "registry.example/\\u202eweb")'
    for command in history hashes "diff 1 2" status; do
        # shellcheck disable=SC2086
        plain $command --release shop -n "$namespace"
        status_is 0
        refuses grep -q -e $'\e' -e $'\a' -e $'\u202e' "$out" "$err"
    done
    console history --release shop -n "$namespace"
    status_is 0
    refuses grep -q -e $'\e' -e $'\a' "$out"
}
