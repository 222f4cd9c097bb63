// Each OpenCL function hands over to that of the OpenCL loader, a library found when the program runs.
//
// A program linked to a loader cannot start without it; and one that brings a loader along would use
// that even where the machine has its own, which knows best where the machine's drivers are.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

#include "COpenCL.h"

// What the project calls. A function more is an entry more: result, name, parameters, arguments.
#define FUNCTIONS(EACH)                                                                           \
  EACH(cl_int, clGetPlatformInfo,                                                                 \
       (cl_platform_id a, cl_platform_info b, size_t c, void *d, size_t *e), (a, b, c, d, e))     \
  EACH(cl_int, clGetDeviceIDs,                                                                    \
       (cl_platform_id a, cl_device_type b, cl_uint c, cl_device_id *d, cl_uint *e),              \
       (a, b, c, d, e))                                                                           \
  EACH(cl_int, clGetDeviceInfo,                                                                   \
       (cl_device_id a, cl_device_info b, size_t c, void *d, size_t *e), (a, b, c, d, e))         \
  EACH(cl_context, clCreateContext,                                                               \
       (const cl_context_properties *a, cl_uint b, const cl_device_id *c,                         \
        void(CL_CALLBACK *d)(const char *, const void *, size_t, void *), void *e, cl_int *f),    \
       (a, b, c, d, e, f))                                                                        \
  EACH(cl_int, clReleaseContext, (cl_context a), (a))                                             \
  EACH(cl_command_queue, clCreateCommandQueue,                                                    \
       (cl_context a, cl_device_id b, cl_command_queue_properties c, cl_int *d), (a, b, c, d))    \
  EACH(cl_int, clReleaseCommandQueue, (cl_command_queue a), (a))                                  \
  EACH(cl_int, clFinish, (cl_command_queue a), (a))                                               \
  EACH(cl_program, clCreateProgramWithSource,                                                     \
       (cl_context a, cl_uint b, const char **c, const size_t *d, cl_int *e), (a, b, c, d, e))    \
  EACH(cl_int, clBuildProgram,                                                                    \
       (cl_program a, cl_uint b, const cl_device_id *c, const char *d,                            \
        void(CL_CALLBACK *e)(cl_program, void *), void *f),                                       \
       (a, b, c, d, e, f))                                                                        \
  EACH(cl_int, clGetProgramBuildInfo,                                                             \
       (cl_program a, cl_device_id b, cl_program_build_info c, size_t d, void *e, size_t *f),     \
       (a, b, c, d, e, f))                                                                        \
  EACH(cl_int, clReleaseProgram, (cl_program a), (a))                                             \
  EACH(cl_kernel, clCreateKernel, (cl_program a, const char *b, cl_int *c), (a, b, c))            \
  EACH(cl_int, clSetKernelArg, (cl_kernel a, cl_uint b, size_t c, const void *d), (a, b, c, d))   \
  EACH(cl_int, clGetKernelWorkGroupInfo,                                                          \
       (cl_kernel a, cl_device_id b, cl_kernel_work_group_info c, size_t d, void *e, size_t *f),  \
       (a, b, c, d, e, f))                                                                        \
  EACH(cl_int, clReleaseKernel, (cl_kernel a), (a))                                               \
  EACH(cl_int, clEnqueueNDRangeKernel,                                                            \
       (cl_command_queue a, cl_kernel b, cl_uint c, const size_t *d, const size_t *e,             \
        const size_t *f, cl_uint g, const cl_event *h, cl_event *i),                              \
       (a, b, c, d, e, f, g, h, i))                                                               \
  EACH(cl_mem, clCreateBuffer,                                                                    \
       (cl_context a, cl_mem_flags b, size_t c, void *d, cl_int *e), (a, b, c, d, e))             \
  EACH(cl_int, clReleaseMemObject, (cl_mem a), (a))                                               \
  EACH(cl_int, clEnqueueReadBuffer,                                                               \
       (cl_command_queue a, cl_mem b, cl_bool c, size_t d, size_t e, void *f, cl_uint g,          \
        const cl_event *h, cl_event *i),                                                          \
       (a, b, c, d, e, f, g, h, i))                                                               \
  EACH(cl_int, clEnqueueWriteBuffer,                                                              \
       (cl_command_queue a, cl_mem b, cl_bool c, size_t d, size_t e, const void *f, cl_uint g,    \
        const cl_event *h, cl_event *i),                                                          \
       (a, b, c, d, e, f, g, h, i))                                                               \
  EACH(cl_int, clEnqueueFillBuffer,                                                               \
       (cl_command_queue a, cl_mem b, const void *c, size_t d, size_t e, size_t f, cl_uint g,     \
        const cl_event *h, cl_event *i),                                                          \
       (a, b, c, d, e, f, g, h, i))                                                               \
  EACH(void *, clEnqueueMapBuffer,                                                                \
       (cl_command_queue a, cl_mem b, cl_bool c, cl_map_flags d, size_t e, size_t f, cl_uint g,   \
        const cl_event *h, cl_event *i, cl_int *j),                                               \
       (a, b, c, d, e, f, g, h, i, j))                                                            \
  EACH(cl_int, clEnqueueUnmapMemObject,                                                           \
       (cl_command_queue a, cl_mem b, void *c, cl_uint d, const cl_event *e, cl_event *f),        \
       (a, b, c, d, e, f))                                                                        \
  EACH(cl_int, clGetEventProfilingInfo,                                                           \
       (cl_event a, cl_profiling_info b, size_t c, void *d, size_t *e), (a, b, c, d, e))          \
  EACH(cl_int, clReleaseEvent, (cl_event a), (a))

// Not exported, since drivers have functions of the same names.
#define HIDDEN __attribute__((visibility("hidden")))

#define FORWARD(result, name, parameters, arguments) \
  static result(*loaded_##name) parameters;          \
  HIDDEN result name parameters { return loaded_##name arguments; }
FUNCTIONS(FORWARD)
static cl_int (*loaded_clGetPlatformIDs)(cl_uint, cl_platform_id *, cl_uint *);

static bool is_loaded;
static char failure[512];

// Not from a library's handle: what a tool like Oclgrind has preloaded goes before any loader.
static bool find(void) {
#define FIND(result, name, parameters, arguments) \
  if (!(loaded_##name = dlsym(RTLD_DEFAULT, #name))) return false;
  FIND(cl_int, clGetPlatformIDs, , )
  FUNCTIONS(FIND)
  return true;
}

static bool load(const char *library) {
  void *handle = dlopen(library, RTLD_NOW | RTLD_GLOBAL);
  if (handle && find()) return true;
  // Where each fails, the failure of the machine's own loader is the one to tell: the first.
  if (!failure[0]) {
    const char *reason = dlerror();
    snprintf(failure, sizeof failure, "%s", reason ? reason : "it lacks a function");
  }
  if (handle) dlclose(handle);
  return false;
}

static void load_first(void) {
  is_loaded = find() || load("libOpenCL.so.1") || load("$ORIGIN/lib/libOpenCL.so.1");
}

// Every other function takes what this one, or what came of it, gave.
HIDDEN cl_int clGetPlatformIDs(cl_uint count, cl_platform_id *platforms, cl_uint *found) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load_first);
  // The loaders' own code for a machine without drivers.
  const cl_int platform_not_found = -1001;
  return is_loaded ? loaded_clGetPlatformIDs(count, platforms, found) : platform_not_found;
}

const char *opencl_loader_failure(void) { return is_loaded || !failure[0] ? NULL : failure; }
