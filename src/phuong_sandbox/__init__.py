"""The outside world, played on loopback over real protocols; knows nothing of the product, which never imports it."""
