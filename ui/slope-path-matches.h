/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

typedef enum
{
  SLOPE_MATCHES_LABELS, /* of all files */
  SLOPE_MATCHES_GROUPS  /* of the pictures that will be imported */
} SlopeMatchesKind;

/**
 * SlopePathMatches:
 *
 * What a regular expression finds in the paths of an import, while it is being typed: how many fit,
 * how many different labels or groups that makes, some paths with the found part marked, and one that
 * does not fit.  Works off the main thread; the newest expression wins.  Of one that cannot be used
 * it shows nothing: whoever reads the labels says why.
 */
#define SLOPE_TYPE_PATH_MATCHES (slope_path_matches_get_type ())
G_DECLARE_FINAL_TYPE (SlopePathMatches, slope_path_matches, SLOPE, PATH_MATCHES, AdwBin)

GtkWidget *slope_path_matches_new  (SlopeMatchesKind kind);
/* @import: (nullable): shows nothing. */
void       slope_path_matches_show (SlopePathMatches *self, SlImport *import, const char *pattern);

G_END_DECLS
