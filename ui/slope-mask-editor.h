/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/* Opens @file in a program that can paint.  @error: there is none, or it does not start */
typedef gboolean (*SlopeMaskLauncher) (GFile *file, GtkWidget *widget, GError **error);

/**
 * SlopeMaskEditor:
 *
 * Masks that are out in the desktop's picture editor: lends them, watches the files, and takes what was saved
 * back as labels of their own.  A file is looked at when it has been left alone for a moment, and when
 * slope_mask_editor_look() is called.  Main thread; pictures are read on others.
 *
 * Signals: "lent" (SlItem, string, GError or NULL): the file is there, and whether a program opened it;
 * "taken" (SlItem): it has a new label; "refused" (SlItem or NULL, GError): nothing has changed.
 */
#define SLOPE_TYPE_MASK_EDITOR (slope_mask_editor_get_type ())
G_DECLARE_FINAL_TYPE (SlopeMaskEditor, slope_mask_editor, SLOPE, MASK_EDITOR, GObject)

/* @launcher: (nullable): the desktop's picture editor. */
SlopeMaskEditor *slope_mask_editor_new         (SlopeMaskLauncher launcher);
/* @project: (nullable).  What is out of another project is not looked at any more. */
void             slope_mask_editor_set_project (SlopeMaskEditor *self, SlProject *project);
/* @widget: on whose behalf the program is started. */
void             slope_mask_editor_open        (SlopeMaskEditor *self, SlItem *item, GtkWidget *widget);
/* Whatever was saved since it was looked at last; for when the person comes back. */
void             slope_mask_editor_look        (SlopeMaskEditor *self);

G_END_DECLS
