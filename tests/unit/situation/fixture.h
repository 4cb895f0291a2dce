/* Records and objects for tests: those of the staged cluster (tests/data/situation), and made-up ones. */
#pragma once

#include "helm/record.h"
#include "playbook/playbook.h"
#include "situation/change_set.h"
#include <jansson.h>

char *fixture_text(const char *name); /* a file of tests/data/situation; owned by the caller */
json_t *fixture_json(const char *name);
json_t *fixture_parse(const char *json); /* made-up JSON, with ' for " */

struct helm_record *fixture_revision(int revision); /* 1 to 5 of the staged release */
struct helm_record *fixture_record(int revision,
                                   const char *manifest);     /* release "shop" in namespace "shop", no values */
struct playbook *fixture_playbook(void);                      /* the shipped playbook `documentdb` */
struct playbook *fixture_playbook_of(const char *components); /* YAML of the components section */

const struct component_change *fixture_component(const struct change_set *set, const char *name);
const struct field_change *fixture_field(const struct field_change *fields, size_t count,
                                         const char *path); /* NULL: not there */

/* A Deployment "web" in YAML whose container `app` has this image; `more` is put beneath the container, indented by 8.
 */
char *fixture_deployment(const char *image, const char *more);
