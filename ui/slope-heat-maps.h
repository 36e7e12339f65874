/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-answers.h"

G_BEGIN_DECLS

/* ---- Heat maps of a project's pictures, each for the class of its label; up to 400 are kept. */

SlopeAnswers *slope_heat_maps_new      (void);
/* The map of @item as it is labelled now, and the part of the picture's middle square that it
 * covers, in shares of the square's sides (it may reach beyond).  (transfer none) (nullable): it has
 * not come, or there is none */
GdkTexture   *slope_heat_maps_lookup   (SlopeAnswers *maps, SlItem *item, graphene_rect_t *where);
/* Which class the map of @item explains.  (transfer none) (nullable): its label is no class */
const char   *slope_heat_maps_class_of (SlProject *project, SlItem *item);

G_END_DECLS
