/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/tensor.h>

/* Numbers as weight files hold them, little-endian, and what they become. */
typedef struct
{
  const char *safetensors; /* "F32"; NULL: not read from such files */
  const char *torch;       /* "FloatStorage" in module torch; NULL: not read from such files */
  gsize       size;        /* bytes of one */
  SlDType     dtype;
  void      (*copy) (const guint8 *from, gsize n, gpointer to); /* NULL: as it lies */
} SlElementType;

/* Ends with an entry of size 0. */
extern const SlElementType _sl_element_types[];

/* @n numbers at @from, anywhere in memory, into an array of @type's dtype. */
void _sl_element_copy (const SlElementType *type, const guint8 *from, gsize n, gpointer to);
