"""Nasty input for every form and address: what is thrown, where the fields stand, how it is thrown."""
