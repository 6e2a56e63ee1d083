"""Files that come in, and the quality of what is there."""

from tests.access.roles import KEEPERS, NONE, OFFICER, PRINCIPAL, STEERING, TEACHERS, WHOLE
from tests.access.row import COMMUNE, OTHER_SCHOOL, OWN, SCHOOL, Row

CODE = "=registry.learners_with_number"
FIGURES = STEERING | {"system_operator"}
STEPS = ("bo", "ap-dung")
MARKERS = PRINCIPAL | TEACHERS  # the head all sheets of the school, a teacher the own ones and the own imports
ROWS = [
    Row("intake:batches", "", "", "GET", KEEPERS | MARKERS),
    Row("intake:bring", "=learners", "", "GET POST", KEEPERS),
    Row("intake:bring", "=staff", "", "GET POST", KEEPERS),
    Row("intake:bring", "=schools", "", "GET POST", OFFICER),
    Row("intake:bring", "=marks", "", "GET POST", MARKERS),
    Row("intake:template", "=learners", "", "GET", KEEPERS),
    Row("intake:template", "=marks", "", "GET", MARKERS),
    Row("intake:template", "=schools", "", "GET", OFFICER),
    Row("intake:present", "=learners", "", "GET", KEEPERS),
    Row("intake:present", "=schools", "", "GET", OFFICER),
    Row("intake:present", "=marks", "", "GET", PRINCIPAL),
    Row("intake:batch", "batch", SCHOOL, "GET", KEEPERS),
    Row("intake:batch", "other_batch", OTHER_SCHOOL, "GET", OFFICER),
    Row("intake:batch", "marks_batch", SCHOOL, "GET", PRINCIPAL),
    Row("intake:batch", "other_marks_batch", OTHER_SCHOOL, "GET", NONE),
    Row("intake:batch", "my_marks", OWN, "GET", MARKERS),
    Row("intake:map", "my_marks", OWN, "GET POST", MARKERS),
    Row("intake:problems", "my_marks", OWN, "GET", MARKERS),
    *(Row("intake:act", f"my_marks ={step}", OWN, "POST", MARKERS) for step in STEPS),
    *(Row("intake:act", f"marks_batch ={step}", SCHOOL, "POST", PRINCIPAL) for step in STEPS),
    *(Row("intake:act", f"other_marks_batch ={step}", OTHER_SCHOOL, "POST", NONE) for step in STEPS),
    Row("intake:map", "batch", SCHOOL, "GET POST", KEEPERS),
    Row("intake:map", "other_batch", OTHER_SCHOOL, "GET POST", OFFICER),
    Row("intake:problems", "batch", SCHOOL, "GET", KEEPERS),
    Row("intake:problems", "other_batch", OTHER_SCHOOL, "GET", OFFICER),
    *(Row("intake:act", f"batch ={step}", SCHOOL, "POST", KEEPERS) for step in STEPS),
    *(Row("intake:act", f"other_batch ={step}", OTHER_SCHOOL, "POST", OFFICER) for step in STEPS),
    Row("quality:own", "", "", "GET", FIGURES),
    Row("quality:unit", "school", SCHOOL, "GET", FIGURES),
    Row("quality:unit", "commune", COMMUNE, "GET", FIGURES),
    Row("quality:unit", "other_school", OTHER_SCHOOL, "GET", WHOLE | {"system_operator"}),
    Row("quality:weights", "", "", "GET", OFFICER),
    Row("quality:weight", CODE, "", "GET POST", OFFICER),
    Row("quality:ask", f"school {CODE}", SCHOOL, "GET POST", KEEPERS),
    Row("quality:ask", f"other_school {CODE}", OTHER_SCHOOL, "GET POST", OFFICER),
    Row("quality:drop", "fix", SCHOOL, "POST", KEEPERS),
    Row("quality:drop", "other_fix", OTHER_SCHOOL, "POST", OFFICER),
]
