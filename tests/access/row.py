"""One row of the matrix: which route, of what, by which methods, for which roles."""

from dataclasses import dataclass

from tests.access.roles import Roles

# of what the address speaks, seen from the cast of tests/world.py
OWN = "own account"
BARE = "own account, nothing set up"
FOREIGN = "another's account"
SCHOOL = "own school"
OTHER_SCHOOL = "other school"
HIGH_SCHOOL = "department's school in the own commune"
COMMUNE = "own commune"
OTHER_COMMUNE = "other commune"
PROVINCE = "own province"
OTHER_PROVINCE = "other province"
CHILD = "own child"
CLASSMATE = "classmate"
STRANGER = "child of another school"
PARENT = "own parent"
COLLEAGUE = "colleague"
STRANGE_STAFF = "staff of another school"
RELATIONS = {
    "": "no object: a list or form that shows only what the role may see, or a page for everybody",
    OWN: "the account of whoever asks, and what belongs to it",
    BARE: "the account of whoever asks, before it has what the page is about",
    FOREIGN: "the account of somebody else",
    SCHOOL: "the school of the roles at schools, and its records; it lies in the commune of the commune's roles",
    OTHER_SCHOOL: "a school of another commune, and its records; every school lies in the province of the department's",
    HIGH_SCHOOL: "a school in the commune that the department runs",
    COMMUNE: "the commune of the commune's roles, in which the own school lies, and its records",
    OTHER_COMMUNE: "another commune of the province, and its records",
    PROVINCE: "what belongs to the whole province, or to its department",
    OTHER_PROVINCE: "what belongs to another province",
    CHILD: "the child of the guardian, the learner in person, of the class of the homeroom teacher, of the own school",
    CLASSMATE: "another child of that class",
    STRANGER: "a child of the other school",
    PARENT: "the guardian in person, parent of the own child",
    COLLEAGUE: "a member of staff of the own school",
    STRANGE_STAFF: "a member of staff of the other school",
}


@dataclass(frozen=True)
class Row:
    """Who is let in to ``route``.

    ``args``: words, separated by spaces, that make the address (see ``tests/access/address.py``). ``of``: one of
    ``RELATIONS``. ``methods``: separated by spaces. ``roles``: let in; all others are refused as if nothing were there.
    ``body``: what is posted, written as in an address, where a bare post would be stopped as incomplete before anybody
    asks who posts it.
    """

    route: str
    args: str
    of: str
    methods: str
    roles: Roles
    body: str = ""

    def __str__(self) -> str:
        """Name the row in a report of tests."""
        return " ".join((self.route, self.args, self.methods)).replace("  ", " ")
