/* format, name, title: what a file begins with. */
#include "base/i18n.h"
#include "playbook/sections.h"

#define FORMAT 1

void section_format_read(struct check *check, json_t *value, struct playbook *playbook)
{
    (void)playbook;
    if (json_integer_value(value) != FORMAT)
        check_mistake(check, "/format", false, _("this program reads playbooks of format %d, not %lld"), FORMAT,
                      (long long)json_integer_value(value));
}

void section_name_read(struct check *check, json_t *value, struct playbook *playbook)
{
    if (check_name(check, "/name", json_string_value(value)))
        playbook->name = json_string_value(value);
}

void section_title_read(struct check *check, json_t *value, struct playbook *playbook)
{
    if (json_string_length(value) == 0)
        check_mistake(check, "/title", false, _("this text is empty"));
    playbook->title = json_string_value(value);
}
