"""Official documents: the only package that knows WeasyPrint. See docs/documents.md."""
