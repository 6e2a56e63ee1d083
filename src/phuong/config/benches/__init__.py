"""The benchmarks of the whole house, one file each; every figure beside a floor of the same run."""

from phuong.config.benches.accounts import ACCOUNTS
from phuong.config.benches.audit import AUDIT
from phuong.config.benches.calls import CALLS
from phuong.config.benches.desk import DESK
from phuong.config.benches.gradebook import GRADEBOOK
from phuong.config.benches.imports import IMPORTS
from phuong.config.benches.links import LINKS
from phuong.config.benches.load import LOAD
from phuong.config.benches.measures import MEASURES
from phuong.config.benches.pages import PAGES
from phuong.config.benches.province import PROVINCE
from phuong.config.benches.results import RESULTS
from phuong.config.benches.reviews import REVIEWS
from phuong.config.benches.sharing import SHARING
from phuong.config.benches.signon import SIGNON
from phuong.config.benches.verification import VERIFICATION

BENCHES = (
    *(
        ACCOUNTS,
        AUDIT,
        CALLS,
        DESK,
        GRADEBOOK,
        IMPORTS,
        LINKS,
        LOAD,
        MEASURES,
        PAGES,
        PROVINCE,
        RESULTS,
        REVIEWS,
        SHARING,
    ),
    *(SIGNON, VERIFICATION),
)
