"""layers_of_others.py KIND FILE: small layers with the oddities of programs that write layers on Linux, from what is known of them, and one
with the mix of entries that was counted in Microsoft's nanoserver ltsc2025. KIND is buildkit, ggcr, imgutil or nanoserver."""

import base64
import io
import struct
import sys
import tarfile

BUILTIN_USERS = struct.pack("<BB6sII", 1, 2, b"\0\0\0\0\0\5", 32, 545)
# O:BUG:BU without any access list.
USERS_OWN = struct.pack("<BBHIIII", 1, 0, 0x8000, 20, 36, 0, 0) + BUILTIN_USERS * 2


class Layer:
    def __init__(self, path):
        self.tar = tarfile.open(path, "w", format=tarfile.PAX_FORMAT)

    def add(self, name, data=b"", type=tarfile.REGTYPE, link="", mtime=1455526401, records=None, security=None):
        member = tarfile.TarInfo(name)
        member.type, member.linkname, member.size, member.mtime = type, link, len(data), mtime
        member.pax_headers = dict(records or {})
        if security:
            member.pax_headers["MSWINDOWS.rawsd"] = base64.b64encode(security).decode()
        self.tar.addfile(member, io.BytesIO(data))

    def directory(self, name, **fields):
        self.add(name, type=tarfile.DIRTYPE, **fields)

    def close(self):
        self.tar.close()


def buildkit(layer):
    # Every link target gets "Files/" before it, nanoseconds of the creation time are not padded, links have no attributes.
    directory = {"MSWINDOWS.fileattr": "16", "LIBARCHIVE.creationtime": "1455526401.1"}
    file = {"MSWINDOWS.fileattr": "32", "LIBARCHIVE.creationtime": "1455526401.1"}
    layer.directory("Hives")
    layer.directory("Files")
    layer.directory("Files/app", records=directory, security=USERS_OWN)
    layer.add("Files/app/file.txt", b"buildkit", records=file, security=USERS_OWN)
    layer.add("Files/app/hard.txt", type=tarfile.LNKTYPE, link="Files/app/file.txt")
    layer.add("Files/app/link.txt", type=tarfile.SYMTYPE, link="Files/file.txt")
    layer.add("Files/app/.wh.gone.txt")


def ggcr(layer):
    # The target of a hard link has no "Files/" before it, nothing has attributes, Files comes twice.
    layer.directory("Files")
    layer.directory("Hives")
    layer.directory("Files")
    layer.directory("Files/app", security=USERS_OWN)
    layer.add("Files/app/file.txt", b"ggcr", security=USERS_OWN)
    layer.add("Files/app/hard.txt", type=tarfile.LNKTYPE, link="app/file.txt")


def imgutil(layer):
    # A base layer whose hives are empty files.
    for name in ["Files", "Files/Windows", "Files/Windows/System32", "Files/Windows/System32/config"]:
        layer.directory(name, security=USERS_OWN)
    for name in ["DEFAULT", "SAM", "SECURITY", "SOFTWARE", "SYSTEM"]:
        layer.add("Files/Windows/System32/config/" + name, security=USERS_OWN)
    for name in ["UtilityVM", "UtilityVM/Files", "UtilityVM/Files/EFI", "UtilityVM/Files/EFI/Microsoft", "UtilityVM/Files/EFI/Microsoft/Boot"]:
        layer.directory(name, security=USERS_OWN)
    layer.add("UtilityVM/Files/EFI/Microsoft/Boot/BCD", b"regf" + bytes(4092), security=USERS_OWN)


def nanoserver(layer):
    # 1,350 directories, 5,164 files, 3,774 hard links; 6,513 descriptors, 981 with extended attributes, 149 without mtime, no ctime.
    record = {"MSWINDOWS.fileattr": "32", "LIBARCHIVE.creationtime": "1455526401.2345678", "atime": "1455526401.2345678"}
    eas = [base64.b64encode(bytes(0x5D)).decode(), base64.b64encode(bytes(0x60)).decode()]
    directories, files, links = 1350, 5164, 3774
    made = 0
    places = ["Files", "UtilityVM", "UtilityVM/Files"]
    for name in places:
        layer.directory(name, records={**record, "MSWINDOWS.fileattr": "16"}, security=None if name == "Files" else USERS_OWN)
    for i in range(directories - len(places)):
        # Files comes before UtilityVM, and no order by name within.
        top = "Files" if i < 900 else "UtilityVM/Files"
        name = "%s/Windows_%s_%04d" % (top, "aAbB"[i % 4], i)
        layer.directory(name, records={**record, "MSWINDOWS.fileattr": "16"}, security=USERS_OWN)
        for j in range(files // (directories - len(places)) + (1 if i < files % (directories - len(places)) else 0)):
            extra = {"MSWINDOWS.xattr.$CI.CATALOGHINT": eas[0], "MSWINDOWS.xattr.$KERNEL.PURGE.ESBCACHE": eas[1]} if made < 981 else {}
            time = {"mtime": 0} if made < 149 else {"mtime": 1455526401.2345678}
            layer.add("%s/file%d.dll" % (name, j), b"MZ" * (made % 700), records={**record, **extra}, security=USERS_OWN, **time)
            if made < links:
                layer.add(
                    "UtilityVM/Files/link%04d.dll" % made, type=tarfile.LNKTYPE, link="%s/file%d.dll" % (name, j), records=record)
            made += 1


layer = Layer(sys.argv[2])
{"buildkit": buildkit, "ggcr": ggcr, "imgutil": imgutil, "nanoserver": nanoserver}[sys.argv[1]](layer)
layer.close()
