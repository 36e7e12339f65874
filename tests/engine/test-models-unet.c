/* SPDX-License-Identifier: GPL-3.0-or-later */
/* U-Nets on the registry's bodies: sizes, names, groups, first values, memory, bfloat16. */
#include <slope/models.h>

#include <math.h>
#include <string.h>

#include <slope/optim.h>
#include <slope/random.h>

#define CLASSES 12

typedef struct
{
  const char *arch;
  guint batch, height, width;
  gboolean bottle;
} Case;

/* Pictures to loss. */
static SlGraph *
make_graph (const Case *c)
{
  SlGraph *graph = sl_graph_new ();
  const SlArch *arch = sl_arch_find (c->arch);
  SlValue picture = sl_graph_input (graph, "picture", SL_DTYPE_F32,
                                    SL_SHAPE4 (c->batch, c->height, c->width, 3));
  SlValue targets = sl_graph_input (graph, "target", SL_DTYPE_I32,
                                    SL_SHAPE3 (c->batch, c->height, c->width));
  SlValue weights = sl_graph_input (graph, "weight", SL_DTYPE_F32, SL_SHAPE1 (c->batch));
  SlValue x, loss = SL_NO_VALUE;
  g_autoptr (GError) error = NULL;

  x = arch->build_body (graph, picture, &error);
  if (c->bottle)
    {
      sl_graph_set_group (graph, arch->n_groups);
      x = sl_unet_build (graph, picture, x, CLASSES, TRUE, &error);
    }
  else
    x = sl_pixel_head_build (graph, arch, picture, x, CLASSES, &error);
  g_assert_no_error (error);
  g_assert_true (sl_shape_equal (sl_graph_shape (graph, x),
                                 SL_SHAPE4 (c->batch, c->height, c->width, CLASSES)));
  g_assert_cmpuint (sl_graph_n_groups (graph), ==, arch->n_groups + 1);
  sl_pixel_cross_entropy (graph, x, targets, weights, 0, &loss, NULL, NULL, &error);
  g_assert_no_error (error);
  sl_graph_output (graph, "logits", x);
  sl_graph_output (graph, "loss", loss);
  return graph;
}

/* ---- Sizes */

/* What the course prints for ResNet-34, 12 classes and the narrow tail: lesson3-camvid-tiramisu. */
static void
test_size_resnet34 (void)
{
  const Case c = { "resnet34", 1, 90, 120, TRUE };
  g_autoptr (SlGraph) graph = make_graph (&c);
  g_autoptr (SlParams) params = sl_params_new_zero (graph);

  g_assert_cmpuint (sl_params_n_values (params, FALSE), ==, 41133018);
  sl_params_freeze_to (params, 2, FALSE);
  g_assert_cmpuint (sl_params_n_values (params, TRUE), ==, 19865370);
}

/* By hand from SPEC 1.7's rule: the bottom 1280 → 2560 → 1280; widths 736, 400, 224, 64 joined with
 * skips of 96, 32, 24, 16 channels; the tail 67. */
static void
test_size_mobilenet (void)
{
  const Case c = { "mobilenet-v2", 1, 64, 64, FALSE };
  g_autoptr (SlGraph) graph = make_graph (&c);
  g_autoptr (SlParams) params = sl_params_new_zero (graph);
  gsize n_head = 0;

  for (guint i = 0; i < sl_params_n (params); i++)
    {
      const SlParamInfo *info = sl_params_info (params, i);

      if (g_str_has_prefix (info->name, "head.") && info->kind != SL_PARAM_STATE)
        n_head += sl_shape_n_elements (info->shape);
    }
  g_assert_cmpuint (n_head, ==, 77520488);
  g_assert_cmpuint (sl_params_n_values (params, FALSE), ==, n_head + 2223872);
}

/* Every body at odd sizes, and at its smallest; the parameters are the same. */
static void
test_sizes (void)
{
  for (const SlArch *const *arch = sl_arch_all_for_pixels (); *arch != NULL; arch++)
    {
      guint least = (*arch)->min_size;
      const Case cases[] = { { (*arch)->id, 1, 97, 61, FALSE },
                             { (*arch)->id, 1, least, least + 3, FALSE } };
      g_autoptr (SlGraph) graph = make_graph (&cases[0]);
      g_autoptr (SlGraph) small = make_graph (&cases[1]);
      g_autoptr (SlParams) params = sl_params_new_zero (graph);
      g_autoptr (SlParams) same = sl_params_new_zero (small);

      g_assert_cmpuint (sl_params_n (params), ==, sl_params_n (same));
      for (guint i = 0; i < sl_params_n (params); i++)
        g_assert_true (
            sl_shape_equal (sl_params_info (params, i)->shape, sl_params_info (same, i)->shape));
    }
}

static void
assert_param (const SlParams *params, const char *name, SlShape shape, guint group)
{
  gint i = sl_params_find (params, name);

  g_assert_cmpint (i, >=, 0);
  g_assert_true (sl_shape_equal (sl_params_info (params, (guint)i)->shape, shape));
  g_assert_cmpuint (sl_params_info (params, (guint)i)->group, ==, group);
}

static void
test_names (void)
{
  const Case c = { "resnet18", 1, 64, 64, FALSE }, three = { "squeezenet1-1", 1, 64, 64, FALSE };
  g_autoptr (SlGraph) graph = make_graph (&c);
  g_autoptr (SlParams) params = sl_params_new_zero (graph);
  g_autoptr (SlGraph) other = make_graph (&three);
  g_autoptr (SlParams) fewer = sl_params_new_zero (other);

  assert_param (params, "layer4.1.conv2.weight", SL_SHAPE4 (3, 3, 512, 512), 1);
  assert_param (params, "head.1.running_mean", SL_SHAPE1 (512), 2);
  assert_param (params, "head.3.0.0.weight", SL_SHAPE4 (3, 3, 512, 1024), 2);
  assert_param (params, "head.4.shuf.conv.0.weight", SL_SHAPE4 (1, 1, 512, 1024), 2);
  assert_param (params, "head.4.bn.weight", SL_SHAPE1 (256), 2);
  assert_param (params, "head.5.conv1.0.weight", SL_SHAPE4 (3, 3, 384, 384), 2);
  assert_param (params, "head.7.conv1.0.weight", SL_SHAPE4 (3, 3, 192, 96), 2);
  assert_param (params, "head.8.conv.0.bias", SL_SHAPE1 (384), 2);
  assert_param (params, "head.10.layers.0.0.weight", SL_SHAPE4 (3, 3, 99, 99), 2);
  assert_param (params, "head.11.0.weight", SL_SHAPE4 (1, 1, 99, CLASSES), 2);
  /* One block fewer: what follows counts on from there. */
  assert_param (fewer, "head.6.conv2.0.weight", SL_SHAPE4 (3, 3, 128, 128), 2);
  assert_param (fewer, "head.10.0.weight", SL_SHAPE4 (1, 1, 131, CLASSES), 2);
}

/* ---- First values: variance 2 / incoming fan, squares of four pixels equal, biases zero. */

static void
test_first_values (void)
{
  const Case c = { "resnet18", 1, 64, 64, FALSE };
  g_autoptr (SlGraph) graph = make_graph (&c);
  g_autoptr (SlParams) params = sl_params_new (graph, 1);
  guint n_shuffles = 0, n_biases = 0;

  for (guint i = 0; i < sl_params_n (params); i++)
    {
      const SlParamInfo *info = sl_params_info (params, i);
      const float *values = sl_params_values (params) + info->offset;
      gboolean shuffles = strstr (info->name, "conv.0.weight") != NULL;
      gsize n = sl_shape_n_elements (info->shape);
      double squares = 0;

      if (!g_str_has_prefix (info->name, "head.") || info->kind != SL_PARAM_WEIGHT)
        continue;
      for (gsize k = 0; k < n; k++)
        squares += values[k] * (double)values[k];
      if (info->shape.rank == 1)
        {
          n_biases++;
          g_assert_cmpfloat (squares, ==, 0);
          continue;
        }
      g_assert_cmpfloat_with_epsilon (squares / (double)info->shape.dim[3] / 2, 1,
                                      6 * sqrt ((shuffles ? 8.0 : 2.0) / (double)n));
      n_shuffles += shuffles;
      for (gsize k = 0; shuffles && k < n; k++)
        g_assert_cmpfloat (values[k], ==, values[k / 4 * 4]);
    }
  g_assert_cmpuint (n_shuffles, ==, 5);
  g_assert_cmpuint (n_biases, ==, 2 + 4 * 3 + 1 + 2 + 1);
}

/* ---- Training */

/* The class of a pixel is which of its colours are above zero. */
static void
set_batch (SlPlan *plan, const Case *c, guint step)
{
  gsize pixels = (gsize)c->batch * c->height * c->width;
  float *picture = sl_plan_input_data (plan, "picture");
  float *weights = sl_plan_input_data (plan, "weight");
  gint32 *targets = sl_plan_input_data (plan, "target");
  SlRandom random;

  sl_random_init (&random, step);
  for (gsize i = 0; i < pixels * 3; i++)
    picture[i] = (float)sl_random_uniform (&random, -2, 2);
  for (gsize i = 0; i < pixels; i++)
    targets[i] = 1 + (picture[3 * i] > 0) + 2 * (picture[3 * i + 1] > 0)
                 + 4 * (picture[3 * i + 2] > 0);
  for (gsize i = 0; i < c->batch; i++)
    weights[i] = 1;
}

#define N_STEPS 12

static void
train (const Case *c, SlPlanFlags flags, double losses[N_STEPS])
{
  const double rates[] = { 1e-3, 1e-3, 1e-3 };
  g_autoptr (SlGraph) graph = make_graph (c);
  g_autoptr (SlParams) params = sl_params_new (graph, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlPlan) plan = sl_plan_new (graph, params, SL_MODE_TRAIN, flags, &error);
  SlAdamW adam = SL_ADAMW_INIT;

  g_assert_no_error (error);
  for (guint step = 0; step < N_STEPS; step++)
    {
      gsize n;

      set_batch (plan, c, step);
      sl_plan_forward (plan, step);
      losses[step] = sl_plan_output (plan, "loss", &n)[0];
      sl_plan_backward (plan);
      sl_adamw_step (&adam, params, rates, 0.9);
    }
}

/* The losses of a dozen steps with products of bfloat16 beside those of float32: @bound is twice what
 * AVX512_BF16 gave.  Equal they must not be, or nothing was rounded. */
static void
check_bf16 (const Case *c, double bound)
{
  double exact[N_STEPS], rounded[N_STEPS], apart = 0;

  train (c, 0, exact);
  train (c, SL_PLAN_BF16, rounded);
  for (guint i = 0; i < N_STEPS; i++)
    apart = MAX (apart, fabs (rounded[i] / exact[i] - 1));
  g_test_message ("%s: loss from %.3f to %.3f, in bfloat16 %.3f; at most %.4f apart", c->arch,
                  exact[0], exact[N_STEPS - 1], rounded[N_STEPS - 1], apart);
  g_assert_cmpfloat (exact[N_STEPS - 1], <, 0.8 * exact[0]);
  g_assert_cmpfloat (apart, >, 1e-6);
  g_assert_cmpfloat (apart, <, bound);
}

static void
test_bf16 (void)
{
  check_bf16 (&(Case){ "resnet18", 2, 45, 50, FALSE }, 0.06);
  check_bf16 (&(Case){ "unet-small", 2, 45, 50, FALSE }, 0.03);
}

/* ---- Memory */

static gsize
bytes_to_train (const Case *c, guint freeze_to, gboolean freeze_norms)
{
  g_autoptr (SlGraph) graph = make_graph (c);
  g_autoptr (SlParams) params = sl_params_new_zero (graph);

  sl_params_freeze_to (params, freeze_to, freeze_norms);
  return sl_plan_predict_bytes (graph, params, SL_MODE_TRAIN, SL_PLAN_BRIEF_GRADS);
}

/* A frozen body keeps nothing but its skips: beside a decoder alone, which gets these from outside, the
 * whole network needs no more than the body's widest pair of values, which are dead by then. */
static gsize
bytes_of_decoder (const Case *c)
{
  g_autoptr (SlGraph) body = sl_graph_new ();
  g_autoptr (SlGraph) graph = sl_graph_new ();
  g_autoptr (SlParams) params = NULL;
  SlShape whole = SL_SHAPE4 (c->batch, c->height, c->width, 3);
  SlValue picture = sl_graph_input (body, "picture", SL_DTYPE_F32, whole), x, loss = SL_NO_VALUE;
  SlValue targets, weights;
  SlShape last;

  last = sl_graph_shape (body, sl_arch_find (c->arch)->build_body (body, picture, NULL));
  picture = sl_graph_input (graph, "picture", SL_DTYPE_F32, whole);
  for (guint i = 0; i < sl_graph_n_skips (body); i++)
    {
      g_autofree char *name = g_strdup_printf ("skip%u", i);

      sl_graph_add_skip (graph, sl_graph_input (graph, name, SL_DTYPE_F32,
                                                sl_graph_shape (body, sl_graph_skip (body, i))));
    }
  targets = sl_graph_input (graph, "target", SL_DTYPE_I32,
                            SL_SHAPE3 (c->batch, c->height, c->width));
  weights = sl_graph_input (graph, "weight", SL_DTYPE_F32, SL_SHAPE1 (c->batch));
  x = sl_graph_input (graph, "features", SL_DTYPE_F32, last);
  x = sl_unet_build (graph, picture, x, CLASSES, FALSE, NULL);
  g_assert_true (sl_pixel_cross_entropy (graph, x, targets, weights, 0, &loss, NULL, NULL, NULL));
  sl_graph_output (graph, "logits", x);
  sl_graph_output (graph, "loss", loss);
  params = sl_params_new_zero (graph);
  return sl_plan_predict_bytes (graph, params, SL_MODE_TRAIN, SL_PLAN_BRIEF_GRADS);
}

static void
test_frozen_keeps_skips (void)
{
  const Case c = { "mobilenet-v2", 8, 180, 240, FALSE };
  const guint body = sl_arch_find (c.arch)->n_groups;
  gsize frozen = bytes_to_train (&c, body, TRUE), norms = bytes_to_train (&c, body, FALSE);
  gsize whole = bytes_to_train (&c, 0, FALSE), decoder = bytes_of_decoder (&c);

  g_test_message ("180×240, batch 8: %zu MiB with all trained, %zu with norms, %zu frozen, %zu "
                  "without the body",
                  whole >> 20, norms >> 20, frozen >> 20, decoder >> 20);
  g_assert_cmpuint (frozen, <=, decoder + decoder / 100);
  g_assert_cmpuint (frozen, <, norms);
  g_assert_cmpuint (norms, <=, whole);
  g_assert_cmpuint (whole, <, (gsize)3 << 29);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/models/unet/size-resnet34", test_size_resnet34);
  g_test_add_func ("/engine/models/unet/size-mobilenet", test_size_mobilenet);
  g_test_add_func ("/engine/models/unet/sizes", test_sizes);
  g_test_add_func ("/engine/models/unet/names", test_names);
  g_test_add_func ("/engine/models/unet/first-values", test_first_values);
  g_test_add_func ("/engine/models/unet/bf16", test_bf16);
  g_test_add_func ("/engine/models/unet/frozen-keeps-skips", test_frozen_keeps_skips);
  return g_test_run ();
}
