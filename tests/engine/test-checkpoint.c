/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/checkpoint.h>
#include <slope/models.h>
#include <slope/random.h>
#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

static char *folder; /* of this run */

static char *
in_folder (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

/* ---- Files made by hand */

static GBytes *
make_file (const char *header, gsize n_data)
{
  GByteArray *array = g_byte_array_new ();
  guint64 length = GUINT64_TO_LE (strlen (header));

  g_byte_array_append (array, (const guint8 *)&length, sizeof length);
  g_byte_array_append (array, (const guint8 *)header, strlen (header));
  for (gsize i = 0; i < n_data; i++)
    g_byte_array_append (array, &(guint8){ (guint8)i }, 1);
  return g_byte_array_free_to_bytes (array);
}

/* JSON is written here with ' for ". */
static GBytes *
make_quoted (const char *header, gsize n_data)
{
  g_autofree char *text = g_strdelimit (g_strdup (header), "'", '"');

  return make_file (text, n_data);
}

static void
test_types (void)
{
  static const guint8 data[] = {
    0,    0,    0x80, 0x3f,                         /* f: 1 */
    0x00, 0x3c, 0x01, 0x00, 0x00, 0xfc, 0xff, 0x7b, /* h: 1, 2^-24, -inf, 65504 */
    0x20, 0xc1, 0x80, 0x3f,                         /* b: -10, 1 */
    0xfe, 0xff, 0xff, 0xff,                         /* i: -2 */
    5,    0,    0,    0,    0,    0,    0,    0,    0, 0, 0, 0, 1, 0, 0, 0, /* l: 5, 2^32 */
    7,    8,    9                                                           /* u */
  };
  g_autofree char *header = g_strdelimit (
      g_strdup ("{'__metadata__':{'format':'pt'},"
                "'f':{'dtype':'F32','shape':[],'data_offsets':[0,4]},"
                "'h':{'dtype':'F16','shape':[2,2],'data_offsets':[4,12]},"
                "'b':{'dtype':'BF16','shape':[2],'data_offsets':[12,16]},"
                "'i':{'dtype':'I32','shape':[1],'data_offsets':[16,20]},"
                "'l':{'dtype':'I64','shape':[2],'data_offsets':[20,36]},"
                "'u':{'dtype':'U8','shape':[3],'data_offsets':[36,39]}}"),
      "'", '"');
  g_autoptr (GByteArray) array = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlStateDict) dict = NULL;
  guint64 length = GUINT64_TO_LE (strlen (header));

  g_byte_array_append (array, (const guint8 *)&length, sizeof length);
  g_byte_array_append (array, (const guint8 *)header, strlen (header));
  g_byte_array_append (array, data, sizeof data);
  bytes = g_bytes_new (array->data, array->len);
  dict = sl_state_dict_parse (bytes, "types", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sl_state_dict_n (dict), ==, 6);
  g_assert_cmpstr (sl_state_dict_get_meta (dict, "format"), ==, "pt");
  g_assert_null (sl_state_dict_get_meta (dict, "other"));
  g_assert_cmpfloat (sl_tensor_f32 (sl_state_dict_lookup (dict, "f"))[0], ==, 1);
  g_assert_cmpuint (sl_tensor_get_shape (sl_state_dict_lookup (dict, "f")).rank, ==, 0);
  g_assert_cmpfloat (sl_tensor_f32 (sl_state_dict_lookup (dict, "h"))[0], ==, 1);
  g_assert_cmpfloat (sl_tensor_f32 (sl_state_dict_lookup (dict, "h"))[1], ==, 0x1p-24f);
  g_assert_cmpfloat (sl_tensor_f32 (sl_state_dict_lookup (dict, "h"))[2], ==, -INFINITY);
  g_assert_cmpfloat (sl_tensor_f32 (sl_state_dict_lookup (dict, "h"))[3], ==, 65504);
  g_assert_cmpfloat (sl_tensor_f32 (sl_state_dict_lookup (dict, "b"))[0], ==, -10);
  g_assert_cmpfloat (sl_tensor_f32 (sl_state_dict_lookup (dict, "b"))[1], ==, 1);
  g_assert_cmpint (sl_tensor_i32 (sl_state_dict_lookup (dict, "i"))[0], ==, -2);
  g_assert_cmpint (sl_tensor_i32 (sl_state_dict_lookup (dict, "l"))[0], ==, 5);
  g_assert_cmpint (sl_tensor_i32 (sl_state_dict_lookup (dict, "l"))[1], ==, G_MAXINT32);
  g_assert_cmpint (((guint8 *)sl_tensor_get_data (sl_state_dict_lookup (dict, "u")))[2], ==, 9);
}

/* Every one is refused; what is wrong is in its name. */
static const struct
{
  const char *name, *header;
  gsize n_data;
  SlError code;
} bad_files[] = {
  { "no-json", "hello", 0, SL_ERROR_FORMAT },
  { "cut-json", "{'a':{'dtype':'F32','shape':[1],'data_off", 4, SL_ERROR_FORMAT },
  { "array", "[1,2]", 0, SL_ERROR_FORMAT },
  { "empty", "", 0, SL_ERROR_FORMAT },
  { "number", "7", 0, SL_ERROR_FORMAT },
  { "entry-not-object", "{'a':[1]}", 0, SL_ERROR_FORMAT },
  { "entry-null", "{'a':null}", 0, SL_ERROR_FORMAT },
  { "no-offsets", "{'a':{'dtype':'F32','shape':[1]}}", 4, SL_ERROR_FORMAT },
  { "one-offset", "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0]}}", 4, SL_ERROR_FORMAT },
  { "three-offsets", "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4,4]}}", 4,
    SL_ERROR_FORMAT },
  { "text-offsets", "{'a':{'dtype':'F32','shape':[1],'data_offsets':['0','4']}}", 4,
    SL_ERROR_FORMAT },
  { "fraction-offsets", "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0.0,4.0]}}", 4,
    SL_ERROR_FORMAT },
  { "negative-offset", "{'a':{'dtype':'F32','shape':[1],'data_offsets':[-4,0]}}", 4,
    SL_ERROR_FORMAT },
  { "backwards", "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}}", 4, SL_ERROR_FORMAT },
  { "beyond-end", "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}", 7, SL_ERROR_FORMAT },
  { "far-beyond",
    "{'a':{'dtype':'U8','shape':[1],'data_offsets':[9223372036854775806,"
    "9223372036854775807]}}",
    4, SL_ERROR_FORMAT },
  { "huge-number", "{'a':{'dtype':'U8','shape':[1],'data_offsets':[0,99999999999999999999999]}}", 4,
    SL_ERROR_FORMAT },
  { "size-differs", "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}}", 4, SL_ERROR_FORMAT },
  { "product-overflows",
    "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0]}}", 0,
    SL_ERROR_FORMAT },
  { "bytes-overflow", "{'a':{'dtype':'F32','shape':[4611686018427387904],'data_offsets':[0,0]}}", 0,
    SL_ERROR_FORMAT },
  { "overlap",
    "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
    "'b':{'dtype':'F32','shape':[1],'data_offsets':[2,6]}}",
    6, SL_ERROR_FORMAT },
  { "same-place",
    "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
    "'b':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}",
    4, SL_ERROR_FORMAT },
  { "hole",
    "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
    "'b':{'dtype':'F32','shape':[1],'data_offsets':[8,12]}}",
    12, SL_ERROR_FORMAT },
  { "rest", "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}", 5, SL_ERROR_FORMAT },
  { "deep", "{'a':[[[[[[[[[[[[[[1]]]]]]]]]]]]]]}", 0, SL_ERROR_FORMAT },
  { "meta-number", "{'__metadata__':{'a':1}}", 0, SL_ERROR_FORMAT },
  { "meta-array", "{'__metadata__':[]}", 0, SL_ERROR_FORMAT },
  { "double", "{'a':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}}", 8, SL_ERROR_UNSUPPORTED },
  { "dtype-number", "{'a':{'dtype':32,'shape':[1],'data_offsets':[0,4]}}", 4,
    SL_ERROR_UNSUPPORTED },
  { "five-axes", "{'a':{'dtype':'F32','shape':[1,1,1,1,1],'data_offsets':[0,4]}}", 4,
    SL_ERROR_UNSUPPORTED },
  { "negative-size", "{'a':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}}", 4,
    SL_ERROR_UNSUPPORTED },
};

static void
test_bad (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GBytes) bytes = make_quoted (bad_files[i].header, bad_files[i].n_data);
  g_autoptr (GError) error = NULL;
  SlStateDict *dict = sl_state_dict_parse (bytes, "bad.safetensors", &error);

  g_assert_null (dict);
  g_assert_error (error, SL_ERROR, (gint)bad_files[i].code);
  g_assert_nonnull (strstr (error->message, "bad.safetensors"));
}

static void
test_bad_length (void)
{
  const guint64 lengths[] = {
    1, 100, G_MAXUINT32, G_MAXUINT64, G_MAXUINT64 - 7, G_GUINT64_CONSTANT (0x8000000000000000)
  };

  for (gsize n = 0; n < 8; n++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new ("\2\0\0\0\0\0\0\0", n);
      g_autoptr (GError) error = NULL;

      g_assert_null (sl_state_dict_parse (bytes, "short", &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
    }
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (&lengths[i], 8);
      g_autoptr (GError) error = NULL;

      g_assert_null (sl_state_dict_parse (bytes, "long", &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
    }
}

/* A header nested a hundred thousand times would exhaust a recursive parser's stack. */
static void
test_deep (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autoptr (GBytes) bytes = make_file (deep, 0);
  g_autoptr (GError) error = NULL;

  g_assert_null (sl_state_dict_parse (bytes, "deep", &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
}

static SlStateDict *
make_dict (void)
{
  SlStateDict *dict = sl_state_dict_new ();
  g_autoptr (SlTensor) a = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE3 (2, 3, 5));
  g_autoptr (SlTensor) b = sl_tensor_new (SL_DTYPE_I32, SL_SHAPE1 (3));
  g_autoptr (SlTensor) c = sl_tensor_new (SL_DTYPE_U8, SL_SHAPE1 (7));
  g_autoptr (SlTensor) empty = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE2 (0, 4));

  for (guint i = 0; i < 30; i++)
    sl_tensor_f32 (a)[i] = (float)i / 7;
  sl_tensor_f32 (a)[11] = NAN;
  sl_tensor_i32 (b)[1] = G_MININT32;
  memset (sl_tensor_get_data (c), 200, 7);
  sl_state_dict_insert (dict, "layer \"1\"\\ü", a);
  sl_state_dict_insert (dict, "c", c);
  sl_state_dict_insert (dict, "b", b);
  sl_state_dict_insert (dict, "empty", empty);
  sl_state_dict_set_meta (dict, "classes", "teddy\nblack \"bear\"");
  sl_state_dict_set_meta (dict, "arch", "resnet18");
  return dict;
}

/* Whatever byte is changed, whatever is cut off: an error or a dictionary, and no crash. */
static void
test_mutations (void)
{
  g_autoptr (SlStateDict) dict = make_dict ();
  g_autofree char *path = in_folder ("mutations.safetensors");
  g_autofree char *good = NULL;
  gsize length, header_end;
  guint64 header_length;
  SlRandom random;
  guint refused = 0;

  g_assert_true (sl_state_dict_save (dict, path, NULL));
  g_assert_true (g_file_get_contents (path, &good, &length, NULL));
  memcpy (&header_length, good, sizeof header_length);
  header_end = 8 + (gsize)header_length;
  sl_random_init (&random, 5);
  for (guint i = 0; i < 4000; i++)
    {
      g_autofree char *copy = g_memdup2 (good, length);
      gsize n = i % 4 == 0 ? sl_random_below (&random, length) : length;
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (SlStateDict) read = NULL;
      g_autoptr (GError) error = NULL;

      for (guint k = 0; k <= i % 3; k++)
        copy[sl_random_below (&random, header_end)] = (char)sl_random_u32 (&random);
      bytes = g_bytes_new (copy, n);
      read = sl_state_dict_parse (bytes, "mutation", &error);
      g_assert_true ((read == NULL) == (error != NULL));
      refused += read == NULL;
    }
  g_assert_cmpuint (refused, >, 2000);
}

static void
test_round_trip (void)
{
  g_autoptr (SlStateDict) dict = make_dict (), read = NULL;
  g_autofree char *path = in_folder ("round.safetensors");
  g_autoptr (GError) error = NULL;

  g_assert_true (sl_state_dict_save (dict, path, &error));
  g_assert_no_error (error);
  read = sl_state_dict_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sl_state_dict_n (read), ==, 4);
  g_assert_cmpstr (sl_state_dict_get_meta (read, "classes"), ==, "teddy\nblack \"bear\"");
  g_assert_cmpstr (sl_state_dict_get_meta (read, "arch"), ==, "resnet18");
  for (guint i = 0; i < 4; i++)
    {
      SlTensor *a = sl_state_dict_lookup (dict, sl_state_dict_name (dict, i));
      SlTensor *b = sl_state_dict_lookup (read, sl_state_dict_name (dict, i));

      g_assert_nonnull (b);
      g_assert_true (sl_shape_equal (sl_tensor_get_shape (a), sl_tensor_get_shape (b)));
      g_assert_cmpmem (sl_tensor_get_data (a), sl_tensor_get_bytes (a), sl_tensor_get_data (b),
                       sl_tensor_get_bytes (b));
    }
}

static void
test_insert_replaces (void)
{
  g_autoptr (SlStateDict) dict = make_dict ();
  g_autoptr (SlTensor) other = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE1 (1));

  sl_state_dict_insert (dict, "b", other);
  g_assert_cmpuint (sl_state_dict_n (dict), ==, 4);
  g_assert_true (sl_state_dict_lookup (dict, "b") == other);
  g_assert_null (sl_state_dict_lookup (dict, "nobody"));
}

static guint
count_files (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* A disk that fills up in the middle, at every place: the old file stays, nothing else does. */
static void
test_no_room (void)
{
  g_autoptr (SlStateDict) dict = make_dict ();
  g_autofree char *path = in_folder ("room.safetensors");
  g_autofree char *before = NULL;
  struct rlimit unlimited, limit;
  gsize length;
  guint n_files;

  g_assert_true (sl_state_dict_save (dict, path, NULL));
  g_assert_true (g_file_get_contents (path, &before, &length, NULL));
  n_files = count_files ();
  getrlimit (RLIMIT_FSIZE, &unlimited);
  signal (SIGXFSZ, SIG_IGN);
  sl_state_dict_set_meta (dict, "arch", "resnet34");
  for (gsize room = 0; room < length; room += 13)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *after = NULL;
      gsize after_length;
      gboolean saved;

      limit = (struct rlimit){ room, unlimited.rlim_max };
      setrlimit (RLIMIT_FSIZE, &limit);
      saved = sl_state_dict_save (dict, path, &error);
      setrlimit (RLIMIT_FSIZE, &unlimited);
      g_assert_false (saved);
      g_assert_error (error, SL_ERROR, SL_ERROR_FAILED);
      g_assert_true (g_file_get_contents (path, &after, &after_length, NULL));
      g_assert_cmpmem (before, length, after, after_length);
      g_assert_cmpuint (count_files (), ==, n_files);
    }
  signal (SIGXFSZ, SIG_DFL);
  g_assert_true (sl_state_dict_save (dict, path, NULL));
}

static void
test_no_file (void)
{
  g_autoptr (SlStateDict) dict = make_dict ();
  g_autofree char *path = in_folder ("no/such/folder/x.safetensors");
  g_autoptr (GError) error = NULL;

  g_assert_false (sl_state_dict_save (dict, path, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_null (sl_state_dict_load (path, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (sl_state_dict_load (folder, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_FAILED);
}

/* ---- Parameters */

static SlGraph *
make_graph (guint n_outputs)
{
  SlGraph *graph = sl_graph_new ();
  g_autoptr (GError) error = NULL;
  SlValue x = sl_graph_input (graph, "x", SL_DTYPE_F32, SL_SHAPE4 (2, 7, 5, 3));

  x = sl_conv2d (graph, "conv", x,
                 &(SlConv2dAttrs){ .out_channels = 4, .kernel = 3, .stride = 1, .bias = TRUE },
                 &error);
  x = sl_batch_norm (graph, "norm", x, SL_NO_VALUE,
                     &(SlBatchNormAttrs){ .activation = SL_ACTIVATION_RELU }, &error);
  x = sl_global_avg_pool (graph, x, &error);
  x = sl_linear (graph, "linear", x, n_outputs, FALSE, &error);
  g_assert_no_error (error);
  sl_graph_output (graph, "y", x);
  return graph;
}

static void
test_torch_layout (void)
{
  g_autoptr (SlGraph) graph = make_graph (6);
  g_autoptr (SlParams) params = sl_params_new (graph, 3);
  g_autoptr (SlStateDict) dict = sl_state_dict_new ();
  SlTensor *conv, *linear;
  const float *ours;

  sl_params_to_state_dict (params, dict, FALSE);
  g_assert_cmpuint (sl_state_dict_n (dict), ==, 8);
  conv = sl_state_dict_lookup (dict, "conv.weight");
  g_assert_true (sl_shape_equal (sl_tensor_get_shape (conv), SL_SHAPE4 (4, 3, 3, 3)));
  ours = sl_params_values (params)
         + sl_params_info (params, (guint)sl_params_find (params, "conv.weight"))->offset;
  for (guint o = 0; o < 4; o++)
    for (guint i = 0; i < 3; i++)
      for (guint t = 0; t < 9; t++)
        g_assert_cmpfloat (sl_tensor_f32 (conv)[(o * 3 + i) * 9 + t], ==,
                           ours[(t * 3 + i) * 4 + o]);
  linear = sl_state_dict_lookup (dict, "linear.weight");
  g_assert_true (sl_shape_equal (sl_tensor_get_shape (linear), SL_SHAPE2 (6, 4)));
  ours = sl_params_values (params)
         + sl_params_info (params, (guint)sl_params_find (params, "linear.weight"))->offset;
  g_assert_cmpfloat (sl_tensor_f32 (linear)[5 * 4 + 2], ==, ours[2 * 6 + 5]);
  g_assert_nonnull (sl_state_dict_lookup (dict, "norm.running_var"));
}

static void
assert_same_blocks (SlParams *a, SlParams *b, gboolean moments)
{
  gsize bytes = sl_params_n_elements (a) * sizeof (float);

  g_assert_cmpmem (sl_params_values (a), bytes, sl_params_values (b), bytes);
  if (!moments)
    return;
  g_assert_cmpmem (sl_params_moment1 (a), bytes, sl_params_moment1 (b), bytes);
  g_assert_cmpmem (sl_params_moment2 (a), bytes, sl_params_moment2 (b), bytes);
}

static void
test_params_round_trip (void)
{
  g_autoptr (SlGraph) graph = make_graph (6);
  g_autoptr (SlParams) params = sl_params_new (graph, 3), other = sl_params_new (graph, 4);
  g_autoptr (SlStateDict) dict = sl_state_dict_new (), read = NULL;
  g_autofree char *path = in_folder ("params.safetensors");
  g_autoptr (GError) error = NULL;
  guint n_loaded = 0;

  for (guint i = 0; i < sl_params_n (params); i++)
    {
      const SlParamInfo *info = sl_params_info (params, i);

      for (gsize k = 0; info->kind != SL_PARAM_STATE && k < sl_shape_n_elements (info->shape); k++)
        {
          sl_params_moment1 (params)[info->offset + k] = (float)(k + i);
          sl_params_moment2 (params)[info->offset + k] = (float)(k * i);
        }
    }
  sl_params_to_state_dict (params, dict, TRUE);
  g_assert_cmpuint (sl_state_dict_n (dict), ==, 8 + 2 * 6);
  g_assert_true (sl_state_dict_save (dict, path, &error));
  read = sl_state_dict_load (path, &error);
  g_assert_true (sl_params_from_state_dict (other, read, TRUE, TRUE, &n_loaded, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_loaded, ==, 8);
  assert_same_blocks (params, other, TRUE);
}

/* What does not fit is refused as a whole, or left out, as asked; PyTorch's counters are of no
 * matter. */
static void
test_params_strict (void)
{
  g_autoptr (SlGraph) graph = make_graph (6), wider = make_graph (9);
  g_autoptr (SlParams) params = sl_params_new (graph, 3), other = sl_params_new (wider, 4);
  g_autoptr (SlParams) untouched = sl_params_new (wider, 4);
  g_autoptr (SlStateDict) dict = sl_state_dict_new (), empty = sl_state_dict_new ();
  g_autoptr (SlTensor) counter = sl_tensor_new (SL_DTYPE_I32, (SlShape){ 0 });
  g_autoptr (GError) error = NULL;
  guint n_loaded = 0;

  sl_params_to_state_dict (params, dict, FALSE);
  sl_state_dict_insert (dict, "norm.num_batches_tracked", counter);
  g_assert_false (sl_params_from_state_dict (other, dict, FALSE, TRUE, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_SHAPE);
  g_assert_nonnull (strstr (error->message, "linear.weight"));
  assert_same_blocks (other, untouched, FALSE);
  g_clear_error (&error);

  g_assert_true (sl_params_from_state_dict (other, dict, FALSE, FALSE, &n_loaded, &error));
  g_assert_cmpuint (n_loaded, ==, 6);
  g_assert_true (sl_params_from_state_dict (params, dict, FALSE, TRUE, &n_loaded, &error));
  g_assert_cmpuint (n_loaded, ==, 8);
  g_assert_false (sl_params_from_state_dict (params, empty, FALSE, TRUE, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (sl_params_from_state_dict (params, dict, TRUE, TRUE, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
}

/* Files of other programs. */
static void
test_shared_weights (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("SLOPE_SHARED"), "weights",
                                            "resnet20_cifar10.safetensors", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlStateDict) dict = NULL;
  SlTensor *weight;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("shared weights are not here");
      return;
    }
  dict = sl_state_dict_load (path, &error);
  g_assert_no_error (error);
  weight = sl_state_dict_lookup (dict, "layer3.2.conv2.weight");
  g_assert_nonnull (weight);
  g_assert_true (sl_shape_equal (sl_tensor_get_shape (weight), SL_SHAPE4 (64, 64, 3, 3)));
}

static void
remove_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = in_folder (name);

      g_unlink (path);
    }
  g_rmdir (folder);
  g_free (folder);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("slope-checkpoint-XXXXXX", NULL);
  g_assert_nonnull (folder);

  g_test_add_func ("/engine/checkpoint/types", test_types);
  for (guint i = 0; i < G_N_ELEMENTS (bad_files); i++)
    {
      g_autofree char *path = g_strconcat ("/engine/checkpoint/bad/", bad_files[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_bad);
    }
  g_test_add_func ("/engine/checkpoint/bad-length", test_bad_length);
  g_test_add_func ("/engine/checkpoint/very-deep", test_deep);
  g_test_add_func ("/engine/checkpoint/mutations", test_mutations);
  g_test_add_func ("/engine/checkpoint/round-trip", test_round_trip);
  g_test_add_func ("/engine/checkpoint/insert-replaces", test_insert_replaces);
  g_test_add_func ("/engine/checkpoint/no-room", test_no_room);
  g_test_add_func ("/engine/checkpoint/no-file", test_no_file);
  g_test_add_func ("/engine/checkpoint/torch-layout", test_torch_layout);
  g_test_add_func ("/engine/checkpoint/params-round-trip", test_params_round_trip);
  g_test_add_func ("/engine/checkpoint/params-strict", test_params_strict);
  g_test_add_func ("/engine/checkpoint/shared-weights", test_shared_weights);
  status = g_test_run ();
  remove_folder ();
  return status;
}
