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


_PLACE_NAMES = """
    moscow matxcova; washington oasinhton; berlin beclin; singapore xingapo; philippines philippin;
    indonesia indonexia; malaysia malaixia; myanmar mianma; ukraine ucraina; syria xyri xiri;
    iraq irac; israel ixraen; kiev kiep kyiv; australia oxtraylia; hungary hunggari; brazil braxin;
    romania rumani; bulgaria bungari; argentina achentina; venezuela venexuela; mexico mehico;
    afghanistan apganixtan; pakistan pakixtan; kazakhstan cadacxtan; warsaw vacsava; prague praha;
    geneva gionevo; ethiopia etiopia; nigeria nigieria; libya libi; sudan xudang; serbia xecbia
"""

PLACE_NAMES = {
    name: tuple(other for other in names.split() if other != name)
    for names in _PLACE_NAMES.replace("\n", " ").split(";")
    for name in names.split()
}
"""Folded names of foreign places -> the others of the same place: Moscow, Mát-xcơ-va."""
