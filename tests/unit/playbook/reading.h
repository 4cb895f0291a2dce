/* What the suites of this room share: playbooks from texts. */
#pragma once

#include "playbook/playbook.h"

/* A playbook that is right but for what `rest` adds: head, match and one component come before it. */
#define READING_HEAD                                                                                                   \
    "format: 1\nname: x\ntitle: X\nmatch: {chart: x}\n"                                                                \
    "components:\n  app: {stateful: false, workload: deployment/x}\n"

struct playbook *reading_parse(const char *text); /* fails the test when it is not right */

/* The text is wrong, and these are all its mistakes (NULL at the end). */
void reading_expect_mistakes(const char *text, const char *const *expected);
#define reading_expect(text, ...) reading_expect_mistakes((text), (const char *const[]){__VA_ARGS__, NULL})
