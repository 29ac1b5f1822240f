#!/usr/bin/env python3
"""wait-port.py PORT [SECONDS]: waits until somebody listens on 127.0.0.1:PORT; 1 where nobody does in time."""
import socket
import sys
import time

port, limit = int(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 30
end = time.monotonic() + limit
while True:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        sys.exit(0)
    except OSError:
        if time.monotonic() > end:
            sys.exit(f"nobody listens on port {port}")
        time.sleep(0.05)
