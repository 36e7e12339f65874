/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-token-view.h"

#include <adwaita.h>
#include <slope/text.h>

#define MUTED_ALPHA .7 /* 4.5 : 1 on the theme's light and dark backgrounds */

struct _SlopeTokenView
{
  GtkTextView parent_instance;
  GtkTextTag *special; /* in the buffer's table */
};

G_DEFINE_FINAL_TYPE (SlopeTokenView, slope_token_view, GTK_TYPE_TEXT_VIEW)

gboolean
slope_token_is_special (const char *token)
{
  g_return_val_if_fail (token != NULL, FALSE);

  for (SlSpecial i = 0; i < SL_N_SPECIALS; i++)
    if (g_str_equal (token, sl_special_token (i)))
      return TRUE;
  return FALSE;
}

static void
mute_specials (SlopeTokenView *self)
{
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &color);
  color.alpha *= MUTED_ALPHA;
  g_object_set (self->special, "foreground-rgba", &color, NULL);
}

static void
slope_token_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (slope_token_view_parent_class)->css_changed (widget, change);
  mute_specials (SLOPE_TOKEN_VIEW (widget));
}

static void
slope_token_view_class_init (SlopeTokenViewClass *klass)
{
  GTK_WIDGET_CLASS (klass)->css_changed = slope_token_view_css_changed;
}

static void
slope_token_view_init (SlopeTokenView *self)
{
  GtkTextView *view = GTK_TEXT_VIEW (self);

  self->special = gtk_text_buffer_create_tag (gtk_text_view_get_buffer (view), NULL, NULL);
  gtk_text_view_set_editable (view, FALSE);
  gtk_text_view_set_cursor_visible (view, FALSE);
  gtk_text_view_set_accepts_tab (view, FALSE);
  gtk_text_view_set_wrap_mode (view, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_pixels_below_lines (view, 3);
  gtk_text_view_set_pixels_inside_wrap (view, 3);
  gtk_widget_add_css_class (GTK_WIDGET (self), "tokens");
  mute_specials (self);
}

GtkWidget *
slope_token_view_new (void)
{
  return g_object_new (SLOPE_TYPE_TOKEN_VIEW, NULL);
}

void
slope_token_view_set_tokens (SlopeTokenView *self, const char *const *tokens)
{
  GtkTextBuffer *buffer;
  GtkTextIter end;

  g_return_if_fail (SLOPE_IS_TOKEN_VIEW (self));
  g_return_if_fail (tokens != NULL);

  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self));
  gtk_text_buffer_set_text (buffer, "", 0);
  gtk_text_buffer_get_end_iter (buffer, &end);
  for (gsize i = 0; tokens[i] != NULL; i++)
    {
      if (i > 0)
        gtk_text_buffer_insert (buffer, &end, " ", 1);
      if (slope_token_is_special (tokens[i]))
        gtk_text_buffer_insert_with_tags (buffer, &end, tokens[i], -1, self->special, NULL);
      else
        gtk_text_buffer_insert (buffer, &end, tokens[i], -1);
    }
}

void
slope_token_view_set_text (SlopeTokenView *self, const char *text)
{
  g_return_if_fail (SLOPE_IS_TOKEN_VIEW (self));
  g_return_if_fail (text != NULL);

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self)), text, -1);
}
