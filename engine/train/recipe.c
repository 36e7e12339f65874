/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/models.h>
#include <slope/recipe.h>
#include <math.h>
#include <string.h>

/* Everything about an entry in one row: how it is written down, what it may be. */
typedef enum
{
  FIELD_STRING,
  FIELD_INT,
  FIELD_UINT,
  FIELD_UINT64,
  FIELD_DOUBLE,
  FIELD_BOOLEAN
} FieldKind;

typedef struct
{
  const char *name; /* in JSON */
  const char *what; /* in messages */
  FieldKind kind;
  gsize offset;
  double min, max; /* inclusive; of numbers */
} Field;

#define MAX_SEED ((double)G_MAXINT64) /* JSON readers know signed integers */

static const Field recipe_fields[] = {
  { "arch", "network", FIELD_STRING, G_STRUCT_OFFSET (SlRecipe, arch) },
  { "pretrained", "pretrained weights", FIELD_STRING, G_STRUCT_OFFSET (SlRecipe, pretrained) },
  { "height", "picture height", FIELD_INT, G_STRUCT_OFFSET (SlRecipe, height), 8, 2048 },
  { "width", "picture width", FIELD_INT, G_STRUCT_OFFSET (SlRecipe, width), 8, 2048 },
  { "batch", "batch size", FIELD_UINT, G_STRUCT_OFFSET (SlRecipe, batch), 0, 4096 },
  { "augment", "augmentation", FIELD_STRING, G_STRUCT_OFFSET (SlRecipe, augment) },
  { "weight_decay", "weight decay", FIELD_DOUBLE, G_STRUCT_OFFSET (SlRecipe, weight_decay), 0, 1 },
  { "dropout", "dropout", FIELD_DOUBLE, G_STRUCT_OFFSET (SlRecipe, dropout), 0, 0.95 },
  { "label_smoothing", "label smoothing", FIELD_DOUBLE, G_STRUCT_OFFSET (SlRecipe, label_smoothing),
    0, 0.9 },
  { "freeze_norms", "freezing of batch norms", FIELD_BOOLEAN,
    G_STRUCT_OFFSET (SlRecipe, freeze_norms), 0, 1 },
  { "seed", "seed", FIELD_UINT64, G_STRUCT_OFFSET (SlRecipe, seed), 0, MAX_SEED },
  { "threads", "number of threads", FIELD_UINT, G_STRUCT_OFFSET (SlRecipe, threads), 0, 1024 },
};

static const Field stage_fields[] = {
  { "freeze_to", "number of frozen groups", FIELD_UINT, G_STRUCT_OFFSET (SlStage, freeze_to), 0,
    64 },
  { "epochs", "number of epochs", FIELD_UINT, G_STRUCT_OFFSET (SlStage, epochs), 1, 10000 },
  { "lr_low", "lower learning rate", FIELD_DOUBLE, G_STRUCT_OFFSET (SlStage, lr_low), 0, 1e9 },
  { "lr_high", "learning rate", FIELD_DOUBLE, G_STRUCT_OFFSET (SlStage, lr_high), 1e-12, 1e9 },
  { "pct_start", "share of warm-up", FIELD_DOUBLE, G_STRUCT_OFFSET (SlStage, pct_start), 0, 1 },
};

G_DEFINE_BOXED_TYPE (SlRecipe, sl_recipe, sl_recipe_copy, sl_recipe_free)

SlRecipe *
sl_recipe_new (void)
{
  SlRecipe *self = g_new0 (SlRecipe, 1);

  self->arch = g_strdup ("resnet18");
  self->pretrained = g_strdup ("none");
  self->height = self->width = 128;
  self->n_stages = 1;
  self->stages[0] = (SlStage){ .epochs = 4, .lr_low = 3e-3, .lr_high = 3e-3, .pct_start = 0.3 };
  self->augment = g_strdup ("default");
  self->weight_decay = 0.01;
  self->dropout = 0.5;
  return self;
}

SlRecipe *
sl_recipe_copy (const SlRecipe *self)
{
  SlRecipe *copy;

  g_return_val_if_fail (self != NULL, NULL);
  copy = g_memdup2 (self, sizeof *self);
  copy->arch = g_strdup (self->arch);
  copy->pretrained = g_strdup (self->pretrained);
  copy->augment = g_strdup (self->augment);
  return copy;
}

void
sl_recipe_free (SlRecipe *self)
{
  if (self == NULL)
    return;
  g_free (self->arch);
  g_free (self->pretrained);
  g_free (self->augment);
  g_free (self);
}

guint
sl_recipe_n_epochs (const SlRecipe *self)
{
  guint n = 0;

  for (guint i = 0; i < self->n_stages; i++)
    n += self->stages[i].epochs;
  return n;
}

/* ---- Checks */

static double
field_get_number (const Field *field, gconstpointer record)
{
  gconstpointer at = (const guint8 *)record + field->offset;

  switch (field->kind)
    {
    case FIELD_INT:
      return *(const int *)at;
    case FIELD_UINT:
      return *(const guint *)at;
    case FIELD_UINT64:
      return (double)*(const guint64 *)at;
    case FIELD_DOUBLE:
      return *(const double *)at;
    case FIELD_BOOLEAN:
      return *(const gboolean *)at;
    case FIELD_STRING:
    default:
      return NAN;
    }
}

/* @where: " of stage 2" or "". */
static gboolean
field_check_number (const Field *field, double value, const char *where, int code, GError **error)
{
  if (value >= field->min && value <= field->max)
    return TRUE;
  g_set_error (error, SL_ERROR, code, "The %s%s is %g: choose a value from %g to %g", field->what,
               where, value, field->min, field->max);
  return FALSE;
}

static gboolean
fields_check (const Field *fields, gsize n, gconstpointer record, const char *where, GError **error)
{
  for (gsize i = 0; i < n; i++)
    {
      const char *text;

      if (fields[i].kind != FIELD_STRING)
        {
          if (!field_check_number (&fields[i], field_get_number (&fields[i], record), where,
                                   SL_ERROR_DATA, error))
            return FALSE;
          continue;
        }
      text = G_STRUCT_MEMBER (char *, record, fields[i].offset);
      if (text == NULL || *text == '\0')
        {
          g_set_error (error, SL_ERROR, SL_ERROR_DATA, "The %s is empty: choose one",
                       fields[i].what);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
check_stage (const SlRecipe *self, guint i, const SlArch *arch, GError **error)
{
  const SlStage *stage = &self->stages[i];
  g_autofree char *where = self->n_stages > 1 ? g_strdup_printf (" of stage %u", i + 1)
                                              : g_strdup ("");

  if (!fields_check (stage_fields, G_N_ELEMENTS (stage_fields), stage, where, error))
    return FALSE;
  if (stage->lr_low > stage->lr_high)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "The learning rates%s run from %g down to %g: write the lower one first", where,
                   stage->lr_low, stage->lr_high);
      return FALSE;
    }
  if (stage->freeze_to > arch->n_groups)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "%s has %u layer groups and %u are to be frozen%s: freeze at most %u",
                   arch->label, arch->n_groups + 1, stage->freeze_to, where, arch->n_groups);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_names (const SlRecipe *self, const SlArch *arch, GError **error)
{
  if (arch == NULL)
    {
      g_autoptr (GString) names = g_string_new (NULL);

      for (const SlArch *const *all = sl_arch_all (); *all != NULL; all++)
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", (*all)->id);
      g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                   "There is no network “%s”: choose one of %s", self->arch, names->str);
      return FALSE;
    }
  if (sl_augment_find (self->augment) == NULL)
    {
      g_autofree char *names = g_strjoinv (", ", (char **)sl_augment_names ());

      g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                   "There is no augmentation “%s”: choose one of %s", self->augment, names);
      return FALSE;
    }
  return TRUE;
}

gboolean
sl_recipe_check (const SlRecipe *self, GError **error)
{
  const SlArch *arch;

  g_return_val_if_fail (self != NULL, FALSE);
  if (!fields_check (recipe_fields, G_N_ELEMENTS (recipe_fields), self, "", error))
    return FALSE;
  arch = sl_arch_find (self->arch);
  if (!check_names (self, arch, error))
    return FALSE;
  if (MIN (self->height, self->width) < (int)arch->min_size)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "Pictures of %d×%d are too small for %s: choose a size of at least %u",
                   self->height, self->width, arch->label, arch->min_size);
      return FALSE;
    }
  if (self->batch == 1)
    {
      g_set_error (
          error, SL_ERROR, SL_ERROR_DATA,
          "The batch size is 1 and a batch norm needs two pictures to compare: choose 2 or "
          "more, or 0 for automatic");
      return FALSE;
    }
  if (self->n_stages < 1 || self->n_stages > SL_MAX_STAGES)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "The recipe has %u stages: it needs from 1 to %u", self->n_stages,
                   SL_MAX_STAGES);
      return FALSE;
    }
  for (guint i = 0; i < self->n_stages; i++)
    if (!check_stage (self, i, arch, error))
      return FALSE;
  return TRUE;
}

/* ---- JSON */

static void
fields_write (const Field *fields, gsize n, gconstpointer record, JsonBuilder *builder)
{
  for (gsize i = 0; i < n; i++)
    {
      json_builder_set_member_name (builder, fields[i].name);
      switch (fields[i].kind)
        {
        case FIELD_STRING:
          json_builder_add_string_value (builder,
                                         G_STRUCT_MEMBER (char *, record, fields[i].offset));
          break;
        case FIELD_BOOLEAN:
          json_builder_add_boolean_value (builder,
                                          G_STRUCT_MEMBER (gboolean, record, fields[i].offset));
          break;
        case FIELD_DOUBLE:
          json_builder_add_double_value (builder, field_get_number (&fields[i], record));
          break;
        case FIELD_UINT64:
          json_builder_add_int_value (builder,
                                      (gint64)G_STRUCT_MEMBER (guint64, record, fields[i].offset));
          break;
        case FIELD_INT:
        case FIELD_UINT:
        default:
          json_builder_add_int_value (builder, (gint64)field_get_number (&fields[i], record));
          break;
        }
    }
}

char *
sl_recipe_to_json (const SlRecipe *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  json_builder_begin_object (builder);
  fields_write (recipe_fields, G_N_ELEMENTS (recipe_fields), self, builder);
  json_builder_set_member_name (builder, "stages");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->n_stages; i++)
    {
      json_builder_begin_object (builder);
      fields_write (stage_fields, G_N_ELEMENTS (stage_fields), &self->stages[i], builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

static gboolean
field_read_number (const Field *field, JsonNode *node, gpointer record, GError **error)
{
  gpointer at = (guint8 *)record + field->offset;
  double value = field->kind == FIELD_BOOLEAN ? json_node_get_boolean (node)
                                              : json_node_get_double (node);

  if (!field_check_number (field, value, "", SL_ERROR_FORMAT, error))
    return FALSE;
  switch (field->kind)
    {
    case FIELD_INT:
      *(int *)at = (int)value;
      break;
    case FIELD_UINT:
      *(guint *)at = (guint)value;
      break;
    case FIELD_UINT64:
      *(guint64 *)at = (guint64)json_node_get_int (node);
      break;
    case FIELD_BOOLEAN:
      *(gboolean *)at = value != 0;
      break;
    case FIELD_DOUBLE:
    case FIELD_STRING:
    default:
      *(double *)at = value;
      break;
    }
  return TRUE;
}

static gboolean
field_read (const Field *field, JsonNode *node, gpointer record, GError **error)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;
  gboolean fits;

  switch (field->kind)
    {
    case FIELD_STRING:
      fits = type == G_TYPE_STRING;
      break;
    case FIELD_BOOLEAN:
      fits = type == G_TYPE_BOOLEAN;
      break;
    case FIELD_DOUBLE:
      fits = type == G_TYPE_DOUBLE || type == G_TYPE_INT64;
      break;
    case FIELD_INT:
    case FIELD_UINT:
    case FIELD_UINT64:
    default:
      fits = type == G_TYPE_INT64;
      break;
    }
  if (!fits)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                   "The entry “%s” of the recipe is of the wrong kind: correct the file",
                   field->name);
      return FALSE;
    }
  if (field->kind != FIELD_STRING)
    return field_read_number (field, node, record, error);
  g_free (G_STRUCT_MEMBER (char *, record, field->offset));
  G_STRUCT_MEMBER (char *, record, field->offset) = g_strdup (json_node_get_string (node));
  return TRUE;
}

/* Entries that are not there keep their defaults; unknown ones are passed over. */
static gboolean
fields_read (const Field *fields, gsize n, JsonObject *object, gpointer record, GError **error)
{
  for (gsize i = 0; i < n; i++)
    {
      JsonNode *node = json_object_get_member (object, fields[i].name);

      if (node != NULL && !field_read (&fields[i], node, record, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_stages (SlRecipe *self, JsonNode *node, GError **error)
{
  const SlStage defaults = self->stages[0];
  JsonArray *stages = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = stages != NULL ? json_array_get_length (stages) : 0;

  if (n < 1 || n > SL_MAX_STAGES)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                   "The recipe has %u stages: it needs from 1 to %u", n, SL_MAX_STAGES);
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    {
      JsonNode *element = json_array_get_element (stages, i);

      self->stages[i] = defaults;
      if (!JSON_NODE_HOLDS_OBJECT (element))
        {
          g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                       "Stage %u of the recipe is not an object: correct the file", i + 1);
          return FALSE;
        }
      if (!fields_read (stage_fields, G_N_ELEMENTS (stage_fields), json_node_get_object (element),
                        &self->stages[i], error))
        return FALSE;
    }
  self->n_stages = n;
  return TRUE;
}

SlRecipe *
sl_recipe_from_json (const char *json, GError **error)
{
  g_autoptr (SlRecipe) self = sl_recipe_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) parse_error = NULL;
  JsonObject *object;
  JsonNode *stages;

  g_return_val_if_fail (json != NULL, NULL);
  root = json_from_string (json, &parse_error);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_FORMAT, "The recipe is not a JSON object: %s",
                   parse_error != NULL ? parse_error->message : "correct the file");
      return NULL;
    }
  object = json_node_get_object (root);
  if (!fields_read (recipe_fields, G_N_ELEMENTS (recipe_fields), object, self, error))
    return NULL;
  stages = json_object_get_member (object, "stages");
  if (stages != NULL && !read_stages (self, stages, error))
    return NULL;
  return g_steal_pointer (&self);
}
