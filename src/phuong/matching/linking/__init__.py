"""Finding records of one person: pure of Django, from a table of people to pairs with their evidence."""
