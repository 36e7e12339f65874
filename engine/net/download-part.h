/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/download.h>

/* PATH.part, locked while it is open, and PATH.part.from: the address and the server's mark (ETag
 * or date) of the version that it holds the beginning of. */
typedef struct
{
  const SlDownload *what;
  char      *shown;     /* file name, for messages */
  char      *path, *from;
  int        fd;
  guint64    done;      /* bytes in it */
  GChecksum *sha256;    /* of these */
  char      *validator; /* the server's mark; NULL: cannot be gone on with */
} SlPart;

/* Takes what an earlier attempt left, if it can be gone on with.  @error: BUSY, FAILED. */
gboolean _sl_part_open   (SlPart *self, const SlDownload *what, GError **error);
/* Empties it.  @validator: (nullable): of what is to come. */
gboolean _sl_part_begin  (SlPart *self, const char *validator, GError **error);
gboolean _sl_part_write  (SlPart *self, const guint8 *data, gsize n, GError **error);
/* Whether @n more bytes find room on the disk. */
gboolean _sl_part_has_room (const SlPart *self, guint64 n, GError **error);
/* Compares the checksums and renames.  A wrong file is removed.  @error: FORMAT, FAILED. */
gboolean _sl_part_commit (SlPart *self, GError **error);
void     _sl_part_close  (SlPart *self); /* keeps what came, for the next attempt */
