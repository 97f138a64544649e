"""PyRadiomics as a peer, with one thread."""
import logging

from peer_answers import answer_with

import SimpleITK as sitk

sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
from radiomics import featureextractor  # noqa: E402

logging.getLogger("radiomics").setLevel(logging.ERROR)


def extract(image, mask, parameters):
    # JSON makes no difference between 1 and 1.0, but PyRadiomics names images by it.
    scales = (parameters.get("imageType", {}).get("LoG") or {}).get("sigma", [])
    scales[:] = map(float, scales)
    result = featureextractor.RadiomicsFeatureExtractor(parameters).execute(image, mask)
    return {name: value for name, value in result.items() if not name.startswith("diagnostics_")}


answer_with(extract)
