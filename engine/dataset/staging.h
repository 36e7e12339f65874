/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* (transfer full): a new empty folder in the user's cache, where pictures of archives and samples
 * wait for their project.  What killed programs left there is removed first. */
char *_sl_staging_new (GError **error);

/* Removes @folder and all inside it, following no link. */
void _sl_staging_remove (const char *folder);

G_END_DECLS
