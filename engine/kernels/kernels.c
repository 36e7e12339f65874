/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which table of kernels this process uses. */
#include <cblas.h>

#include "kernels/kernels.h"
#include "kernels/tables.h"

static gboolean
always (void)
{
  return TRUE;
}

#ifdef __x86_64__
static gboolean
has_avx2 (void)
{
  return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
}

static gboolean
has_avx512 (void)
{
  return has_avx2 () && __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512bw")
         && __builtin_cpu_supports ("avx512dq") && __builtin_cpu_supports ("avx512vl");
}

static gboolean
has_avx512bf16 (void)
{
  return has_avx512 () && __builtin_cpu_supports ("avx512bf16");
}
#endif

/* A set of kernels for each precision. */
typedef struct
{
  const char *name;
  gboolean (*is_supported) (void);
  const SlKernels *(*get) (void);
  const SlKernels *(*get_bf16) (void);
} Set;

/* Best first. */
static const Set sets[] = {
#ifdef __x86_64__
  { "avx512bf16", has_avx512bf16, sl_kernels_avx512, sl_kernels_avx512bf16 },
  { "avx512", has_avx512, sl_kernels_avx512, sl_kernels_avx512_bf16 },
  { "avx2", has_avx2, sl_kernels_avx2, sl_kernels_avx2_bf16 },
#endif
  { "baseline", always, sl_kernels_baseline, sl_kernels_baseline_bf16 },
  { "reference", always, sl_kernels_reference, sl_kernels_reference_bf16 },
};

/* NULL: unknown or the CPU lacks it. */
static const Set *
set_named (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sets); i++)
    if (g_strcmp0 (name, sets[i].name) == 0 && sets[i].is_supported ())
      {
        /* The kernels cut the work, and call it from their own team. */
        openblas_set_num_threads (1);
        return &sets[i];
      }
  return NULL;
}

static const Set *
chosen_set (void)
{
  static const Set *chosen;
  static gsize once;

  if (g_once_init_enter (&once))
    {
      const char *wanted = g_getenv ("SLOPE_KERNELS");

      if (wanted != NULL && *wanted != '\0')
        {
          chosen = set_named (wanted);
          if (chosen == NULL)
            g_printerr ("SLOPE_KERNELS: this computer has no kernels named “%s”: using the best\n",
                        wanted);
        }
      for (gsize i = 0; chosen == NULL; i++)
        chosen = set_named (sets[i].name);
      g_once_init_leave (&once, 1);
    }
  return chosen;
}

const SlKernels *
sl_kernels_named (const char *name)
{
  const Set *set = set_named (name);

  return set != NULL ? set->get () : NULL;
}

const SlKernels *
sl_kernels_bf16_named (const char *name)
{
  const Set *set = set_named (name);

  return set != NULL ? set->get_bf16 () : NULL;
}

const SlKernels *
sl_kernels (void)
{
  return chosen_set ()->get ();
}

const SlKernels *
sl_kernels_bf16 (void)
{
  return chosen_set ()->get_bf16 ();
}
