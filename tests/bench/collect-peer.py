"""collect-peer.py MAILDIR/new N PROCESSES: reads the first N mails of the folder as a script would, with Python's email and pypdf: the
values of all fields of each PDF. Nothing is kept, checked or stored. Prints mails, PDFs, fields with a value, seconds of the clock,
seconds of CPU, peak memory of one process in MiB."""
import email
import email.policy
import io
import logging
import multiprocessing
import os
import resource
import sys
import time

import pypdf

logging.disable(logging.ERROR)


def read(path):
    with open(path, 'rb') as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    pdfs = values = 0
    for part in message.walk():
        if part.is_multipart():
            continue
        body = part.get_payload(decode=True)
        if body[:5] != b'%PDF-':
            continue
        fields = pypdf.PdfReader(io.BytesIO(body)).get_fields() or {}
        pdfs += 1
        values += sum(1 for field in fields.values() if field.get('/V') not in (None, '', '/Off'))
    return pdfs, values


def main():
    folder, count, processes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder))[:count]]
    begin = time.monotonic()
    with multiprocessing.Pool(processes) as pool:
        read_all = pool.map(read, paths, chunksize=8)
        pool.close()
        pool.join()
    seconds = time.monotonic() - begin
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(len(read_all), sum(pdfs for pdfs, _ in read_all), sum(values for _, values in read_all), f'{seconds:.4f}',
          f'{usage.ru_utime + usage.ru_stime:.4f}', f'{usage.ru_maxrss / 1024:.1f}')


main()
