/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "train/model.h"
#include <slope/checkpoint.h>
#include <math.h>

static char *
builder_to_string (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}

static char *
classes_to_json (const char *const *classes)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (; *classes != NULL; classes++)
    json_builder_add_string_value (builder, *classes);
  json_builder_end_array (builder);
  return builder_to_string (builder);
}

static void
add_floats (JsonBuilder *builder, const char *name, const float *values, gsize n)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (gsize i = 0; i < n; i++)
    json_builder_add_double_value (builder, values[i]);
  json_builder_end_array (builder);
}

static char *
normalise_to_json (const SlNormalise *normalise)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_floats (builder, "mean", normalise->mean, G_N_ELEMENTS (normalise->mean));
  add_floats (builder, "std", normalise->std, G_N_ELEMENTS (normalise->std));
  json_builder_end_object (builder);
  return builder_to_string (builder);
}

/* JSON has no NaN: a figure that is none is left out. */
static void
add_figure (JsonBuilder *builder, const char *name, double value)
{
  if (!isfinite (value))
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, value);
}

static char *
metrics_to_json (const SlTask *task, const SlEpochRecord *epoch)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_figure (builder, "train_loss", epoch->train_loss);
  add_figure (builder, "valid_loss", epoch->valid_loss);
  for (guint i = 0; i < task->n_metrics; i++)
    add_figure (builder, task->metrics[i].name, epoch->metrics[i]);
  json_builder_end_object (builder);
  return builder_to_string (builder);
}

static void
set_meta_take (SlStateDict *dict, const char *key, char *value)
{
  sl_state_dict_set_meta (dict, key, value);
  g_free (value);
}

gboolean
sl_model_save (const char *path, SlParams *params, const SlRecipe *recipe, const SlProblem *problem,
               SlTextSession *texts, const SlEpochRecord *epoch, GError **error)
{
  g_autoptr (SlStateDict) dict = sl_state_dict_new ();

  sl_params_to_state_dict (params, dict, FALSE);
  sl_state_dict_set_meta (dict, "format", "slope-model");
  sl_state_dict_set_meta (dict, "slope_version", SLOPE_VERSION);
  sl_state_dict_set_meta (dict, "arch", recipe->arch);
  sl_state_dict_set_meta (dict, "task", problem->task->id);
  set_meta_take (dict, "classes", classes_to_json (problem->classes));
  if (problem->ranges != NULL)
    set_meta_take (dict, "ranges", sl_problem_ranges_to_json (problem));
  if (texts != NULL)
    sl_text_session_to_dict (texts, dict);
  else
    {
      set_meta_take (dict, "size", g_strdup_printf ("%dx%d", recipe->height, recipe->width));
      set_meta_take (dict, "normalise", normalise_to_json (&sl_normalise_imagenet));
    }
  set_meta_take (dict, "recipe", sl_recipe_to_json (recipe));
  if (epoch != NULL)
    set_meta_take (dict, "metrics", metrics_to_json (problem->task, epoch));
  return sl_state_dict_save (dict, path, error);
}
