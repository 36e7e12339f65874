/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "samples.h"
#include <slope/dataset.h>

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* 100 pictures: 60 of "a", 30 of "b", 10 of "c"; every tenth is a twin of the one before it. */
#define N 100

typedef struct
{
  const char *targets[N];
  const char *parts[N];
  char *rel_paths[N];
  const char *hashes[N];
  char *hash_texts[N];
  SlSplit out[N];
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  for (int i = 0; i < N; i++)
    {
      self->targets[i] = i < 60 ? "a" : i < 90 ? "b" : "c";
      self->parts[i] = NULL;
      self->rel_paths[i] = g_strdup_printf ("site%d/%s/%03d.jpg", i % 2, self->targets[i], i);
      self->hash_texts[i] = g_strdup_printf ("%d", i % 10 == 9 ? i - 1 : i);
      self->hashes[i] = self->hash_texts[i];
    }
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  for (int i = 0; i < N; i++)
    {
      g_free (self->rel_paths[i]);
      g_free (self->hash_texts[i]);
    }
}

static gboolean
assign (Fixture *self, const char *text, guint64 seed, GError **error)
{
  SlSplitSpec spec;
  gboolean ok;

  g_assert_true (sl_split_spec_parse (&spec, text, seed, NULL));
  ok = sl_split_assign (&spec, N, self->targets, self->parts, (const char *const *)self->rel_paths,
                        self->hashes, self->out, error);
  sl_split_spec_clear (&spec);
  return ok;
}

static int
count (const Fixture *self, const char *target, SlSplit split)
{
  int n = 0;

  for (int i = 0; i < N; i++)
    n += (target == NULL || g_strcmp0 (self->targets[i], target) == 0) && self->out[i] == split;
  return n;
}

static void
assert_fails (Fixture *self, const char *text, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (assign (self, text, 1, &error));
  g_assert_error (error, SL_ERROR, code);
}

/* ---- The spec as a text */

static void
test_spec_text (void)
{
  static const char *const texts[] = { "stratified:0.25",    "random:0.2",
                                       "folder:valid",       "list:/a b/c.txt",
                                       "column:is_valid",    "time:0.1",
                                       "group:0.3:^(\\w+):", "none" };
  SlSplitSpec spec;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *back = NULL;
      SlSplitSpec copy;

      g_assert_true (sl_split_spec_parse (&spec, texts[i], 7, NULL));
      g_assert_cmpuint (spec.seed, ==, 7);
      sl_split_spec_copy (&spec, &copy);
      sl_split_spec_clear (&spec);
      back = sl_split_spec_to_string (&copy);
      g_assert_cmpstr (back, ==, texts[i]);
      sl_split_spec_clear (&copy);
    }
  g_assert_true (sl_split_spec_parse (&spec, "stratified", 0, NULL));
  g_assert_cmpfloat (spec.fraction, ==, 0.2);
}

static void
test_bad_spec_text (void)
{
  static const char *const texts[] = {
    "",           "half",        "random:",     "random:2", "random:0", "random:-1",
    "random:nan", "random:0.2x", "stratified:", "column",   "group:",   "group:0.2:",
    "time:x",     "folder",      "folder:",     "list:",    "none:1",   "randomly:0.2"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      SlSplitSpec spec;

      g_assert_false (sl_split_spec_parse (&spec, texts[i], 0, &error));
      g_assert_error (error, SL_ERROR, SL_ERROR_DATA);
      g_assert_nonnull (strchr (error->message, ':'));
    }
}

/* ---- Drawn */

static void
test_stratified (Fixture *self, gconstpointer data)
{
  memset (self->hashes, 0, sizeof self->hashes);
  g_assert_true (assign (self, "stratified:0.2", 1, NULL));
  g_assert_cmpint (count (self, "a", SL_SPLIT_VALID), ==, 12);
  g_assert_cmpint (count (self, "b", SL_SPLIT_VALID), ==, 6);
  g_assert_cmpint (count (self, "c", SL_SPLIT_VALID), ==, 2);
  g_assert_true (assign (self, "stratified:0.01", 1, NULL));
  g_assert_cmpint (count (self, "c", SL_SPLIT_VALID), ==, 1);
  g_assert_true (assign (self, "stratified:0.9", 1, NULL));
  g_assert_cmpint (count (self, "c", SL_SPLIT_TRAIN), ==, 1);
}

static void
test_random (Fixture *self, gconstpointer data)
{
  SlSplit first[N];

  g_assert_true (assign (self, "random:0.2", 1, NULL));
  g_assert_cmpint (count (self, NULL, SL_SPLIT_VALID), ==, 20);
  memcpy (first, self->out, sizeof first);
  g_assert_true (assign (self, "random:0.2", 1, NULL));
  g_assert_cmpmem (first, sizeof first, self->out, sizeof first);
  g_assert_true (assign (self, "random:0.2", 2, NULL));
  g_assert_cmpint (memcmp (first, self->out, sizeof first), !=, 0);
}

static void
test_twins_stay_together (Fixture *self, gconstpointer data)
{
  for (guint64 seed = 0; seed < 50; seed++)
    {
      g_assert_true (assign (self, seed % 2 ? "random:0.3" : "stratified:0.3", seed, NULL));
      for (int i = 9; i < N; i += 10)
        g_assert_cmpint (self->out[i], ==, self->out[i - 1]);
      g_assert_cmpint (count (self, NULL, SL_SPLIT_VALID), ==, 30);
    }
}

static void
test_lonely_class (Fixture *self, gconstpointer data)
{
  self->targets[99] = "d";
  self->hashes[99] = NULL;
  g_assert_true (assign (self, "stratified:0.5", 1, NULL));
  g_assert_cmpint (self->out[99], ==, SL_SPLIT_TRAIN);
}

static void
test_unlabelled_is_test (Fixture *self, gconstpointer data)
{
  static const char *const texts[] = { "random:0.5", "stratified:0.5", "none", "folder:site1" };

  self->targets[3] = NULL;
  self->parts[4] = "test";
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_true (assign (self, texts[i], 1, NULL));
      g_assert_cmpint (self->out[3], ==, SL_SPLIT_TEST);
      g_assert_cmpint (self->out[4], ==, SL_SPLIT_TEST);
      g_assert_cmpint (count (self, NULL, SL_SPLIT_TEST), ==, 2);
    }
}

static void
test_sides (Fixture *self, gconstpointer data)
{
  for (int i = 0; i < N; i++)
    self->hashes[i] = "all the same";
  assert_fails (self, "random:0.5", SL_ERROR_DATA); /* neither side may tear them apart */
  g_assert_true (assign (self, "none", 1, NULL));
  g_assert_cmpint (count (self, NULL, SL_SPLIT_TRAIN), ==, N);
}

/* ---- Given */

static void
test_folder (Fixture *self, gconstpointer data)
{
  g_assert_true (assign (self, "folder:site1", 1, NULL));
  for (int i = 0; i < N; i++)
    g_assert_cmpint (self->out[i], ==, i % 2 ? SL_SPLIT_VALID : SL_SPLIT_TRAIN);
  assert_fails (self, "folder:site", SL_ERROR_NOT_FOUND);
  assert_fails (self, "folder:000.jpg", SL_ERROR_NOT_FOUND);

  for (int i = 0; i < N; i++)
    self->parts[i] = i < 50 ? "train" : "test";
  g_assert_true (assign (self, "folder:test", 1, NULL)); /* asked for, so not kept aside */
  g_assert_cmpint (count (self, NULL, SL_SPLIT_VALID), ==, 50);
  for (int i = 0; i < N; i++)
    self->parts[i] = "valid";
  assert_fails (self, "folder:valid", SL_ERROR_DATA);
}

static void
test_list (Fixture *self, gconstpointer data)
{
  static const char lines[] = "site0/a/000.jpg\r\na/001.jpg\n\n  002.jpg  \n03.jpg\nnothing.jpg";
  g_autofree char *file = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("slope-list-XXXXXX", &file, NULL);

  g_assert_cmpint (write (fd, lines, sizeof lines - 1), ==, sizeof lines - 1);
  close (fd);
  text = g_strconcat ("list:", file, NULL);
  g_assert_true (assign (self, text, 1, NULL));
  g_assert_cmpint (count (self, NULL, SL_SPLIT_VALID), ==, 3);
  for (int i = 0; i < 3; i++)
    g_assert_cmpint (self->out[i], ==, SL_SPLIT_VALID);

  g_assert_true (g_file_set_contents (file, "nobody.jpg\n", -1, NULL));
  assert_fails (self, text, SL_ERROR_NOT_FOUND);
  g_unlink (file);
  g_assert_false (assign (self, text, 1, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

static void
test_column (Fixture *self, gconstpointer data)
{
  assert_fails (self, "column:is_valid", SL_ERROR_NOT_FOUND);
  for (int i = 0; i < N; i++)
    self->parts[i] = i % 5 == 0 ? "valid" : i % 5 == 1 ? "test" : "train";
  self->targets[5] = NULL;
  g_assert_true (assign (self, "column:is_valid", 1, NULL));
  g_assert_cmpint (count (self, NULL, SL_SPLIT_VALID), ==, 19);
  g_assert_cmpint (count (self, NULL, SL_SPLIT_TEST), ==, 21);
}

/* Ten groups of ten: the tens of the number. */
static void
test_groups (Fixture *self, gconstpointer data)
{
  SlSplit first[N];

  for (guint64 seed = 0; seed < 8; seed++)
    {
      g_assert_true (assign (self, "group:0.3:(\\d)\\d\\.jpg$", seed, NULL));
      g_assert_cmpint (count (self, NULL, SL_SPLIT_VALID), ==, 30);
      for (int i = 0; i < N; i++)
        g_assert_cmpint (self->out[i], ==, self->out[i / 10 * 10]);
      if (seed == 0)
        memcpy (first, self->out, sizeof first);
    }
  g_assert_cmpint (memcmp (first, self->out, sizeof first), !=, 0);
  g_assert_true (assign (self, "group:0.3:(\\d)\\d\\.jpg$", 0, NULL));
  g_assert_cmpmem (first, sizeof first, self->out, sizeof first);
  assert_fails (self, "group:(nobody)", SL_ERROR_NOT_FOUND);
  assert_fails (self, "group:(site)", SL_ERROR_DATA);
  assert_fails (self, "group:(", SL_ERROR_DATA);
}

/* One group is most of all: it never fits, another one always does. */
static void
test_unequal_groups (Fixture *self, gconstpointer data)
{
  for (guint64 seed = 0; seed < 8; seed++)
    {
      g_assert_true (assign (self, "group:0.2:/([abc])/", seed, NULL));
      g_assert_cmpint (count (self, "a", SL_SPLIT_TRAIN), ==, 60);
      g_assert_cmpint (count (self, NULL, SL_SPLIT_VALID), >=, 10);
    }
}

static void
test_time (Fixture *self, gconstpointer data)
{
  g_assert_true (assign (self, "time:0.2", 1, NULL));
  g_assert_cmpint (count (self, NULL, SL_SPLIT_VALID), ==, 20);
  for (int i = 0; i < 60; i++) /* of each site's first class, the last six of thirty */
    g_assert_cmpint (self->out[i], ==, i >= 48 ? SL_SPLIT_VALID : SL_SPLIT_TRAIN);
}

static void
test_time_numbers (void)
{
  static const char *const paths[] = { "frame_10.png", "frame_2.png", "frame_009.png",
                                       "frame_1.png",  "b/1.png",     "frame_0.png" };
  static const char *const targets[] = { "a", "a", "a", "a", "a", "a" };
  SlSplitSpec spec = { SL_SPLIT_BY_TIME, 0.4, NULL, 0 };
  SlSplit out[6];

  g_assert_true (sl_split_assign (&spec, 6, targets, NULL, paths, NULL, out, NULL));
  for (int i = 0; i < 6; i++)
    g_assert_cmpint (out[i], ==, i == 0 || i == 2 ? SL_SPLIT_VALID : SL_SPLIT_TRAIN);
}

static void
test_sample_set (void)
{
  static const char *const classes[] = { "a", "b", NULL };
  SlSampleSet *set = samples_new (classes);
  g_autoptr (SlSampleSet) other = sl_sample_set_ref (set);

  sl_sample_set_add (set, 5, "/x.jpg", "a");
  sl_sample_set_add (set, -6, "/y.jpg", NULL);
  sl_sample_set_unref (set);
  g_assert_cmpuint (sl_sample_set_n (other), ==, 2);
  g_assert_cmpint (sl_sample_set_get (other, 1)->id, ==, -6);
  g_assert_null (sl_sample_set_get (other, 1)->target);
  g_assert_cmpstr (sl_sample_set_get (other, 0)->path, ==, "/x.jpg");
  g_assert_cmpstr (sl_sample_set_problem (other)->classes[1], ==, "b");
  g_assert_true (sl_sample_set_problem (other)->task == &sl_task_classify);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add ("/split/" path, Fixture, NULL, set_up, function, tear_down)
  g_test_add_func ("/split/spec/text", test_spec_text);
  g_test_add_func ("/split/spec/bad-text", test_bad_spec_text);
  ADD ("stratified", test_stratified);
  ADD ("random", test_random);
  ADD ("twins-stay-together", test_twins_stay_together);
  ADD ("lonely-class", test_lonely_class);
  ADD ("unlabelled-is-test", test_unlabelled_is_test);
  ADD ("sides", test_sides);
  ADD ("folder", test_folder);
  ADD ("list", test_list);
  ADD ("column", test_column);
  ADD ("groups", test_groups);
  ADD ("unequal-groups", test_unequal_groups);
  ADD ("time", test_time);
  g_test_add_func ("/split/time/numbers", test_time_numbers);
  g_test_add_func ("/sample-set/add-get", test_sample_set);
  return g_test_run ();
}
