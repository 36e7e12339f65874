/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/error.h>
#include <slope/tensor.h>

static void
test_shape (void)
{
  g_autofree char *text = sl_shape_to_string (SL_SHAPE4 (32, 64, 64, 3));

  g_assert_cmpstr (text, ==, "32×64×64×3");
  g_assert_cmpuint (sl_shape_n_elements (SL_SHAPE4 (2, 3, 5, 7)), ==, 210);
  g_assert_cmpuint (sl_shape_n_elements (SL_SHAPE2 (5, 0)), ==, 0);
  g_assert_cmpuint (sl_shape_n_elements ((SlShape){ 0 }), ==, 1);
  g_assert_cmpuint (sl_shape_n_elements (SL_SHAPE3 (G_MAXSIZE, 0, 2)), ==, 0);
  g_assert_cmpuint (sl_shape_n_elements (SL_SHAPE2 (G_MAXSIZE / 2, 3)), ==, G_MAXSIZE);
  g_assert_true (sl_shape_equal (SL_SHAPE2 (3, 4), SL_SHAPE2 (3, 4)));
  g_assert_false (sl_shape_equal (SL_SHAPE2 (3, 4), SL_SHAPE2 (4, 3)));
  g_assert_false (sl_shape_equal (SL_SHAPE2 (3, 1), SL_SHAPE1 (3)));
}

static void
test_new (void)
{
  g_autoptr (SlTensor) tensor = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE3 (3, 5, 7));
  g_autoptr (SlTensor) second = sl_tensor_ref (tensor);
  float *data = sl_tensor_f32 (tensor);

  g_assert_cmpuint ((guintptr)data % 64, ==, 0);
  g_assert_cmpuint (sl_tensor_get_bytes (tensor), ==, 3 * 5 * 7 * 4);
  for (gsize i = 0; i < 3 * 5 * 7; i++)
    g_assert_cmpfloat (data[i], ==, 0);
  data[104] = 2.5f;
  g_assert_cmpfloat (sl_tensor_f32 (second)[104], ==, 2.5f);
  g_assert_true (sl_shape_equal (sl_tensor_get_shape (second), SL_SHAPE3 (3, 5, 7)));
}

static void
test_dtypes (void)
{
  g_autoptr (SlTensor) bytes = sl_tensor_new (SL_DTYPE_U8, SL_SHAPE1 (9));
  g_autoptr (SlTensor) targets = sl_tensor_new (SL_DTYPE_I32, SL_SHAPE1 (9));
  g_autoptr (SlTensor) empty = sl_tensor_new (SL_DTYPE_F32, SL_SHAPE2 (0, 4));

  g_assert_cmpuint (sl_tensor_get_bytes (bytes), ==, 9);
  g_assert_cmpuint (sl_tensor_get_bytes (targets), ==, 36);
  g_assert_nonnull (sl_tensor_i32 (targets));
  g_assert_nonnull (sl_tensor_get_data (empty));
}

static void
test_error (void)
{
  g_autoptr (GError) error = g_error_new (SL_ERROR, SL_ERROR_SHAPE, "3×4 does not fit 4×3");

  g_assert_error (error, SL_ERROR, SL_ERROR_SHAPE);
  g_assert_cmpstr (g_quark_to_string (SL_ERROR), ==, "sl-error-quark");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/tensor/shape", test_shape);
  g_test_add_func ("/engine/tensor/new", test_new);
  g_test_add_func ("/engine/tensor/dtypes", test_dtypes);
  g_test_add_func ("/engine/tensor/error", test_error);
  return g_test_run ();
}
