/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-text-preview.h"

#include "slope-token-job.h"
#include "slope-token-view.h"

#include <glib/gi18n.h>
#include <string.h>

/* More than anyone reads here, and tokens for it take some milliseconds. */
#define MAX_BYTES 16384

struct _SlopeTextPreview
{
  AdwBin parent_instance;
  SlProject *project;      /* owned, nullable */
  SlItem *item;            /* owned, nullable */
  char *text;              /* its text, or the beginning of it */
  SlTokenRules rules;      /* of the project's recipe */
  GCancellable *splitting; /* owned; of the tokens that are being made */
  gboolean filling;        /* the widgets are being set: no change by the person */
  GtkToggleButton *as_tokens;
  GtkLabel *count;
  SlopeTokenView *view;
  AdwExpanderRow *rules_row;
  AdwActionRow *rows[SLOPE_MAX_TOKEN_RULES];
  GtkSwitch *switches[SLOPE_MAX_TOKEN_RULES];
};

G_DEFINE_FINAL_TYPE (SlopeTextPreview, slope_text_preview, ADW_TYPE_BIN)

/* As sl_token_rules_list() has them. */
static const struct
{
  const char *id, *title;
} titles[] = {
  { "html", N_ ("Web markup") },          { "characters", N_ ("Repeated characters") },
  { "words", N_ ("Repeated words") },     { "marks", N_ ("Marks that join words") },
  { "spaces", N_ ("Several spaces") },    { "english", N_ ("Parts of English words") },
  { "upper", N_ ("Words in capitals") },  { "capital", N_ ("Capitalised words") },
  { "lower", N_ ("Capitals elsewhere") }, { "fields", N_ ("Columns of a table") },
  { "end", N_ ("End of the text") },
};

static const char *
title_of (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].id, id))
      return _ (titles[i].title);
  return id;
}

/* ---- What is shown */

static void
show_effects (SlopeTextPreview *self, const SlopeTokens *tokens)
{
  guint n;

  sl_token_rules_list (&n);
  for (guint i = 0; i < n && tokens->has_effects; i++)
    {
      const guint changes = tokens->changes[i];
      g_autofree char *effect = changes > 0 ? g_strdup_printf (
                                    ngettext ("Makes %u token of this text another",
                                              "Makes %u tokens of this text others", changes),
                                    changes)
                                            : g_strdup (_ ("Makes no difference to this text"));
      g_autofree char *both = g_markup_printf_escaped ("%s\n%s", tokens->examples[i], effect);

      adw_action_row_set_subtitle (self->rows[i], both);
    }
}

static void
show_count (SlopeTextPreview *self, gsize n)
{
  const gboolean cut = strlen (self->text) >= MAX_BYTES - 3;
  g_autofree char *count = g_strdup_printf (ngettext ("%'lu token", "%'lu tokens", n),
                                            (unsigned long)n);
  /* translators: %s: "3,012 tokens" */
  g_autofree char *text = cut ? g_strdup_printf (_ ("%s of the beginning"), count)
                              : g_strdup (count);

  gtk_label_set_text (self->count, text);
}

static void
split_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SlopeTextPreview) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlopeTokens) tokens = slope_tokens_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->text == NULL)
    return;
  if (tokens == NULL)
    {
      gtk_label_set_text (self->count, error->message);
      return;
    }
  show_count (self, tokens->n_tokens);
  show_effects (self, tokens);
  if (gtk_toggle_button_get_active (self->as_tokens))
    slope_token_view_set_tokens (self->view, (const char *const *)tokens->tokens);
}

static void
show_text (SlopeTextPreview *self)
{
  g_cancellable_cancel (self->splitting);
  g_clear_object (&self->splitting);
  if (self->text == NULL)
    {
      gtk_label_set_text (self->count, "");
      slope_token_view_set_text (self->view, "");
      return;
    }
  if (!gtk_toggle_button_get_active (self->as_tokens))
    slope_token_view_set_text (self->view, self->text);
  self->splitting = g_cancellable_new ();
  slope_tokens_async (self->text, self->rules, adw_expander_row_get_expanded (self->rules_row),
                      self->splitting, split_cb, g_object_ref (self));
}

/* The beginning of @text, to the end of a character. */
static void
cut (char *text)
{
  gsize length = MAX_BYTES;

  if (strlen (text) <= MAX_BYTES)
    return;
  while (length > 0 && ((guchar)text[length] & 0xc0) == 0x80)
    length--;
  text[length] = '\0';
}

static void
read_text (SlopeTextPreview *self)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->text, g_free);
  if (self->item == NULL)
    return;
  self->text = sl_project_dup_text (self->project, self->item, &error);
  if (self->text != NULL)
    cut (self->text);
  else
    self->text = g_strdup (error->message);
}

/* ---- Rules */

/* As the recipe has them, which another page may have changed. */
static void
read_rules (SlopeTextPreview *self)
{
  g_autoptr (SlRecipe) recipe = sl_project_dup_recipe (self->project);
  gboolean read_only;
  guint n;
  const SlTokenRuleInfo *rules = sl_token_rules_list (&n);

  if (recipe->tokens == NULL || !sl_token_rules_parse (recipe->tokens, &self->rules, NULL))
    self->rules = SL_TOKEN_COURSE;
  g_object_get (self->project, "read-only", &read_only, NULL);
  self->filling = TRUE;
  for (guint i = 0; i < n; i++)
    {
      gtk_switch_set_active (self->switches[i], (self->rules & rules[i].rule) != 0);
      gtk_widget_set_sensitive (GTK_WIDGET (self->switches[i]), !read_only);
    }
  self->filling = FALSE;
}

static void
rule_switched_cb (SlopeTextPreview *self)
{
  g_autoptr (SlRecipe) recipe = NULL;
  guint n;
  const SlTokenRuleInfo *rules = sl_token_rules_list (&n);

  if (self->filling || self->project == NULL)
    return;
  self->rules = 0;
  for (guint i = 0; i < n; i++)
    if (gtk_switch_get_active (self->switches[i]))
      self->rules |= rules[i].rule;
  recipe = sl_project_dup_recipe (self->project);
  g_free (recipe->tokens);
  recipe->tokens = sl_token_rules_to_string (self->rules);
  sl_project_set_recipe (self->project, recipe);
  show_text (self);
}

static void
make_rules (SlopeTextPreview *self)
{
  guint n;
  const SlTokenRuleInfo *rules = sl_token_rules_list (&n);

  for (guint i = 0; i < n; i++)
    {
      GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", title_of (rules[i].id),
                                     "subtitle-lines", 4, NULL);
      GtkWidget *toggle = g_object_new (GTK_TYPE_SWITCH, "valign", GTK_ALIGN_CENTER, NULL);

      /* Texts of a project have one column. */
      gtk_widget_set_visible (row, rules[i].rule != SL_TOKEN_FIELDS);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), toggle);
      adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), toggle);
      gtk_accessible_update_property (GTK_ACCESSIBLE (toggle), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      title_of (rules[i].id), -1);
      g_signal_connect_swapped (toggle, "notify::active", G_CALLBACK (rule_switched_cb), self);
      adw_expander_row_add_row (self->rules_row, row);
      self->rows[i] = ADW_ACTION_ROW (row);
      self->switches[i] = GTK_SWITCH (toggle);
    }
}

/* ---- Class */

static void
slope_text_preview_dispose (GObject *object)
{
  SlopeTextPreview *self = SLOPE_TEXT_PREVIEW (object);

  g_cancellable_cancel (self->splitting);
  g_clear_object (&self->splitting);
  g_clear_pointer (&self->text, g_free); /* what comes later finds nothing to be shown */
  g_clear_object (&self->item);
  g_clear_object (&self->project);
  gtk_widget_dispose_template (GTK_WIDGET (object), SLOPE_TYPE_TEXT_PREVIEW);
  G_OBJECT_CLASS (slope_text_preview_parent_class)->dispose (object);
}

static void
slope_text_preview_class_init (SlopeTextPreviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_text_preview_dispose;
  g_type_ensure (SLOPE_TYPE_TOKEN_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/slopeml/Slope/slope-text-preview.ui");
  gtk_widget_class_bind_template_child (widget_class, SlopeTextPreview, as_tokens);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextPreview, count);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextPreview, view);
  gtk_widget_class_bind_template_child (widget_class, SlopeTextPreview, rules_row);
  gtk_widget_class_bind_template_callback (widget_class, show_text);
}

static void
slope_text_preview_init (SlopeTextPreview *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  make_rules (self);
}

GtkWidget *
slope_text_preview_new (void)
{
  return g_object_new (SLOPE_TYPE_TEXT_PREVIEW, NULL);
}

void
slope_text_preview_set (SlopeTextPreview *self, SlProject *project, SlItem *item)
{
  g_return_if_fail (SLOPE_IS_TEXT_PREVIEW (self));
  g_return_if_fail (item == NULL || SL_IS_PROJECT (project));

  if (self->item == item && self->project == project)
    return;
  g_set_object (&self->project, project);
  g_set_object (&self->item, item);
  read_text (self);
  if (item != NULL)
    read_rules (self);
  show_text (self);
}
