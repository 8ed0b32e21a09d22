import shutil
import tempfile
from pathlib import Path

import pytest


@pytest.fixture
def short_folder():
    """Like tmp_path, but nobody else changes who may pass through it, and short."""
    folder = Path(tempfile.mkdtemp(prefix="jk-"))
    yield folder
    shutil.rmtree(folder)
