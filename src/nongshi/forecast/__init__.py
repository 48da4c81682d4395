"""Room `forecast`: what work a season will ask for, and what will be short.

Decides: released work per town, operation and day with its uncertainty; shortage and prices of machines,
operators, dryers.
Nouns: OperatorShortage (core.season).
Must not know: files, the network, Django; how a plan of one week is searched (dispatch); who is trained (people).
"""
