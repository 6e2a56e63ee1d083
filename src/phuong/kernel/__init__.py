"""What every app stands on: keys, calendar, text, money, scope, audit, refusals, jobs, measures."""
