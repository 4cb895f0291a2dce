/* What frames every view: the header with who, where and when, and the footer with the keys. */
#pragma once

#include "ui/canvas.h"
#include "ui/scene.h"
#include "ui/view.h"

void frame_draw_header(const struct scene *scene, struct canvas *canvas);
void frame_draw_footer(const struct scene *scene, const struct view *view, struct canvas *canvas);
