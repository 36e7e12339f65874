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
#endif

/* Best first. */
static const struct
{
  const char *name;
  gboolean (*is_supported) (void);
  const SlKernels *(*get) (void);
} tables[] = {
#ifdef __x86_64__
  { "avx512", has_avx512, sl_kernels_avx512 },
  { "avx2", has_avx2, sl_kernels_avx2 },
#endif
  { "baseline", always, sl_kernels_baseline },
  { "reference", always, sl_kernels_reference },
};

const SlKernels *
sl_kernels_named (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    if (g_strcmp0 (name, tables[i].name) == 0 && tables[i].is_supported ())
      {
        openblas_set_num_threads (
            1); /* the kernels cut the work, and call it from their own team */
        return tables[i].get ();
      }
  return NULL;
}

const SlKernels *
sl_kernels (void)
{
  static const SlKernels *chosen;
  static gsize once;

  if (g_once_init_enter (&once))
    {
      const char *wanted = g_getenv ("SLOPE_KERNELS");

      if (wanted != NULL && *wanted != '\0')
        {
          chosen = sl_kernels_named (wanted);
          if (chosen == NULL)
            g_printerr ("SLOPE_KERNELS: this computer has no kernels named “%s”: using the best\n",
                        wanted);
        }
      for (gsize i = 0; chosen == NULL; i++)
        chosen = sl_kernels_named (tables[i].name);
      g_once_init_leave (&once, 1);
    }
  return chosen;
}
