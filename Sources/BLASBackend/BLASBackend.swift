// BLASBackend
