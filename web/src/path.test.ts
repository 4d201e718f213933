import { expect, it } from "vitest";
import { leads } from "./path";

it.each([
  ["/", "/", true], ["/", "/lots", false], ["/lots", "/lots", true], ["/lots", "/lots/", true], ["/lots", "/lots/7", false], ["/lots", "/", false],
  ["/lots/:id", "/lots/7", true], ["/lots/:id", "/lots", false], ["/lots/:id", "/runs/7", false], ["/lots/:id", "/lots/7/8", false],
  ["/settings/:section?", "/settings", true], ["/settings/:section?", "/settings/users", true], ["/settings/:section?", "/stock/users", false],
])("%s is the page at %s: %s", (pattern, address, wanted) => expect(leads(pattern, address)).toBe(wanted));
