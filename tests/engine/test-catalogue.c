/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/catalogue.h>
#include <slope/dataset.h>
#include <slope/models.h>

#include <glib/gstdio.h>
#include <string.h>

/* torchvision's: each address carries the first digits of the checksum. */
static void
check_torchvision (const SlWeights *weights)
{
  g_autofree char *digits = g_strndup (weights->sha256, 8);
  g_autofree char *ending = g_strdup_printf ("-%s.pth", digits);

  g_assert_true (g_str_has_suffix (weights->file_name, ending));
  g_assert_true (g_str_has_prefix (weights->address, "https://download.pytorch.org/models/"));
  g_assert_cmpstr (weights->licence, ==, "BSD-3-Clause");
}

static void
test_own (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlCatalogue) catalogue = NULL;
  const SlWeights *resnet, *wikitext;
  SlDownload download;

  g_unsetenv ("SLOPE_CATALOGUE");
  catalogue = sl_catalogue_load (NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < sl_catalogue_n_weights (catalogue); i++)
    {
      const SlWeights *weights = sl_catalogue_get_weights (catalogue, i);

      if (!g_str_has_prefix (weights->arch, "awd-lstm"))
        check_torchvision (weights);
      g_assert_true (sl_catalogue_find_weights (catalogue, weights->id) == weights);
      g_assert_true (sl_catalogue_find_arch (catalogue, weights->arch) == weights);
    }
  resnet = sl_catalogue_find_weights (catalogue, "resnet18-imagenet");
  g_assert_cmpuint (resnet->n_bytes, ==, 46830571);
  g_assert_nonnull (sl_arch_find (resnet->arch));
  g_assert_null (sl_catalogue_find_weights (catalogue, "resnet18"));
  g_assert_null (sl_catalogue_find_arch (catalogue, "alexnet"));
  wikitext = sl_catalogue_find_weights (catalogue, "awd-lstm-wikitext-103");
  download = sl_weights_get_download (wikitext, "/x");
  g_assert_null (download.sha256);
  g_assert_cmpuint (strlen (download.head_md5), ==, 32);
  g_assert_true (download.remember);
}

/* Each has a size and a checksum of a kind; what it says of labels and split can be read. */
static void
test_own_data (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlCatalogue) catalogue = NULL;
  const SlDataSet *pets;

  g_unsetenv ("SLOPE_CATALOGUE");
  catalogue = sl_catalogue_load (NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sl_catalogue_n_data_sets (catalogue), ==, 11);
  for (guint i = 0; i < sl_catalogue_n_data_sets (catalogue); i++)
    {
      const SlDataSet *set = sl_catalogue_get_data_set (catalogue, i);
      SlSplitSpec split = { .kind = SL_SPLIT_BY_NONE };

      g_assert_true (g_str_has_prefix (set->address, "https://s3.amazonaws.com/fast-ai-"));
      g_assert_true (g_str_has_suffix (set->file_name, ".tgz"));
      g_assert_cmpuint (set->n_bytes, >, 100000);
      g_assert_cmpuint (strlen (set->head_md5), ==, 32);
      g_assert_true (set->sha256 == NULL || strlen (set->sha256) == 64);
      g_assert_true (sl_task_find (set->task) != NULL || g_str_equal (set->task, "text"));
      g_assert_true (set->split == NULL || sl_split_spec_parse (&split, set->split, 0, &error));
      g_assert_no_error (error);
      sl_split_spec_clear (&split);
      g_assert_true (sl_catalogue_find_data_set (catalogue, set->id) == set);
    }
  pets = sl_catalogue_find_data_set (catalogue, "pets");
  g_assert_cmpuint (pets->n_bytes, ==, 811706944);
  g_assert_true (
      g_regex_match_simple (strchr (pets->labels, ':') + 1, "images/Maine_Coon_12.jpg", 0, 0));
  g_assert_null (sl_catalogue_find_data_set (catalogue, "Pets"));
}

#define ENTRY(id, name)                                                                           \
  "{'id':'" id "','architecture':'resnet18','trained_on':'X','address':'https://h.org/" name "'," \
  "'sha256':'01234567','licence':'MIT'}"

/* JSON is written here with ' for ". */
static SlCatalogue *
parse (const char *quoted, GError **error)
{
  char *text = g_strdelimit (g_strdup (quoted), "'", '"');
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  return sl_catalogue_parse (bytes, "FILE", error);
}

/* What later versions may add is left alone. */
static void
test_more (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SlCatalogue) catalogue = parse (
      "{'format':1,'pictures':[{'id':7}],'weights':[" ENTRY ("a", "a.pth") "]}", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (sl_catalogue_get_weights (catalogue, 0)->file_name, ==, "a.pth");
  g_assert_cmpuint (sl_catalogue_get_weights (catalogue, 0)->n_bytes, ==, 0);
  g_assert_null (sl_catalogue_get_weights (catalogue, 0)->terms);
}

#define DATA(more)                                                                            \
  "{'format':1,'weights':[],'data':[{'id':'a','title':'A','task':'classify','licence':'MIT'," \
  "'address':'https://h.org/a.tgz'" more "}]}"

#define OWN(name) "{'id':'o','architecture':'r','trained_on':'X','file':'" name "','licence':'MIT'}"

/* What comes with Slope is there, or no entry at all. */
static void
test_own_file (void)
{
  const char *text = "{'format':1,'weights':[" OWN ("own.bin") "," ENTRY ("a", "a.pth") "]}";
  g_autofree char *folder = g_dir_make_tmp ("slope-catalogue-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "own.bin", NULL), *path = NULL;
  g_autofree char *before = g_strdup (g_getenv ("SLOPE_DATA_DIR"));
  g_autoptr (SlCatalogue) without = NULL, with = NULL;
  g_autoptr (GError) error = NULL;

  g_setenv ("SLOPE_DATA_DIR", folder, TRUE);
  g_assert_null (sl_own_file_dup_path ("own.bin"));
  without = parse (text, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sl_catalogue_n_weights (without), ==, 1);
  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  with = parse (text, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sl_catalogue_n_weights (with), ==, 2);
  path = sl_weights_dup_path (sl_catalogue_find_weights (with, "o"));
  g_assert_cmpstr (path, ==, file);
  g_assert_true (sl_weights_is_here (sl_catalogue_find_weights (with, "o")));
  g_unlink (file);
  g_assert_false (sl_weights_is_here (sl_catalogue_find_weights (with, "o")));
  g_rmdir (folder);
  if (before != NULL)
    g_setenv ("SLOPE_DATA_DIR", before, TRUE);
  else
    g_unsetenv ("SLOPE_DATA_DIR");
}

static const struct
{
  const char *name, *text, *says;
} bad[] = {
  { "own-folder", "{'format':1,'weights':[" OWN ("../x") "]}", "“file”" },
  { "weights-md5",
    "{'format':1,'weights':[{'id':'a','architecture':'b','trained_on':'c',"
    "'address':'https://h.org/a','head_md5':'0123','licence':'d'}]}",
    "“head_md5”" },
  { "no-checksum",
    "{'format':1,'weights':[{'id':'a','architecture':'b','trained_on':'c',"
    "'address':'https://h.org/a','licence':'d'}]}",
    "“sha256”" },
  { "data-number", "{'format':1,'weights':[],'data':3}", "“data”" },
  { "data-entry", "{'format':1,'weights':[],'data':[[]]}", "data 1: not an object" },
  { "data-empty", "{'format':1,'weights':[],'data':[{}]}", "“id” is missing" },
  { "data-md5", DATA (",'head_md5':'0123456789abcdef'"), "“head_md5”" },
  { "data-sha256", DATA (",'sha256':'0123'"), "“sha256”" },
  { "data-outside", DATA (",'inside':'a/../../b'"), "“inside”" },
  { "data-absolute", DATA (",'inside':'/etc'"), "“inside”" },
  { "data-bytes", DATA (",'bytes':0"), "“bytes”" },
  { "data-task", DATA (",'split':7"), "“split”" },
  { "empty", "", "FILE" },
  { "cut", "{'format':1,'weights':[{'id':'a'", "FILE" },
  { "list", "[]", "not an object" },
  { "no-format", "{'weights':[]}", "“format”" },
  { "newer", "{'format':2,'weights':[]}", "another version" },
  { "no-weights", "{'format':1}", "“weights”" },
  { "weights-object", "{'format':1,'weights':{}}", "“weights”" },
  { "entry-number", "{'format':1,'weights':[3]}", "weights 1: not an object" },
  { "no-id", "{'format':1,'weights':[{}]}", "“id” is missing" },
  { "id-number", "{'format':1,'weights':[{'id':3}]}", "“id” is missing or no text" },
  { "id-empty", "{'format':1,'weights':[{'id':''}]}", "“id” is empty" },
  { "id-control", "{'format':1,'weights':[{'id':'a\\u001b'}]}", "control characters" },
  { "twice", "{'format':1,'weights':[" ENTRY ("a", "a") "," ENTRY ("a", "b") "]}", "weights 2" },
  { "file-twice", "{'format':1,'weights':[" ENTRY ("a", "a") "," ENTRY ("b", "a") "]}", "twice" },
  { "no-file-name", "{'format':1,'weights':[" ENTRY ("a", "") "]}", "a file's name" },
  { "hidden-file", "{'format':1,'weights':[" ENTRY ("a", "..") "]}", "a file's name" },
  { "query", "{'format':1,'weights':[" ENTRY ("a", "get?file=../x") "]}", "none of the web" },
  { "space", "{'format':1,'weights':[" ENTRY ("a", "a b") "]}", "“address”" },
  { "address-file",
    "{'format':1,'weights':[{'id':'a','architecture':'b','trained_on':'c',"
    "'address':'file:///etc/passwd','sha256':'01234567','licence':'d'}]}",
    "none of the web" },
  { "checksum-short",
    "{'format':1,'weights':[{'id':'a','architecture':'b','trained_on':'c',"
    "'address':'http://h/f','sha256':'0123456','licence':'d'}]}",
    "“sha256”" },
  { "checksum-no-digits",
    "{'format':1,'weights':[{'id':'a','architecture':'b','trained_on':'c',"
    "'address':'http://h/f','sha256':'0123456g','licence':'d'}]}",
    "“sha256”" },
  { "bytes-negative",
    "{'format':1,'weights':[{'id':'a','architecture':'b','trained_on':'c',"
    "'address':'http://h/f','sha256':'01234567','bytes':-1,'licence':'d'}]}",
    "“bytes” is no size" },
  { "bytes-text",
    "{'format':1,'weights':[{'id':'a','architecture':'b','trained_on':'c',"
    "'address':'http://h/f','sha256':'01234567','bytes':'9','licence':'d'}]}",
    "“bytes” is no size" },
};

static void
test_bad (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlCatalogue) catalogue = parse (bad[i].text, &error);

  g_assert_null (catalogue);
  g_assert_true (error != NULL && error->domain == SL_ERROR);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "FILE"));
  g_assert_nonnull (strstr (error->message, bad[i].says));
}

static void
test_deep (void)
{
  g_autofree char *brackets = g_strnfill (1000000, '[');
  g_autoptr (GError) error = NULL;

  g_assert_null (parse (brackets, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_FORMAT);
}

/* Another catalogue by the environment; files in the user's folder count when their size is right. */
static void
test_files (void)
{
  g_autofree char *folder = g_dir_make_tmp ("slope-catalogue-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "c.json", NULL);
  g_autofree char *place = sl_weights_dup_folder (), *path = NULL;
  g_autoptr (SlCatalogue) catalogue = NULL;
  g_autoptr (GError) error = NULL;
  SlWeights weights;

  g_setenv ("SLOPE_CATALOGUE", file, TRUE);
  g_assert_null (sl_catalogue_load (NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, file));
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (file, "{\"format\":1,\"weights\":[]}", -1, NULL));
  catalogue = sl_catalogue_load (NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sl_catalogue_n_weights (catalogue), ==, 0);

  weights = (SlWeights){
    .id = "a", .address = "https://h.org/w.pth", .file_name = "w.pth", .n_bytes = 3
  };
  path = sl_weights_dup_path (&weights);
  g_assert_true (g_str_has_suffix (path, "/slope/weights/w.pth"));
  g_assert_false (sl_weights_is_here (&weights));
  g_assert_cmpint (g_mkdir_with_parents (place, 0755), ==, 0);
  g_assert_true (g_file_set_contents (path, "ab", -1, NULL));
  g_assert_false (sl_weights_is_here (&weights));
  g_assert_true (g_file_set_contents (path, "abc", -1, NULL));
  g_assert_true (sl_weights_is_here (&weights));
  weights.n_bytes = 0;
  g_assert_true (sl_weights_is_here (&weights));
  g_remove (path);
  g_remove (file);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("slope-home-XXXXXX", NULL);

  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/catalogue/own", test_own);
  g_test_add_func ("/engine/catalogue/own-data", test_own_data);
  g_test_add_func ("/engine/catalogue/own-file", test_own_file);
  g_test_add_func ("/engine/catalogue/more", test_more);
  g_test_add_func ("/engine/catalogue/deep", test_deep);
  g_test_add_func ("/engine/catalogue/files", test_files);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *path = g_strdup_printf ("/engine/catalogue/bad/%s", bad[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_bad);
    }
  return g_test_run ();
}
