/*
 * The sections of a playbook file. A section that is interpreted has one file, section_<name>.c, whose function checks its part of the tree
 * and fills its part of the playbook; a new one is a new file, its prototype here and its row in sections.c.
 */
#pragma once

#include "playbook/check.h"
#include "playbook/playbook.h"

struct section {
    const char *name; /* the key at the top of the file */
    enum check_shape shape;
    bool required;
    /* Called when the section is there and has its shape; NULL: not interpreted. `value` stands at the pointer "/<name>". */
    void (*read)(struct check *check, json_t *value, struct playbook *playbook);
};

/* Reads the whole file into `playbook`, whose tree is set. */
void sections_read(struct check *check, struct playbook *playbook);

void section_format_read(struct check *check, json_t *value, struct playbook *playbook);
void section_name_read(struct check *check, json_t *value, struct playbook *playbook);
void section_title_read(struct check *check, json_t *value, struct playbook *playbook);
void section_parameters_read(struct check *check, json_t *value, struct playbook *playbook);
void section_contexts_read(struct check *check, json_t *value, struct playbook *playbook);
void section_match_read(struct check *check, json_t *value, struct playbook *playbook);
void section_settings_read(struct check *check, json_t *value, struct playbook *playbook);
void section_components_read(struct check *check, json_t *value, struct playbook *playbook);
void section_api_read(struct check *check, json_t *value, struct playbook *playbook);
void section_databases_read(struct check *check, json_t *value, struct playbook *playbook);
