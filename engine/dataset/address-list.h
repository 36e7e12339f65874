/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/addresses.h>

G_BEGIN_DECLS

struct _SlAddressList
{
  GPtrArray  *entries; /* of SlAddress */
  GHashTable *places;  /* address → its entry */
};

/* Adds one, or says why not: not of the web, said before.  @label: of its own; else @usual.
 * @error: too many */
gboolean   _sl_address_list_add (SlAddressList *self, const char *address, const char *label,
                                 const char *usual, const char *file, guint line, GError **error);
/* Whether a text begins as addresses do. */
gboolean   _sl_address_is_web   (const char *text);
SlAddress *_sl_address_copy     (const SlAddress *self, const char *reason);
void       _sl_address_free     (gpointer address);

G_END_DECLS
