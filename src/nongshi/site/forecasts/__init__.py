"""Forecasts: what a season will ask for and what will be short, kept by district or town and the day it was made.

Nouns: Forecast, SeasonFolder, WhatIf. Entry: :mod:`nongshi.site.forecasts.services`. It computes nothing: the room
`forecast` does, in the worker, or a `season.json` comes from elsewhere.
"""
