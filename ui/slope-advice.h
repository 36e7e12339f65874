/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-note.h"

#include <slope/slope.h>

G_BEGIN_DECLS

typedef enum
{
  SLOPE_ADVICE_NONE,
  SLOPE_ADVICE_MORE_EPOCHS,  /* both losses still fall */
  SLOPE_ADVICE_RATE_TOO_HIGH,/* the loss ends far above where it began */
  SLOPE_ADVICE_OVERFITTING,  /* validation loss and error get worse */
  SLOPE_ADVICE_TRAINING_ABOVE/* training loss far above validation: explained, no fault */
} SlopeAdviceKind;

/**
 * SlopeAdvice:
 *
 * What the losses of a run say, read as the course does, with the figures that show it.
 */
typedef struct
{
  SlopeAdviceKind kind;
  char           *heading, *evidence; /* translated; owned; NULL for NONE */
} SlopeAdvice;

/* @metric: index of an error (smaller is better), -1: none. */
void          slope_advice_read      (SlopeAdvice *self, const SlEpochRecord *epochs, gsize n,
                                      const SlTask *task, int metric);
void          slope_advice_clear     (SlopeAdvice *self);
SlopeNoteKind slope_advice_note_kind (SlopeAdviceKind kind);

G_END_DECLS
