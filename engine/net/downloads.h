/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The folder of downloads in the user's cache, ~/.cache/slope/downloads: archives, and folders of
 * fetched pictures, each an entry of its own. */
char    *_sl_downloads_dup_folder (void);
/* (transfer full): the file for an archive at @address: two addresses never share one. */
char    *_sl_downloads_dup_path   (const char *address);
/* (transfer full): the folder for the pictures of the list of addresses at @path. */
char    *_sl_downloads_dup_pictures (const char *path);
/* Marks the entry that @path, made by the above, is or lies in as used now, then removes what was used
 * longest ago until the rest fits the bound. */
void     _sl_downloads_use        (const char *path);

G_END_DECLS
