/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope-when.h"

#include "config.h"

#include <glib/gi18n.h>

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

char *
slope_format_when_at (gint64 time, gint64 now)
{
  gint64 ago = now - time;
  g_autoptr (GDateTime) date = NULL;
  if (ago < MINUTE)
    return g_strdup (_ ("just now"));
  if (ago < HOUR)
    return g_strdup_printf (ngettext ("%d minute ago", "%d minutes ago", (gulong)(ago / MINUTE)),
                            (int)(ago / MINUTE));
  if (ago < DAY)
    return g_strdup_printf (ngettext ("%d hour ago", "%d hours ago", (gulong)(ago / HOUR)),
                            (int)(ago / HOUR));
  if (ago < 2 * DAY)
    return g_strdup (_ ("yesterday"));
  if (ago < 14 * DAY)
    return g_strdup_printf (ngettext ("%d day ago", "%d days ago", (gulong)(ago / DAY)),
                            (int)(ago / DAY));
  date = g_date_time_new_from_unix_local (time);
  return g_date_time_format (date, "%x");
}

char *
slope_format_when (gint64 time)
{
  return slope_format_when_at (time, g_get_real_time () / G_USEC_PER_SEC);
}
