"""Pages of onboarding: the door for families, the desk of a school, claims."""
