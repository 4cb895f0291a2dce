# What the manifests of two revisions say differently.
. "$SUITE_FOLDER/release.sh"

case_two_staged_revisions() {
    plain diff 4 5
    status_is 0
    grep -q '^-.*documentdb-operator:v1.3.0' "$out"
    grep -q '^+.*documentdb-operator:v1.3.1' "$out"
    grep -q '^@@ ' "$out"
    refuses grep -q $'\e' "$out"
}

case_equal_revisions() {
    plain diff 4 4
    [ "$status" = 0 ] || [ "$status" = 3 ]
    refuses grep -q '^[-+]' "$out"
}

case_the_values_of_secrets_are_masked() {
    fresh_namespace
    upgrade shop
    upgrade shop --set secret=second-secret
    plain diff 1 2 --release shop -n "$namespace"
    status_is 0
    grep -q 'Secret' "$out"
    refuses grep -q -e first-secret -e second-secret -e "$(printf second-secret | base64)" "$out"
}

case_a_revision_that_does_not_exist() {
    console diff 4 77
    fails_with 9 77
}

case_drift_is_part_of_it() {
    fresh_namespace
    upgrade shop
    "$KUBECTL" set image deployment/shop-web -n "$namespace" web=registry.example/web:hotfix >/dev/null
    plain diff --live --release shop -n "$namespace"
    status_is 0
    grep -q 'web:hotfix' "$out"
}
