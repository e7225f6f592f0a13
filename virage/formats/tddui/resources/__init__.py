"""One module for each noun of the record: how TDDUI says it in FHIR, read and written."""
