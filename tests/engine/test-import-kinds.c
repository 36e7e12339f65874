/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels of the other kinds: several, numbers, points. */
#include "import-fixture.h"

#include "dataset/label-pose.h"

#include <slope/project.h>

static void
expect (const SlImport *import, const char *task, const char *labels)
{
  g_assert_cmpstr (sl_import_get_task (import)->id, ==, task);
  g_assert_cmpstr (sl_import_get_understanding (import)->labels, ==, labels);
}

static void
expect_classes (const SlImport *import, const char *joined)
{
  g_autofree char *text = g_strjoinv (",", (char **)sl_import_get_classes (import));

  g_assert_cmpstr (text, ==, joined);
}

/* ---- Several labels */

static void
test_many_labels (ImportFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *delimiter;
    const char *spelled;
  } cases[] = { { " ", "space" }, { ";", "semicolon" }, { "|", "pipe" }, { ",", "comma" } };

  import_fixture_add (self, "p#.png", 6);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *d = cases[i].delimiter;
      g_autofree char *text = g_strdup_printf (
          "name,tags\np0,\"b%sa\"\np1,\"a\"\np2,\"c%sa\"\np3,\"b%sc%sa\"\np4,\np5,\"c\"\n", d, d, d,
          d);
      g_autofree char *labels = g_strconcat ("csv:labels.csv:name,tags,", cases[i].spelled, NULL);
      g_autoptr (SlImport) import = NULL;

      import_fixture_text (self, "labels.csv", text);
      import = import_fixture_scan (self, NULL);
      expect (import, "multilabel", labels);
      expect_classes (import, "a,b,c");
      import_fixture_target (import, "p0.png", "a;b");
      import_fixture_target (import, "p3.png", "a;b;c");
      import_fixture_target (import, "p4.png", "");
      g_assert_cmpuint (sl_import_count (import, 0, SL_SPLIT_TRAIN)
                            + sl_import_count (import, 0, SL_SPLIT_VALID),
                        ==, 4);
      g_assert_cmpint (sl_import_get_split (import)->kind, ==, SL_SPLIT_BY_RANDOM);
    }
}

/* Asked for one label, the same column is read as one; asked for several, rows are joined. */
static void
test_asked_for (ImportFixture *self, gconstpointer data)
{
  SlImportOptions one = { .task = sl_task_find ("classify") };
  SlImportOptions many = { .task = sl_task_find ("multilabel") };
  SlImportOptions masks = { .task = sl_task_find ("segment"), .labels = (char *)"csv" };
  g_autoptr (SlImport) import = NULL;
  g_autoptr (GError) error = NULL;

  import_fixture_add (self, "p#.png", 4);
  import_fixture_text (self, "l.csv", "p0,a b\np1,a\np2,b\np3,a b\np0,c\n");
  import = sl_import_scan (self->folder, &one, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  import_fixture_target (import, "p0.png", "a b");
  g_assert_cmpuint (sl_import_n_skipped (import), ==, 1);
  sl_import_unref (import);
  import = sl_import_scan (self->folder, &many, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  import_fixture_target (import, "p0.png", "a;b;c");
  g_assert_cmpuint (sl_import_n_skipped (import), ==, 0);
  g_assert_null (sl_import_scan (self->folder, &masks, NULL, NULL, NULL, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED);
}

static void
test_one_hot (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;

  import_fixture_add (self, "p#.png", 5);
  import_fixture_text (self, "labels.csv",
                       "name,sky,river,bridge\np0,1,0,1\np1,0,0,0\np2,1,1,0\np3,1,2,0\np4,1,,0\n");
  import = import_fixture_scan (self, "csv:name,2..4");
  g_assert_cmpstr (sl_import_get_task (import)->id, ==, "numbers"); /* there is a 2 */
  sl_import_unref (import);
  import_fixture_text (self, "labels.csv",
                       "name,sky,river,bridge\np0,1,0,1\np1,0,0,0\np2,1,1,0\np3,1,1,0\np4,1,1,0\n");
  import = import_fixture_scan (self, NULL);
  expect (import, "multilabel", "csv:labels.csv:name,sky..bridge");
  expect_classes (import, "bridge,river,sky");
  import_fixture_target (import, "p0.png", "bridge;sky");
  import_fixture_target (import, "p1.png", "");
}

/* ---- Numbers */

static void
test_numbers (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;
  const SlProblem *problem;

  import_fixture_add (self, "p#.png", 6);
  import_fixture_text (self, "angles.csv",
                       "name;roll;yaw\np0;-2,5;10\np1;3,25;-20\np2;;4\np3;;\np4;about 3;1\n"
                       "p5;1e1;0.5\n");
  import_fixture_fails (self, "csv:name,roll..yaw", SL_ERROR_DATA, "“roll”");
  import_fixture_text (self, "angles.csv",
                       "name;roll;yaw\np0;-2,5;10\np1;3,25;-20\np2;;4\np3;;\np5;1e1;0.5\n");
  import = import_fixture_scan (self, NULL);
  expect (import, "numbers", "csv:angles.csv:name,roll..yaw");
  expect_classes (import, "roll (°),yaw (°)"); /* of more than a turn: no radians */
  import_fixture_target (import, "p0.png", "-2.5 10");
  import_fixture_target (import, "p2.png", "- 4");
  import_fixture_target (import, "p5.png", "10 0.5");
  import_fixture_skipped (import, "p3.png", "angles.csv, line 5: all numbers are missing");
  import_fixture_skipped (import, "p4.png", "no row in angles.csv");
  problem = sl_import_get_problem (import);
  g_assert_cmpfloat (problem->ranges[0].low, ==, -2.5);
  g_assert_cmpfloat (problem->ranges[0].high, ==, 10);
  g_assert_cmpfloat (problem->ranges[1].low, ==, -20);
}

/* What may be radians, or is no angle, keeps the name that it has. */
static void
test_no_degrees (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) small = NULL, other = NULL;

  import_fixture_add (self, "p#.png", 4);
  import_fixture_text (self, "angles.csv",
                       "name;roll;yaw\np0;-2.5;6.25\np1;3.1;0.5\np2;0;1\np3;1;2.25\n");
  small = import_fixture_scan (self, "csv:name,roll..yaw");
  expect_classes (small, "roll,yaw");
  import_fixture_text (self, "angles.csv",
                       "name;roll;height\np0;-25;62.5\np1;31;5.5\np2;0;1\np3;1;2.25\n");
  other = import_fixture_scan (self, "csv:name,roll..height");
  expect_classes (other, "roll,height");
}

/* ---- Points */

static void
test_points (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;

  import_fixture_add (self, "images/p#.png", 4);
  import_fixture_text (self, "keypoints.csv",
                       "name,nose_x,nose_y,left_eye_x,left_eye_y\n"
                       "p0.png,1,2,3.5,4.25\np1.png,,,5,6\np2.png,,,,\np3.png,1,,2,2\n");
  import = import_fixture_scan (self, NULL);
  expect (import, "points", "points:csv:keypoints.csv:name,nose_x..left_eye_y");
  expect_classes (import, "nose,left_eye");
  import_fixture_target (import, "images/p0.png", "1,2 3.5,4.25");
  import_fixture_target (import, "images/p1.png", "- 5,6");
  import_fixture_skipped (import, "images/p2.png", "keypoints.csv, line 4: all points are missing");
  import_fixture_skipped (import, "images/p3.png",
                          "keypoints.csv, line 5: no point in column “nose_x”");
  sl_import_unref (import);
  import = import_fixture_scan (self, "points:csv:name,4..5");
  expect_classes (import, "left_eye");
  sl_import_unref (import);
  import = import_fixture_scan (self, "points:name,3..4"); /* no pair: numbered */
  expect_classes (import, "1");
  import_fixture_target (import, "images/p0.png", "2,3.5");
  import_fixture_fails (self, "points:csv:name,2..4", SL_ERROR_DATA, "3 columns");
  import_fixture_text (self, "keypoints.csv", "p0.png,1,2\np1.png,3,4\n");
  import_fixture_fails (self, "points", SL_ERROR_DATA, "nose_x, nose_y");
}

static void
test_pose_numbers (void)
{
  const double camera[4] = { 517.679, 320, 517.679, 240.5 };
  const char *pose = "0.98 -0.02 0.1\n0.01 0.99 0\n-0.1 0 0.9\n\n187.332 40.3892 893.135 \n";
  double read[4], x, y;

  g_assert_true (_sl_pose_project (pose, camera, &x, &y));
  g_assert_cmpfloat_with_epsilon (y, 263.9104, 1e-3); /* as fast.ai's lesson prints it: row first */
  g_assert_cmpfloat_with_epsilon (x, 428.5814, 1e-3);
  g_assert_false (_sl_pose_project ("1 0 0 0 1 0 0 0 1 5 5 0", camera, &x, &y));
  g_assert_false (_sl_pose_project ("1 0 0 0 1 0 0 0 1 5 5", camera, &x, &y));
  g_assert_false (_sl_pose_project ("1 0 0 0 1 0 0 0 1 nan 5 1", camera, &x, &y));
  g_assert_true (_sl_pose_camera ("517.679 0 320 \n0 517.679 240.5 \n0 0 1 \n\n0 0 0", read));
  g_assert_cmpmem (read, sizeof read, camera, sizeof camera);
  g_assert_false (_sl_pose_camera ("0 0 320 0 5 240 0 0 1", read));
  g_assert_false (_sl_pose_camera ("RGB camera", read));
}

static void
test_poses (ImportFixture *self, gconstpointer data)
{
  g_autoptr (SlImport) import = NULL;
  const char *pose = "1 0 0\n0 1 0\n0 0 1\n\n10 -20 100\n";

  import_fixture_add (self, "01/f#_rgb.png", 3);
  import_fixture_add (self, "02/f#_rgb.png", 2);
  import_fixture_text (self, "01/f0_pose.txt", pose);
  import_fixture_text (self, "01/f1_pose.txt", "no pose");
  import_fixture_text (self, "02/f0_pose.txt", pose);
  import_fixture_text (self, "02/f1_pose.txt", pose);
  import_fixture_text (self, "02/rgb.cal", "100 0 50\n0 200 60\n0 0 1\n");
  import = import_fixture_scan (self, NULL);
  expect (import, "points", "points:biwi");
  expect_classes (import, "head");
  import_fixture_target (import, "01/f0_rgb.png", "371.7679,136.9642");
  import_fixture_target (import, "02/f1_rgb.png", "60,20");
  import_fixture_skipped (import, "01/f1_rgb.png", "01/f1_pose.txt holds no pose");
  import_fixture_skipped (import, "01/f2_rgb.png", "no file of its pose");
  import_fixture_text (self, "02/rgb.cal", "a camera");
  import_fixture_fails (self, "points:biwi", SL_ERROR_FORMAT, "02/rgb.cal");
}

/* ---- Samples and real data */

static void
test_samples (void)
{
  static const struct
  {
    const char *source, *task, *split;
  } cases[] = { { "sample:scene", "multilabel", "random:0.2" },
                { "sample:street", "segment", "list:" },
                { "sample:nose", "points", "random:0.2" } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SlImport)
          import = sl_import_scan (cases[i].source, NULL, NULL, NULL, NULL, &error);
      g_autofree char *split = NULL;

      g_assert_no_error (error);
      g_assert_cmpstr (sl_import_get_task (import)->id, ==, cases[i].task);
      g_assert_cmpuint (sl_import_n_skipped (import), ==, 0);
      split = sl_split_spec_to_string (sl_import_get_split (import));
      g_assert_true (g_str_has_prefix (split, cases[i].split));
    }
}

/* Masks keep the shape of their pictures, whole labels take a square. */
static void
test_suggested_sizes (ImportFixture *self, gconstpointer data)
{
  static const struct
  {
    const char *source, *arch;
    int height, width;
  } cases[] = { { "sample:street", "unet-small", 120, 160 },
                { "sample:nose", "resnet18", 64, 64 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (SlImport)
          import = sl_import_scan (cases[i].source, NULL, NULL, NULL, NULL, &error);
      g_autofree char *name = g_strdup_printf ("%s/%u.slope", self->folder, (guint)i);
      g_autoptr (SlProject) project = NULL;
      g_autoptr (SlRecipe) recipe = NULL;

      g_assert_no_error (error);
      project = sl_project_create (name, import, FALSE, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
      recipe = sl_project_suggest_recipe (project);
      g_assert_cmpstr (recipe->arch, ==, cases[i].arch);
      g_assert_cmpint (recipe->height, ==, cases[i].height);
      g_assert_cmpint (recipe->width, ==, cases[i].width);
    }
}

static void
test_shared (gconstpointer data)
{
  static const struct
  {
    const char *path, *task, *labels;
    gsize n_items;
    guint n_classes, n_valid;
  } cases[] = {
    { "planet_sample/planet_sample.tgz", "multilabel", "csv:labels.csv:image_name,tags,space", 1000,
      17, 200 },
    { "camvid/camvid.tgz", "segment", "masks:../labels/{stem}_P.png", 110, 12, 20 },
    { "camvid_tiny/camvid_tiny.tgz", "segment", "masks:../labels/{stem}_P.png", 100, 32, 20 },
    { "face_keypoints/face_keypoints.zip", "points",
      "points:csv:keypoints.csv:image_name,part_0_x..part_67_y", 320, 68, 64 },
    { "biwi_depth/biwi_depth.tgz", "numbers", "csv:angles.csv:image_name,roll..yaw", 429, 3, 86 },
    { "mnist_tiny/mnist_tiny.tgz", "classify", "csv:labels.csv:name,label,none", 1428, 2, 699 },
  };
  const char *shared = g_getenv ("SLOPE_SHARED");
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *path = g_build_filename (shared ? shared : "", "data", cases[i].path, NULL);
  g_autoptr (SlImport) import = NULL;
  g_autoptr (GError) error = NULL;
  guint n_valid = 0;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("the shared data are not there");
      return;
    }
  import = sl_import_scan (path, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  expect (import, cases[i].task, cases[i].labels);
  g_assert_cmpuint (sl_import_n_items (import), ==, cases[i].n_items);
  g_assert_cmpuint (sl_import_n_skipped (import), ==, 0);
  g_assert_cmpuint (sl_import_get_problem (import)->n_classes, ==, cases[i].n_classes);
  for (gsize k = 0; k < sl_import_n_items (import); k++)
    n_valid += sl_import_get_item (import, k)->split == SL_SPLIT_VALID;
  g_assert_cmpuint (n_valid, ==, cases[i].n_valid);
}

int
main (int argc, char **argv)
{
  static const char *const shared[] = { "planet",    "camvid",     "camvid-tiny",
                                        "keypoints", "biwi-depth", "mnist" };

  g_test_init (&argc, &argv, NULL);
  IMPORT_TEST ("/import-kinds/many-labels", test_many_labels);
  IMPORT_TEST ("/import-kinds/asked-for", test_asked_for);
  IMPORT_TEST ("/import-kinds/one-hot", test_one_hot);
  IMPORT_TEST ("/import-kinds/numbers", test_numbers);
  IMPORT_TEST ("/import-kinds/no-degrees", test_no_degrees);
  IMPORT_TEST ("/import-kinds/points", test_points);
  g_test_add_func ("/import-kinds/pose-numbers", test_pose_numbers);
  IMPORT_TEST ("/import-kinds/poses", test_poses);
  g_test_add_func ("/import-kinds/samples", test_samples);
  IMPORT_TEST ("/import-kinds/suggested-sizes", test_suggested_sizes);
  for (gsize i = 0; i < G_N_ELEMENTS (shared); i++)
    {
      g_autofree char *name = g_strconcat ("/import-kinds/shared/", shared[i], NULL);

      g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_shared);
    }
  return g_test_run ();
}
