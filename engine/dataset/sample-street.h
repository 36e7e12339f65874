/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dataset/sample-nature.h"

G_BEGIN_DECLS

/* The camera looks along a straight street.  Places: metres to the right of its middle, metres
 * above the ground, metres away. */
typedef struct
{
  cairo_t  *cr; /* where the thing in hand is drawn */
  SlRandom *random;
  Light     light;
  double    x, y;   /* the vanishing point */
  double    height; /* of the camera in metres */
} Street;

typedef struct
{
  double x, y, scale; /* on the picture; a metre's length there */
} Spot;

Spot   _sl_street_spot (const Street *self, double right, double up, double away);
Colour _sl_street_lit  (const Street *self, Colour c, double away);

/* ---- sample-street-parts.c */
#define STREET_HALF_ROAD 3.4
#define STREET_HALF_STREET 6.0 /* with the pavement */

void _sl_street_road     (const Street *self);
void _sl_street_pavement (const Street *self);
/* Along the street at @side (-1 left, 1 right) from @near to @far metres. */
void _sl_street_building (const Street *self, double side, double near, double far);
void _sl_street_car      (const Street *self, double right, double away);
void _sl_street_person   (const Street *self, double right, double away);
void _sl_street_lamp     (const Street *self, double right, double away);

G_END_DECLS
