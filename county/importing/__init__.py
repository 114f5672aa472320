"""``run.py county import``: residents, contributions, pensioners, employers and postings out of CSV and Excel files.

``sheets`` and ``workbook`` read files, ``columns`` and ``kinds`` say what stands in them, ``cells`` turns a cell into a
value or says what is wrong with it, ``landing`` and the files beside it compare with the tables and write, ``run`` does
all of it in one transaction or none, ``report`` says it in words. A preview and an import are the same code.
"""
