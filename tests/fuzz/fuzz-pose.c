/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as a pose and as a camera: what is taken is finite. */
#include "dataset/label-pose.h"
#include "fuzz.h"

#include <math.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  double camera[4] = { 500, 320, 500, 240 }, x, y;

  if (_sl_pose_camera (text, camera))
    for (int i = 0; i < 4; i++)
      g_assert_true (isfinite (camera[i]));
  if (_sl_pose_project (text, camera, &x, &y))
    g_assert_true (isfinite (x) && isfinite (y));
  return 0;
}
