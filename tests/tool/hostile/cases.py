"""All cases: (name, bytes, a regular expression for what collect_show prints of them)."""
import itertools

from . import mail_floods, mail_shapes, pdf_bombs, pdf_damage, pdf_sound


def pdfs():
    return itertools.chain(pdf_sound.sound_pdfs(), pdf_damage.damaged_pdfs(), pdf_damage.odd_forms(), pdf_bombs.graphs(),
                           pdf_bombs.floods(), pdf_bombs.tables(), pdf_damage.mutants())


def mails():
    return itertools.chain(mail_shapes.shapes(), mail_shapes.automatic(), mail_shapes.pec(), mail_floods.mail_floods())
