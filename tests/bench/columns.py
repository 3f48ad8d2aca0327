"""Give a corpus the columns that it lacks, made up, so that filters and facets have work to do.

    python -m tests.bench.columns baomoi2017.jsonl.xz altered.jsonl

Every article gets a date in sixteen years, one of 40 publishers, 25 categories and 3,000 authors;
few of each are common and most are rare, as in real archives. The same corpus gives the same file.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

FIRST = datetime(2009, 1, 1, tzinfo=UTC)
DAYS = 16 * 365
PUBLISHERS, CATEGORIES, AUTHORS = 40, 25, 3000

_FAMILY_NAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô")
_GIVEN_NAMES = ("An", "Bình", "Chi", "Dũng", "Giang", "Hà", "Khánh", "Linh", "Minh", "Nga", "Quỳnh")


def add_columns(record: dict[str, Any], chosen: random.Random) -> dict[str, Any]:
    """Return the record with a date, publisher, category and authors."""
    moment = FIRST + timedelta(days=chosen.randrange(DAYS), minutes=chosen.randrange(1440))
    return record | {
        "date": moment.isoformat(),
        "publisher": f"Báo số {_rank(PUBLISHERS, chosen)}",
        "category": f"Chuyên mục {_rank(CATEGORIES, chosen)}",
        "authors": [_author(chosen) for _ in range(chosen.randint(1, 2))],
    }


def _rank(number: int, chosen: random.Random) -> int:
    """Return a random rank from 1; the chance of one falls as its inverse, as in Zipf's law."""
    return int(number ** chosen.random())


def _author(chosen: random.Random) -> str:
    rank = _rank(AUTHORS, chosen)
    family_name = _FAMILY_NAMES[rank % len(_FAMILY_NAMES)]
    given_name = _GIVEN_NAMES[rank % len(_GIVEN_NAMES)]
    return f"{family_name} {given_name} {rank}"


def main() -> int:
    """Write the altered corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("altered", type=Path)
    options = parser.parse_args()
    chosen = random.Random(1)
    with lzma.open(options.corpus, "rt") as read, options.altered.open("w") as written:
        for line in read:
            record = add_columns(json.loads(line), chosen)
            written.write(json.dumps(record, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
