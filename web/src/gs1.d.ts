declare module "gs1-barcode-parser-mod" {
  export function parseBarcode(code: string): {
    codeName: string;
    parsedCodeItems: { ai: string; dataTitle: string; data: string | number | Date; unit: string; raw?: string }[];
  };
}
