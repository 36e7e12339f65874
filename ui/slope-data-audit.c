/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "slope-data-audit.h"

#define SETTLE_MS 600 /* whoever cleans does one thing after the other */

struct _SlopeDataAudit
{
  GObject parent_instance;
  SlProject *project;        /* owned */
  guint settle;              /* source */
  GCancellable *cancellable; /* of the one under way; nullable */
  SlAudit *audit;            /* nullable */
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (SlopeDataAudit, slope_data_audit, G_TYPE_OBJECT)

static void
forget_current (SlopeDataAudit *self)
{
  g_clear_handle_id (&self->settle, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/* Nothing waits for its end: who asked may be gone, or has asked again. */
static void
audited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GWeakRef *weak = user_data;
  g_autoptr (SlopeDataAudit) self = g_weak_ref_get (weak);
  g_autoptr (SlAudit) audit = sl_project_audit_finish (result, NULL);

  g_weak_ref_clear (weak);
  g_free (weak);
  if (self == NULL || audit == NULL
      || g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->audit, sl_audit_free);
  self->audit = g_steal_pointer (&audit);
  g_signal_emit (self, changed_signal, 0);
}

static gboolean
settled_cb (gpointer user_data)
{
  SlopeDataAudit *self = user_data;
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  self->settle = 0;
  g_weak_ref_init (weak, self);
  self->cancellable = g_cancellable_new ();
  sl_project_audit_async (self->project, self->cancellable, audited_cb, weak);
  return G_SOURCE_REMOVE;
}

static void
slope_data_audit_dispose (GObject *object)
{
  SlopeDataAudit *self = SLOPE_DATA_AUDIT (object);

  forget_current (self);
  g_clear_object (&self->project);
  G_OBJECT_CLASS (slope_data_audit_parent_class)->dispose (object);
}

static void
slope_data_audit_finalize (GObject *object)
{
  g_clear_pointer (&SLOPE_DATA_AUDIT (object)->audit, sl_audit_free);
  G_OBJECT_CLASS (slope_data_audit_parent_class)->finalize (object);
}

static void
slope_data_audit_class_init (SlopeDataAuditClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = slope_data_audit_dispose;
  G_OBJECT_CLASS (klass)->finalize = slope_data_audit_finalize;
  changed_signal = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
slope_data_audit_init (SlopeDataAudit *self)
{
}

SlopeDataAudit *
slope_data_audit_new (SlProject *project)
{
  SlopeDataAudit *self;

  g_return_val_if_fail (SL_IS_PROJECT (project), NULL);

  self = g_object_new (SLOPE_TYPE_DATA_AUDIT, NULL);
  self->project = g_object_ref (project);
  return self;
}

void
slope_data_audit_want (SlopeDataAudit *self)
{
  g_return_if_fail (SLOPE_IS_DATA_AUDIT (self));

  forget_current (self);
  self->settle = g_timeout_add (SETTLE_MS, settled_cb, self);
}

const SlAudit *
slope_data_audit_get (SlopeDataAudit *self)
{
  g_return_val_if_fail (SLOPE_IS_DATA_AUDIT (self), NULL);
  return self->audit;
}
