/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An empty sample set of a problem with one label each. */
#pragma once

#include <slope/dataset.h>

static inline SlSampleSet *
samples_new (const char *const *classes)
{
  g_autoptr (SlProblem) problem = sl_problem_new (&sl_task_classify, classes, NULL);

  return sl_sample_set_new (problem);
}
