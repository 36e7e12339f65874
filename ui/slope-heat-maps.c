/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-heat-maps.h"

#include "slope-thumbnailer.h"

#define MAP_PX 96    /* of its colours, which are stretched over the picture: 36 KiB each */
#define MAX_MAPS 400 /* that are kept: some ten screens of them */

typedef struct
{
  gint64 item;
  char *class_name;
  GdkTexture *texture; /* NULL: this picture has none */
  graphene_rect_t where;
} Map;

struct _SlopeHeatMaps
{
  GObject parent_instance;
  SlProject *project; /* owned; NULL: none */
  gint64 run;
  char *problem;        /* (nullable) */
  GQueue maps;          /* of Map, the last used first */
  GPtrArray *wanted;    /* of SlItem, owned; the next one last */
  SlItem *making;       /* owned; NULL: nothing is being made */
  char *making_class;   /* owned */
  GCancellable *cancel; /* of the one that is being made */
};

enum
{
  PROP_PROBLEM = 1,
  N_PROPS
};

enum
{
  READY,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SlopeHeatMaps, slope_heat_maps, G_TYPE_OBJECT)

/* ---- What is known */

static void
map_free (gpointer data)
{
  Map *map = data;

  g_clear_object (&map->texture);
  g_free (map->class_name);
  g_free (map);
}

/* A few hundred at most: looking through them costs less than a key made of both would. */
static Map *
find_map (SlopeHeatMaps *self, SlItem *item)
{
  const gint64 id = sl_item_get_id (item);
  const char *class_name = slope_heat_maps_class_of (self, item);

  for (GList *link = self->maps.head; link != NULL; link = link->next)
    {
      Map *map = link->data;

      if (map->item != id || g_strcmp0 (map->class_name, class_name) != 0)
        continue;
      g_queue_unlink (&self->maps, link);
      g_queue_push_head_link (&self->maps, link);
      return map;
    }
  return NULL;
}

/* Tiles show the middle square of a picture; the network may have seen another part of it. */
static graphene_rect_t
place_in_square (const SlHeatMap *map, int width, int height)
{
  const double side = MAX (1, MIN (width, height));
  const double across = width / side, down = height / side;

  return GRAPHENE_RECT_INIT (map->left * across - (across - 1.) / 2.,
                             map->top * down - (down - 1.) / 2., (map->right - map->left) * across,
                             (map->bottom - map->top) * down);
}

/* @values: (nullable): there is no map */
static void
keep_map (SlopeHeatMaps *self, SlItem *item, const char *class_name, const SlHeatMap *values)
{
  Map *map = g_new0 (Map, 1);

  map->item = sl_item_get_id (item);
  map->class_name = g_strdup (class_name);
  if (values != NULL)
    {
      g_autoptr (SlPicture) colors = sl_heat_map_render (values, MAP_PX, MAP_PX);

      map->texture = slope_texture_new_from_rgb (colors->pixels, MAP_PX, MAP_PX);
      map->where = place_in_square (values, sl_item_get_width (item), sl_item_get_height (item));
    }
  g_queue_push_head (&self->maps, map);
  while (self->maps.length > MAX_MAPS)
    map_free (g_queue_pop_tail (&self->maps));
}

static void
set_problem (SlopeHeatMaps *self, const char *problem)
{
  if (g_strcmp0 (self->problem, problem) == 0)
    return;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROBLEM]);
}

/* ---- One after the other */

static void make_next (SlopeHeatMaps *self);

/* What concerns one picture alone, so that others may well have a map. */
static gboolean
is_of_the_picture (const GError *error)
{
  return g_error_matches (error, SL_ERROR, SL_ERROR_FORMAT)
         || g_error_matches (error, SL_ERROR, SL_ERROR_NOT_FOUND);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SlopeHeatMaps) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SlHeatMap) map = sl_project_heat_map_finish (SL_PROJECT (source), result, &error);
  g_autoptr (SlItem) item = g_steal_pointer (&self->making);
  g_autofree char *class_name = g_steal_pointer (&self->making_class);
  /* Cancelled: not wanted any more, or of a run that is not looked at any more. */
  const gboolean given_up = g_cancellable_is_cancelled (self->cancel);

  g_clear_object (&self->cancel);
  if (!given_up && (map != NULL || is_of_the_picture (error)))
    keep_map (self, item, class_name, map);
  else if (!given_up)
    {
      g_ptr_array_set_size (self->wanted, 0);
      set_problem (self, error->message);
    }
  if (!given_up)
    g_signal_emit (self, signals[READY], 0);
  make_next (self);
}

static void
make_next (SlopeHeatMaps *self)
{
  while (self->making == NULL && self->wanted->len > 0)
    {
      g_autoptr (SlItem) item = g_ptr_array_steal_index (self->wanted, self->wanted->len - 1);

      /* Labelled anew since it was wanted, perhaps. */
      if (slope_heat_maps_class_of (self, item) == NULL || find_map (self, item) != NULL)
        continue;
      self->making_class = g_strdup (slope_heat_maps_class_of (self, item));
      self->making = g_steal_pointer (&item);
      self->cancel = g_cancellable_new ();
      sl_project_heat_map_async (self->project, self->run, sl_item_get_path (self->making),
                                 self->making_class, self->cancel, made_cb, g_object_ref (self));
    }
}

/* ---- Object */

static void
slope_heat_maps_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_PROBLEM)
    g_value_set_string (value, SLOPE_HEAT_MAPS (object)->problem);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
slope_heat_maps_finalize (GObject *object)
{
  SlopeHeatMaps *self = SLOPE_HEAT_MAPS (object);

  g_queue_clear_full (&self->maps, map_free);
  g_ptr_array_unref (self->wanted);
  g_free (self->problem);
  g_clear_object (&self->project);
  G_OBJECT_CLASS (slope_heat_maps_parent_class)->finalize (object);
}

static void
slope_heat_maps_class_init (SlopeHeatMapsClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = slope_heat_maps_get_property;
  G_OBJECT_CLASS (klass)->finalize = slope_heat_maps_finalize;
  props[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, props);
  signals[READY] = g_signal_new ("ready", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
slope_heat_maps_init (SlopeHeatMaps *self)
{
  self->wanted = g_ptr_array_new_with_free_func (g_object_unref);
}

SlopeHeatMaps *
slope_heat_maps_new (void)
{
  return g_object_new (SLOPE_TYPE_HEAT_MAPS, NULL);
}

/* ---- Public */

void
slope_heat_maps_set_run (SlopeHeatMaps *self, SlProject *project, gint64 run)
{
  g_return_if_fail (SLOPE_IS_HEAT_MAPS (self));
  g_return_if_fail (project == NULL || SL_IS_PROJECT (project));

  g_ptr_array_set_size (self->wanted, 0);
  if (self->cancel != NULL)
    g_cancellable_cancel (self->cancel);
  g_queue_clear_full (&self->maps, map_free);
  g_set_object (&self->project, project);
  self->run = run;
  set_problem (self, NULL);
}

/* Of its label as it is now. */
static gboolean
is_being_made (SlopeHeatMaps *self, SlItem *item)
{
  return item == self->making && !g_cancellable_is_cancelled (self->cancel)
         && g_strcmp0 (self->making_class, slope_heat_maps_class_of (self, item)) == 0;
}

void
slope_heat_maps_want (SlopeHeatMaps *self, SlItem *const *items, guint n)
{
  gboolean still = FALSE;

  g_return_if_fail (SLOPE_IS_HEAT_MAPS (self));
  g_return_if_fail (n == 0 || (items != NULL && self->project != NULL));

  g_ptr_array_set_size (self->wanted, 0);
  for (guint i = n; i-- > 0 && self->problem == NULL;)
    if (is_being_made (self, items[i]))
      still = TRUE;
    else
      g_ptr_array_add (self->wanted, g_object_ref (items[i]));
  if (self->making != NULL && !still)
    g_cancellable_cancel (self->cancel);
  make_next (self);
}

GdkTexture *
slope_heat_maps_lookup (SlopeHeatMaps *self, SlItem *item, graphene_rect_t *where)
{
  Map *map;

  g_return_val_if_fail (SLOPE_IS_HEAT_MAPS (self) && SL_IS_ITEM (item) && where != NULL, NULL);

  map = find_map (self, item);
  if (map == NULL || map->texture == NULL)
    return NULL;
  *where = map->where;
  return map->texture;
}

const char *
slope_heat_maps_class_of (SlopeHeatMaps *self, SlItem *item)
{
  const char *target = sl_item_get_target (item);
  const SlProblem *problem;
  guint index;

  g_return_val_if_fail (SLOPE_IS_HEAT_MAPS (self) && SL_IS_ITEM (item), NULL);

  if (self->project == NULL || target == NULL)
    return NULL;
  problem = sl_project_get_problem (self->project);
  if (problem->task->classes_of (problem, target, &index, 1) == 0)
    return NULL;
  return sl_project_get_classes (self->project)[index];
}

const char *
slope_heat_maps_get_problem (SlopeHeatMaps *self)
{
  g_return_val_if_fail (SLOPE_IS_HEAT_MAPS (self), NULL);
  return self->problem;
}
