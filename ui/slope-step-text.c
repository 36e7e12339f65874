/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-step-text.h"

#include <glib/gi18n.h>

char *
slope_step_to_text (const SlJournalStep *step, gboolean texts)
{
  const unsigned long n = step->n_items;

  g_return_val_if_fail (step != NULL, NULL);

  switch (step->kind)
    {
    case SL_STEP_REMOVE:
      return g_strdup_printf (
          texts ? ngettext ("removing %lu text", "removing %lu texts", n)
                /* translators: goes into "Undone: %s" and "Done again: %s", as those below do */
                : ngettext ("removing %lu picture", "removing %lu pictures", n),
          n);
    case SL_STEP_PUT_BACK:
      return g_strdup_printf (
          texts ? ngettext ("putting back %lu text", "putting back %lu texts", n)
                : ngettext ("putting back %lu picture", "putting back %lu pictures", n),
          n);
    case SL_STEP_RELABEL:
      return step->detail != NULL
                 ? g_strdup_printf (texts ? ngettext ("relabelling %lu text to “%s”",
                                                      "relabelling %lu texts to “%s”", n)
                                          : ngettext ("relabelling %lu picture to “%s”",
                                                      "relabelling %lu pictures to “%s”", n),
                                    n, step->detail)
                 : g_strdup_printf (
                     texts ? ngettext ("relabelling %lu text", "relabelling %lu texts", n)
                           : ngettext ("relabelling %lu picture", "relabelling %lu pictures", n),
                     n);
    case SL_STEP_KEEP:
      return g_strdup_printf (texts ? ngettext ("keeping %lu text", "keeping %lu texts", n)
                                    : ngettext ("keeping %lu picture", "keeping %lu pictures", n),
                              n);
    case SL_STEP_SPLIT:
      return g_strdup_printf (
          texts ? ngettext ("the use of %lu text", "the use of %lu texts", n)
                : ngettext ("the use of %lu picture", "the use of %lu pictures", n),
          n);
    default:
      return g_strdup (_ ("the last step"));
    }
}
