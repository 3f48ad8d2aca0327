"""What every test module needs before it is imported."""

from __future__ import annotations

import pytest

# Its assertions are read by people too, whichever module imports it first.
pytest.register_assert_rewrite("tests.engine_contract")
