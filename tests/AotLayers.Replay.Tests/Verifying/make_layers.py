"""make_layers.py KIND FILE: a layer tar as another builder writes it, by what is known of the builder."""
import io
import sys
import tarfile

# Directories and files as BuildKit secures them; the second without a list of rights, as go-containerregistry has it.
FILES = ("AQAEgBQAAAAkAAAAAAAAADAAAAABAgAAAAAABSAAAAAgAgAAAQEAAAAAAAUSAAAAAgBMAAMAAAAAABgA/wEfAAECAAAAAAAFIAAAACACAAAAABQA/wEfAAEBAAAA"
         "AAAFEgAAAAAAGACpABIAAQIAAAAAAAUgAAAAIQIAAA==")
USERS = "AQAAgBQAAAAkAAAAAAAAAAAAAAABAgAAAAAABSAAAAAhAgAAAQIAAAAAAAUgAAAAIQIAAA=="
NOW = 1700000000.123456789


def add(tar, name, kind=tarfile.REGTYPE, content=b"", link="", pax=None, mtime=1500000000):
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname, info.mtime = kind, len(content), link, mtime
    info.pax_headers = pax or {}
    tar.addfile(info, io.BytesIO(content))


def buildkit(tar):
    """Times with unpadded nanoseconds, Files and Hives of now, Files/ before every target, nothing of Windows on links."""
    directory = {"MSWINDOWS.fileattr": "16", "MSWINDOWS.rawsd": FILES, "LIBARCHIVE.creationtime": "1700000000.123456789"}
    add(tar, "Hives", tarfile.DIRTYPE, pax=dict(directory, mtime="1700000000.123456789"), mtime=NOW)
    add(tar, "Files", tarfile.DIRTYPE, pax=dict(directory, mtime="1700000000.123456789"), mtime=NOW)
    # 5 ns are .000000005; "%d.%d" writes .5.
    file = {"MSWINDOWS.fileattr": "32", "MSWINDOWS.rawsd": FILES}
    add(tar, "Files/app.exe", content=b"x", pax=dict(file, **{"LIBARCHIVE.creationtime": "1500000000.5", "mtime": "1500000000.000000005"}))
    add(tar, "Files/link", tarfile.SYMTYPE, link="Files/app.exe")
    add(tar, "Files/same.exe", tarfile.LNKTYPE, link="Files/app.exe")


def ggcr(tar):
    """Only a descriptor, without a DACL; targets of hard links without Files/; Files twice."""
    pax = {"MSWINDOWS.rawsd": USERS}
    add(tar, "Hives", tarfile.DIRTYPE, pax=pax)
    add(tar, "Files", tarfile.DIRTYPE, pax=pax)
    add(tar, "Files", tarfile.DIRTYPE, pax=pax)
    add(tar, "Files/app", content=b"x", pax=pax)
    add(tar, "Files/same", tarfile.LNKTYPE, link="app", pax=pax)


def imgutil(tar):
    """A base layer whose hives are empty."""
    pax = {"MSWINDOWS.fileattr": "16", "MSWINDOWS.rawsd": FILES}
    for name in ("Files", "Files/Windows", "Files/Windows/System32", "Files/Windows/System32/config"):
        add(tar, name, tarfile.DIRTYPE, pax=pax)
    for hive in ("DEFAULT", "SAM", "SECURITY", "SOFTWARE", "SYSTEM"):
        add(tar, "Files/Windows/System32/config/" + hive, pax=dict(pax, **{"MSWINDOWS.fileattr": "32"}))


with tarfile.open(sys.argv[2], "w", format=tarfile.PAX_FORMAT) as archive:
    {"buildkit": buildkit, "ggcr": ggcr, "imgutil": imgutil}[sys.argv[1]](archive)
