/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "backends/backend.h"
#include "backends/cpu/cpu-ops.h"

typedef struct
{
  const SlCpuOp *op;
  const SlStep *step;
} CpuStep;

typedef struct
{
  const SlKernels *kernels;
  guint n;
  CpuStep steps[];
} CpuProgram;

static const SlKernels *
kernels_for (SlPlanFlags flags)
{
  if (flags & SL_PLAN_REFERENCE)
    return flags & SL_PLAN_BF16 ? sl_kernels_reference_bf16 () : sl_kernels_reference ();
  return flags & SL_PLAN_BF16 ? sl_kernels_bf16 () : sl_kernels ();
}

static gpointer
cpu_prepare (const SlStep *steps, guint n, SlPlanFlags flags, GError **error)
{
  g_autofree CpuProgram *program = g_malloc0 (sizeof *program + n * sizeof (CpuStep));

  program->kernels = kernels_for (flags);
  program->n = n;
  for (guint i = 0; i < n; i++)
    {
      program->steps[i] = (CpuStep){ sl_cpu_op_find (steps[i].op), &steps[i] };
      if (program->steps[i].op == NULL)
        {
          g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                       "The processor's backend has no %s: use another network", steps[i].op->name);
          return NULL;
        }
    }
  return g_steal_pointer (&program);
}

static gsize
cpu_scratch_bytes (gpointer prepared)
{
  const CpuProgram *program = prepared;
  gsize bytes = 0;

  for (guint i = 0; i < program->n; i++)
    {
      const CpuStep *step = &program->steps[i];

      if (step->op->scratch != NULL)
        bytes = MAX (bytes, step->op->scratch (program->kernels, &step->step->forward));
    }
  return bytes;
}

static void
cpu_run (gpointer prepared, SlPass pass, guint step)
{
  const CpuProgram *program = prepared;
  const CpuStep *own = &program->steps[step];

  if (pass == SL_PASS_FORWARD)
    own->op->forward (program->kernels, &own->step->forward);
  else if (pass == SL_PASS_AGAIN)
    (own->op->again != NULL ? own->op->again : own->op->forward) (program->kernels,
                                                                  &own->step->backward);
  else
    own->op->backward (program->kernels, &own->step->backward);
}

static void
cpu_adamw (gsize n, float *p, const float *g, float *m, float *v, float lr, float beta1,
           float beta2, float eps, float decay, float correction1, float correction2)
{
  sl_kernels ()->adamw (n, p, g, m, v, lr, beta1, beta2, eps, decay, correction1, correction2);
}

const SlBackend *
sl_backend_cpu (void)
{
  static const SlBackend backend = {
    .name = "cpu",
    .prepare = cpu_prepare,
    .release = g_free,
    .scratch_bytes = cpu_scratch_bytes,
    .run = cpu_run,
    .adamw = cpu_adamw,
  };

  return &backend;
}
