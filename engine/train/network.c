/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/network.h"
#include <slope/awd-lstm.h>
#include <slope/catalogue.h>
#include <slope/checkpoint.h>
#include <slope/models.h>

#define INPUT_PICTURES "pictures"
#define INPUT_FEATURES "features"
#define INPUT_TARGETS "targets"
#define INPUT_WEIGHTS "weights"
#define OUTPUT_FEATURES "features"

/* Batches that the loader prepares ahead of the trainer. */
#define N_AHEAD 3

SlPlanFlags
sl_network_train_flags (const SlRecipe *recipe)
{
  SlPlanFlags flags = recipe->clip > 0 ? SL_PLAN_DEFAULT : SL_PLAN_BRIEF_GRADS;

  return recipe->precision == SL_PRECISION_BF16 ? flags | SL_PLAN_BF16 : flags;
}

gsize
sl_network_n_features (const SlRecipe *recipe)
{
  return 2 * (gsize)sl_arch_find (recipe->arch)->n_features;
}

static gboolean
add_loss (SlGraph *graph, const SlRecipe *recipe, const SlProblem *problem, SlValue logits,
          guint n_rows, GError **error)
{
  const SlTask *task = problem->task;
  SlDType target_dtype;
  SlShape target_shape;
  SlValue targets, weights;

  task->target_layout (problem, n_rows, recipe->height, recipe->width, &target_dtype,
                       &target_shape);
  targets = sl_graph_input (graph, INPUT_TARGETS, target_dtype, target_shape);
  weights = sl_graph_input (graph, INPUT_WEIGHTS, SL_DTYPE_F32, SL_SHAPE1 (n_rows));
  return logits != SL_NO_VALUE
         && task->add_loss (problem, recipe, graph, logits, targets, weights, error);
}

/* Pictures, or what the body left of them, to logits; or to what the body leaves. */
static SlValue
add_layers (SlGraph *graph, const SlRecipe *recipe, const SlProblem *problem, guint batch,
            SlNetworkPart part, GError **error)
{
  const SlArch *arch = sl_arch_find (recipe->arch);
  guint n_outputs = problem->task->n_outputs (problem);
  SlValue pictures, x;

  if (part == SL_NETWORK_HEAD)
    {
      x = sl_graph_input (graph, INPUT_FEATURES, SL_DTYPE_F32,
                          SL_SHAPE2 (batch, sl_network_n_features (recipe)));
      return sl_head_build_pooled (graph, x, n_outputs, recipe->dropout, error);
    }
  pictures = sl_graph_input (graph, INPUT_PICTURES, SL_DTYPE_F32,
                             SL_SHAPE4 (batch, recipe->height, recipe->width, 3));
  x = arch->build_body (graph, pictures, error);
  if (part == SL_NETWORK_MAP)
    return x;
  if (part == SL_NETWORK_BODY) /* and the pooling that begins the head */
    return sl_concat_pool (graph, x, error);
  if (problem->task->dense)
    return sl_pixel_head_build (graph, arch, pictures, x, n_outputs, error);
  return sl_head_build (graph, x, n_outputs, recipe->dropout, error);
}

SlGraph *
sl_network_new (const SlRecipe *recipe, const SlProblem *problem, guint batch, SlNetworkPart part,
                GError **error)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  gboolean mixed = part == SL_NETWORK_MIXED;
  SlValue x;

  g_return_val_if_fail (sl_arch_find (recipe->arch) != NULL && batch > 0, NULL);
  g_return_val_if_fail (part != SL_NETWORK_HEAD || !problem->task->dense, NULL);
  x = add_layers (graph, recipe, problem, batch, part, error);
  if (x == SL_NO_VALUE)
    return NULL;
  if (part == SL_NETWORK_BODY || part == SL_NETWORK_MAP)
    sl_graph_output (graph, OUTPUT_FEATURES, x);
  else
    {
      if (mixed)
        x = sl_repeat (graph, x, error);
      if (!add_loss (graph, recipe, problem, x, mixed ? 2 * batch : batch, error))
        return NULL;
    }
  return g_steal_pointer (&graph);
}

gboolean
sl_network_set_pictures (SlPlan *plan, const SlBatch *batch, GError **error)
{
  return sl_plan_set_input (plan, INPUT_PICTURES, batch->pictures, error);
}

float *
sl_network_pictures (SlPlan *plan)
{
  return sl_plan_input_data (plan, INPUT_PICTURES);
}

gboolean
sl_network_set_batch (SlPlan *plan, const SlBatch *batch, GError **error)
{
  gboolean kept = sl_tensor_get_shape (batch->pictures).rank == 2;

  return sl_plan_set_input (plan, kept ? INPUT_FEATURES : INPUT_PICTURES, batch->pictures, error)
         && sl_plan_set_input (plan, INPUT_TARGETS, batch->targets, error)
         && sl_plan_set_input (plan, INPUT_WEIGHTS, batch->weights, error);
}

void
sl_network_set_mixed (SlPlan *plan, const SlBatch *batch, const SlMixup *mixup)
{
  sl_mixup_apply (mixup, batch, sl_plan_input_data (plan, INPUT_PICTURES),
                  sl_plan_input_data (plan, INPUT_TARGETS),
                  sl_plan_input_data (plan, INPUT_WEIGHTS));
}

static SlResize
choose_resize (const SlRecipe *recipe)
{
  switch (recipe->resize)
    {
    case SL_RECIPE_RESIZE_CROP:
      return SL_RESIZE_CROP;
    case SL_RECIPE_RESIZE_SQUISH:
      return SL_RESIZE_SQUISH;
    case SL_RECIPE_RESIZE_PAD:
      return SL_RESIZE_PAD;
    case SL_RECIPE_RESIZE_AUTO:
    default:
      return recipe->height == recipe->width ? SL_RESIZE_CROP : SL_RESIZE_SQUISH;
    }
}

void
sl_network_loader_options (const SlRecipe *recipe, guint batch, gboolean training,
                           SlLoaderOptions *options)
{
  *options = (SlLoaderOptions){
    .height = recipe->height,
    .width = recipe->width,
    .batch = batch,
    .augment = training ? sl_augment_find (recipe->augment) : NULL,
    .resize = choose_resize (recipe),
    .normalise = sl_normalise_imagenet,
    .seed = recipe->seed,
    .views = training ? recipe->views : 0,
    .shuffle = training,
    .drop_last = training,
    .n_ahead = N_AHEAD,
  };
}

/* ---- First weights */

SlStateDict *
sl_network_load_weights (const char *path, GError **error)
{
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND,
                   "There is no weights file “%s”: give the path of a .safetensors or .pth file",
                   path);
      return NULL;
    }
  return sl_awd_lstm_load_weights (path, error);
}

/* Parameters of the network without its head. */
static guint
count_body (SlParams *params)
{
  guint n = 0;

  for (guint i = 0; i < sl_params_n (params); i++)
    n += !g_str_has_prefix (sl_params_info (params, i)->name, "head.");
  return n;
}

/* Takes what fits and insists on the whole body: half a network is no network. */
static gboolean
take_body (SlParams *params, SlStateDict *dict, const SlRecipe *recipe, const char *path,
           GError **error)
{
  guint n_loaded = 0, n_body = count_body (params);

  if (!sl_params_from_state_dict (params, dict, FALSE, FALSE, &n_loaded, error))
    return FALSE;
  if (n_loaded >= n_body)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_DATA,
               "“%s” holds %u of the %u weights of %s: choose the weights of that network, or "
               "another network",
               path, n_loaded, n_body, recipe->arch);
  return FALSE;
}

/* (transfer full): the file of the catalogue's weights for this network.  Training never waits for
 * the network: who starts it fetches them before. */
static char *
find_downloaded (const SlRecipe *recipe, GError **error)
{
  g_autoptr (SlCatalogue) catalogue = sl_catalogue_load (NULL, error);
  g_autofree char *path = NULL;
  const SlWeights *weights;

  if (catalogue == NULL)
    return NULL;
  weights = sl_catalogue_find_arch (catalogue, recipe->arch);
  if (weights == NULL)
    {
      g_set_error (
          error, SL_ERROR, SL_ERROR_UNSUPPORTED,
          "Slope knows no public weights of %s: give a .safetensors or .pth file, or train "
          "without (none)",
          recipe->arch);
      return NULL;
    }
  path = sl_weights_dup_path (weights);
  if (sl_weights_is_here (weights))
    return g_steal_pointer (&path);
  g_set_error (
      error, SL_ERROR, SL_ERROR_NOT_FOUND,
      "The public weights of %s are not here yet: run “slope-cli weights get %s”, or save %s "
      "as %s",
      recipe->arch, weights->id, weights->address, path);
  return NULL;
}

char *
sl_network_find_pretrained (const SlRecipe *recipe, GError **error)
{
  return g_str_equal (recipe->pretrained, "auto") ? find_downloaded (recipe, error)
                                                  : g_strdup (recipe->pretrained);
}

static gboolean
load_pretrained (SlParams *params, const SlRecipe *recipe, GError **error)
{
  g_autoptr (SlStateDict) dict = NULL;
  g_autofree char *path = NULL;

  if (g_str_equal (recipe->pretrained, "none"))
    return TRUE;
  path = sl_network_find_pretrained (recipe, error);
  if (path == NULL)
    return FALSE;
  dict = sl_network_load_weights (path, error);
  return dict != NULL && take_body (params, dict, recipe, path, error);
}

gboolean
sl_network_load_start (SlParams *params, const SlRecipe *recipe, const char *start_model,
                       GError **error)
{
  g_autoptr (SlStateDict) dict = NULL;

  if (start_model == NULL)
    return load_pretrained (params, recipe, error);
  dict = sl_network_load_weights (start_model, error);
  return dict != NULL && take_body (params, dict, recipe, start_model, error);
}
