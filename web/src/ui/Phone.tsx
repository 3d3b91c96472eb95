import { phone } from "./format.js";

/** A number, an address or an id of a lead: from left to right in every language. */
export function Phone({ value }: { value: string }) {
  return <bdi dir="ltr">{phone(value)}</bdi>;
}
