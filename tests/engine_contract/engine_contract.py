"""The contract of engines: a suite to inherit."""

from __future__ import annotations

from tests.engine_contract.lookup_contract import LookupContract
from tests.engine_contract.scoring_contract import ScoringContract
from tests.engine_contract.search_contract import SearchContract
from tests.engine_contract.writing_contract import WritingContract


class EngineContract(SearchContract, ScoringContract, LookupContract, WritingContract):
    """Inherit, and say how a writer and an engine are opened."""
