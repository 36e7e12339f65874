/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/task.h>

/* What several kinds of problem do with names and numbers.  Private to the engine. */

/* The index of a name in a sorted list; -1: it is not there. */
gint32   sl_names_find  (const SlProblem *problem, const char *name, gsize length);
/* Reads a number with a decimal point, whole up to a blank, @stop or the end; *@text is moved behind it.
 * FALSE: there is none, or it is not finite. */
gboolean sl_number_read (const char **text, char stop, double *value);
/* The SlTask.measure of those whose outputs are probabilities of classes. */
gboolean sl_classes_measure (const SlProblem *problem, const SlRecipe *recipe, const char *target,
                             const SlPictureView *view, SlPrediction *prediction);
