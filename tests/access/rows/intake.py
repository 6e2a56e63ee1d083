"""Files that come in, and the quality of what is there."""

from tests.access.roles import KEEPERS, OFFICER, STEERING, WHOLE
from tests.access.row import COMMUNE, OTHER_SCHOOL, SCHOOL, Row

CODE = "=registry.learners_with_number"
FIGURES = STEERING | {"system_operator"}
STEPS = ("bo", "ap-dung")
ROWS = [
    Row("intake:batches", "", "", "GET", KEEPERS),
    Row("intake:bring", "=learners", "", "GET POST", KEEPERS),
    Row("intake:bring", "=staff", "", "GET POST", KEEPERS),
    Row("intake:bring", "=schools", "", "GET POST", OFFICER),
    Row("intake:template", "=learners", "", "GET", KEEPERS),
    Row("intake:template", "=schools", "", "GET", OFFICER),
    Row("intake:present", "=learners", "", "GET", KEEPERS),
    Row("intake:present", "=schools", "", "GET", OFFICER),
    Row("intake:batch", "batch", SCHOOL, "GET", KEEPERS),
    Row("intake:batch", "other_batch", OTHER_SCHOOL, "GET", OFFICER),
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
