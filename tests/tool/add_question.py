#!/usr/bin/python3
"""add_question.py SURVEY.csv OUT.csv: the survey with one question more, a text of several lines behind q1_6."""
import csv
import sys

with open(sys.argv[1], encoding="utf-8", newline="") as survey:
    rows = list(csv.DictReader(survey))
question = {"type": "text", "name": "q1_note", "label::Italiano (it)": "Note", "appearance": "multiline", "bind::anci:numero": "1.7"}
rows.insert(next(i for i, row in enumerate(rows) if row["name"] == "q1_6") + 1, dict.fromkeys(rows[0], "") | question)
with open(sys.argv[2], "w", encoding="utf-8", newline="") as out:
    writer = csv.DictWriter(out, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
