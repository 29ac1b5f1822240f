"""Mails by which two machines talk to each other for ever. Nothing is answered."""
from .mail import HEAD, mail, multipart, part


def loops():
    text = part('text/plain; charset=utf-8', 'Risposta.')
    for name, line in (
            ('bulk', 'Precedence: bulk'), ('list', 'Precedence: list\nList-Id: <a.example>'), ('junk', 'Precedence: junk'),
            ('auto-generated', 'Auto-Submitted: auto-generated'), ('auto-notified', 'Auto-Submitted: auto-notified; owner-email="a@b.example"'),
            ('suppress', 'X-Auto-Response-Suppress: All'), ('loop', 'X-Loop: mappa@mappa.example'), ('autoreply', 'X-Autoreply: yes'),
            ('received-200', 'Received: from a.example by b.example; Mon, 20 Oct 2025 09:00:00 +0200\n' * 199 + 'X-Last: y'),
            ('disposition', 'Disposition-Notification-To: victim@vittima.example'), ('return-receipt', 'Return-Receipt-To: victim@vittima.example'),
            ('reply-to-victim', 'Reply-To: victim@vittima.example'), ('errors-to', 'Errors-To: victim@vittima.example'),
            ('return-path-empty', 'Return-Path: <>')):
        yield f'loop-{name}', mail(text, HEAD + line + '\n')
    for name, sender in (('own-address', 'mappa@mappa.example'), ('mailer-daemon', 'MAILER-DAEMON@mail.example'), ('postmaster', 'postmaster@mail.example'),
                         ('no-reply', 'no-reply@mail.example'), ('many', 'a@b.example, ' * 200 + 'c@d.example')):
        yield f'loop-from-{name}', mail(text, HEAD.replace('protocollo@barletta.example', sender))
    mdn = part('message/disposition-notification', 'Final-Recipient: rfc822;a@b.example\nOriginal-Message-ID: <l1.A669@mappa.example>\n'
               'Disposition: automatic-action/MDN-sent-automatically; displayed\n', 'Content-Transfer-Encoding: 7bit')
    yield 'loop-mdn', mail(multipart([text, mdn], '=_m', 'report; report-type=disposition-notification'))
    for i, subject in enumerate(('Out of Office: Mappa', 'Fuori ufficio', 'AUTO: assente', 'Abwesenheitsnotiz', '=?utf-8?Q?R=C3=A9ponse_automatique?=')):
        yield f'loop-vacation-{i}', mail(text, HEAD.replace('R: Mappa', subject))
