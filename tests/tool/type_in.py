#!/usr/bin/python3
"""type_in.py PAGE.html FIELDS.json OUT.csv: what the page of `plico quarantine enter` saves when a person types in all that it asks."""
import csv
import html.parser
import json
import sys


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.fields = {}
        self.open = []
        self.area = self.select = None
        self.label = ''

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag == 'label':
            self.label = a['class']
        if tag in ('input', 'select', 'textarea'):
            name = a['name']
            is_box = a.get('type') == 'checkbox'
            self.fields[name] = a.get('value', '') if not is_box or 'checked' in a else ''
            self.select = name if tag == 'select' else None
            self.area = name if tag == 'textarea' else None
            if self.label == 'open' and a.get('type') != 'hidden':
                self.open.append(name)
        if tag == 'option' and 'selected' in a:
            self.fields[self.select] = a.get('value', '')

    def handle_endtag(self, tag):
        if tag == 'textarea':
            self.area = None

    def handle_data(self, data):
        if self.area:
            self.fields[self.area] += data


def main():
    page = Page()
    with open(sys.argv[1], encoding='utf-8') as file:
        page.feed(file.read())
    with open(sys.argv[2], encoding='utf-8') as file:
        values = {field['name']: field['value'] for field in json.load(file)}
    for name in page.open:
        page.fields[name] = values[name]
    with open(sys.argv[3], 'w', encoding='utf-8', newline='') as file:
        out = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator='\n')
        out.writerow(['field', 'value'])
        out.writerows(page.fields.items())


main()
