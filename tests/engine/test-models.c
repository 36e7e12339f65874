/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/models.h>
#include <math.h>
#include <string.h>

static SlGraph *
make_graph (const char *id, guint batch, guint size, guint n_outputs)
{
  SlGraph *graph = sl_graph_new ();
  const SlArch *arch = sl_arch_find (id);
  g_autoptr (GError) error = NULL;
  SlValue x = sl_graph_input (graph, "picture", SL_DTYPE_F32, SL_SHAPE4 (batch, size, size, 3));

  x = arch->build_body (graph, x, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sl_graph_shape (graph, x).dim[3], ==, arch->n_features);
  g_assert_cmpuint (sl_graph_n_groups (graph), ==, arch->n_groups);
  x = sl_head_build (graph, x, n_outputs, 0.5, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sl_graph_n_groups (graph), ==, arch->n_groups + 1);
  g_assert_true (sl_shape_equal (sl_graph_shape (graph, x), SL_SHAPE2 (batch, n_outputs)));
  sl_graph_output (graph, "logits", x);
  return graph;
}

/* Sides of the last map, as torchvision's bodies have them. */
static void
test_strides (void)
{
  static const struct
  {
    const char *id;
    guint size, side;
  } cases[] = {
    { "resnet18", 224, 7 },       { "resnet50", 97, 4 },        { "mobilenet-v2", 224, 7 },
    { "mobilenet-v2", 97, 4 },    { "squeezenet1-0", 224, 13 }, { "squeezenet1-0", 97, 5 },
    { "squeezenet1-1", 224, 13 }, { "squeezenet1-1", 97, 6 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (SlGraph) graph = sl_graph_new ();
      SlValue x = sl_graph_input (graph, "x", SL_DTYPE_F32,
                                  SL_SHAPE4 (1, cases[i].size, cases[i].size, 3));

      x = sl_arch_find (cases[i].id)->build_body (graph, x, NULL);
      g_assert_cmpuint (x, !=, SL_NO_VALUE);
      g_assert_cmpuint (sl_graph_shape (graph, x).dim[1], ==, cases[i].side);
      g_assert_cmpuint (sl_graph_shape (graph, x).dim[2], ==, cases[i].side);
    }
}

static void
test_find (void)
{
  guint n = 0;

  for (const SlArch *const *arch = sl_arch_all (); *arch != NULL; arch++, n++)
    {
      g_assert_true (sl_arch_find ((*arch)->id) == *arch);
      g_assert_nonnull ((*arch)->label);
      g_assert_nonnull ((*arch)->hint);
    }
  g_assert_cmpuint (n, ==, 6);
  g_assert_null (sl_arch_find ("resnet"));
}

/* Numbers that the course prints for ResNet-34 with 37 classes, less its head's last norm (2 × 37),
 * which is optional: lesson6-pets-more. */
static void
test_size_resnet34 (void)
{
  g_autoptr (SlGraph) graph = make_graph ("resnet34", 2, 64, 37);
  g_autoptr (SlParams) params = sl_params_new_zero (graph);

  g_assert_cmpuint (sl_params_n_values (params, FALSE), ==, 21831599 - 2 * 37);
  g_assert_cmpuint (sl_params_n_values (params, TRUE), ==, 21831599 - 2 * 37);
  sl_params_freeze_to (params, 2, FALSE);
  g_assert_cmpuint (sl_params_n_values (params, TRUE), ==, 563951 - 2 * 37);
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
  g_autoptr (SlGraph) graph = make_graph ("resnet50", 2, 32, 10);
  g_autoptr (SlParams) params = sl_params_new_zero (graph);

  assert_param (params, "conv1.weight", SL_SHAPE4 (7, 7, 3, 64), 0);
  assert_param (params, "bn1.running_var", SL_SHAPE1 (64), 0);
  assert_param (params, "layer1.0.downsample.0.weight", SL_SHAPE4 (1, 1, 64, 256), 0);
  assert_param (params, "layer1.0.downsample.1.bias", SL_SHAPE1 (256), 0);
  assert_param (params, "layer2.3.conv3.weight", SL_SHAPE4 (1, 1, 128, 512), 0);
  assert_param (params, "layer3.0.conv2.weight", SL_SHAPE4 (3, 3, 256, 256), 1);
  assert_param (params, "layer4.2.bn3.weight", SL_SHAPE1 (2048), 1);
  assert_param (params, "head.2.weight", SL_SHAPE1 (4096), 2);
  assert_param (params, "head.4.weight", SL_SHAPE2 (4096, 512), 2);
  assert_param (params, "head.6.bias", SL_SHAPE1 (512), 2);
  assert_param (params, "head.8.weight", SL_SHAPE2 (512, 10), 2);
  g_assert_cmpint (sl_params_find (params, "layer1.1.downsample.0.weight"), ==, -1);
  g_assert_cmpint (sl_params_find (params, "fc.weight"), ==, -1);
}

static void
test_names_mobilenet (void)
{
  g_autoptr (SlGraph) graph = make_graph ("mobilenet-v2", 2, 32, 10);
  g_autoptr (SlParams) params = sl_params_new_zero (graph);

  assert_param (params, "features.0.0.weight", SL_SHAPE4 (3, 3, 3, 32), 0);
  assert_param (params, "features.1.conv.0.0.weight", SL_SHAPE3 (3, 3, 32), 0);
  assert_param (params, "features.1.conv.1.weight", SL_SHAPE4 (1, 1, 32, 16), 0);
  assert_param (params, "features.3.conv.3.bias", SL_SHAPE1 (24), 0);
  assert_param (params, "features.4.conv.0.0.weight", SL_SHAPE4 (1, 1, 24, 144), 1);
  assert_param (params, "features.6.conv.3.bias", SL_SHAPE1 (32), 1);
  assert_param (params, "features.7.conv.0.0.weight", SL_SHAPE4 (1, 1, 32, 192), 2);
  assert_param (params, "features.13.conv.3.bias", SL_SHAPE1 (96), 2);
  assert_param (params, "features.14.conv.0.0.weight", SL_SHAPE4 (1, 1, 96, 576), 3);
  assert_param (params, "features.17.conv.1.0.weight", SL_SHAPE3 (3, 3, 960), 3);
  assert_param (params, "features.18.1.running_mean", SL_SHAPE1 (1280), 3);
  assert_param (params, "head.4.weight", SL_SHAPE2 (2560, 512), 4);
  g_assert_cmpint (sl_params_find (params, "classifier.1.weight"), ==, -1);
}

static void
test_names_squeezenet (void)
{
  g_autoptr (SlGraph) graph = make_graph ("squeezenet1-1", 2, 32, 10);
  g_autoptr (SlParams) params = sl_params_new_zero (graph);

  assert_param (params, "features.0.bias", SL_SHAPE1 (64), 0);
  assert_param (params, "features.4.expand3x3.weight", SL_SHAPE4 (3, 3, 16, 64), 0);
  assert_param (params, "features.6.squeeze.weight", SL_SHAPE4 (1, 1, 128, 32), 1);
  assert_param (params, "features.12.expand1x1.bias", SL_SHAPE1 (256), 1);
  assert_param (params, "head.4.weight", SL_SHAPE2 (1024, 512), 2);
}

/* ---- Parameters: what they begin with */

static void
check_first_values (const char *arch)
{
  g_autoptr (SlGraph) graph = make_graph (arch, 2, 32, 7);
  g_autoptr (SlParams) params = sl_params_new (graph, 1);

  for (guint i = 0; i < sl_params_n (params); i++)
    {
      const SlParamInfo *info = sl_params_info (params, i);
      const float *values = sl_params_values (params) + info->offset;
      gsize n = sl_shape_n_elements (info->shape);
      double mean = 0, squares = 0, fan;

      g_assert_cmpuint (info->offset % 16, ==, 0);
      for (gsize k = 0; k < n; k++)
        {
          mean += values[k] / (double)n;
          squares += values[k] * (double)values[k] / (double)n;
        }
      if (info->shape.rank == 1)
        {
          gboolean ones = info->kind != SL_PARAM_WEIGHT
                          && (g_str_has_suffix (info->name, "weight")
                              || g_str_has_suffix (info->name, "var"));

          g_assert_cmpfloat_with_epsilon (mean, ones ? 1 : 0, 1e-9);
          g_assert_cmpfloat_with_epsilon (squares, ones ? 1 : 0, 1e-9);
          continue;
        }
      /* He et al. 2015: variance 2 / fan; torchvision takes the outgoing one for convolutions. */
      fan = info->shape.rank == 2 ? (double)info->shape.dim[0]
                                  : (double)(info->shape.dim[0] * info->shape.dim[1]
                                             * info->shape.dim[info->shape.rank - 1]);
      g_assert_cmpfloat_with_epsilon (squares * fan / 2, 1, 6 * sqrt (2.0 / (double)n));
      g_assert_cmpfloat_with_epsilon (mean * sqrt (fan / 2), 0, 5 / sqrt ((double)n));
    }
}

static void
test_first_values (void)
{
  check_first_values ("resnet18");
  check_first_values ("mobilenet-v2");
}

static SlGraph *
make_head (guint batch, guint size, guint n_outputs)
{
  SlGraph *graph = sl_graph_new ();
  SlValue x = sl_graph_input (graph, "x", SL_DTYPE_F32, SL_SHAPE4 (batch, size, size, 64));

  g_assert_cmpuint (sl_head_build (graph, x, n_outputs, 0.5, NULL), !=, SL_NO_VALUE);
  return graph;
}

/* First values hang on seed and name: another number of classes or a batch of another size changes
 * nothing elsewhere. */
static void
test_seed (void)
{
  g_autoptr (SlGraph) graph = make_head (2, 1, 7);
  g_autoptr (SlGraph) other = make_head (3, 2, 11);
  g_autoptr (SlParams) first = sl_params_new (graph, 1), same = sl_params_new (other, 1);
  g_autoptr (SlParams) different = sl_params_new (graph, 2);

  for (guint i = 0; i < sl_params_n (first); i++)
    {
      const SlParamInfo *info = sl_params_info (first, i);
      gsize bytes = sl_shape_n_elements (info->shape) * sizeof (float);
      gint at = sl_params_find (same, info->name);

      if (g_str_has_prefix (info->name, "head.8"))
        continue;
      g_assert_cmpmem (sl_params_values (first) + info->offset, bytes,
                       sl_params_values (same) + sl_params_info (same, (guint)at)->offset, bytes);
      if (info->shape.rank > 1)
        g_assert_cmpint (memcmp (sl_params_values (first) + info->offset,
                                 sl_params_values (different) + info->offset, bytes),
                         !=, 0);
    }
}

/* The smallest pictures that each network says it takes. */
static void
test_smallest (void)
{
  for (const SlArch *const *arch = sl_arch_all (); *arch != NULL; arch++)
    {
      g_autoptr (SlGraph) graph = make_graph ((*arch)->id, 1, (*arch)->min_size, 2);
      g_autoptr (SlParams) params = sl_params_new_zero (graph);
      g_autoptr (GError) error = NULL;
      g_autoptr (SlPlan) plan = sl_plan_new (graph, params, SL_MODE_EVAL, 0, &error);
      gsize n;

      g_assert_no_error (error);
      for (gsize i = 0; i < sl_params_n_elements (params); i++)
        sl_params_values (params)[i] = 0.01f;
      memset (sl_plan_input_data (plan, "picture"), 0,
              (*arch)->min_size * (*arch)->min_size * 3 * sizeof (float));
      sl_plan_forward (plan, 0);
      g_assert_cmpfloat (sl_plan_output (plan, "logits", &n)[0], >, 0);
      g_assert_true (isfinite (sl_plan_output (plan, "logits", &n)[1]));
      g_assert_cmpuint (n, ==, 2);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/models/find", test_find);
  g_test_add_func ("/engine/models/size-resnet34", test_size_resnet34);
  g_test_add_func ("/engine/models/strides", test_strides);
  g_test_add_func ("/engine/models/names", test_names);
  g_test_add_func ("/engine/models/names-mobilenet", test_names_mobilenet);
  g_test_add_func ("/engine/models/names-squeezenet", test_names_squeezenet);
  g_test_add_func ("/engine/models/first-values", test_first_values);
  g_test_add_func ("/engine/models/seed", test_seed);
  g_test_add_func ("/engine/models/smallest", test_smallest);
  return g_test_run ();
}
