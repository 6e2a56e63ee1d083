"""Work of the programming interface that is done later."""
