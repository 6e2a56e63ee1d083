"""The access matrix as data: rows by area, the roles, the objects they speak of, the routes of the house."""
