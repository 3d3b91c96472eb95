import { phone } from "./format.js";

/** A number, an address or an id of a lead: from left to right in every language, broken before the @ if at all. */
export function Phone({ value }: { value: string }) {
  const [name, ...domain] = phone(value).split("@");
  return (
    <bdi dir="ltr">
      {name}
      {domain.length > 0 && (
        <>
          <wbr />@{domain.join("@")}
        </>
      )}
    </bdi>
  );
}
