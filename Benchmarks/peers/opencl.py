"""As much of OpenCL as CLBlast's caller needs, from the loader that CLBlast itself uses."""

import ctypes
from ctypes import byref, c_char_p, c_int, c_size_t, c_ulong, c_void_p

import numpy as np

DEVICE_TYPE_ALL, DEVICE_NAME = 0xFFFFFFFF, 0x102B
READ_WRITE, COPY_HOST_POINTER = 1 << 0, 1 << 5


class Queue:
    """An in-order queue of device `index`, counted over all platforms as `vae devices` counts."""

    def __init__(self, index: int):
        try:
            self.cl = ctypes.CDLL("libOpenCL.so.1")
        except OSError as error:
            raise SystemExit("error: no OpenCL loader (ocl-icd-libopencl1)") from error
        for name in ("clCreateContext", "clCreateCommandQueue", "clCreateBuffer"):
            getattr(self.cl, name).restype = c_void_p
        devices = self.devices()
        if index >= len(devices):
            raise SystemExit(f"error: no OpenCL device {index}: there are {len(devices)}")
        device = c_void_p(devices[index])
        name = ctypes.create_string_buffer(1024)
        self.check(self.cl.clGetDeviceInfo(device, DEVICE_NAME, c_size_t(1024), name, None))
        self.device_name = c_char_p(name.raw).value.decode()
        self.context = self.create("clCreateContext", None, 1, byref(device), None, None)
        self.handle = self.create("clCreateCommandQueue", self.context, device, c_ulong(0))
        self.buffers: list[c_void_p] = []

    def devices(self) -> list[int]:
        found = []
        for platform in self.handles(self.cl.clGetPlatformIDs):
            kind = c_void_p(platform), c_ulong(DEVICE_TYPE_ALL)
            found += self.handles(lambda *rest: self.cl.clGetDeviceIDs(*kind, *rest))
        return found

    def handles(self, ask) -> list[int]:
        count = ctypes.c_uint()
        # A platform without devices, and a loader without platforms, are failures to OpenCL.
        if ask(0, None, byref(count)) != 0:
            return []
        found = (c_void_p * count.value)()
        self.check(ask(count, found, None))
        return list(found)

    def create(self, function: str, *arguments) -> c_void_p:
        status = c_int()
        handle = getattr(self.cl, function)(*arguments, byref(status))
        self.check(status.value)
        return c_void_p(handle)

    def buffer(self, array: np.ndarray) -> c_void_p:
        flags, size = c_ulong(READ_WRITE | COPY_HOST_POINTER), c_size_t(array.nbytes)
        pointer = c_void_p(array.ctypes.data)
        buffer = self.create("clCreateBuffer", self.context, flags, size, pointer)
        self.buffers.append(buffer)
        return buffer

    def release_buffers(self) -> None:
        for buffer in self.buffers:
            self.check(self.cl.clReleaseMemObject(buffer))
        self.buffers = []

    def read(self, buffer: c_void_p, shape: tuple[int, ...]) -> np.ndarray:
        array = np.empty(shape, np.float32)
        extent = c_size_t(0), c_size_t(array.nbytes), c_void_p(array.ctypes.data)
        self.check(
            self.cl.clEnqueueReadBuffer(self.handle, buffer, c_int(1), *extent, 0, None, None)
        )
        return array

    def finish(self) -> None:
        self.check(self.cl.clFinish(self.handle))

    def check(self, status: int) -> None:
        if status != 0:
            raise SystemExit(f"error: OpenCL returned {status}")
