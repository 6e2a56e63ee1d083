"""Acts of data coming in."""
