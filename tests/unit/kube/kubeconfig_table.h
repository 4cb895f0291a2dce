/* tests/data/kube/kubeconfigs.txt, read case by case. */
#pragma once

#include <jansson.h>
#include <stddef.h>

/* How many cases there are. */
size_t table_count(void);

/* Makes a folder with the files of case `index` (from 0), goes there and sets the environment as the case wants it. The
 * results are owned by the caller; `run` may be NULL. Ends the test when the table is not as it should be. */
void table_prepare(size_t index, char **ret_name, json_t **ret_run, json_t **ret_expect);

char *table_read(const char *path); /* a whole file as text, or the test ends */
void table_write(const char *path, const char *text, int mode);
char *table_folder(void);           /* makes an empty folder and goes there */
char *table_data(const char *name); /* the absolute path of a file in tests/data/kube */
