/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan-fixture.h"
#include <math.h>
#include <string.h>

/* All that a few steps leave behind. */
typedef struct
{
  SlParams *params;
  SlTensor *logits, *losses, *input_grad;
  gsize arena_bytes;
} Outcome;

static Outcome
train (SlPlanFlags flags, guint freeze_to, gboolean freeze_norms, guint n_steps)
{
  const double rates[3] = { 1e-3, 1e-3, 1e-3 };
  g_autoptr (SlGraph) graph = make_graph (4);
  SlParams *params = sl_params_new (graph, 5);
  g_autoptr (SlPlan) plan = NULL;
  SlAdamW adam = SL_ADAMW_INIT;
  Outcome outcome = { .params = params };

  sl_params_freeze_to (params, freeze_to, freeze_norms);
  plan = new_plan (graph, params, SL_MODE_TRAIN, flags);
  for (guint step = 0; step < n_steps; step++)
    {
      set_batch (plan, 4 * step, 4);
      sl_plan_forward (plan, 100 + step);
      sl_plan_backward (plan);
      if (step + 1 < n_steps)
        sl_adamw_step (&adam, params, rates, 0.9);
    }
  outcome.logits = sl_plan_dup_output (plan, "logits");
  outcome.losses = sl_plan_dup_output (plan, "losses");
  if (flags & SL_PLAN_WANT_INPUT_GRADS)
    outcome.input_grad = sl_plan_dup_input_grad (plan, "picture");
  outcome.arena_bytes = sl_plan_arena_bytes (plan);
  return outcome;
}

static void
clear (Outcome *outcome)
{
  sl_params_unref (outcome->params);
  sl_tensor_unref (outcome->logits);
  sl_tensor_unref (outcome->losses);
  g_clear_pointer (&outcome->input_grad, sl_tensor_unref);
}

static void
assert_same_tensor (SlTensor *a, SlTensor *b)
{
  g_assert_cmpmem (sl_tensor_get_data (a), sl_tensor_get_bytes (a), sl_tensor_get_data (b),
                   sl_tensor_get_bytes (b));
}

static void
unref_all (SlTensor **tensors, guint n)
{
  for (guint i = 0; i < n; i++)
    sl_tensor_unref (tensors[i]);
}

static void
assert_same (const Outcome *a, const Outcome *b)
{
  gsize bytes = sl_params_n_elements (a->params) * sizeof (float);

  assert_same_tensor (a->logits, b->logits);
  assert_same_tensor (a->losses, b->losses);
  g_assert_true ((a->input_grad == NULL) == (b->input_grad == NULL));
  if (a->input_grad != NULL)
    assert_same_tensor (a->input_grad, b->input_grad);
  g_assert_cmpmem (sl_params_values (a->params), bytes, sl_params_values (b->params), bytes);
  g_assert_cmpmem (sl_params_grads (a->params), bytes, sl_params_grads (b->params), bytes);
}

static void
assert_finite (const Outcome *outcome)
{
  for (gsize i = 0; i < sl_params_n_elements (outcome->params); i++)
    g_assert_true (isfinite (sl_params_values (outcome->params)[i])
                   && isfinite (sl_params_grads (outcome->params)[i]));
}

/* ---- Memory */

static void
test_reuse (void)
{
  for (guint freeze = 0; freeze <= 2; freeze++)
    for (guint norms = 0; norms <= 1; norms++)
      {
        Outcome planned = train (SL_PLAN_WANT_INPUT_GRADS, freeze, norms, 2);
        Outcome apart = train (SL_PLAN_WANT_INPUT_GRADS | SL_PLAN_NO_REUSE, freeze, norms, 2);

        assert_same (&planned, &apart);
        assert_finite (&planned);
        g_assert_cmpuint (planned.arena_bytes * 10, <, apart.arena_bytes * 7);
        clear (&planned);
        clear (&apart);
      }
}

/* What is computed again in the backward pass has the bits that it had. */
static void
test_repeat (void)
{
  for (guint freeze = 0; freeze <= 2; freeze++)
    for (guint norms = 0; norms <= 1; norms++)
      {
        const SlPlanFlags input = freeze == 1 ? SL_PLAN_WANT_INPUT_GRADS : 0;
        Outcome kept = train (input | SL_PLAN_KEEP_ALL, freeze, norms, 2);
        const SlPlanFlags flags[] = { 0, SL_PLAN_NO_REUSE, SL_PLAN_FILL_DEAD };

        for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
          {
            Outcome repeated = train (input | flags[i], freeze, norms, 2);

            assert_same (&repeated, &kept);
            if (i == 0 && freeze == 0)
              g_assert_cmpuint (repeated.arena_bytes * 10, <, kept.arena_bytes * 9);
            clear (&repeated);
          }
        clear (&kept);
      }
}

static void
test_fill_dead (void)
{
  for (guint freeze = 0; freeze <= 2; freeze++)
    {
      SlPlanFlags flags = freeze == 1 ? SL_PLAN_WANT_INPUT_GRADS : 0;
      Outcome clean = train (flags, freeze, freeze == 2, 2);
      Outcome filled = train (flags | SL_PLAN_FILL_DEAD, freeze, freeze == 2, 2);

      assert_same (&clean, &filled);
      clear (&clean);
      clear (&filled);
    }
}

/* ---- Gradients that live for a moment only */

/* Values and moments after some steps, each parameter's rate that of its group. */
static SlParams *
train_steps (SlPlanFlags flags, guint freeze_to, gsize *arena_bytes)
{
  const double rates[3] = { 1e-3, 3e-3, 1e-2 };
  g_autoptr (SlGraph) graph = make_graph (4);
  SlParams *params = sl_params_new (graph, 5);
  g_autoptr (SlPlan) plan = NULL;
  SlAdamW adam = SL_ADAMW_INIT;

  sl_params_freeze_to (params, freeze_to, freeze_to == 2);
  plan = new_plan (graph, params, SL_MODE_TRAIN, flags);
  for (guint step = 0; step < 3; step++)
    {
      set_batch (plan, 4 * step, 4);
      sl_plan_forward (plan, 100 + step);
      if (flags & SL_PLAN_BRIEF_GRADS)
        sl_adamw_backward (&adam, plan, rates, 0.9 + 0.01 * step);
      else
        {
          sl_plan_backward (plan);
          sl_adamw_step (&adam, params, rates, 0.9 + 0.01 * step);
        }
    }
  g_assert_cmpuint (adam.step, ==, 3);
  *arena_bytes = sl_plan_arena_bytes (plan);
  return params;
}

static void
test_brief_grads (void)
{
  const SlPlanFlags flags[] = { 0, SL_PLAN_NO_REUSE, SL_PLAN_FILL_DEAD, SL_PLAN_REFERENCE };

  for (guint freeze = 0; freeze <= 2; freeze++)
    for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
      {
        gsize whole_bytes, brief_bytes;
        g_autoptr (SlParams) whole = train_steps (flags[i], freeze, &whole_bytes);
        g_autoptr (SlParams)
            brief = train_steps (flags[i] | SL_PLAN_BRIEF_GRADS, freeze, &brief_bytes);
        gsize bytes = sl_params_n_elements (whole) * sizeof (float);

        g_assert_cmpmem (sl_params_values (whole), bytes, sl_params_values (brief), bytes);
        g_assert_cmpmem (sl_params_moment1 (whole), bytes, sl_params_moment1 (brief), bytes);
        g_assert_cmpmem (sl_params_moment2 (whole), bytes, sl_params_moment2 (brief), bytes);
        if (flags[i] != SL_PLAN_NO_REUSE) /* less than half of all gradients at a time */
          g_assert_cmpuint (brief_bytes, <, whole_bytes + bytes / 2);
      }
}

static void
test_eval_memory (void)
{
  g_autoptr (SlGraph) graph = make_graph (4);
  g_autoptr (SlParams) params = sl_params_new (graph, 5);
  g_autoptr (SlPlan) train_plan = new_plan (graph, params, SL_MODE_TRAIN, 0);
  SlPlanFlags flags[] = { 0, SL_PLAN_NO_REUSE, SL_PLAN_FILL_DEAD };
  g_autoptr (SlTensor) first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    {
      g_autoptr (SlPlan) plan = new_plan (graph, params, SL_MODE_EVAL, flags[i]);
      g_autoptr (SlTensor) logits = NULL;

      for (guint pass = 0; pass < 2; pass++)
        {
          /* What is frozen is nothing to evaluation. */
          sl_params_freeze_to (params, pass, FALSE);
          set_batch (plan, 0, 4);
          sl_plan_forward (plan, pass);
        }
      logits = sl_plan_dup_output (plan, "logits");
      if (first == NULL)
        first = sl_tensor_ref (logits);
      assert_same_tensor (first, logits);
      if (flags[i] == 0)
        {
          /* A residual block's live set: its input and two maps; three at the widest place. */
          gsize map = 4 * SIZE * SIZE * 6 * sizeof (float);

          g_assert_cmpuint (sl_plan_arena_bytes (plan), <, 3 * map);
          g_assert_cmpuint (sl_plan_arena_bytes (plan) * 2, <, sl_plan_arena_bytes (train_plan));
        }
    }
}

static void
test_predict_bytes (void)
{
  g_autoptr (SlGraph) graph = make_graph (4);
  g_autoptr (SlParams) params = sl_params_new (graph, 5);
  const SlMode modes[] = { SL_MODE_TRAIN, SL_MODE_EVAL };
  gsize before = 0;

  for (guint i = 0; i < 2; i++)
    {
      gsize predicted = sl_plan_predict_bytes (graph, params, modes[i], 0);
      g_autoptr (SlPlan) plan = new_plan (graph, params, modes[i], 0);

      g_assert_cmpuint (predicted, >=, sl_plan_arena_bytes (plan));
      g_assert_true (i == 0 || predicted < before);
      g_assert_cmpfloat (sl_plan_flops (plan), >, 1e6);
      before = predicted;
    }
  before = sl_plan_predict_bytes (graph, params, SL_MODE_TRAIN, 0);
  sl_params_freeze_to (params, 2, FALSE);
  g_assert_cmpuint (sl_plan_predict_bytes (graph, params, SL_MODE_TRAIN, 0), <, before);
}

/* ---- Freezing */

static void
test_frozen (void)
{
  Outcome all = train (0, 0, FALSE, 1), body = train (0, 2, FALSE, 1),
          norms = train (0, 2, TRUE, 1);
  g_autoptr (SlGraph) graph = make_graph (4);
  g_autoptr (SlParams) start = sl_params_new (graph, 5);

  assert_same_tensor (all.logits, body.logits);
  g_assert_cmpuint (body.arena_bytes, <, all.arena_bytes);
  /* Without its norms nothing of the body is kept: little more than evaluation. */
  g_assert_cmpuint (norms.arena_bytes * 2, <, all.arena_bytes);
  for (guint i = 0; i < sl_params_n (all.params); i++)
    {
      const SlParamInfo *info = sl_params_info (all.params, i);
      gsize bytes = sl_shape_n_elements (info->shape) * sizeof (float);
      const float *grad = sl_params_grads (all.params) + info->offset;
      const float *frozen = sl_params_grads (body.params) + info->offset;
      const float *value = sl_params_values (norms.params) + info->offset;

      if (sl_params_is_trained (body.params, i))
        g_assert_cmpmem (frozen, bytes, grad, bytes);
      else
        for (gsize k = 0; k < bytes / sizeof (float); k++)
          g_assert_cmpfloat (frozen[k], ==, 0);
      /* Statistics of a frozen norm stand still when norms are frozen, and only then. */
      if (info->kind == SL_PARAM_STATE && info->group < 2)
        {
          g_assert_cmpmem (value, bytes, sl_params_values (start) + info->offset, bytes);
          g_assert_cmpint (memcmp (value, sl_params_values (body.params) + info->offset, bytes), !=,
                           0);
        }
    }
  clear (&all);
  clear (&body);
  clear (&norms);
}

/* With norms frozen, training computes in the body what evaluation does. */
static void
test_frozen_norms (void)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  g_autoptr (SlParams) params = NULL;
  SlValue x = sl_graph_input (graph, "picture", SL_DTYPE_F32, SL_SHAPE4 (3, 5, 5, 4));
  g_autoptr (SlTensor) picture = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE4 (3, 5, 5, 4));
  SlTensor *outputs[2];

  for (gsize i = 0; i < 300; i++)
    sl_tensor_f32 (picture)[i] = (float)sin ((double)i);
  x = sl_resnet_block (graph, "block", FALSE, x, 6, 1, NULL);
  sl_graph_set_group (graph, 1);
  sl_graph_output (graph, "y", x);
  params = sl_params_new (graph, 2);
  sl_params_freeze_to (params, 1, TRUE);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (SlPlan) plan = new_plan (graph, params, i == 0 ? SL_MODE_TRAIN : SL_MODE_EVAL, 0);

      g_assert_true (sl_plan_set_input (plan, "picture", picture, NULL));
      sl_plan_forward (plan, 0);
      outputs[i] = sl_plan_dup_output (plan, "y");
    }
  assert_same_tensor (outputs[0], outputs[1]);
  unref_all (outputs, 2);
}

/* ---- The same bits */

static void
test_threads (void)
{
  Outcome one, two;

  sl_parallel_set_threads (1);
  one = train (SL_PLAN_WANT_INPUT_GRADS, 0, FALSE, 4);
  sl_parallel_set_threads (2);
  two = train (SL_PLAN_WANT_INPUT_GRADS, 0, FALSE, 4);
  sl_parallel_set_threads (1);
  assert_same (&one, &two);
  clear (&one);
  clear (&two);
}

/* A plan made for one thread has room for five. */
static void
test_more_threads (void)
{
  g_autoptr (SlGraph) graph = make_graph (4);
  g_autoptr (SlParams) params = sl_params_new (graph, 5);
  SlTensor *logits[3];
  g_autoptr (SlPlan) plan = NULL;

  sl_parallel_set_threads (1);
  plan = new_plan (graph, params, SL_MODE_EVAL, SL_PLAN_FILL_DEAD);
  for (guint i = 0; i < 3; i++)
    {
      sl_parallel_set_threads (1 + 4 * (i % 2));
      set_batch (plan, 0, 4);
      sl_plan_forward (plan, 0);
      logits[i] = sl_plan_dup_output (plan, "logits");
      assert_same_tensor (logits[0], logits[i]);
    }
  sl_parallel_set_threads (1);
  unref_all (logits, 3);
}

static void
test_dropout_key (void)
{
  g_autoptr (SlGraph) graph = make_graph (4);
  g_autoptr (SlParams) params = sl_params_new (graph, 5);
  g_autoptr (SlPlan) plan = new_plan (graph, params, SL_MODE_TRAIN, 0);
  const guint64 keys[] = { 7, 8, 7 };
  SlTensor *logits[3];

  for (guint i = 0; i < 3; i++)
    {
      set_batch (plan, 0, 4);
      sl_plan_forward (plan, keys[i]);
      logits[i] = sl_plan_dup_output (plan, "logits");
    }
  assert_same_tensor (logits[0], logits[2]);
  g_assert_cmpint (memcmp (sl_tensor_f32 (logits[0]), sl_tensor_f32 (logits[1]),
                           sl_tensor_get_bytes (logits[0])),
                   !=, 0);
  unref_all (logits, 3);
}

/* Outputs are the same before and after the backward pass. */
static void
test_outputs_live (void)
{
  g_autoptr (SlGraph) graph = make_graph (4);
  g_autoptr (SlParams) params = sl_params_new (graph, 5);
  g_autoptr (SlPlan) plan = new_plan (graph, params, SL_MODE_TRAIN, 0);
  g_autoptr (SlTensor) before = NULL, after = NULL;

  set_batch (plan, 0, 4);
  sl_plan_forward (plan, 0);
  before = sl_plan_dup_output (plan, "logits");
  sl_plan_backward (plan);
  /* The next batch may be written before the last one's outputs are read. */
  set_batch (plan, 4, 4);
  after = sl_plan_dup_output (plan, "logits");
  assert_same_tensor (before, after);
}

/* ---- No allocation in a step */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CAN_COUNT FALSE /* the sanitizer has malloc() itself */
static gint n_allocations;
#else
#define CAN_COUNT TRUE
static gint n_allocations;

void *__libc_malloc (size_t size);
void *__libc_calloc (size_t n, size_t size);
void *__libc_realloc (void *memory, size_t size);
void *__libc_memalign (size_t alignment, size_t size);

/* The C library's own functions, counted: all of GLib, OpenMP and OpenBLAS come through here. */
#pragma GCC visibility push(default)
void *
malloc (size_t size)
{
  g_atomic_int_inc (&n_allocations);
  return __libc_malloc (size);
}

void *
calloc (size_t n, size_t size)
{
  g_atomic_int_inc (&n_allocations);
  return __libc_calloc (n, size);
}

void *
realloc (void *memory, size_t size)
{
  g_atomic_int_inc (&n_allocations);
  return __libc_realloc (memory, size);
}

void *
aligned_alloc (size_t alignment, size_t size)
{
  g_atomic_int_inc (&n_allocations);
  return __libc_memalign (alignment, size);
}
#pragma GCC visibility pop
#endif

static void
test_no_allocation (void)
{
  const double rates[3] = { 1e-3, 1e-3, 1e-3 };
  g_autoptr (SlGraph) graph = make_graph (4);
  g_autoptr (SlParams) params = sl_params_new (graph, 5);
  g_autoptr (SlPlan) plan = new_plan (graph, params, SL_MODE_TRAIN, SL_PLAN_REFERENCE);
  SlAdamW adam = SL_ADAMW_INIT;
  gint before = 0;

  if (!CAN_COUNT)
    {
      g_test_skip ("allocations cannot be counted under a sanitizer");
      return;
    }
  /* One thread and plain kernels: OpenMP allocates when teams of different size take turns, and
   * OpenBLAS for small matrices. */
  for (guint step = 0; step < 4; step++)
    {
      /* The first step starts OpenMP and makes the moments. */
      if (step == 1)
        before = g_atomic_int_get (&n_allocations);
      set_batch (plan, 0, 4);
      sl_plan_forward (plan, step);
      sl_plan_backward (plan);
      sl_adamw_step (&adam, params, rates, 0.9);
    }
  g_assert_cmpint (before, >, 0);
  g_assert_cmpint (g_atomic_int_get (&n_allocations), ==, before);
}

/* ---- Profile */

static void
test_profile (void)
{
  if (g_test_subprocess ())
    {
      Outcome outcome;

      g_setenv ("SLOPE_PROFILE", "1", TRUE);
      outcome = train (0, 0, FALSE, 2);
      clear (&outcome);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*train: milliseconds a pass*layer2.0.downsample.0 *");
}

/* ---- Mistakes */

static void
test_errors (void)
{
  g_autoptr (SlGraph) graph = make_graph (4), plain = make_plain_graph (4), one = make_graph (1);
  g_autoptr (SlGraph) huge = make_plain_graph (1u << 30);
  g_autoptr (SlParams) params = sl_params_new (graph, 5), other = sl_params_new (plain, 5);
  g_autoptr (SlPlan) plan = new_plan (graph, params, SL_MODE_TRAIN, 0);
  g_autoptr (SlTensor) wrong = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE1 (4));
  g_autoptr (GError) error = NULL;

  g_assert_null (sl_plan_new (graph, other, SL_MODE_TRAIN, 0, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_SHAPE);
  g_clear_error (&error);
  /* The head's norms would see one row each. */
  g_assert_null (sl_plan_new (one, params, SL_MODE_TRAIN, 0, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_SHAPE);
  g_clear_error (&error);
  g_assert_cmpuint (sl_plan_predict_bytes (one, params, SL_MODE_TRAIN, 0), >, 0);
  sl_plan_free (new_plan (one, params, SL_MODE_EVAL, 0));
  g_assert_null (sl_plan_new (huge, other, SL_MODE_EVAL, 0, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_MEMORY);
  g_clear_error (&error);
  g_assert_false (sl_plan_set_input (plan, "nobody", wrong, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (sl_plan_set_input (plan, "picture", wrong, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_SHAPE);
  g_clear_error (&error);
  g_assert_false (sl_plan_set_input (plan, "target", wrong, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_SHAPE);
  g_clear_error (&error);
  g_assert_true (sl_plan_set_input (plan, "weight", wrong, &error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  sl_parallel_set_threads (1); /* on a busy machine small networks only wait for each other */
  g_test_add_func ("/engine/plan/reuse", test_reuse);
  g_test_add_func ("/engine/plan/fill-dead", test_fill_dead);
  g_test_add_func ("/engine/plan/eval-memory", test_eval_memory);
  g_test_add_func ("/engine/plan/repeat", test_repeat);
  g_test_add_func ("/engine/plan/predict-bytes", test_predict_bytes);
  g_test_add_func ("/engine/plan/brief-grads", test_brief_grads);
  g_test_add_func ("/engine/plan/frozen", test_frozen);
  g_test_add_func ("/engine/plan/frozen-norms", test_frozen_norms);
  g_test_add_func ("/engine/plan/threads", test_threads);
  g_test_add_func ("/engine/plan/more-threads", test_more_threads);
  g_test_add_func ("/engine/plan/dropout-key", test_dropout_key);
  g_test_add_func ("/engine/plan/outputs-live", test_outputs_live);
  g_test_add_func ("/engine/plan/no-allocation", test_no_allocation);
  g_test_add_func ("/engine/plan/profile", test_profile);
  g_test_add_func ("/engine/plan/errors", test_errors);
  return g_test_run ();
}
