/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/loader.h>
#include <slope/parallel.h>
#include <slope/random.h>

#include <string.h>

/* A ring of batches.  Threads take one picture at a time, always of the oldest batch that has any
 * left, so that a batch is ready as early as it can be; what they write depends on the picture's
 * id and never on which of them it was.  Batch b lies in slot b modulo the number of slots.
 *
 * Pictures a second on one core of an AMD EPYC, out of the cache with the default augmentation:
 * 105,000 at 28 px, 8,000 at 128, 2,900 at 224 (before sampling was a kernel 32,000, 2,550 and 870).
 * A ResNet-18 takes in 70 at 128 px, so training does not wait for this.  Decoding, in the first
 * epoch: of JPEGs of 500 × 375 1,280, 860 and 500; of photographs of 100 kB, many of them PNG and
 * WEBP, 57 at 128 px.  `slope-cli bench pictures:128` measures it. */

#define DEFAULT_AHEAD 3
#define MOST_THREADS 8
#define POLL_US (G_USEC_PER_SEC / 20)

typedef enum
{
  SLOT_FREE,
  SLOT_FILLING,
  SLOT_HELD /* handed out by sl_loader_next() */
} SlotState;

typedef struct
{
  SlBatch batch;
  SlotState state;
  gsize left; /* pictures not yet written */
} Slot;

struct _SlLoader
{
  SlSampleSet *samples;
  SlPictureCache *cache;
  SlLoaderOptions options;
  guint64 epoch;
  gsize n;        /* rows of this epoch */
  guint32 *order; /* their samples */
  guint32 *turns; /* (nullable): how often each row's sample came before it */
  gsize n_batches;
  guint n_slots;
  Slot *slots;
  guint n_threads;
  GThread **threads;

  GMutex lock;
  GCond work;            /* a slot has become free, or it is time to go */
  GCond ready;           /* a batch is complete */
  gboolean quit;         /* guarded by lock, as all below */
  gsize fill;            /* batch that threads take pictures of */
  gsize fill_next;       /* picture in it */
  gsize next;            /* batch that sl_loader_next() returns */
  GPtrArray *unreadable; /* of SlSkipped */
  gint64 waited_us;
};

/* ---- Batches */

static gsize
count_batches (gsize n, gsize batch, gboolean drop_last)
{
  gsize whole = n / batch;

  if (n == 0)
    return 0;
  return (drop_last && whole > 0) || n % batch == 0 ? whole : whole + 1;
}

static void
batch_init (SlBatch *self, const SlLoader *loader)
{
  const SlLoaderOptions *options = &loader->options;
  const SlProblem *problem = sl_sample_set_problem (loader->samples);
  SlDType dtype;
  SlShape shape;

  problem->task->target_layout (problem, options->batch, options->height, options->width, &dtype,
                                &shape);
  self->pictures = sl_tensor_new (
      SL_DTYPE_F32, SL_SHAPE4 (options->batch, (gsize)options->height, (gsize)options->width, 3));
  self->targets = sl_tensor_new (dtype, shape);
  self->weights = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE1 (options->batch));
  self->views = g_new0 (SlPictureView, options->batch);
  self->ids = g_new0 (gint64, options->batch);
}

static void
batch_clear (SlBatch *self)
{
  sl_tensor_unref (self->pictures);
  sl_tensor_unref (self->targets);
  sl_tensor_unref (self->weights);
  g_free (self->views);
  g_free (self->ids);
}

/* Row @i of a tensor whose first dimension is the batch. */
static gpointer
row_of (SlTensor *tensor, gsize i, gsize *bytes)
{
  *bytes = sl_tensor_get_bytes (tensor) / sl_tensor_get_shape (tensor).dim[0];
  return (guint8 *)sl_tensor_get_data (tensor) + i * *bytes;
}

/* A row that counts for nothing: padding, or a picture that cannot be read. */
static void
blank_row (SlBatch *self, gsize i, gint64 id)
{
  gsize bytes;
  gpointer row = row_of (self->pictures, i, &bytes);

  memset (row, 0, bytes);
  row = row_of (self->targets, i, &bytes);
  memset (row, 0, bytes);
  sl_tensor_f32 (self->weights)[i] = 0.0f;
  self->ids[i] = id;
}

/* Makes the slot ready to be filled with batch @index. */
static void
slot_begin (Slot *self, const SlLoader *loader, gsize index)
{
  gsize batch = loader->options.batch;

  self->batch.index = index;
  self->batch.n_items = MIN (batch, loader->n - index * batch);
  self->left = self->batch.n_items;
  self->state = SLOT_FILLING;
  for (gsize i = self->batch.n_items; i < batch; i++)
    blank_row (&self->batch, i, 0);
}

/* ---- One picture */

/* Of the augmentation of row @at of the epoch. */
static guint64
draw_key (const SlLoader *self, gsize at, gint64 id)
{
  guint64 turn = self->turns != NULL ? self->turns[at] : 0;
  guint64 draw = self->options.views > 0 ? self->epoch % self->options.views
                                         : self->epoch | turn << 32;

  return sl_random_key (self->options.seed, SL_PURPOSE_AUGMENT, draw, (guint64)id);
}

static void
draw_transform (const SlLoader *self, gsize at, gint64 id, const SlPicture *picture,
                SlTransform *transform)
{
  const SlLoaderOptions *options = &self->options;
  guint32 turn = options->corners ? self->turns[at] : 0;

  /* The same eight draws for all pictures: one alone is looked at as it was in a set. */
  if (turn > 0)
    sl_transform_draw_corner (transform, options->augment, turn - 1, options->resize,
                              picture->width, picture->height, options->width, options->height,
                              sl_random_key (options->seed, SL_PURPOSE_VIEWS, turn, 0));
  else
    sl_transform_draw (transform, options->corners ? NULL : options->augment, options->resize,
                       picture->width, picture->height, options->width, options->height,
                       draw_key (self, at, id));
}

static gboolean
write_row (const SlLoader *self, SlBatch *batch, gsize i, gsize at, GError **error)
{
  const SlLoaderOptions *options = &self->options;
  const SlProblem *problem = sl_sample_set_problem (self->samples);
  const SlSample *sample = sl_sample_set_get (self->samples, self->order[at]);
  g_autoptr (SlPicture) picture = NULL;
  SlPictureView *view = &batch->views[i];
  gsize bytes;

  picture = sl_picture_cache_get (self->cache, sample->path, MAX (options->height, options->width),
                                  error);
  if (picture == NULL)
    return FALSE;
  draw_transform (self, at, sample->id, picture, &view->transform);
  view->width = picture->width;
  view->height = picture->height;
  view->scale_x = picture->width / (double)picture->file_width;
  view->scale_y = picture->height / (double)picture->file_height;
  view->cache = self->cache;
  if (!problem->task->encode (problem, sample->target, view, batch->targets, i, error))
    return FALSE;
  sl_transform_apply (&view->transform, picture, &options->normalise,
                      row_of (batch->pictures, i, &bytes));
  sl_tensor_f32 (batch->weights)[i] = options->weights != NULL ? options->weights[self->order[at]]
                                                               : 1.0f;
  batch->ids[i] = sample->id;
  return TRUE;
}

static void
skipped_free (gpointer data)
{
  SlSkipped *self = data;

  g_free (self->path);
  g_free (self->reason);
  g_free (self);
}

/* (transfer full) (nullable): why the picture could not be used. */
static SlSkipped *
fill_row (const SlLoader *self, SlBatch *batch, gsize i)
{
  gsize at = batch->index * self->options.batch + i;
  const SlSample *sample = sl_sample_set_get (self->samples, self->order[at]);
  g_autoptr (GError) error = NULL;
  SlSkipped *skipped;

  if (write_row (self, batch, i, at, &error))
    return NULL;
  blank_row (batch, i, sample->id);
  if (self->options.corners && self->turns[at] > 0)
    return NULL; /* its first view says so */
  skipped = g_new (SlSkipped, 1);
  skipped->path = g_strdup (sample->path);
  skipped->reason = g_strdup (error->message);
  return skipped;
}

/* ---- Threads */

/* With the lock held: waits for a picture to work on.  %NULL: there is nothing more to do. */
static Slot *
take_picture (SlLoader *self, gsize *i)
{
  while (!self->quit && self->fill < self->n_batches)
    {
      Slot *slot = &self->slots[self->fill % self->n_slots];

      if (self->fill_next == 0 && slot->state != SLOT_FREE)
        {
          g_cond_wait (&self->work, &self->lock);
          continue;
        }
      if (self->fill_next == 0)
        slot_begin (slot, self, self->fill);
      *i = self->fill_next++;
      if (self->fill_next == slot->batch.n_items)
        {
          self->fill++;
          self->fill_next = 0;
        }
      return slot;
    }
  return NULL;
}

static gpointer
load_in_thread (gpointer data)
{
  SlLoader *self = data;
  Slot *slot;
  gsize i;

  sl_parallel_enter_background ();
  g_mutex_lock (&self->lock);
  while ((slot = take_picture (self, &i)) != NULL)
    {
      SlSkipped *skipped;

      g_mutex_unlock (&self->lock);
      skipped = fill_row (self, &slot->batch, i);
      g_mutex_lock (&self->lock);
      if (skipped != NULL)
        g_ptr_array_add (self->unreadable, skipped);
      if (--slot->left == 0)
        g_cond_broadcast (&self->ready);
    }
  g_mutex_unlock (&self->lock);
  return NULL;
}

static guint
choose_threads (const SlLoaderOptions *options)
{
  return options->n_threads > 0 ? options->n_threads
                                : CLAMP (sl_parallel_get_threads (), 1, MOST_THREADS);
}

/* ---- The loader */

guint32 *
sl_loader_draw_order (gsize n, guint64 seed, guint64 epoch)
{
  guint32 *order = g_new (guint32, MAX (n, 1));
  SlRandom random;

  for (guint32 i = 0; i < n; i++)
    order[i] = i;
  sl_random_init (&random, sl_random_key (seed, SL_PURPOSE_SHUFFLE, epoch, 0));
  sl_random_shuffle (&random, order, n);
  return order;
}

static guint32 *
count_turns (const guint32 *order, gsize n, gsize n_samples)
{
  g_autofree guint32 *seen = g_new0 (guint32, MAX (n_samples, 1));
  guint32 *turns = g_new (guint32, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    turns[i] = seen[order[i]]++;
  return turns;
}

/* Which samples the epoch shows, in which order. */
static void
set_order (SlLoader *self)
{
  const SlLoaderOptions *options = &self->options;
  gsize n = sl_sample_set_n (self->samples);

  self->n = options->order != NULL ? options->n_order : n;
  if (options->order != NULL)
    {
      self->order = g_memdup2 (options->order, self->n * sizeof *self->order);
      self->turns = count_turns (self->order, self->n, n);
    }
  else if (options->shuffle)
    self->order = sl_loader_draw_order (n, options->seed, self->epoch);
  else
    {
      self->order = g_new (guint32, MAX (n, 1));
      for (guint32 i = 0; i < n; i++)
        self->order[i] = i;
    }
}

SlLoader *
sl_loader_new (SlSampleSet *samples, SlPictureCache *cache, const SlLoaderOptions *options,
               guint64 epoch, gsize first_batch)
{
  SlLoader *self;

  g_return_val_if_fail (options->batch > 0 && options->height > 0 && options->width > 0, NULL);
  g_return_val_if_fail (sl_sample_set_n (samples) <= G_MAXUINT32, NULL);
  g_return_val_if_fail (!options->corners || (options->order && options->augment), NULL);

  self = g_new0 (SlLoader, 1);
  self->samples = sl_sample_set_ref (samples);
  self->cache = sl_picture_cache_ref (cache);
  self->options = *options;
  self->epoch = epoch;
  set_order (self);
  self->n_batches = count_batches (self->n, options->batch, options->drop_last);
  self->fill = self->next = MIN (first_batch, self->n_batches);
  self->unreadable = g_ptr_array_new_with_free_func (skipped_free);
  g_mutex_init (&self->lock);
  g_cond_init (&self->work);
  g_cond_init (&self->ready);

  self->n_slots = (options->n_ahead > 0 ? options->n_ahead : DEFAULT_AHEAD) + 1;
  self->slots = g_new0 (Slot, self->n_slots);
  for (guint i = 0; i < self->n_slots; i++)
    batch_init (&self->slots[i].batch, self);
  self->n_threads = choose_threads (options);
  self->threads = g_new (GThread *, self->n_threads);
  for (guint i = 0; i < self->n_threads; i++)
    self->threads[i] = g_thread_new ("load-pictures", load_in_thread, self);
  return self;
}

void
sl_loader_free (SlLoader *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->quit = TRUE;
  g_cond_broadcast (&self->work);
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < self->n_threads; i++)
    g_thread_join (self->threads[i]);
  for (guint i = 0; i < self->n_slots; i++)
    batch_clear (&self->slots[i].batch);

  g_ptr_array_unref (self->unreadable);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->work);
  g_cond_clear (&self->ready);
  g_free (self->threads);
  g_free (self->slots);
  g_free (self->order);
  g_free (self->turns);
  sl_picture_cache_unref (self->cache);
  sl_sample_set_unref (self->samples);
  g_free (self);
}

gsize
sl_loader_n_batches (const SlLoader *self)
{
  return self->n_batches;
}

/* With the lock held: whether the next batch is complete. */
static gboolean
is_ready (const SlLoader *self)
{
  const Slot *slot = &self->slots[self->next % self->n_slots];

  return slot->state == SLOT_FILLING && slot->batch.index == self->next && slot->left == 0;
}

SlBatch *
sl_loader_next (SlLoader *self, GCancellable *cancellable, GError **error)
{
  gint64 start = g_get_monotonic_time ();
  SlBatch *batch = NULL;

  g_mutex_lock (&self->lock);
  while (self->next < self->n_batches)
    {
      Slot *slot = &self->slots[self->next % self->n_slots];

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        break;
      if (slot->state == SLOT_HELD)
        {
          g_set_error_literal (error, SL_ERROR, SL_ERROR_STATE,
                               "All batches are out: give one back before the next");
          break;
        }
      if (is_ready (self))
        {
          slot->state = SLOT_HELD;
          batch = &slot->batch;
          self->next++;
          break;
        }
      g_cond_wait_until (&self->ready, &self->lock, g_get_monotonic_time () + POLL_US);
    }
  self->waited_us += g_get_monotonic_time () - start;
  g_mutex_unlock (&self->lock);
  return batch;
}

void
sl_loader_give_back (SlLoader *self, SlBatch *batch)
{
  Slot *slot = (Slot *)batch; /* its first member */

  g_return_if_fail (slot >= self->slots && slot < self->slots + self->n_slots);

  g_mutex_lock (&self->lock);
  if (slot->state == SLOT_HELD)
    slot->state = SLOT_FREE;
  g_cond_broadcast (&self->work);
  g_mutex_unlock (&self->lock);
}

gsize
sl_loader_n_unreadable (const SlLoader *self)
{
  GMutex *lock = &((SlLoader *)self)->lock;
  gsize n;

  g_mutex_lock (lock);
  n = self->unreadable->len;
  g_mutex_unlock (lock);
  return n;
}

const SlSkipped *
sl_loader_get_unreadable (const SlLoader *self, gsize i)
{
  GMutex *lock = &((SlLoader *)self)->lock;
  const SlSkipped *skipped = NULL;

  g_mutex_lock (lock);
  if (i < self->unreadable->len)
    skipped = self->unreadable->pdata[i];
  g_mutex_unlock (lock);
  return skipped;
}

double
sl_loader_waited_seconds (const SlLoader *self)
{
  GMutex *lock = &((SlLoader *)self)->lock;
  double seconds;

  g_mutex_lock (lock);
  seconds = self->waited_us / (double)G_USEC_PER_SEC;
  g_mutex_unlock (lock);
  return seconds;
}
