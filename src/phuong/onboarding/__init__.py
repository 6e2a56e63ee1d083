"""Bringing a province on board: accounts in bulk, activation, guardians who claim their children, personal links."""
