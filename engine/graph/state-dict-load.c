/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/state-dict-private.h"

SlStateDict *
sl_state_dict_parse (GBytes *bytes, const char *name_for_errors, GError **error)
{
  const guint8 *data;
  gsize n_bytes;

  g_return_val_if_fail (bytes != NULL && name_for_errors != NULL, NULL);

  data = g_bytes_get_data (bytes, &n_bytes);
  return _sl_torch_sniff (data, n_bytes) ? _sl_torch_parse (bytes, name_for_errors, error)
                                         : _sl_safetensors_parse (bytes, name_for_errors, error);
}

SlStateDict *
sl_state_dict_load (const char *path, GError **error)
{
  g_autoptr (GMappedFile) file = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) file_error = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  /* Mapped: the file's own bytes then cost no memory beside the tensors'. */
  file = g_mapped_file_new (path, FALSE, &file_error);
  if (file == NULL)
    {
      gboolean missing = g_error_matches (file_error, G_FILE_ERROR, G_FILE_ERROR_NOENT);

      g_set_error (error, SL_ERROR, missing ? SL_ERROR_NOT_FOUND : SL_ERROR_FAILED,
                   "%s: check that the file is there and may be read", file_error->message);
      return NULL;
    }
  bytes = g_mapped_file_get_bytes (file);
  return sl_state_dict_parse (bytes, path, error);
}
