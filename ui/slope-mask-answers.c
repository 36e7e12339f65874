/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-mask-answers.h"

#include "slope-settings.h"
#include "slope-thumbnailer.h"

#define MAX_ANSWERS 96 /* of 360 × 480 pixels they take 32 MiB */
#define SETTING "clean-mask-view"

/* Premultiplied, in Cairo's own order. */
#define WRONG 0xffffd92fu
#define RIGHT 0xa0000000u
#define VOID 0u

SlopeMaskView
slope_mask_view_get (void)
{
  return (SlopeMaskView)g_settings_get_enum (slope_settings (), SETTING);
}

void
slope_mask_view_set (SlopeMaskView view)
{
  g_settings_set_enum (slope_settings (), SETTING, (int)view);
}

static const char *
key_of (SlProject *project, SlItem *item)
{
  return sl_item_get_target (item);
}

static void
ask (SlProject *project, gint64 run, SlItem *item, const char *key, GCancellable *cancellable,
     GAsyncReadyCallback callback, gpointer user_data)
{
  sl_project_predict_item_async (project, run, item, cancellable, callback, user_data);
}

static gpointer
finish (SlProject *project, SlItem *item, GAsyncResult *result, GError **error)
{
  return sl_project_predict_finish (project, result, error);
}

static void
answer_free (gpointer answer)
{
  sl_prediction_free (answer);
}

SlopeAnswers *
slope_mask_answers_new (void)
{
  static const SlopeAnswerKind kind = {
    .max = MAX_ANSWERS, .key = key_of, .ask = ask, .finish = finish, .answer_free = answer_free
  };

  return slope_answers_new (&kind);
}

GdkTexture *
slope_mask_texture_new (const SlPrediction *prediction, gboolean dark)
{
  g_return_val_if_fail (prediction != NULL && prediction->mask != NULL, NULL);

  return slope_texture_new_from_classes (prediction->mask, prediction->mask_width,
                                         prediction->mask_height, dark);
}

GdkTexture *
slope_mask_errors_new (const SlPrediction *prediction)
{
  const gsize n = (gsize)prediction->mask_width * (gsize)prediction->mask_height;
  g_autoptr (GBytes) bytes = NULL;
  guint32 *out;

  if (prediction->truth == NULL)
    return NULL;
  out = g_new (guint32, n);
  for (gsize i = 0; i < n; i++)
    if (prediction->truth[i] == SL_MASK_VOID)
      out[i] = VOID;
    else
      out[i] = prediction->truth[i] == prediction->mask[i] ? RIGHT : WRONG;
  bytes = g_bytes_new_take (out, n * sizeof *out);
  return gdk_memory_texture_new (prediction->mask_width, prediction->mask_height,
                                 GDK_MEMORY_DEFAULT, bytes, (gsize)prediction->mask_width * 4);
}
