"""The reports units owe, drafted from live figures."""
