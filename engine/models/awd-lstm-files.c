/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Language models in files: Slope's own, and the public ones of fast.ai, whose words are a list in a pickle beside the
 * weights, in another order. */
#include "graph/pickle.h"

#include <archive.h>
#include <archive_entry.h>
#include <slope/awd-lstm.h>
#include <slope/vocabulary.h>
#include <string.h>

#define META_VOCABULARY "vocabulary"
#define MAX_WEIGHTS_BYTES ((gsize)1 << 30)
#define MAX_WORDS_BYTES ((gsize)64 << 20)

/* Rules that fast.ai's lists of words came by. */
#define RULES "html,characters,words,marks,spaces,english,upper,capital,lower"

G_GNUC_PRINTF (3, 4)
static gboolean
fail (const char *path, GError **error, const char *format, ...)
{
  g_autofree char *name = g_filename_display_basename (path), *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
               "“%s” holds no language model that can be used (%s): use another copy", name, what);
  return FALSE;
}

/* ---- The archive */

/* (transfer full) (nullable): the entry that @archive stands at. */
static GBytes *
read_entry (struct archive *archive, gsize most, const char *path, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 *block = g_malloc (1 << 16);
  la_ssize_t n;

  while ((n = archive_read_data (archive, block, 1 << 16)) > 0 && bytes->len + (gsize)n <= most)
    g_byte_array_append (bytes, block, (guint)n);
  g_free (block);
  if (n == 0)
    return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  fail (path, error, "%s", n > 0 ? "too large" : archive_error_string (archive));
  return NULL;
}

/* The first entries that end in .pth and .pkl. */
static gboolean
read_entries (struct archive *archive, const char *path, GBytes **weights, GBytes **words,
              GError **error)
{
  struct archive_entry *entry;
  int status;

  while ((status = archive_read_next_header (archive, &entry)) == ARCHIVE_OK
         && (*weights == NULL || *words == NULL))
    {
      const char *name = archive_entry_pathname (entry);
      GBytes **into = NULL;

      if (name != NULL && archive_entry_filetype (entry) == AE_IFREG)
        into = g_str_has_suffix (name, ".pth")   ? weights
               : g_str_has_suffix (name, ".pkl") ? words
                                                 : NULL;
      if (into == NULL || *into != NULL)
        continue;
      *into = read_entry (archive, into == weights ? MAX_WEIGHTS_BYTES : MAX_WORDS_BYTES, path,
                          error);
      if (*into == NULL)
        return FALSE;
    }
  if (status != ARCHIVE_OK && status != ARCHIVE_EOF)
    return fail (path, error, "%s", archive_error_string (archive));
  if (*weights == NULL || *words == NULL)
    return fail (path, error, "no %s in it", *weights == NULL ? ".pth file" : ".pkl file of words");
  return TRUE;
}

static gboolean
read_archive (const char *path, GBytes **weights, GBytes **words, GError **error)
{
  struct archive *archive = archive_read_new ();
  gboolean ok;

  archive_read_support_filter_gzip (archive);
  archive_read_support_format_tar (archive);
  ok = archive_read_open_filename (archive, path, 1 << 16) == ARCHIVE_OK
           ? read_entries (archive, path, weights, words, error)
           : fail (path, error, "%s", archive_error_string (archive));
  archive_read_free (archive);
  return ok;
}

static gboolean
is_archive (const char *path)
{
  static const guint8 gzip[] = { 0x1f, 0x8b };
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  guint8 begin[sizeof gzip];
  gsize n;

  return stream != NULL
         && g_input_stream_read_all (G_INPUT_STREAM (stream), begin, sizeof begin, &n, NULL, NULL)
         && n == sizeof begin && memcmp (begin, gzip, n) == 0;
}

/* ---- Words */

/* What stands in the list for Slope's special words; the second ones are of fast.ai's version before its first. */
static const char *const old_names[][2] = {
  { "_unk_", "xxunk" }, { "_pad_", "xxpad" },  { "xbos", "xxbos" },     { "_eos_", "xxeos" },
  { "xfld", "xxfld" },  { "tk_rep", "xxrep" }, { "tk_wrep", "xxwrep" }, { "t_up", "xxup" },
};

static const char *
new_name (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (old_names); i++)
    if (g_str_equal (word, old_names[i][0]))
      return old_names[i][1];
  return word;
}

/* No list of words runs anything. */
static const SlPickleGlobal *
refuse_all (const char *module, const char *name)
{
  return NULL;
}

static gboolean
is_usable (const char *word)
{
  gsize length = strlen (word);

  if (length == 0 || length > SL_MAX_TOKEN_BYTES || !g_utf8_validate (word, (gssize)length, NULL))
    return FALSE;
  for (const char *c = word; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c) && *c != '\n')
      return FALSE;
  return TRUE;
}

/* Words in Slope's order, and for each its row in the file; -1: it has none. */
typedef struct
{
  GPtrArray *words; /* (element-type utf8): of the pickle */
  GArray *rows;     /* of gint64 */
} WordList;

static void
word_list_clear (WordList *self)
{
  g_clear_pointer (&self->words, g_ptr_array_unref);
  g_clear_pointer (&self->rows, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WordList, word_list_clear)

static void
add_word (WordList *self, const char *word, gint64 row)
{
  g_ptr_array_add (self->words, g_strdup (word));
  g_array_append_val (self->rows, row);
}

/* The special ones first; what cannot be a word of Slope's, or is there twice, is left out. */
static gboolean
order_words (const SlPickleValue *list, const char *path, WordList *out, GError **error)
{
  g_autoptr (GHashTable) rows = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < list->items->len; i++)
    {
      const SlPickleValue *item = g_ptr_array_index (list->items, i);
      const char *word = item->kind == SL_PICKLE_TEXT ? new_name (item->text) : NULL;

      if (word == NULL)
        return fail (path, error, "word %u is no text", i);
      if (is_usable (word) && !g_hash_table_contains (rows, word))
        g_hash_table_insert (rows, (gpointer)word, GUINT_TO_POINTER (i));
    }
  for (SlSpecial special = 0; special < SL_N_SPECIALS; special++)
    {
      gpointer row;
      const char *word = sl_special_token (special);

      add_word (out, word,
                g_hash_table_lookup_extended (rows, word, NULL, &row)
                    ? (gint64)GPOINTER_TO_UINT (row)
                    : -1);
      g_hash_table_remove (rows, word);
    }
  for (guint i = 0; i < list->items->len; i++)
    {
      const char *word = new_name (((SlPickleValue *)g_ptr_array_index (list->items, i))->text);
      gpointer row;

      if (g_hash_table_lookup_extended (rows, word, NULL, &row) && GPOINTER_TO_UINT (row) == i)
        add_word (out, word, i);
    }
  return TRUE;
}

static gboolean
read_words (GBytes *bytes, const char *path, WordList *out, guint *n, GError **error)
{
  g_autofree char *name = g_filename_display_basename (path);
  gsize size, at = 0;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autoptr (SlPickle) pickle = _sl_pickle_read (data, size, &at, refuse_all, name, error);

  if (pickle == NULL)
    return FALSE;
  if (pickle->root->kind != SL_PICKLE_LIST || pickle->root->items->len == 0
      || pickle->root->items->len > SL_VOCABULARY_MAX_WORDS)
    return fail (path, error, "its words are no list");
  *n = pickle->root->items->len;
  return order_words (pickle->root, path, out, error);
}

/* As sl_vocabulary_to_text() writes it; nobody has counted these words. */
static char *
vocabulary_text (const WordList *list)
{
  GString *text = g_string_new ("slope-vocabulary 1 " RULES "\n");

  for (guint i = 0; i < list->words->len; i++)
    {
      g_autoptr (GString) word = g_string_new (g_ptr_array_index (list->words, i));

      g_string_replace (word, "\\", "\\\\", 0);
      g_string_replace (word, "\n", "\\n", 0);
      g_string_append_printf (text, "0\t%s\n", word->str);
    }
  return g_string_free (text, FALSE);
}

/* ---- Rows in another order */

/* (transfer full): (width) */
static float *
mean_row (const float *from, gsize n_rows, gsize width)
{
  g_autofree double *sums = g_new0 (double, width);
  float *mean = g_new (float, width);

  for (gsize i = 0; i < n_rows; i++)
    for (gsize j = 0; j < width; j++)
      sums[j] += from[i * width + j];
  for (gsize j = 0; j < width; j++)
    mean[j] = (float)(sums[j] / (double)n_rows);
  return mean;
}

/* (transfer full): those of @rows of @tensor, which has one a word; -1: the mean of all. */
static SlTensor *
reorder (SlTensor *tensor, const GArray *rows)
{
  SlShape shape = sl_tensor_get_shape (tensor);
  gsize n_rows = shape.dim[0], width = sl_shape_n_elements (shape) / n_rows;
  const float *from = sl_tensor_f32 (tensor);
  g_autofree float *mean = mean_row (from, n_rows, width);
  SlTensor *out;
  float *to;

  shape.dim[0] = rows->len;
  out = sl_tensor_new (SL_DTYPE_F32, shape);
  to = sl_tensor_f32 (out);
  for (gsize i = 0; i < rows->len; i++, to += width)
    {
      gint64 row = g_array_index (rows, gint64, i);

      memcpy (to, row < 0 ? mean : from + (gsize)row * width, width * sizeof *to);
    }
  return out;
}

static gboolean
is_by_word (const char *name)
{
  return g_str_equal (name, "encoder.weight") || g_str_equal (name, "decoder.bias");
}

/* (transfer full) (nullable): @dict, of @n_words words, with the rows of others, whose vocabulary is @text. */
static SlStateDict *
translate (SlStateDict *dict, const GArray *rows, guint n_words, const char *text, const char *path,
           GError **error)
{
  g_autoptr (SlStateDict) out = sl_state_dict_new ();

  if (sl_state_dict_lookup (dict, "encoder.weight") == NULL)
    {
      fail (path, error, "no encoder.weight in it");
      return NULL;
    }
  for (guint i = 0; i < sl_state_dict_n (dict); i++)
    {
      const char *name = sl_state_dict_name (dict, i);
      SlTensor *tensor = sl_state_dict_lookup (dict, name);
      g_autoptr (SlTensor) ordered = NULL;

      if (is_by_word (name)
          && (sl_tensor_get_dtype (tensor) != SL_DTYPE_F32 || sl_tensor_get_shape (tensor).rank == 0
              || sl_tensor_get_shape (tensor).dim[0] != n_words))
        {
          fail (path, error, "%s is not for its %u words", name, n_words);
          return NULL;
        }
      ordered = is_by_word (name) ? reorder (tensor, rows) : sl_tensor_ref (tensor);
      sl_state_dict_insert (out, name, ordered);
    }
  sl_state_dict_set_meta (out, META_VOCABULARY, text);
  return g_steal_pointer (&out);
}

SlStateDict *
sl_awd_lstm_translate (SlStateDict *dict, const SlVocabulary *from, const SlVocabulary *to,
                       GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *text = sl_vocabulary_to_text (to);

  for (guint i = 0; i < sl_vocabulary_n_words (to); i++)
    {
      gsize length;
      const char *word = sl_vocabulary_get_word (to, i, &length);
      gint64 row = sl_vocabulary_find (from, word, length);

      if (row == SL_SPECIAL_UNKNOWN && i != SL_SPECIAL_UNKNOWN)
        row = -1;
      g_array_append_val (rows, row);
    }
  return translate (dict, rows, sl_vocabulary_n_words (from), text, "weights", error);
}

SlStateDict *
sl_awd_lstm_load_weights (const char *path, GError **error)
{
  g_autoptr (GBytes) weights = NULL, words = NULL;
  g_autoptr (SlStateDict) file = NULL, named = NULL;
  g_auto (WordList) list = { g_ptr_array_new_with_free_func (g_free),
                             g_array_new (FALSE, FALSE, sizeof (gint64)) };
  g_autofree char *text = NULL;
  guint n_words = 0;

  g_return_val_if_fail (path != NULL, NULL);
  if (!is_archive (path))
    return sl_state_dict_load (path, error);
  if (!read_archive (path, &weights, &words, error)
      || !read_words (words, path, &list, &n_words, error))
    return NULL;
  file = sl_state_dict_parse (weights, path, error);
  if (file == NULL)
    return NULL;
  named = sl_awd_lstm_from_fastai (file);
  text = vocabulary_text (&list);
  return translate (named, list.rows, n_words, text, path, error);
}

/* ---- Sizes */

static gsize
find_dim (SlStateDict *dict, const char *name, guint i)
{
  SlTensor *tensor = sl_state_dict_lookup (dict, name);

  return tensor != NULL && sl_tensor_get_shape (tensor).rank == 2
             ? sl_tensor_get_shape (tensor).dim[i]
             : 0;
}

gboolean
sl_awd_lstm_read_sizes (SlStateDict *dict, SlAwdLstm *self)
{
  gsize n_words = find_dim (dict, "encoder.weight", 0);
  gsize n_features = find_dim (dict, "encoder.weight", 1);
  gsize n_hidden = 0;
  guint n_layers = 0;

  for (; n_layers < SL_AWD_LSTM_MAX_LAYERS; n_layers++)
    {
      g_autofree char *name = g_strdup_printf ("rnns.%u.module.weight_hh_l0", n_layers);
      gsize n = find_dim (dict, name, 1);

      if (n == 0)
        break;
      n_hidden = MAX (n_hidden, n);
    }
  if (n_words == 0 || n_words > SL_VOCABULARY_MAX_WORDS || n_features == 0 || n_layers == 0
      || n_features > G_MAXUINT16 || n_hidden > G_MAXUINT16)
    return FALSE;
  self->n_words = (guint)n_words;
  self->n_features = (guint)n_features;
  self->n_hidden = (guint)n_hidden;
  self->n_layers = n_layers;
  return TRUE;
}
