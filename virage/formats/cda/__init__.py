"""CDA R2 on the wire: elements, datatypes, and the account of what was read of a document."""
