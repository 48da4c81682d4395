"""Cli: the commands of `nongshi`; they read, call one function of the api, write and show.

Decides nothing about plans. One file a command: plan, check, report, generate, bench, demo; `main` joins them.
Shared: `options` (arguments that several commands take), `texts` (words, English and Chinese),
`show` (tables, JSON, faults and exit codes), `progress` (the bar). What a command computes with is imported
inside the command, so that `nongshi --help` loads neither numpy nor a compiler.
Must not know: how a plan is made, what a file looks like inside.
"""
