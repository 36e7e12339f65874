/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Graphs of language models: shapes, what is refused, tied parameters, tokens from outside. */
#include "graph/graph-private.h"
#include <slope/checkpoint.h>
#include <math.h>
#include <string.h>

#define WORDS 11
#define FEATURES 3

typedef struct
{
  SlGraph *graph;
  SlValue tokens, x, state, targets, weights, starts;
} Fixture;

static void
fixture_init (Fixture *f)
{
  f->graph = sl_graph_new ();
  f->tokens = sl_graph_input (f->graph, "tokens", SL_DTYPE_I32, SL_SHAPE2 (2, 4));
  f->x = sl_graph_input (f->graph, "x", SL_DTYPE_F32, SL_SHAPE3 (2, 4, FEATURES));
  f->state = sl_graph_input (f->graph, "state", SL_DTYPE_F32, SL_SHAPE2 (2, 5));
  f->targets = sl_graph_input (f->graph, "targets", SL_DTYPE_I32, SL_SHAPE2 (2, 4));
  f->weights = sl_graph_input (f->graph, "weights", SL_DTYPE_F32, SL_SHAPE2 (2, 4));
  f->starts = sl_graph_input (f->graph, "starts", SL_DTYPE_I32, SL_SHAPE1 (2));
}

static void
test_shapes (void)
{
  Fixture f;
  SlValue y, h, c, loss, losses, hits;

  fixture_init (&f);
  y = sl_embedding (f.graph, "e", f.tokens, &(SlEmbeddingAttrs){ WORDS, FEATURES, 0.1 }, NULL);
  g_assert_true (sl_shape_equal (sl_graph_shape (f.graph, y), SL_SHAPE3 (2, 4, FEATURES)));
  y = sl_lstm (f.graph, "l", y, f.state, f.state, &(SlLstmAttrs){ 5, 0.5 }, &h, &c, NULL);
  g_assert_true (sl_shape_equal (sl_graph_shape (f.graph, y), SL_SHAPE3 (2, 4, 5)));
  g_assert_true (sl_shape_equal (sl_graph_shape (f.graph, h), SL_SHAPE2 (2, 5)));
  g_assert_true (sl_shape_equal (sl_graph_shape (f.graph, c), SL_SHAPE2 (2, 5)));
  y = sl_locked_dropout (f.graph, y, 0.2, NULL);
  g_assert_true (
      sl_word_loss (f.graph, "d", y, f.targets, f.weights, WORDS, &loss, &losses, &hits, NULL));
  g_assert_true (sl_shape_equal (sl_graph_shape (f.graph, loss), SL_SHAPE1 (1)));
  g_assert_true (sl_shape_equal (sl_graph_shape (f.graph, losses), SL_SHAPE2 (2, 4)));
  g_assert_true (sl_shape_equal (sl_graph_shape (f.graph, hits), SL_SHAPE2 (2, 4)));
  y = sl_next_word (f.graph, "n", y, WORDS, NULL);
  g_assert_true (sl_shape_equal (sl_graph_shape (f.graph, y), SL_SHAPE2 (2, WORDS)));
  y = sl_padded_lstm (f.graph, "p", f.x, f.starts, &(SlLstmAttrs){ 5, 0.5 }, NULL);
  g_assert_true (sl_shape_equal (sl_graph_shape (f.graph, y), SL_SHAPE3 (2, 4, 5)));
  y = sl_text_pool (f.graph, y, f.starts, NULL);
  g_assert_true (sl_shape_equal (sl_graph_shape (f.graph, y), SL_SHAPE2 (2, 15)));
  sl_graph_unref (f.graph);
}

static void
assert_refused (SlValue value, GError **error, int code)
{
  g_assert_cmpuint (value, ==, SL_NO_VALUE);
  g_assert_error (*error, SL_ERROR, code);
  g_clear_error (error);
}

static void
test_refused (void)
{
  Fixture f;
  GError *error = NULL;

  fixture_init (&f);
  assert_refused (sl_embedding (f.graph, "e", f.x, &(SlEmbeddingAttrs){ 5, 5, 0 }, &error), &error,
                  SL_ERROR_SHAPE);
  assert_refused (sl_embedding (f.graph, "e", f.tokens, &(SlEmbeddingAttrs){ 0, 5, 0 }, &error),
                  &error, SL_ERROR_SHAPE);
  assert_refused (sl_embedding (f.graph, "e", f.tokens, &(SlEmbeddingAttrs){ 5, 5, 1 }, &error),
                  &error, SL_ERROR_UNSUPPORTED);
  assert_refused (
      sl_lstm (f.graph, "l", f.x, f.state, f.state, &(SlLstmAttrs){ 6, 0 }, NULL, NULL, &error),
      &error, SL_ERROR_SHAPE);
  assert_refused (
      sl_lstm (f.graph, "l", f.x, f.state, f.state, &(SlLstmAttrs){ 5, -0.1 }, NULL, NULL, &error),
      &error, SL_ERROR_UNSUPPORTED);
  assert_refused (sl_padded_lstm (f.graph, "p", f.x, f.state, &(SlLstmAttrs){ 5, 0 }, &error),
                  &error, SL_ERROR_SHAPE);
  assert_refused (sl_padded_lstm (f.graph, "p", f.x, f.tokens, &(SlLstmAttrs){ 5, 0 }, &error),
                  &error, SL_ERROR_SHAPE);
  assert_refused (sl_padded_lstm (f.graph, "p", f.x, f.starts, &(SlLstmAttrs){ 0, 0 }, &error),
                  &error, SL_ERROR_SHAPE);
  assert_refused (sl_padded_lstm (f.graph, "p", f.state, f.starts, &(SlLstmAttrs){ 5, 0 }, &error),
                  &error, SL_ERROR_SHAPE);
  assert_refused (sl_text_pool (f.graph, f.x, f.targets, &error), &error, SL_ERROR_SHAPE);
  assert_refused (sl_text_pool (f.graph, f.state, f.starts, &error), &error, SL_ERROR_SHAPE);
  assert_refused (sl_locked_dropout (f.graph, f.state, 0.1, &error), &error, SL_ERROR_SHAPE);
  assert_refused (sl_next_word (f.graph, "n", f.x, 0, &error), &error, SL_ERROR_SHAPE);
  g_assert_false (
      sl_word_loss (f.graph, "d", f.x, f.state, f.weights, WORDS, NULL, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_SHAPE);
  g_clear_error (&error);
  sl_graph_unref (f.graph);
}

/* One block of values, one entry in files, both gradients in one. */
static void
test_tied (void)
{
  Fixture f;
  g_autoptr (SlParams) params = NULL;
  g_autoptr (SlPlan) plan = NULL;
  g_autoptr (SlStateDict) dict = sl_state_dict_new ();
  g_autoptr (GError) error = NULL;
  const SlParamInfo *info;
  SlValue x, loss;
  float *grads;

  fixture_init (&f);
  x = sl_embedding (f.graph, "e", f.tokens, &(SlEmbeddingAttrs){ WORDS, FEATURES, 0 }, &error);
  sl_graph_tie_param (f.graph, "d.weight", "e.weight");
  sl_word_loss (f.graph, "d", x, f.targets, f.weights, WORDS, &loss, NULL, NULL, &error);
  g_assert_no_error (error);
  sl_graph_output (f.graph, "loss", loss);
  params = sl_params_new (f.graph, 1);
  g_assert_cmpuint (sl_params_n (params), ==, 2);
  g_assert_cmpint (sl_params_find (params, "d.weight"), ==, -1);
  sl_params_to_state_dict (params, dict, FALSE);
  g_assert_true (sl_shape_equal (sl_tensor_get_shape (sl_state_dict_lookup (dict, "e.weight")),
                                 SL_SHAPE2 (WORDS, FEATURES)));

  plan = sl_plan_new (f.graph, params, SL_MODE_TRAIN, SL_PLAN_FILL_DEAD, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < 8; i++)
    {
      ((gint32 *)sl_plan_input_data (plan, "tokens"))[i] = 4;
      ((gint32 *)sl_plan_input_data (plan, "targets"))[i] = 6;
      ((float *)sl_plan_input_data (plan, "weights"))[i] = 1;
    }
  sl_plan_forward (plan, 0);
  sl_plan_backward (plan);
  info = sl_params_info (params, (guint)sl_params_find (params, "e.weight"));
  grads = sl_params_grads (params) + info->offset;
  /* Word 1 gets the decoder's alone, (p - 0) · x; word 4 the embedding's too, the rest of dx. */
  for (gsize j = 0; j < FEATURES; j++)
    {
      const float *w = sl_params_values (params) + info->offset;
      double sum = 0, dx = 0, p[WORDS];

      for (gsize v = 0; v < WORDS; v++)
        {
          double z = 0;

          for (gsize k = 0; k < FEATURES; k++)
            z += (double)w[4 * FEATURES + k] * w[v * FEATURES + k];
          sum += p[v] = exp (z);
        }
      for (gsize v = 0; v < WORDS; v++)
        dx += (p[v] / sum - (v == 6)) * w[v * FEATURES + j];
      g_assert_cmpfloat_with_epsilon (grads[1 * FEATURES + j], p[1] / sum * w[4 * FEATURES + j],
                                      1e-6);
      g_assert_cmpfloat_with_epsilon (grads[4 * FEATURES + j],
                                      p[4] / sum * w[4 * FEATURES + j] + dx, 1e-6);
    }
  sl_graph_unref (f.graph);
}

static void
test_tied_unlike (void)
{
  Fixture f;
  g_autoptr (GError) error = NULL;

  fixture_init (&f);
  sl_embedding (f.graph, "e", f.tokens, &(SlEmbeddingAttrs){ WORDS, FEATURES, 0 }, &error);
  g_assert_no_error (error);
  sl_graph_tie_param (f.graph, "d.weight", "e.weight");
  g_assert_cmpuint (sl_next_word (f.graph, "d", f.x, WORDS + 1, &error), ==, SL_NO_VALUE);
  g_assert_error (error, SL_ERROR, SL_ERROR_SHAPE);
  g_assert_nonnull (strstr (error->message, "d.weight is tied to e.weight"));
  sl_graph_unref (f.graph);
}

/* A token that no row is for never comes in; one that was written past the check does no harm. */
static void
test_tokens (void)
{
  Fixture f;
  g_autoptr (SlParams) params = NULL;
  g_autoptr (SlPlan) plan = NULL;
  g_autoptr (SlTensor) tokens = sl_tensor_new (SL_DTYPE_I32, SL_SHAPE2 (2, 4));
  g_autoptr (GError) error = NULL;
  const float *y;
  SlValue x;

  fixture_init (&f);
  x = sl_embedding (f.graph, "e", f.tokens, &(SlEmbeddingAttrs){ WORDS, FEATURES, 0 }, &error);
  sl_graph_output (f.graph, "y", x);
  params = sl_params_new (f.graph, 1);
  plan = sl_plan_new (f.graph, params, SL_MODE_EVAL, 0, &error);
  g_assert_no_error (error);
  g_assert_true (sl_plan_set_input (plan, "tokens", tokens, &error));
  for (gint32 wrong = -1; wrong <= WORDS; wrong += WORDS + 1)
    {
      sl_tensor_i32 (tokens)[5] = wrong;
      g_assert_false (sl_plan_set_input (plan, "tokens", tokens, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_DATA);
      g_clear_error (&error);
    }
  ((gint32 *)sl_plan_input_data (plan, "tokens"))[5] = G_MININT32;
  sl_plan_forward (plan, 0);
  y = sl_plan_output (plan, "y", NULL);
  g_assert_cmpfloat (y[5 * FEATURES], ==, 0);
  g_assert_cmpfloat (y[4 * FEATURES], !=, 0);
  sl_graph_unref (f.graph);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/language/shapes", test_shapes);
  g_test_add_func ("/engine/language/refused", test_refused);
  g_test_add_func ("/engine/language/tied", test_tied);
  g_test_add_func ("/engine/language/tied-unlike", test_tied_unlike);
  g_test_add_func ("/engine/language/tokens", test_tokens);
  return g_test_run ();
}
