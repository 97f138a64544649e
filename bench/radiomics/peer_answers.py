"""What the peers share: each line of the input is a JSON request, each line of the output the answer to one.

A request is {"image": path, "mask": path, "parameters": PyRadiomics parameters}; the answer has the seconds that it took, by the clock and of
the processor, and the feature values.
"""
import json
import os
import sys
import time

os.environ.update(
    OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1", NUMBA_NUM_THREADS="1"
)


def answer_with(extract):
    """Answers requests with what `extract(image, mask, parameters)` returns, a mapping of names to values."""
    for line in sys.stdin:
        request = json.loads(line)
        started = (time.perf_counter(), time.process_time())
        values = extract(request["image"], request["mask"], request["parameters"])
        seconds = time.perf_counter() - started[0]
        processor = time.process_time() - started[1]
        numbers = {name: float(value) for name, value in values.items()}
        answer = {"seconds": seconds, "processor": processor, "values": numbers}
        print(json.dumps(answer), flush=True)
