/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ops of segmentation through the processor's backend; see op-check.h. */
#include "op-check.h"

#define JOIN(resizes) \
  &(SlConcatAttrs)    \
  {                   \
    (resizes)         \
  }
#define SIZE(h, w) \
  &(SlResizeAttrs) \
  {                \
    (h), (w)       \
  }
#define LOSS(smoothing, void_class) \
  &(SlCrossEntropyAttrs)            \
  {                                 \
    (smoothing), (void_class)       \
  }

static const OpCase cases[] = {
  { "concat",
    &sl_op_concat,
    JOIN (FALSE),
    2,
    { { 4, { 2, 3, 5, 3 } }, { 4, { 2, 3, 5, 4 } } },
    0.1,
    1e-4,
    0 },
  { "concat/resized",
    &sl_op_concat,
    JOIN (TRUE),
    2,
    { { 4, { 2, 3, 2, 5 } }, { 4, { 2, 6, 4, 3 } } },
    0.1,
    1e-4,
    0 },
  { "concat/resized-odd",
    &sl_op_concat,
    JOIN (TRUE),
    2,
    { { 4, { 1, 5, 4, 2 } }, { 4, { 1, 7, 3, 1 } } },
    0.1,
    1e-4,
    0 },
  { "resize/larger", &sl_op_resize, SIZE (7, 11), 1, { { 4, { 2, 3, 5, 3 } } }, 0.1, 1e-4, 0 },
  { "resize/smaller", &sl_op_resize, SIZE (3, 2), 1, { { 4, { 2, 5, 7, 3 } } }, 0.1, 1e-4, 0 },
  { "resize/twice", &sl_op_resize, SIZE (6, 10), 1, { { 4, { 2, 3, 5, 4 } } }, 0.1, 1e-4, 0 },
  { "pixel-shuffle", &sl_op_pixel_shuffle, NULL, 1, { { 4, { 2, 3, 5, 12 } } }, 0.1, 1e-4, 0 },
  { "pixel-cross-entropy",
    &sl_op_cross_entropy,
    LOSS (0, -1),
    3,
    { { 4, { 3, 3, 5, 7 } }, { 3, { 3, 3, 5 } }, { 1, { 3 } } },
    1e-2,
    2e-3,
    0 },
  { "pixel-cross-entropy/void",
    &sl_op_cross_entropy,
    LOSS (0.1, 2),
    3,
    { { 4, { 3, 2, 5, 4 } }, { 3, { 3, 2, 5 } }, { 1, { 3 } } },
    1e-2,
    2e-3,
    0 },
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  op_cases_add (cases, G_N_ELEMENTS (cases));
  return g_test_run ();
}
