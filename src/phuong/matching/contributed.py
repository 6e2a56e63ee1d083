"""What matching tells the floors below."""

ALL: tuple[object, ...] = ()
