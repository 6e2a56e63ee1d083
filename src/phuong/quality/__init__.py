"""Quality of data: right, complete, clean, alive; a score for each unit, and who mends what by when."""
