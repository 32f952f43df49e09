// Kernels in C with run-time dispatch: everything that a plain Swift loop does not vectorise.
#pragma once
#include "elementwise.h"
