/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a safetensors or .pth file: an error, or tensors no larger than the file can hold,
 * which are the same again after they were saved and read. */
#include "fuzz.h"

#include <slope/checkpoint.h>
#include <glib/gstdio.h>

/* 16 bits become 32; the tensors of a .pth file may share numbers, up to this bound. */
#define MAX_GROWTH 8

static void
check_tensors (SlStateDict *dict, size_t file_bytes)
{
  gsize bytes = 0;

  for (guint i = 0; i < sl_state_dict_n (dict); i++)
    {
      SlTensor *tensor = sl_state_dict_lookup (dict, sl_state_dict_name (dict, i));

      g_assert_nonnull (tensor);
      bytes += sl_tensor_get_bytes (tensor);
    }
  g_assert_cmpuint (bytes, <=, MAX_GROWTH * file_bytes);
}

static void
check_again (SlStateDict *dict)
{
  g_autofree char *folder = g_dir_make_tmp ("slope-fuzz-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "again.safetensors", NULL);
  g_autoptr (SlStateDict) again = NULL;
  g_autoptr (GError) error = NULL;

  sl_state_dict_save (dict, path, &error);
  g_assert_no_error (error);
  again = sl_state_dict_load (path, &error);
  g_assert_no_error (error);
  g_remove (path);
  g_rmdir (folder);
  g_assert_cmpuint (sl_state_dict_n (again), ==, sl_state_dict_n (dict));
  for (guint i = 0; i < sl_state_dict_n (dict); i++)
    {
      SlTensor *a = sl_state_dict_lookup (dict, sl_state_dict_name (dict, i));
      SlTensor *b = sl_state_dict_lookup (again, sl_state_dict_name (dict, i));

      g_assert_nonnull (b);
      g_assert_cmpmem (sl_tensor_get_data (a), sl_tensor_get_bytes (a), sl_tensor_get_data (b),
                       sl_tensor_get_bytes (b));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (SlStateDict) dict = sl_state_dict_parse (bytes, "fuzz", &error);

  g_assert_true ((dict == NULL) == (error != NULL));
  if (dict != NULL)
    {
      check_tensors (dict, size);
      check_again (dict);
    }
  return 0;
}
