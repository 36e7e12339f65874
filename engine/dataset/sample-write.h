/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dataset/sample-draw.h"

#include <slope/dataset.h>

G_BEGIN_DECLS

/* Where a sample goes while it is drawn, and who is told. */
typedef struct
{
  const char    *folder;
  GPtrArray     *wrong; /* (nullable): paths that get a wrong label on purpose */
  GCancellable  *cancellable;
  SlProgressFunc progress;
  gpointer       user_data;
} SampleWriter;

typedef gboolean (*SampleWriteFunc) (const SampleWriter *self, guint i, gpointer data, GError **error);

/* Calls @write for 0 … n-1, in this order. */
gboolean _sl_sample_write_all (const SampleWriter *self, guint n, SampleWriteFunc write,
                               gpointer data, GError **error);
void     _sl_sample_add_wrong (const SampleWriter *self, const char *rel_path);
/* Files below the sample's folder; folders on the way are made.  @surface: RGB24, A8 for a mask,
 * which becomes an 8-bit grey PNG. */
gboolean _sl_sample_save_jpeg (const SampleWriter *self, cairo_surface_t *surface,
                               const char *rel_path, GError **error);
gboolean _sl_sample_save_png  (const SampleWriter *self, cairo_surface_t *surface,
                               const char *rel_path, GError **error);
gboolean _sl_sample_save_mask (const SampleWriter *self, cairo_surface_t *surface,
                               const char *rel_path, GError **error);
gboolean _sl_sample_save_text (const SampleWriter *self, const char *text, const char *rel_path,
                               GError **error);
/* The stream that draws picture @i of the sample with this number. */
void     _sl_sample_random    (SlRandom *random, guint i, guint sample);
/* The numbers 1 … n in the order in which they are given to the pictures. */
void     _sl_sample_order     (guint32 *numbers, guint n, guint sample);

/* ---- One file a sample; the numbers are part of the streams and stay. */
#define SAMPLE_BEARS 0
#define SAMPLE_SCENE 1
#define SAMPLE_STREET 2
#define SAMPLE_NOSE 3
#define SAMPLE_REVIEWS 4

gboolean _sl_sample_write_bears  (const SampleWriter *self, GError **error);
gboolean _sl_sample_write_scene  (const SampleWriter *self, GError **error);
gboolean _sl_sample_write_street (const SampleWriter *self, GError **error);
gboolean _sl_sample_write_nose   (const SampleWriter *self, GError **error);
gboolean _sl_sample_write_reviews (const SampleWriter *self, GError **error);

G_END_DECLS
