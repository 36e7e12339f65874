/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Softmax over a vocabulary.  The logits of all rows would be the largest matrix of the network by
 * far: here they exist for a few hundred rows at a time, and become probabilities and gradients in
 * place.  In training the gradients of matrix and input are made on the spot, as long as the
 * logits are there: making them anew in the backward pass would be a fourth product on top of
 * three. */
#include "kernels/tuned/functions.h"
#include "kernels/tuned/product.h"

/* Floats of logits at a time: 24 MiB, as much as the packed weights of an LSTM of 1152 units. */
#define LOGITS ((gsize)6 << 20)
#define MOST_ROWS ((gsize)512)

/* The vocabulary is cut into so many parts, of which each keeps its own gradient of the rows. */
#define PARTS ((gsize)16)

/* Words whose logits are made together: with the rows they stay in the second-level cache. */
#define WORDS ((gsize)640)

/* How the work is cut. */
typedef struct
{
  gsize rows;   /* of x at a time */
  gsize part;   /* words of a part */
  gsize words;  /* of a block in a part */
  gsize blocks; /* in a part */
} Cut;

static Cut
get_cut (const SlWordShape *s)
{
  Cut cut = { .part = sl_ceil_div (s->words, PARTS) };

  cut.rows = CLAMP (LOGITS / s->words & ~(gsize)15, 16, MOST_ROWS);
  cut.rows = MIN (cut.rows, s->n);
  cut.blocks = sl_ceil_div (cut.part, WORDS);
  cut.words = sl_ceil_div (cut.part, cut.blocks);
  return cut;
}

typedef struct
{
  float *logits; /* (PARTS,blocks,rows,words), then exp (logits - top) */
  float *top;    /* (PARTS,blocks,rows) largest logit */
  float *sum;    /* (PARTS,blocks,rows) of the exponentials */
  float *target; /* (rows) logit of the target */
  float *most;   /* (rows) largest logit of all */
  float *scale;  /* (rows) of probabilities' gradients: weight / (weights · sum) */
  float *dx;     /* (PARTS,rows,features) */
} Scratch;

static gsize
take (gsize *used, gsize n)
{
  gsize at = *used;

  *used += sl_padded (n);
  return at;
}

/* Divides @base (nullable: only counts); returns the bytes. */
static gsize
lay_out (const SlWordShape *s, const Cut *cut, float *base, Scratch *scratch)
{
  gsize used = 0, blocks = PARTS * cut->blocks;
  gsize logits = take (&used, blocks * cut->rows * cut->words);
  gsize top = take (&used, blocks * cut->rows), sum = take (&used, blocks * cut->rows);
  gsize target = take (&used, cut->rows), most = take (&used, cut->rows);
  gsize scale = take (&used, cut->rows);
  gsize dx = take (&used, PARTS * cut->rows * s->features);

  if (base != NULL)
    *scratch = (Scratch){ base + logits, base + top,   base + sum, base + target,
                          base + most,   base + scale, base + dx };
  return used * sizeof (float);
}

static gsize
word_loss_scratch (const SlWordShape *s)
{
  Cut cut = get_cut (s);

  return lay_out (s, &cut, NULL, NULL);
}

/* Everything that is the same for all blocks. */
typedef struct
{
  const SlWordShape *s;
  Cut cut;
  Scratch scratch;
  const float *x, *w, *bias, *weight;
  const gint32 *target;
  double weights;
  const SlWordGrads *grads;
} Pass;

/* The rows that are worked on. */
typedef struct
{
  gsize first, n;
} Rows;

/* Words of block @b of part @p: from *first on, the number is returned. */
static gsize
words_of (const Pass *pass, gsize p, gsize b, gsize *first)
{
  gsize end = MIN ((p + 1) * pass->cut.part, pass->s->words);

  *first = p * pass->cut.part + b * pass->cut.words;
  return *first < end ? MIN (pass->cut.words, end - *first) : 0;
}

/* What row @row is weighted with; 0 when its target is no word. */
static double
row_weight (const Pass *pass, gsize row)
{
  gint32 target = pass->target[row];

  return target >= 0 && (gsize)target < pass->s->words ? pass->weight[row] : 0;
}

/* z += bias; returns the largest. */
static float
add_bias (gsize n, const float *restrict bias, float *restrict z)
{
  float most[SL_LANES], top = -INFINITY;
  gsize j = 0;

  for (gsize l = 0; l < SL_LANES; l++)
    most[l] = -INFINITY;
  for (; j + SL_LANES <= n; j += SL_LANES)
    for (gsize l = 0; l < SL_LANES; l++)
      {
        float v = z[j + l] + (bias != NULL ? bias[j + l] : 0);

        z[j + l] = v;
        most[l] = v > most[l] ? v : most[l];
      }
  for (; j < n; j++)
    {
      z[j] += bias != NULL ? bias[j] : 0;
      top = z[j] > top ? z[j] : top;
    }
  for (gsize l = 0; l < SL_LANES; l++)
    top = most[l] > top ? most[l] : top;
  return top;
}

/* z = exp (z - top); returns the sum. */
static float
exponentials (gsize n, float top, float *z)
{
  float sum = 0;

#pragma omp simd reduction(+ : sum)
  for (gsize j = 0; j < n; j++)
    {
      z[j] = sl_exp_negative (z[j] - top);
      sum += z[j];
    }
  return sum;
}

static void
make_logits (const Pass *pass, const Rows *rows, gsize p, gsize b)
{
  gsize features = pass->s->features, first, n = words_of (pass, p, b, &first);
  gsize block = p * pass->cut.blocks + b, place = block * pass->cut.rows;
  float *z = pass->scratch.logits + place * pass->cut.words;

  if (n == 0)
    return;
  sl_gemm_nt (rows->n, n, features, pass->x + rows->first * features, features,
              pass->w + first * features, features, 0, z, n);
  for (gsize r = 0; r < rows->n; r++, z += n)
    {
      gint32 target = pass->target[rows->first + r];
      float top = add_bias (n, pass->bias != NULL ? pass->bias + first : NULL, z);

      if (target >= 0 && (gsize)target >= first && (gsize)target < first + n)
        pass->scratch.target[r] = z[(gsize)target - first];
      pass->scratch.top[place + r] = top;
      pass->scratch.sum[place + r] = exponentials (n, top, z);
    }
}

/* Joins what the blocks know of row @r. */
static void
finish_row (const Pass *pass, gsize row, gsize r, float *loss, float *hit)
{
  const Scratch *scratch = &pass->scratch;
  double weight = row_weight (pass, row), sum = 0;
  float most = -INFINITY;
  gsize first;

  for (gsize k = 0; k < PARTS * pass->cut.blocks; k++)
    if (words_of (pass, k / pass->cut.blocks, k % pass->cut.blocks, &first) > 0
        && scratch->top[k * pass->cut.rows + r] > most)
      most = scratch->top[k * pass->cut.rows + r];
  for (gsize k = 0; k < PARTS * pass->cut.blocks; k++)
    if (words_of (pass, k / pass->cut.blocks, k % pass->cut.blocks, &first) > 0)
      sum += scratch->sum[k * pass->cut.rows + r]
             * exp ((double)scratch->top[k * pass->cut.rows + r] - most);
  scratch->most[r] = most;
  scratch->scale[r] = weight != 0 ? (float)(weight / (pass->weights * sum)) : 0;
  *loss = weight != 0 ? (float)(log (sum) + most - scratch->target[r]) : 0;
  *hit = weight != 0 && scratch->target[r] >= most;
}

/* The block's exponentials become gradients of the logits. */
static void
make_dlogits (const Pass *pass, const Rows *rows, gsize place, gsize first, gsize n, float *z)
{
  for (gsize r = 0; r < rows->n; r++, z += n)
    {
      gsize row = rows->first + r, target = (gsize)pass->target[row];
      float scale = pass->scratch.scale[r]
                    * expf (pass->scratch.top[place + r] - pass->scratch.most[r]);

      if (row_weight (pass, row) == 0)
        {
          memset (z, 0, n * sizeof *z);
          continue;
        }
      for (gsize j = 0; j < n; j++)
        z[j] *= scale;
      if (target >= first && target < first + n)
        z[target - first] -= (float)(row_weight (pass, row) / pass->weights);
    }
}

static void
add_columns (gsize rows, gsize n, const float *restrict z, float *restrict sum)
{
  for (gsize r = 0; r < rows; r++, z += n)
    for (gsize j = 0; j < n; j++)
      sum[j] += z[j];
}

static void
make_grads (const Pass *pass, const Rows *rows, gsize p, gsize b)
{
  const SlWordGrads *grads = pass->grads;
  gsize features = pass->s->features, first, n = words_of (pass, p, b, &first);
  gsize place = (p * pass->cut.blocks + b) * pass->cut.rows;
  float *z = pass->scratch.logits + place * pass->cut.words, begun = rows->first > 0 ? 1 : 0;

  if (n == 0)
    return;
  make_dlogits (pass, rows, place, first, n, z);
  if (grads->w != NULL)
    sl_gemm_tn (n, features, rows->n, z, n, pass->x + rows->first * features, features, begun,
                grads->w + first * features, features);
  if (grads->bias != NULL)
    {
      if (begun == 0)
        memset (grads->bias + first, 0, n * sizeof (float));
      add_columns (rows->n, n, z, grads->bias + first);
    }
  if (grads->x != NULL)
    sl_gemm_nn (rows->n, features, n, z, n, pass->w + first * features, features, b > 0 ? 1 : 0,
                pass->scratch.dx + p * pass->cut.rows * features, features);
}

/* Parts that hold no word: their gradient of the rows was not made. */
static void
sum_parts (const Pass *pass, gsize row, gsize r)
{
  gsize features = pass->s->features, parts = sl_ceil_div (pass->s->words, pass->cut.part);
  const float *from = pass->scratch.dx + r * features;
  float *to = pass->grads->x + row * features;

  memcpy (to, from, features * sizeof *to);
  for (gsize p = 1; p < parts; p++)
    for (gsize j = 0; j < features; j++)
      to[j] += from[p * pass->cut.rows * features + j];
}

/* All threads together come here. */
static void
run_rows (const Pass *pass, const Rows *rows, float *losses, float *hits)
{
#pragma omp for schedule(static)
  for (gsize p = 0; p < PARTS; p++)
    for (gsize b = 0; b < pass->cut.blocks; b++)
      make_logits (pass, rows, p, b);
#pragma omp for schedule(static)
  for (gsize r = 0; r < rows->n; r++)
    finish_row (pass, rows->first + r, r, losses + rows->first + r, hits + rows->first + r);
  if (pass->grads == NULL)
    return;
#pragma omp for schedule(static)
  for (gsize p = 0; p < PARTS; p++)
    for (gsize b = 0; b < pass->cut.blocks; b++)
      make_grads (pass, rows, p, b);
  if (pass->grads->x == NULL)
    return;
#pragma omp for schedule(static)
  for (gsize r = 0; r < rows->n; r++)
    sum_parts (pass, rows->first + r, r);
}

static void
word_loss (const SlWordShape *s, const float *x, const float *w, const float *bias,
           const gint32 *target, const float *weight, float *loss, float *losses, float *hits,
           const SlWordGrads *grads, void *memory)
{
  Pass pass = { .s = s,
                .cut = get_cut (s),
                .x = x,
                .w = w,
                .bias = bias,
                .weight = weight,
                .target = target,
                .grads = grads };
  double total = 0;

  lay_out (s, &pass.cut, memory, &pass.scratch);
  for (gsize i = 0; i < s->n; i++)
    pass.weights += row_weight (&pass, i);
#pragma omp parallel num_threads(sl_team(s->n * s->words))
  for (gsize i = 0; i < s->n; i += pass.cut.rows)
    run_rows (&pass, &(Rows){ i, MIN (pass.cut.rows, s->n - i) }, losses, hits);
  for (gsize i = 0; i < s->n; i++)
    total += (double)weight[i] * losses[i];
  *loss = pass.weights > 0 ? (float)(total / pass.weights) : 0;
}

/* ---- Logits as they are */

static void
word_logits (const SlWordShape *s, const float *x, const float *w, const float *bias, float *logits)
{
#pragma omp parallel for schedule(static) num_threads(sl_team(s->n * s->words * s->features / 64))
  for (gsize v = 0; v < s->words; v += WORDS)
    {
      gsize words = MIN (WORDS, s->words - v);

      sl_gemm_nt (s->n, words, s->features, x, s->features, w + v * s->features, s->features, 0,
                  logits + v, s->words);
      for (gsize i = 0; bias != NULL && i < s->n; i++)
        for (gsize j = v; j < v + words; j++)
          logits[i * s->words + j] += bias[j];
    }
}

static void
word_logits_backward (const SlWordShape *s, const float *x, const float *w, const float *dlogits,
                      float *dx, gboolean adds, float *dw, float *dbias)
{
  if (dx != NULL)
    sl_product_nn (s->n, s->features, s->words, dlogits, w, adds ? 1 : 0, dx);
  if (dw != NULL)
    sl_product_tn (s->words, s->features, s->n, dlogits, x, 1, dw);
  if (dbias != NULL)
    add_columns (s->n, s->words, dlogits, dbias);
}

static void
scale (gsize n, float a, const float *x, float *dst, gboolean adds)
{
#pragma omp parallel for schedule(static) num_threads(sl_team(n))
  for (gsize at = 0; at < n; at += SL_BLOCK)
    {
      gsize end = MIN (at + SL_BLOCK, n);

      if (adds)
#pragma omp simd
        for (gsize i = at; i < end; i++)
          dst[i] += a * x[i];
      else
#pragma omp simd
        for (gsize i = at; i < end; i++)
          dst[i] = a * x[i];
    }
}

void
SL_TUNED (fill_words) (SlKernels *table)
{
  table->word_logits = word_logits;
  table->word_logits_backward = word_logits_backward;
  table->word_loss_scratch = word_loss_scratch;
  table->word_loss = word_loss;
  table->scale = scale;
}
