/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/slope.h>

int
main (int argc, char **argv)
{
  return 0;
}
