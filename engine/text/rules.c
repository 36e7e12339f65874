/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <slope/text.h>

static const char *const specials[SL_N_SPECIALS] = {
  "xxunk", "xxpad", "xxbos", "xxeos", "xxfld", "xxmaj", "xxup", "xxrep", "xxwrep",
};

static const SlTokenRuleInfo rule_infos[] = {
  { SL_TOKEN_HTML, "html", "Tom &amp; Jerry<br />1994" },
  { SL_TOKEN_CHARACTERS, "characters", "nooooo!!!!!" },
  { SL_TOKEN_WORDS, "words", "very very very very good" },
  { SL_TOKEN_MARKS, "marks", "now/'til then" },
  { SL_TOKEN_SPACES, "spaces", "so   far" },
  { SL_TOKEN_ENGLISH, "english", "I don't think it's Mr. Fox" },
  { SL_TOKEN_UPPER, "upper", "the BEST film" },
  { SL_TOKEN_CAPITAL, "capital", "The film" },
  { SL_TOKEN_LOWER, "lower", "McDonald" },
  { SL_TOKEN_FIELDS, "fields", "title, text" },
  { SL_TOKEN_END, "end", "The end" },
};

const char *
sl_special_token (SlSpecial special)
{
  g_return_val_if_fail (special >= 0 && special < SL_N_SPECIALS, NULL);
  return specials[special];
}

const SlTokenRuleInfo *
sl_token_rules_list (guint *n)
{
  *n = G_N_ELEMENTS (rule_infos);
  return rule_infos;
}

char *
sl_token_rules_to_string (SlTokenRules rules)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rule_infos); i++)
    if (rules & rule_infos[i].rule)
      g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "", rule_infos[i].id);
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : g_strdup ("none");
}

static gboolean
find_rule (const char *id, SlTokenRules *rules, GError **error)
{
  g_autoptr (GString) known = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rule_infos); i++)
    {
      if (g_str_equal (id, rule_infos[i].id))
        {
          *rules |= rule_infos[i].rule;
          return TRUE;
        }
      g_string_append_printf (known, "%s, ", rule_infos[i].id);
    }
  g_set_error (error, SL_ERROR, SL_ERROR_DATA,
               "There is no rule “%s” for words: use %snone, or several with commas between them",
               id, known->str);
  return FALSE;
}

gboolean
sl_token_rules_parse (const char *text, SlTokenRules *rules, GError **error)
{
  g_auto (GStrv) ids = g_strsplit (text, ",", -1);
  SlTokenRules found = 0;

  if (!g_str_equal (text, "none"))
    for (guint i = 0; ids[i] != NULL; i++)
      if (!find_rule (ids[i], &found, error))
        return FALSE;
  *rules = found;
  return TRUE;
}
