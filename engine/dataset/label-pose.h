/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dataset/labeller.h"

G_BEGIN_DECLS

/**
 * SlPoseFiles:
 *
 * The text files of the BIWI Kinect Head Pose Database: beside frame_00003_rgb.png lies
 * frame_00003_pose.txt with a rotation matrix and, after it, the centre of the head in millimetres in
 * the camera's frame; the camera's matrix is in the folder's rgb.cal.  The label is where the
 * centre is in the picture: x = X·fx / Z + cx, y = Y·fy / Z + cy (Fanelli et al. 2013; fast.ai's
 * lesson 3, which writes y first).
 */
typedef struct _SlPoseFiles SlPoseFiles;

gboolean     _sl_pose_files_suit  (const SlLabelSource *source); /* most pictures have such a file */
/* @error: %SL_ERROR_NOT_FOUND: no picture has one; %SL_ERROR_FORMAT: a damaged rgb.cal */
SlPoseFiles *_sl_pose_files_new   (const SlLabelSource *source, GError **error);
void         _sl_pose_files_free  (SlPoseFiles *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlPoseFiles, _sl_pose_files_free)
/* Threads: any. */
void         _sl_pose_files_label (const SlPoseFiles *self, const SlFound *found, SlLabel *out);

/* What files say, apart, for tests.  @text: of a pose file; @camera: fx, cx, fy, cy in pixels.  FALSE: no
 * such numbers, or a head behind the camera. */
gboolean     _sl_pose_project     (const char *text, const double camera[4], double *x, double *y);
gboolean     _sl_pose_camera      (const char *text, double camera[4]);

G_END_DECLS
