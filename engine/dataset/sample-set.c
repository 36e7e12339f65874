/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/dataset.h>
#include <slope/texts.h>

struct _SlSampleSet
{
  gatomicrefcount ref_count;
  SlProblem *problem; /* owned reference */
  SlTexts *texts;     /* (nullable): owned reference */
  GArray *samples;    /* of SlSample */
};

static void
sample_clear (gpointer data)
{
  SlSample *sample = data;

  g_free (sample->path);
  g_free (sample->target);
}

SlSampleSet *
sl_sample_set_new (SlProblem *problem)
{
  SlSampleSet *self = g_new0 (SlSampleSet, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->problem = sl_problem_ref (problem);
  self->samples = g_array_new (FALSE, FALSE, sizeof (SlSample));
  g_array_set_clear_func (self->samples, sample_clear);
  return self;
}

SlSampleSet *
sl_sample_set_ref (SlSampleSet *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
sl_sample_set_unref (SlSampleSet *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_array_unref (self->samples);
  g_clear_pointer (&self->texts, sl_texts_unref);
  sl_problem_unref (self->problem);
  g_free (self);
}

void
sl_sample_set_add (SlSampleSet *self, gint64 id, const char *path, const char *target)
{
  SlSample sample = { .id = id };

  g_return_if_fail (path != NULL);

  sample.path = g_strdup (path);
  sample.target = g_strdup (target);
  g_array_append_val (self->samples, sample);
}

void
sl_sample_set_set_texts (SlSampleSet *self, SlTexts *texts)
{
  g_return_if_fail (self->texts == NULL && self->samples->len == 0);
  self->texts = sl_texts_ref (texts);
}

SlTexts *
sl_sample_set_texts (const SlSampleSet *self)
{
  return self->texts;
}

void
sl_sample_set_add_text (SlSampleSet *self, gint64 id, gsize row, const char *target)
{
  SlSample sample = { .id = id, .row = row };

  g_return_if_fail (self->texts != NULL && row < sl_texts_n (self->texts));

  sample.target = g_strdup (target);
  g_array_append_val (self->samples, sample);
}

gsize
sl_sample_set_n (const SlSampleSet *self)
{
  return self->samples->len;
}

const SlSample *
sl_sample_set_get (const SlSampleSet *self, gsize i)
{
  g_return_val_if_fail (i < self->samples->len, NULL);
  return &g_array_index (self->samples, SlSample, i);
}

SlProblem *
sl_sample_set_problem (const SlSampleSet *self)
{
  return self->problem;
}
