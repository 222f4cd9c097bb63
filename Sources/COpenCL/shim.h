#pragma once
// OpenCL 1.2 is all the project uses, so that every driver in use will do.
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
