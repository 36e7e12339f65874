/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* No click is lost while windows are laid out anew.
 *
 * When a window's widgets were moved, GTK tells it of a motion that nobody made, so that what is under
 * the resting pointer is known again.  It takes the buttons from the server, as they are at that moment:
 * where the button is up already and its release is still in the queue behind, the motion says that no
 * button is held, and every gesture of the window that waits for the release is given up.  The click on
 * a button does nothing then, a drag ends nowhere.  It happens where a frame takes as long as a click: on
 * a busy machine, or just after much was shown.
 *
 * From this call on all toplevel windows, those to come too, ignore such a motion between press and
 * release.  Main thread, once, after GTK was initialised. */
void slope_click_guard_start (void);

G_END_DECLS
