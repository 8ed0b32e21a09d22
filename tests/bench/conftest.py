"""The benchmark is no part of the package: it stands in the clone, beside it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
