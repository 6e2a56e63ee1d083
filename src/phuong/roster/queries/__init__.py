"""The projection of the registry as OneRoster sees it, and how it is asked."""
