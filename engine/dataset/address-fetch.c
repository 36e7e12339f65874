/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dataset/address-list.h"
#include "net/fetch.h"
#include "pipeline/picture-format.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define RECORD ".slope-addresses"
#define MOST_PER_CLASS 1000
#define MOST_BYTES ((gsize)32 << 20)
#define STALL_SECONDS 10
#define MOST_SECONDS 120
#define PAUSE_MS 500
#define TELL_EVERY (G_USEC_PER_SEC / 30)

/* One class's folder. */
typedef struct
{
  guint n;          /* addresses so far */
  guint n_fetching; /* of these, to be asked for */
  GHashTable *used; /* numbers of files that are there */
} Class;

/* One call. */
typedef struct
{
  const SlAddressList *list;
  const char *folder;
  const SlAddressLimits *limits;
  GHashTable *record;  /* "CLASS\tADDRESS" → file name in the class's folder */
  GHashTable *classes; /* name → Class */
  GPtrArray *wanted;   /* of SlAddress: what is asked for */
  GArray *numbers;     /* guint: of its file */
  SlAddressReport *report;
  int record_fd;
  SlProgressFunc progress;
  gpointer user_data;
  gint64 told;
} Fetching;

void
sl_address_report_free (SlAddressReport *self)
{
  g_clear_pointer (&self->failures, g_ptr_array_unref);
  g_free (self);
}

static void
note_failure (Fetching *self, const SlAddress *address, const char *reason)
{
  self->report->failed++;
  g_ptr_array_add (self->report->failures, _sl_address_copy (address, reason));
}

static gboolean
set_disk_error (const Fetching *self, const char *why, GError **error)
{
  g_autofree char *where = g_filename_display_name (self->folder);

  g_set_error (error, SL_ERROR, SL_ERROR_FAILED,
               "Pictures cannot be written into %s (%s): free some space or choose another folder; "
               "what has arrived is kept",
               where, why);
  return FALSE;
}

/* ---- What is here from an earlier time */

/* "00000012.jpg" → 12. */
static gboolean
parse_number (const char *name, guint *number)
{
  guint64 value;

  if (strspn (name, G_CSET_DIGITS) != 8 || name[8] != '.' || strchr (name, '/') != NULL)
    return FALSE;
  value = g_ascii_strtoull (name, NULL, 10);
  *number = (guint)value;
  return TRUE;
}

/* Lines "CLASS/NAME<tab>ADDRESS"; others, such as one cut short, are no record. */
static void
read_record (Fetching *self)
{
  g_autofree char *path = g_build_filename (self->folder, RECORD, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *tab = strchr (lines[i], '\t'), *slash = strchr (lines[i], '/');
      guint number;

      if (tab == NULL || slash == NULL || slash > tab)
        continue;
      *tab = *slash = '\0';
      if (parse_number (slash + 1, &number))
        g_hash_table_replace (self->record, g_strconcat (lines[i], "\t", tab + 1, NULL),
                              g_strdup (slash + 1));
    }
}

static gboolean
is_here (const Fetching *self, const SlAddress *address)
{
  g_autofree char *key = g_strconcat (address->label, "\t", address->address, NULL);
  const char *name = g_hash_table_lookup (self->record, key);
  g_autofree char *path = NULL;

  if (name == NULL)
    return FALSE;
  path = g_build_filename (self->folder, address->label, name, NULL);
  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

/* ---- What is to be fetched */

static void
class_free (gpointer data)
{
  Class *self = data;

  g_hash_table_unref (self->used);
  g_free (self);
}

static Class *
find_class (Fetching *self, const char *label)
{
  Class *class = g_hash_table_lookup (self->classes, label);
  g_autofree char *path = g_build_filename (self->folder, label, NULL);
  g_autoptr (GDir) dir = NULL;
  const char *name;
  guint number;

  if (class != NULL)
    return class;
  class = g_new0 (Class, 1);
  class->used = g_hash_table_new (NULL, NULL);
  dir = g_dir_open (path, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (parse_number (name, &number))
      g_hash_table_add (class->used, GUINT_TO_POINTER (number));
  g_hash_table_insert (self->classes, g_strdup (label), class);
  return class;
}

/* Its place among the addresses of its class, unless a file has that number: then the next free. */
static guint
take_number (Class *class, guint place)
{
  while (g_hash_table_contains (class->used, GUINT_TO_POINTER (place)))
    place++;
  g_hash_table_add (class->used, GUINT_TO_POINTER (place));
  return place;
}

static void
sort_out (Fetching *self)
{
  guint most = self->limits->most_per_class > 0 ? self->limits->most_per_class : MOST_PER_CLASS;
  g_autofree char *beyond = g_strdup_printf ("beyond the first %u of its class", most);

  for (guint i = 0; i < sl_address_list_n (self->list); i++)
    {
      const SlAddress *address = sl_address_list_get (self->list, i);
      Class *class = find_class (self, address->label);
      guint place, number;

      self->report->asked++;
      self->report->again += address->again;
      if (address->reason != NULL && !address->again)
        note_failure (self, address, address->reason);
      if (address->reason != NULL)
        continue;
      place = class->n++;
      if (place >= most)
        note_failure (self, address, beyond);
      else if (is_here (self, address))
        self->report->kept++;
      else
        {
          number = take_number (class, place);
          g_ptr_array_add (self->wanted, (gpointer)address);
          g_array_append_val (self->numbers, number);
        }
    }
}

/* ---- What comes */

static const char *
look (const guint8 *data, gsize size)
{
  const char *kind = NULL;

  if (size == 0)
    return "empty";
  if (sl_picture_format_find (data, size, &kind) != NULL)
    return NULL;
  return kind != NULL ? kind : "not a picture";
}

/* By what it is, not by what the address calls it. */
static const char *
suffix_of (GBytes *bytes)
{
  static const struct
  {
    const char *format, *suffix;
  } suffixes[] = { { "JPEG", "jpg" },  { "PNG", "png" }, { "GIF", "gif" },
                   { "WEBP", "webp" }, { "BMP", "bmp" }, { "TIFF", "tiff" } };
  const char *kind;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  const SlPictureFormat *format = sl_picture_format_find (data, size, &kind);

  for (gsize i = 0; format != NULL && i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_equal (suffixes[i].format, format->name))
      return suffixes[i].suffix;
  return "pnm";
}

static gboolean
write_record (Fetching *self, const SlAddress *address, const char *name, GError **error)
{
  g_autofree char *line = g_strdup_printf ("%s/%s\t%s\n", address->label, name, address->address);
  gsize length = strlen (line);

  if (write (self->record_fd, line, length) == (gssize)length)
    return TRUE;
  return set_disk_error (self, g_strerror (errno), error);
}

static gboolean
store (Fetching *self, const SlAddress *address, guint number, GBytes *bytes, GError **error)
{
  g_autofree char *class_folder = g_build_filename (self->folder, address->label, NULL);
  g_autofree char *name = g_strdup_printf ("%08u.%s", number, suffix_of (bytes));
  g_autofree char *path = g_build_filename (class_folder, name, NULL);
  g_autoptr (GError) file_error = NULL;
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  if (g_mkdir_with_parents (class_folder, 0755) != 0)
    return set_disk_error (self, g_strerror (errno), error);
  if (!g_file_set_contents_full (path, data, (gssize)size, G_FILE_SET_CONTENTS_CONSISTENT, 0644,
                                 &file_error))
    return set_disk_error (self, file_error->message, error);
  return write_record (self, address, name, error);
}

static gboolean
take_one (guint index, GBytes *bytes, const char *reason, gpointer user_data, GError **error)
{
  Fetching *self = user_data;
  const SlAddress *address = self->wanted->pdata[index];
  gint64 now = g_get_monotonic_time ();

  self->report->left--;
  if (bytes == NULL)
    note_failure (self, address, reason);
  else if (!store (self, address, g_array_index (self->numbers, guint, index), bytes, error))
    return FALSE;
  else
    self->report->fetched++;
  if (self->progress != NULL && (now - self->told >= TELL_EVERY || self->report->left == 0))
    {
      self->told = now;
      self->progress (self->report->asked - self->report->left, self->report->asked,
                      address->address, self->user_data);
    }
  return TRUE;
}

/* ---- All together */

static gboolean
open_folder (Fetching *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, RECORD, NULL);

  if (g_mkdir_with_parents (self->folder, 0755) != 0)
    return set_disk_error (self, g_strerror (errno), error);
  self->record_fd = g_open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (self->record_fd < 0)
    return set_disk_error (self, g_strerror (errno), error);
  if (flock (self->record_fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_BUSY,
               "Pictures are being fetched into %s already: wait until that is done", self->folder);
  return FALSE;
}

static gboolean
fetch_wanted (Fetching *self, GCancellable *cancellable, GError **error)
{
  const SlAddressLimits *limits = self->limits;
  const SlFetchLimits fetch_limits = {
    .most_at_once = 8,
    .most_per_host = 4,
    .stall_seconds = limits->stall_seconds > 0 ? limits->stall_seconds : STALL_SECONDS,
    .most_seconds = limits->most_seconds > 0 ? limits->most_seconds : MOST_SECONDS,
    .most_tries = 3,
    .pause_ms = limits->pause_ms > 0 ? limits->pause_ms : PAUSE_MS,
    .most_redirects = 5,
    .most_bytes = limits->most_bytes > 0 ? limits->most_bytes : MOST_BYTES,
  };
  const SlFetchFuncs funcs = { look, take_one, self };
  g_autofree const char **addresses = g_new (const char *, MAX (self->wanted->len, 1));
  g_autoptr (GError) failure = NULL;

  for (guint i = 0; i < self->wanted->len; i++)
    addresses[i] = ((const SlAddress *)self->wanted->pdata[i])->address;
  if (_sl_fetch (addresses, self->wanted->len, &fetch_limits, &funcs, cancellable, &failure)
      || g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

SlAddressReport *
sl_address_list_fetch (const SlAddressList *self, const char *folder, const SlAddressLimits *limits,
                       GCancellable *cancellable, SlProgressFunc progress, gpointer user_data,
                       GError **error)
{
  static const SlAddressLimits usual;
  g_autoptr (SlAddressReport) report = g_new0 (SlAddressReport, 1);
  g_autoptr (GHashTable) record = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable)
      classes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, class_free);
  g_autoptr (GPtrArray) wanted = g_ptr_array_new ();
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  Fetching fetching = { self,     folder,    limits != NULL ? limits : &usual,
                        record,   classes,   wanted,
                        numbers,  report,    -1,
                        progress, user_data, 0 };
  gboolean ok;

  g_return_val_if_fail (self != NULL && folder != NULL, NULL);

  report->failures = g_ptr_array_new_with_free_func (_sl_address_free);
  ok = open_folder (&fetching, error);
  if (ok)
    {
      read_record (&fetching);
      sort_out (&fetching);
      report->left = wanted->len;
      ok = fetch_wanted (&fetching, cancellable, error);
    }
  if (fetching.record_fd >= 0)
    close (fetching.record_fd);
  return ok ? g_steal_pointer (&report) : NULL;
}
