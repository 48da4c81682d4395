"""Work: long work (plans, imports, reports) in a worker process, with progress, cancel, and another try after a crash.

Noun: Run. Entry: :func:`nongshi.site.work.services.start`; `nongshi worker` runs what was started.
"""
