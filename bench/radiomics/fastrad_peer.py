"""fastrad as a peer, with one thread: it takes features of the original image only, and neither reads NIfTI or NRRD nor crops.

So SimpleITK reads for it, and it is given the region's box alone.
"""
from peer_answers import answer_with

import numpy as np
import SimpleITK as sitk
import torch
from fastrad import FeatureExtractor, FeatureSettings, Mask, MedicalImage

torch.set_num_threads(1)


def extract(image_path, mask_path, parameters):
    image = sitk.ReadImage(image_path)
    spacing = tuple(reversed(image.GetSpacing()))
    mask = sitk.GetArrayFromImage(sitk.ReadImage(mask_path)) == 1
    box = tuple(slice(places.min(), places.max() + 1) for places in np.nonzero(mask))
    voxels = torch.from_numpy(sitk.GetArrayFromImage(image)[box].astype(np.float32))
    region = torch.from_numpy(np.ascontiguousarray(mask[box]))
    settings = FeatureSettings(bin_width=float(parameters["setting"]["binWidth"]), device="cpu")
    with torch.no_grad():
        return FeatureExtractor(settings).extract(MedicalImage(voxels, spacing), Mask(region, spacing))


answer_with(extract)
