/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopePair:
 *
 * Two pictures that may show the same.
 */
#define SLOPE_TYPE_PAIR (slope_pair_get_type ())
G_DECLARE_FINAL_TYPE (SlopePair, slope_pair, SLOPE, PAIR, GObject)

/* @likeness: 0 … 1, NaN: not known.  (transfer full) */
SlopePair *slope_pair_new          (SlItem *a, SlItem *b, double likeness);
SlItem    *slope_pair_get          (SlopePair *self, guint i); /* 0, 1; (transfer none) */
double     slope_pair_get_likeness (SlopePair *self);
gboolean   slope_pair_is_across    (SlopePair *self); /* one is trained on, the other validated */
gboolean   slope_pair_differs      (SlopePair *self); /* both have a label, not the same one */
/* A person has looked at it and keeps both. */
void       slope_pair_set_judged   (SlopePair *self, gboolean judged);
/* Both are there, and nobody has settled it: not once it was judged, for as long as both are kept. */
gboolean   slope_pair_is_open      (SlopePair *self);

G_END_DECLS
