/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <slope/activation.h>
#include <slope/advice.h>
#include <slope/catalogue.h>
#include <slope/checkpoint.h>
#include <slope/dataset.h>
#include <slope/download.h>
#include <slope/error.h>
#include <slope/graph.h>
#include <slope/guides.h>
#include <slope/heat-map.h>
#include <slope/item.h>
#include <slope/loader.h>
#include <slope/models.h>
#include <slope/optim.h>
#include <slope/parallel.h>
#include <slope/peak.h>
#include <slope/picture.h>
#include <slope/profile.h>
#include <slope/project.h>
#include <slope/random.h>
#include <slope/recipe.h>
#include <slope/task.h>
#include <slope/tensor.h>
#include <slope/train.h>
#include <slope/transform.h>
