/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* ---- Targets with several labels, "clear;road", as #sl_task_multilabel writes them. */

/* Whether @target has the label @name.  @target: (nullable): it has none. */
gboolean slope_labels_have (const char *target, const char *name);
/* @target with what @edit, "+road;-water", adds and takes away; labels in the order of @classes.
 * @target: (nullable).  (transfer full) */
char    *slope_labels_edit (const char *const *classes, const char *target, const char *edit);

G_END_DECLS
