"""Forecasts and what-ifs made by the worker from a season folder."""
