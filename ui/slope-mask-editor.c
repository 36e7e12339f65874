/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-mask-editor.h"

#include "slope-colors.h"

#include <gio/gdesktopappinfo.h>
#include <glib/gi18n.h>

#define SETTLE_MS 400 /* an editor writes a file in several steps */
#define MAX_CLASSES 256

typedef struct
{
  SlopeMaskEditor *editor; /* not owned: it owns this */
  SlItem *item;            /* owned */
  char *path;
  GFileMonitor *monitor; /* (nullable): where files cannot be watched, coming back does it */
  guint settle_id;       /* timeout */
  guint64 stamp;         /* of the file as it was lent or looked at last */
} Loan;

struct _SlopeMaskEditor
{
  GObject parent_instance;
  SlopeMaskLauncher launcher;
  SlProject *project;   /* owned; NULL: none */
  GPtrArray *loans;     /* of Loan, owned */
  GCancellable *cancel; /* of all that is under way for the project */
};

enum
{
  LENT,
  TAKEN,
  REFUSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SlopeMaskEditor, slope_mask_editor, G_TYPE_OBJECT)

/* ---- The program */

/* A viewer is what opens pictures mostly, and cannot paint. */
static gboolean
can_paint (GAppInfo *app)
{
  const char *categories = G_IS_DESKTOP_APP_INFO (app)
                               ? g_desktop_app_info_get_categories (G_DESKTOP_APP_INFO (app))
                               : NULL;

  return categories != NULL && strstr (categories, "Viewer") == NULL
         && (strstr (categories, "RasterGraphics") != NULL
             || strstr (categories, "2DGraphics") != NULL);
}

static GAppInfo * /* (transfer full) (nullable) */
find_editor (void)
{
  GList *apps = g_app_info_get_all_for_type ("image/png");
  GAppInfo *found = NULL;

  for (GList *l = apps; l != NULL && found == NULL; l = l->next)
    if (can_paint (l->data))
      found = g_object_ref (l->data);
  g_list_free_full (apps, g_object_unref);
  return found;
}

static gboolean
launch (GFile *file, GtkWidget *widget, GError **error)
{
  g_autoptr (GAppInfo) app = find_editor ();
  g_autoptr (GdkAppLaunchContext) context = NULL;
  GList files = { .data = file };

  if (app == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           _ ("No program that can paint is known to the desktop."));
      return FALSE;
    }
  context = gdk_display_get_app_launch_context (gtk_widget_get_display (widget));
  return g_app_info_launch (app, &files, G_APP_LAUNCH_CONTEXT (context), error);
}

/* ---- What was saved */

static const guint32 *
paints (void)
{
  static guint32 colors[MAX_CLASSES];

  for (guint i = 0; i < G_N_ELEMENTS (colors); i++)
    colors[i] = slope_class_paint (i);
  return colors;
}

/* Changes whenever the file is written anew; 0: it is not there. */
static guint64
stamp_of (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo)
      info = g_file_query_info (file,
                                G_FILE_ATTRIBUTE_UNIX_INODE "," G_FILE_ATTRIBUTE_STANDARD_SIZE
                                                            "," G_FILE_ATTRIBUTE_TIME_MODIFIED
                                                            "," G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC,
                                G_FILE_QUERY_INFO_NONE, NULL, NULL);

  if (info == NULL)
    return 0;
  return g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_UNIX_INODE) * 31
         + (guint64)g_file_info_get_size (info) * 7
         + g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED) * G_USEC_PER_SEC
         + g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC);
}

/* What belongs to one picture; answers that come after another project was opened are dropped. */
typedef struct
{
  SlopeMaskEditor *self; /* owned */
  SlItem *item;          /* owned */
  GtkWidget *widget;     /* owned, nullable */
  GCancellable *cancel;  /* owned */
} Request;

static Request *
request_new (SlopeMaskEditor *self, SlItem *item, GtkWidget *widget)
{
  Request *request = g_new0 (Request, 1);

  request->self = g_object_ref (self);
  request->item = g_object_ref (item);
  request->widget = widget != NULL ? g_object_ref (widget) : NULL;
  request->cancel = g_object_ref (self->cancel);
  return request;
}

static void
request_free (Request *request)
{
  g_object_unref (request->self);
  g_object_unref (request->item);
  g_clear_object (&request->widget);
  g_object_unref (request->cancel);
  g_free (request);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static void
taken_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  g_autoptr (GError) error = NULL;
  gboolean changed;

  if (g_cancellable_is_cancelled (request->cancel))
    return;
  if (!sl_project_take_mask_finish (SL_PROJECT (source), result, &changed, &error))
    g_signal_emit (request->self, signals[REFUSED], 0, request->item, error);
  else if (changed)
    g_signal_emit (request->self, signals[TAKEN], 0, request->item);
}

static void
look_at (Loan *loan)
{
  SlopeMaskEditor *self = loan->editor;
  const guint64 stamp = stamp_of (loan->path);

  if (stamp == 0 || stamp == loan->stamp)
    return;
  loan->stamp = stamp;
  sl_project_take_mask_async (self->project, loan->item, loan->path, paints (), self->cancel,
                              taken_cb, request_new (self, loan->item, NULL));
}

static gboolean
settled_cb (gpointer user_data)
{
  Loan *loan = user_data;

  loan->settle_id = 0;
  look_at (loan);
  return G_SOURCE_REMOVE;
}

static void
file_changed_cb (Loan *loan)
{
  g_clear_handle_id (&loan->settle_id, g_source_remove);
  loan->settle_id = g_timeout_add (SETTLE_MS, settled_cb, loan);
}

/* ---- What is out */

static void
loan_free (gpointer data)
{
  Loan *loan = data;

  g_clear_handle_id (&loan->settle_id, g_source_remove);
  if (loan->monitor != NULL)
    g_signal_handlers_disconnect_by_data (loan->monitor, loan);
  g_clear_object (&loan->monitor);
  g_object_unref (loan->item);
  g_free (loan->path);
  g_free (loan);
}

/* Lent again, it is watched once. */
static Loan *
find_loan (SlopeMaskEditor *self, SlItem *item, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  Loan *loan;

  for (guint i = 0; i < self->loans->len; i++)
    if (((Loan *)self->loans->pdata[i])->item == item)
      return self->loans->pdata[i];
  loan = g_new0 (Loan, 1);
  loan->editor = self;
  loan->item = g_object_ref (item);
  loan->path = g_strdup (path);
  loan->monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (loan->monitor != NULL)
    g_signal_connect_swapped (loan->monitor, "changed", G_CALLBACK (file_changed_cb), loan);
  g_ptr_array_add (self->loans, loan);
  return loan;
}

static void
lent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Request) request = user_data;
  SlopeMaskEditor *self = request->self;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = sl_project_lend_mask_finish (SL_PROJECT (source), result, &error);
  g_autoptr (GFile) file = NULL;

  if (g_cancellable_is_cancelled (request->cancel))
    return;
  if (path == NULL)
    {
      g_signal_emit (self, signals[REFUSED], 0, request->item, error);
      return;
    }
  find_loan (self, request->item, path)->stamp = stamp_of (path);
  file = g_file_new_for_path (path);
  self->launcher (file, request->widget, &error);
  g_signal_emit (self, signals[LENT], 0, request->item, path, error);
}

/* ---- Object */

static void
slope_mask_editor_dispose (GObject *object)
{
  slope_mask_editor_set_project (SLOPE_MASK_EDITOR (object), NULL);
  G_OBJECT_CLASS (slope_mask_editor_parent_class)->dispose (object);
}

static void
slope_mask_editor_finalize (GObject *object)
{
  SlopeMaskEditor *self = SLOPE_MASK_EDITOR (object);

  g_ptr_array_unref (self->loans);
  g_object_unref (self->cancel);
  G_OBJECT_CLASS (slope_mask_editor_parent_class)->finalize (object);
}

static void
slope_mask_editor_class_init (SlopeMaskEditorClass *klass)
{
  const GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = slope_mask_editor_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_mask_editor_finalize;
  signals[LENT] = g_signal_new ("lent", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                3, SL_TYPE_ITEM, G_TYPE_STRING, G_TYPE_ERROR);
  signals[TAKEN] = g_signal_new ("taken", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, SL_TYPE_ITEM);
  signals[REFUSED] = g_signal_new ("refused", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, SL_TYPE_ITEM, G_TYPE_ERROR);
}

static void
slope_mask_editor_init (SlopeMaskEditor *self)
{
  self->loans = g_ptr_array_new_with_free_func (loan_free);
  self->cancel = g_cancellable_new ();
}

SlopeMaskEditor *
slope_mask_editor_new (SlopeMaskLauncher launcher)
{
  SlopeMaskEditor *self = g_object_new (SLOPE_TYPE_MASK_EDITOR, NULL);

  self->launcher = launcher != NULL ? launcher : launch;
  return self;
}

/* ---- Public */

void
slope_mask_editor_set_project (SlopeMaskEditor *self, SlProject *project)
{
  g_return_if_fail (SLOPE_IS_MASK_EDITOR (self));
  g_return_if_fail (project == NULL || SL_IS_PROJECT (project));

  if (self->project == project)
    return;
  g_cancellable_cancel (self->cancel);
  g_object_unref (self->cancel);
  self->cancel = g_cancellable_new ();
  g_ptr_array_set_size (self->loans, 0);
  g_set_object (&self->project, project);
}

void
slope_mask_editor_open (SlopeMaskEditor *self, SlItem *item, GtkWidget *widget)
{
  g_return_if_fail (SLOPE_IS_MASK_EDITOR (self) && SL_IS_ITEM (item));
  g_return_if_fail (GTK_IS_WIDGET (widget) && self->project != NULL);

  sl_project_lend_mask_async (self->project, item, paints (), self->cancel, lent_cb,
                              request_new (self, item, widget));
}

void
slope_mask_editor_look (SlopeMaskEditor *self)
{
  g_return_if_fail (SLOPE_IS_MASK_EDITOR (self));

  for (guint i = 0; i < self->loans->len; i++)
    look_at (self->loans->pdata[i]);
}
