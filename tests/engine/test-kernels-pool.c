/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pooling: every tuned table against the reference; maxima are exact, means to rounding. */
#include "kernel-check.h"

#define MEAN_BOUND 2e-6 /* float sums over up to 1600 pixels */

typedef struct
{
  const char *name;
  gsize n, h, w, c;
  guint kernel, stride, pad;
  gboolean ceil;
} Case;

static const Case cases[] = {
  { "one-pixel", 1, 1, 1, 1, 1, 1, 0 },    { "2x2", 2, 6, 9, 13, 2, 2, 0 },
  { "resnet", 2, 15, 22, 127, 3, 2, 1 },   { "overlapping", 1, 7, 5, 24, 3, 1, 1 },
  { "squeezenet", 1, 13, 13, 7, 3, 2, 0 }, { "gaps", 1, 11, 9, 3, 2, 3, 0 },
  { "ceil", 2, 14, 9, 24, 3, 2, 0, TRUE }, { "ceil-padded", 1, 12, 8, 5, 3, 2, 1, TRUE },
  { "wide-window", 1, 9, 8, 70, 5, 2, 2 }, { "threads", 2, 40, 40, 24, 3, 2, 1 },
};

#define N_RESULTS 16

/* Windows along an axis; those of the ceil cases end outside. */
static gsize
count (const Case *t, gsize size)
{
  return (size + 2 * t->pad - t->kernel + (t->ceil ? t->stride - 1 : 0)) / t->stride + 1;
}

static void
run (const SlKernels *kernels, gconstpointer data, Buffer *out)
{
  const Case *t = data;
  SlPoolShape s = { t->n,      t->h,      t->w,  t->c, count (t, t->h), count (t, t->w),
                    t->kernel, t->stride, t->pad };
  gsize n_x = s.n * s.h * s.w * s.c, n_y = s.n * s.oh * s.ow * s.c, hw = s.h * s.w, nc = s.n * s.c;
  Buffer x = buffer_random (n_x, 1), dy = buffer_random (n_y, 2), d = buffer_random (2 * nc, 3);
  g_autofree guint8 *argmax = g_malloc (n_y);
  g_autofree gint32 *where = g_new (gint32, nc);

  for (gsize i = 0; i < N_RESULTS; i++)
    out[i] = i < 4 ? buffer_new (n_y) : i < 8 ? buffer_new (2 * nc) : buffer_random (n_x, 4);
  kernels->max_pool_forward (&s, x.data, out[0].data, argmax);
  kernels->avg_pool_forward (&s, x.data, out[1].data);
  for (gsize i = 0; i < n_y; i++)
    {
      out[2].data[i] = argmax[i];
      out[3].data[i] = 0;
    }
  kernels->concat_pool_forward (s.n, hw, s.c, x.data, out[4].data, where);
  for (gsize i = 0; i < nc; i++)
    {
      out[5].data[i] = out[6].data[nc + i] = out[7].data[i] = out[7].data[nc + i] = 0;
      out[5].data[nc + i] = where[i];
    }
  kernels->mean_pool_forward (s.n, hw, s.c, x.data, out[6].data);
  for (gsize adds = 0; adds < 2; adds++)
    {
      kernels->max_pool_backward (&s, dy.data, argmax, out[8 + adds].data, adds);
      kernels->avg_pool_backward (&s, dy.data, out[10 + adds].data, adds);
      kernels->concat_pool_backward (s.n, hw, s.c, d.data, where, out[12 + adds].data, adds);
      kernels->mean_pool_backward (s.n, hw, s.c, d.data, out[14 + adds].data, adds);
    }
  buffer_free (&x);
  buffer_free (&dy);
  buffer_free (&d);
}

static double
bound (gsize i)
{
  return i == 0 || i == 2 || i == 5 ? 0 : MEAN_BOUND;
}

static void
check_table (const SlKernels *kernels, gconstpointer data)
{
  static const Comparison what = { N_RESULTS, run, bound };

  compare_table (&what, kernels, data, ((const Case *)data)->name);
}

static void
test_case (gconstpointer data)
{
  for_each_table (check_table, data);
}

/* ---- Texts of different lengths */

enum
{
  TEXT_Y,
  TEXT_WHERE,
  TEXT_DX,
  TEXT_DX_ADDED,
  N_TEXT
};

static void
run_text (const SlKernels *kernels, gconstpointer data, Buffer *out)
{
  const SlTextShape *s = data;
  gsize n_x = s->n * s->steps * s->c, nc = s->n * s->c;
  Buffer x = buffer_random (n_x, 1), dy = buffer_random (3 * nc, 2);
  g_autofree gint32 *where = g_new (gint32, nc);

  out[TEXT_Y] = buffer_new (3 * nc);
  out[TEXT_WHERE] = buffer_new (nc);
  out[TEXT_DX] = buffer_new (n_x);
  out[TEXT_DX_ADDED] = buffer_random (n_x, 3);
  kernels->text_pool_forward (s, x.data, out[TEXT_Y].data, where);
  for (gsize i = 0; i < nc; i++)
    out[TEXT_WHERE].data[i] = (float)where[i];
  kernels->text_pool_backward (s, dy.data, where, out[TEXT_DX].data, FALSE);
  kernels->text_pool_backward (s, dy.data, where, out[TEXT_DX_ADDED].data, TRUE);
  /* Nothing goes into padding. */
  for (gsize i = 0; i < s->n; i++)
    for (gsize j = 0; j < (gsize)s->first[i] * s->c; j++)
      g_assert_cmpfloat (out[TEXT_DX].data[i * s->steps * s->c + j], ==, 0);
  buffer_free (&x);
  buffer_free (&dy);
}

static double
text_bound (gsize i)
{
  return i == TEXT_WHERE ? 0 : MEAN_BOUND;
}

static void
check_text (const SlKernels *kernels, gconstpointer data)
{
  static const Comparison what = { N_TEXT, run_text, text_bound };

  compare_table (&what, kernels, data, "texts");
}

static void
test_texts (void)
{
  static const gint32 first[] = { 0, 3, 10, 1, 6 };
  static const SlTextShape shapes[] = {
    { 5, 11, 7, first }, { 2, 40, 65, first }, { 5, 23, 200, first }, { 1, 1, 1, first }
  };

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    for_each_table (check_text, &shapes[i]);
}

/* A text of two steps behind one of padding, which is larger than both and does not count. */
static void
check_text_by_hand (const SlKernels *kernels, gconstpointer data)
{
  const float x[] = { 9, 2, -1 }, dy[] = { 1, 2, 4 };
  const gint32 first = 1;
  SlTextShape s = { 1, 3, 1, &first };
  float y[3], dx[3];
  gint32 where;

  kernels->text_pool_forward (&s, x, y, &where);
  g_assert_cmpmem (y, sizeof y, ((float[]){ -1, 2, 0.5f }), sizeof y);
  g_assert_cmpint (where, ==, 1);
  kernels->text_pool_backward (&s, dy, &where, dx, FALSE);
  g_assert_cmpmem (dx, sizeof dx, ((float[]){ 0, 4, 3 }), sizeof dx);
}

static void
test_text_by_hand (void)
{
  check_text_by_hand (sl_kernels_reference (), NULL);
  for_each_table (check_text_by_hand, NULL);
}

/* Equal maxima: the first; padding is never one and does not count in a mean; a NaN shows. */
static void
check_by_hand (const SlKernels *kernels, gconstpointer data)
{
  const float x[] = { -1, -1, -3, -4 }, dy[] = { 8 }, with_nan[] = { 5, NAN, 7, 1 };
  SlPoolShape s = { 1, 2, 2, 1, 1, 1, 3, 2, 1 };
  guint8 argmax;
  gint32 where;
  float y, dx[4], both[2];

  kernels->max_pool_forward (&s, x, &y, &argmax);
  g_assert_cmpfloat (y, ==, -1);
  g_assert_cmpuint (argmax, ==, 4); /* the window's centre is pixel (0,0) */
  kernels->max_pool_backward (&s, dy, &argmax, dx, FALSE);
  g_assert_cmpmem (dx, sizeof dx, ((float[]){ 8, 0, 0, 0 }), sizeof dx);
  kernels->avg_pool_forward (&s, x, &y);
  g_assert_cmpfloat (y, ==, -2.25);
  kernels->avg_pool_backward (&s, dy, dx, FALSE);
  g_assert_cmpmem (dx, sizeof dx, ((float[]){ 2, 2, 2, 2 }), sizeof dx);
  kernels->concat_pool_forward (1, 4, 1, x, both, &where);
  g_assert_cmpfloat (both[0], ==, -1);
  g_assert_cmpfloat (both[1], ==, -2.25);
  g_assert_cmpint (where, ==, 0);
  kernels->max_pool_forward (&s, with_nan, &y, &argmax);
  g_assert_true (isnan (y));
}

static void
test_by_hand (void)
{
  check_by_hand (sl_kernels_reference (), NULL);
  for_each_table (check_by_hand, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/pool/by-hand", test_by_hand);
  g_test_add_func ("/kernels/pool/texts", test_texts);
  g_test_add_func ("/kernels/pool/texts/by-hand", test_text_by_hand);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/kernels/pool/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  return g_test_run ();
}
