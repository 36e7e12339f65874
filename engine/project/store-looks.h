/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/store.h"

#include <slope/audit.h>

G_BEGIN_DECLS

/* What a picture's file looked like when it was as @modified and @bytes say: looking at 50,000
 * pictures takes minutes, at their file's times a moment. */
typedef struct
{
  gint64 item;
  gint64 modified; /* nanoseconds since 1970 */
  gint64 bytes;
  SlLook look;
} SlStoredLook;

/* Size and time of change of @path; %FALSE: there is no such file. */
gboolean    sl_stored_look_stat  (SlStoredLook *self, const char *path);
/* (transfer full): gint64 * item → SlStoredLook *; @error: as all of the store */
GHashTable *sl_store_read_looks  (SlStore *self, GError **error);
/* In one transaction of its own, in place of older ones of the same pictures.  @looks: SlStoredLook */
gboolean    sl_store_write_looks (SlStore *self, const GArray *looks, GError **error);

G_END_DECLS
