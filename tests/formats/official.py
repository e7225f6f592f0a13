"""The official TDDUI files, where they lie beside this checkout."""

from pathlib import Path

import pytest

TDDUI = Path(__file__).resolve().parents[3] / "shared" / "interop" / "tddui"
CDA_DOCUMENT = TDDUI / "cda-1.0.1" / "examples" / "CDA_TDDUI_Exemple_v1.0.1.xml"
CDA_ENVELOPE = TDDUI / "cda-1.0.1" / "examples" / "Bundle-TDDUIBundleExample.json"
FHIR_BUNDLE = TDDUI / "examples-fhir" / "Bundle-tddui-bundle-example.json"

needs_official_files = pytest.mark.skipif(
    not TDDUI.is_dir(), reason="the official files are not beside this checkout (../shared)"
)
