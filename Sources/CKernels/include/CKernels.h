// Kernels in C with run-time dispatch: everything that a plain Swift loop does not vectorise.
#pragma once
#include "crc32c.h"
#include "elementwise.h"
#include "product.h"
#include "training.h"
#include "vector_scan.h"
