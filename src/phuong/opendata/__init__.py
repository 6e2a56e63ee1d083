"""Open data: what the province shows to everybody, as files with a schema and a catalogue."""
