export type DiagnosticValue =
  | string
  | number
  | boolean
  | null
  | readonly DiagnosticValue[]
  | { readonly [key: string]: DiagnosticValue };

/** PyRadiomics' additional information by its names (`diagnostics_Image-original_Spacing`, …) and in its order. */
export type Diagnostics = Readonly<Record<string, DiagnosticValue>>;
