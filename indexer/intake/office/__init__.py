"""Readers of office documents: packages of XML in ZIP, their texts by runs in fonts."""
