"""PyRadiomics as a peer: reads one JSON request a line, answers with the seconds it took, by the clock and of the processor, and the feature values.

A request is {"image": path, "mask": path, "parameters": PyRadiomics parameters}. One thread throughout.
"""
import json
import logging
import os
import sys
import time

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
import SimpleITK as sitk  # noqa: E402

sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
from radiomics import featureextractor  # noqa: E402

logging.getLogger("radiomics").setLevel(logging.ERROR)

for line in sys.stdin:
    request = json.loads(line)
    # JSON makes no difference between 1 and 1.0, but PyRadiomics names images by it.
    scales = (request["parameters"].get("imageType", {}).get("LoG") or {}).get("sigma", [])
    scales[:] = map(float, scales)
    extractor = featureextractor.RadiomicsFeatureExtractor(request["parameters"])
    started = (time.perf_counter(), time.process_time())
    result = extractor.execute(request["image"], request["mask"])
    seconds = time.perf_counter() - started[0]
    processor = time.process_time() - started[1]
    values = {name: float(value) for name, value in result.items() if not name.startswith("diagnostics_")}
    print(json.dumps({"seconds": seconds, "processor": processor, "values": values}), flush=True)
