"""Lines that say nothing of an article's own: invitations to read, share or go back; notices."""

from __future__ import annotations

import re

LONGEST_INVITATION = 160
_LONGEST_LINE = 80
_LONGEST_OFFER = 250
_LONGEST_NOTICE = 300

_INVITATION = re.compile(
    r"(?:>>|»|›|▶|►|→|\*|-|\+|\[|\(){0,4}\s{0,3}"
    r"(?:xem thêm|đọc thêm|xem tiếp|đọc tiếp|tin liên quan"
    r"|bài liên quan|tin,? bài liên quan|tin cùng chuyên mục|có thể bạn quan tâm|tin khác"
    r"|clip|video|từ khóa|chia sẻ|mời (?:quý )?(?:bạn đọc|độc giả|quý vị)\b.*)\s{0,3}:?",
    re.IGNORECASE,
)
_WHOLE_LINE = re.compile(
    r"\W{0,4}(?:"
    # Vietnamese
    r"quảng cáo|nghe (?:bài|tin)(?: (?:viết|này|báo))?|(?:từ khóa|từ khoá|chủ đề) ?: .*"
    r"|theo dõi .* trên (?:google(?: news)?|zalo|facebook|youtube)"
    # English
    r"|advertisement(?: ?[-–—:] ?.*)?|(?:article|story) continues below.*|scroll to continue.*"
    r"|related(?: \w+)?|read (?:more|also|next)\b.*|see also\b.*|you (?:may|might) also\b.*"
    r"|recommended(?: for you)?|more (?:on|from) \w.*|share (?:this|on)\b.*|follow us\b.*"
    r"|follow .* on (?:twitter|facebook|instagram)\b.*|back to (?:top|list)\b.*"
    r"|most (?:read|popular)"
    r"|leave a (?:comment|reply)|filed under\b.*|posted in\b.*|category ?: .*|tags? ?: .*"
    # German
    r"|lesen sie (?:auch|mehr|dazu|weiter)\b.*|mehr (?:zum thema|dazu|lesen|erfahren)\b.*"
    r"|weitere (?:artikel|beiträge|meldungen|themen|nachrichten|links)(?: .*)?|auch interessant"
    r"|das könnte (?:sie|dich|ihnen)\b.*|zurück(?: (?:zur|zum) .*)?|nach oben|weiterlesen\b.*"
    r"|(?:verwandte|ähnliche) (?:artikel|themen|beiträge)|schlagwor(?:t|te)\b.*|drucken|teilen"
    # French, Spanish, Portuguese, Italian
    r"|(?:à )?lire (?:aussi|également)\b.*|voir aussi\b.*|sur le même (?:sujet|thème)|partager\b.*"
    r"|(?:lea|lee|leer|ver|vea|mire) (?:también|tambien|además|más)\b.*|te puede interesar\b.*"
    r"|(?:notas?|noticias?) relacionadas?|(?:leia|veja) (?:também|mais)\b.*|leggi anche\b.*"
    r"|articoli correlati|potrebbe interessarti\b.*|condividi\b.*"
    # Dutch, Polish, Swedish, Norwegian, Finnish
    r"|lees (?:ook|meer|verder)\b.*|gerelateerd\b.*|(?:czytaj|zobacz) (?:też|także|więcej)\b.*"
    r"|läs (?:mer|också|även)\b.*|les (?:også|mer)\b.*|lue (?:myös|lisää)\b.*"
    r")\W{0,4}",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"follow (?:us|the|our)\b.{0,60}\bon (?:twitter|facebook|instagram|x)\b|folgen sie uns\b"
    r"|(?:subscribe to|sign up for) our\b|abonnieren sie\b|síguenos en\b|suivez-nous\b"
    # What stands in the place of a text that is sold.
    r"|(?:đăng nhập|đăng ký|mua gói|nạp tiền|trở thành (?:thành viên|hội viên))\b.{0,80}"
    r"\b(?:đọc|xem) (?:tiếp|toàn bộ|trọn|đầy đủ|thêm)\b"
    r"|(?:bạn|quý (?:độc giả|vị)|độc giả) (?:cần|vui lòng|hãy) (?:đăng nhập|đăng ký|mua)\b"
    r"|(?:bạn|quý (?:độc giả|vị)|độc giả) đã (?:đọc|xem|dùng) hết (?:số )?(?:lượt|bài)\b"
    r"|để (?:đọc|xem) (?:tiếp|toàn bộ|trọn|đầy đủ|thêm)\b.{0,60}\b(?:đăng nhập|đăng ký|mua gói)\b"
    r"|vui lòng (?:đăng nhập|đăng ký)\b|bài (?:viết )?(?:này )?(?:chỉ )?dành (?:riêng )?cho"
    r" (?:thành viên|hội viên|bạn đọc trả phí|tài khoản)\b"
    r"|(?:subscribe|sign in|log in|register|sign up)\b.{0,80}\b(?:continue|keep|full|unlimited)\b"
    r"|(?:this (?:article|content|story) is|already) (?:only |reserved |exclusive(?:ly)? )?"
    r"(?:for|a|to|available to) (?:our |paying |registered )?(?:subscribers?|members?|paying)\b"
    r"|(?:to (?:continue|keep) reading|you have (?:reached|read|used) (?:your|all|the limit)\b)"
    r".{0,80}\b(?:subscri\w+|sign|log|regist\w+|free articles?|limit)\b",
    re.IGNORECASE,
)
_COMMENTING = re.compile(
    r"\W{0,4}(?:"
    r"(?:viết|gửi|để lại|thêm) (?:một )?(?:bình luận|nhận xét|phản hồi)(?: của bạn| mới)?"
    r"|(?:bình luận|nhận xét) (?:đã )?(?:bị )?(?:đóng|tắt|khóa)"
    r"|(?:post|add|write|leave|submit) (?:a|your) (?:comment|reply|response)"
    r"|(?:comments|kommentare|kommentarfunktion|commentaires|comentarios|commenti) ?"
    r"(?:are|have been|sind|wurden|ist|sont|están|sono)? ?(?:now )?"
    r"(?:closed|disabled|turned off|geschlossen|deaktiviert|fermés|désactivés|cerrados|chiusi)"
    r"(?: (?:for|on|für|pour|para)\b.*)?"
    r"|(?:schreib(?:e|en sie)?|verfasse(?:n sie)?|hinterlasse(?:n sie)?|hinterlassen) (?:uns )?"
    r"(?:einen|ihren|deinen) (?:ersten )?kommentar"
    r"|kommentar (?:schreiben|verfassen|hinterlassen|abgeben)|dodaj komentarz"
    r"|(?:laisser|laissez|écrire|ajouter) un commentaire"
    r"|(?:deja|dejar|escribe|escribir|publicar) (?:un|tu) comentario"
    r"|(?:deixe|deixar) (?:um|seu) comentário|(?:lascia|scrivi) un commento"
    r"|(?:(?:diesen?|den|die) )?(?:beitrag|artikel|seite) (?:teilen|drucken|empfehlen|merken)"
    r"|gefällt mir|like this"
    # Who may comment.
    r"|(?:you must|please|you need to) (?:be )?(?:log|logged|sign|signed|register|registered)\b"
    r".{0,60}\b(?:comments?|reply)\b.{0,20}"
    r"|(?:sie müssen|du musst|bitte|um)\b"
    r"(?=.{0,150}\b(?:anmelden|angemeldet|anzumelden|einloggen|eingeloggt|registrieren)\b)"
    r".{0,80}\bkomment\w{1,20}\b.{0,60}"
    r")\W{0,4}",
    re.IGNORECASE,
)
_SIGNING_UP = re.compile(
    r"\b(?:melde dich|melden sie sich|abonniere(?:n sie)?|sign up|subscribe|suscríbete"
    r"|abonnez-vous|inscrivez-vous|iscriviti|đăng ký)\b.{0,80}\b(?:newsletters?|bản tin)\b.{0,40}$",
    re.IGNORECASE,
)
"""A line that asks for an address, with a link to the place for it."""

_LEAST_LINKED = 0.1
_NOTICE = re.compile(
    r"\W{0,3}(?:©|copyright\b)|.{0,280}\b(?:all rights reserved|alle rechte vorbehalten|todos los"
    r" derechos reservados|tous droits réservés|copyrighted property)",
    re.IGNORECASE,
)


def is_invitation(text: str, link_share: float) -> bool:
    """Tell whether a line says `xem thêm` and the like, and links or says no more.

    Args:
        text: The line.
        link_share: The share of it that is links.
    """
    if text.startswith((">>", "»")) and link_share > 0.3:
        return True
    if len(text) <= _LONGEST_LINE and _WHOLE_LINE.fullmatch(text):
        return True
    if len(text) <= LONGEST_INVITATION and _COMMENTING.fullmatch(text):
        return True
    if link_share > _LEAST_LINKED and len(text) <= LONGEST_INVITATION and _SIGNING_UP.search(text):
        return True
    if len(text) <= _LONGEST_OFFER and _OFFER.match(text):
        return True
    invitation = _INVITATION.match(text)
    return invitation is not None and (link_share > 0.3 or invitation.end() == len(text))


def is_notice(text: str) -> bool:
    """Tell whether a line says whose the rights in an article are."""
    return len(text) <= _LONGEST_NOTICE and _NOTICE.match(text) is not None
