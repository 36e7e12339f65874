/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "slope-note.h"

#include <slope/slope.h>

G_BEGIN_DECLS

/* The figures behind what sl_advice_read() says, as a translated sentence.  (transfer full) */
char         *slope_advice_evidence  (const SlAdvice *self, const SlTask *task);
SlopeNoteKind slope_advice_note_kind (SlAdviceKind kind);

G_END_DECLS
