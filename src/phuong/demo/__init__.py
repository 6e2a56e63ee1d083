"""A synthetic province: nobody in it is real."""
