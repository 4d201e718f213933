import type { Browser, BrowserContext, Page } from "playwright-core";
export const PASSWORD: string;
export function binary(): string;
export function serve(options?: { database?: string | undefined; demo?: boolean; env?: Record<string, string> }): Promise<{ at: string; pid: number; log: () => string; end: () => Promise<void> }>;
export function openBrowser(): Promise<Browser>;
export function login(browser: Browser, at: string, options?: object): Promise<{ page: Page; context: BrowserContext; faults: string[]; asked: { count: number } }>;
export function openProfile(): Promise<{ context: BrowserContext; end: () => Promise<void> }>;
