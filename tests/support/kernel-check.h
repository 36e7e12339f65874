/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the tests of kernels share: buffers between guard zones, scratch that starts as NaN, errors
 * against the reference, and the loop over tables and thread counts. */

#include <math.h>
#include <string.h>

#include <slope/parallel.h>
#include <slope/random.h>

#include "kernels/kernels.h"

#define GUARD 64               /* floats before and behind each buffer */
#define GUARD_BITS 0x7fa5a5a5u /* a NaN: reading a guard shows in the result */

typedef struct
{
  guint32 *base;
  float *data;
  gsize n;
} Buffer;

static inline Buffer
buffer_new (gsize n)
{
  Buffer b = { g_aligned_alloc (n + 2 * GUARD, sizeof (float), 64), NULL, n };

  for (gsize i = 0; i < n + 2 * GUARD; i++)
    b.base[i] = GUARD_BITS;
  b.data = (float *)(b.base + GUARD);
  return b;
}

/* Values in [-1, 1) that depend on @seed alone; every eighth is exactly zero. */
static inline Buffer
buffer_random (gsize n, guint64 seed)
{
  Buffer b = buffer_new (n);
  SlRandom random;

  sl_random_init (&random, seed);
  for (gsize i = 0; i < n; i++)
    b.data[i] = i % 8 == 5 ? 0 : (float)sl_random_uniform (&random, -1, 1);
  return b;
}

static inline Buffer
buffer_copy (const Buffer *from)
{
  Buffer b = buffer_new (from->n);

  memcpy (b.data, from->data, from->n * sizeof (float));
  return b;
}

/* Fails when something was written outside. */
static inline void
buffer_check (const Buffer *b)
{
  for (gsize i = 0; i < GUARD; i++)
    {
      g_assert_cmphex (b->base[i], ==, GUARD_BITS);
      g_assert_cmphex (b->base[GUARD + b->n + i], ==, GUARD_BITS);
    }
}

static inline void
buffer_free (Buffer *b)
{
  buffer_check (b);
  g_aligned_free (b->base);
}

/* sqrt (Σ (a - b)² / Σ b²): 0 is equal, 1 is nothing in common. */
static inline double
buffer_error (const Buffer *a, const Buffer *expected)
{
  double error = 0, size = 0;

  g_assert_cmpuint (a->n, ==, expected->n);
  for (gsize i = 0; i < a->n; i++)
    {
      double e = expected->data[i], d = a->data[i] - e;

      g_assert_true (isfinite (a->data[i]));
      error += d * d;
      size += e * e;
    }
  return size > 0 ? sqrt (error / size) : sqrt (error);
}

#define assert_close(a, expected, bound)                                                           \
  do                                                                                               \
    {                                                                                              \
      double error_ = buffer_error (a, expected);                                                  \
      buffer_check (a);                                                                            \
      if (error_ > (bound))                                                                        \
        g_error ("%s:%d: %s differs by %.3g, more than %.3g (%s)", __FILE__, __LINE__, #a, error_, \
                 (double)(bound), kernel_case);                                                    \
    }                                                                                              \
  while (0)

#define assert_same_bits(a, b)                                                              \
  do                                                                                        \
    {                                                                                       \
      g_assert_cmpuint ((a)->n, ==, (b)->n);                                                \
      if (memcmp ((a)->data, (b)->data, (a)->n * sizeof (float)) != 0)                      \
        g_error ("%s:%d: %s has other bits with more threads (%s)", __FILE__, __LINE__, #a, \
                 kernel_case);                                                              \
    }                                                                                       \
  while (0)

/* What runs now, for the message of a failure. */
static char kernel_case[256];

/* Thread counts, the first being the one that the others must equal to the bit. */
static const guint thread_counts[] = { 1, 2, 5 };

/* What a test computes with one table or another, and compares. */
typedef struct
{
  gsize n_results; /* up to MAX_RESULTS */
  void (*run) (const SlKernels *kernels, gconstpointer data, Buffer *results); /* makes them all */
  double (*bound) (gsize i); /* of result i's error against the reference */
} Comparison;

#define MAX_RESULTS 16

/* A table against the reference, and against itself on more threads.  @name: of @data, for the
 * message of a failure. */
static inline void
compare_table (const Comparison *what, const SlKernels *kernels, gconstpointer data,
               const char *name)
{
  Buffer expected[MAX_RESULTS], first[MAX_RESULTS], more[MAX_RESULTS];

  g_assert_cmpuint (what->n_results, <=, MAX_RESULTS);
  what->run (sl_kernels_reference (), data, expected);
  for (gsize i = 0; i < G_N_ELEMENTS (thread_counts); i++)
    {
      g_snprintf (kernel_case, sizeof kernel_case, "%s, %s, %u threads", kernels->name, name,
                  thread_counts[i]);
      sl_parallel_set_threads (thread_counts[i]);
      what->run (kernels, data, i == 0 ? first : more);
      for (gsize j = 0; j < what->n_results; j++)
        if (i == 0)
          assert_close (&first[j], &expected[j], what->bound (j));
        else
          {
            assert_same_bits (&more[j], &first[j]);
            buffer_free (&more[j]);
          }
    }
  for (gsize j = 0; j < what->n_results; j++)
    {
      buffer_free (&first[j]);
      buffer_free (&expected[j]);
    }
}

typedef void (*TableCheck) (const SlKernels *kernels, gconstpointer data);

/* Calls @check (table, @data) with each tuned table that this computer has. */
static inline void
for_each_table (TableCheck check, gconstpointer data)
{
  static const char *const names[] = { "baseline", "avx2", "avx512" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (sl_kernels_named (names[i]) != NULL)
      check (sl_kernels_named (names[i]), data);
  sl_parallel_set_threads (0);
}

/* The same with the tables of bfloat16. */
static inline void
for_each_bf16_table (TableCheck check, gconstpointer data)
{
  static const char *const names[] = { "baseline", "avx2", "avx512", "avx512bf16" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (sl_kernels_bf16_named (names[i]) != NULL)
      check (sl_kernels_bf16_named (names[i]), data);
  sl_parallel_set_threads (0);
}
