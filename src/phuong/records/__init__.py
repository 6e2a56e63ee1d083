"""One desk for every kind of record: create, change, close, history, bulk."""
