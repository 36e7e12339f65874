/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/checkpoint.h>

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

static char *
golden_path (const char *name)
{
  return g_build_filename (g_getenv ("G_TEST_SRCDIR"), "golden", "torch", name, NULL);
}

static GBytes *
read_golden (const char *name)
{
  g_autofree char *path = golden_path (name);
  g_autoptr (GError) error = NULL;
  char *contents;
  gsize length;

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (contents, length);
}

/* Where @part first stands in @data. */
static guint8 *
find_bytes (guint8 *data, gsize length, const char *part, gsize n)
{
  for (gsize i = 0; i + n <= length; i++)
    if (memcmp (data + i, part, n) == 0)
      return data + i;
  g_assert_not_reached ();
}

/* ---- Files that PyTorch wrote */

static void
assert_same_tensors (SlStateDict *dict, SlStateDict *expected)
{
  g_assert_cmpuint (sl_state_dict_n (dict), ==, sl_state_dict_n (expected));
  for (guint i = 0; i < sl_state_dict_n (expected); i++)
    {
      const char *name = sl_state_dict_name (expected, i);
      SlTensor *a = sl_state_dict_lookup (dict, name), *b = sl_state_dict_lookup (expected, name);

      g_test_message ("%s", name);
      g_assert_cmpstr (sl_state_dict_name (dict, i), ==, name);
      g_assert_nonnull (a);
      g_assert_cmpint (sl_tensor_get_dtype (a), ==, sl_tensor_get_dtype (b));
      g_assert_true (sl_shape_equal (sl_tensor_get_shape (a), sl_tensor_get_shape (b)));
      g_assert_cmpmem (sl_tensor_get_data (a), sl_tensor_get_bytes (a), sl_tensor_get_data (b),
                       sl_tensor_get_bytes (b));
    }
}

/* @data: a file's name.  The format is told by the content: no name ends in .safetensors here. */
static void
test_same_bits (gconstpointer data)
{
  g_autofree char *path = golden_path (data), *other = golden_path ("expected.safetensors");
  g_autoptr (GError) error = NULL;
  g_autoptr (SlStateDict) dict = sl_state_dict_load (path, &error);
  g_autoptr (SlStateDict) expected = NULL;

  g_assert_no_error (error);
  expected = sl_state_dict_load (other, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sl_state_dict_n (expected), ==, 19);
  assert_same_tensors (dict, expected);
}

/* As PyTorch wrote before 0.4, torchvision's first ResNets too: parameters, not tensors, are in the
 * dictionary. */
static void
test_parameters (gconstpointer data)
{
  g_autofree char *path = golden_path (data);
  g_autofree char *other = golden_path ("expected-parameters.safetensors");
  g_autoptr (GError) error = NULL;
  g_autoptr (SlStateDict) dict = sl_state_dict_load (path, &error);
  g_autoptr (SlStateDict) expected = NULL;

  g_assert_no_error (error);
  expected = sl_state_dict_load (other, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sl_state_dict_n (expected), ==, 11);
  assert_same_tensors (dict, expected);
}

static void
test_network (void)
{
  g_autofree char *path = golden_path ("network.pth");
  g_autoptr (GError) error = NULL;
  g_autoptr (SlStateDict) dict = sl_state_dict_load (path, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (sl_state_dict_n (dict), ==, 7);
  g_assert_cmpstr (sl_state_dict_name (dict, 0), ==, "0.weight");
  g_assert_cmpint (sl_tensor_i32 (sl_state_dict_lookup (dict, "1.num_batches_tracked"))[0], ==, 1);
}

static void
assert_refused (GBytes *bytes, SlError code, const char *says)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlStateDict) dict = sl_state_dict_parse (bytes, "FILE", &error);

  g_assert_null (dict);
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_error (error, SL_ERROR, (int)code);
  g_assert_nonnull (strstr (error->message, "FILE"));
  g_assert_nonnull (strstr (error->message, says));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
test_whole_network (void)
{
  g_autoptr (GBytes) bytes = read_golden ("model.pth");

  assert_refused (bytes, SL_ERROR_UNSUPPORTED,
                  "asks to run torch.nn.modules.container.Sequential: Slope reads numbers only; "
                  "ask its maker for a safetensors file");
}

/* However much of a file is missing at its end, it is an error and nothing else. */
static void
test_cut (gconstpointer data)
{
  g_autoptr (GBytes) whole = read_golden (data);

  for (gsize n = 0; n < g_bytes_get_size (whole); n++)
    {
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (whole, NULL), n);
      g_autoptr (GBytes) cut = g_bytes_new (copy, n);
      g_autoptr (GError) error = NULL;
      g_autoptr (SlStateDict) dict = sl_state_dict_parse (cut, "FILE", &error);

      if (dict != NULL)
        g_test_message ("%" G_GSIZE_FORMAT " bytes are enough", n);
      g_assert_null (dict);
      g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
    }
}

static void
test_big_endian (void)
{
  g_autoptr (GBytes) bytes = read_golden ("old.pth");
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_autofree guint8 *copy = g_memdup2 (data, length);
  guint8 *at = find_bytes (copy, length, "little_endian", 13);
  g_autoptr (GBytes) changed = NULL;

  at = memchr (at, 0x88, 20);
  g_assert_nonnull (at);
  *at = 0x89;
  changed = g_bytes_new (copy, length);
  assert_refused (changed, SL_ERROR_UNSUPPORTED, "byte order");
}

/* ---- Pickles made by hand, in the older format */

#define MAGIC "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."
#define VERSION "\x80\x02M\xe9\x03."
#define MACHINE "}."

static void
append (GByteArray *array, const char *text, gsize n)
{
  g_byte_array_append (array, (const guint8 *)text, (guint)n);
}
#define APPEND(array, literal) append ((array), (literal), sizeof (literal) - 1)

static GByteArray *
begin_file (void)
{
  GByteArray *array = g_byte_array_new ();

  APPEND (array, MAGIC VERSION MACHINE);
  return array;
}

#define PAYLOAD(bytes) bytes, sizeof (bytes) - 1
static const struct
{
  const char *name, *payload;
  gsize n;
  SlError code;
  const char *says;
} bad_pickles[] = {
  { "os-system", PAYLOAD ("cposix\nsystem\nX\x02\0\0\0id\x85R."), SL_ERROR_UNSUPPORTED,
    "asks to run posix.system: " },
  { "import", PAYLOAD ("c__builtin__\n__import__\nX\x02\0\0\0os\x85R."), SL_ERROR_UNSUPPORTED,
    "asks to run __builtin__.__import__: " },
  { "eval",
    PAYLOAD ("\x80\x04\x8c\x08"
             "builtins\x8c\x04"
             "eval\x93\x8c\x01"
             "1\x85R."),
    SL_ERROR_UNSUPPORTED, "asks to run builtins.eval: " },
  { "getattr", PAYLOAD ("cbuiltins\ngetattr\n."), SL_ERROR_UNSUPPORTED, "builtins.getattr" },
  { "reached-through", PAYLOAD ("ctorch._utils\n_rebuild_tensor_v2.__globals__\n."),
    SL_ERROR_UNSUPPORTED, "_rebuild_tensor_v2.__globals__" },
  { "torch-load", PAYLOAD ("ctorch\nload\n."), SL_ERROR_UNSUPPORTED, "torch.load" },
  { "class-of-protocol-0", PAYLOAD ("(iposix\nsystem\n."), SL_ERROR_UNSUPPORTED, "protocol 0" },
  { "class-of-protocol-1", PAYLOAD ("(cposix\nsystem\no."), SL_ERROR_UNSUPPORTED, "posix.system" },
  { "constructor", PAYLOAD (")}\x92."), SL_ERROR_UNSUPPORTED, "a constructor" },
  { "extension", PAYLOAD ("\x82\x01."), SL_ERROR_UNSUPPORTED, "a registered extension" },
  { "call-of-text", PAYLOAD ("X\x01\0\0\0a)R."), SL_ERROR_UNSUPPORTED, "without a name" },
  { "call-of-list", PAYLOAD ("ccollections\nOrderedDict\n]R."), SL_ERROR_UNSUPPORTED,
    "without a name" },
  { "state-of-call", PAYLOAD ("ctorch._utils\n_rebuild_tensor_v2\n)R}b."), SL_ERROR_UNSUPPORTED,
    "without a name" },
  { "control-characters", PAYLOAD ("cos\x1b[2J\nsystem\r\n."), SL_ERROR_UNSUPPORTED,
    "os?[2J.system?" },
  { "name-not-text", PAYLOAD ("c\xff\xfe\nsystem\n."), SL_ERROR_FORMAT, "a name is not text" },
  { "name-without-end", PAYLOAD ("cposix"), SL_ERROR_FORMAT, "a name is not text" },
  { "stack-name-number", PAYLOAD ("K\x01K\x02\x93."), SL_ERROR_FORMAT, "a name is not text" },
  { "huge-text", PAYLOAD ("X\xff\xff\xff\xff."), SL_ERROR_FORMAT, "ends too early" },
  { "huge-text-8", PAYLOAD ("\x8d\xff\xff\xff\xff\xff\xff\xff\xff."), SL_ERROR_FORMAT,
    "ends too early" },
  { "huge-bytes", PAYLOAD ("B\xff\xff\xff\x7f."), SL_ERROR_FORMAT, "ends too early" },
  { "huge-number", PAYLOAD ("\x8b\xff\xff\xff\x7f."), SL_ERROR_FORMAT, "too large" },
  { "text-with-nul", PAYLOAD ("X\x02\0\0\0a\0."), SL_ERROR_FORMAT, "a name is not text" },
  { "nothing", PAYLOAD (""), SL_ERROR_FORMAT, "ends too early" },
  { "no-stop", PAYLOAD ("N"), SL_ERROR_FORMAT, "ends too early" },
  { "stop-at-once", PAYLOAD ("."), SL_ERROR_FORMAT, "missing" },
  { "unknown", PAYLOAD ("\x01."), SL_ERROR_FORMAT, "says nothing that is known" },
  { "pop-nothing", PAYLOAD ("0."), SL_ERROR_FORMAT, "missing" },
  { "pop-no-mark", PAYLOAD ("N1."), SL_ERROR_FORMAT, "a mark is missing" },
  { "call-nothing", PAYLOAD (")R."), SL_ERROR_FORMAT, "missing" },
  { "append-nothing", PAYLOAD ("a."), SL_ERROR_FORMAT, "missing" },
  { "append-to-mark", PAYLOAD ("(Na."), SL_ERROR_FORMAT, "missing" },
  { "append-to-tuple", PAYLOAD (")Na."), SL_ERROR_FORMAT, "added to something else" },
  { "items-to-list", PAYLOAD ("](NNu."), SL_ERROR_FORMAT, "added to something else" },
  { "odd-items", PAYLOAD ("}(Nu."), SL_ERROR_FORMAT, "added to something else" },
  { "odd-dictionary", PAYLOAD ("(Nd."), SL_ERROR_FORMAT, "a key has no value" },
  { "tuple-of-marks", PAYLOAD ("((\x86."), SL_ERROR_FORMAT, "missing" },
  { "root-is-mark", PAYLOAD ("(."), SL_ERROR_FORMAT, "missing" },
  { "memo-of-mark", PAYLOAD ("(q\0."), SL_ERROR_FORMAT, "missing" },
  { "memo-empty", PAYLOAD ("h\x05."), SL_ERROR_FORMAT, "before it is there" },
  { "memo-huge", PAYLOAD ("j\xff\xff\xff\xff."), SL_ERROR_FORMAT, "before it is there" },
  { "in-itself", PAYLOAD ("}q\0X\x01\0\0\0ah\0s."), SL_ERROR_FORMAT, "no dictionary of tensors" },
  { "list-in-itself", PAYLOAD ("ccollections\nOrderedDict\n]q\0h\0a\x85R."), SL_ERROR_FORMAT,
    "something else than pairs" },
  { "root-is-number", PAYLOAD ("K\x01."), SL_ERROR_FORMAT, "no dictionary of tensors" },
  { "no-arguments", PAYLOAD ("}X\x01\0\0\0actorch._utils\n_rebuild_tensor_v2\n)Rs."),
    SL_ERROR_FORMAT, "no dictionary of tensors" },
  { "id-of-function",
    PAYLOAD ("(X\x07\0\0\0storagectorch._utils\n_rebuild_tensor\nX\x01\0\0\0000X\x01\0\0\0c"
             "K\x01tQ."),
    SL_ERROR_FORMAT, "refers to something that is no storage" },
  { "id-of-module", PAYLOAD ("(X\x06\0\0\0moduleNNNNtQ."), SL_ERROR_FORMAT, "no storage" },
  { "id-of-nothing", PAYLOAD ("NQ."), SL_ERROR_FORMAT, "no storage" },
  { "complex", PAYLOAD ("ctorch\nComplexFloatStorage\n."), SL_ERROR_UNSUPPORTED,
    "torch.ComplexFloatStorage" },
};

static void
test_bad_pickle (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GBytes) bytes = NULL;
  GByteArray *array = begin_file ();

  append (array, bad_pickles[i].payload, bad_pickles[i].n);
  bytes = g_byte_array_free_to_bytes (array);
  assert_refused (bytes, bad_pickles[i].code, bad_pickles[i].says);
}

static void
repeat (GByteArray *array, const char *text, gsize n_bytes, guint times)
{
  for (guint i = 0; i < times; i++)
    append (array, text, n_bytes);
}

/* A tuple in a tuple in a tuple … */
static void
test_deep (void)
{
  GByteArray *array = begin_file ();
  g_autoptr (GBytes) bytes = NULL;

  APPEND (array, ")");
  repeat (array, "\x85", 1, 500000);
  APPEND (array, ".");
  bytes = g_byte_array_free_to_bytes (array);
  assert_refused (bytes, SL_ERROR_FORMAT, "no dictionary of tensors");
}

static void
test_endless (void)
{
  GByteArray *array = begin_file ();
  g_autoptr (GBytes) bytes = NULL;

  repeat (array, "N0", 2, 2000000);
  bytes = g_byte_array_free_to_bytes (array);
  assert_refused (bytes, SL_ERROR_FORMAT, "far more than weights");
}

/* A list of a thousand pairs, from which a hundred thousand dictionaries shall be made. */
static void
test_many_from_one (void)
{
  GByteArray *array = begin_file ();
  g_autoptr (GBytes) bytes = NULL;

  APPEND (array, "ccollections\nOrderedDict\nq\x01](");
  repeat (array, "NN\x86", 3, 1000);
  APPEND (array, "e\x85q\x02");
  repeat (array, "h\x01h\x02R0", 6, 100000);
  bytes = g_byte_array_free_to_bytes (array);
  assert_refused (bytes, SL_ERROR_FORMAT, "far more than weights");
}

/* ---- Tensors that lie */

static void
append_number (GByteArray *array, gint64 number)
{
  guint64 bits = GUINT64_TO_LE ((guint64)number);

  APPEND (array, "\x8a\x08");
  append (array, (const char *)&bits, sizeof bits);
}

typedef struct
{
  const char *name;
  gint64 offset, size, stride, elements; /* what the pickle says */
  gint64 stored;                         /* what stands before the bytes */
  guint present;                         /* bytes that are there */
  const char *says;                      /* NULL: it can be read */
} Lie;

static const Lie lies[] = {
  { "none", 0, 4, 1, 4, 4, 16, NULL },
  { "strides", 1, 2, 2, 4, 4, 16, NULL },
  { "expanded", 3, 4, 0, 4, 4, 16, NULL },
  { "empty-far-away", 1 << 20, 0, 1, 4, 4, 16, NULL },
  { "offset", 1, 4, 1, 4, 4, 16, "beyond its storage" },
  { "offset-negative", -1, 4, 1, 4, 4, 16, "no shape" },
  { "offset-huge", G_MAXINT64, 4, 1, 4, 4, 16, "beyond its storage" },
  { "size", 0, 5, 1, 4, 4, 16, "beyond its storage" },
  { "size-negative", 0, -4, 1, 4, 4, 16, "no shape" },
  { "size-huge", 0, G_MAXINT64, 1, 4, 4, 16, "beyond its storage" },
  { "stride", 0, 4, 2, 4, 4, 16, "beyond its storage" },
  { "stride-negative", 3, 4, -1, 4, 4, 16, "no shape" },
  { "stride-overflows", 1, 5, G_MAXINT64 / 2 + 1, 4, 4, 16, "beyond its storage" },
  { "expanded-to-much", 0, 1 << 30, 0, 4, 4, 16, "larger than the file" },
  { "expanded-to-too-much", 0, G_MAXINT64, 0, 4, 4, 16, "larger than the file" },
  { "storage-huge", 0, 4, 1, 1 << 30, 1 << 30, 16, "storage 0 is larger than the file" },
  { "storage-too-huge", 0, 4, 1, G_MAXINT64, -1, 16, "storage 0 is larger than the file" },
  { "storage-negative", 0, 4, 1, -4, -4, 16, "no storage" },
  { "storage-of-another-size", 0, 4, 1, 4, 5, 20, "another size" },
  { "storage-cut", 0, 4, 1, 4, 4, 15, "another size" },
  { "storage-missing", 0, 4, 1, 4, 4, 0, "another size" },
};

static GBytes *
make_lie (const Lie *lie)
{
  GByteArray *array = begin_file ();
  guint64 stored = GUINT64_TO_LE ((guint64)lie->stored);

  APPEND (array, "}X\x01\0\0\0actorch._utils\n_rebuild_tensor_v2\n"
                 "((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\0000X\x03\0\0\0cpu");
  append_number (array, lie->elements);
  APPEND (array, "tQ");
  append_number (array, lie->offset);
  append_number (array, lie->size);
  APPEND (array, "\x85");
  append_number (array, lie->stride);
  APPEND (array, "\x85\x89}tRs.](X\x01\0\0\0000e.");
  append (array, (const char *)&stored, sizeof stored);
  for (guint i = 0; i < lie->present; i++)
    append (array, (const char *)&(guint8){ (guint8)i }, 1);
  return g_byte_array_free_to_bytes (array);
}

static void
test_lie (gconstpointer data)
{
  const Lie *lie = data;
  g_autoptr (GBytes) bytes = make_lie (lie);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlStateDict) dict = NULL;

  if (lie->says != NULL)
    {
      assert_refused (bytes, SL_ERROR_FORMAT, lie->says);
      return;
    }
  dict = sl_state_dict_parse (bytes, "FILE", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sl_tensor_get_shape (sl_state_dict_lookup (dict, "a")).dim[0], ==,
                    (guint64)lie->size);
}

/* ---- Zip files that lie */

#define NO_TENSORS "\x80\x02}."
#define ONE_TENSOR                                                                            \
  "\x80\x02}X\x01\0\0\0actorch._utils\n_rebuild_tensor_v2\n"                                  \
  "((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\0000X\x03\0\0\0cpuK\x02tQK\0K\x02\x85" \
  "K\x01\x85\x89}tRs."

typedef struct
{
  const char *name, *data;
  gsize n;
} ZipEntry;

static GBytes *
make_zip (const ZipEntry *entries, const char *compression)
{
  struct archive *archive = archive_write_new ();
  gsize room = 64 << 10, used;
  guint8 *buffer = g_malloc (room);

  archive_write_set_format_zip (archive);
  archive_write_set_format_option (archive, "zip", "compression", compression);
  g_assert_cmpint (archive_write_open_memory (archive, buffer, room, &used), ==, ARCHIVE_OK);
  for (; entries->name != NULL; entries++)
    {
      struct archive_entry *entry = archive_entry_new ();

      archive_entry_set_pathname (entry, entries->name);
      archive_entry_set_filetype (entry, AE_IFREG);
      archive_entry_set_perm (entry, 0644);
      archive_entry_set_size (entry, (gint64)entries->n);
      archive_write_header (archive, entry);
      archive_write_data (archive, entries->data, entries->n);
      archive_entry_free (entry);
    }
  archive_write_close (archive);
  archive_write_free (archive);
  return g_bytes_new_take (buffer, used);
}

#define ENTRY(name, literal)            \
  {                                     \
    name, literal, sizeof (literal) - 1 \
  }
static const ZipEntry good_zip[] = { ENTRY ("a/data.pkl", ONE_TENSOR),
                                     ENTRY ("a/byteorder", "little"),
                                     ENTRY ("a/data/0", "\0\0\x80\x3f\0\0\0\x40"),
                                     { NULL } };

static const struct
{
  const char *name, *says;
  SlError code;
  ZipEntry entries[4];
} bad_zips[] = {
  { "nothing", "no data.pkl", SL_ERROR_FORMAT, { ENTRY ("a/other", "1"), { NULL } } },
  { "no-folder", "no data.pkl", SL_ERROR_FORMAT, { ENTRY ("data.pkl", ONE_TENSOR), { NULL } } },
  { "no-tensors",
    "no dictionary of tensors",
    SL_ERROR_FORMAT,
    { ENTRY ("a/data.pkl", NO_TENSORS), { NULL } } },
  { "twice",
    "there twice",
    SL_ERROR_FORMAT,
    { ENTRY ("a/data.pkl", ONE_TENSOR), ENTRY ("b/data.pkl", ONE_TENSOR), { NULL } } },
  { "storage-missing",
    "storage 0 is missing",
    SL_ERROR_FORMAT,
    { ENTRY ("a/data.pkl", ONE_TENSOR), { NULL } } },
  { "storage-short",
    "another size",
    SL_ERROR_FORMAT,
    { ENTRY ("a/data.pkl", ONE_TENSOR), ENTRY ("a/data/0", "1234567"), { NULL } } },
  { "storage-long",
    "another size",
    SL_ERROR_FORMAT,
    { ENTRY ("a/data.pkl", ONE_TENSOR), ENTRY ("a/data/0", "123456789"), { NULL } } },
  { "storage-twice",
    "there twice",
    SL_ERROR_FORMAT,
    { ENTRY ("a/data.pkl", ONE_TENSOR),
      ENTRY ("a/data/0", "12345678"),
      ENTRY ("b/data/0", "12345678"),
      { NULL } } },
  { "big-endian",
    "byte order",
    SL_ERROR_UNSUPPORTED,
    { ENTRY ("a/data.pkl", ONE_TENSOR), ENTRY ("a/byteorder", "big"), { NULL } } },
};

static void
test_bad_zip (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GBytes) bytes = make_zip (bad_zips[i].entries, "store");

  assert_refused (bytes, bad_zips[i].code, bad_zips[i].says);
}

static void
test_zip (void)
{
  g_autoptr (GBytes) bytes = make_zip (good_zip, "store");
  g_autoptr (GError) error = NULL;
  g_autoptr (SlStateDict) dict = sl_state_dict_parse (bytes, "FILE", &error);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_autofree guint8 *copy = g_memdup2 (data, length);
  guint8 *number = find_bytes (copy, length, "\0\0\x80\x3f\0\0\0\x40", 8);
  g_autoptr (GBytes) changed = NULL;

  g_assert_no_error (error);
  g_assert_cmpfloat (sl_tensor_f32 (sl_state_dict_lookup (dict, "a"))[1], ==, 2);
  number[7] = 0x41; /* one changed bit is found by the checksum */
  changed = g_bytes_new (copy, length);
  assert_refused (changed, SL_ERROR_FORMAT, "size or checksum");
}

/* A megabyte of zeros that compresses to one kilobyte. */
static void
test_bomb (void)
{
  g_autofree char *zeros = g_malloc0 (1 << 20);
  ZipEntry entries[] = { { "a/data.pkl", zeros, 1 << 20 }, { NULL } };
  g_autoptr (GBytes) bytes = make_zip (entries, "deflate");

  g_assert_cmpuint (g_bytes_get_size (bytes), <, 4096);
  assert_refused (bytes, SL_ERROR_FORMAT, "data.pkl is too large");
}

static void
add (const char *group, const char *name, gconstpointer data, GTestDataFunc func)
{
  g_autofree char *path = g_strdup_printf ("/engine/torch-load/%s/%s", group, name);

  g_test_add_data_func (path, data, func);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("same-bits", "zip", "zip.pth", test_same_bits);
  add ("same-bits", "old", "old.pth", test_same_bits);
  add ("same-bits", "old-protocol-4", "old-protocol4.pth", test_same_bits);
  add ("same-bits", "checkpoint", "checkpoint.pth", test_same_bits);
  add ("parameters", "0.3", "parameters-0.3.pth", test_parameters);
  add ("parameters", "0.1", "parameters-0.1.pth", test_parameters);
  add ("cut", "zip", "zip.pth", test_cut);
  add ("cut", "old", "old.pth", test_cut);
  add ("cut", "parameters", "parameters-0.1.pth", test_cut);
  g_test_add_func ("/engine/torch-load/network", test_network);
  g_test_add_func ("/engine/torch-load/whole-network", test_whole_network);
  g_test_add_func ("/engine/torch-load/big-endian", test_big_endian);
  g_test_add_func ("/engine/torch-load/deep", test_deep);
  g_test_add_func ("/engine/torch-load/endless", test_endless);
  g_test_add_func ("/engine/torch-load/many-from-one", test_many_from_one);
  g_test_add_func ("/engine/torch-load/zip", test_zip);
  g_test_add_func ("/engine/torch-load/bomb", test_bomb);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_pickles); i++)
    add ("pickle", bad_pickles[i].name, GSIZE_TO_POINTER (i), test_bad_pickle);
  for (gsize i = 0; i < G_N_ELEMENTS (lies); i++)
    add ("lie", lies[i].name, &lies[i], test_lie);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_zips); i++)
    add ("bad-zip", bad_zips[i].name, GSIZE_TO_POINTER (i), test_bad_zip);
  return g_test_run ();
}
