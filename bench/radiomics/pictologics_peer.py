"""pictologics as a peer, with one thread: intensity, morphology and texture of the original image by IBSI's definitions."""
from peer_answers import answer_with

from pictologics import RadiomicsPipeline


def extract(image, mask, parameters):
    width = parameters["setting"]["binWidth"]
    steps = [
        {"step": "binarize_mask", "params": {"mask_values": 1}},
        {"step": "discretise", "params": {"method": "FBS", "bin_width": width, "min_val": -1000}},
        {"step": "extract_features", "params": {"families": ["intensity", "morphology", "texture"]}},
    ]
    pipeline = RadiomicsPipeline(deduplicate=False, load_standard=False)
    pipeline.add_config("original", steps)
    return pipeline.run(image=image, mask=mask, config_names=["original"])["original"]


answer_with(extract)
