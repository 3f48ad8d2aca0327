"""Loan words that are written in syllables or glued: `ô tô`, `ôtô`, `oto`.

An archive that is large enough shows them itself; these are known in a small one too.
"""

from __future__ import annotations

from indexer.vietnamese.syllables import exact_form, folded_form

_LOAN_WORDS = """
    ô tô; mô tô; xe buýt; vắc xin; vi rút; ti vi; ra đi ô; tắc xi; ca nô; cà phê; sô cô la; ca cao;
    bê tông; xi măng; cao su; xà phòng; đô la; ki lô; lô gô; mi crô; mê đay; pi a nô; ghi ta;
    công ten nơ; in tơ nét; a xít; ăng ten; vô lăng; pa nô; áp phích; may ô; ba lô; bô xít;
    cát xét; ma két tinh; mát xa; nhạc rốc; pê đan; sơ mi; tuốc bin; xích lô; xăng ti mét
"""

LOAN_WORDS = {
    "".join(map(folded_form, word.split())): " ".join(map(exact_form, word.split()))
    for word in _LOAN_WORDS.replace("\n", " ").split(";")
}
"""Folded form of the glued word -> exact forms of the syllables."""
