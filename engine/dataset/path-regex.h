/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dataset/scan.h"

G_BEGIN_DECLS

/* Regular expressions (PCRE) on paths of pictures, with "/" between folders on every system.
 * @error: %SL_ERROR_DATA: not well formed, said with the place; or without a group in parentheses,
 * whose first match is what counts. */
GRegex *_sl_path_regex_new   (const char *pattern, GError **error);

/* (transfer full) (nullable): what the first group matches; %NULL: nothing, or an empty text.
 * @at: (out) (nullable): bytes into the path.  @error: %SL_ERROR_DATA: gave up on this path, which takes too long.  Threads: any. */
char   *_sl_path_regex_match (const GRegex *self, const char *rel_path, int *at, GError **error);

/* Whose paths: an array of SlFound, or of SlCandidate. */
typedef enum
{
  SL_PATHS_OF_FILES,
  SL_PATHS_OF_ITEMS
} SlPathsOf;

/* What was found until @cancellable (nullable) was cancelled. */
void    _sl_path_regex_preview (const char *pattern, GPtrArray *files, SlPathsOf of,
                                GCancellable *cancellable, SlRegexPreview *preview);

G_END_DECLS
