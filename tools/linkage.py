"""Train the weights of matching on synthetic truth, or measure them: ``python tools/linkage.py train | measure``.

``train`` writes ``src/phuong/matching/linking/model.yaml`` anew (a few minutes); the thresholds at its head are kept.
``measure`` prints precision and recall for registers of 100,000 with few and with many people in both.
"""

import sys
from pathlib import Path

from ruamel.yaml import YAML

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from phuong.matching.linking.engine import Options
from phuong.matching.linking.evaluation import by_slip, curve, find, sure, with_review
from phuong.matching.linking.model import WEIGHTS, weights
from phuong.matching.linking.training import observed
from phuong.matching.linking.truth.people import Stock
from phuong.matching.linking.truth.records import two_registers
from phuong.matching.linking.truth.slips import Rates

NAMES = Path(__file__).resolve().parents[1] / "src" / "phuong" / "registry" / "catalog" / "names.yaml"
TRAINED_ON, TRAINING_SEED, TRAINING_SHARE = 60_000, 7, 0.3
MEASURED_ON, MEASURING_SEED = 100_000, 11
HEAD = """\
# Weights of matching. Made by `python tools/linkage.py train`; the three figures at the head are decisions, kept by it.
# m: how often a level is seen of one person's two records; u: of two people's. Where m = u = 0.5, it weighs nothing.
# Trained on {records} synthetic records of two registers (seed {seed}, {share:.0%} of people in both).
sure: {sure}  # probability from which a pair is held to be one person's, unless a guard objects
review: {review}  # probability from which it is shown to people
known_twice: {known_twice}  # share of people with a second record, at least, when a run does not say
fields:
"""


def stock() -> Stock:
    """Read the registry's catalog of names."""
    return Stock(YAML(typ="safe", pure=False).load(NAMES.read_text(encoding="utf-8")))


def train() -> None:
    """Write the weights."""
    truth = two_registers(TRAINED_ON, stock(), seed=TRAINING_SEED, both=TRAINING_SHARE)
    kept = weights()
    facts = {"records": 2 * TRAINED_ON, "seed": TRAINING_SEED, "share": TRAINING_SHARE}
    text = HEAD.format(**facts, sure=kept.sure, review=kept.review, known_twice=kept.known_twice)
    for field, levels in observed(truth).items():
        lines = [f"    {level}: {{m: {pair['m']:g}, u: {pair['u']:g}}}\n" for level, pair in levels.items()]
        text += f"  {field}:\n" + "".join(lines)
    WEIGHTS.write_text(text, encoding="utf-8")


def measure() -> None:
    """Print the quality for several shares of people known twice, and for a register with many numbers missing."""
    for both, rates in ((0.2, Rates()), (0.05, Rates()), (0.02, Rates()), (0.2, Rates(no_number=0.18))):
        truth = two_registers(MEASURED_ON, stock(), seed=MEASURING_SEED, both=both, rates=rates)
        found = find(truth, Options(apart=True))
        print(f"\n{both:.0%} in both, {rates.no_number:.0%} without a number: {found.seconds}")
        for name, point in (("sure", sure(truth, found)), ("shown", with_review(truth, found))):
            print(f"  {name:6} {point.pairs:7} pairs, precision {point.precision:.4f}, recall {point.recall:.4f}")
        for point in curve(truth, found):
            print(f"  {point.threshold:6} {point.pairs:7} {point.precision:.4f} {point.recall:.4f}")
        for kind, count, certain, shown in by_slip(truth, found):
            print(f"  {kind:15} {count:6} sure {certain:.3f} shown {shown:.3f}")


if __name__ == "__main__":
    {"train": train, "measure": measure}[sys.argv[1]]()
