"""All cases by class, as the table verdicts.tsv has them: maker by maker (name, bytes)."""
from . import mail_archives, mail_floods, mail_forged, mail_loops, mail_shapes, pdf_active, pdf_bombs, pdf_damage, pdf_sound

PDFS = (pdf_sound.sound_pdfs, pdf_sound.tool_pdfs, pdf_damage.damaged_pdfs, pdf_damage.odd_forms, pdf_damage.mutants, pdf_active.actions, pdf_active.xfa,
        pdf_active.encryption, pdf_active.polyglots, pdf_active.drawing, pdf_active.values, pdf_bombs.graphs, pdf_bombs.floods,
        pdf_bombs.tables)
MAILS = (mail_shapes.shapes, mail_shapes.automatic, mail_shapes.pec, mail_forged.receipts, mail_forged.daticerts, mail_forged.transports,
         mail_forged.bounces, mail_forged.addresses, mail_loops.loops, mail_archives.zips, mail_archives.signed, mail_archives.others,
         mail_floods.mail_floods, mail_floods.bodies, mail_floods.names, mail_floods.boundaries, mail_floods.weights)


def pdfs():
    for maker in PDFS:
        yield from maker()


def mails():
    for maker in MAILS:
        yield from maker()


def small_pdfs():
    """Without the bombs and without the help of other programs: seeds of the fuzz target."""
    for maker in PDFS:
        if maker not in (pdf_sound.tool_pdfs, pdf_bombs.floods, pdf_active.drawing):
            yield from maker()
