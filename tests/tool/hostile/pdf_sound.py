"""Files that are in order, and what other programs make of one."""
import os
import subprocess
import tempfile

from .pdf import Pdf, increment, sample, stream


def sound_pdfs():
    plain = sample().bytes()
    yield 'sound', plain
    yield 'sound-white-tail', plain + b'\r\n \n\0\n'
    yield 'sound-increment', increment(plain, 4, '<</FT/Tx/T(plico_unit)/V(A945)>>')
    pdf = sample()
    inner = sample().bytes()
    pdf.add(stream('/Type/EmbeddedFile', inner, compress=False))
    yield 'sound-attached-pdf', pdf.bytes()
    pdf = Pdf()
    kid = pdf.text('due', '(b)')
    parent = pdf.add(f'<</T(uno)/FT/Tx/Kids[{kid} 0 R]>>')
    sig = pdf.add('<</FT/Sig/T(firma)/V<</Type/Sig/Contents<00>>>>>')
    push = pdf.add('<</FT/Btn/Ff 65536/T(stampa)>>')
    yield 'sound-nested-signed', pdf.form([parent, sig, push]).bytes()
    pdf = Pdf()
    fields = [pdf.text('utf16', '<FEFF00E8000D000A010DD83DDE00>'), pdf.text('lone', '<FEFF0041D83D0042>'),
              pdf.text('doc', '(perch\\351 \\240)'), pdf.text('utf8', '<EFBBBFC3A8>'), pdf.text('name', '/si'),
              pdf.text('list', '[(uno)(due)]'), pdf.text('number', '12.5'), pdf.text('control', '(a\\033[31m\\000b)'),
              pdf.text('little', '<FFFE41000D01>'), pdf.text('none', 'null')]
    yield 'values', pdf.form(fields).bytes()


def tool_pdfs():
    """What programs make of a sound file."""
    tools = (
        ('qpdf-linearize', ['qpdf', '--linearize']),
        ('qpdf-objstm', ['qpdf', '--object-streams=generate']),
        ('qpdf-empty-password', ['qpdf', '--encrypt', '', 'owner', '256', '--']),
        ('qpdf-password', ['qpdf', '--encrypt', 'user', 'owner', '256', '--']),
        ('qpdf-password-128', ['qpdf', '--encrypt', 'user', 'owner', '128', '--use-aes=y', '--']),
        ('pdftk', ['pdftk']),
    )
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, 'in.pdf'), os.path.join(folder, 'out.pdf')
        with open(source, 'wb') as f:
            f.write(sample().bytes())
        for name, command in tools:
            subprocess.run(command + [source] + (['output'] if name == 'pdftk' else []) + [target], check=True)
            with open(target, 'rb') as f:
                yield name, f.read()
