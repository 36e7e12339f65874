/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-layouts.h"

/* The texts of a project with 150 labels, in Data and Clean, struck through and not. */
#define MOST_LAYOUTS 1024

/* All that the look of a text depends on. */
typedef struct
{
  char *text;
  PangoFontDescription *font;
  double dpi;
  PangoDirection direction;
  SlopeLayoutLook look;
} Key;

static guint
key_hash (gconstpointer data)
{
  const Key *key = data;

  return g_str_hash (key->text) ^ pango_font_description_hash (key->font)
         ^ (guint)(2 * key->look.bold_size + (key->look.struck != 0));
}

static gboolean
key_equal (gconstpointer a, gconstpointer b)
{
  const Key *first = a, *second = b;

  return g_str_equal (first->text, second->text) && first->look.bold_size == second->look.bold_size
         && first->look.struck == second->look.struck && first->dpi == second->dpi
         && first->direction == second->direction
         && pango_font_description_equal (first->font, second->font);
}

static void
key_free (gpointer data)
{
  Key *key = data;

  g_free (key->text);
  pango_font_description_free (key->font);
  g_free (key);
}

static Key *
key_copy (const Key *key)
{
  Key *copy = g_memdup2 (key, sizeof *key);

  copy->text = g_strdup (key->text);
  copy->font = pango_font_description_copy (key->font);
  return copy;
}

/* (transfer full) */
static PangoLayout *
lay_out (GtkWidget *widget, const char *text, SlopeLayoutLook look)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);

  if (look.bold_size > 0)
    {
      PangoFontDescription *font = pango_font_description_new ();

      pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
      pango_font_description_set_absolute_size (font, look.bold_size);
      pango_layout_set_font_description (layout, font);
      pango_font_description_free (font);
    }
  if (look.struck)
    {
      g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

      pango_attr_list_insert (attributes, pango_attr_strikethrough_new (TRUE));
      pango_layout_set_attributes (layout, attributes);
    }
  return layout;
}

PangoLayout *
slope_layouts_get (GtkWidget *widget, const char *text, SlopeLayoutLook look)
{
  static GHashTable *layouts;
  PangoContext *context;
  PangoLayout *layout;
  Key key;

  g_return_val_if_fail (GTK_IS_WIDGET (widget) && text != NULL, NULL);

  if (layouts == NULL)
    layouts = g_hash_table_new_full (key_hash, key_equal, key_free, g_object_unref);
  context = gtk_widget_get_pango_context (widget);
  key = (Key){ .text = (char *)text,
               .font = pango_context_get_font_description (context),
               .dpi = pango_cairo_context_get_resolution (context),
               .direction = pango_context_get_base_dir (context),
               .look = look };
  layout = g_hash_table_lookup (layouts, &key);
  if (layout != NULL)
    return layout;
  if (g_hash_table_size (layouts) == MOST_LAYOUTS)
    g_hash_table_remove_all (layouts);
  layout = lay_out (widget, text, look);
  g_hash_table_insert (layouts, key_copy (&key), layout);
  return layout;
}
