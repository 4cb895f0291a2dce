/* metadata.managedFields: who wrote what, with which API version, and when. */
#pragma once

#include "situation/place.h"
#include <jansson.h>
#include <stdint.h>

/* Borrowed from the object. */
struct managed_write {
    const char *manager; /* NULL: nobody found */
    const char *version; /* "v1" of "db.microsoft.com/v1" */
    int64_t time_ms;     /* wall; CLOCK_UNKNOWN */
};

/* The newest write of anything but a status. */
struct managed_write managed_fields_newest(const json_t *object);

/* The newest write that owns the field at `place`; else, as the field was taken away, the newest write of all. */
struct managed_write managed_fields_owner(const json_t *object, const struct place *place);
