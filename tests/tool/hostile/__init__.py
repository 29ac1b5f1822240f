"""PDFs and mails that a mailbox may bring, sound and hostile. Everything is made here; nothing is downloaded."""
