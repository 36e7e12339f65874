/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/error.h>

G_DEFINE_QUARK (sl - error - quark, sl_error)
