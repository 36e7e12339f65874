/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/address-list.h"
#include "net/plain.h"

#include <string.h>

#define MOST_ADDRESS 8192 /* bytes; no server takes longer ones */
#define MOST_LABEL 100

void
_sl_address_free (gpointer address)
{
  SlAddress *self = address;

  g_free (self->address);
  g_free (self->label);
  g_free (self->file);
  g_free (self->reason);
  g_free (self);
}

SlAddress *
_sl_address_copy (const SlAddress *self, const char *reason)
{
  SlAddress *copy = g_new (SlAddress, 1);

  *copy = (SlAddress){ g_strdup (self->address), g_strdup (self->label),
                       g_strdup (self->file),    self->line,
                       g_strdup (reason),        self->again };
  return copy;
}

SlAddressList *
sl_address_list_new (void)
{
  SlAddressList *self = g_new (SlAddressList, 1);

  self->entries = g_ptr_array_new_with_free_func (_sl_address_free);
  self->places = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
sl_address_list_free (SlAddressList *self)
{
  g_hash_table_unref (self->places);
  g_ptr_array_unref (self->entries);
  g_free (self);
}

guint
sl_address_list_n (const SlAddressList *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->entries->len;
}

const SlAddress *
sl_address_list_get (const SlAddressList *self, guint i)
{
  g_return_val_if_fail (self != NULL && i < self->entries->len, NULL);
  return self->entries->pdata[i];
}

/* ---- One entry */

gboolean
_sl_address_is_web (const char *text)
{
  return g_ascii_strncasecmp (text, "https://", 8) == 0
         || g_ascii_strncasecmp (text, "http://", 7) == 0;
}

/* (transfer full) (nullable): as a server is asked for it: letters beyond ASCII and spaces escaped,
 * without the place inside the page; %NULL with *@reason for what cannot be asked for. */
static char *
normalise (const char *text, const char **reason)
{
  g_autofree char *plain = g_strndup (text, strcspn (text, "#"));
  g_autofree char *escaped = NULL;
  g_autoptr (GUri) uri = NULL;

  *reason = NULL;
  if (strlen (text) > MOST_ADDRESS)
    *reason = "longer than any address";
  else if (!_sl_address_is_web (text))
    *reason = "no address that begins with http:// or https://";
  if (*reason != NULL)
    return NULL;
  escaped = g_uri_escape_string (
      plain,
      "%" G_URI_RESERVED_CHARS_GENERIC_DELIMITERS G_URI_RESERVED_CHARS_SUBCOMPONENT_DELIMITERS,
      FALSE);
  uri = g_uri_parse (escaped, G_URI_FLAGS_ENCODED, NULL);
  if (uri != NULL && g_uri_get_host (uri) != NULL && g_uri_get_host (uri)[0] != '\0')
    return g_steal_pointer (&escaped);
  *reason = "an address without a server";
  return NULL;
}

/* (transfer full): names a folder: no way out of it, nothing hidden, not too long. */
static char *
folder_name (const char *label)
{
  char *name = g_strstrip (g_strdup (label));
  gsize length = strlen (name);

  if (length > MOST_LABEL)
    {
      const char *end;

      g_utf8_validate_len (name, MOST_LABEL, &end);
      name[end - name] = '\0';
    }
  for (char *c = name; *c != '\0'; c++)
    if (*c == '/' || *c == '\\' || g_ascii_iscntrl (*c))
      *c = '_';
  if (name[0] == '.')
    name[0] = '_';
  if (name[0] != '\0')
    return name;
  g_free (name);
  return g_strdup ("pictures");
}

/* Says so where the same address stood above. */
static void
compare_with_above (SlAddressList *self, SlAddress *entry)
{
  const SlAddress *above = g_hash_table_lookup (self->places, entry->address);

  if (above == NULL)
    {
      g_hash_table_insert (self->places, entry->address, entry);
      return;
    }
  entry->again = g_str_equal (above->label, entry->label);
  entry->reason = entry->again
                      ? g_strdup_printf ("the same as line %u of %s", above->line, above->file)
                      : g_strdup_printf ("the same as line %u of %s, which says “%s”", above->line,
                                         above->file, above->label);
}

gboolean
_sl_address_list_add (SlAddressList *self, const char *address, const char *label,
                      const char *usual, const char *file, guint line, GError **error)
{
  const char *reason;
  SlAddress *entry;

  if (self->entries->len >= SL_ADDRESSES_MOST)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "%s: there are more than %d addresses: divide the list", file,
                   SL_ADDRESSES_MOST);
      return FALSE;
    }
  entry = g_new0 (SlAddress, 1);
  entry->address = normalise (address, &reason);
  entry->label = folder_name (label != NULL && label[0] != '\0' ? label : usual);
  entry->file = g_strdup (file);
  entry->line = line;
  if (entry->address != NULL)
    compare_with_above (self, entry);
  else
    {
      g_autofree char *start = g_strndup (address, MOST_LABEL);

      entry->address = _sl_plain_text (start);
      entry->reason = g_strdup (reason);
    }
  g_ptr_array_add (self->entries, entry);
  return TRUE;
}

/* ---- Texts */

gboolean
sl_address_list_add_text (SlAddressList *self, const char *text, const char *label,
                          const char *file, GError **error)
{
  g_auto (GStrv) lines = NULL;
  g_autofree char *plain = NULL;

  g_return_val_if_fail (self != NULL && text != NULL && label != NULL && file != NULL, FALSE);

  plain = g_utf8_make_valid (text, -1);
  if (strchr (plain, '\n') == NULL)
    g_strdelimit (plain, "\r", '\n'); /* as old Macintoshes ended their lines */
  lines = g_strsplit (plain, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *line = g_strstrip (lines[i]);
      gsize end = strcspn (line, " \t");
      const char *own = line[end] != '\0' ? g_strstrip (line + end + 1) : NULL;

      if (line[0] == '\0' || line[0] == '#')
        continue;
      if (_sl_address_is_web (line))
        line[end] = '\0';
      else
        own = NULL;
      if (!_sl_address_list_add (self, line, own, label, file, i + 1, error))
        return FALSE;
    }
  return TRUE;
}
