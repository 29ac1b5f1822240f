"""A line that is lost: passes everything between a client and a server on this machine until so many bytes have come from one of them,
then cuts the line, at every connection. For tests.

cut_line.py PORT_FILE TARGET_PORT SIDE BYTES     SIDE: server or client; its port goes to PORT_FILE
"""
import os
import socket
import struct
import sys
import threading

PORT_FILE, TARGET, SIDE, LEFT = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])


def cut(*ends):
    for end in ends:
        try:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        end.close()


def carry(source, target, left):
    try:
        while data := source.recv(4096):
            if left is not None:
                data, left = data[:left], left - len(data)
            target.sendall(data)
            if left is not None and left <= 0:
                break
    except OSError:
        pass
    cut(source, target)


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(16)
with open(PORT_FILE + ".new", "w", encoding="ascii") as file:
    file.write(str(listener.getsockname()[1]))
os.rename(PORT_FILE + ".new", PORT_FILE)
while True:
    client, _ = listener.accept()
    server = socket.create_connection(("127.0.0.1", TARGET))
    threading.Thread(target=carry, args=(client, server, LEFT if SIDE == "client" else None), daemon=True).start()
    threading.Thread(target=carry, args=(server, client, LEFT if SIDE == "server" else None), daemon=True).start()
