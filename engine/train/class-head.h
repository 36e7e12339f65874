/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/graph.h>

/* Grad-CAM (Selvaraju et al. 2017) needs the gradient of one class's output, before softmax, with
 * respect to the body's last map.  Only the head lies between them: it is compiled by itself, with
 * the one output that is asked about, over that map, and runs in evaluation mode.  Private to
 * train/. */
typedef struct _SlClassHead SlClassHead;

/**
 * sl_class_head_new:
 * @network: parameters of the whole network; kept, and read again by each sl_class_head_map()
 * @features: shape of the body's last map, (1,H,W,F)
 *
 * @error: as sl_plan_new()
 */
SlClassHead *sl_class_head_new (SlParams *network, SlShape features, GError **error);
void sl_class_head_free (SlClassHead *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlClassHead, sl_class_head_free)

/**
 * sl_class_head_map:
 * @features: (H,W,F) as the body left them
 * @map: (out): (H,W): where the picture speaks for class @class_index; not negative
 *
 * The channels of the map summed, each weighted with the mean of its gradient over all cells, and
 * a ReLU, as the course's lesson 6 does.
 */
void sl_class_head_map (SlClassHead *self, const float *features, guint class_index, float *map);
