// OpenCL's functions, found when the program runs: `functions.c` says why.

#pragma once

// OpenCL 1.2 is all the project uses, so that every driver in use will do.
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

/// Why there is no OpenCL loader; null where there is one, and before `clGetPlatformIDs` looked.
const char *_Nullable opencl_loader_failure(void);
