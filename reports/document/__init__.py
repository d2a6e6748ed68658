"""A document as data, and the four ways of writing it: page, Word, PDF, workbook."""
