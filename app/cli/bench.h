/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli.h"

/* The workloads of `slope-cli bench`: a file bench-NAME.c and a row in the table of bench.c each.
 *
 * A workload is written NAME:NUMBER:NUMBER, such as resnet18:32:64; `infer-` before the name of a
 * network times its forward pass alone. */

/* Options of the command line. */
typedef struct
{
  gint     threads; /* 0: all cores */
  gint     reps;    /* steps to time */
  gboolean json;    /* one object a line */
  gboolean ops;     /* what each op takes, too */
  char    *precision_name; /* (nullable): as given */
  SlPrecision precision;
} BenchOptions;

typedef struct _BenchWorkload BenchWorkload;

/* One workload as asked for. */
typedef struct
{
  const BenchWorkload *workload;
  const BenchOptions  *options;
  const char          *text;    /* "infer-resnet34:1:224" */
  char                *network; /* "resnet34" */
  gboolean             infer;
  guint                numbers[2]; /* as the workload's form names them */
} BenchJob;

struct _BenchWorkload
{
  const char *name; /* NULL: the architectures of the registry */
  const char *form; /* "NETWORK:BATCH:SIZE" */
  gboolean has_body; /* name-NETWORK is this one, too, with a body of the registry */
  guint       low[2], high[2]; /* bounds of the numbers; low 0: there is no such number */
  /* Measures and prints; bench_run_network() for networks. */
  gboolean (*run) (const BenchJob *job, GError **error);

  /* ---- For bench_run_network() */

  /* The whole network, with an output "loss".*/
  SlGraph *(*build) (const BenchJob *job, GError **error);
  /* Writes all inputs: the same in every step of every run, from bench_random(). */
  void (*fill) (const BenchJob *job, SlPlan *plan);
  /* What a step works through: pictures, words. */
  guint64 (*n_items) (const BenchJob *job);
};

extern const BenchWorkload bench_classify, bench_pictures;
extern const BenchWorkload bench_lm, bench_text;
extern const BenchWorkload bench_unet;

/* Seconds of a training step (forward, backward, AdamW) or, for infer-, of a forward pass: the
 * median over options->reps after two to warm up.  Prints a line with peak memory and the loss of
 * the last step, a checksum of the arithmetic: a step can't be fast and wrong unseen. */
gboolean bench_run_network  (const BenchJob *job, GError **error);
/* The median alone, for workloads that set something beside it. */
gboolean bench_time_network (const BenchJob *job, double *seconds, GError **error);

/* ---- Per-op figures (--ops) */
void bench_print_peak (const BenchOptions *options, const SlPeak *peak);
/* Of the passes since sl_plan_forget_times().  @step_seconds: the mean of whole steps; what is left
 * of it is the optimiser's, which works on @n_trained numbers (0: inference). */
void bench_print_ops  (const BenchJob *job, const SlPlan *plan, const SlPeak *peak,
                       double step_seconds, gsize n_trained);

/* ---- Inputs */
SlRandom bench_random      (void); /* one seed for all */
void     bench_fill_normal (SlRandom *random, float *values, gsize n);
void     bench_fill_below  (SlRandom *random, gint32 *values, gsize n, guint below);
void     bench_fill_ones   (float *values, gsize n);

/* ---- Measuring */
double   bench_median      (double *values, gsize n); /* sorts them */
/* Each workload's peak is its own, not that of a larger one before it (Linux, see proc(5)). */
void     bench_forget_peak (void);
double   bench_peak_mib    (void);
