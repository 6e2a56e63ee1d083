"""What a school has and offers: buildings, rooms, equipment, programmes."""
