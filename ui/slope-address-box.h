/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <slope/slope.h>

G_BEGIN_DECLS

/**
 * SlopeAddressBox:
 *
 * The name of a class and the addresses of its pictures, typed or pasted.
 * Signals: "changed" (), "removed" (): the person wants it gone.
 */
#define SLOPE_TYPE_ADDRESS_BOX (slope_address_box_get_type ())
G_DECLARE_FINAL_TYPE (SlopeAddressBox, slope_address_box, SLOPE, ADDRESS_BOX, GtkBox)

GtkWidget *slope_address_box_new       (void);
/* Without a name and without a text. */
gboolean   slope_address_box_is_empty  (SlopeAddressBox *self);
/* With a name, and an address that can be asked for. */
gboolean   slope_address_box_is_ready  (SlopeAddressBox *self);
/* Names the class, and puts these lines after what is there. */
void       slope_address_box_add       (SlopeAddressBox *self, const char *label, const char *lines);
/* Writes it into @folder as a list of its class. */
gboolean   slope_address_box_save      (SlopeAddressBox *self, const char *folder, GError **error);
/* (transfer full): class, as a folder will be named. */
char      *slope_address_box_dup_label (SlopeAddressBox *self);
char      *slope_address_box_dup_text  (SlopeAddressBox *self);
/* Whether it can be removed: the last one stays. */
void       slope_address_box_set_removable (SlopeAddressBox *self, gboolean removable);

G_END_DECLS
