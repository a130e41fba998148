"""Who is at the other end of a Unix socket, as the kernel says.

Source: unix(7), SO_PEERCRED; on macOS and BSD LOCAL_PEERCRED of unix(4)
"""

import socket
import struct
import sys

# struct ucred: process, user, group.
_UCRED = struct.Struct("3i")
# struct xucred: version, user, number of groups; what follows is not needed.
_XUCRED = struct.Struct("=IIh")
_SOL_LOCAL, _LOCAL_PEERCRED, _XUCRED_BYTES = 0, 1, 76


def uid_behind(connection: socket.socket) -> int:
    """Return the id of the user whose process is at the other end.

    Raises:
        OSError: the kernel does not say.
    """
    if sys.platform == "linux":
        _process, user, _group = _UCRED.unpack(
            connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
        )
    else:
        found = connection.getsockopt(_SOL_LOCAL, _LOCAL_PEERCRED, _XUCRED_BYTES)
        _version, user, _groups = _XUCRED.unpack_from(found)
    return int(user)
