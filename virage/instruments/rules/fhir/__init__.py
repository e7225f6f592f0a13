"""Instruments and their answers, as FHIR says them."""
