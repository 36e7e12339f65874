/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "project-fixture.h"

#include "project/store.h"

#include <slope/audit.h>
#include <slope/random.h>
#include <string.h>
#include <utime.h>

/* ---- Made data: looks that are @flips bits from those of @scene. */

static void
make_look (SlLook *look, guint64 scene, guint flips)
{
  SlRandom random;

  sl_random_init (&random, sl_random_key (scene, SL_PURPOSE_TEST, 0, 0));
  look->flat = FALSE;
  look->bits = (guint64)sl_random_u32 (&random) << 32 | sl_random_u32 (&random);
  for (guint i = 0; i < sizeof look->tiny; i++)
    look->tiny[i] = (gint8)((int)sl_random_below (&random, 201) - 100);
  look->bits ^= (G_GUINT64_CONSTANT (1) << flips) - 1;
}

static const char *const bears[] = { "black", "teddy", NULL };

static SlAudit *
run (const char *task, const char *const *classes, const SlRange *ranges, const SlAuditItem *items,
     gsize n)
{
  g_autoptr (SlProblem) problem = sl_problem_new (sl_task_find (task), classes, ranges);

  return sl_audit_run (problem, items, n);
}

/* The nth finding of this kind. */
static const SlFinding *
find (const SlAudit *audit, SlFindingKind kind, guint nth)
{
  for (guint i = 0; i < audit->findings->len; i++)
    {
      const SlFinding *finding = &g_array_index (audit->findings, SlFinding, i);

      if (finding->kind == kind && nth-- == 0)
        return finding;
    }
  return NULL;
}

/* @n pictures of two classes, a fifth of each to validate on, none like another. */
static SlAuditItem *
make_items (gsize n, SlLook **looks, GStringChunk *texts)
{
  SlAuditItem *items = g_new0 (SlAuditItem, n);

  *looks = g_new0 (SlLook, n);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/IMG_%04u.jpg", bears[i % 2], (guint)(7 * i));

      make_look (&(*looks)[i], i, 0);
      items[i] = (SlAuditItem){ .id = (gint64)i + 1,
                                .rel_path = g_string_chunk_insert (texts, path),
                                .target = bears[i % 2],
                                .split = i / 2 % 5 == 4 ? SL_SPLIT_VALID : SL_SPLIT_TRAIN,
                                .width = 100,
                                .height = 80,
                                .look = &(*looks)[i] };
    }
  return items;
}

static void
test_clean (void)
{
  g_autoptr (GStringChunk) texts = g_string_chunk_new (4096);
  g_autofree SlLook *looks = NULL;
  g_autofree SlAuditItem *items = make_items (200, &looks, texts);
  g_autoptr (SlAudit) audit = run ("classify", bears, NULL, items, 200);

  g_assert_cmpuint (audit->findings->len, ==, 0);
  g_assert_cmpuint (audit->n_grouped, ==, 0);
  for (guint i = 0; i < 200; i++)
    g_assert_cmpuint (audit->groups[i], ==, i);
}

/* Item 8 is the first to validate on. */
static void
test_across (void)
{
  g_autoptr (GStringChunk) texts = g_string_chunk_new (4096);
  g_autofree SlLook *looks = NULL;
  g_autofree SlAuditItem *items = make_items (200, &looks, texts);
  g_autoptr (SlAudit) audit = NULL;
  const SlFinding *finding;

  items[8].twin = items[20].twin = items[40].twin = 77; /* a copy */
  make_look (&looks[9], 300, 0);
  make_look (&looks[31], 300, 6); /* alike, both are teddies */
  make_look (&looks[18], 301, 0);
  make_look (&looks[16], 301, 14); /* frames beside each other */
  make_look (&looks[28], 302, 0);
  make_look (&looks[101], 302, 14); /* as like, but not beside */
  make_look (&looks[51], 303, 0);
  make_look (&looks[60], 303, 3); /* both are trained on, as different classes */
  looks[38].flat = looks[42].flat = TRUE;
  looks[38].bits = looks[42].bits;
  audit = run ("classify", bears, NULL, items, 200);

  finding = find (audit, SL_FINDING_COPIES, 0);
  g_assert_nonnull (finding);
  g_assert_cmpuint (finding->count, ==, 1);
  g_assert_cmpint (finding->ids[0], ==, 9);
  g_assert_true (finding->others[0] == 21 || finding->others[0] == 41);
  g_assert_cmpint (finding->mend, ==, SL_MEND_TOGETHER);
  finding = find (audit, SL_FINDING_ALIKE, 0);
  g_assert_nonnull (finding);
  g_assert_cmpuint (finding->count, ==, 1);
  g_assert_cmpint (finding->ids[0], ==, 10);
  g_assert_cmpint (finding->others[0], ==, 32);
  finding = find (audit, SL_FINDING_BURST, 0);
  g_assert_nonnull (finding);
  g_assert_cmpuint (finding->count, ==, 1);
  g_assert_cmpint (finding->ids[0], ==, 19);
  g_assert_cmpint (finding->others[0], ==, 17);
  finding = find (audit, SL_FINDING_LABELS_DIFFER, 0);
  g_assert_nonnull (finding);
  g_assert_cmpuint (finding->count, ==, 2);
  g_assert_cmpint (finding->ids[0], ==, 52);
  g_assert_cmpint (finding->others[0], ==, 61);
  g_assert_cmpuint (audit->findings->len, ==, 4);

  g_assert_cmpuint (audit->groups[40], ==, 8);
  g_assert_cmpuint (audit->groups[31], ==, 9);
  g_assert_cmpuint (audit->groups[18], ==, 16);
  g_assert_cmpuint (audit->groups[101], ==, 101);
  g_assert_cmpuint (audit->n_grouped, ==, 3 + 2 + 2 + 2);
}

/* A walk of which each frame looks like the next: one group, though its ends have nothing in
 * common. */
static void
test_walk (void)
{
  enum
  {
    N = 30
  };
  SlLook looks[N];
  SlAuditItem items[N];
  g_autoptr (GStringChunk) texts = g_string_chunk_new (4096);
  g_autoptr (SlAudit) audit = NULL;

  for (guint i = 0; i < N; i++)
    {
      g_autofree char *path = g_strdup_printf ("walk/f%u.png", 10 * i); /* not of one length */

      make_look (&looks[i], 1, 2 * i);
      items[i] = (SlAuditItem){ .id = i + 1,
                                .rel_path = g_string_chunk_insert (texts, path),
                                .target = "black",
                                .split = i % 3 ? SL_SPLIT_TRAIN : SL_SPLIT_VALID,
                                .look = &looks[i] };
    }
  audit = run ("classify", bears, NULL, items, N);
  for (guint i = 0; i < N; i++)
    g_assert_cmpuint (audit->groups[i], ==, 0);
  g_assert_cmpuint (audit->n_grouped, ==, N);
}

static void
test_classes (void)
{
  g_autoptr (GStringChunk) texts = g_string_chunk_new (4096);
  g_autofree SlLook *looks = NULL;
  g_autofree SlAuditItem *items = make_items (40, &looks, texts);
  static const char *const classes[] = { "black", "panda", "teddy", "zebra", NULL };
  g_autoptr (SlAudit) audit = NULL;
  const SlFinding *finding;

  items[0].target = items[2].target = "panda"; /* trained only */
  items[8].target = "zebra";                   /* validated only */
  audit = run ("classify", classes, NULL, items, 40);
  finding = find (audit, SL_FINDING_ONE_SIDED, 0);
  g_assert_cmpstr (finding->name, ==, "panda");
  g_assert_cmpint (finding->side, ==, SL_SPLIT_VALID);
  g_assert_cmpuint (finding->count, ==, 2);
  g_assert_cmpint (finding->mend, ==, SL_MEND_RESPLIT);
  finding = find (audit, SL_FINDING_ONE_SIDED, 1);
  g_assert_cmpstr (finding->name, ==, "zebra");
  g_assert_cmpint (finding->side, ==, SL_SPLIT_TRAIN);
  g_assert_cmpint (finding->mend, ==, SL_MEND_LOOK); /* of one nothing can be held back */
  g_assert_null (find (audit, SL_FINDING_ONE_SIDED, 2));
  finding = find (audit, SL_FINDING_FEW, 0);
  g_assert_cmpstr (finding->name, ==, "panda");
  g_assert_cmpuint (finding->count, ==, 2);
  g_assert_null (find (audit, SL_FINDING_FEW, 1)); /* that zebra is not trained is said already */
  finding = find (audit, SL_FINDING_SMALL_VALID, 0);
  g_assert_cmpuint (finding->count, ==, 8);
  g_assert_cmpint (finding->mend, ==, SL_MEND_LOOK); /* it is a fifth already */

  g_clear_pointer (&audit, sl_audit_free);
  for (guint i = 0; i < 40; i++)
    items[i].split = SL_SPLIT_TRAIN;
  audit = run ("classify", classes, NULL, items, 40);
  g_assert_nonnull (find (audit, SL_FINDING_NO_VALID, 0));
  g_assert_null (find (audit, SL_FINDING_ONE_SIDED, 0));
}

static void
test_values (void)
{
  static const char *const angles[] = { "roll", "yaw", NULL };
  static const SlRange ranges[] = { { -90.0, 90.0 }, { -20.5, 20.0 } };
  static const char *const points[] = { "left", "nose", NULL };
  const SlAuditItem numbers[] = { { .id = 1, .rel_path = "a", .target = "90 -20.5" },
                                  { .id = 2, .rel_path = "b", .target = "-90.5 21" },
                                  { .id = 3, .rel_path = "c", .target = "- 1e9" },
                                  { .id = 4, .rel_path = "d" } };
  const SlAuditItem faces[] = {
    { .id = 1, .rel_path = "a", .target = "0,0 100,80", .width = 100, .height = 80 },
    { .id = 2, .rel_path = "b", .target = "- 50,80.5", .width = 100, .height = 80 },
    { .id = 3, .rel_path = "c", .target = "-1,5 -", .width = 100, .height = 80 }
  };
  g_autoptr (SlAudit) audit = run ("numbers", angles, ranges, numbers, G_N_ELEMENTS (numbers));
  const SlFinding *finding = find (audit, SL_FINDING_OUT_OF_RANGE, 0);

  g_assert_cmpstr (finding->name, ==, "roll");
  g_assert_cmpuint (finding->count, ==, 1);
  g_assert_cmpint (finding->ids[0], ==, 2);
  finding = find (audit, SL_FINDING_OUT_OF_RANGE, 1);
  g_assert_cmpstr (finding->name, ==, "yaw");
  g_assert_cmpuint (finding->count, ==, 2);
  g_assert_cmpint (finding->ids[1], ==, 3);

  g_clear_pointer (&audit, sl_audit_free);
  audit = run ("points", points, NULL, faces, G_N_ELEMENTS (faces));
  finding = find (audit, SL_FINDING_OUTSIDE, 0);
  g_assert_cmpstr (finding->name, ==, "left");
  g_assert_cmpint (finding->ids[0], ==, 3);
  finding = find (audit, SL_FINDING_OUTSIDE, 1);
  g_assert_cmpstr (finding->name, ==, "nose");
  g_assert_cmpuint (finding->count, ==, 1);
  g_assert_cmpint (finding->ids[0], ==, 2);
}

/* ---- A project of bursts: 20 drawings, of each three frames that are shifted by some pixels, get
 * brighter and are written with different quality. */

#define N_BURSTS 20
#define N_FRAMES 3

static void
write_frame (Fixture *fixture, GdkPixbuf *drawing, guint burst, guint frame)
{
  static const char *const qualities[N_FRAMES] = { "90", "70", "40" };
  int size = gdk_pixbuf_get_width (drawing);
  g_autoptr (GdkPixbuf)
      part = gdk_pixbuf_new_subpixbuf (drawing, 2 * (int)frame, (int)frame, size - 6, size - 6);
  g_autoptr (GdkPixbuf) shown = gdk_pixbuf_copy (part);
  g_autofree char *path = g_strdup_printf ("%s/%s/shot_%03u.jpg", fixture->pictures,
                                           bears[burst % 2], N_FRAMES * burst + frame);
  g_autofree char *folder = g_path_get_dirname (path);
  guint8 *data = gdk_pixbuf_get_pixels (shown);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < gdk_pixbuf_get_byte_length (shown); i++)
    data[i] = (guint8)MIN (data[i] + 12 * frame, 255);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0777), ==, 0);
  gdk_pixbuf_save (shown, path, "jpeg", &error, "quality", qualities[frame], NULL);
  g_assert_no_error (error);
}

static void
draw_bursts (Fixture *fixture)
{
  g_autofree char *folder = g_build_filename (fixture->root, "drawings", NULL);

  g_assert_cmpint (g_mkdir (folder, 0777), ==, 0);
  g_assert_true (sl_sample_write ("scene", folder, NULL, NULL, NULL, NULL, NULL));
  for (guint burst = 0; burst < N_BURSTS; burst++)
    {
      g_autofree char *path = g_strdup_printf ("%s/images/scene_%03u.jpg", folder, burst + 1);
      g_autoptr (GdkPixbuf) drawing = gdk_pixbuf_new_from_file (path, NULL);

      for (guint frame = 0; frame < N_FRAMES; frame++)
        write_frame (fixture, drawing, burst, frame);
    }
}

static gsize
count_leaks (const SlAudit *audit)
{
  const SlFinding *alike = find (audit, SL_FINDING_ALIKE, 0);
  const SlFinding *burst = find (audit, SL_FINDING_BURST, 0);

  return (alike != NULL ? alike->count : 0) + (burst != NULL ? burst->count : 0);
}

static void
on_audited (GObject *source, GAsyncResult *result, gpointer data)
{
  *(SlAudit **)data = sl_project_audit_finish (result, NULL);
}

static void
test_project (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;
  g_autoptr (SlAudit) audit = NULL;
  g_autoptr (SlAudit) after = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  fixture_set_up (&fixture, 0);
  draw_bursts (&fixture);
  project = fixture_create (&fixture);
  audit = sl_project_audit (project, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_leaks (audit), >=, 10); /* a split by chance parts most bursts */
  g_assert_cmpuint (audit->n_grouped, ==, N_BURSTS * N_FRAMES);
  for (guint i = 0; i < audit->n; i++) /* ids go by name, class by class */
    g_assert_cmpuint (audit->groups[i], ==, i / N_FRAMES * N_FRAMES);

  g_assert_true (sl_project_resplit_together (project, audit, &error));
  g_assert_cmpuint (sl_project_count (project, G_MAXUINT, SL_SPLIT_VALID), >=, 2 * N_FRAMES);
  sl_project_audit_async (project, NULL, on_audited, &after);
  while (after == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (count_leaks (after), ==, 0);
  g_assert_true (sl_project_undo (project, &error)); /* one step */
  g_clear_pointer (&after, sl_audit_free);
  after = sl_project_audit (project, NULL, NULL, NULL, NULL);
  g_assert_cmpuint (count_leaks (after), ==, count_leaks (audit));

  g_cancellable_cancel (cancellable);
  g_assert_null (sl_project_audit (project, cancellable, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fixture_tear_down (&fixture);
}

/* ---- What was seen is kept with the project. */

static gsize
count_grouped (Fixture *fixture)
{
  g_autoptr (SlProject) project = fixture_open (fixture);
  g_autoptr (SlAudit) audit = sl_project_audit (project, NULL, NULL, NULL, NULL);

  return audit->n_grouped;
}

/* All pictures that the project remembers become flat, like nothing; those that are looked at anew do
 * not. */
static guint
flatten_kept (Fixture *fixture)
{
  g_autofree char *file = g_build_filename (fixture->project, "project.db", NULL);
  g_autoptr (SlStore) store = sl_store_open (file, FALSE, NULL);
  g_autoptr (SlQuery) change = sl_query_new (store, "UPDATE look SET flat = 1");
  g_autoptr (SlQuery) count = sl_query_new (store, "SELECT count(*) FROM look");

  g_assert_true (sl_query_run (change, NULL));
  g_assert_true (sl_query_next (count, NULL));
  return (guint)sl_query_int (count, 0);
}

static void
touch_burst (Fixture *fixture, guint burst)
{
  for (guint frame = 0; frame < N_FRAMES; frame++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s/shot_%03u.jpg", fixture->pictures,
                                               bears[burst % 2], N_FRAMES * burst + frame);
      struct utimbuf times = { 1000000000, 1000000000 };

      g_assert_cmpint (g_utime (path, &times), ==, 0);
    }
}

static void
test_kept (void)
{
  Fixture fixture;
  g_autoptr (SlProject) project = NULL;

  fixture_set_up (&fixture, 0);
  draw_bursts (&fixture);
  project = fixture_create (&fixture);
  g_clear_object (&project);
  g_assert_cmpuint (flatten_kept (&fixture), ==, 0);
  g_assert_cmpuint (count_grouped (&fixture), ==, N_BURSTS * N_FRAMES);
  g_assert_cmpuint (flatten_kept (&fixture), ==, N_BURSTS * N_FRAMES);
  g_assert_cmpuint (count_grouped (&fixture), ==, 0); /* what is kept is believed */
  touch_burst (&fixture, 3);
  g_assert_cmpuint (count_grouped (&fixture), ==, N_FRAMES); /* but of files that have changed */
  g_assert_cmpuint (flatten_kept (&fixture), ==, N_BURSTS * N_FRAMES);
  g_assert_cmpuint (count_grouped (&fixture), ==, 0);
  fixture_tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audit/clean", test_clean);
  g_test_add_func ("/audit/across", test_across);
  g_test_add_func ("/audit/walk", test_walk);
  g_test_add_func ("/audit/classes", test_classes);
  g_test_add_func ("/audit/values", test_values);
  g_test_add_func ("/audit/project", test_project);
  g_test_add_func ("/audit/kept", test_kept);
  return g_test_run ();
}
