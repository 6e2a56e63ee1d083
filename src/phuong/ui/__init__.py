"""The frame of every page, components and charts."""
