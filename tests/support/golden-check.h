/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the tests against PyTorch share: the formula of inputs, the golden files, and comparing
 * with them, tolerances as tests/golden/manifest.json says and why. */

#include <math.h>
#include <string.h>

#include <slope/checkpoint.h>

#define PASS_TOLERANCE 1e-4
#define GRADIENT_TOLERANCE 5e-4

/* pattern() of make.py. */
static inline float
pattern_at (gsize i, gsize salt)
{
  return (float)((double)((i * 7919 + salt * 104729 + 17) % 2003) / 1001.5 - 1);
}

static inline SlStateDict *
load (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "golden", name, NULL);
  g_autoptr (GError) error = NULL;
  SlStateDict *dict = sl_state_dict_load (path, &error);

  g_assert_no_error (error);
  return dict;
}

static inline void
assert_close (const char *name, const float *got, SlTensor *wanted, double tolerance)
{
  gsize n = sl_shape_n_elements (sl_tensor_get_shape (wanted));
  double largest = 1e-3;

  for (gsize i = 0; i < n; i++)
    largest = MAX (largest, fabs (sl_tensor_f32 (wanted)[i]));
  for (gsize i = 0; i < n; i++)
    if (!(fabs (got[i] - sl_tensor_f32 (wanted)[i]) <= tolerance * largest))
      g_error ("%s[%zu]: %g, PyTorch has %g", name, i, got[i], sl_tensor_f32 (wanted)[i]);
}

static inline void
assert_output (SlPlan *plan, const char *output, SlStateDict *golden, const char *name)
{
  gsize n;
  const float *got = sl_plan_output (plan, output, &n);
  SlTensor *wanted = sl_state_dict_lookup (golden, name);

  g_assert_nonnull (wanted);
  g_assert_cmpuint (n, ==, sl_shape_n_elements (sl_tensor_get_shape (wanted)));
  assert_close (name, got, wanted, PASS_TOLERANCE);
}

/* Every tensor of @golden that is a parameter's; returns how many. */
static inline guint
assert_params (SlStateDict *ours, SlStateDict *golden, double tolerance)
{
  guint n = 0;

  for (guint i = 0; i < sl_state_dict_n (ours); i++)
    {
      const char *name = sl_state_dict_name (ours, i);
      SlTensor *wanted = sl_state_dict_lookup (golden, name);

      if (wanted == NULL)
        continue;
      assert_close (name, sl_tensor_f32 (sl_state_dict_lookup (ours, name)), wanted, tolerance);
      n++;
    }
  return n;
}
