"""Loan words that are written in syllables, glued, or as elsewhere: `vắc xin`, `vắcxin`, `vaccine`.

An archive that is large enough shows them itself; these are known in a small one too.
"""

from __future__ import annotations

from indexer.vietnamese.normalization import fold_canonical
from indexer.vietnamese.syllables import exact_form, folded_form

_LOAN_WORDS = """
    ô tô; mô tô: moto; xe buýt; vắc xin: vaccine vaccin; vi rút: virus; ti vi; ra đi ô: radio
    tắc xi: taxi; ca nô; cà phê: cafe; sô cô la: chocolate; ca cao: cacao; bê tông; xi măng; cao su
    xà phòng; đô la: dollar usd; ki lô; lô gô: logo; mi crô: micro; mê đay; pi a nô: piano
    ghi ta: guitar; công ten nơ: container; in tơ nét: internet; a xít: acid axit; ăng ten: antenna
    vô lăng; pa nô; áp phích: poster; may ô; ba lô; bô xít: bauxite; cát xét: cassette
    ma két tinh: marketing; mát xa: massage; nhạc rốc; pê đan; sơ mi; tuốc bin: turbine
    xích lô; xăng ti mét: centimet; ra đa: radar; rô bốt: robot; đi ê zen: diesel; ga ra: garage
    vi ta min: vitamin; in su lin: insulin; hóc môn: hormone; cô lét xtê rôn: cholesterol
    hê rô in: heroin; cô ca in: cocaine; xì căng đan: scandal; ma ra tông: marathon; vi đê ô: video
    ca ra ô kê: karaoke; căng tin: canteen; ba lê: ballet; ô pê ra: opera; ca ta lô: catalogue
    ô zôn: ozone; pa ra bôn: parabol; lô gíc: logic; đi ô xin: dioxin; ni cô tin: nicotine
"""

_ITEMS = [
    (spaced.split(), others.split())
    for item in _LOAN_WORDS.replace("\n", ";").split(";")
    for spaced, _, others in [item.partition(":")]
    if spaced.strip()
]

LOAN_WORDS = {
    "".join(map(folded_form, spaced)): " ".join(map(exact_form, spaced)) for spaced, _ in _ITEMS
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

_PLACES = [names.split() for names in _PLACE_NAMES.replace("\n", " ").split(";")]

_SPELLINGS = [
    *_PLACES,
    *(
        [" ".join(map(exact_form, spaced)), "".join(map(folded_form, spaced)), *others]
        for spaced, others in _ITEMS
        if others
    ),
]

OTHER_SPELLINGS = {
    fold_canonical(spelling.replace(" ", "")): tuple(
        other for other in spellings if other != spelling
    )
    for spellings in _SPELLINGS
    for spelling in spellings
}
"""Folded letters of a word -> its other spellings: Moscow, Mát-xcơ-va; vaccine, vắc xin, vắcxin.

One of several syllables is in exact forms, any other is folded."""
