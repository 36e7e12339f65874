/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeDataAudit:
 *
 * The audit of a project's pictures, made in the background.  Signals: "changed": there is a new one.
 * When the last reference goes, so does the audit under way.
 */
#define SLOPE_TYPE_DATA_AUDIT (slope_data_audit_get_type ())
G_DECLARE_FINAL_TYPE (SlopeDataAudit, slope_data_audit, SLOPE, DATA_AUDIT, GObject)

SlopeDataAudit *slope_data_audit_new  (SlProject *project); /* (transfer full) */
/* Pictures have changed, or nobody has looked yet: begins anew once nothing more changes. */
void            slope_data_audit_want (SlopeDataAudit *self);
/* (transfer none) (nullable): the newest, of the time it was begun; until "changed". */
const SlAudit  *slope_data_audit_get  (SlopeDataAudit *self);

G_END_DECLS
