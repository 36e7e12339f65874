/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/sample-write.h"

#define N_(text) (text) /* translated by the window */

static const SlSampleInfo samples[] = {
  { "bears", N_ ("Bears"), N_ ("One label each"), "classify" },
  { "scene", N_ ("Scenes"), N_ ("Several labels"), "multilabel" },
  { "street", N_ ("Streets"), N_ ("Masks"), "segment" },
  { "nose", N_ ("Noses"), N_ ("Points"), "points" },
  { "reviews", N_ ("Reviews"), N_ ("Texts"), "text" },
};

static gboolean (*const writers[G_N_ELEMENTS (samples)]) (const SampleWriter *, GError **) = {
  _sl_sample_write_bears,
  _sl_sample_write_scene,
  _sl_sample_write_street,
  _sl_sample_write_nose,
  _sl_sample_write_reviews,
};

const SlSampleInfo *
sl_samples (guint *n)
{
  *n = G_N_ELEMENTS (samples);
  return samples;
}

gboolean
sl_sample_write (const char *name, const char *folder, GPtrArray *wrong, GCancellable *cancellable,
                 SlProgressFunc progress, gpointer user_data, GError **error)
{
  const SampleWriter writer = { folder, wrong, cancellable, progress, user_data };
  g_autoptr (GString) known = g_string_new (NULL);

  g_return_val_if_fail (name != NULL && folder != NULL, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      if (g_str_equal (name, samples[i].name))
        return writers[i](&writer, error);
      g_string_append_printf (known, "%ssample:%s", i > 0 ? ", " : "", samples[i].name);
    }
  g_set_error (error, SL_ERROR, SL_ERROR_NOT_FOUND, "There is no sample “%s”: there are %s", name,
               known->str);
  return FALSE;
}
