// Kernels in C with run-time dispatch: everything that a plain Swift loop does not vectorise.
#pragma once
#include "bfloat16.h"
#include "crc32c.h"
#include "elementwise.h"
#include "onednn.h"
#include "product.h"
#include "training.h"
#include "training_bfloat16.h"
#include "vector_scan.h"
