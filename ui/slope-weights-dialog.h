/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-job-bar.h"

G_BEGIN_DECLS

/**
 * slope_weights_ensure:
 * @parent: dialogs stand over its window
 * @job_bar: where the download is shown and can be cancelled
 * @recipe: read during the call only
 * @ready: called once the weights are here, or at once when the recipe needs none; never called
 *   when the person declines, cancels, or the download fails
 * @destroy: frees @data afterwards, whatever happened
 *
 * Makes sure of the public weights that the recipe starts from ("auto"): asks with size, address
 * and licence, downloads with progress and a way to cancel, and where that fails says where to put
 * the file by hand.
 */
void slope_weights_ensure (GtkWidget *parent, SlopeJobBar *job_bar, const SlRecipe *recipe,
                           GFunc ready, gpointer data, GDestroyNotify destroy);

G_END_DECLS
