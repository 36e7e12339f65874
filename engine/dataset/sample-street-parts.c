/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/sample-street.h"

#include <math.h>

#define FOCAL 1.9     /* a metre, one metre away */
#define NEAREST 2.0   /* metres */
#define PLAIN_FROM 22 /* metres after which a window is only a pane */
#define CLEAR_AIR 140 /* metres after which nothing is seen */

Spot
_sl_street_spot (const Street *self, double right, double up, double away)
{
  double scale = FOCAL / MAX (away, NEAREST);

  return (Spot){ self->x + right * scale, self->y + (self->height - up) * scale, scale };
}

Colour
_sl_street_lit (const Street *self, Colour c, double away)
{
  return _sl_nature_lit (&self->light, c, MIN (away / CLEAR_AIR, 0.6));
}

/* The path of an upright wall along the street. */
static void
wall_path (const Street *self, double right, double low, double high, double near, double far)
{
  Spot a = _sl_street_spot (self, right, low, near), b = _sl_street_spot (self, right, high, near);
  Spot c = _sl_street_spot (self, right, high, far), d = _sl_street_spot (self, right, low, far);

  cairo_move_to (self->cr, a.x, a.y);
  cairo_line_to (self->cr, b.x, b.y);
  cairo_line_to (self->cr, c.x, c.y);
  cairo_line_to (self->cr, d.x, d.y);
  cairo_close_path (self->cr);
}

/* The path of a piece of ground. */
static void
ground_path (const Street *self, double left, double right, double near, double far)
{
  Spot a = _sl_street_spot (self, left, 0.0, near), b = _sl_street_spot (self, right, 0.0, near);
  Spot c = _sl_street_spot (self, right, 0.0, far), d = _sl_street_spot (self, left, 0.0, far);

  cairo_move_to (self->cr, a.x, a.y);
  cairo_line_to (self->cr, b.x, b.y);
  cairo_line_to (self->cr, c.x, c.y);
  cairo_line_to (self->cr, d.x, d.y);
  cairo_close_path (self->cr);
}

/* ---- Ground */

void
_sl_street_road (const Street *self)
{
  Colour asphalt = _sl_draw_jitter ((Colour){ 0.42, 0.42, 0.45 }, 0.05, self->random);
  Colour paint = _sl_street_lit (self, (Colour){ 0.93, 0.92, 0.86 }, 0.0);
  double crossing = _sl_draw_range (self->random, 8.0, 50.0);

  ground_path (self, -STREET_HALF_ROAD, STREET_HALF_ROAD, NEAREST, 120.0);
  _sl_draw_fill_fade (self->cr, self->y, 1.0, _sl_street_lit (self, asphalt, 60.0),
                      _sl_street_lit (self, _sl_draw_shade (asphalt, 0.85), 0.0));
  for (double away = 3.0; away < 70.0; away += 5.0)
    ground_path (self, -0.10, 0.10, away, away + 2.4);
  if (crossing < 24.0)
    for (double right = -3.2; right < 3.0; right += 1.0)
      ground_path (self, right, right + 0.5, crossing, crossing + 3.0);
  _sl_draw_source (self->cr, paint, 0.85);
  cairo_fill (self->cr);
  for (int n = 0; n < 14; n++) /* patches and dust */
    {
      Spot at = _sl_street_spot (self, _sl_draw_range (self->random, -3.0, 3.0), 0.0,
                                 2.0 + n * 1.2);

      _sl_draw_glow (self->cr, at.x, at.y, 0.9 * at.scale, 0.16 * at.scale,
                     n % 2 ? (Colour){ 0.1, 0.1, 0.12 } : paint, 0.14);
    }
}

void
_sl_street_pavement (const Street *self)
{
  Colour stone = _sl_draw_jitter ((Colour){ 0.66, 0.63, 0.58 }, 0.05, self->random);
  Colour kerb = _sl_street_lit (self, _sl_draw_shade (stone, 1.2), 0.0);

  for (int side = -1; side <= 1; side += 2)
    {
      ground_path (self, side * STREET_HALF_ROAD, side * 12.0, NEAREST, 120.0);
      _sl_draw_fill_fade (self->cr, self->y, 1.0, _sl_street_lit (self, stone, 60.0),
                          _sl_street_lit (self, stone, 0.0));
      for (double away = 2.0; away < 30.0; away *= 1.3)
        {
          Spot a = _sl_street_spot (self, side * STREET_HALF_ROAD, 0.0, away);
          Spot b = _sl_street_spot (self, side * STREET_HALF_STREET, 0.0, away);

          _sl_draw_line (self->cr, a.x, a.y, b.x, b.y);
        }
      _sl_draw_source (self->cr, _sl_draw_shade (kerb, 0.6), 0.5);
      cairo_set_line_width (self->cr, 0.008);
      cairo_stroke (self->cr);
      ground_path (self, side * STREET_HALF_ROAD, side * (STREET_HALF_ROAD + 0.25), NEAREST, 120.0);
      _sl_draw_source (self->cr, kerb, 1.0);
      cairo_fill (self->cr);
    }
}

/* ---- Buildings */

typedef struct
{
  double side, near, far, storey;
  guint storeys;
  Colour wall, trim, pane;
} Building;

/* A pane in its frame, with the sky in its upper part. */
static void
window (const Street *self, const Building *building, double low, double high, double near,
        double far)
{
  double right = building->side * STREET_HALF_STREET;
  gboolean lamp = _sl_draw_chance (self->random, self->light.night ? 0.55 : 0.04);
  Colour pane = lamp ? (Colour){ 1.0, 0.82, 0.45 } : building->pane;
  Colour shine = lamp ? _sl_draw_shade (pane, 1.3) : _sl_draw_mix (pane, self->light.low, 0.45);
  double top = _sl_street_spot (self, right, high, near).y;
  double foot = _sl_street_spot (self, right, low, near).y, middle = 0.5 * (near + far);

  if (near > PLAIN_FROM) /* not a pixel wide */
    {
      wall_path (self, right, low, high, near, far);
      _sl_draw_source (self->cr, pane, 1.0);
      cairo_fill (self->cr);
      return;
    }
  wall_path (self, right, low - 0.15, high + 0.15, near - 0.12, far + 0.12);
  _sl_draw_source (self->cr, building->trim, 0.95);
  cairo_fill (self->cr);
  wall_path (self, right, low, high, near, far);
  _sl_draw_fill_fade (self->cr, top, foot, shine, _sl_draw_shade (pane, 0.75));
  wall_path (self, right, low, high, middle - 0.05, middle + 0.05);
  wall_path (self, right, low - 0.25, low - 0.12, near - 0.2, far + 0.2); /* the sill */
  _sl_draw_source (self->cr, building->trim, 1.0);
  cairo_fill (self->cr);
}

static void
door (const Street *self, const Building *building, double near)
{
  static const Colour paints[] = {
    { 0.36, 0.22, 0.16 }, { 0.20, 0.34, 0.30 }, { 0.52, 0.18, 0.18 }, { 0.22, 0.28, 0.42 }
  };
  double right = building->side * STREET_HALF_STREET;
  Colour paint = _sl_street_lit (
      self, _sl_draw_pick (paints, G_N_ELEMENTS (paints), 0.04, self->random), near);

  wall_path (self, right, 0.0, 2.7, near - 0.2, near + 1.4);
  _sl_draw_source (self->cr, building->trim, 1.0);
  cairo_fill (self->cr);
  wall_path (self, right, 0.0, 2.5, near, near + 1.2);
  _sl_draw_source (self->cr, paint, 1.0);
  cairo_fill (self->cr);
}

/* A shop has wide panes and a painted board above them. */
static void
ground_floor (const Street *self, const Building *building, gboolean shop)
{
  static const Colour boards[] = { { 0.70, 0.20, 0.18 },
                                   { 0.16, 0.36, 0.34 },
                                   { 0.85, 0.66, 0.26 },
                                   { 0.22, 0.30, 0.52 },
                                   { 0.30, 0.26, 0.26 } };
  double right = building->side * STREET_HALF_STREET, wide = building->far - building->near;
  Colour board = _sl_draw_pick (boards, G_N_ELEMENTS (boards), 0.04, self->random);
  double at = building->near + 0.6, span = shop ? 2.4 : 1.2;

  for (; at + span < building->far - 2.2; at += span + (shop ? 0.6 : 1.4))
    window (self, building, shop ? 0.6 : 1.1, 2.5, at, at + span);
  if (wide > 3.0)
    door (self, building, building->far - 1.9);
  if (!shop)
    return;
  wall_path (self, right, 2.6, 3.1, building->near + 0.3, building->far - 0.3);
  _sl_draw_source (self->cr, _sl_street_lit (self, board, building->near), 1.0);
  cairo_fill (self->cr);
}

static void
windows (const Street *self, const Building *building)
{
  double wide = building->far - building->near;
  guint columns = (guint)MAX (wide / 2.6, 1.0);
  double step = wide / columns;

  for (guint row = 1; row < building->storeys; row++)
    for (guint column = 0; column < columns; column++)
      {
        double near = building->near + (column + 0.28) * step, low = row * building->storey + 1.0;

        window (self, building, low, low + building->storey - 1.5, near, near + 0.44 * step);
      }
}

static void
awnings (const Street *self, const Building *building)
{
  static const Colour cloths[] = {
    { 0.78, 0.22, 0.20 }, { 0.20, 0.45, 0.36 }, { 0.86, 0.62, 0.22 }, { 0.25, 0.36, 0.62 }
  };
  Colour cloth = _sl_draw_pick (cloths, G_N_ELEMENTS (cloths), 0.05, self->random);
  double right = building->side * STREET_HALF_STREET, out = right - building->side * 1.3;
  double near = building->near + 0.4, far = building->far - 0.4;
  Spot a = _sl_street_spot (self, right, 3.0, near), b = _sl_street_spot (self, right, 3.0, far);
  Spot c = _sl_street_spot (self, out, 2.4, far), d = _sl_street_spot (self, out, 2.4, near);

  cairo_move_to (self->cr, a.x, a.y);
  cairo_line_to (self->cr, b.x, b.y);
  cairo_line_to (self->cr, c.x, c.y);
  cairo_line_to (self->cr, d.x, d.y);
  cairo_close_path (self->cr);
  cloth = _sl_street_lit (self, cloth, near);
  _sl_draw_fill_fade (self->cr, a.y, d.y, cloth, _sl_draw_shade (cloth, 0.75));
}

/* The end that looks at the camera, where it stands higher than its neighbour. */
static void
gable (const Street *self, const Building *building, double high)
{
  double right = building->side * STREET_HALF_STREET;
  Spot a = _sl_street_spot (self, right, 0.0, building->near);
  Spot b = _sl_street_spot (self, right + building->side * 9.0, high, building->near);
  Colour c = _sl_draw_shade (building->wall, 0.80);

  cairo_rectangle (self->cr, MIN (a.x, b.x), b.y, fabs (b.x - a.x), a.y - b.y);
  _sl_draw_fill_fade (self->cr, b.y, a.y, c, _sl_draw_shade (c, 0.85));
}

static void
roof (const Street *self, const Building *building, double high)
{
  static const Colour tiles[] = { { 0.62, 0.32, 0.24 },
                                  { 0.38, 0.38, 0.42 },
                                  { 0.46, 0.34, 0.28 } };
  double right = building->side * STREET_HALF_STREET, back = right + building->side * 3.0;
  Colour tile = _sl_street_lit (
      self, _sl_draw_pick (tiles, G_N_ELEMENTS (tiles), 0.05, self->random), building->near);
  Spot a = _sl_street_spot (self, right - building->side * 0.4, high, building->near);
  Spot b = _sl_street_spot (self, right - building->side * 0.4, high, building->far);
  Spot c = _sl_street_spot (self, back, high + 2.4, building->far);
  Spot d = _sl_street_spot (self, back, high + 2.4, building->near);
  Spot e = _sl_street_spot (self, back + building->side * 3.0, high, building->near);

  cairo_move_to (self->cr, a.x, a.y);
  cairo_line_to (self->cr, d.x, d.y);
  cairo_line_to (self->cr, e.x, e.y);
  cairo_close_path (self->cr);
  _sl_draw_source (self->cr, _sl_draw_shade (building->wall, 0.78), 1.0);
  cairo_fill (self->cr);
  cairo_move_to (self->cr, a.x, a.y);
  cairo_line_to (self->cr, b.x, b.y);
  cairo_line_to (self->cr, c.x, c.y);
  cairo_line_to (self->cr, d.x, d.y);
  cairo_close_path (self->cr);
  _sl_draw_fill_fade (self->cr, d.y, a.y, _sl_draw_shade (tile, 1.1), _sl_draw_shade (tile, 0.82));
}

void
_sl_street_building (const Street *self, double side, double near, double far)
{
  static const Colour walls[] = { { 0.90, 0.82, 0.68 }, { 0.76, 0.45, 0.34 }, { 0.84, 0.86, 0.86 },
                                  { 0.92, 0.72, 0.50 }, { 0.66, 0.74, 0.78 }, { 0.78, 0.80, 0.64 },
                                  { 0.90, 0.70, 0.66 }, { 0.60, 0.54, 0.50 } };
  gboolean shade = side * self->light.side > 0.0; /* its front looks away from the light */
  Building building = { .side = side, .near = near, .far = far };
  Colour wall = _sl_draw_pick (walls, G_N_ELEMENTS (walls), 0.05, self->random);
  gboolean shop;
  double high, top, foot;

  building.storey = _sl_draw_range (self->random, 3.0, 3.7);
  building.storeys = 2 + (guint)sl_random_below (self->random, 4);
  building.wall = _sl_street_lit (self, _sl_draw_shade (wall, shade ? 0.66 : 1.0), near);
  building.trim = _sl_street_lit (self, _sl_draw_shade (wall, shade ? 0.85 : 1.25), near);
  building.pane = _sl_street_lit (self, (Colour){ 0.32, 0.42, 0.52 }, near);
  high = building.storey * building.storeys;
  top = _sl_street_spot (self, 0.0, high, near).y;
  foot = _sl_street_spot (self, 0.0, 0.0, near).y;

  gable (self, &building, high);
  if (_sl_draw_chance (self->random, 0.6))
    roof (self, &building, high);
  wall_path (self, side * STREET_HALF_STREET, 0.0, high, near, far);
  _sl_draw_fill_fade (self->cr, top, foot, _sl_draw_shade (building.wall, 1.05),
                      _sl_draw_shade (building.wall, 0.86));
  shop = _sl_draw_chance (self->random, 0.5);
  ground_floor (self, &building, shop);
  windows (self, &building);
  wall_path (self, side * STREET_HALF_STREET, high - 0.25, high, near, far);
  wall_path (self, side * STREET_HALF_STREET, building.storey - 0.15, building.storey + 0.1, near,
             far);
  _sl_draw_source (self->cr, building.trim, 0.9);
  cairo_fill (self->cr);
  if (shop && _sl_draw_chance (self->random, 0.6))
    awnings (self, &building);
}

/* ---- Cars */

static void
rounded (cairo_t *cr, double x, double y, double width, double height, double r)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - r, y + r, r, -0.5 * G_PI, 0.0);
  cairo_arc (cr, x + width - r, y + height - r, r, 0.0, 0.5 * G_PI);
  cairo_arc (cr, x + r, y + height - r, r, 0.5 * G_PI, G_PI);
  cairo_arc (cr, x + r, y + r, r, G_PI, 1.5 * G_PI);
  cairo_close_path (cr);
}

/* The flank of the cabin, @inset metres within its outline. */
static void
cabin_path (const Street *self, double edge, double roof_edge, double away, double inset)
{
  Spot a = _sl_street_spot (self, edge, 0.95 + inset, away + inset);
  Spot b = _sl_street_spot (self, roof_edge, 1.50 - inset, away + 0.3 + inset);
  Spot c = _sl_street_spot (self, roof_edge, 1.50 - inset, away + 2.2 - inset);
  Spot d = _sl_street_spot (self, edge, 0.90 + inset, away + 3.0 - 2.0 * inset);

  cairo_move_to (self->cr, a.x, a.y);
  cairo_line_to (self->cr, b.x, b.y);
  cairo_line_to (self->cr, c.x, c.y);
  cairo_line_to (self->cr, d.x, d.y);
  cairo_close_path (self->cr);
}

/* The camera looks down on it. */
static void
roof_path (const Street *self, double right, double away)
{
  Spot a = _sl_street_spot (self, right - 0.65, 1.50, away + 0.3);
  Spot b = _sl_street_spot (self, right + 0.65, 1.50, away + 0.3);
  Spot c = _sl_street_spot (self, right + 0.65, 1.50, away + 2.2);
  Spot d = _sl_street_spot (self, right - 0.65, 1.50, away + 2.2);

  cairo_move_to (self->cr, a.x, a.y);
  cairo_line_to (self->cr, b.x, b.y);
  cairo_line_to (self->cr, c.x, c.y);
  cairo_line_to (self->cr, d.x, d.y);
  cairo_close_path (self->cr);
}

/* The side that the camera sees, back to the other end of the car. */
static void
car_side (const Street *self, double right, double away, Colour paint, Colour pane)
{
  double edge = right + (right > 0.0 ? -0.85 : 0.85);
  double roof_edge = right + (right > 0.0 ? -0.65 : 0.65);

  wall_path (self, edge, 0.25, 0.95, away, away + 3.9);
  cabin_path (self, edge, roof_edge, away, 0.0);
  _sl_draw_source (self->cr, _sl_draw_shade (paint, 0.70), 1.0);
  cairo_fill (self->cr);
  roof_path (self, right, away);
  _sl_draw_source (self->cr, _sl_draw_shade (paint, 1.08), 1.0);
  cairo_fill (self->cr);
  cabin_path (self, edge, roof_edge, away, 0.09);
  _sl_draw_source (self->cr, pane, 1.0);
  cairo_fill (self->cr);
  for (int axle = 0; axle < 2; axle++)
    {
      double hub_away = away + 0.8 + 2.4 * axle;
      Spot hub = _sl_street_spot (self, edge, 0.30, hub_away);

      _sl_draw_spot (self->cr, hub.x, hub.y, 0.30 * hub.scale * fabs (edge) / hub_away,
                     0.30 * hub.scale, (Colour){ 0.09, 0.09, 0.10 }, 1.0);
    }
}

static void
car_lights (const Street *self, Spot at, gboolean front)
{
  Colour lamp = front ? (Colour){ 1.0, 0.97, 0.82 } : (Colour){ 0.86, 0.10, 0.08 };

  for (int side = -1; side <= 1; side += 2)
    {
      double x = at.x + side * 0.64 * at.scale, y = at.y - 0.78 * at.scale;

      if (self->light.night)
        _sl_draw_glow (self->cr, x, y, 0.5 * at.scale, 0.5 * at.scale, lamp, 0.8);
      _sl_draw_spot (self->cr, x, y, 0.15 * at.scale, 0.10 * at.scale, lamp, 1.0);
    }
}

void
_sl_street_car (const Street *self, double right, double away)
{
  static const Colour paints[] = { { 0.78, 0.14, 0.14 }, { 0.16, 0.34, 0.66 }, { 0.90, 0.90, 0.90 },
                                   { 0.16, 0.17, 0.20 }, { 0.62, 0.65, 0.68 }, { 0.88, 0.66, 0.16 },
                                   { 0.16, 0.46, 0.36 }, { 0.48, 0.70, 0.80 } };
  cairo_t *cr = self->cr;
  Spot at = _sl_street_spot (self, right, 0.0, away);
  double s = at.scale;
  Colour paint = _sl_street_lit (
      self, _sl_draw_pick (paints, G_N_ELEMENTS (paints), 0.04, self->random), away);
  Colour pane = _sl_street_lit (self, (Colour){ 0.22, 0.29, 0.36 }, away);
  const Colour tyre = { 0.08, 0.08, 0.09 };

  for (int side = -1; side <= 1; side += 2)
    {
      rounded (cr, at.x + side * 0.62 * s - 0.14 * s, at.y - 0.5 * s, 0.28 * s, 0.52 * s, 0.08 * s);
      _sl_draw_source (cr, tyre, 1.0);
      cairo_fill (cr);
    }
  car_side (self, right, away, paint, pane);
  cairo_move_to (cr, at.x - 0.80 * s, at.y - 0.90 * s); /* the cabin */
  cairo_curve_to (cr, at.x - 0.62 * s, at.y - 1.58 * s, at.x - 0.60 * s, at.y - 1.55 * s, at.x,
                  at.y - 1.56 * s);
  cairo_curve_to (cr, at.x + 0.60 * s, at.y - 1.55 * s, at.x + 0.62 * s, at.y - 1.58 * s,
                  at.x + 0.80 * s, at.y - 0.90 * s);
  cairo_close_path (cr);
  _sl_draw_source (cr, _sl_draw_shade (paint, 0.95), 1.0);
  cairo_fill (cr);
  cairo_move_to (cr, at.x - 0.66 * s, at.y - 0.94 * s);
  cairo_line_to (cr, at.x - 0.52 * s, at.y - 1.42 * s);
  cairo_line_to (cr, at.x + 0.52 * s, at.y - 1.42 * s);
  cairo_line_to (cr, at.x + 0.66 * s, at.y - 0.94 * s);
  cairo_close_path (cr);
  _sl_draw_fill_fade (cr, at.y - 1.42 * s, at.y - 0.94 * s,
                      _sl_draw_mix (pane, self->light.low, 0.55), pane);
  rounded (cr, at.x - 0.88 * s, at.y - 0.98 * s, 1.76 * s, 0.74 * s, 0.16 * s);
  _sl_draw_fill_fade (cr, at.y - 0.98 * s, at.y - 0.24 * s, _sl_draw_shade (paint, 1.18),
                      _sl_draw_shade (paint, 0.58));
  rounded (cr, at.x - 0.84 * s, at.y - 0.42 * s, 1.68 * s, 0.16 * s, 0.07 * s); /* bumper */
  _sl_draw_source (cr, _sl_draw_shade (paint, 0.42), 1.0);
  cairo_fill (cr);
  cairo_rectangle (cr, at.x - 0.25 * s, at.y - 0.58 * s, 0.50 * s, 0.12 * s);
  _sl_draw_source (cr, _sl_street_lit (self, (Colour){ 0.94, 0.94, 0.90 }, away), 1.0);
  cairo_fill (cr);
  car_lights (self, at, right < 0.0);
}

/* ---- People */

static void
limb (cairo_t *cr, double x0, double y0, double x1, double y1, double width, Colour c)
{
  _sl_draw_line (cr, x0, y0, x1, y1);
  cairo_set_line_width (cr, width);
  _sl_draw_source (cr, c, 1.0);
  cairo_stroke (cr);
}

void
_sl_street_person (const Street *self, double right, double away)
{
  static const Colour coats[] = { { 0.80, 0.20, 0.24 }, { 0.18, 0.36, 0.60 }, { 0.92, 0.76, 0.26 },
                                  { 0.26, 0.50, 0.38 }, { 0.42, 0.26, 0.46 }, { 0.88, 0.86, 0.82 },
                                  { 0.20, 0.20, 0.24 } };
  static const Colour skins[] = {
    { 0.96, 0.80, 0.69 }, { 0.80, 0.60, 0.45 }, { 0.55, 0.38, 0.27 }, { 0.36, 0.24, 0.18 }
  };
  static const Colour hairs[] = {
    { 0.16, 0.11, 0.09 }, { 0.42, 0.27, 0.15 }, { 0.80, 0.63, 0.36 }, { 0.68, 0.67, 0.66 }
  };
  cairo_t *cr = self->cr;
  Spot at = _sl_street_spot (self, right, 0.0, away);
  double s = at.scale * _sl_draw_range (self->random, 0.86, 1.06);
  double step = _sl_draw_range (self->random, -0.22, 0.22);
  Colour coat = _sl_draw_pick (coats, G_N_ELEMENTS (coats), 0.05, self->random);
  Colour trousers = _sl_draw_jitter ((Colour){ 0.22, 0.24, 0.34 }, 0.12, self->random);
  Colour skin = _sl_draw_pick (skins, G_N_ELEMENTS (skins), 0.03, self->random);
  Colour hair = _sl_draw_pick (hairs, G_N_ELEMENTS (hairs), 0.04, self->random);
  double hem = _sl_draw_range (self->random, 0.72, 0.92);

  coat = _sl_street_lit (self, coat, away);
  trousers = _sl_street_lit (self, trousers, away);
  skin = _sl_street_lit (self, skin, away);
  hair = _sl_street_lit (self, hair, away);
  limb (cr, at.x - 0.10 * s, at.y - 0.85 * s, at.x - (0.12 + step) * s, at.y - 0.06 * s, 0.19 * s,
        _sl_draw_shade (trousers, 0.8));
  limb (cr, at.x + 0.10 * s, at.y - 0.85 * s, at.x + (0.12 + step) * s, at.y - 0.06 * s, 0.19 * s,
        trousers);
  limb (cr, at.x - 0.24 * s, at.y - 1.32 * s, at.x - (0.33 - 0.5 * step) * s, at.y - 0.82 * s,
        0.14 * s, _sl_draw_shade (coat, 0.75));
  limb (cr, at.x + 0.24 * s, at.y - 1.32 * s, at.x + (0.33 + 0.5 * step) * s, at.y - 0.82 * s,
        0.14 * s, _sl_draw_shade (coat, 0.9));
  cairo_move_to (cr, at.x - 0.24 * s, at.y - hem * s);
  cairo_curve_to (cr, at.x - 0.30 * s, at.y - 1.35 * s, at.x - 0.24 * s, at.y - 1.50 * s, at.x,
                  at.y - 1.50 * s);
  cairo_curve_to (cr, at.x + 0.24 * s, at.y - 1.50 * s, at.x + 0.30 * s, at.y - 1.35 * s,
                  at.x + 0.24 * s, at.y - hem * s);
  cairo_close_path (cr);
  _sl_draw_fill_fade (cr, at.y - 1.5 * s, at.y - hem * s, _sl_draw_shade (coat, 1.1),
                      _sl_draw_shade (coat, 0.78));
  _sl_draw_spot (cr, at.x, at.y - 1.70 * s, 0.16 * s, 0.17 * s, hair, 1.0);
  _sl_draw_spot (cr, at.x + 0.02 * s, at.y - 1.62 * s, 0.12 * s, 0.13 * s, skin, 1.0);
}

/* ---- Lamps */

void
_sl_street_lamp (const Street *self, double right, double away)
{
  const Colour iron = { 0.20, 0.22, 0.24 }, glass = { 1.0, 0.90, 0.62 };
  double reach = right > 0.0 ? -0.9 : 0.9;
  Spot foot = _sl_street_spot (self, right, 0.0, away);
  Spot top = _sl_street_spot (self, right, 4.4, away);
  Spot head = _sl_street_spot (self, right + reach, 4.3, away);

  limb (self->cr, foot.x, foot.y, top.x, top.y, 0.12 * foot.scale,
        _sl_street_lit (self, iron, away));
  limb (self->cr, top.x, top.y, head.x, head.y, 0.09 * foot.scale,
        _sl_street_lit (self, iron, away));
  _sl_draw_spot (self->cr, head.x, head.y, 0.26 * head.scale, 0.12 * head.scale,
                 self->light.night ? glass : _sl_street_lit (self, glass, away), 1.0);
}
