"""Files: the shell that reads and writes what people keep.

Decides nothing about farming: it only judges whether a file says something that can be (every fault at once, with
file, row, column and how to mend it), and never leaves half a file behind.

Entry functions: `region_reader.read_region`, `region_writer.write_region`, `plan_files.read_plan`,
`plan_files.write_plan`, `plan_files.plan_json`, `whole.write_whole`; the report, day sheets and workbook beside them.
Nouns: those of :mod:`nongshi.core`. Must not know: the search, the bound, commands, the clock.
"""
