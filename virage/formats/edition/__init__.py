"""Editions: one tree of content, written as PDF, DOCX and ODT."""
