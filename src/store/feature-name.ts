/** A column that is a feature by its name, which is one of PyRadiomics'. */
export const featureName =
  /^(original|wavelet\d*-[HL]{2,3}|log-sigma-[\d-]+-mm-[23]D|square|squareroot|logarithm|exponential|gradient|lbp-[23]D[\w-]*)_(shape|shape2D|firstorder|glcm|glrlm|glszm|gldm|ngtdm)_\w+$/;
