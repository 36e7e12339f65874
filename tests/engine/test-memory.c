/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory: what is free, what training will need and what it then takes, and refusals. */
#include "core/free-memory.h"
#include "graph/plan-private.h"
#include "tiny-pictures.h"
#include "train/memory.h"
#include "train/network.h"
#include <stdio.h>
#include <string.h>

#define MIB ((gsize)1 << 20)

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED TRUE /* which takes memory of its own */
#else
#define IS_SANITIZED FALSE
#endif

/* ---- Free memory */

static void
put (const char *root, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (root, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* Files of a computer, one line a file, and what is free there. */
typedef struct
{
  const char *name;
  struct
  {
    const char *name, *text;
  } files[12];
  gsize free_bytes;
} Computer;

#define MEMINFO                                                                          \
  {                                                                                      \
    "proc/meminfo", "MemTotal: 16000000 kB\nMemFree: 10 kB\nMemAvailable:  8000000 kB\n" \
  }
#define ALL_FREE ((gsize)8000000 * 1024)
#define V2 "sys/fs/cgroup/"
#define V1 "sys/fs/cgroup/memory/"

static const Computer computers[] = {
  { "nothing-known", { { NULL } }, G_MAXSIZE },
  { "no-estimate", { { "proc/meminfo", "MemTotal: 16000000 kB\n" } }, G_MAXSIZE },
  { "no-groups", { MEMINFO }, ALL_FREE },
  { "v2/no-limit",
    { MEMINFO,
      { "proc/self/cgroup", "0::/user.slice/one.scope\n" },
      { V2 "user.slice/one.scope/memory.max", "max\n" },
      { V2 "user.slice/one.scope/memory.current", "1000000\n" } },
    ALL_FREE },
  { "v2/limit",
    { MEMINFO,
      { "proc/self/cgroup", "0::/user.slice/one.scope\n" },
      { V2 "user.slice/one.scope/memory.max", "5000000\n" },
      { V2 "user.slice/one.scope/memory.current", "1000000\n" } },
    4000000 },
  { "v2/limit-of-parent",
    { MEMINFO,
      { "proc/self/cgroup", "0::/user.slice/one.scope\n" },
      { V2 "user.slice/memory.max", "3000000\n" },
      { V2 "user.slice/memory.current", "1000000\n" },
      { V2 "user.slice/one.scope/memory.max", "5000000\n" },
      { V2 "user.slice/one.scope/memory.current", "10\n" } },
    2000000 },
  { "v2/container", /* its own group is the root of what it sees */
    { MEMINFO,
      { "proc/self/cgroup", "0::/../elsewhere\n" },
      { V2 "memory.max", "700000\n" },
      { V2 "memory.current", "200000\n" } },
    500000 },
  { "v2/cached-files",
    { MEMINFO,
      { "proc/self/cgroup", "0::/\n" },
      { V2 "memory.max", "700000\n" },
      { V2 "memory.current", "690000\n" },
      { V2 "memory.stat", "anon 100000\nfile 590000\ninactive_file 300000\nactive_file 40000\n" } },
    350000 },
  { "v2/used-up",
    { MEMINFO,
      { "proc/self/cgroup", "0::/\n" },
      { V2 "memory.max", "700000\n" },
      { V2 "memory.current", "800000\n" } },
    0 },
  { "v2/computer-has-less",
    { MEMINFO,
      { "proc/self/cgroup", "0::/\n" },
      { V2 "memory.max", "90000000000\n" },
      { V2 "memory.current", "1\n" } },
    ALL_FREE },
  { "v1/no-limit",
    { MEMINFO,
      { "proc/self/cgroup", "9:name=systemd:/\n4:memory:/one\n0::/\n" },
      { V1 "one/memory.limit_in_bytes", "9223372036854771712\n" },
      { V1 "one/memory.usage_in_bytes", "1000\n" } },
    ALL_FREE },
  { "v1/limit",
    { MEMINFO,
      { "proc/self/cgroup", "9:name=systemd:/\n4:cpu,memory:/one/two\n0::/\n" },
      { V1 "one/memory.limit_in_bytes", "6000000\n" },
      { V1 "one/memory.usage_in_bytes", "2000000\n" },
      { V1 "one/memory.stat",
        "inactive_file 5\ntotal_inactive_file 500000\ntotal_active_file 1\n" } },
    4500001 },
};

static void
test_free (gconstpointer data)
{
  const Computer *computer = data;
  g_autofree char *root = tiny_folder ();

  for (guint i = 0; i < G_N_ELEMENTS (computer->files) && computer->files[i].name != NULL; i++)
    put (root, computer->files[i].name, computer->files[i].text);
  g_assert_cmpuint (sl_free_memory_under (root), ==, computer->free_bytes);
  tiny_remove (root);
}

static void
test_free_here (void)
{
  g_assert_cmpuint (sl_free_memory_bytes (), >, MIB);
  g_assert_cmpuint (sl_free_memory_bytes (), <, G_MAXSIZE);
}

/* ---- A run's peak, in a process of its own */

typedef struct
{
  const char *name;
  guint batch;
  guint freeze_to;
  gboolean freeze_norms;
  const char *augment;
  double clip;
  SlKeepModel keep;
  gboolean validates;
} Run;

static const Run runs[] = {
  { "whole", 32, 0, FALSE, "default", 0, SL_KEEP_MODEL_LAST, TRUE },
  { "no-validation", 32, 0, FALSE, "default", 0, SL_KEEP_MODEL_LAST, FALSE },
  { "clipped", 16, 0, FALSE, "default", 1, SL_KEEP_MODEL_LOSS, TRUE },
  { "frozen", 32, 2, FALSE, "default", 0, SL_KEEP_MODEL_LAST, TRUE },
  { "frozen-norms", 64, 2, TRUE, "default", 0, SL_KEEP_MODEL_LAST, TRUE },
  { "kept", 64, 2, TRUE, "none", 0, SL_KEEP_MODEL_LAST, TRUE },
};

/* A line of /proc/self/status.  The peak of getrusage() would be that of the parent at first. */
static gsize
status_bytes (const char *key)
{
  g_autofree char *text = NULL;
  const char *line;
  gulong kib;

  g_assert_true (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
  line = strstr (text, key);
  g_assert_nonnull (line);
  g_assert_cmpint (sscanf (line + strlen (key), " %lu kB", &kib), ==, 1);
  return (gsize)kib * 1024;
}

static SlRecipe *
recipe_of (const Run *run)
{
  SlRecipe *recipe = tiny_recipe (1);

  recipe->height = recipe->width = 64;
  recipe->batch = run->batch;
  recipe->threads = 2;
  recipe->clip = run->clip;
  recipe->keep = run->keep;
  recipe->freeze_norms = run->freeze_norms;
  recipe->stages[0].freeze_to = run->freeze_to;
  g_free (recipe->augment);
  recipe->augment = g_strdup (run->augment);
  return recipe;
}

static void
measure (const Run *run)
{
  g_autofree char *folder = tiny_folder ();
  g_autoptr (SlSampleSet) train = tiny_set (folder, 2 * run->batch, 1, 100);
  g_autoptr (SlSampleSet) valid = tiny_set (folder, run->validates ? run->batch : 0, 1000, 100);
  g_autoptr (SlRecipe) recipe = recipe_of (run);
  SlTrainSetup setup = { .train = train, .valid = valid, .recipe = recipe, .folder = folder };
  g_autoptr (GError) error = NULL;
  gsize base = status_bytes ("VmRSS:"), took;
  SlTrainResult result;

  sl_train (&setup, NULL, NULL, NULL, &result, NULL, &error);
  g_assert_no_error (error);
  took = status_bytes ("VmHWM:") - base;
  tiny_remove (folder);
  g_printerr ("# %s: predicted %.0f MiB, took %.0f MiB\n", run->name,
              (double)result.peak_bytes / MIB, (double)took / MIB);
  /* Within a tenth as measured, but for a frozen body whose norms are trained: their moments lie
   * scattered over large pages. */
  g_assert_cmpfloat ((double)took, >, 0.85 * (double)result.peak_bytes);
  g_assert_cmpfloat ((double)took, <, 1.15 * (double)result.peak_bytes);
}

static void
test_run (gconstpointer data)
{
  if (IS_SANITIZED)
    g_test_skip ("a sanitizer takes memory of its own");
  else if (g_test_subprocess ())
    measure (data);
  else
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
    }
}

/* ---- What is predicted */

static SlProblem *tiny_problem; /* made in main() */

static SlTrainOutline
outline_of (const SlRecipe *recipe, gsize n_train)
{
  return (SlTrainOutline){
    .recipe = recipe, .problem = tiny_problem, .n_train = n_train, .n_valid = n_train / 5
  };
}

static gsize
predict (const SlRecipe *recipe, guint batch)
{
  SlTrainOutline outline = outline_of (recipe, 1000);

  return sl_predict_training_bytes (&outline, batch);
}

static void
test_predict (void)
{
  g_autoptr (SlRecipe) recipe = tiny_recipe (1);
  const gsize block = 11000000 * sizeof (float), start = predict (recipe, 6);
  gsize of_last;

  recipe->clip = 1;
  g_assert_cmpuint (predict (recipe, 6), >, start + block * 3 / 4); /* all gradients at a time */
  recipe->clip = 0;
  recipe->keep = SL_KEEP_MODEL_LOSS;
  g_assert_cmpuint (predict (recipe, 6), >=, start + block);
  recipe->keep = SL_KEEP_MODEL_LAST;
  recipe->stages[0].freeze_to = 2;
  g_assert_cmpuint (predict (recipe, 6), <, start - block * 3 / 2); /* no moments */
  of_last = predict (recipe, 12);
  /* The largest stage counts, and its own batch. */
  recipe->n_stages = 2;
  recipe->stages[1] = recipe->stages[0];
  recipe->stages[0].batch = 2;
  recipe->stages[1].batch = 12;
  g_assert_cmpuint (predict (recipe, 100), ==, of_last);
  recipe->n_stages = 1;
  recipe->stages[0].batch = 0;
  recipe->height = recipe->width = 2048;
  g_assert_cmpuint (predict (recipe, 4096), >, (gsize)1 << 40);
}

static void
test_auto_batch (void)
{
  static const struct
  {
    gsize n;
    guint batch;
  } rows[] = { { 2, 2 }, { 8, 2 }, { 16, 4 }, { 103, 8 }, { 240, 8 }, { 700, 32 }, { 100000, 64 } };
  g_autoptr (SlRecipe) recipe = tiny_recipe (1);
  SlTrainOutline outline;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      outline = outline_of (recipe, rows[i].n);
      g_assert_cmpuint (sl_memory_choose_batch (&outline, 100000 * MIB), ==, rows[i].batch);
    }
  recipe->height = recipe->width = 224;
  outline = outline_of (recipe, 100000);
  for (guint batch = 2; batch <= 64; batch *= 2)
    {
      gsize bytes = sl_predict_training_bytes (&outline, batch);

      /* Three fifths of what is free; where that is too little for anything, the least. */
      g_assert_cmpuint (sl_memory_choose_batch (&outline, bytes / 3 * 5 + 10), ==, batch);
      g_assert_cmpuint (sl_memory_choose_batch (&outline, bytes / 3 * 5 - 10), ==,
                        MAX (batch / 2, 2));
    }
}

/* A photograph takes what is said, and pictures of all sizes are counted, up to the cache's. */
static void
test_pictures (void)
{
  g_autoptr (SlRecipe) recipe = tiny_recipe (1);
  g_autoptr (SlPictureCache) cache = sl_picture_cache_new (MIB);
  g_autoptr (SlPicture) large = sl_picture_new (400, 300), kept = NULL;
  g_autofree char *folder = tiny_folder (), *path = g_build_filename (folder, "1.png", NULL);
  SlTrainOutline outline = outline_of (recipe, 1000); /* and 200 to validate */

  g_assert_true (sl_picture_save_png (large, path, NULL));
  kept = sl_picture_cache_get (cache, path, 64, NULL);
  g_assert_nonnull (kept);
  g_assert_cmpfloat_with_epsilon (
      (double)sl_picture_cache_bytes (cache) / (double)sl_picture_cache_estimate (1, 64), 1, 0.02);
  tiny_remove (folder);

  recipe->height = 48;
  recipe->width = 64;
  g_assert_cmpuint (sl_predict_picture_bytes (&outline), ==, sl_picture_cache_estimate (1200, 64));
  recipe->n_stages = 3;
  recipe->stages[1].height = recipe->stages[1].width = 32;
  recipe->stages[2].height = recipe->stages[2].width = 64;
  g_assert_cmpuint (sl_predict_picture_bytes (&outline), ==,
                    sl_picture_cache_estimate (1200, 64) + sl_picture_cache_estimate (1200, 32));
  outline.n_train = 1000000;
  g_assert_cmpuint (sl_predict_picture_bytes (&outline), ==, SL_PICTURE_CACHE_BYTES);
}

static void
assert_refused (const SlTrainOutline *outline, gsize free_bytes, const char *message)
{
  g_autoptr (GError) error = NULL;
  gsize peak;

  g_assert_false (sl_memory_check_training (outline, free_bytes, &peak, &error));
  g_assert_error (error, SL_ERROR, SL_ERROR_MEMORY);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_refused (void)
{
  g_autoptr (SlRecipe) recipe = tiny_recipe (1);
  SlTrainOutline outline = outline_of (recipe, 1000);
  g_autofree char *needed = NULL, *fits = NULL, *little = g_format_size (1000000);
  g_autofree char *text = NULL;
  gsize peak, at_48, at_16;

  recipe->height = 96;
  recipe->width = 160;
  recipe->batch = 48;
  at_48 = sl_predict_training_bytes (&outline, 48);
  at_16 = sl_predict_training_bytes (&outline, 16);
  g_assert_true (sl_memory_check_training (&outline, at_48, &peak, NULL));
  g_assert_cmpuint (peak, ==, at_48);
  needed = g_format_size (at_48);
  fits = g_format_size (at_16);
  text = g_strdup_printf ("A batch of 48 pictures of 96×160 needs %s of memory and %s are free: "
                          "use a batch of 16",
                          needed, fits);
  assert_refused (&outline, at_16, text);
  g_free (text);
  text = g_strdup_printf ("Training on pictures of 96×160 needs %s of memory and %s are free: "
                          "choose smaller pictures",
                          needed, little);
  assert_refused (&outline, 1000000, text);
}

/* ---- A frozen body */

/* Arena of ResNet-18's plan for training on 8 pictures of 64 pixels. */
static SlPlan *
frozen_plan (guint freeze_to, gboolean freeze_norms, SlMode mode)
{
  g_autoptr (SlRecipe) recipe = tiny_recipe (1);
  g_autoptr (SlGraph) graph = NULL;
  g_autoptr (SlParams) params = NULL;
  g_autoptr (GError) error = NULL;
  SlPlan *plan;

  recipe->height = recipe->width = 64;
  graph = sl_network_new (recipe, tiny_problem, 8, SL_NETWORK_WHOLE, &error);
  g_assert_no_error (error);
  params = sl_params_new_zero (graph);
  sl_params_freeze_to (params, freeze_to, freeze_norms);
  plan = sl_plan_new (graph, params, mode, sl_network_train_flags (recipe), &error);
  g_assert_no_error (error);
  return plan;
}

/* No gradient of what is frozen; without its norms, no backward step below the head at all. */
static void
assert_steps_frozen (const SlPlan *plan, gboolean freeze_norms)
{
  guint n_body = 0, n_backward = 0;

  for (guint i = 0; i < plan->memory->n_nodes; i++)
    {
      const SlNode *node = sl_graph_node (plan->graph, i);
      const SlNodePlan *own = &plan->memory->nodes[i];

      for (guint k = 0; k < node->layout.n_params; k++)
        {
          guint param = plan->memory->param[node->param[k]];
          gboolean wanted = own->wants_dparam >> k & 1;

          g_assert_cmpint (wanted, ==, sl_params_is_trained (plan->params, param));
          if (k > 0 || sl_params_info (plan->params, param)->group >= 2)
            continue;
          n_body++;
          n_backward += own->runs_backward;
        }
    }
  g_assert_cmpuint (n_body, ==, 40);                        /* 20 convolutions and their norms */
  g_assert_cmpuint (n_backward, ==, freeze_norms ? 0 : 39); /* all but the first convolution */
}

/* MiB: 16.5 all trained, 9.0 with the body frozen but for its norms, 2.6 with them too: as in
 * evaluation. */
static void
test_frozen (void)
{
  g_autoptr (SlPlan) whole = frozen_plan (0, FALSE, SL_MODE_TRAIN);
  g_autoptr (SlPlan) norms = frozen_plan (2, FALSE, SL_MODE_TRAIN);
  g_autoptr (SlPlan) frozen = frozen_plan (2, TRUE, SL_MODE_TRAIN);
  g_autoptr (SlPlan) eval = frozen_plan (0, FALSE, SL_MODE_EVAL);
  gsize bytes = sl_plan_arena_bytes (frozen);

  g_assert_cmpuint (bytes * 4, <, sl_plan_arena_bytes (whole));
  g_assert_cmpuint (bytes, <, sl_plan_arena_bytes (norms));
  g_assert_cmpuint (sl_plan_arena_bytes (norms), <, sl_plan_arena_bytes (whole));
  g_assert_cmpuint (bytes, >=, sl_plan_arena_bytes (eval));
  g_assert_cmpuint (bytes, <, sl_plan_arena_bytes (eval) + 3 * MIB); /* the head's gradients */
  assert_steps_frozen (frozen, TRUE);
  assert_steps_frozen (norms, FALSE);
}

/* ---- Moments */

/* Zero again, and in no memory until they are written. */
static void
test_moments (void)
{
  g_autoptr (SlGraph) graph = sl_graph_new ();
  g_autoptr (SlParams) params = NULL;
  SlValue x = sl_graph_input (graph, "x", SL_DTYPE_F32, SL_SHAPE2 (2, 4096));
  gsize n, full, bytes;

  sl_graph_output (graph, "y", sl_linear (graph, "l", x, 4096, TRUE, NULL));
  params = sl_params_new_zero (graph);
  n = sl_params_n_elements (params);
  bytes = n * sizeof (float);
  for (gsize i = 0; i < n; i++)
    sl_params_moment1 (params)[i] = sl_params_moment2 (params)[i] = 1;
  full = status_bytes ("VmRSS:");
  sl_params_reset_moments (params);
  g_assert_cmpuint (status_bytes ("VmRSS:") + 2 * bytes - 8 * MIB, <, full);
  for (gsize i = 0; i < n; i++)
    {
      g_assert_cmpfloat (sl_params_moment1 (params)[i], ==, 0);
      g_assert_cmpfloat (sl_params_moment2 (params)[i], ==, 0);
    }
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  tiny_problem = sl_problem_new (&sl_task_classify, tiny_classes, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (computers); i++)
    {
      g_autofree char *path = g_strconcat ("/engine/memory/free/", computers[i].name, NULL);

      g_test_add_data_func (path, &computers[i], test_free);
    }
  g_test_add_func ("/engine/memory/free/here", test_free_here);
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    {
      g_autofree char *path = g_strconcat ("/engine/memory/run/", runs[i].name, NULL);

      g_test_add_data_func (path, &runs[i], test_run);
    }
  g_test_add_func ("/engine/memory/predict", test_predict);
  g_test_add_func ("/engine/memory/auto-batch", test_auto_batch);
  g_test_add_func ("/engine/memory/pictures", test_pictures);
  g_test_add_func ("/engine/memory/refused", test_refused);
  g_test_add_func ("/engine/memory/frozen", test_frozen);
  g_test_add_func ("/engine/memory/moments", test_moments);
  code = g_test_run ();
  sl_problem_unref (tiny_problem);
  return code;
}
