/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-answers.h"

typedef struct
{
  gint64 item;
  char *key;
  gpointer answer; /* owned; NULL: there is none of this picture */
} Known;

struct _SlopeAnswers
{
  GObject parent_instance;
  const SlopeAnswerKind *kind;
  SlProject *project; /* owned; NULL: none */
  gint64 run;
  char *problem;        /* (nullable) */
  GQueue known;         /* of Known, the last used first */
  GPtrArray *wanted;    /* of SlItem, owned; the next one last */
  SlItem *asked;        /* owned; NULL: nothing is being asked */
  char *asked_key;      /* owned */
  GCancellable *cancel; /* of the one that is being asked for */
};

enum
{
  PROP_PROBLEM = 1,
  N_PROPS
};

enum
{
  READY,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SlopeAnswers, slope_answers, G_TYPE_OBJECT)

/* ---- What is known */

static void
known_free (SlopeAnswers *self, Known *known)
{
  g_clear_pointer (&known->answer, self->kind->answer_free);
  g_free (known->key);
  g_free (known);
}

static void
forget_all (SlopeAnswers *self)
{
  Known *known;

  while ((known = g_queue_pop_head (&self->known)) != NULL)
    known_free (self, known);
}

static const char *
key_of (SlopeAnswers *self, SlItem *item)
{
  return self->project != NULL ? self->kind->key (self->project, item) : NULL;
}

/* A few hundred at most: looking through them costs less than a key made of both would. */
static Known *
find_known (SlopeAnswers *self, SlItem *item)
{
  const gint64 id = sl_item_get_id (item);
  const char *key = key_of (self, item);

  for (GList *link = self->known.head; link != NULL; link = link->next)
    {
      Known *known = link->data;

      if (known->item != id || g_strcmp0 (known->key, key) != 0)
        continue;
      g_queue_unlink (&self->known, link);
      g_queue_push_head_link (&self->known, link);
      return known;
    }
  return NULL;
}

/* @answer: (transfer full) (nullable): there is none */
static void
keep (SlopeAnswers *self, SlItem *item, const char *key, gpointer answer)
{
  Known *known = g_new0 (Known, 1);

  known->item = sl_item_get_id (item);
  known->key = g_strdup (key);
  known->answer = answer;
  g_queue_push_head (&self->known, known);
  while (self->known.length > self->kind->max)
    known_free (self, g_queue_pop_tail (&self->known));
}

static void
set_problem (SlopeAnswers *self, const char *problem)
{
  if (g_strcmp0 (self->problem, problem) == 0)
    return;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROBLEM]);
}

/* ---- One after the other */

static void ask_next (SlopeAnswers *self);

/* What concerns one picture alone, so that others may well have an answer. */
static gboolean
is_of_the_picture (const GError *error)
{
  return g_error_matches (error, SL_ERROR, SL_ERROR_FORMAT)
         || g_error_matches (error, SL_ERROR, SL_ERROR_NOT_FOUND);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SlopeAnswers) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlItem) item = g_steal_pointer (&self->asked);
  g_autofree char *key = g_steal_pointer (&self->asked_key);
  gpointer answer = self->kind->finish (SL_PROJECT (source), item, result, &error);
  /* Cancelled: not wanted any more, or of a run that is not looked at any more. */
  const gboolean given_up = g_cancellable_is_cancelled (self->cancel);

  g_clear_object (&self->cancel);
  if (given_up)
    g_clear_pointer (&answer, self->kind->answer_free);
  else if (answer != NULL || is_of_the_picture (error))
    keep (self, item, key, answer);
  else
    {
      g_ptr_array_set_size (self->wanted, 0);
      set_problem (self, error->message);
    }
  if (!given_up)
    g_signal_emit (self, signals[READY], 0);
  ask_next (self);
}

static void
ask_next (SlopeAnswers *self)
{
  while (self->asked == NULL && self->wanted->len > 0)
    {
      g_autoptr (SlItem) item = g_ptr_array_steal_index (self->wanted, self->wanted->len - 1);

      /* Labelled anew since it was wanted, perhaps. */
      if (key_of (self, item) == NULL || find_known (self, item) != NULL)
        continue;
      self->asked_key = g_strdup (key_of (self, item));
      self->asked = g_steal_pointer (&item);
      self->cancel = g_cancellable_new ();
      self->kind->ask (self->project, self->run, self->asked, self->asked_key, self->cancel,
                       answered_cb, g_object_ref (self));
    }
}

/* ---- Object */

static void
slope_answers_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_PROBLEM)
    g_value_set_string (value, SLOPE_ANSWERS (object)->problem);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
slope_answers_finalize (GObject *object)
{
  SlopeAnswers *self = SLOPE_ANSWERS (object);

  forget_all (self);
  g_ptr_array_unref (self->wanted);
  g_free (self->problem);
  g_clear_object (&self->project);
  G_OBJECT_CLASS (slope_answers_parent_class)->finalize (object);
}

static void
slope_answers_class_init (SlopeAnswersClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = slope_answers_get_property;
  G_OBJECT_CLASS (klass)->finalize = slope_answers_finalize;
  props[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);
  signals[READY] = g_signal_new ("ready", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
slope_answers_init (SlopeAnswers *self)
{
  self->wanted = g_ptr_array_new_with_free_func (g_object_unref);
}

SlopeAnswers *
slope_answers_new (const SlopeAnswerKind *kind)
{
  SlopeAnswers *self;

  g_return_val_if_fail (kind != NULL, NULL);

  self = g_object_new (SLOPE_TYPE_ANSWERS, NULL);
  self->kind = kind;
  return self;
}

/* ---- Public */

void
slope_answers_set_run (SlopeAnswers *self, SlProject *project, gint64 run)
{
  g_return_if_fail (SLOPE_IS_ANSWERS (self));
  g_return_if_fail (project == NULL || SL_IS_PROJECT (project));

  g_ptr_array_set_size (self->wanted, 0);
  if (self->cancel != NULL)
    g_cancellable_cancel (self->cancel);
  forget_all (self);
  g_set_object (&self->project, project);
  self->run = run;
  set_problem (self, NULL);
}

/* Of its label as it is now. */
static gboolean
is_being_asked (SlopeAnswers *self, SlItem *item)
{
  return item == self->asked && !g_cancellable_is_cancelled (self->cancel)
         && g_strcmp0 (self->asked_key, key_of (self, item)) == 0;
}

void
slope_answers_want (SlopeAnswers *self, SlItem *const *items, guint n)
{
  gboolean still = FALSE;

  g_return_if_fail (SLOPE_IS_ANSWERS (self));
  g_return_if_fail (n == 0 || (items != NULL && self->project != NULL));

  g_ptr_array_set_size (self->wanted, 0);
  for (guint i = n; i-- > 0 && self->problem == NULL;)
    if (is_being_asked (self, items[i]))
      still = TRUE;
    else
      g_ptr_array_add (self->wanted, g_object_ref (items[i]));
  if (self->asked != NULL && !still)
    g_cancellable_cancel (self->cancel);
  ask_next (self);
}

gpointer
slope_answers_lookup (SlopeAnswers *self, SlItem *item)
{
  Known *known;

  g_return_val_if_fail (SLOPE_IS_ANSWERS (self) && SL_IS_ITEM (item), NULL);

  known = find_known (self, item);
  return known != NULL ? known->answer : NULL;
}

const char *
slope_answers_get_problem (SlopeAnswers *self)
{
  g_return_val_if_fail (SLOPE_IS_ANSWERS (self), NULL);
  return self->problem;
}
