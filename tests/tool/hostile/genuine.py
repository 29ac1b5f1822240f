"""
Attacks that begin with a true sheet, which its town has: everything it says of itself is right, its code is the right one.
What must come of it all: the town's answers are those of its own return, and nobody else has any.
"""
import io
import json
import os
import random

import pikepdf

from . import mail_forged
from .mail import mail, multipart, part

TOWN, OTHER, SECTION = 'A001', 'A002', 's4'


class Sheet:
    """A sheet as its town saved it. Changes are what a viewer appends (ISO 32000-1, 7.5.6)."""

    def __init__(self, desk, town, section=SECTION):
        with open(os.path.join(desk, town, section + '.pdf'), 'rb') as f:
            self.blank = f.read()
        with open(os.path.join(desk, town, section + '.json'), encoding='utf-8') as f:
            self.wanted = json.load(f)
        self.pdf = pikepdf.open(io.BytesIO(self.blank))
        self.fields = {str(f.T): f for f in self.pdf.Root.AcroForm.Fields}

    def set(self, changed, name, value, state=None):
        """Gives the field a value; @changed collects the objects that this touches."""
        field = self.fields[name]
        if state is None:
            field.V = pikepdf.String(value)
        else:
            field.V = pikepdf.Name('/' + (value or 'Off'))
            for widget in field.get('/Kids', [field]):
                on = [k for k in widget.AP.N.keys() if k == '/' + value] if value else []
                widget.AS = pikepdf.Name(on[0] if on else '/Off')
                changed[widget.objgen[0]] = widget
        changed[field.objgen[0]] = field

    def filled(self, **other):
        """With the answers that are meant, but for those in @other."""
        changed = {}
        for field in self.wanted:
            value = other.get(field['name'], field['value'])
            self.set(changed, field['name'], value, None if field['kind'] in ('text', 'area') else 'button')
        for name in set(other) - {field['name'] for field in self.wanted}:
            self.set(changed, name, other[name])
        return append(self.blank, {number: obj.unparse(resolved=True) for number, obj in changed.items()})


def append(data, objects, trailer=b''):
    """An update with @objects (number -> bytes) and a cross-reference stream, as the sheet has."""
    prev = int(data[data.rindex(b'startxref') + 9:].split()[0])
    last = data[prev:]
    size = max(int(last[last.index(b'/Size') + 5:].split(b'/')[0]), max(objects) + 1)
    out = bytearray(data)
    at = {}
    for number, body in sorted(objects.items()):
        at[number] = len(out)
        out += b'%d 0 obj\n%s\nendobj\n' % (number, body)
    at[size] = len(out)
    rows = b''.join(b'\1' + at[n].to_bytes(4, 'big') + b'\0' for n in sorted(at))
    index = ' '.join(f'{n} 1' for n in sorted(at)).encode()
    out += b'%d 0 obj\n<</Root 1 0 R/Type/XRef/Size %d/Prev %d/W[1 4 1]/Index[%s]/Length %d%s>>\nstream\n%s\nendstream\nendobj\n' % (
        size, size + 1, prev, index, len(rows), trailer, rows)
    return bytes(out) + b'startxref\n%d\n%%%%EOF\n' % at[size]


def send(pdf, sender='protocollo@borgo-a.example', more='', number=[0]):
    number[0] += 1
    head = f'From: {sender}\nTo: mappa@mappa.example\nSubject: R: Mappa\nMessage-ID: <{number[0]}@borgo-a.example>\nMIME-Version: 1.0\n{more}'
    files = pdf if isinstance(pdf, list) else [pdf]
    return mail(multipart([part('text/plain', 'Si trasmette.')] + [
        part('application/pdf; name=modulo.pdf', f, 'Content-Disposition: attachment; filename=modulo.pdf') for f in files]), head)


def true_ones(desk):
    """The town's own return, which comes first, and what honest programs make of one."""
    sheet = Sheet(desk, TOWN)
    true = sheet.filled()
    yield 'true', send(true)
    for i in range(50):
        yield f'replay-{i}', send(true, ('protocollo@borgo-a.example', 'altri@borgo-a.example')[i % 2])
    yield 'replay-forwarded', mail(part('message/rfc822', send(true), 'Content-Transfer-Encoding: 8bit'))
    yield 'replay-twice-in-one', send([true, true])
    for name, how in (('linearized', {'linearize': True}), ('packed', {'object_stream_mode': pikepdf.ObjectStreamMode.generate}),
                      ('empty-password', {'encryption': pikepdf.Encryption(owner='o', user='')})):
        yield f'same-{name}', send(rewritten(true, **how))
    yield 'same-from-a-stranger', send(true, 'ladro@altrove.example')


def rewritten(data, **how):
    out = io.BytesIO()
    pikepdf.open(io.BytesIO(data)).save(out, **how)
    return out.getvalue()


def forgeries(desk):
    """Other answers, by whoever has seen a sheet but not its code; or a sheet that is made to say something else."""
    other = Sheet(desk, OTHER).filled()
    choices = next(field['choices'] for field in Sheet(desk, TOWN).wanted if field['name'] == 'q4_2')
    for (name, code), answer in zip((('missing', ''), ('wrong', 'WARA-J5D4-QYBC-077X-Y'), ('of-another', Sheet(desk, OTHER).wanted[0]['value']),
                                     ('10kb', 'W' * 10000)), [''] + choices[1:]):
        yield f'code-{name}', send(Sheet(desk, TOWN).filled(plico_code=code, q4_2=answer))
    for name, value in (('unit', OTHER), ('unit', 'a001'), ('unit', ''), ('section', 's5'), ('edition', 'mappa-2023'), ('edition', '../mappa-2024'),
                        ('form', '1'), ('form', '../../x'), ('serial', '2'), ('serial', '1-1'), ('serial', '-1'), ('serial', '9' * 40), ('v', '2'), ('v', ''),
                        ('kid', 'k2'), ('kid', '../k1'), ('kid', ''), ('tag', 'A' * 26), ('tag', ''), ('tag', 'x' * 4000)):
        safe = ''.join(c if c.isalnum() else '_' for c in value[:9]) or 'empty'
        yield f'identity-{name}-{safe}', send(Sheet(desk, TOWN).filled(q4_2='', **{f'plico_{name}': value}))
    tag = str(Sheet(desk, TOWN).fields['plico_tag'].V)
    for i in range(len(tag)):
        yield f'tag-character-{i}', send(Sheet(desk, TOWN).filled(q4_2='', plico_tag=tag[:i] + ('0' if tag[i] != '0' else '1') + tag[i + 1:]))
    yield 'tag-small-letters', send(Sheet(desk, TOWN).filled(q4_2='', plico_tag=tag.lower()))
    yield 'tag-of-another', send(Sheet(desk, TOWN).filled(q4_2='', plico_tag=str(Sheet(desk, OTHER).fields['plico_tag'].V)))
    yield 'second-behind', send(Sheet(desk, TOWN).filled(q4_2='') + other)
    yield 'second-before', send(other + Sheet(desk, TOWN).filled(q4_2=''))


def certified(desk):
    """Certified mail that nobody certified, about the mail that was really sent, or around a true sheet without its code."""
    with open(os.path.join(desk, OTHER, 'message-id'), encoding='utf-8') as f:
        reference = f.read().strip()
    for name, data in mail_forged.receipts(f'<{reference}>'):
        yield f'real-{name}', data
    sheet = send(Sheet(desk, OTHER).filled(plico_code=''), 'protocollo@borgo-b.example')
    for name, data in mail_forged.transports(sheet):
        yield f'real-{name}', data.replace(b'protocollo@pec.barletta.example', b'protocollo@borgo-b.example')


def changed(desk):
    """The fields are not those of the sheet, or not what a viewer shows. The last ones carry things that nothing here runs."""
    filled = Sheet(desk, TOWN).filled(q4_2='')
    true = Sheet(desk, TOWN).filled()

    def field(name, value):
        return f'<</FT/Tx/T({name})/V({value})/Subtype/Widget/Rect[0 0 9 9]>>'.encode()

    for name, more in (('more', field('q9_9', 'x')), ('doubled-unit', field('plico_unit', OTHER)), ('doubled-equal', field('plico_unit', TOWN)),
                       ('doubled-answer', field('q4_2', 'x')), ('in-a-stream', b'<</FT/Tx/T(q4_9)/V 5001 0 R>>')):
        yield f'field-{name}', send(edited(filled, {5000: more, 5001: b'<</Length 1>>stream\nx\nendstream'}, append_field=True))
    yield 'field-less', send(edited(filled, {}, lambda form: form.Fields.__delitem__(3)))
    yield 'fields-none', send(edited(filled, {}, lambda form: form.__setitem__('/Fields', pikepdf.Array())))
    yield 'xfa-added', send(edited(filled, {}, lambda form: form.__setitem__('/XFA', pikepdf.String('<x/>'))))
    yield 'needs-rendering', send(edited(filled, {}, root=lambda root: root.__setitem__('/NeedsRendering', True)))
    box = Sheet(desk, TOWN).fields['q4_1__cloud']
    box.V, box.AS = pikepdf.Name('/si'), pikepdf.Name('/Off')
    yield 'button-shows-other', send(append(filled, {box.objgen[0]: box.unparse(resolved=True)}))
    script = pikepdf.Dictionary(S=pikepdf.Name('/JavaScript'), JS=pikepdf.String('this.getField("q4_2").value="x"'))
    yield 'script-added', send(edited(true, {}, root=lambda root: root.__setitem__('/OpenAction', script)))
    yield 'appearances-needed', send(edited(true, {}, lambda form: form.__setitem__('/NeedAppearances', True)))


def edited(data, objects, edit=None, root=None, append_field=False):
    """@data with @objects and with its form or catalog edited; @append_field: object 5000 is one field more."""
    pdf = pikepdf.open(io.BytesIO(data))
    form = pdf.Root.AcroForm
    fields = form.Fields
    objects = dict(objects)
    if root is not None:
        root(pdf.Root)
    if edit is not None:
        edit(form)
    for part_of in (fields, form, pdf.Root):
        if part_of.is_indirect:
            objects[part_of.objgen[0]] = part_of.unparse(resolved=True)
    if append_field:
        for number, body in objects.items():
            at = body.find(fields.unparse() if fields.is_indirect else fields.unparse(resolved=True))
            if fields.is_indirect and number == fields.objgen[0]:
                objects[number] = body[:-1] + b' 5000 0 R ]'
            elif not fields.is_indirect and at >= 0 and number != 5000:
                end = at + len(fields.unparse(resolved=True)) - 1
                objects[number] = body[:end] + b' 5000 0 R ' + body[end:]
    return append(data, objects)


def damaged(desk):
    """Cut, patched, wrapped: whatever happens to a file on its way."""
    sheet = Sheet(desk, TOWN)
    blank, filled = sheet.blank, sheet.filled(q4_2='')
    true = Sheet(desk, TOWN).filled()
    for i, cut in enumerate((7, 100, 400, 1000, 2000)):
        yield f'cut-behind-{i}', send(filled[:-cut])
    for i, cut in enumerate((1, 20, 300)):
        yield f'cut-into-{i}', send(filled[:len(blank) + cut])
    yield 'cut-at-the-update', send(blank)
    yield 'cut-half', send(filled[:len(filled) // 2])
    yield 'crlf', send(filled.replace(b'\n', b'\r\n'))
    yield 'text-mode', send(filled.decode('latin-1').encode('utf-8'))
    yield 'high-bits-lost', send(bytes(b & 0x7f for b in filled))
    yield 'tail', send(filled + b'<!-- scanned -->\n')
    yield 'tail-long', send(filled + b'\nx' * 1000)
    yield 'prefix', send(b'Content-Type: application/pdf\n\n' + filled)
    yield 'password', send(rewritten(filled, encryption=pikepdf.Encryption(owner='o', user='u')))
    data = filled
    for i in range(8):
        data = append(data, {9000 + i: b'null'})
    yield 'saved-8-times', send(data)
    dice = random.Random(11)
    for i in range(40):
        at = dice.randrange(0, len(true) // 512) * 512
        yield f'sector-lost-{i}', send(true[:at] + b'\0' * 512 + true[at + 512:])
    for i in range(40):
        data = bytearray(true)
        for _ in range(dice.randint(1, 30)):
            data[dice.randrange(len(blank))] ^= 1 << dice.randrange(8)
        yield f'bits-turned-{i}', send(bytes(data))
