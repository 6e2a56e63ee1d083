"""Who is known twice: found by probability, decided by people, merged and unmerged exactly."""
