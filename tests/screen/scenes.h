/* Pictures that the stage serves: made up, always the same. */
#pragma once

#include "session/session.h"

struct scenes;

/* NULL: there is no scene of that name. `wall_ms` and `boot_ms`: the clock when it begins. */
struct scenes *scenes_new(const char *name, int64_t wall_ms, int64_t boot_ms);
void scenes_free(struct scenes *scenes);

enum session_phase scenes_phase(const struct scenes *scenes);
const struct error *scenes_error(const struct scenes *scenes);
struct session_identity scenes_identity(const struct scenes *scenes);
const struct picture *scenes_picture(const struct scenes *scenes);
size_t scenes_release_count(const struct scenes *scenes);
struct session_release scenes_release_at(const struct scenes *scenes, size_t index);
size_t scenes_warning_count(const struct scenes *scenes);
void scenes_choose(struct scenes *scenes);
void scenes_repick(struct scenes *scenes);

/* The next thing that happens in this scene. */
void scenes_step(struct scenes *scenes);

/* What a diff of this scene answers; the caller owns it. NULL and an error: it fails. */
struct object_diffs *scenes_diffs(const struct scenes *scenes, bool live, struct error *error);
