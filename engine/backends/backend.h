/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ops/op.h"

typedef enum
{
  SL_PASS_FORWARD,
  SL_PASS_AGAIN, /* in the backward pass: y of a step that can repeat, from what its call for
                  * the backward pass has for x; changes nothing else */
  SL_PASS_BACKWARD,
  SL_N_PASSES
} SlPass;

/* What executes the steps of a plan.  A plan is wholly on one backend: an op that it lacks is an
 * error when the plan is made. */
typedef struct
{
  const char *name;

  /* Binds @steps, which stay where they are, to the kernels that @flags ask for.
   * Error: %SL_ERROR_UNSUPPORTED, naming the op. */
  gpointer (*prepare) (const SlStep *steps, guint n, SlPlanFlags flags, GError **error);
  void (*release) (gpointer prepared);

  /* Bytes of the largest scratch that a step wants with the number of threads that
   * sl_parallel_get_threads() gives now. */
  gsize (*scratch_bytes) (gpointer prepared);

  /* Runs one step.  No allocation, no lock. */
  void (*run) (gpointer prepared, SlPass pass, guint step);

  /* Optimiser steps over stretches of parameter blocks; see SlKernels.adamw. */
  void (*adamw) (gsize n, float *p, const float *g, float *m, float *v, float lr, float beta1,
                 float beta2, float eps, float decay, float correction1, float correction2);
} SlBackend;

const SlBackend *sl_backend_cpu (void);
