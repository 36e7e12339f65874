/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Philox 4×32-10: constants and rounds of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011), tables 2
 * and 3. */
#define SL_PHILOX_M0 0xD2511F53u
#define SL_PHILOX_M1 0xCD9E8D57u
#define SL_PHILOX_W0 0x9E3779B9u
#define SL_PHILOX_W1 0xBB67AE85u
#define SL_PHILOX_ROUNDS 10
