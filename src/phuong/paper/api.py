"""The door of papers."""

from phuong.paper.blocks import Bar, Block, Column, Grid, Heading, Listing, Paper, Paragraph
from phuong.paper.cards import Card, print_cards
from phuong.paper.docx import to_docx
from phuong.paper.letters import Letter, print_letters
from phuong.paper.numbers import document_number, long_day
from phuong.paper.pdf import Press, to_pdf

__all__ = [
    "Bar",
    "Block",
    "Card",
    "Column",
    "Grid",
    "Heading",
    "Letter",
    "Listing",
    "Paper",
    "Paragraph",
    "Press",
    "document_number",
    "long_day",
    "print_cards",
    "print_letters",
    "to_docx",
    "to_pdf",
]
