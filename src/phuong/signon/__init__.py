"""This house as an OpenID provider: other sites sign people in through it."""
