"""Officer: how a season goes by town and crop, where work is late or short, as page, wall and report."""
