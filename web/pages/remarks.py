"""The remarks above the results: few lines and few links, the rest folded."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from markupsafe import Markup

from indexer.search.query_notices import (
    AcronymNotice,
    DateNotice,
    DiacriticsNotice,
    KeystrokesNotice,
    QueryNotice,
    RelaxedNotice,
    RepairNotice,
    SpellingNotice,
    SuggestionNotice,
)
from indexer.search.search_records import MatchMode, ResultPage
from web.addresses.search_params import SearchParams
from web.addresses.urls import UrlBuilder
from web.pages.notices import notice_markup

_Kind = TypeVar("_Kind", bound=QueryNotice)

MOST_LINKS = 2
"""Stops of the Tab key among the remarks and totals: six others stand before the first result."""

_MOST_NOTICES = 2
_LINE = 44
"""Letters of a line on a phone."""

_MOST_LETTERS = 4 * _LINE
"""What leaves the first result in the upper 300 pixels of a phone, with a line of readings."""

_MOST_MEANT = 2 * _LINE
_MOST_UNIT_LETTERS = 40
_JOINT = 5
"""Letters of the quotation marks and the sign between two units."""

_AS_TYPED_LETTERS = 24
_MOST_FORMS = 2
_AMPLE = 10_000

_MOST_LETTERS_BELOW_DATES = 2 * _LINE
"""What leaves it there below the fields of dates that cannot be read."""

_REWRITTEN = (KeystrokesNotice, AcronymNotice, SpellingNotice, RepairNotice)

_FEW_ARTICLES = 3
"""So few articles with a form of the query may have mistyped it, unless few have the query."""


@dataclass(frozen=True, slots=True)
class Remarks:
    """The remarks of a page of results, as they are arranged above them.

    Attributes:
        is_mending: a date cannot be read: fields that mend it come first, what stops the key and
            what has no room come after the results.
        dates: sentences about dates that cannot be read, which the fields say on a phone.
        folds_filters: the filters that are set are in a fold of their own.
        forms, folded_forms: readings to choose from.
        suggestions: sentences that name another query.
        visible, folded: the other sentences.
        is_rewritten: more was searched for than what was typed.
        links_as_typed: what was typed alone is linked before the fold, not inside it.
        links_meant, links_exact: what was meant, or exact matches alone, are linked beside the
            totals, not below the results.
        units: the first units of the query that the totals name.
        are_all_units: there are no others.
        missing, left_out: words of a query that no article matches as it stands.
    """

    is_mending: bool
    dates: tuple[Markup, ...]
    folds_filters: bool
    forms: tuple[DiacriticsNotice, ...]
    folded_forms: tuple[DiacriticsNotice, ...]
    suggestions: tuple[Markup, ...]
    visible: tuple[Markup, ...]
    folded: tuple[Markup, ...]
    is_rewritten: bool
    links_as_typed: bool
    links_meant: bool
    links_exact: bool
    units: tuple[str, ...]
    are_all_units: bool
    missing: str
    left_out: str

    @property
    def folded_count(self) -> int:
        """How many remarks are in the fold."""
        return len(self.folded) + sum(map(bool, (self.folded_forms, self.missing, self.left_out)))

    @property
    def has_fold(self) -> bool:
        """Whether there is a fold; for what was typed alone a link takes no more room."""
        return bool(self.folded_count)

    @property
    def needs_fold(self) -> bool:
        """Whether something has no room beside the others."""
        return self.has_fold or (self.is_rewritten and not self.links_as_typed)


@dataclass(slots=True)
class _Room:
    """The links and letters that are left for remarks."""

    links: int
    letters: int

    def take(self, links: int, letters: int) -> bool:
        """Take room if there is enough; tell whether there was."""
        if links > self.links or letters > self.letters:
            return False
        self.links -= links
        self.letters -= letters
        return True


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A remark with its links and without; a suggestion is nothing without."""

    linked: Markup
    plain: Markup
    is_suggestion: bool


class _Arrangement:
    """Remarks on a page of results, and the room that they have.

    Args:
        page: the page.
        params: its search.
        urls: the addresses of other searches.
        filter_links: how many links the filters that are set have.
    """

    def __init__(
        self, page: ResultPage, params: SearchParams, urls: UrlBuilder, filter_links: int
    ) -> None:
        self._filter_links = filter_links
        self._page = page
        self._params = params
        notices = (*page.notices, *params.notices)
        is_rewritten = any(isinstance(notice, _REWRITTEN) for notice in notices)
        self._is_rewritten = is_rewritten and not params.as_typed
        self._relaxed = _kept(notices, RelaxedNotice)
        self._is_mending = bool(params.unreadable_dates and page.hits)
        dates = _kept(notices, DateNotice) if self._is_mending else []
        self._dates = tuple(notice_markup(notice) for notice in dates)
        self._forms = _diacritic_forms(page)
        self._sentences = [
            _Sentence(
                notice_markup(notice, lambda text: urls.with_(text=text)),
                notice_markup(notice),
                isinstance(notice, SuggestionNotice),
            )
            for notice in notices
            if notice not in dates and not isinstance(notice, DiacriticsNotice)
        ]

    def remarks(self) -> Remarks:
        """Return the remarks; they and the filters are folded only where there is no room."""
        if self._is_mending:
            lines = bool(self._filter_links)
            return self._arrange(_Room(0, _MOST_LETTERS_BELOW_DATES - lines * _LINE), False)
        can_fold_filters = (False, True) if self._filter_links > 1 else (False,)
        for folds_filters, has_fold in itertools.product(can_fold_filters, (False, True)):
            room = self._room(folds_filters, has_fold)
            is_enough = room.links >= 0
            arranged = self._arrange(room, folds_filters)
            if is_enough and arranged.needs_fold <= has_fold:
                break
        return arranged

    def _arrange(self, room: _Room, folds_filters: bool) -> Remarks:
        """Give room to what was typed first, then to other readings and queries, then to words."""
        is_chosen = self._params.exact or self._params.match is not MatchMode.AUTO
        links_meant = is_chosen and room.take(1, 0)
        links_as_typed = self._is_rewritten and room.take(1, _AS_TYPED_LETTERS)
        forms = _forms_with_room(self._forms[:_MOST_FORMS], room)
        suggestions, folded = _divide(
            [notice for notice in self._sentences if notice.is_suggestion], room
        )
        visible, folded_others = _divide(
            [notice for notice in self._sentences if not notice.is_suggestion], room
        )
        units = _first_units(self._page.meant)
        return Remarks(
            is_mending=self._is_mending,
            dates=self._dates,
            folds_filters=folds_filters,
            forms=forms,
            folded_forms=() if forms else tuple(self._forms),
            suggestions=suggestions,
            visible=visible,
            folded=folded + folded_others,
            is_rewritten=self._is_rewritten,
            links_as_typed=links_as_typed,
            links_meant=links_meant,
            links_exact=room.take(1, 0),
            units=units,
            are_all_units=units == self._page.meant,
            missing=", ".join(word for notice in self._relaxed for word in notice.missing),
            left_out=", ".join(word for notice in self._relaxed for word in notice.left_out),
        )

    def _room(self, folds_filters: bool, has_fold: bool) -> _Room:
        """Return the room beside what is there anyway; without results there is enough."""
        if not self._page.hits:
            return _Room(_AMPLE, _AMPLE)
        filter_links = 1 if folds_filters else self._filter_links
        # The link back from what was typed alone is in the fold, where there is one.
        is_linked_back = self._params.as_typed and not has_fold
        links = MOST_LINKS - filter_links - has_fold - is_linked_back
        lines = 1 + has_fold + bool(filter_links)
        return _Room(links, _MOST_LETTERS - lines * _LINE)


def remarks(page: ResultPage, params: SearchParams, urls: UrlBuilder, filter_links: int) -> Remarks:
    """Return what a page says before its results."""
    return _Arrangement(page, params, urls, filter_links).remarks()


def _kept(notices: Iterable[object], kind: type[_Kind]) -> list[_Kind]:
    return [notice for notice in notices if isinstance(notice, kind)]


def _divide(
    sentences: Iterable[_Sentence], room: _Room
) -> tuple[tuple[Markup, ...], tuple[Markup, ...]]:
    """Return the sentences that have room, and the others; a link without room is words."""
    visible: list[Markup] = []
    folded: list[Markup] = []
    for sentence in sentences:
        links = sentence.linked.count("<a ")
        needed = links if sentence.is_suggestion else 0
        if len(visible) == _MOST_NOTICES or not room.take(needed, len(sentence.plain.striptags())):
            folded.append(sentence.linked)
        else:
            is_linked = sentence.is_suggestion or room.take(links, 0)
            visible.append(sentence.linked if is_linked else sentence.plain)
    return tuple(visible), tuple(folded)


def _first_units(units: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first units of a query, of which the totals have two lines on a phone."""
    letters = 0
    for number, unit in enumerate(units):
        letters += len(unit) + _JOINT
        if number and letters > _MOST_UNIT_LETTERS:
            return units[:number]
    return units


def _forms_with_room(
    forms: Iterable[DiacriticsNotice], room: _Room
) -> tuple[DiacriticsNotice, ...]:
    """Return the first readings, as many as there is room for."""
    visible: list[DiacriticsNotice] = []
    for form in forms:
        if not room.take(1, 0 if visible else _LINE):
            break
        visible.append(form)
    return tuple(visible)


def _diacritic_forms(page: ResultPage) -> list[DiacriticsNotice]:
    """Return the readings to choose from: those that tell the results apart, and are no slips."""
    forms = [
        form
        for form in _kept(page.notices, DiacriticsNotice)
        if form.documents >= _FEW_ARTICLES or form.documents * 10 >= page.total_full
    ]
    commonest = max((form.documents for form in forms), default=0)
    forms = [form for form in forms if form.documents * 100 >= commonest]
    is_choice = len(forms) > 1 or any(20 * form.documents < 19 * page.total_full for form in forms)
    return forms if is_choice or not page.total_full else []
