"""Seasons: who plans together by their own word; region folders in and out."""
