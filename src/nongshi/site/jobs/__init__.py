"""Jobs: what growers want done, from the phone, the clerk's sheet or the dispatcher.

Noun: FieldJob. Must not know plans.
"""
