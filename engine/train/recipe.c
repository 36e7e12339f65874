/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/recipe-fields.h"
#include <slope/models.h>
#include <slope/recipe.h>
#include <slope/vocabulary.h>
#include <string.h>

#define MAX_SEED ((double)G_MAXINT64) /* JSON readers know signed integers */
#define MAX_SIZE 2048
#define MAX_BATCH 4096
#define MOST_GROUPS 64

static const char *const balance_names[] = { "none", "weights", "oversample", NULL };
static const char *const keep_names[] = { "last", "metric", "loss", NULL };
static const char *const resize_names[] = { "auto", "crop", "squish", "pad", NULL };
static const char *const precision_names[] = { "f32", "bf16", NULL };
static const char *const learn_names[] = { "task", "language", NULL };

#define AT(member) G_STRUCT_OFFSET (SlRecipe, member)
static const SlField recipe_fields[] = {
  { "arch", "network", SL_FIELD_STRING, AT (arch) },
  { "pretrained", "pretrained weights", SL_FIELD_STRING, AT (pretrained) },
  { "height", "picture height", SL_FIELD_INT, AT (height), 8, MAX_SIZE },
  { "width", "picture width", SL_FIELD_INT, AT (width), 8, MAX_SIZE },
  { "resize", "way to resize", SL_FIELD_CHOICE, AT (resize), .choices = resize_names },
  { "batch", "batch size", SL_FIELD_UINT, AT (batch), 0, MAX_BATCH },
  { "augment", "augmentation", SL_FIELD_STRING, AT (augment) },
  { "views", "number of views", SL_FIELD_UINT, AT (views), 0, 64 },
  { "weight_decay", "weight decay", SL_FIELD_DOUBLE, AT (weight_decay), 0, 1 },
  { "dropout", "dropout", SL_FIELD_DOUBLE, AT (dropout), 0, 0.95 },
  { "part", "part of a text", SL_FIELD_DOUBLE, AT (part), SL_LEAST_PART, 1 },
  { "label_smoothing", "label smoothing", SL_FIELD_DOUBLE, AT (label_smoothing), 0, 0.9 },
  { "threshold", "threshold of labels", SL_FIELD_DOUBLE, AT (threshold), 0, 1 },
  { "ignore_void", "leaving out of Void", SL_FIELD_BOOLEAN, AT (ignore_void), 0, 1 },
  { "output_range", "range of outputs", SL_FIELD_BOOLEAN, AT (output_range), 0, 1 },
  { "mixup", "mixup", SL_FIELD_DOUBLE, AT (mixup), 0, 10 },
  { "clip", "largest norm of the gradients", SL_FIELD_DOUBLE, AT (clip), 0, 1e9 },
  { "balance", "balance of classes", SL_FIELD_CHOICE, AT (balance), .choices = balance_names },
  { "keep", "model to keep", SL_FIELD_CHOICE, AT (keep), .choices = keep_names },
  { "patience", "patience", SL_FIELD_UINT, AT (patience), 0, 1000 },
  { "freeze_norms", "freezing of batch norms", SL_FIELD_BOOLEAN, AT (freeze_norms), 0, 1 },
  { "precision", "precision", SL_FIELD_CHOICE, AT (precision), .choices = precision_names },
  { "seed", "seed", SL_FIELD_UINT64, AT (seed), 0, MAX_SEED },
  { "threads", "number of threads", SL_FIELD_UINT, AT (threads), 0, 1024 },
  { "learn", "thing to learn", SL_FIELD_CHOICE, AT (learn), .choices = learn_names },
  { "embedding", "size of a word's vector", SL_FIELD_UINT, AT (embedding), 0, 4096 },
  { "hidden", "number of hidden units", SL_FIELD_UINT, AT (hidden), 0, 8192 },
  { "window", "length of a window of tokens", SL_FIELD_UINT, AT (window), 2, 1000 },
  { "max_words", "size of the vocabulary", SL_FIELD_UINT, AT (max_words), 16,
    SL_VOCABULARY_MAX_WORDS },
  { "min_count", "least count of a word", SL_FIELD_UINT, AT (min_count), 1, 1000000 },
  { "tokens", "list of token rules", SL_FIELD_STRING, AT (tokens) },
  { "vocabulary", "vocabulary", SL_FIELD_STRING, AT (vocabulary) },
};
#undef AT

#define AT(member) G_STRUCT_OFFSET (SlStage, member)
static const SlField stage_fields[] = {
  { "freeze_to", "number of frozen groups", SL_FIELD_UINT, AT (freeze_to), 0, MOST_GROUPS },
  { "epochs", "number of epochs", SL_FIELD_UINT, AT (epochs), 1, 10000 },
  { "lr_low", "lower learning rate", SL_FIELD_DOUBLE, AT (lr_low), 0, 1e9 },
  { "lr_high", "learning rate", SL_FIELD_DOUBLE, AT (lr_high), 1e-12, 1e9 },
  { "pct_start", "share of warm-up", SL_FIELD_DOUBLE, AT (pct_start), 0, 1 },
  { "height", "picture height", SL_FIELD_INT, AT (height), 0, MAX_SIZE },
  { "width", "picture width", SL_FIELD_INT, AT (width), 0, MAX_SIZE },
  { "batch", "batch size", SL_FIELD_UINT, AT (batch), 0, MAX_BATCH },
  { "augment", "augmentation", SL_FIELD_NAME, AT (augment) },
};
#undef AT

static const SlField groups_field = { "groups",   "number of layer groups", SL_FIELD_UINT, 0, 1,
                                      MOST_GROUPS };

static const SlStage default_stage = {
  .epochs = 4, .lr_low = 3e-3, .lr_high = 3e-3, .pct_start = 0.3
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
  self->stages[0] = default_stage;
  self->augment = g_strdup ("default");
  self->weight_decay = 0.01;
  self->dropout = 0.5;
  self->part = 1;
  self->threshold = 0.5;
  self->window = 70;
  self->max_words = SL_VOCABULARY_WORDS;
  self->min_count = SL_VOCABULARY_MIN_COUNT;
  self->tokens = sl_token_rules_to_string (SL_TOKEN_COURSE);
  self->vocabulary = g_strdup (SL_VOCABULARY_AUTO);
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
  copy->tokens = g_strdup (self->tokens);
  copy->vocabulary = g_strdup (self->vocabulary);
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
  g_free (self->tokens);
  g_free (self->vocabulary);
  g_free (self);
}

gboolean
sl_resize_parse (const char *text, SlRecipeResize *resize)
{
  for (guint i = 0; resize_names[i] != NULL; i++)
    if (g_strcmp0 (text, resize_names[i]) == 0)
      {
        *resize = i;
        return TRUE;
      }
  return FALSE;
}

gboolean
sl_precision_parse (const char *text, SlPrecision *precision)
{
  for (guint i = 0; precision_names[i] != NULL; i++)
    if (g_strcmp0 (text, precision_names[i]) == 0)
      {
        *precision = i;
        return TRUE;
      }
  return FALSE;
}

guint
sl_recipe_n_epochs (const SlRecipe *self)
{
  guint n = 0;

  for (guint i = 0; i < self->n_stages; i++)
    n += self->stages[i].epochs;
  return n;
}

guint
sl_recipe_n_groups (const SlRecipe *self)
{
  const SlArch *arch = sl_arch_find (self->arch);

  g_return_val_if_fail (arch != NULL, 1);
  return arch->texts && self->learn == SL_LEARN_LANGUAGE ? arch->n_groups : arch->n_groups + 1;
}

void
sl_recipe_regroup (SlRecipe *self, guint n_groups_before)
{
  const guint last = sl_recipe_n_groups (self) - 1, before = n_groups_before - 1;

  g_return_if_fail (n_groups_before > 0);
  if (before == 0 || before == last)
    return;
  for (guint i = 0; i < self->n_stages; i++)
    if (self->stages[i].freeze_to <= before)
      self->stages[i].freeze_to = self->stages[i].freeze_to * last / before;
}

/* ---- Checks */

static gboolean
check_augment (const char *name, GError **error)
{
  g_autofree char *names = NULL;

  if (sl_augment_find (name) != NULL)
    return TRUE;
  names = g_strjoinv (", ", (char **)sl_augment_names ());
  g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
               "There is no augmentation “%s”: choose one of %s", name, names);
  return FALSE;
}

static gboolean
check_size (int height, int width, const SlArch *arch, const char *where, GError **error)
{
  if (MIN (height, width) >= (int)arch->min_size)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_DATA,
               "Pictures of %d×%d%s are too small for %s: choose a size of at least %u", height,
               width, where, arch->label, arch->min_size);
  return FALSE;
}

static gboolean
check_batch (guint batch, const char *where, GError **error)
{
  if (batch != 1)
    return TRUE;
  g_set_error (error, SL_ERROR, SL_ERROR_DATA,
               "The batch size%s is 1 and a batch norm needs two pictures to compare: choose 2 or "
               "more, or 0 for automatic",
               where);
  return FALSE;
}

/* What a stage has of its own in place of the recipe's. */
static gboolean
check_own (const SlStage *stage, const SlArch *arch, const char *where, GError **error)
{
  if ((stage->height == 0) != (stage->width == 0))
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "The picture size%s is %d×%d: give both sides, or none for the recipe's", where,
                   stage->height, stage->width);
      return FALSE;
    }
  if (stage->height != 0 && !check_size (stage->height, stage->width, arch, where, error))
    return FALSE;
  return check_batch (stage->batch, where, error)
         && (stage->augment == NULL || check_augment (stage->augment, error));
}

static gboolean
check_stage (const SlRecipe *self, guint i, const SlArch *arch, GError **error)
{
  const SlStage *stage = &self->stages[i];
  g_autofree char *where = self->n_stages > 1 ? g_strdup_printf (" of stage %u", i + 1)
                                              : g_strdup ("");

  if (!sl_fields_check (stage_fields, G_N_ELEMENTS (stage_fields), stage, where, error)
      || !check_own (stage, arch, where, error))
    return FALSE;
  if (stage->lr_low > stage->lr_high)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "The learning rates%s run from %g down to %g: write the lower one first", where,
                   stage->lr_low, stage->lr_high);
      return FALSE;
    }
  if (stage->freeze_to >= sl_recipe_n_groups (self))
    {
      guint n_groups = sl_recipe_n_groups (self);

      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "%s has %u layer groups and %u are to be frozen%s: freeze at most %u",
                   arch->label, n_groups, stage->freeze_to, where, n_groups - 1);
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

      for (const SlArch *const *all = sl_arch_all_for_pixels (); *all != NULL; all++)
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", (*all)->id);
      for (const SlArch *const *all = sl_arch_all_for_texts (); *all != NULL; all++)
        g_string_append_printf (names, ", %s", (*all)->id);
      g_set_error (error, SL_ERROR, SL_ERROR_UNSUPPORTED,
                   "There is no network “%s”: choose one of %s", self->arch, names->str);
      return FALSE;
    }
  return check_augment (self->augment, error)
         && sl_token_rules_parse (self->tokens, &(SlTokenRules){ 0 }, error);
}

/* Options that exclude each other. */
static gboolean
check_options (const SlRecipe *self, GError **error)
{
  if (self->balance < SL_BALANCE_NONE || self->balance > SL_BALANCE_OVERSAMPLE
      || self->keep < SL_KEEP_MODEL_LAST || self->keep > SL_KEEP_MODEL_LOSS)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_DATA,
                   "The balance of classes or the model to keep is of no known kind: choose one");
      return FALSE;
    }
  return TRUE;
}

gboolean
sl_recipe_check (const SlRecipe *self, GError **error)
{
  const SlArch *arch;

  g_return_val_if_fail (self != NULL, FALSE);
  if (!sl_fields_check (recipe_fields, G_N_ELEMENTS (recipe_fields), self, "", error))
    return FALSE;
  arch = sl_arch_find (self->arch);
  if (!check_names (self, arch, error))
    return FALSE;
  if (!check_size (self->height, self->width, arch, "", error)
      || !check_batch (self->batch, "", error) || !check_options (self, error))
    return FALSE;
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
write_stages (const SlRecipe *self, JsonBuilder *builder)
{
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->n_stages; i++)
    {
      json_builder_begin_object (builder);
      sl_fields_write (stage_fields, G_N_ELEMENTS (stage_fields), &self->stages[i], builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static char *
builder_to_text (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}

char *
sl_recipe_to_json (const SlRecipe *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  g_return_val_if_fail (self != NULL, NULL);
  json_builder_begin_object (builder);
  sl_fields_write (recipe_fields, G_N_ELEMENTS (recipe_fields), self, builder);
  if (sl_arch_find (self->arch) != NULL)
    {
      const guint n_groups = sl_recipe_n_groups (self);

      sl_fields_write (&groups_field, 1, &n_groups, builder);
    }
  json_builder_set_member_name (builder, "stages");
  write_stages (self, builder);
  json_builder_end_object (builder);
  return builder_to_text (builder);
}

char *
sl_recipe_stages_to_json (const SlRecipe *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  g_return_val_if_fail (self != NULL, NULL);
  write_stages (self, builder);
  return builder_to_text (builder);
}

/* Into @stages, which has room for %SL_MAX_STAGES; returns how many, 0 with @error. */
static guint
read_stages (SlStage *stages, JsonNode *node, GError **error)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array != NULL ? json_array_get_length (array) : 0;

  if (n < 1 || n > SL_MAX_STAGES)
    {
      g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                   "The recipe has %u stages: it needs from 1 to %u", n, SL_MAX_STAGES);
      return 0;
    }
  for (guint i = 0; i < n; i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      g_autofree char *where = g_strdup_printf (" of stage %u", i + 1);

      stages[i] = default_stage;
      if (!JSON_NODE_HOLDS_OBJECT (element))
        {
          g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
                       "Stage %u of the recipe is not an object: correct the file", i + 1);
          return 0;
        }
      if (!sl_fields_read (stage_fields, G_N_ELEMENTS (stage_fields),
                           json_node_get_object (element), &stages[i], where, error))
        return 0;
    }
  return n;
}

static gboolean
take_stages (SlRecipe *self, JsonNode *node, GError **error)
{
  SlStage stages[SL_MAX_STAGES];
  guint n = read_stages (stages, node, error);

  if (n == 0)
    return FALSE;
  memcpy (self->stages, stages, n * sizeof *stages);
  self->n_stages = n;
  return TRUE;
}

/* A network may have been given other layer groups since its recipe was written.  Before recipes said how many there were,
 * those of pictures had three at most. */
static gboolean
read_groups (const SlRecipe *self, JsonObject *object, guint *before, GError **error)
{
  const SlArch *arch = sl_arch_find (self->arch);

  *before = 0;
  if (arch == NULL)
    return TRUE; /* sl_recipe_check() says so */
  *before = sl_recipe_n_groups (self);
  if (!arch->texts)
    *before = MIN (*before, 3);
  return sl_fields_read (&groups_field, 1, object, before, "", error);
}

/* @recipe: (nullable): the whole one that the stages belong to. */
static gboolean
follow_stages (SlRecipe *self, JsonNode *stages, JsonObject *recipe, GError **error)
{
  guint before = 0;

  if ((recipe != NULL && !read_groups (self, recipe, &before, error))
      || !take_stages (self, stages, error))
    return FALSE;
  if (before > 0)
    sl_recipe_regroup (self, before);
  return TRUE;
}

/* Whether a recipe says how many groups its network had, or is of the network of @self. */
static gboolean
knows_groups (const SlRecipe *self, JsonObject *recipe)
{
  JsonNode *arch = json_object_get_member (recipe, "arch");

  return json_object_has_member (recipe, "groups")
         || (arch != NULL && json_node_get_value_type (arch) == G_TYPE_STRING
             && g_strcmp0 (json_node_get_string (arch), self->arch) == 0);
}

gboolean
sl_recipe_set_stages_json (SlRecipe *self, const char *json, GError **error)
{
  g_autoptr (GError) parse_error = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *recipe = NULL;
  JsonNode *stages;

  g_return_val_if_fail (self != NULL && json != NULL, FALSE);
  root = json_from_string (json, &parse_error);
  stages = root;
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    {
      recipe = json_node_get_object (root);
      stages = json_object_get_member (recipe, "stages");
      if (!knows_groups (self, recipe))
        recipe = NULL; /* an object of stages, to be taken as they are */
    }
  if (stages != NULL && JSON_NODE_HOLDS_ARRAY (stages))
    return follow_stages (self, stages, recipe, error);
  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT, "The stages are not a list in JSON: %s",
               parse_error != NULL ? parse_error->message
                                   : "write [{\"freeze_to\": 2, \"epochs\": 4}, …]");
  return FALSE;
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
  if (!sl_fields_read (recipe_fields, G_N_ELEMENTS (recipe_fields), object, self, "", error))
    return NULL;
  stages = json_object_get_member (object, "stages");
  if (stages != NULL && !follow_stages (self, stages, object, error))
    return NULL;
  return g_steal_pointer (&self);
}
