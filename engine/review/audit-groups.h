/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/audit.h>

G_BEGIN_DECLS

/* Why two pictures belong together. */
typedef struct
{
  guint32       a, b; /* places */
  SlFindingKind kind; /* COPIES, ALIKE or BURST */
} SlAuditLink;

/* (transfer full): SlAuditLink; two pictures may have several. */
GArray  *sl_audit_links  (const SlAuditItem *items, gsize n);
/* (transfer full): for each place the first of those that hang together with it. */
guint32 *sl_audit_groups (const GArray *links, gsize n);

G_END_DECLS
