#include "reading.h"
#include <check.h>
#include <string.h>

struct playbook *reading_parse(const char *text)
{
    struct playbook *playbook = NULL;
    struct error error = {0};
    ck_assert_msg(playbook_parse("x.yaml", text, strlen(text), &playbook, NULL, &error), "%s", error.message);
    return playbook;
}

void reading_expect_mistakes(const char *text, const char *const *expected)
{
    struct playbook *playbook = (struct playbook *)"untouched";
    struct playbook_mistakes mistakes = {0};
    struct error error = {0};
    ck_assert_msg(!playbook_parse("x.yaml", text, strlen(text), &playbook, &mistakes, &error), "%s", text);
    ck_assert_str_eq((const char *)playbook, "untouched");
    ck_assert_int_eq(error.code, ERROR_INVALID);
    size_t count = 0;
    for (; expected[count] != NULL; count++) {
        ck_assert_msg(count < mistakes.count, "not found: %s", expected[count]);
        ck_assert_str_eq(mistakes.texts[count], expected[count]);
    }
    ck_assert_msg(count == mistakes.count, "one more: %s", mistakes.texts[count]);
    ck_assert_str_eq(error.message, mistakes.texts[0]);
    playbook_mistakes_release(&mistakes);
    error_release(&error);
    ck_assert(!playbook_parse("x.yaml", text, strlen(text), &playbook, NULL, NULL));
}
