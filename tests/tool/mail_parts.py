#!/usr/bin/python3
"""Writes the attachments of a message into a folder.

usage: mail_parts.py MESSAGE.eml FOLDER
"""
import email
import email.policy
import os
import sys

with open(sys.argv[1], "rb") as file:
    message = email.message_from_binary_file(file, policy=email.policy.default)
for part in message.iter_attachments():
    with open(os.path.join(sys.argv[2], os.path.basename(part.get_filename())), "wb") as file:
        file.write(part.get_content())
