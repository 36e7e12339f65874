/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Projects of texts, for tests: a table is filled, imported and becomes a project, all in a folder of the test's own. */
#pragma once

#include <slope/slope.h>
#include <glib/gstdio.h>

typedef struct
{
  char *folder;  /* made with the first table, and removed with everything in it */
  GString *csv;  /* the table that is being filled */
  gboolean labelled;
  char *source;  /* of the project that was made last: NAME.csv */
  char *project; /* NAME.slope */
} TextProject;

/* A table with columns of texts, of whether they are held back and, if it is @labelled, of labels. */
G_GNUC_UNUSED static void
text_project_begin (TextProject *self, gboolean labelled)
{
  if (self->folder == NULL)
    self->folder = g_dir_make_tmp ("slope-test-XXXXXX", NULL);
  g_assert_nonnull (self->folder);
  g_assert_null (self->csv);
  self->labelled = labelled;
  self->csv = g_string_new (labelled ? "label,text,is_valid\n" : "text,is_valid\n");
}

/* @label: "": none.  @text: without quotation marks */
G_GNUC_UNUSED static void
text_project_add (TextProject *self, const char *label, const char *text, gboolean held_back)
{
  if (self->labelled)
    g_string_append_printf (self->csv, "%s,", label);
  g_string_append_printf (self->csv, "\"%s\",%s\n", text, held_back ? "True" : "False");
}

/* (transfer full): NAME.slope, of the table's texts. */
G_GNUC_UNUSED static SlProject *
text_project_create (TextProject *self, const char *name)
{
  const SlImportOptions options = { .task = &sl_task_text };
  g_autoptr (SlImport) import = NULL;
  g_autoptr (GError) error = NULL;
  SlProject *project;

  g_free (self->source);
  g_free (self->project);
  self->source = g_strconcat (self->folder, "/", name, ".csv", NULL);
  self->project = g_strconcat (self->folder, "/", name, ".slope", NULL);
  g_assert_true (g_file_set_contents (self->source, self->csv->str, (gssize)self->csv->len, NULL));
  g_string_free (g_steal_pointer (&self->csv), TRUE);
  import = sl_import_scan (self->source, &options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  project = sl_project_create (self->project, import, FALSE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return project;
}

G_GNUC_UNUSED static void
text_project_remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inside = g_build_filename (path, name, NULL);

      text_project_remove_tree (inside);
    }
  g_remove (path);
}

G_GNUC_UNUSED static void
text_project_clear (TextProject *self)
{
  text_project_remove_tree (self->folder);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->source, g_free);
  g_clear_pointer (&self->project, g_free);
}

/* ---- Opinions: "The NOUN is ADJECTIVE." some times; the adjective decides, "plus" or "minus". */

#define N_OPINIONS 160
#define N_OPINIONS_HELD_BACK 40 /* of these */
#define N_OPINIONS_UNLABELLED 40

G_GNUC_UNUSED static void
text_project_add_opinion (TextProject *self, guint i, gboolean labelled)
{
  static const char *const nouns[] = { "film", "story", "music", "actor" };
  static const char *const words[2][3] = { { "bad", "dull", "weak" }, { "good", "warm", "great" } };
  g_autoptr (GString) text = g_string_new (NULL);
  SlRandom random;

  sl_random_init (&random, sl_random_key (7, SL_PURPOSE_TEST, i, 0));
  for (guint n = 2 + (guint)sl_random_below (&random, 4); n > 0; n--)
    g_string_append_printf (text, "The %s is %s. ", nouns[sl_random_below (&random, 4)],
                            words[i % 2][sl_random_below (&random, 3)]);
  text_project_add (self, !labelled ? "" : i % 2 ? "plus" : "minus", text->str,
                    i < N_OPINIONS_HELD_BACK);
}

/* (transfer full) */
G_GNUC_UNUSED static SlProject *
text_project_create_opinions (TextProject *self)
{
  text_project_begin (self, TRUE);
  for (guint i = 0; i < N_OPINIONS; i++)
    text_project_add_opinion (self, i, TRUE);
  for (guint i = 0; i < N_OPINIONS_UNLABELLED; i++)
    text_project_add_opinion (self, N_OPINIONS + i, FALSE);
  return text_project_create (self, "texts");
}

/* (transfer full): of a small network, that learns them in seconds. */
G_GNUC_UNUSED static SlRecipe *
text_project_recipe (SlLearn learn, guint epochs, double rate)
{
  SlRecipe *recipe = sl_recipe_new_for_texts (learn, N_OPINIONS);

  recipe->embedding = 16;
  recipe->hidden = 24;
  recipe->batch = 8;
  recipe->window = 12;
  recipe->dropout = 0.1;
  recipe->n_stages = 1;
  recipe->stages[0] =
      (SlStage){ .epochs = epochs, .lr_low = rate, .lr_high = rate, .pct_start = 0.3 };
  return recipe;
}
