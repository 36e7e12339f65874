/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-plot-draw.h"

#define FLAG_HEIGHT 22
#define FLAG_PADDING 8
#define BUBBLE_HEIGHT 24
#define BUBBLE_PADDING 8
#define BUBBLE_OFFSET 10
#define HALO 4

gboolean
slope_rect_near (const SlopeRect *a, const SlopeRect *b, double distance)
{
  return a->x < b->x + b->width + distance && b->x < a->x + a->width + distance
         && a->y < b->y + b->height + distance && b->y < a->y + a->height + distance;
}

void
slope_draw_set_color (cairo_t *cr, const GdkRGBA *color, double alpha)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, color->alpha * alpha);
}

static PangoLayout *
new_layout (cairo_t *cr, const SlopePlotStyle *style, const char *text, SlopeTextFlags flags)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoAttrList) attrs = pango_attr_list_new ();
  PangoFontDescription *font = pango_font_description_new ();
  pango_font_description_set_family (font, style->family);
  pango_font_description_set_absolute_size (font, style->text_px * PANGO_SCALE);
  if (flags & SLOPE_TEXT_BOLD)
    pango_font_description_set_weight (font, PANGO_WEIGHT_BOLD);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_attr_list_insert (attrs, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, attrs);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

static SlopeRect
place_layout (PangoLayout *layout, double x, double y, double anchor)
{
  int width, height;
  pango_layout_get_pixel_size (layout, &width, &height);
  return (SlopeRect){ x - width * anchor, y - height / 2.0, width, height };
}

SlopeRect
slope_draw_measure (cairo_t *cr, const SlopePlotStyle *style, const char *text,
                    SlopeTextFlags flags, double x, double y, double anchor)
{
  g_autoptr (PangoLayout) layout = new_layout (cr, style, text, flags);
  return place_layout (layout, x, y, anchor);
}

void
slope_draw_text (cairo_t *cr, const SlopePlotStyle *style, const char *text, SlopeTextFlags flags,
                 const GdkRGBA *color, double alpha, double x, double y, double anchor)
{
  g_autoptr (PangoLayout) layout = new_layout (cr, style, text, flags);
  SlopeRect place = place_layout (layout, x, y, anchor);
  cairo_save (cr);
  cairo_move_to (cr, place.x, place.y);
  if (flags & SLOPE_TEXT_HALO)
    {
      pango_cairo_layout_path (cr, layout);
      slope_draw_set_color (cr, &style->card, 1);
      cairo_set_line_width (cr, HALO);
      cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
      cairo_stroke (cr);
      cairo_move_to (cr, place.x, place.y);
    }
  slope_draw_set_color (cr, color, alpha);
  pango_cairo_show_layout (cr, layout);
  cairo_new_path (cr); /* else a line joins the text with the next arc */
  cairo_restore (cr);
}

void
slope_draw_dot (cairo_t *cr, const SlopePlotStyle *style, const GdkRGBA *color, double x, double y,
                double radius, gboolean hollow)
{
  cairo_save (cr);
  cairo_new_path (cr);
  cairo_arc (cr, x, y, radius + 1.5, 0, 2 * G_PI);
  slope_draw_set_color (cr, &style->card, 1);
  cairo_fill (cr);
  slope_draw_set_color (cr, color, 1);
  if (hollow)
    {
      cairo_arc (cr, x, y, radius - 1, 0, 2 * G_PI);
      cairo_set_line_width (cr, 2);
      cairo_stroke (cr);
    }
  else
    {
      cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
      cairo_fill (cr);
    }
  cairo_restore (cr);
}

void
slope_draw_rounded (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  cairo_new_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

SlopeRect
slope_draw_flag_place (cairo_t *cr, const SlopePlotStyle *style, const char *text, double x,
                       double y, double min, double max)
{
  SlopeRect place = slope_draw_measure (cr, style, text, SLOPE_TEXT_BOLD, 0, y, 0);
  place.width += 2 * FLAG_PADDING;
  place.x = MAX (min, MIN (x - place.width / 2, max - place.width));
  place.y = y - FLAG_HEIGHT / 2.0;
  place.height = FLAG_HEIGHT;
  return place;
}

void
slope_draw_flag (cairo_t *cr, const SlopePlotStyle *style, const char *text, const SlopeRect *place,
                 const GdkRGBA *bg, const GdkRGBA *fg)
{
  cairo_save (cr);
  slope_draw_rounded (cr, place->x, place->y, place->width, place->height, 6);
  slope_draw_set_color (cr, bg, 1);
  cairo_fill (cr);
  cairo_restore (cr);
  slope_draw_text (cr, style, text, SLOPE_TEXT_BOLD, fg, 1, place->x + place->width / 2,
                   place->y + place->height / 2, 0.5);
}

void
slope_draw_bubble (cairo_t *cr, const SlopePlotStyle *style, const char *text, double x, double y,
                   const SlopeRect *area)
{
  SlopeRect box = slope_draw_measure (cr, style, text, SLOPE_TEXT_PLAIN, 0, 0, 0);
  GdkRGBA bg = style->dark ? style->fg : (GdkRGBA){ 0.12F, 0.12F, 0.12F, 1 };
  GdkRGBA fg = style->dark ? (GdkRGBA){ 0.12F, 0.12F, 0.12F, 1 } : (GdkRGBA){ 1, 1, 1, 1 };
  box.width += 2 * BUBBLE_PADDING;
  box.height = BUBBLE_HEIGHT;
  box.x = x + BUBBLE_OFFSET;
  if (box.x + box.width > area->x + area->width)
    box.x = x - BUBBLE_OFFSET - box.width;
  box.y = y + BUBBLE_OFFSET - 2;
  if (box.y + box.height > area->y + area->height)
    box.y = y - BUBBLE_OFFSET + 2 - box.height;
  cairo_save (cr);
  slope_draw_rounded (cr, box.x, box.y, box.width, box.height, 6);
  slope_draw_set_color (cr, &bg, style->dark ? 0.9 : 1);
  cairo_fill (cr);
  cairo_restore (cr);
  slope_draw_text (cr, style, text, SLOPE_TEXT_PLAIN, &fg, 1, box.x + BUBBLE_PADDING,
                   box.y + box.height / 2, 0);
}
