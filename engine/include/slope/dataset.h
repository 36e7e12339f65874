/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/task.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/* Stored in the project file: append, never renumber. */
typedef enum
{
  SL_SPLIT_TRAIN = 0,
  SL_SPLIT_VALID = 1,
  SL_SPLIT_TEST = 2 /* no label needed; neither trained nor scored */
} SlSplit;

/* ---- How the validation set is made: "random:0.2", "stratified:0.2", "folder:valid",
 * "list:valid.txt", "column:is_valid", "group:0.2:^(\\w+)_", "time:0.2", "none". */
typedef enum
{
  SL_SPLIT_BY_STRATIFIED, /* a share of each class */
  SL_SPLIT_BY_RANDOM,
  SL_SPLIT_BY_FOLDER,
  SL_SPLIT_BY_LIST,
  SL_SPLIT_BY_COLUMN,     /* as a column of the table of labels says */
  SL_SPLIT_BY_GROUP,      /* whole groups, drawn: what the expression's first group finds in paths */
  SL_SPLIT_BY_TIME,       /* the last of each folder, in the order of names and numbers in them */
  SL_SPLIT_BY_NONE
} SlSplitKind;

typedef struct
{
  SlSplitKind kind;
  double      fraction; /* 0 … 0.9 for random, stratified, group and time */
  char       *name;     /* folder, list file, column or regular expression; owned */
  guint64     seed;
} SlSplitSpec;

gboolean sl_split_spec_parse     (SlSplitSpec *self, const char *text, guint64 seed, GError **error);
char    *sl_split_spec_to_string (const SlSplitSpec *self); /* (transfer full) */
void     sl_split_spec_copy      (const SlSplitSpec *self, SlSplitSpec *to);
void     sl_split_spec_clear     (SlSplitSpec *self);

/* One picture or text that will become an item. */
typedef struct
{
  char   *path;     /* absolute, of the readable file; of a text its rel_path */
  char   *rel_path; /* relative to the source's root: shown, matched by lists */
  char   *target;   /* (nullable): no label */
  char   *part;     /* (nullable): "train", "valid", "test": the folder above the class */
  SlSplit split;
  gint64  bytes;
  SlPictureInfo info; /* of a text: its hash alone */
  guint64 offset;   /* of a text: in the import's store, bytes */
} SlCandidate;

typedef struct
{
  char *path;   /* relative to the source's root; UTF-8, as rel_path above */
  char *reason; /* one short sentence: "cut short", "empty", "a text file", ... */
} SlSkipped;

/* How to read a source. */
typedef struct
{
  const SlTask *task;   /* %NULL: guess */
  char         *labels; /* (nullable): where labels are found, as below; %NULL: guess */
  SlSplitSpec   split;  /* stratified with fraction 0: as without options, with this seed */
  gboolean      lenient; /* labels that cannot be read are no error, but sl_import_get_trouble() */
} SlImportOptions;

/**
 * Where labels are found, as a text; of texts (SlTask.texts) as SlTextImportOptions has it, of pictures:
 *
 * "folder": the name of the folder that a picture lies in.
 * "regex:RE": what RE's first group matches in the path from the source's root, with "/" on every system.
 * "csv:[FILE:]NAME,LABEL[,DELIMITER[,OPTION…]]": columns of a table, each by the name in its header or
 *   by its number from 1 ("#1" where a column is called "1"); LABEL may be a range FIRST..LAST: columns
 *   of 0 and 1, or of numbers.  DELIMITER divides several labels in one cell: a character, or space,
 *   comma, semicolon, tab, pipe, none.  Options: header=yes, header=no, separator=DELIMITER,
 *   encoding=NAME.  What is left out or empty ("csv", "csv:tags.csv", "csv:,,,header=no") is guessed.
 * "masks:PATTERN": a picture of classes for each picture, as seen from it: "../labels/{stem}_P.png".
 * "points:csv:[FILE:]NAME,FIRST..LAST": as above, two columns for each point.
 * "points:biwi": a file of the head's pose beside each picture.
 */

/* Whether labels of this way, "csv:…", may be for @task. */
gboolean sl_labels_fit_task (const char *labels, const SlTask *task);

#define SL_N_TABLE_ROWS 6

/* A table of labels, as it was read. */
typedef struct
{
  char    *file;         /* relative to the source's root */
  char    *encoding;     /* "UTF-8", "ISO-8859-1", … */
  gboolean has_bom;      /* a byte order mark told it */
  char     separator;    /* between cells */
  gboolean has_header;
  char   **columns;      /* their names, or "1", "2", … without a header; NULL-terminated */
  guint    name_column;  /* from 0 */
  guint    first_column; /* of the labels */
  guint    last_column;
  int      split_column; /* that divides training from validation; -1: none */
  char     delimiter;    /* between labels in one cell; 0: none */
  char    *prefix;       /* what stands before and after the names in the paths of pictures, */
  char    *suffix;       /*   as it does for the first of them, */
  char    *example;      /*   which the table calls this */
  guint    n_columns;
  guint    n_first;      /* rows below: at most SL_N_TABLE_ROWS, with the header */
  char   **cells;        /* (n_first, n_columns), NULL-terminated: the beginning of the table */
  gsize    n_rows;       /* without the header */
  gsize    n_matched;    /* rows that name a picture which no row above does */
  gsize    n_missing;    /* rows without a picture, or with several; listed as skipped */
  gsize    n_repeated;   /* rows that name a picture again */
} SlTableInfo;

/* The beginning of a table that lies among the pictures, before its columns mean anything. */
typedef struct
{
  char    *file;      /* relative to the source's root */
  char    *error;     /* (nullable): why it cannot be read; all below is then empty */
  guint    n_columns;
  gsize    n_rows;    /* the header too, if there is one */
  guint    n_first;   /* rows that are here: at most SL_N_TABLE_ROWS */
  char   **cells;     /* (n_first, n_columns), NULL-terminated */
} SlTableLook;

/* How labels were found: to be shown, and changed with sl_import_set_labels(). */
typedef struct
{
  char        *labels; /* complete, as above: read again, it means the same */
  SlTableInfo *table;  /* (nullable) */
  char        *codes;  /* (nullable): file with the names of the classes of masks, as rel_path */
  char       **others; /* other ways that fit too, as above; NULL-terminated */
  char       **notes;  /* sentences on what was found or guessed; NULL-terminated */
} SlUnderstanding;

#define SL_N_EXAMPLES 10

/* What a regular expression finds in the paths of an import. */
typedef struct
{
  gsize  n;            /* paths */
  gsize  n_matched;
  guint  n_labels;     /* different ones */
  guint  n_examples;   /* the first ones that match; at most SL_N_EXAMPLES */
  char  *paths[SL_N_EXAMPLES];
  char  *labels[SL_N_EXAMPLES];
  int    at[SL_N_EXAMPLES]; /* bytes into the path, at which the label begins */
  char  *first_missed; /* (nullable): path that does not match */
  char  *error;        /* (nullable): why the pattern cannot be used; all above is then empty */
  int    error_offset; /* bytes into the pattern; -1: unknown, or no error */
} SlRegexPreview;

/**
 * SlImport:
 *
 * What Slope understood of a source, before anything is written: the candidates, what cannot be
 * used and why, the classes, the split.  n_found = candidates + skipped, always.  Pictures of an
 * archive or a sample lie in a staging folder until sl_project_create() takes them; freeing the
 * import removes it.  Atomic reference count; one thread at a time.
 */
typedef struct _SlImport SlImport;

/**
 * sl_import_scan:
 * @source: a folder, .zip / .tar.gz / .tgz / .tar, .csv, or sample:NAME; a list of addresses, or a folder
 *   of such (<slope/addresses.h>); an archive at an address, or catalogue:NAME (<slope/source.h>)
 * @options: (nullable): defaults: guessed labels and task; split by train/valid folders, by a
 *   column of the table of labels or by a list valid.txt if there are such, else stratified:0.2
 * @error: %SL_ERROR_NOT_FOUND, %SL_ERROR_FORMAT, %SL_ERROR_DATA (no usable picture, no class, labels
 *   that do not fit), %SL_ERROR_UNSUPPORTED, %G_IO_ERROR_CANCELLED; those of sl_download()
 *
 * @source may be a table of labels too, "pictures/labels.csv": the pictures lie beside it.
 *
 * Every picture is decoded once, on all cores.  Hidden files, desktop metadata (__MACOSX,
 * Thumbs.db, .DS_Store) and files without a picture's suffix that are no pictures (labels.csv,
 * README) are not counted as found; a file with a picture's suffix that is none is listed as
 * skipped, and so is a row of a table that names no picture.  Threads: any.
 */
SlImport *sl_import_scan (const char *source, const SlImportOptions *options,
                          GCancellable *cancellable, SlProgressFunc progress, gpointer user_data,
                          GError **error);
void      sl_import_scan_async  (const char *source, const SlImportOptions *options,
                                 GCancellable *cancellable, SlProgressFunc progress,
                                 gpointer progress_data, /* progress: called on the caller's main context */
                                 GAsyncReadyCallback callback, gpointer user_data);
SlImport *sl_import_scan_finish (GAsyncResult *result, GError **error);

SlImport *sl_import_ref   (SlImport *self);
void      sl_import_unref (SlImport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlImport, sl_import_unref)

const SlTask       *sl_import_get_task    (const SlImport *self);
/* (transfer full): the beginning of text @i, at most @most bytes.  @error: as sl_text_store_read() */
const char         *sl_import_get_text_store (const SlImport *self); /* (nullable): none but of texts */
char               *sl_import_dup_text    (const SlImport *self, gsize i, gsize most, GError **error);
const char         *sl_import_get_source  (const SlImport *self);
const char         *sl_import_get_name    (const SlImport *self); /* proposed project name */
gboolean            sl_import_is_staged   (const SlImport *self); /* archive, sample, fetched, texts: must be copied in */
SlProblem          *sl_import_get_problem (const SlImport *self); /* (transfer none) */
const char *const  *sl_import_get_classes (const SlImport *self); /* sorted, NULL-terminated */
gsize               sl_import_n_items     (const SlImport *self);
const SlCandidate  *sl_import_get_item    (const SlImport *self, gsize i);
gsize               sl_import_n_skipped   (const SlImport *self);
const SlSkipped    *sl_import_get_skipped (const SlImport *self, gsize i);
gsize               sl_import_n_found     (const SlImport *self);
/* Items of class @class_index in @split; G_MAXUINT: all items. */
gsize               sl_import_count       (const SlImport *self, guint class_index, SlSplit split);
/* Whether the source has its own train/valid folders; *@valid_name is the validation one. */
gboolean            sl_import_has_parts   (const SlImport *self, const char **valid_name);
const SlSplitSpec  *sl_import_get_split   (const SlImport *self);
/* (nullable): none where the labels could not be read. */
const SlUnderstanding *sl_import_get_understanding (const SlImport *self);
/* (nullable): why the labels could not be read, of an import that was asked to be lenient.  It has no task,
 * problem, class or item until they are read in another way, and nothing can be made of it. */
const char         *sl_import_get_trouble (const SlImport *self);
/* (transfer none): of @n tables that lie among the pictures; their beginnings. */
const SlTableLook  *sl_import_get_tables  (const SlImport *self, guint *n);
/**
 * sl_import_set_labels:
 * @labels: (nullable): as above; %NULL: guess
 * @task: (nullable): guess
 * @error: as sl_import_scan(); the import is then as it was
 *
 * Reads the labels anew, without decoding pictures again, and splits by default.  Threads: any.
 */
gboolean            sl_import_set_labels  (SlImport *self, const char *labels, const SlTask *task,
                                           GCancellable *cancellable, SlProgressFunc progress,
                                           gpointer user_data, GError **error);
/**
 * sl_import_read_async:
 * @options: (nullable): as of sl_import_scan(); lenient is not looked at
 * @progress: called on the caller's main context
 *
 * As sl_import_set_labels(), on a thread of its own, with a split: the import may be read meanwhile and
 * changes when _finish is called, which frees the old items on another thread.  Main thread; one such call,
 * or of sl_import_set_split_async(), at a time, whose _finish must be called.
 */
void                sl_import_read_async  (SlImport *self, const SlImportOptions *options,
                                           GCancellable *cancellable, SlProgressFunc progress,
                                           gpointer progress_data, GAsyncReadyCallback callback,
                                           gpointer user_data);
gboolean            sl_import_read_finish (SlImport *self, GAsyncResult *result, GError **error);
/**
 * sl_import_preview_regex:
 * @pattern: as in regex:PATTERN, while it is being typed
 *
 * What the labels would be, from the paths alone: quick enough for each key that is typed, up to some ten
 * thousand pictures.  Threads: any.
 */
void                sl_import_preview_regex (const SlImport *self, const char *pattern,
                                             SlRegexPreview *preview);
void                sl_regex_preview_clear  (SlRegexPreview *self);
/* The same on a thread of its own.  @of_items: what finds groups of pictures: those that will be imported
 * are asked instead of all files.  The result is (transfer full), never %NULL unless cancelled. */
void                sl_import_preview_regex_async  (SlImport *self, const char *pattern,
                                                    gboolean of_items, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer user_data);
SlRegexPreview     *sl_import_preview_regex_finish (GAsyncResult *result, GError **error);
void                sl_regex_preview_free   (SlRegexPreview *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlRegexPreview, sl_regex_preview_free)
/* Splits anew. @error: %SL_ERROR_DATA when a side would be empty, %SL_ERROR_NOT_FOUND for an
 * unknown folder. */
gboolean            sl_import_set_split   (SlImport *self, const SlSplitSpec *split, GError **error);
/* As sl_import_read_async(). */
void                sl_import_set_split_async  (SlImport *self, const SlSplitSpec *split,
                                                GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer user_data);
gboolean            sl_import_set_split_finish (SlImport *self, GAsyncResult *result, GError **error);

/**
 * sl_split_assign:
 * @targets: n of them; %NULL for a picture without a label, which always goes to the test side
 * @parts: (nullable): n of them, each nullable: "train", "valid", "test" where the source has such
 *   folders.  Pictures of "test" stay aside unless the folder asked for is that one
 * @rel_paths: n of them; folder:NAME also finds NAME among their folders, list:FILE has one of
 *   them, or its last parts, with or without the suffix, on each line
 * @hashes: (nullable): n of them, each nullable: pictures with equal ones are exact twins and land
 *   on the same side of a random or stratified split
 * @out: n splits
 * @error: %SL_ERROR_DATA when a side would be empty or for a bad expression, %SL_ERROR_NOT_FOUND for
 *   a folder, list, column or expression that matches nothing, %G_FILE_ERROR for a list that cannot
 *   be read
 *
 * Random: the rounded fraction of all; stratified: of each class, but at least one of each class
 * that has two.  Pure function of the arguments.  Threads: any.
 */
gboolean sl_split_assign (const SlSplitSpec *spec, gsize n, const char *const *targets,
                          const char *const *parts, const char *const *rel_paths,
                          const char *const *hashes, SlSplit *out, GError **error);

/* ---- Samples drawn by Cairo: the bytes of every file are a function of the name alone. */
typedef struct
{
  const char *name;  /* "bears" */
  const char *title; /* N_("Bears") */
  const char *hint;  /* N_("One label each") */
  const char *task;  /* "classify" */
} SlSampleInfo;

/* Where sl_task_find() does not know a sample's task, it can be written but not imported. */
const SlSampleInfo *sl_samples      (guint *n);
/**
 * sl_sample_write:
 * @name: of sl_samples()
 * @folder: an existing one; becomes, in about two seconds,
 *   bears: CLASS/NNN.jpg;
 *   scene: images/scene_NNN.jpg, labels.csv (image_name,tags; tags separated by spaces);
 *   street: images/street_NNN.png, labels/street_NNN_P.png (8-bit grey, value = line of codes.txt
 *   from 0), codes.txt, valid.txt (names of the validation pictures);
 *   nose: images/face_NNN.jpg, keypoints.csv (image_name,left_eye_x,left_eye_y, …, nose_x,nose_y in
 *   pixels; empty cells for what is hidden or outside the picture);
 *   reviews: texts.csv (label,text; a quarter without a label)
 * @wrong: (nullable): receives the paths below @folder ("teddy/012.jpg", owned by the caller) of
 *   pictures whose label, tags, mask or points are wrong on purpose, of texts the rows ("texts.csv:31")
 * @error: %SL_ERROR_NOT_FOUND for an unknown name, %G_FILE_ERROR, %G_IO_ERROR_CANCELLED
 *
 * Threads: any.
 */
gboolean            sl_sample_write (const char *name, const char *folder, GPtrArray *wrong,
                                     GCancellable *cancellable, SlProgressFunc progress,
                                     gpointer user_data, GError **error);

/* ---- What the trainer sees of a data set. */
typedef struct
{
  gint64 id;
  char  *path;
  char  *target; /* (nullable) for prediction */
  gsize  row;    /* of a text: in the set's SlTexts */
} SlSample;

typedef struct _SlTexts SlTexts; /* slope/texts.h */

typedef struct _SlSampleSet SlSampleSet; /* immutable once shared; atomic reference count */

SlSampleSet    *sl_sample_set_new   (SlProblem *problem);
SlSampleSet    *sl_sample_set_ref   (SlSampleSet *self);
void            sl_sample_set_unref (SlSampleSet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SlSampleSet, sl_sample_set_unref)
void            sl_sample_set_add   (SlSampleSet *self, gint64 id, const char *path, const char *target);
/* A set of texts: @texts before the first, which is then added with its row. */
void            sl_sample_set_set_texts (SlSampleSet *self, SlTexts *texts);
SlTexts        *sl_sample_set_texts (const SlSampleSet *self); /* (transfer none) (nullable): of pictures */
void            sl_sample_set_add_text (SlSampleSet *self, gint64 id, gsize row, const char *target);
gsize           sl_sample_set_n     (const SlSampleSet *self);
const SlSample *sl_sample_set_get   (const SlSampleSet *self, gsize i);
SlProblem      *sl_sample_set_problem (const SlSampleSet *self); /* (transfer none) */

G_END_DECLS
