/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/run-files.h"
#include "train/model.h"
#include <glib/gstdio.h>
#include <string.h>

char *
sl_stage_file_name (guint stage)
{
  return g_strdup_printf ("stage-%u.safetensors", stage + 1);
}

void
sl_run_files_init (SlRunFiles *self, const SlSession *session, SlSampleSet *train,
                   const char *folder)
{
  *self = (SlRunFiles){ .session = session,
                        .fingerprint = sl_sample_set_fingerprint (train),
                        .checkpoint = g_build_filename (folder, SL_CHECKPOINT_FILE, NULL),
                        .model = g_build_filename (folder, SL_MODEL_FILE, NULL) };
}

void
sl_run_files_clear (SlRunFiles *self)
{
  g_clear_pointer (&self->fingerprint, g_free);
  g_clear_pointer (&self->checkpoint, g_free);
  g_clear_pointer (&self->model, g_free);
  g_clear_pointer (&self->best, sl_params_unref);
  g_clear_pointer (&self->best_recipe, sl_recipe_free);
}

SlRunIdentity
sl_run_files_identity (const SlRunFiles *self)
{
  return (SlRunIdentity){ self->session->recipe, self->fingerprint };
}

/* ---- The best epoch */

static gboolean
ensure_best (SlRunFiles *self, GError **error)
{
  if (self->best == NULL)
    self->best = sl_session_new_params (self->session, error);
  return self->best != NULL;
}

void
sl_run_files_note_best (SlRunFiles *self)
{
  const SlSession *session = self->session;

  if (!ensure_best (self, NULL))
    return;
  memcpy (sl_params_values (self->best), sl_params_values (session->params),
          sl_params_n_elements (session->params) * sizeof (float));
  g_clear_pointer (&self->best_recipe, sl_recipe_free);
  self->best_recipe = sl_recipe_copy (session->now);
}

/* When the program was killed between model and checkpoint the model is that of a later epoch than
 * the checkpoint knows of: a better one still, which is reached again soon. */
gboolean
sl_run_files_load_best (SlRunFiles *self, GError **error)
{
  g_autoptr (SlStateDict) dict = sl_state_dict_load (self->model, error);
  const char *json = dict != NULL ? sl_state_dict_get_meta (dict, "recipe") : NULL;

  if (dict == NULL || !ensure_best (self, error)
      || !sl_params_from_state_dict (self->best, dict, FALSE, TRUE, NULL, error))
    return FALSE;
  self->best_recipe = sl_recipe_from_json (json != NULL ? json : "", error);
  return self->best_recipe != NULL;
}

/* ---- Writing */

gboolean
sl_run_files_save_model (SlRunFiles *self, const SlTrainState *state, GError **error)
{
  const SlSession *session = self->session;
  gboolean best = self->best != NULL;
  const SlEpochRecord *epoch = best ? &state->best : &state->last;

  return sl_model_save (self->model, best ? self->best : session->params,
                        best ? self->best_recipe : session->now, session->problem, session->texts,
                        epoch->epoch > 0 ? epoch : NULL, error);
}

gboolean
sl_run_files_save_state (SlRunFiles *self, const SlTrainState *state, GError **error)
{
  SlRunIdentity identity = sl_run_files_identity (self);

  return sl_checkpoint_save (self->checkpoint, self->session->params, TRUE, state, &identity,
                             self->session->texts, error);
}

gboolean
sl_run_files_save_stage (SlRunFiles *self, const SlTrainState *state, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->model);
  g_autofree char *name = sl_stage_file_name (state->stage);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  SlRunIdentity identity = sl_run_files_identity (self);

  return sl_checkpoint_save (path, self->session->params, FALSE, state, &identity,
                             self->session->texts, error);
}

void
sl_run_files_remove_checkpoint (SlRunFiles *self)
{
  g_unlink (self->checkpoint);
}
