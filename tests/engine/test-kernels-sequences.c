/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Embedding, locked dropout, LSTM and the loss over a vocabulary: every table against the
 * reference, whose sums are double, over odd shapes; the same bits on any number of threads. */
#include "kernel-check.h"

#include "kernels/tuned/functions.h"

/* What float32 may cost against double: sums of up to 130 products forward, and through 9 steps of
 * time backward. */
#define FORWARD_BOUND 2e-6
#define BACKWARD_BOUND 5e-6

/* The same of products whose operands are rounded to bfloat16, against a reference that rounds them too.  Where a state or
 * a gradient on its way through time lies near the middle of two such numbers, float32's error decides which it becomes:
 * another 1/256 of one operand. */
#define BF16_BOUND 1e-5
#define BF16_LSTM_BOUND 1e-3

static Buffer
buffer_filled (gsize n, float value)
{
  Buffer b = buffer_new (n);

  for (gsize i = 0; i < n; i++)
    b.data[i] = value;
  return b;
}

/* Tokens or targets: some of them no word, some again and again. */
static Buffer
tokens_new (gsize n, gsize words)
{
  Buffer b = buffer_new (n);
  gint32 *token = (gint32 *)b.data;

  for (gsize i = 0; i < n; i++)
    token[i] = i % 7 == 3 ? (i % 2 == 0 ? -1 : (gint32)words) : (gint32)(i * i * 5 % words);
  return b;
}

/* ---- exp, sigmoid, tanh against double */

static double
relative (float got, double wanted)
{
  return fabs (got - wanted) / fabs (wanted);
}

static void
test_functions (void)
{
  double exp_error = 0, sigmoid_error = 0, tanh_error = 0;

  /* From 1e-6 to 87 in steps of a part in 30,000, both signs. */
  for (double size = 1e-6; size < 87; size *= 1.00003)
    for (gint sign = -1; sign <= 1; sign += 2)
      {
        float x = (float)(sign * size);

        if (sign < 0)
          exp_error = MAX (exp_error, relative (sl_exp_negative (x), exp (x)));
        sigmoid_error = MAX (sigmoid_error, relative (sl_sigmoid (x), 1 / (1 + exp (-(double)x))));
        tanh_error = MAX (tanh_error, relative (sl_tanh (x), tanh (x)));
      }
  g_test_message ("exp %.2g, sigmoid %.2g, tanh %.2g", exp_error, sigmoid_error, tanh_error);
  g_assert_cmpfloat (exp_error, <, 3e-7);
  g_assert_cmpfloat (sigmoid_error, <, 5e-7);
  g_assert_cmpfloat (tanh_error, <, 5e-7);
  g_assert_cmpfloat (sl_exp_negative (0), ==, 1);
  g_assert_cmpfloat (sl_tanh (0), ==, 0);
  g_assert_cmpfloat (sl_tanh (-1e30f), ==, -1);
  g_assert_cmpfloat (sl_sigmoid (1e30f), ==, 1);
  g_assert_true (isnan (sl_sigmoid (NAN)) && isnan (sl_tanh (NAN)));
}

/* ---- Embedding */

typedef struct
{
  SlWordShape s;
  float p;
} WordCase;

#define N_EMBEDDING 2

static void
run_embedding (const SlKernels *kernels, const WordCase *c, Buffer out[N_EMBEDDING])
{
  const SlWordShape *s = &c->s;
  Buffer token = tokens_new (s->n, s->words), w = buffer_random (s->words * s->features, 1);
  Buffer dy = buffer_random (s->n * s->features, 2);

  out[0] = buffer_new (s->n * s->features);
  out[1] = buffer_random (s->words * s->features, 3);
  kernels->embedding_forward (s, (gint32 *)token.data, w.data, c->p, 77, out[0].data);
  kernels->embedding_backward (s, (gint32 *)token.data, dy.data, c->p, 77, out[1].data);
  buffer_free (&token);
  buffer_free (&w);
  buffer_free (&dy);
}

static void
free_all (Buffer *buffers, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (buffers[i].base != NULL)
      buffer_free (&buffers[i]);
}

static void
check_embedding (const SlKernels *kernels, gconstpointer data)
{
  const WordCase *c = data;
  Buffer expected[N_EMBEDDING], one[N_EMBEDDING], r[N_EMBEDDING];

  g_snprintf (kernel_case, sizeof kernel_case, "%s, %zu tokens of %zu", kernels->name, c->s.n,
              c->s.words);
  run_embedding (sl_kernels_reference (), c, expected);
  for (gsize i = 0; i < G_N_ELEMENTS (thread_counts); i++)
    {
      sl_parallel_set_threads (thread_counts[i]);
      run_embedding (kernels, c, i == 0 ? one : r);
      for (gsize j = 0; j < N_EMBEDDING; j++)
        {
          assert_close (i == 0 ? &one[j] : &r[j], &expected[j], j == 0 ? 1e-7 : 3e-7);
          if (i > 0)
            assert_same_bits (&r[j], &one[j]);
        }
      if (i > 0)
        free_all (r, N_EMBEDDING);
    }
  free_all (expected, N_EMBEDDING);
  free_all (one, N_EMBEDDING);
}

static void
test_embedding (void)
{
  static const WordCase cases[] = {
    { { 1, 1, 1 }, 0 }, { { 7, 5, 3 }, 0.3f }, { { 61, 37, 130 }, 0.5f }, { { 300, 50, 400 }, 0 }
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    for_each_table (check_embedding, &cases[i]);
}

/* A word is there or not at every place; the share of those left is 1-p, and they are scaled. */
static void
test_dropped_words (void)
{
  SlWordShape s = { 4000, 2000, 1 };
  Buffer token = buffer_new (s.n), w = buffer_filled (s.words, 1), y = buffer_new (s.n);
  gsize kept = 0;

  for (gsize i = 0; i < s.n; i++)
    ((gint32 *)token.data)[i] = (gint32)(i % s.words);
  sl_kernels ()->embedding_forward (&s, (gint32 *)token.data, w.data, 0.2f, 5, y.data);
  for (gsize i = 0; i < s.words; i++)
    {
      g_assert_cmpfloat (y.data[i], ==, y.data[i + s.words]);
      g_assert_true (y.data[i] == 0 || fabsf (y.data[i] - 1.25f) < 1e-6f);
      kept += y.data[i] > 0;
    }
  g_assert_cmpuint (kept, >, 1540);
  g_assert_cmpuint (kept, <, 1660);
  buffer_free (&token);
  buffer_free (&w);
  buffer_free (&y);
}

/* ---- Locked dropout */

static void
check_locked (const SlKernels *kernels, gconstpointer data)
{
  const gsize *d = data;
  gsize n = d[0] * d[1] * d[2];
  Buffer x = buffer_random (n, 1), expected = buffer_new (n), y = buffer_new (n);
  Buffer sum = buffer_copy (&x), expected_sum = buffer_copy (&x);

  g_snprintf (kernel_case, sizeof kernel_case, "%s, %zu×%zu×%zu", kernels->name, d[0], d[1], d[2]);
  sl_kernels_reference ()->locked_dropout (d[0], d[1], d[2], x.data, 0.4f, 9, expected.data, FALSE);
  sl_kernels_reference ()->locked_dropout (d[0], d[1], d[2], x.data, 0.4f, 9, expected_sum.data,
                                           TRUE);
  kernels->locked_dropout (d[0], d[1], d[2], x.data, 0.4f, 9, y.data, FALSE);
  kernels->locked_dropout (d[0], d[1], d[2], x.data, 0.4f, 9, sum.data, TRUE);
  assert_close (&y, &expected, 1e-7);
  assert_close (&sum, &expected_sum, 1e-7);
  /* The same at all times, and in place. */
  for (gsize i = 0; i < n; i++)
    g_assert_true ((y.data[i] == 0 && x.data[i] != 0) == (expected.data[i] == 0 && x.data[i] != 0));
  kernels->locked_dropout (d[0], d[1], d[2], x.data, 0.4f, 9, x.data, FALSE);
  assert_same_bits (&x, &y);
  buffer_free (&x);
  buffer_free (&y);
  buffer_free (&sum);
  buffer_free (&expected);
  buffer_free (&expected_sum);
}

static void
test_locked (void)
{
  static const gsize shapes[][3] = { { 1, 1, 1 }, { 2, 3, 5 }, { 3, 9, 130 }, { 5, 70, 64 } };
  Buffer ones = buffer_filled (2 * 50 * 7, 1), y = buffer_new (2 * 50 * 7);

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    for_each_table (check_locked, shapes[i]);

  sl_kernels ()->locked_dropout (2, 50, 7, ones.data, 0.5f, 3, y.data, FALSE);
  for (gsize i = 0; i < y.n; i++)
    g_assert_cmpfloat (y.data[i], ==, y.data[i / 350 * 350 + i % 7]);
  buffer_free (&ones);
  buffer_free (&y);
}

/* ---- LSTM */

enum
{
  LSTM_Y,
  LSTM_H,
  LSTM_C,
  LSTM_DX,
  LSTM_DX_ADDED,
  LSTM_DIH,
  LSTM_DHH,
  LSTM_DBIAS_IH,
  LSTM_DBIAS_HH,
  N_LSTM
};

/* Twice backward: the second time from what the first left of nothing but a new forward pass. */
static void
run_lstm (const SlKernels *kernels, const SlLstmShape *s, Buffer out[N_LSTM])
{
  gsize rows = s->n * s->steps, width = 4 * s->h;
  Buffer in[] = { buffer_random (rows * s->c, 1),
                  buffer_random (s->n * s->h, 2),
                  buffer_random (s->n * s->h, 3),
                  buffer_random (rows * s->h, 4),
                  buffer_random (s->c * width, 5),
                  buffer_random (s->h * width, 6),
                  buffer_random (width, 7),
                  buffer_random (width, 8),
                  buffer_new (rows * width),
                  buffer_new (rows * s->h),
                  buffer_new ((kernels->lstm_scratch (s) + 3) / 4) };
  SlLstmParams w = { in[4].data, in[5].data, in[6].data, in[7].data }, dw, none = { NULL };

  /* Weights as large as PyTorch's at the start, so that the gates are not all at their ends. */
  for (gsize i = 0; i < in[5].n; i++)
    in[5].data[i] /= sqrtf ((float)s->h);
  for (gsize i = 0; i < in[4].n; i++)
    in[4].data[i] /= sqrtf ((float)s->c);
  for (gsize i = 0; s->first != NULL && i < s->n * s->h; i++)
    in[1].data[i] = in[2].data[i] = 0;
  out[LSTM_Y] = buffer_new (rows * s->h);
  out[LSTM_H] = buffer_new (s->n * s->h);
  out[LSTM_C] = buffer_new (s->n * s->h);
  out[LSTM_DX] = buffer_new (rows * s->c);
  out[LSTM_DX_ADDED] = buffer_random (rows * s->c, 9);
  out[LSTM_DIH] = buffer_random (s->c * width, 10);
  out[LSTM_DHH] = buffer_random (s->h * width, 11);
  out[LSTM_DBIAS_IH] = buffer_random (width, 12);
  out[LSTM_DBIAS_HH] = buffer_random (width, 13);
  dw = (SlLstmParams){ out[LSTM_DIH].data, out[LSTM_DHH].data, out[LSTM_DBIAS_IH].data,
                       out[LSTM_DBIAS_HH].data };
  for (guint pass = 0; pass < 2; pass++)
    {
      kernels->lstm_forward (s, &w, in[0].data, in[1].data, in[2].data, out[LSTM_Y].data,
                             out[LSTM_H].data, out[LSTM_C].data, in[8].data, in[9].data,
                             in[10].data);
      kernels->lstm_backward (s, &w, in[0].data, in[1].data, in[2].data, out[LSTM_Y].data,
                              in[3].data, in[8].data, in[9].data, out[LSTM_DX + pass].data,
                              pass == 1, pass == 0 ? &dw : &none, in[10].data);
    }
  free_all (in, G_N_ELEMENTS (in));
}

static void
check_lstm_within (const SlKernels *kernels, const SlLstmShape *s, const SlKernels *reference,
                   double forward, double backward)
{
  Buffer expected[N_LSTM], one[N_LSTM], r[N_LSTM];

  g_snprintf (kernel_case, sizeof kernel_case, "%s, %zu×%zu, %zu to %zu, p %g", kernels->name, s->n,
              s->steps, s->c, s->h, s->p);
  run_lstm (reference, s, expected);
  for (gsize i = 0; i < G_N_ELEMENTS (thread_counts); i++)
    {
      sl_parallel_set_threads (thread_counts[i]);
      run_lstm (kernels, s, i == 0 ? one : r);
      for (gsize j = 0; j < N_LSTM; j++)
        if (i == 0)
          assert_close (&one[j], &expected[j], j <= LSTM_C ? forward : backward);
        else
          assert_same_bits (&r[j], &one[j]);
      if (i > 0)
        free_all (r, N_LSTM);
    }
  free_all (expected, N_LSTM);
  free_all (one, N_LSTM);
}

static void
check_lstm (const SlKernels *kernels, gconstpointer data)
{
  check_lstm_within (kernels, data, sl_kernels_reference (), FORWARD_BOUND, BACKWARD_BOUND);
}

static void
check_lstm_bf16 (const SlKernels *kernels, gconstpointer data)
{
  check_lstm_within (kernels, data, sl_kernels_reference_bf16 (), BF16_LSTM_BOUND, BF16_LSTM_BOUND);
}

static void
check_lstm_tables (const SlLstmShape *s)
{
  for_each_table (check_lstm, s);
  for_each_bf16_table (check_lstm_bf16, s);
}

static void
test_lstm (void)
{
  static const SlLstmShape shapes[] = {
    { 1, 1, 1, 1, 0, 0 },        { 2, 3, 5, 7, 0, 0 },    { 3, 5, 7, 33, 0.5f, 4 },
    { 50, 2, 3, 17, 0, 0 },      { 5, 9, 40, 64, 0, 0 },  { 13, 4, 16, 65, 0.2f, 8 },
    { 32, 6, 130, 96, 0.3f, 1 }, { 98, 3, 4, 320, 0, 0 }, { 3, 2, 9, 301, 0, 0 },
  };
  /* Rows that begin later, in order and not, the last one too, and all of them. */
  static const gint32 starts[][13] = {
    { 0, 1, 2, 3, 3, 4, 4, 4, 5, 5, 6, 6, 6 },
    { 3, 0, 6, 2, 2, 0, 5, 1, 0, 4, 6, 0, 2 },
    { 6, 5, 6, 4, 5, 6, 3, 3, 5, 4, 3, 6, 5 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    check_lstm_tables (&shapes[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      SlLstmShape padded = { 13, 7, 6, 37, 0.3f, 2, starts[i] };

      check_lstm_tables (&padded);
      padded.n = 5;
      padded.h = 16;
      check_lstm_tables (&padded);
    }
}

/* Gates at their ends, where exp would overflow: finite, and right. */
static void
check_saturated (const SlKernels *kernels, gconstpointer data)
{
  const float sizes[] = { 30, -30, 1e4f, -1e4f };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      SlLstmShape s = { 1, 1, 1, 1, 0, 0 };
      float x = sizes[i], zero = 0, ih[4] = { 1, 1, 1, 1 }, hh[4] = { 0 }, bias[4] = { 0 };
      float y, h, c, gates[4], cells[1];
      SlLstmParams w = { ih, hh, bias, bias };
      g_autofree gpointer scratch = g_malloc (kernels->lstm_scratch (&s) + 64);
      gpointer aligned = (gpointer)(((gsize)scratch + 63) & ~(gsize)63);

      kernels->lstm_forward (&s, &w, &x, &zero, &zero, &y, &h, &c, gates, cells, aligned);
      g_assert_cmpfloat_with_epsilon (y, sizes[i] > 0 ? tanh (1.0) : 0, 1e-6);
    }
}

static void
test_saturated (void)
{
  for_each_table (check_saturated, NULL);
}

/* ---- The loss over a vocabulary */

enum
{
  WORDS_LOSS,
  WORDS_LOSSES,
  WORDS_HITS,
  WORDS_LOSSES_ALONE, /* without gradients */
  WORDS_DX,
  WORDS_DW,
  WORDS_DBIAS,
  WORDS_LOGITS,
  WORDS_LOGITS_DX,
  WORDS_LOGITS_DW,
  WORDS_LOGITS_DBIAS,
  N_WORDS
};

static void
run_words (const SlKernels *kernels, const SlWordShape *s, Buffer out[N_WORDS])
{
  gsize x_size = s->n * s->features, w_size = s->words * s->features;
  Buffer in[] = {
    buffer_random (x_size, 1),         buffer_random (w_size, 2),
    buffer_random (s->words, 3),       tokens_new (s->n, s->words),
    buffer_random (s->n, 4),           buffer_new ((kernels->word_loss_scratch (s) + 3) / 4),
    buffer_random (s->n * s->words, 5)
  };
  gint32 *target = (gint32 *)in[3].data;
  SlWordGrads grads;

  for (gsize i = 0; i < s->n; i++)
    in[4].data[i] = i % 5 == 1 ? 0 : fabsf (in[4].data[i]) + 0.1f;
  out[WORDS_LOSS] = buffer_new (1);
  for (gsize i = WORDS_LOSSES; i <= WORDS_LOSSES_ALONE; i++)
    out[i] = buffer_new (s->n);
  out[WORDS_DX] = buffer_new (x_size);
  out[WORDS_DW] = buffer_new (w_size);
  out[WORDS_DBIAS] = buffer_new (s->words);
  out[WORDS_LOGITS] = buffer_new (s->n * s->words);
  out[WORDS_LOGITS_DX] = buffer_random (x_size, 6);
  out[WORDS_LOGITS_DW] = buffer_random (w_size, 7);
  out[WORDS_LOGITS_DBIAS] = buffer_random (s->words, 8);
  grads = (SlWordGrads){ out[WORDS_DX].data, out[WORDS_DW].data, out[WORDS_DBIAS].data };
  kernels->word_loss (s, in[0].data, in[1].data, in[2].data, target, in[4].data,
                      out[WORDS_LOSS].data, out[WORDS_LOSSES_ALONE].data, out[WORDS_HITS].data,
                      NULL, in[5].data);
  kernels->word_loss (s, in[0].data, in[1].data, in[2].data, target, in[4].data,
                      out[WORDS_LOSS].data, out[WORDS_LOSSES].data, out[WORDS_HITS].data, &grads,
                      in[5].data);
  kernels->word_logits (s, in[0].data, in[1].data, in[2].data, out[WORDS_LOGITS].data);
  kernels->word_logits_backward (s, in[0].data, in[1].data, in[6].data, out[WORDS_LOGITS_DX].data,
                                 TRUE, out[WORDS_LOGITS_DW].data, out[WORDS_LOGITS_DBIAS].data);
  free_all (in, G_N_ELEMENTS (in));
}

static void
check_words_within (const SlKernels *kernels, const SlWordShape *s, const SlKernels *reference,
                    double forward, double backward, double hits)
{
  Buffer expected[N_WORDS], one[N_WORDS], r[N_WORDS];

  g_snprintf (kernel_case, sizeof kernel_case, "%s, %zu rows, %zu words, %zu features",
              kernels->name, s->n, s->words, s->features);
  run_words (reference, s, expected);
  for (gsize i = 0; i < G_N_ELEMENTS (thread_counts); i++)
    {
      sl_parallel_set_threads (thread_counts[i]);
      run_words (kernels, s, i == 0 ? one : r);
      for (gsize j = 0; j < N_WORDS; j++)
        if (i == 0)
          assert_close (&one[j], &expected[j],
                        j == WORDS_HITS ? hits
                        : j < WORDS_DX  ? forward
                                        : backward);
        else
          assert_same_bits (&r[j], &one[j]);
      if (i > 0)
        free_all (r, N_WORDS);
    }
  free_all (expected, N_WORDS);
  free_all (one, N_WORDS);
}

static void
check_words (const SlKernels *kernels, gconstpointer data)
{
  check_words_within (kernels, data, sl_kernels_reference (), FORWARD_BOUND, BACKWARD_BOUND, 0);
}

/* Which of two words that are as likely is the likelier is a matter of rounding. */
static void
check_words_bf16 (const SlKernels *kernels, gconstpointer data)
{
  check_words_within (kernels, data, sl_kernels_reference_bf16 (), BF16_BOUND, BF16_BOUND, 0.5);
}

static void
test_words (void)
{
  /* The last has more rows than one block of logits. */
  static const SlWordShape shapes[] = { { 1, 1, 1 },     { 3, 5, 2 },     { 9, 33, 17 },
                                        { 40, 701, 16 }, { 19, 1300, 9 }, { 530, 240, 7 } };

  for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      for_each_table (check_words, &shapes[i]);
      for_each_bf16_table (check_words_bf16, &shapes[i]);
    }
}

/* Logits 0, ln 2, ln 5 of three words: probabilities 1/8, 2/8, 5/8. */
static void
check_by_hand (const SlKernels *kernels, gconstpointer data)
{
  SlWordShape s = { 3, 3, 1 };
  Buffer scratch = buffer_new ((kernels->word_loss_scratch (&s) + 3) / 4);
  float x[3] = { 1, 1, 1 }, w[3] = { 0, logf (2), 0 }, bias[3] = { 0, 0, logf (5) };
  float weight[3] = { 1, 3, 0 }, loss, losses[3], hits[3], dw[3], dbias[3];
  gint32 target[3] = { 1, 2, 9 };
  SlWordGrads grads = { NULL, dw, dbias };

  kernels->word_loss (&s, x, w, bias, target, weight, &loss, losses, hits, &grads, scratch.data);
  g_assert_cmpfloat_with_epsilon (losses[0], log (4), 1e-6);
  g_assert_cmpfloat_with_epsilon (losses[1], log (1.6), 1e-6);
  g_assert_cmpfloat (losses[2], ==, 0);
  g_assert_cmpfloat_with_epsilon (loss, (log (4) + 3 * log (1.6)) / 4, 1e-6);
  g_assert_cmpfloat (hits[0], ==, 0);
  g_assert_cmpfloat (hits[1], ==, 1);
  g_assert_cmpfloat_with_epsilon (dbias[0], 1.0 / 8, 1e-6);
  g_assert_cmpfloat_with_epsilon (dbias[1], 2.0 / 8 - 1.0 / 4, 1e-6);
  g_assert_cmpfloat_with_epsilon (dbias[2], 5.0 / 8 - 3.0 / 4, 1e-6);
  g_assert_cmpfloat_with_epsilon (dw[2], 5.0 / 8 - 3.0 / 4, 1e-6);
  buffer_free (&scratch);
}

static void
test_by_hand (void)
{
  check_by_hand (sl_kernels_reference (), NULL);
  for_each_table (check_by_hand, NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kernels/functions", test_functions);
  g_test_add_func ("/kernels/embedding", test_embedding);
  g_test_add_func ("/kernels/embedding/dropout", test_dropped_words);
  g_test_add_func ("/kernels/locked-dropout", test_locked);
  g_test_add_func ("/kernels/lstm", test_lstm);
  g_test_add_func ("/kernels/lstm/saturated", test_saturated);
  g_test_add_func ("/kernels/words", test_words);
  g_test_add_func ("/kernels/words/by-hand", test_by_hand);
  return g_test_run ();
}
