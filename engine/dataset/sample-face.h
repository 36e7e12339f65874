/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dataset/sample-draw.h"

G_BEGIN_DECLS

/* Left and right as one sees them in the picture. */
typedef enum
{
  FACE_LEFT_EYE,
  FACE_RIGHT_EYE,
  FACE_LEFT_MOUTH,
  FACE_RIGHT_MOUTH,
  FACE_NOSE,
  N_FACE_POINTS
} FacePoint;

typedef struct
{
  double   x[N_FACE_POINTS], y[N_FACE_POINTS]; /* in the head's user space */
  gboolean hidden[N_FACE_POINTS];
} FacePoints;

typedef struct
{
  double yaw, pitch; /* -1 … 1: where it looks */
  double roll;       /* radians: how it leans */
  double side;       /* -1 or 1: where the light comes from */
} FacePose;

/* A head of about 0.7 to each side of the origin, and shoulders.  Leaves @cr turned as the head is,
 * which @points belong to. */
void _sl_face_draw (cairo_t *cr, const FacePose *pose, FacePoints *points, SlRandom *random);

G_END_DECLS
