/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/pickle.h"
#include <slope/error.h>
#include <string.h>

/* A network of a thousand layers with its optimiser's state takes about 200,000 steps. */
#define MAX_STEPS (2u << 20)
#define MAX_SHOWN 80 /* characters of a name in a message */

typedef struct
{
  const char *file;
  const guint8 *data;
  gsize n_bytes, at;
  guint n_steps;
  SlPickleFind find;
  GPtrArray *values; /* owned: every value made */
  GPtrArray *stack;  /* borrowed; NULL: a mark */
  GHashTable *memo;  /* number → borrowed value */
  GError **error;
} Machine;

/* ---- Errors */

G_GNUC_PRINTF (3, 0)
static void
set_damaged (const char *file, GError **error, const char *format, va_list args)
{
  g_autofree char *what = g_strdup_vprintf (format, args);

  g_set_error (error, SL_ERROR, SL_ERROR_FORMAT,
               "“%s” is damaged or no file of weights (%s): use another copy", file, what);
}

gboolean
_sl_pickle_fail (const char *file, GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  set_damaged (file, error, format, args);
  va_end (args);
  return FALSE;
}

G_GNUC_PRINTF (2, 3)
static gboolean
fail (const Machine *m, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  set_damaged (m->file, m->error, format, args);
  va_end (args);
  return FALSE;
}

static gboolean
refuse (const Machine *m, const char *what)
{
  g_set_error (
      m->error, SL_ERROR, SL_ERROR_UNSUPPORTED,
      "“%s” asks to run %s: Slope reads numbers only; ask its maker for a safetensors file",
      m->file, what);
  return FALSE;
}

/* Names come from the file and go to terminals: no control characters, no novels. */
static gboolean
refuse_name (const Machine *m, const char *module, const char *name)
{
  g_autofree char *full = g_strdup_printf ("%s.%s", module, name);
  g_autofree char *what = g_utf8_strlen (full, -1) > MAX_SHOWN
                              ? g_utf8_substring (full, 0, MAX_SHOWN)
                              : NULL;
  char *shown = what != NULL ? what : full;

  for (char *c = shown; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = '?';
  return refuse (m, shown);
}

/* ---- Values */

static gboolean
has_items (const SlPickleValue *value)
{
  return value->kind == SL_PICKLE_TUPLE || value->kind == SL_PICKLE_LIST
         || value->kind == SL_PICKLE_DICT;
}

static void
free_value (gpointer data)
{
  SlPickleValue *value = data;

  if (value->kind == SL_PICKLE_TEXT)
    g_free (value->text);
  else if (has_items (value))
    g_ptr_array_unref (value->items);
  g_free (value);
}

static SlPickleValue *
make (Machine *m, SlPickleKind kind)
{
  SlPickleValue *value = g_new0 (SlPickleValue, 1);

  value->kind = kind;
  if (has_items (value))
    value->items = g_ptr_array_new ();
  g_ptr_array_add (m->values, value);
  return value;
}

static gboolean
push (Machine *m, SlPickleValue *value)
{
  g_ptr_array_add (m->stack, value);
  return TRUE;
}

static gboolean
push_integer (Machine *m, SlPickleKind kind, gint64 integer)
{
  SlPickleValue *value = make (m, kind);

  value->integer = integer;
  return push (m, value);
}

/* The value on top, @depth below it; NULL with the error set if there is none. */
static SlPickleValue *
peek (Machine *m, guint depth)
{
  SlPickleValue *value = depth < m->stack->len ? m->stack->pdata[m->stack->len - 1 - depth] : NULL;

  if (value == NULL)
    fail (m, "a value is missing at byte %" G_GSIZE_FORMAT, m->at);
  return value;
}

static void
drop (Machine *m, guint n)
{
  g_ptr_array_set_size (m->stack, (int)(m->stack->len - n));
}

/* Number of values above the topmost mark. */
static gboolean
count_to_mark (Machine *m, guint *n)
{
  for (guint i = m->stack->len; i > 0; i--)
    if (m->stack->pdata[i - 1] == NULL)
      {
        *n = m->stack->len - i;
        return TRUE;
      }
  return fail (m, "a mark is missing at byte %" G_GSIZE_FORMAT, m->at);
}

/* ---- Bytes */

static const guint8 *
take (Machine *m, gsize n)
{
  const guint8 *from = m->data + m->at;

  if (n > m->n_bytes - m->at)
    {
      fail (m, "it ends too early");
      return NULL;
    }
  m->at += n;
  return from;
}

/* An unsigned number of @n ≤ 8 bytes. */
static gboolean
take_number (Machine *m, gsize n, guint64 *number)
{
  const guint8 *from = take (m, n);

  *number = 0;
  for (gsize i = 0; from != NULL && i < n; i++)
    *number |= (guint64)from[i] << 8 * i;
  return from != NULL;
}

static gboolean
take_integer (Machine *m, gsize n)
{
  guint64 number = 0;

  return take_number (m, n, &number)
         && push_integer (m, SL_PICKLE_INT, n == 4 ? (gint32)number : (gint64)number);
}

/* A signed number of as many bytes as the length says. */
static gboolean
take_long (Machine *m, gsize length_bytes)
{
  guint64 length, number = 0;

  if (!take_number (m, length_bytes, &length))
    return FALSE;
  if (length > 8)
    return fail (m, "a number is too large");
  if (!take_number (m, length, &number))
    return FALSE;
  if (length > 0 && length < 8 && number >> (8 * length - 1) != 0)
    number |= G_MAXUINT64 << 8 * length;
  return push_integer (m, SL_PICKLE_INT, (gint64)number);
}

static gboolean
take_double (Machine *m)
{
  const guint8 *from = take (m, 8);
  guint64 bits = 0;
  SlPickleValue *value;

  if (from == NULL)
    return FALSE;
  for (guint i = 0; i < 8; i++)
    bits = bits << 8 | from[i]; /* the one number that is stored with its high byte first */
  value = make (m, SL_PICKLE_FLOAT);
  memcpy (&value->real, &bits, sizeof bits);
  return push (m, value);
}

static gboolean
take_text (Machine *m, gsize length_bytes)
{
  guint64 length;
  const guint8 *from;
  SlPickleValue *value;

  if (!take_number (m, length_bytes, &length) || (from = take (m, length)) == NULL)
    return FALSE;
  if (!g_utf8_validate_len ((const char *)from, length, NULL))
    return fail (m, "a name is not text");
  value = make (m, SL_PICKLE_TEXT);
  value->text = g_strndup ((const char *)from, length);
  return push (m, value);
}

static gboolean
skip_bytes (Machine *m, gsize length_bytes)
{
  guint64 length;

  return take_number (m, length_bytes, &length) && take (m, length) != NULL
         && push (m, make (m, SL_PICKLE_BYTES));
}

/* (transfer full): text up to the end of the line, or NULL. */
static char *
take_line (Machine *m)
{
  const guint8 *from = m->data + m->at;
  const guint8 *end = memchr (from, '\n', m->n_bytes - m->at);

  if (end == NULL || !g_utf8_validate_len ((const char *)from, (gsize)(end - from), NULL))
    {
      fail (m, "a name is not text");
      return NULL;
    }
  m->at += (gsize)(end - from) + 1;
  return g_strndup ((const char *)from, (gsize)(end - from));
}

/* ---- Names and calls */

static gboolean
push_global (Machine *m, const char *module, const char *name)
{
  const SlPickleGlobal *global = m->find (module, name);
  SlPickleValue *value;

  if (global == NULL)
    return refuse_name (m, module, name);
  value = make (m, SL_PICKLE_GLOBAL);
  value->global = global;
  return push (m, value);
}

static gboolean
do_global (Machine *m)
{
  g_autofree char *module = take_line (m);
  g_autofree char *name = module != NULL ? take_line (m) : NULL;

  return name != NULL && push_global (m, module, name);
}

static gboolean
do_stack_global (Machine *m)
{
  SlPickleValue *name = peek (m, 0), *module = name != NULL ? peek (m, 1) : NULL;

  if (module == NULL)
    return FALSE;
  if (name->kind != SL_PICKLE_TEXT || module->kind != SL_PICKLE_TEXT)
    return fail (m, "a name is not text");
  drop (m, 2);
  return push_global (m, module->text, name->text);
}

/* What OrderedDict is called with: nothing, or one list of pairs (Python 2). */
static gboolean
fill_dict (Machine *m, SlPickleValue *dict, const SlPickleValue *args)
{
  const SlPickleValue *pairs = args->items->len > 0 ? args->items->pdata[0] : NULL;

  if (pairs == NULL)
    return TRUE;
  if (pairs->kind != SL_PICKLE_LIST || args->items->len > 1)
    return fail (m, "a dictionary is made of something else than pairs");
  for (guint i = 0; i < pairs->items->len; i++)
    {
      const SlPickleValue *pair = pairs->items->pdata[i];

      if ((pair->kind != SL_PICKLE_LIST && pair->kind != SL_PICKLE_TUPLE) || pair->items->len != 2)
        return fail (m, "a dictionary is made of something else than pairs");
      g_ptr_array_add (dict->items, pair->items->pdata[0]);
      g_ptr_array_add (dict->items, pair->items->pdata[1]);
    }
  m->n_steps += pairs->items->len; /* one list may fill many dictionaries */
  return TRUE;
}

static gboolean
do_call (Machine *m)
{
  SlPickleValue *args = peek (m, 0), *callee = args != NULL ? peek (m, 1) : NULL, *result;

  if (callee == NULL)
    return FALSE;
  if (callee->kind != SL_PICKLE_GLOBAL || args->kind != SL_PICKLE_TUPLE)
    return refuse (m, "something without a name");
  drop (m, 2);
  result = make (m, callee->global->makes_dict ? SL_PICKLE_DICT : SL_PICKLE_CALL);
  if (callee->global->makes_dict)
    return fill_dict (m, result, args) && push (m, result);
  result->global = callee->global;
  result->of = args;
  return push (m, result);
}

/* Attributes of a dictionary, such as PyTorch's _metadata, say nothing about numbers. */
static gboolean
do_build (Machine *m)
{
  SlPickleValue *state = peek (m, 0), *object = state != NULL ? peek (m, 1) : NULL;

  if (object == NULL)
    return FALSE;
  if (object->kind == SL_PICKLE_CALL && object->global->has_state)
    object->state = state;
  else if (object->kind != SL_PICKLE_DICT)
    return refuse (m, "something without a name");
  drop (m, 1);
  return TRUE;
}

static gboolean
do_outside (Machine *m)
{
  SlPickleValue *id = peek (m, 0), *value;

  if (id == NULL)
    return FALSE;
  drop (m, 1);
  value = make (m, SL_PICKLE_OUTSIDE);
  value->of = id;
  return push (m, value);
}

/* ---- Containers */

/* The topmost @n values become one; with @mark the mark below them goes too. */
static gboolean
gather (Machine *m, SlPickleKind kind, guint n, gboolean mark)
{
  SlPickleValue *value;

  for (guint i = 0; i < n; i++)
    if (peek (m, i) == NULL)
      return FALSE;
  if (kind == SL_PICKLE_DICT && n % 2 != 0)
    return fail (m, "a key has no value");
  value = make (m, kind);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (value->items, m->stack->pdata[m->stack->len - n + i]);
  drop (m, n + mark);
  return push (m, value);
}

static gboolean
gather_to_mark (Machine *m, SlPickleKind kind)
{
  guint n = 0;

  return count_to_mark (m, &n) && gather (m, kind, n, TRUE);
}

/* Adds the topmost @n values to the container below them. */
static gboolean
extend (Machine *m, SlPickleKind kind, guint n, gboolean mark)
{
  guint below = n + mark;
  SlPickleValue *value = peek (m, below);

  if (value == NULL)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (peek (m, i) == NULL)
      return FALSE;
  if (value->kind != kind || (kind == SL_PICKLE_DICT && n % 2 != 0))
    return fail (m, "values are added to something else");
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (value->items, m->stack->pdata[m->stack->len - n + i]);
  drop (m, below);
  return TRUE;
}

static gboolean
extend_to_mark (Machine *m, SlPickleKind kind)
{
  guint n = 0;

  return count_to_mark (m, &n) && extend (m, kind, n, TRUE);
}

/* ---- Memo */

static gboolean
memo_put (Machine *m, gsize number_bytes)
{
  guint64 number = g_hash_table_size (m->memo);
  SlPickleValue *value;

  if (number_bytes > 0 && !take_number (m, number_bytes, &number))
    return FALSE;
  value = peek (m, 0);
  if (value != NULL)
    g_hash_table_insert (m->memo, GUINT_TO_POINTER ((guint)number), value);
  return value != NULL;
}

static gboolean
memo_get (Machine *m, gsize number_bytes)
{
  guint64 number;
  SlPickleValue *value;

  if (!take_number (m, number_bytes, &number))
    return FALSE;
  value = g_hash_table_lookup (m->memo, GUINT_TO_POINTER ((guint)number));
  return value != NULL ? push (m, value) : fail (m, "a value is used before it is there");
}

/* ---- The machine */

static gboolean
do_pop (Machine *m)
{
  if (m->stack->len == 0)
    return peek (m, 0) != NULL;
  drop (m, 1);
  return TRUE;
}

static gboolean
do_pop_mark (Machine *m)
{
  guint n = 0;

  if (!count_to_mark (m, &n))
    return FALSE;
  drop (m, n + 1);
  return TRUE;
}

static gboolean
do_dup (Machine *m)
{
  SlPickleValue *value = peek (m, 0);

  return value != NULL && push (m, value);
}

static gboolean
refuse_opcode (Machine *m, guint8 opcode)
{
  static const struct
  {
    guint8 opcode;
    const char *what;
  } known[] = {
    { 'i', "an object of protocol 0" }, { 'o', "an object of protocol 1" },
    { 0x92, "a constructor" },          { 0x82, "a registered extension" },
    { 0x83, "a registered extension" }, { 0x84, "a registered extension" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].opcode == opcode)
      return refuse (m, known[i].what);
  return fail (m, "its byte %" G_GSIZE_FORMAT " says nothing that is known", m->at - 1);
}

/* Opcodes above 0x80, of protocols 2 to 5. */
static gboolean
step_high (Machine *m, guint8 opcode)
{
  guint64 ignored;

  switch (opcode)
    {
    case 0x80: /* PROTO */
      return take_number (m, 1, &ignored);
    case 0x81: /* NEWOBJ */
      return do_call (m);
    case 0x85: /* TUPLE1 … TUPLE3 */
    case 0x86:
    case 0x87:
      return gather (m, SL_PICKLE_TUPLE, opcode - 0x84u, FALSE);
    case 0x88: /* NEWTRUE, NEWFALSE */
    case 0x89:
      return push_integer (m, SL_PICKLE_BOOL, opcode == 0x88);
    case 0x8a: /* LONG1, LONG4 */
      return take_long (m, 1);
    case 0x8b:
      return take_long (m, 4);
    case 0x8c: /* SHORT_BINUNICODE, BINUNICODE8 */
      return take_text (m, 1);
    case 0x8d:
      return take_text (m, 8);
    case 0x8e: /* BINBYTES8 */
      return skip_bytes (m, 8);
    case 0x93:
      return do_stack_global (m);
    case 0x94: /* MEMOIZE */
      return memo_put (m, 0);
    case 0x95: /* FRAME */
      return take_number (m, 8, &ignored);
    default:
      return refuse_opcode (m, opcode);
    }
}

static gboolean
step (Machine *m, guint8 opcode)
{
  switch (opcode)
    {
    case '(': /* MARK */
      return push (m, NULL);
    case '0':
      return do_pop (m);
    case '1':
      return do_pop_mark (m);
    case '2':
      return do_dup (m);
    case 'N':
      return push (m, make (m, SL_PICKLE_NONE));
    case 'J': /* BININT, BININT1, BININT2 */
      return take_integer (m, 4);
    case 'K':
      return take_integer (m, 1);
    case 'M':
      return take_integer (m, 2);
    case 'G':
      return take_double (m);
    case 'X': /* BINUNICODE; Python 2's BINSTRING and SHORT_BINSTRING */
    case 'T':
      return take_text (m, 4);
    case 'U':
      return take_text (m, 1);
    case 'B': /* BINBYTES, SHORT_BINBYTES */
      return skip_bytes (m, 4);
    case 'C':
      return skip_bytes (m, 1);
    case ')':
      return gather (m, SL_PICKLE_TUPLE, 0, FALSE);
    case 't':
      return gather_to_mark (m, SL_PICKLE_TUPLE);
    case ']':
      return gather (m, SL_PICKLE_LIST, 0, FALSE);
    case 'l':
      return gather_to_mark (m, SL_PICKLE_LIST);
    case '}':
      return gather (m, SL_PICKLE_DICT, 0, FALSE);
    case 'd':
      return gather_to_mark (m, SL_PICKLE_DICT);
    case 'a':
      return extend (m, SL_PICKLE_LIST, 1, FALSE);
    case 'e':
      return extend_to_mark (m, SL_PICKLE_LIST);
    case 's':
      return extend (m, SL_PICKLE_DICT, 2, FALSE);
    case 'u':
      return extend_to_mark (m, SL_PICKLE_DICT);
    case 'c':
      return do_global (m);
    case 'R':
      return do_call (m);
    case 'b':
      return do_build (m);
    case 'q':
      return memo_put (m, 1);
    case 'r':
      return memo_put (m, 4);
    case 'h':
      return memo_get (m, 1);
    case 'j':
      return memo_get (m, 4);
    case 'Q': /* BINPERSID */
      return do_outside (m);
    default:
      return step_high (m, opcode);
    }
}

static SlPickleValue *
run (Machine *m)
{
  while (m->n_steps++ < MAX_STEPS)
    {
      const guint8 *opcode = take (m, 1);

      if (opcode == NULL)
        return NULL;
      if (*opcode == '.')
        return peek (m, 0);
      if (!step (m, *opcode))
        return NULL;
    }
  fail (m, "it describes far more than weights");
  return NULL;
}

SlPickle *
_sl_pickle_read (const guint8 *data, gsize n_bytes, gsize *at, SlPickleFind find, const char *file,
                 GError **error)
{
  SlPickle *self = g_new0 (SlPickle, 1);
  g_autoptr (GPtrArray) stack = g_ptr_array_new ();
  g_autoptr (GHashTable) memo = g_hash_table_new (NULL, NULL);
  Machine m = { .file = file,
                .data = data,
                .n_bytes = n_bytes,
                .at = *at,
                .find = find,
                .stack = stack,
                .memo = memo,
                .error = error };

  g_return_val_if_fail (*at <= n_bytes, NULL);
  self->values = m.values = g_ptr_array_new_with_free_func (free_value);
  self->root = run (&m);
  *at = m.at;
  if (self->root == NULL)
    g_clear_pointer (&self, _sl_pickle_free);
  return self;
}

void
_sl_pickle_free (SlPickle *self)
{
  g_ptr_array_unref (self->values);
  g_free (self);
}

SlPickleValue *
_sl_pickle_lookup (const SlPickleValue *dict, const char *key)
{
  if (dict->kind != SL_PICKLE_DICT)
    return NULL;
  for (guint i = dict->items->len; i >= 2; i -= 2)
    {
      const SlPickleValue *name = dict->items->pdata[i - 2];

      if (name->kind == SL_PICKLE_TEXT && g_str_equal (name->text, key))
        return dict->items->pdata[i - 1];
    }
  return NULL;
}

SlPickleValue **
_sl_pickle_tuple (const SlPickleValue *value, guint n)
{
  if (value->kind != SL_PICKLE_TUPLE || value->items->len < n)
    return NULL;
  return (SlPickleValue **)value->items->pdata;
}
