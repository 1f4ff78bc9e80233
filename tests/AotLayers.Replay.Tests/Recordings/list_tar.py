"""Lists a tar as Python's tarfile understands it, in ASCII, one member per line."""
import hashlib
import sys
import tarfile

SHOWN = ("MSWINDOWS.fileattr", "LIBARCHIVE.creationtime", "mtime", "atime", "ctime", "MSWINDOWS.mountpoint")


def ascii_text(text):
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").encode("ascii", "backslashreplace").decode()


with tarfile.open(sys.argv[1], "r:") as tar:
    for member in tar:
        fields = [member.type.decode(), "%07o" % member.mode, str(member.size), str(int(member.mtime)), ascii_text(member.name)]
        if member.linkname:
            fields.append("-> " + ascii_text(member.linkname))
        for key in sorted(member.pax_headers):
            value = member.pax_headers[key]
            if key in SHOWN or key.startswith("MSWINDOWS.xattr."):
                fields.append("%s=%s" % (key.replace("MSWINDOWS.", "").replace("LIBARCHIVE.", ""), value))
            elif key == "MSWINDOWS.rawsd":
                fields.append("rawsd#" + hashlib.sha256(value.encode()).hexdigest()[:8])
        if member.isreg() and member.size:
            fields.append("sha256 " + hashlib.sha256(tar.extractfile(member).read()).hexdigest()[:16])
        print(" ".join(fields))
