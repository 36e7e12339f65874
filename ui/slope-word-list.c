/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-word-list.h"

#include <string.h>

/* ---- A word */

struct _SlopeWord
{
  GObject parent_instance;
  SlopeWordList *list; /* owned */
  SlReviewedWord *word;
};

G_DEFINE_FINAL_TYPE (SlopeWord, slope_word, G_TYPE_OBJECT)

static guint changed_signal;

static void
slope_word_finalize (GObject *object)
{
  g_clear_object (&SLOPE_WORD (object)->list);
  G_OBJECT_CLASS (slope_word_parent_class)->finalize (object);
}

static void
slope_word_class_init (SlopeWordClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = slope_word_finalize;
}

static void
slope_word_init (SlopeWord *self)
{
}

const SlReviewedWord *
slope_word_get (SlopeWord *self)
{
  g_return_val_if_fail (SLOPE_IS_WORD (self), NULL);
  return self->word;
}

void
slope_word_set_known (SlopeWord *self, gboolean known)
{
  g_return_if_fail (SLOPE_IS_WORD (self));
  if (self->word->known == known)
    return;
  self->word->known = known;
  g_signal_emit (self->list, changed_signal, 0);
}

/* ---- The list */

struct _SlopeWordList
{
  GObject parent_instance;
  SlWordReview *review;
  GArray *shown; /* of gsize: which of the review's words */
};

static GType
get_item_type (GListModel *model)
{
  return SLOPE_TYPE_WORD;
}

static guint
get_n_items (GListModel *model)
{
  return SLOPE_WORD_LIST (model)->shown->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  SlopeWordList *self = SLOPE_WORD_LIST (model);
  SlopeWord *word;
  if (position >= self->shown->len)
    return NULL;
  word = g_object_new (SLOPE_TYPE_WORD, NULL);
  word->list = g_object_ref (self);
  word->word = &self->review->words[g_array_index (self->shown, gsize, position)];
  return word;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SlopeWordList, slope_word_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
slope_word_list_finalize (GObject *object)
{
  SlopeWordList *self = SLOPE_WORD_LIST (object);
  g_clear_pointer (&self->review, sl_word_review_free);
  g_array_unref (self->shown);
  G_OBJECT_CLASS (slope_word_list_parent_class)->finalize (object);
}

static void
slope_word_list_class_init (SlopeWordListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = slope_word_list_finalize;
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
slope_word_list_init (SlopeWordList *self)
{
  self->shown = g_array_new (FALSE, FALSE, sizeof (gsize));
}

SlopeWordList *
slope_word_list_new (SlWordReview *review)
{
  SlopeWordList *self = g_object_new (SLOPE_TYPE_WORD_LIST, NULL);
  self->review = review;
  slope_word_list_set_search (self, NULL);
  return self;
}

const SlWordReview *
slope_word_list_get_review (SlopeWordList *self)
{
  g_return_val_if_fail (SLOPE_IS_WORD_LIST (self), NULL);
  return self->review;
}

/* @part: folded.  Words are in lower case, but where the rule that does it was switched off. */
static gboolean
contains (const SlWordReview *review, const char *word, const char *part)
{
  g_autofree char *folded = NULL;
  if (strstr (word, part))
    return TRUE;
  if (review->rules & SL_TOKEN_LOWER)
    return FALSE;
  folded = g_utf8_casefold (word, -1);
  return strstr (folded, part) != NULL;
}

void
slope_word_list_set_search (SlopeWordList *self, const char *text)
{
  g_autofree char *part = g_utf8_casefold (text ? text : "", -1);
  guint before;
  g_return_if_fail (SLOPE_IS_WORD_LIST (self));
  before = self->shown->len;
  g_array_set_size (self->shown, 0);
  for (gsize i = 0; i < self->review->n; i++)
    if (contains (self->review, self->review->words[i].word, part))
      g_array_append_val (self->shown, i);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->shown->len);
}
