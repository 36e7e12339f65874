/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/state.h"
#include <string.h>

#define GROUP "run"
#define LAST "last-epoch"
#define BEST "best-epoch"
#define STAGE_BEST "best-epoch-of-stage"

/* ---- The state as text: exact, and readable in any viewer of safetensors files. */

/* An epoch that was not yet is left out. */
static void
write_epoch (GKeyFile *file, const char *group, const SlEpochRecord *epoch)
{
  if (epoch->epoch == 0)
    return;
  g_key_file_set_uint64 (file, group, "epoch", epoch->epoch);
  g_key_file_set_uint64 (file, group, "stage", epoch->stage);
  g_key_file_set_double (file, group, "train_loss", epoch->train_loss);
  g_key_file_set_double (file, group, "valid_loss", epoch->valid_loss);
  g_key_file_set_double_list (file, group, "metrics", (double *)epoch->metrics, SL_MAX_METRICS);
  g_key_file_set_double (file, group, "seconds", epoch->seconds);
}

static char *
state_to_text (const SlTrainState *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_set_uint64 (file, GROUP, "step", self->step);
  g_key_file_set_uint64 (file, GROUP, "epochs_done", self->epochs_done);
  g_key_file_set_uint64 (file, GROUP, "stage", self->stage);
  g_key_file_set_uint64 (file, GROUP, "stage_step", self->stage_step);
  g_key_file_set_uint64 (file, GROUP, "stage_epochs", self->stage_epochs);
  g_key_file_set_uint64 (file, GROUP, "waited", self->waited);
  g_key_file_set_double (file, GROUP, "epoch_seconds", self->epoch_seconds);
  g_key_file_set_double (file, GROUP, "loss_mean", self->smoother.mean);
  g_key_file_set_uint64 (file, GROUP, "loss_n", self->smoother.n);
  write_epoch (file, LAST, &self->last);
  write_epoch (file, BEST, &self->best);
  write_epoch (file, STAGE_BEST, &self->stage_best);
  return g_key_file_to_data (file, NULL, NULL);
}

/* The first error stays; later reads do nothing. */
static guint
read_uint (GKeyFile *file, const char *group, const char *key, GError **error)
{
  guint64 value;

  if (*error != NULL)
    return 0;
  value = g_key_file_get_uint64 (file, group, key, error);
  if (value > G_MAXUINT32)
    g_set_error (error, SL_ERROR, SL_ERROR_FORMAT, "%s is too large", key);
  return (guint)value;
}

static double
read_double (GKeyFile *file, const char *group, const char *key, GError **error)
{
  return *error != NULL ? 0 : g_key_file_get_double (file, group, key, error);
}

static void
read_epoch (SlEpochRecord *epoch, GKeyFile *file, const char *group, GError **error)
{
  g_autofree double *metrics = NULL;
  gsize n = 0;

  if (*error != NULL || !g_key_file_has_group (file, group))
    return;
  epoch->epoch = read_uint (file, group, "epoch", error);
  epoch->stage = read_uint (file, group, "stage", error);
  epoch->train_loss = read_double (file, group, "train_loss", error);
  epoch->valid_loss = read_double (file, group, "valid_loss", error);
  epoch->seconds = read_double (file, group, "seconds", error);
  if (*error != NULL)
    return;
  metrics = g_key_file_get_double_list (file, group, "metrics", &n, error);
  if (metrics != NULL)
    memcpy (epoch->metrics, metrics, MIN (n, SL_MAX_METRICS) * sizeof *metrics);
}

static gboolean
state_from_text (SlTrainState *self, const char *text, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  GError *problem = NULL;

  memset (self, 0, sizeof *self);
  if (!g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, &problem))
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  self->step = read_uint (file, GROUP, "step", &problem);
  self->epochs_done = read_uint (file, GROUP, "epochs_done", &problem);
  self->stage = read_uint (file, GROUP, "stage", &problem);
  self->stage_step = read_uint (file, GROUP, "stage_step", &problem);
  self->stage_epochs = read_uint (file, GROUP, "stage_epochs", &problem);
  self->waited = read_uint (file, GROUP, "waited", &problem);
  self->epoch_seconds = read_double (file, GROUP, "epoch_seconds", &problem);
  self->smoother.mean = read_double (file, GROUP, "loss_mean", &problem);
  self->smoother.n = read_uint (file, GROUP, "loss_n", &problem);
  read_epoch (&self->last, file, LAST, &problem);
  read_epoch (&self->best, file, BEST, &problem);
  read_epoch (&self->stage_best, file, STAGE_BEST, &problem);
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, problem);
  return FALSE;
}

/* ---- Identity */

char *
sl_sample_set_fingerprint (SlSampleSet *samples)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (gsize i = 0; i < sl_sample_set_n (samples); i++)
    {
      const SlSample *sample = sl_sample_set_get (samples, i);
      const char *target = sample->target != NULL ? sample->target : "";
      gint64 id = GINT64_TO_LE (sample->id);

      g_checksum_update (sum, (const guchar *)&id, sizeof id);
      g_checksum_update (sum, (const guchar *)target, (gssize)strlen (target) + 1);
    }
  return g_strdup (g_checksum_get_string (sum));
}

/* The recipe without what does not change the result. */
static char *
recipe_identity (const SlRecipe *recipe)
{
  g_autoptr (SlRecipe) copy = sl_recipe_copy (recipe);

  copy->threads = 0;
  return sl_recipe_to_json (copy);
}

/* Read and written anew: an older version did not know all of today's entries. */
static char *
own_identity (SlStateDict *dict)
{
  const char *json = sl_state_dict_get_meta (dict, "recipe");
  g_autoptr (SlRecipe) recipe = json != NULL ? sl_recipe_from_json (json, NULL) : NULL;

  return recipe != NULL ? recipe_identity (recipe) : NULL;
}

gboolean
sl_checkpoint_check (SlStateDict *dict, const SlRunIdentity *identity, GError **error)
{
  g_autofree char *recipe = recipe_identity (identity->recipe);
  g_autofree char *own = own_identity (dict);

  if (g_strcmp0 (sl_state_dict_get_meta (dict, "data"), identity->data) != 0)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "The training pictures have changed since this run was interrupted: start a "
                   "new run from its weights");
      return FALSE;
    }
  if (g_strcmp0 (own, recipe) != 0)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "The recipe has changed since this run was interrupted: resume with the old "
                   "one, or start a new run from its weights");
      return FALSE;
    }
  return TRUE;
}

/* ---- The file */

gboolean
sl_checkpoint_save (const char *path, SlParams *params, gboolean moments, const SlTrainState *state,
                    const SlRunIdentity *identity, SlTextSession *texts, GError **error)
{
  g_autoptr (SlStateDict) dict = sl_state_dict_new ();
  g_autofree char *text = state_to_text (state);
  g_autofree char *recipe = recipe_identity (identity->recipe);

  sl_params_to_state_dict (params, dict, moments);
  sl_state_dict_set_meta (dict, "format", "slope-checkpoint");
  sl_state_dict_set_meta (dict, "state", text);
  sl_state_dict_set_meta (dict, "recipe", recipe);
  sl_state_dict_set_meta (dict, "data", identity->data);
  if (texts != NULL)
    sl_text_session_to_dict (texts, dict);
  if (texts != NULL && moments && texts->way->save_state != NULL)
    texts->way->save_state (texts, dict);
  return sl_state_dict_save (dict, path, error);
}

static gboolean
read_meta (SlStateDict *dict, SlRecipe **recipe, SlTrainState *state, GError **error)
{
  const char *text = sl_state_dict_get_meta (dict, "state");
  const char *json = sl_state_dict_get_meta (dict, "recipe");

  if (text == NULL || json == NULL)
    {
      g_set_error_literal (error, SL_ERROR, SL_ERROR_FORMAT, "it holds no state");
      return FALSE;
    }
  if (!state_from_text (state, text, error))
    return FALSE;
  *recipe = sl_recipe_from_json (json, error);
  return *recipe != NULL;
}

SlStateDict *
sl_checkpoint_open (const char *path, SlRecipe **recipe, SlTrainState *state, GError **error)
{
  g_autoptr (SlStateDict) dict = NULL;
  g_autoptr (GError) problem = NULL;

  dict = sl_state_dict_load (path, error);
  if (dict == NULL)
    return NULL;
  if (!read_meta (dict, recipe, state, &problem))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                   "“%s” is not a checkpoint of Slope (%s): start a new run", path,
                   problem->message);
      return NULL;
    }
  return g_steal_pointer (&dict);
}

gboolean
sl_checkpoint_load_params (SlStateDict *dict, SlParams *params, GError **error)
{
  return sl_params_from_state_dict (params, dict, TRUE, TRUE, NULL, error);
}
