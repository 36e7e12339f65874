/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/dataset.h>
#include <slope/picture.h>

G_BEGIN_DECLS

/* ---- What a picture looks like, in a few bytes. */

#define SL_LOOK_SIDE 16

/**
 * SlLook:
 *
 * @bits: the signs of the 64 lowest frequencies of the brightness (a 32×32 discrete cosine
 *   transform, without its mean): a few of them change when a picture is encoded anew, scaled,
 *   brightened or shifted a little, about 32 when it is another picture.  Zauner 2010,
 *   "Implementation and Benchmarking of Perceptual Image Hash Functions", with signs in place of
 *   the median, so that a mirrored picture differs in known bits alone.
 * @tiny: its brightness, mean 0, scaled so that the largest is ±127: settles what the bits suspect
 * @flat: hardly anything is to be seen: like nothing else
 */
typedef struct
{
  guint64  bits;
  gint8    tiny[SL_LOOK_SIDE * SL_LOOK_SIDE];
  gboolean flat;
} SlLook;

void     sl_look_take       (SlLook *self, const SlPicture *picture);
/* Decodes @path small.  @error: as sl_picture_load().  Threads: any. */
gboolean sl_look_take_file  (SlLook *self, const char *path, GError **error);
/* The bits that are the other way round in a mirrored picture. */
guint64  sl_look_mirror_bits (void);
/* Bits that differ: 0 … 64. */
guint    sl_look_distance   (const SlLook *a, const SlLook *b, gboolean mirrored);
/* Correlation of what both look like: -1 … 1. */
double   sl_look_likeness   (const SlLook *a, const SlLook *b, gboolean mirrored);

typedef struct
{
  guint32  a, b; /* places, a < b */
  guint    distance;
  gboolean mirrored;
} SlLookPair;

/**
 * sl_look_pairs:
 * @looks: @n of them, each nullable: not known
 *
 * Pictures that show the same, or its mirror image, by bits and by likeness.  Where many are equal
 * to the bit, each is paired with the next only.  The index has four tables of 16 bits: two hashes
 * at most SL_LOOK_NEAR = 11 apart differ by at most 2 in one of them (Norouzi, Punjani and Fleet
 * 2012, "Fast Search in Hamming Space with Multi-Index Hashing"), so that 548 look-ups find them
 * all.  Pure function; any thread.
 *
 * Returns: (transfer full): SlLookPair, by a, then b
 */
#define SL_LOOK_NEAR 11
GArray  *sl_look_pairs      (const SlLook *const *looks, gsize n);

/* ---- What is wrong with a data set, and with how it is split. */

typedef struct
{
  gint64        id;
  const char   *rel_path;
  const char   *target; /* (nullable) */
  SlSplit       split;
  guint64       twin;   /* equal for byte-equal files; 0: none */
  int           width, height; /* pixels */
  const SlLook *look;   /* (nullable): not known */
} SlAuditItem;

typedef enum
{
  SL_FINDING_COPIES,        /* validation pictures whose file is in training too */
  SL_FINDING_ALIKE,         /* validation pictures that show what a training picture shows */
  SL_FINDING_BURST,         /* validation pictures taken a moment before or after a training picture */
  SL_FINDING_LABELS_DIFFER, /* copies or alike, under different labels */
  SL_FINDING_ONE_SIDED,     /* a class that is only trained on, or only validated */
  SL_FINDING_FEW,           /* a class with fewer than 10 training pictures */
  SL_FINDING_NO_VALID,      /* nothing is validated on */
  SL_FINDING_SMALL_VALID,   /* fewer than 30 pictures are */
  SL_FINDING_OUT_OF_RANGE,  /* a number that the problem's range does not hold */
  SL_FINDING_OUTSIDE,       /* a point that lies outside of its picture */
  SL_N_FINDINGS
} SlFindingKind;

/* The act that mends it. */
typedef enum
{
  SL_MEND_LOOK,     /* a person looks at these pictures */
  SL_MEND_TOGETHER, /* split anew, groups on one side: sl_project_resplit_together() */
  SL_MEND_RESPLIT   /* split anew: sl_project_resplit() with a share of each class */
} SlMend;

typedef struct
{
  SlFindingKind kind;
  SlMend        mend;
  const char   *name;  /* (nullable): the class, point or number it is about; the problem's own */
  SlSplit       side;  /* ONE_SIDED: where the class is missing */
  gsize         count; /* how many pictures it is about */
  gint64       *ids;   /* count of them, ascending; %NULL for NO_VALID and SMALL_VALID; owned */
  gint64       *others; /* COPIES, ALIKE, BURST, LABELS_DIFFER: the picture that each goes with; owned */
} SlFinding;

typedef struct
{
  SlProblem *problem;
  GArray    *findings; /* SlFinding, by kind */
  gint64    *ids;      /* n, as they were given */
  guint32   *groups;   /* n: the first place of those that belong together; its own: alone */
  gsize      n;
  gsize      n_grouped; /* pictures that are not alone */
} SlAudit;

/**
 * sl_audit_run:
 * @items: @n present pictures, in any order, ids ascending
 *
 * Groups are what hangs together by copies, looks and bursts.  A burst is a run of numbers in the
 * file names of a folder, where a picture looks roughly like the next or the one after: up to 16
 * bits and a likeness of 0.90, which one of 59,168 pairs of different photographs reaches, and most
 * frames of a drive a third of a second apart.  Pure function; any thread.  (transfer full)
 */
SlAudit    *sl_audit_run       (SlProblem *problem, const SlAuditItem *items, gsize n);
void        sl_audit_free      (SlAudit *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlAudit, sl_audit_free)
const char *sl_finding_name    (SlFindingKind kind); /* "copies", "labels-differ": as in JSON */

G_END_DECLS
