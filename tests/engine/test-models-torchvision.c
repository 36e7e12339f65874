/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bodies under the classifiers that torchvision puts on them: the known numbers of parameters,
 * and with the weights of shared/weights, where these are, the logits that PyTorch gives. */
#include <slope/checkpoint.h>
#include <slope/models.h>

#define CLASSES 1000
#define PICTURE 224
#define LOGIT_TOLERANCE 1e-4

/* ResNet: mean over the area, then "fc". */
static SlValue
classify_resnet (SlGraph *graph, SlValue x, GError **error)
{
  x = sl_global_avg_pool (graph, x, error);
  return sl_linear (graph, "fc", x, CLASSES, FALSE, error);
}

static SlValue
classify_mobilenet (SlGraph *graph, SlValue x, GError **error)
{
  x = sl_dropout (graph, sl_global_avg_pool (graph, x, error), 0.2, error);
  return sl_linear (graph, "classifier.1", x, CLASSES, FALSE, error);
}

/* SqueezeNet: a 1×1 convolution to the classes, and the mean of what it finds. */
static SlValue
classify_squeezenet (SlGraph *graph, SlValue x, GError **error)
{
  SlConv2dAttrs conv = { .out_channels = CLASSES, .kernel = 1, .stride = 1, .bias = TRUE };

  x = sl_conv2d (graph, "classifier.1", sl_dropout (graph, x, 0.5, error), &conv, error);
  return sl_global_avg_pool (graph, sl_relu (graph, x, error), error);
}

typedef struct
{
  const char *id;
  SlValue (*classify) (SlGraph *graph, SlValue x, GError **error);
  gsize n_values;   /* as torchvision counts */
  const char *file; /* (nullable): of shared/weights, without its ending */
} Network;

static const Network networks[] = {
  { "resnet18", classify_resnet, 11689512, NULL },
  { "resnet34", classify_resnet, 21797672, NULL },
  { "resnet50", classify_resnet, 25557032, NULL },
  { "mobilenet-v2", classify_mobilenet, 3504872, "mobilenet_v2" },
  { "squeezenet1-0", classify_squeezenet, 1248424, "squeezenet1_0" },
  { "squeezenet1-1", classify_squeezenet, 1235496, "squeezenet1_1" },
};

static SlGraph *
make_graph (const Network *network, guint batch, guint size)
{
  SlGraph *graph = sl_graph_new ();
  SlValue x = sl_graph_input (graph, "picture", SL_DTYPE_F32, SL_SHAPE4 (batch, size, size, 3));
  g_autoptr (GError) error = NULL;

  x = sl_arch_find (network->id)->build_body (graph, x, &error);
  x = network->classify (graph, x, &error);
  g_assert_no_error (error);
  sl_graph_output (graph, "logits", x);
  return graph;
}

static void
test_size (gconstpointer data)
{
  const Network *network = data;
  g_autoptr (SlGraph) graph = make_graph (network, 1, 32);
  g_autoptr (SlParams) params = sl_params_new_zero (graph);

  g_assert_cmpuint (sl_params_n_values (params, FALSE), ==, network->n_values);
}

/* ---- Against PyTorch, with real weights */

/* NULL: the file is not here, and the test skips. */
static SlStateDict *
load_shared (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("SLOPE_SHARED"), "weights", name, NULL);
  g_autoptr (GError) error = NULL;
  SlStateDict *dict;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("the shared weights are not here");
      return NULL;
    }
  dict = sl_state_dict_load (path, &error);
  g_assert_no_error (error);
  return dict;
}

/* (N,C,H,W), as PyTorch has pictures, into (N,H,W,C). */
static void
set_pictures (SlPlan *plan, SlTensor *pictures)
{
  SlShape s = sl_tensor_get_shape (pictures);
  const float *from = sl_tensor_f32 (pictures);
  float *to = sl_plan_input_data (plan, "picture");
  gsize area = s.dim[2] * s.dim[3];

  for (gsize i = 0; i < s.dim[0] * s.dim[1]; i++)
    for (gsize p = 0; p < area; p++)
      to[(i / s.dim[1] * area + p) * s.dim[1] + i % s.dim[1]] = *from++;
}

static void
test_logits (gconstpointer data)
{
  const Network *network = data;
  g_autofree char *file = g_strconcat (network->file, "_imagenet.safetensors", NULL);
  g_autofree char *name = g_strconcat (network->file, ".logits", NULL);
  g_autoptr (SlStateDict) weights = load_shared (file);
  g_autoptr (SlStateDict) reference = load_shared ("reference_outputs.safetensors");
  g_autoptr (SlGraph) graph = NULL;
  g_autoptr (SlParams) params = NULL;
  g_autoptr (SlPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  const float *wanted, *got;
  SlTensor *pictures;
  gsize n, batch;

  if (weights == NULL || reference == NULL)
    return;
  pictures = sl_state_dict_lookup (reference, "input");
  batch = sl_tensor_get_shape (pictures).dim[0];
  graph = make_graph (network, (guint)batch, PICTURE);
  params = sl_params_new_zero (graph);
  g_assert_true (sl_params_from_state_dict (params, weights, FALSE, TRUE, NULL, &error));
  g_assert_no_error (error);
  plan = sl_plan_new (graph, params, SL_MODE_EVAL, 0, &error);
  g_assert_no_error (error);
  set_pictures (plan, pictures);
  sl_plan_forward (plan, 0);
  got = sl_plan_output (plan, "logits", &n);
  g_assert_cmpuint (n, ==, batch * CLASSES);
  wanted = sl_tensor_f32 (sl_state_dict_lookup (reference, name));
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (got[i], wanted[i], LOGIT_TOLERANCE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (networks); i++)
    {
      g_autofree char *size = g_strconcat ("/engine/torchvision/size/", networks[i].id, NULL);
      g_autofree char *logits = g_strconcat ("/engine/torchvision/logits/", networks[i].id, NULL);

      g_test_add_data_func (size, &networks[i], test_size);
      if (networks[i].file != NULL)
        g_test_add_data_func (logits, &networks[i], test_logits);
    }
  return g_test_run ();
}
