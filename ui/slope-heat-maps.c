/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-heat-maps.h"

#include "slope-thumbnailer.h"
#include "slope-tile.h"

#define MAP_PX 96    /* of its colours, which are stretched over the picture: 36 KiB each */
#define MAX_MAPS 400 /* that are kept: some ten screens of them */

typedef struct
{
  GdkTexture *texture;
  graphene_rect_t where;
} Map;

static void
map_free (gpointer data)
{
  Map *map = data;

  g_object_unref (map->texture);
  g_free (map);
}

static void
ask (SlProject *project, gint64 run, SlItem *item, const char *class_name,
     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  sl_project_heat_map_async (project, run, sl_item_get_path (item), class_name, cancellable,
                             callback, user_data);
}

static gpointer
finish (SlProject *project, SlItem *item, GAsyncResult *result, GError **error)
{
  g_autoptr (SlHeatMap) values = sl_project_heat_map_finish (project, result, error);
  g_autoptr (SlPicture) colors = NULL;
  Map *map;

  if (values == NULL)
    return NULL;
  colors = sl_heat_map_render (values, MAP_PX, MAP_PX);
  map = g_new0 (Map, 1);
  map->texture = slope_texture_new_from_rgb (colors->pixels, MAP_PX, MAP_PX);
  slope_place_in_square (item, values->left, values->top, values->right, values->bottom,
                         &map->where);
  return map;
}

const char *
slope_heat_maps_class_of (SlProject *project, SlItem *item)
{
  const char *target;
  const SlProblem *problem;
  guint index;

  g_return_val_if_fail (SL_IS_PROJECT (project) && SL_IS_ITEM (item), NULL);

  target = sl_item_get_target (item);
  problem = sl_project_get_problem (project);
  if (target == NULL || problem->task->classes_of (problem, target, &index, 1) == 0)
    return NULL;
  return sl_project_get_classes (project)[index];
}

SlopeAnswers *
slope_heat_maps_new (void)
{
  static const SlopeAnswerKind kind = { .max = MAX_MAPS,
                                        .key = slope_heat_maps_class_of,
                                        .ask = ask,
                                        .finish = finish,
                                        .answer_free = map_free };

  return slope_answers_new (&kind);
}

GdkTexture *
slope_heat_maps_lookup (SlopeAnswers *maps, SlItem *item, graphene_rect_t *where)
{
  const Map *map = slope_answers_lookup (maps, item);

  g_return_val_if_fail (where != NULL, NULL);

  if (map == NULL)
    return NULL;
  *where = map->where;
  return map->texture;
}
