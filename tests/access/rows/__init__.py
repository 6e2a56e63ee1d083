"""The rows of the matrix, by area, in the order in which ``docs/access.md`` prints them."""

from tests.access.row import Row
from tests.access.rows import (
    academics,
    connections,
    desk,
    doors,
    figures,
    intake,
    kinds,
    letters,
    matching,
    oversight,
    own,
    register,
    registry,
    reports,
    results,
    roster,
    tasks,
    transfers,
    verification,
)

AREAS: dict[str, list[Row]] = {
    "Doors open to the world": doors.ROWS,
    "Own account and the frame": own.ROWS,
    "Schools, classes, people, the journal": registry.ROWS,
    "The desk of records": desk.ROWS,
    "Kinds of record at the desk": kinds.ROWS,
    "Files that come in, quality of data": intake.ROWS,
    "Records of one person": matching.ROWS,
    "School transfers": transfers.ROWS,
    "People compared with the population database": verification.ROWS,
    "Accounts of families and staff": letters.ROWS,
    "Figures and plans": figures.ROWS,
    "Tasks": tasks.ROWS,
    "Reports": reports.ROWS,
    "The gradebook": academics.ROWS,
    "Remarks, exemptions, make-up tests, substitutes": register.ROWS,
    "Results and report cards": results.ROWS,
    "Roles, emergencies, support, exports": oversight.ROWS,
    "Class lists for other software": roster.ROWS,
    "Connected systems, sites, mailboxes, shared data": connections.ROWS,
}
MATRIX = [row for rows in AREAS.values() for row in rows]
