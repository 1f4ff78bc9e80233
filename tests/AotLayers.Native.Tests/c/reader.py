"""reader.py LIBRARY SOURCE [OPTIONS]: reads a layer through ctypes, without the header. Prints names, sizes and data."""

import ctypes
import sys


class Entry(ctypes.Structure):
    _fields_ = [
        ("struct_size", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("name", ctypes.c_char_p),
        ("name_length", ctypes.c_uint64),
        ("size", ctypes.c_int64),
        ("creation_time", ctypes.c_int64),
        ("last_access_time", ctypes.c_int64),
        ("last_write_time", ctypes.c_int64),
        ("change_time", ctypes.c_int64),
        ("attributes", ctypes.c_uint32),
        ("link_count", ctypes.c_uint32),
        ("file_id", ctypes.c_uint8 * 16),
        ("link_target", ctypes.c_char_p),
    ]


def main(library, source, options=None):
    aotl = ctypes.CDLL(library)
    aotl.aotl_last_error.restype = ctypes.c_char_p
    aotl.aotl_next.argtypes = [ctypes.c_void_p, ctypes.POINTER(Entry)]
    aotl.aotl_read_data.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.POINTER(ctypes.c_size_t)]
    aotl.aotl_close.argtypes = [ctypes.c_void_p]

    def check(code):
        if code < 0:
            raise OSError(f"0x{code & 0xFFFFFFFF:08X} {aotl.aotl_last_error().decode()}")
        return code

    reader = ctypes.c_void_p()
    check(aotl.aotl_open(source.encode(), options.encode() if options else None, ctypes.byref(reader)))
    entry = Entry(struct_size=ctypes.sizeof(Entry))
    buffer = ctypes.create_string_buffer(1 << 16)
    read = ctypes.c_size_t()
    while check(aotl.aotl_next(reader, ctypes.byref(entry))) == 0:
        data = bytearray()
        while True:
            check(aotl.aotl_read_data(reader, buffer, len(buffer), ctypes.byref(read)))
            if read.value == 0:
                break
            data += buffer.raw[: read.value]
        print(entry.name.decode("utf-8", "surrogatepass"), entry.size, data.hex())
    check(aotl.aotl_close(reader))


try:
    main(*sys.argv[1:])
except OSError as error:
    print(error)
    sys.exit(1)
